"""textract.json, read by AWS's own models and by the two libraries that read Textract's answers."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
import trp
import trp.trp2
from botocore.session import Session
from botocore.validate import ParamValidator
from textractor.parsers import response_parser

from fanfold.formats import series, textract
from fanfold.model import Page, Source, State
from tests.unit.formats.builders import document, failed
from tests.unit.formats.tables_of import HEIGHT, WIDTH, block, line_of, rich_page, word


def written(tmp_path, *outcomes, codes=None):
    path = tmp_path / "textract.json"
    series.write({path: textract.series(document(), codes or {})}, outcomes)
    return json.loads(path.read_text(encoding="utf-8"))


@pytest.fixture
def answer(tmp_path):
    blank = Page(3, WIDTH, HEIGHT, Source.BLANK, "nothing on it")
    return written(tmp_path, rich_page(1), failed(2), blank, codes={2: "TIMEOUT"})


def test_it_is_what_the_service_model_of_aws_describes(answer):
    service = Session().get_service_model("textract")
    shape = service.operation_model("GetDocumentAnalysis").output_shape
    assert ParamValidator().validate(answer, shape).generate_report() == ""
    known = set(service.shape_for("Block").members)
    assert all(set(block) <= known for block in answer["Blocks"])
    kinds = set(service.shape_for("Block").members["BlockType"].enum)
    assert {block["BlockType"] for block in answer["Blocks"]} <= kinds


def test_names_are_there_once_and_every_relation_leads_somewhere(answer):
    names = [block["Id"] for block in answer["Blocks"]]
    related = [
        name
        for block in answer["Blocks"]
        for one in block.get("Relationships", ())
        for name in one["Ids"]
    ]
    assert len(set(names)) == len(names)
    assert set(related) <= set(names)


def test_the_response_parser_reads_lines_and_tables(answer):
    pages = trp.Document(answer).pages
    assert [line.text for line in pages[0].lines][:3] == ["Report", "Money", "It was"]
    (table,) = pages[0].tables
    assert [[cell.text.strip() for cell in row.cells] for row in table.rows] == [
        ["Costs 2025", ""],
        ["Rent", "-1,200"],
        ["=HYPERLINK(x)", ""],
    ]
    (merged,) = table.merged_cells
    assert (merged.rowIndex, merged.columnIndex, merged.columnSpan) == (1, 1, 2)
    assert pages[1].lines == pages[2].lines == []


def test_the_response_parser_s_schema_takes_all_of_it(answer):
    del answer["Warnings"]  # a list, as AWS has it; the schema wants one warning that is no list
    loaded = trp.trp2.TDocumentSchema().load(answer)
    assert [len(loaded.lines(page)) for page in loaded.pages] == [11, 0, 0]
    assert [len(loaded.tables(page)) for page in loaded.pages] == [1, 0, 0]


def test_textractor_reads_lines_tables_and_layout(answer):
    read = response_parser.parse(answer)
    first = read.pages[0]
    assert [line.text for line in first.lines][:2] == ["Report", "Money"]
    assert len(read.pages) == 3
    (table,) = first.tables
    assert (table.row_count, table.column_count) == (3, 2)
    words = {word.text: round(word.confidence, 2) for word in table.words}
    assert words == {
        "Costs": 0.9, "2025": 0.9, "Rent": 0.8, "-1,200": 0.7, "=HYPERLINK(x)": 0.9,
    }  # fmt: skip
    kinds = [one.layout_type for one in first.layouts]
    assert kinds == [
        "LAYOUT_TITLE", "LAYOUT_SECTION_HEADER", "LAYOUT_TEXT", "LAYOUT_LIST",
        "LAYOUT_TABLE", "LAYOUT_TITLE", "LAYOUT_TEXT",
    ]  # fmt: skip


def test_the_cells_of_a_table_s_head_are_column_headers(answer):
    (table,) = response_parser.parse(answer).pages[0].tables
    heads = {
        (cell.row_index, cell.col_index) for cell in table.table_cells if cell.is_column_header
    }
    assert heads == {(1, 1), (1, 2)}
    kinds = [
        one.get("EntityTypes") for one in answer["Blocks"] if one["BlockType"] == "MERGED_CELL"
    ]
    assert kinds == [["COLUMN_HEADER"]]


@pytest.mark.parametrize(
    ("text", "top", "kind"),
    [
        ("17", 800, "LAYOUT_PAGE_NUMBER"),
        ("— 17 —", 20, "LAYOUT_PAGE_NUMBER"),
        ("Page 3 of 7", 800, "LAYOUT_PAGE_NUMBER"),
        ("xiv", 800, "LAYOUT_PAGE_NUMBER"),
        ("civil", 800, "LAYOUT_TEXT"),
        ("17", 400, "LAYOUT_TEXT"),
        ("Costs 1,200", 800, "LAYOUT_TEXT"),
        ("Costs 120", 800, "LAYOUT_TEXT"),
        ("see the ledger", 800, "LAYOUT_TEXT"),
    ],
)
def test_a_number_alone_at_an_edge_is_the_page_s(tmp_path, text, top, kind):
    words = [word(part, 50 + 60 * n, top) for n, part in enumerate(text.split())]
    answer = written(tmp_path, replace(rich_page(1), blocks=(block(line_of(*words)),)))
    assert [one["BlockType"] for one in answer["Blocks"][-1:]] == [kind]


def test_a_failed_page_keeps_its_place_and_says_why(answer):
    page = next(block for block in answer["Blocks"] if block["Id"] == "p2")
    assert (page["BlockType"], page.get("Relationships")) == ("PAGE", None)
    assert answer["Warnings"] == [{"ErrorCode": "TIMEOUT", "Pages": [2]}]
    assert answer["JobStatus"] == "PARTIAL_SUCCESS"
    assert answer["DocumentMetadata"] == {"Pages": 3}


def test_a_document_that_was_read_whole_has_no_warnings(tmp_path):
    whole = replace(document(), state=State.SUCCEEDED)
    path = tmp_path / "textract.json"
    series.write({path: textract.series(whole, {})}, [rich_page(1)])
    answer = json.loads(path.read_text(encoding="utf-8"))
    assert (answer["JobStatus"], "Warnings" in answer) == ("SUCCEEDED", False)


@pytest.mark.parametrize(
    ("orientation", "first", "second"),
    [
        (0, ("x0", "y0"), ("x1", "y0")),
        (90, ("x0", "y1"), ("x0", "y0")),
        (180, ("x1", "y1"), ("x0", "y1")),
        (270, ("x1", "y0"), ("x1", "y1")),
    ],
)
def test_a_polygon_begins_where_the_text_does(tmp_path, orientation, first, second):
    answer = written(tmp_path, rich_page(1, orientation))
    word = next(block for block in answer["Blocks"] if block["BlockType"] == "WORD")
    box, points = word["Geometry"]["BoundingBox"], word["Geometry"]["Polygon"]
    edges = {"x0": box["Left"], "y0": box["Top"]}
    edges |= {"x1": box["Left"] + box["Width"], "y1": box["Top"] + box["Height"]}
    for point, (x, y) in zip(points, (first, second), strict=False):
        assert (point["X"], point["Y"]) == pytest.approx((edges[x], edges[y]), abs=2e-6)
