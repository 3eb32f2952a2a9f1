"""Put a layer's text into the structure of a tagged PDF, where screen readers look for it.

Each page that gets text gets a Sect (ISO 32000-1, 14.8.4.2), before what stands on later pages. Its
children point into the layer's form, which is their content stream (14.7.4). An original that is
not tagged stays so: tags of some pages only would hide the others. Pictures that were wrapped here
get a structure of their own; the picture itself is an artifact then, as its text says it all.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from itertools import groupby

import pikepdf
from pikepdf import Array, Dictionary, Name, NumberTree, Object, Page, Pdf, Stream, String

_MAXIMUM_DEPTH = 16
"""Maximum of elements within elements that are searched for a page."""

_MAXIMUM_BEGUN = 1_000
"""Maximum of pages for which a structure is begun: its elements lie in memory, all at once."""

_BROKEN = (pikepdf.PikepdfError, LookupError, AttributeError, RuntimeError, TypeError, ValueError)


class Structure:
    """What is added to the structure of a file; ``close`` writes it down."""

    def __init__(self, pdf: Pdf, tree: Dictionary) -> None:
        self._pdf, self._tree = pdf, tree
        self._sections: list[tuple[int, Dictionary]] = []
        self._seen = set[tuple[int, int]]()  # elements: some hold themselves
        self._pages = {page.obj.objgen: number for number, page in enumerate(pdf.pages, 1)}
        self._parents = _parents(pdf, tree)
        self._key = max((int(tree.get(Name.ParentTreeNextKey, 0)), *map(_after, self._parents)))

    def add(self, page: Page, form: Stream, roles: Sequence[str], language: str) -> None:
        """Add the marked contents of a page's form; ``roles`` are their types, by their number.

        A tree that is too broken for that stays without them.
        """
        with suppress(*_BROKEN):
            if roles:
                self._add(page, form, roles, language)

    def _add(self, page: Page, form: Stream, roles: Sequence[str], language: str) -> None:
        section = self._element("Sect", page, [])
        if language:
            section.Lang = String(language)
        leaves, children = list[Object](), list[Object]()
        for listed, run in groupby(enumerate(roles), key=lambda one: one[1] == "LBody"):
            made = [self._leaf(page, form, number, role) for number, role in run]
            leaves += made
            children += [self._list(page, made)] if listed else made
        _hold(section, children)
        form.StructParents = self._new(leaves)
        self._tell(page, leaves)
        self._sections.append((self._pages[page.obj.objgen], section))

    def _new(self, leaves: Sequence[Object]) -> int:
        self._parents[self._key] = self._pdf.make_indirect(Array(leaves))
        self._key += 1
        return self._key - 1

    def _tell(self, page: Page, leaves: Sequence[Object]) -> None:
        """Name a page's new elements where viewers look for them: PDFium and pdf.js go by its own.

        They stand behind those of its own marks, of which each has its number's place.
        """
        key = int(page.obj.get(Name.StructParents, -1))
        there = self._parents.get(key) if key >= 0 else None
        if isinstance(there, Array):
            self._parents[key] = self._pdf.make_indirect(Array([*there, *leaves]))
        else:
            page.obj.StructParents = self._new(leaves)

    def close(self) -> None:
        """Write the sections into the tree."""
        with suppress(*_BROKEN):
            if self._sections:
                top = _top(self._tree)
                kids = list(self._in_order(_kids(top)))
                for _, section in self._sections:
                    section.P = top
                top.K = Array(kids)
                self._tree.ParentTreeNextKey = self._key

    def _in_order(self, kids: Sequence[Object]) -> Iterator[Object]:
        """Yield ``kids`` of the top with the sections, each before what is of a later page."""
        waiting = sorted(self._sections, key=lambda one: one[0])
        for kid in kids:
            number = self._page_of(kid, 0)
            while waiting and number > waiting[0][0]:
                yield waiting.pop(0)[1]
            yield kid
        yield from (section for _, section in waiting)

    def _page_of(self, element: Object, depth: int) -> int:
        """Return the number of the page on which an element begins, 0 where that is not told."""
        if not isinstance(element, Dictionary) or depth > _MAXIMUM_DEPTH:
            return 0
        if element.is_indirect and element.objgen in self._seen:
            return 0
        self._seen.add(element.objgen)
        if isinstance(page := element.get(Name.Pg), Dictionary):
            return self._pages.get(page.objgen, 0)
        below = (self._page_of(kid, depth + 1) for kid in _kids(element))
        return next(filter(None, below), 0)

    def _element(self, kind: str, page: Page, kids: Sequence[Object]) -> Dictionary:
        element = self._pdf.make_indirect(
            Dictionary(Type=Name.StructElem, S=Name(f"/{kind}"), Pg=page.obj)
        )
        _hold(element, kids)
        return element

    def _leaf(self, page: Page, form: Stream, number: int, role: str) -> Dictionary:
        leaf = self._element(role, page, [])
        leaf.K = Dictionary(Type=Name.MCR, Pg=page.obj, Stm=form, MCID=number)
        return leaf

    def _list(self, page: Page, bodies: Sequence[Dictionary]) -> Dictionary:
        return self._element("L", page, [self._element("LI", page, [body]) for body in bodies])


def of(pdf: Pdf) -> Structure | None:
    """Return the structure of a tagged file; None where it has none, or one that is broken."""
    try:
        info, tree = pdf.Root.get(Name.MarkInfo), pdf.Root.get(Name.StructTreeRoot)
        tagged = isinstance(info, Dictionary) and bool(info.get(Name.Marked, False))
        return Structure(pdf, tree) if tagged and isinstance(tree, Dictionary) else None
    except _BROKEN:
        return None


def begun(pdf: Pdf) -> Structure | None:
    """Begin a structure of pages that are pictures; None where there are too many of them."""
    if len(pdf.pages) > _MAXIMUM_BEGUN:
        return None
    tree = pdf.make_indirect(Dictionary(Type=Name.StructTreeRoot))
    tree.K = pdf.make_indirect(Dictionary(Type=Name.StructElem, S=Name.Document, P=tree, K=Array()))
    pdf.Root.StructTreeRoot, pdf.Root.MarkInfo = tree, Dictionary(Marked=True)
    for page in pdf.pages:
        page.contents_add(b"/Artifact BMC\n", prepend=True)
        page.contents_add(b"\nEMC\n")
    return Structure(pdf, tree)


def _hold(parent: Dictionary, kids: Sequence[Object]) -> None:
    for kid in kids:
        kid.P = parent
    parent.K = Array(kids)


def _top(tree: Dictionary) -> Dictionary:
    """Return the one element that holds all others, or else the tree itself."""
    kids = _kids(tree)
    if len(kids) == 1 and isinstance(kids[0], Dictionary) and kids[0].get(Name.S) == Name.Document:
        return kids[0]
    return tree


def _kids(element: Dictionary) -> list[Object]:
    kids = element.get(Name.K)
    if kids is None:
        return []
    return list(kids) if isinstance(kids, Array) else [kids]


def _parents(pdf: Pdf, tree: Dictionary) -> NumberTree:
    there = tree.get(Name.ParentTree)
    if isinstance(there, Dictionary):
        return NumberTree(there)
    made = NumberTree.new(pdf)
    tree.ParentTree = made.obj
    return made


def _after(key: int) -> int:
    return key + 1
