import re
from dataclasses import replace
from xml.etree import ElementTree as ET

import pytest

from fanfold.formats import alto, series
from fanfold.model import Block, BlockKind, Box, Line, Page, Source, Table, Word
from tests.unit.formats.builders import BOX, document, failed, line, page, page_of_one_word
from tests.unit.formats.tables_of import rich_page, table_block

NAMESPACE = "http://www.loc.gov/standards/alto/ns-v4#"

_PLACE = {"HPOS", "VPOS", "WIDTH", "HEIGHT"}
_BLOCK = {"ID", "TAGREFS", "ROTATION"} | _PLACE

SCHEMA = {
    "alto": ("Description Tags Layout", {"SCHEMAVERSION"}),
    "Tags": ("(LayoutTag ?)+", set()),
    "LayoutTag": ("", {"ID", "LABEL"}),
    "Layout": ("(Page ?)+", set()),
    "Page": (
        "(PrintSpace)?",
        {"ID", "PHYSICAL_IMG_NR", "WIDTH", "HEIGHT", "PC", "PROCESSINGREFS"}
        | {"QUALITY", "QUALITY_DETAIL"},
    ),
    "PrintSpace": ("((TextBlock|ComposedBlock) ?)*", _PLACE),
    "ComposedBlock": ("((TextBlock|ComposedBlock) ?)*", _BLOCK | {"TYPE"}),
    "TextBlock": ("(TextLine ?)*", _BLOCK | {"LANG", "BASEDIRECTION"}),
    "TextLine": ("(String( SP)? ?)+(HYP)?", {"ID"} | _PLACE),
    "String": ("", {"ID", "CONTENT", "WC", "SUBS_TYPE", "SUBS_CONTENT"} | _PLACE),
    "SP": ("", {"HPOS", "VPOS", "WIDTH"}),
    "HYP": ("", {"CONTENT"}),
}
"""What of ALTO 4.4 is written here: which elements stand in which, and their attributes."""


def written(tmp_path, *outcomes):
    path = tmp_path / "document.alto.xml"
    series.write({path: alto.series(document())}, outcomes)
    return ET.parse(path).getroot()


def of(root, name):
    return list(root.iter(f"{{{NAMESPACE}}}{name}"))


def names(element):
    return [child.tag.removeprefix(f"{{{NAMESPACE}}}") for child in element]


def place(element):
    return tuple(int(element.get(edge)) for edge in ("HPOS", "VPOS", "WIDTH", "HEIGHT"))


def test_elements_and_attributes_are_where_the_schema_has_them(tmp_path):
    cut = page(1, "a har-\nbour here", "four")
    root = written(tmp_path, cut, page(2), failed(3), rich_page(4), rich_page(5, 90))
    assert root.tag == f"{{{NAMESPACE}}}alto"
    assert {"HYP", "SP", "ComposedBlock"} <= {name for one in root.iter() for name in names(one)}
    for name, (children, attributes) in SCHEMA.items():
        for element in of(root, name):
            assert re.fullmatch(children, " ".join(names(element))), name
            own = {key for key in element.attrib if not key.startswith("{")}
            assert own <= attributes, name
    assert names(of(root, "TextLine")[0]) == ["String", "SP", "String", "HYP"]


def test_every_reference_leads_to_an_id_and_ids_are_unique(tmp_path):
    root = written(tmp_path, page(1, "a b\nc", "d"), page(2, "e"))
    ids = [element.get("ID") for element in root.iter() if element.get("ID")]
    told = " ".join(
        element.get(name, "") for element in root.iter() for name in ("TAGREFS", "PROCESSINGREFS")
    )
    assert len(ids) == len(set(ids))
    assert set(told.split()) <= set(ids)


def test_places_are_in_twelve_hundredths_of_an_inch(tmp_path):
    word = Word("x", Box(72, 36, 144, 48), 96.04)
    block = Block((Line((word,), word.box),), word.box)
    root = written(tmp_path, Page(7, 612, 792, Source.OCR, "", (block,)))

    assert of(root, "MeasurementUnit")[0].text == "inch1200"
    sheet = of(root, "Page")[0]
    assert (sheet.get("WIDTH"), sheet.get("HEIGHT")) == ("10200", "13200")
    assert sheet.get("PHYSICAL_IMG_NR") == "7"
    string = of(root, "String")[0]
    assert (place(string), string.get("WC")) == ((1200, 600, 1200, 200), "0.9604")


