"""Text that is added to tagged PDFs is tagged, too: in the order of the pages, by what it is."""

from __future__ import annotations

from dataclasses import replace

import pytest
from pikepdf import Array, Dictionary, Name, Pdf

from fanfold.formats.searchable import layer_write
from fanfold.formats.searchable.graft import graft
from fanfold.geometry import Turn
from fanfold.model import Block, BlockKind, Box, Line, Word
from tests.data import pdfs

BOX = Box(10, 10, 60, 20)
KINDS = (BlockKind.HEADING, BlockKind.LIST_ITEM, BlockKind.LIST_ITEM, BlockKind.PARAGRAPH)


def block(kind: BlockKind) -> Block:
    made = Block((Line((Word(kind.value, BOX, 90),), BOX),), BOX)
    return replace(made, kind=kind, level=0 if kind is BlockKind.PARAGRAPH else 1)


def tagged(path, *, alone=False):
    """Write a PDF of three pages, of which the first and the last have a paragraph in the tree."""
    with pdfs.typed(("one", "two", "three")) as pdf:
        made = pdf.make_indirect
        top = made(Dictionary(Type=Name.StructElem, S=Name.Document))
        kids = [
            made(Dictionary(Type=Name.StructElem, S=Name.P, P=top, Pg=pdf.pages[n].obj, K=0))
            for n in (0, 2)
        ]
        top.K = Array(kids)
        pdf.pages[0].obj.StructParents, pdf.pages[2].obj.StructParents = 0, 7
        tree = made(Dictionary(Type=Name.StructTreeRoot, K=Array(kids) if alone else top))
        tree.ParentTree = made(Dictionary(Nums=Array([0, Array([kids[0]]), 7, Array([kids[1]])])))
        pdf.Root.StructTreeRoot, pdf.Root.MarkInfo = tree, Dictionary(Marked=True)
        pdf.save(path)
    return str(path)


def grafted(base, folder, *numbers, languages=""):
    layers = {}
    for number in numbers:
        path = folder / f"layer-{number}.pdf"
        page = Turn.none((600, 800))
        layer_write.write(path, [block(kind) for kind in KINDS], page, 1, languages=languages)
        layers[str(number)] = str(path)
    graft(base, layers, str(folder / "target.pdf"))
    return Pdf.open(folder / "target.pdf")


def kinds(element):
    return [str(kid.S) for kid in element.K]


@pytest.mark.parametrize("alone", [False, True])
def test_text_is_put_between_what_stands_on_other_pages(tmp_path, alone):
    with grafted(tagged(tmp_path / "base.pdf", alone=alone), tmp_path, 2) as pdf:
        top = pdf.Root.StructTreeRoot if alone else pdf.Root.StructTreeRoot.K
        assert kinds(top) == ["/P", "/Sect", "/P"]
        assert top.K[1].P.objgen == top.objgen


def test_blocks_are_tagged_as_what_they_are(tmp_path):
    with grafted(tagged(tmp_path / "base.pdf"), tmp_path, 2, languages="deu") as pdf:
        section = pdf.Root.StructTreeRoot.K.K[1]
        assert (kinds(section), str(section.Lang)) == (["/H1", "/L", "/P"], "de")
        items = section.K[1]
        assert kinds(items) == ["/LI", "/LI"]
        assert [str(item.K[0].S) for item in items.K] == ["/LBody", "/LBody"]


def test_marks_and_elements_lead_to_each_other(tmp_path):
    with grafted(tagged(tmp_path / "base.pdf"), tmp_path, 1, 2) as pdf:
        tree = pdf.Root.StructTreeRoot
        for page in pdf.pages[:2]:
            form = page.resources.XObject["/FanfoldText"]
            numbers = list(tree.ParentTree.Nums)
            key = numbers.index(form.StructParents)
            leaves = list(numbers[key + 1])
            assert [int(leaf.K.MCID) for leaf in leaves] == [0, 1, 2, 3]
            assert all(leaf.K.Stm.objgen == form.objgen for leaf in leaves)
        keys = [int(number) for number in numbers[::2]]
        assert keys == [0, 7, 8, 9, 10]
        assert tree.ParentTreeNextKey == 11


def test_a_page_names_its_new_elements_behind_its_own(tmp_path):
    with grafted(tagged(tmp_path / "base.pdf"), tmp_path, 1, 2) as pdf:
        tree = pdf.Root.StructTreeRoot
        numbers = list(tree.ParentTree.Nums)
        parents = dict(zip(map(int, numbers[::2]), numbers[1::2], strict=True))
        own, *others = parents[int(pdf.pages[0].obj.StructParents)]
        assert (own.S, int(own.K)) == (Name.P, 0)
        for page, leaves in ((pdf.pages[0], others), (pdf.pages[1], None)):
            form = page.resources.XObject["/FanfoldText"]
            told = leaves or list(parents[int(page.obj.StructParents)])
            assert [leaf.K.Stm.objgen for leaf in told] == [form.objgen] * 4


def test_a_file_without_tags_gets_none(tmp_path):
    base = tmp_path / "base.pdf"
    base.write_bytes(pdfs.save(pdfs.typed(("one",))))
    with grafted(str(base), tmp_path, 1) as pdf:
        assert Name.StructTreeRoot not in pdf.Root
        assert Name.StructParents not in pdf.pages[0].resources.XObject["/FanfoldText"]


@pytest.mark.parametrize(
    ("place", "broken"),
    [
        ("K", Name.P),
        ("K", Array([5, Name.P])),
        ("ParentTree", Dictionary(Nums=Array([Name.P]))),
        ("ParentTree", 3),
    ],
)
def test_a_broken_tree_costs_no_text(tmp_path, place, broken):
    path = tagged(tmp_path / "base.pdf")
    with Pdf.open(path, allow_overwriting_input=True) as pdf:
        pdf.Root.StructTreeRoot[f"/{place}"] = broken
        pdf.save(path)
    with grafted(path, tmp_path, 2) as pdf:
        assert b"Tj" in pdf.pages[1].resources.XObject["/FanfoldText"].read_bytes()


def test_elements_that_hold_themselves_end(tmp_path):
    path = tagged(tmp_path / "base.pdf")
    with Pdf.open(path, allow_overwriting_input=True) as pdf:
        top = pdf.Root.StructTreeRoot.K
        loop = pdf.make_indirect(Dictionary(S=Name.Div))
        loop.K = Array([loop] * 5)
        top.K.append(loop)
        pdf.save(path)
    with grafted(path, tmp_path, 2) as pdf:
        assert kinds(pdf.Root.StructTreeRoot.K) == ["/P", "/Sect", "/P", "/Div"]