def test_a_word_cut_at_a_line_s_end_is_whole_in_both_halves(tmp_path):
    root = written(tmp_path, page(1, "an exam-\nple of it"))
    strings = [
        (each.get("CONTENT"), each.get("SUBS_TYPE"), each.get("SUBS_CONTENT"))
        for each in of(root, "String")
    ]
    assert strings == [
        ("an", None, None),
        ("exam", "HypPart1", "example"),
        ("ple", "HypPart2", "example"),
        ("of", None, None),
        ("it", None, None),
    ]
    assert [each.get("CONTENT") for each in of(root, "HYP")] == ["-"]
    assert names(of(root, "TextLine")[0])[-1] == "HYP"


def test_a_hyphen_of_the_word_itself_stays_in_it(tmp_path):
    root = written(tmp_path, page(1, "well-known and well-\nknown"))
    cut = of(root, "String")[2]
    assert (cut.get("CONTENT"), cut.get("SUBS_CONTENT")) == ("well-", "well-known")
    assert of(root, "HYP") == []


def test_blocks_are_tagged_as_what_they_are(tmp_path):
    heading = Block((line("Title"),), BOX, kind=BlockKind.HEADING, level=1)
    blocks = (heading, Block((line("text"),), BOX))
    root = written(tmp_path, replace(page(1), blocks=blocks))
    kinds = [block.get("TAGREFS") for block in of(root, "TextBlock")]
    assert kinds == ["heading", "paragraph"]


def test_a_table_is_rows_of_cells_with_their_words(tmp_path):
    root = written(tmp_path, rich_page(1))
    table, *rows = of(root, "ComposedBlock")
    assert [one.get("TYPE") for one in (table, *rows)] == ["table", "row", "row", "row"]
    assert list(table) == rows
    told = [
        [" ".join(string.get("CONTENT") for string in of(cell, "String")) for cell in row]
        for row in rows
    ]
    assert told == [["Costs 2025"], ["Rent", "-1,200"], ["=HYPERLINK(x)", ""]]
    spanned = rows[0][0]
    assert (spanned.get("TAGREFS"), place(spanned)[2]) == ("cell", 5000)


def test_a_table_loses_no_word_whose_cell_lies_beside_it(tmp_path):
    apart = tuple(replace(cell, box=cell.box.scaled(0.5)) for cell in table_block().table.cells)
    block = replace(table_block(), table=Table(3, 2, apart))
    root = written(tmp_path, replace(page(1), blocks=(block,)))
    assert len(of(root, "String")) == len([word for one in block.lines for word in one.words])


def test_text_that_runs_to_the_left_says_so(tmp_path):
    root = written(tmp_path, page(1, "שלום עולם", "left to right"))
    assert [one.get("BASEDIRECTION") for one in of(root, "TextBlock")] == ["rtl", None]


def test_a_page_on_its_side_and_its_language_are_told_of_its_blocks(tmp_path):
    turned = replace(page(1, "a"), orientation=90, skew=-1.25)
    root = written(tmp_path, turned, replace(page(2, "b"), languages="eng+deu"))
    told = [(block.get("ROTATION"), block.get("LANG")) for block in of(root, "TextBlock")]
    assert told == [("88.75", "en"), (None, None)]


def test_a_failed_page_keeps_its_place_and_says_why(tmp_path):
    pages = of(written(tmp_path, page(1, "a"), failed(2, "TIMEOUT"), page(3)), "Page")
    assert [each.get("ID") for each in pages] == ["page_1", "page_2", "page_3"]
    assert pages[1].get("QUALITY") == "Missing"
    assert pages[1].get("QUALITY_DETAIL").startswith("TIMEOUT: ")


@pytest.mark.parametrize("hostile", ["<b>&\"'", "\x00\x0b\x1b\ufffe\uffff", "\ud800", "\t\n"])
def test_no_word_breaks_the_file(hostile, tmp_path):
    root = written(tmp_path, page_of_one_word(1, f"a{hostile}b"))
    kept = "".join(c for c in hostile if c in "<b>&\"'")
    assert of(root, "String")[0].get("CONTENT") == f"a{kept}b"
