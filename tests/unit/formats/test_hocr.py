import math
from dataclasses import replace
from xml.etree import ElementTree as ET

import pytest

from fanfold.formats import hocr, series
from fanfold.model import Block, Box, Line, Options, Page, Source, Word
from tests.unit.formats.builders import document, failed, page, page_of_one_word
from tests.unit.formats.tables_of import rich_page

XHTML = "{http://www.w3.org/1999/xhtml}"


def written(tmp_path, *outcomes):
    path = tmp_path / "document.hocr"
    series.write({path: hocr.series(document())}, outcomes)
    return ET.parse(path).getroot()


def of(root, kind):
    return [element for element in root.iter() if element.get("class") == kind]


def properties(element):
    pairs = (part.split(maxsplit=1) for part in element.get("title").split("; "))
    return {name: value.split() for name, value in pairs}


def test_pages_hold_areas_paragraphs_lines_and_words_in_order(tmp_path):
    root = written(tmp_path, page(1, "one two\nthree", "four"), page(2, "five"))

    assert root.tag == f"{XHTML}html"
    assert [len(of(root, kind)) for kind in ("ocr_page", "ocr_carea", "ocr_par")] == [2, 3, 3]
    lines = [" ".join("".join(line.itertext()).split()) for line in of(root, "ocr_line")]
    assert lines == ["one two", "three", "four", "five"]
    first = of(of(root, "ocr_page")[0], "ocrx_word")
    assert [word.text for word in first] == ["one", "two", "three", "four"]


def test_boxes_are_pixels_at_the_resolution_that_the_page_names(tmp_path):
    word = Word("x", Box(72, 36, 144, 48.12), 96.04)
    line = Line((word,), word.box)
    root = written(
        tmp_path, Page(7, 612, 792, Source.OCR, "", (Block((line,), word.box),), dpi=200)
    )

    told = properties(of(root, "ocr_page")[0])
    assert told["bbox"] == ["0", "0", "2550", "3300"]
    assert (told["scan_res"], told["ppageno"]) == (["300", "300"], ["6"])
    told = properties(of(root, "ocrx_word")[0])
    assert told == {"bbox": ["300", "150", "600", "200"], "x_wconf": ["96"]}


def test_ids_are_unique_and_a_single_language_is_named(tmp_path):
    root = written(tmp_path, page(1, "a b\nc", "d"), page(2, "e"))
    names = [element.get("id") for element in root.iter() if element.get("id")]
    assert len(names) == len(set(names)) == 2 + 3 + 3 + 4 + 5
    assert of(root, "ocr_page")[0].get("lang") == "en"


@pytest.mark.parametrize("languages", ["eng+deu", "script/Fraktur", "mine", ""])
def test_what_is_no_single_language_of_letters_is_not_named(languages, tmp_path):
    root = written(tmp_path, replace(page(1, "a"), languages=languages))
    assert of(root, "ocr_page")[0].get("lang") is None


@pytest.mark.parametrize(
    ("languages", "tag"),
    [("deu", "de"), ("chi_sim", "zh-Hans"), ("frk", "de-Latf"), ("grc", "grc")],
)
def test_languages_are_named_as_the_web_does(languages, tag, tmp_path):
    root = written(tmp_path, replace(page(1, "a"), languages=languages))
    assert of(root, "ocr_page")[0].get("lang") == tag


def test_headings_are_headings_and_tables_are_tables(tmp_path):
    root = written(tmp_path, rich_page(1))
    assert ["".join(one.itertext()).strip() for one in root.iter(f"{XHTML}h2")] == ["Money"]
    (table,) = of(root, "ocr_table")
    told = [
        [" ".join("".join(cell.itertext()).split()) for cell in row]
        for row in table.iter(f"{XHTML}tr")
    ]
    assert told == [["Costs 2025"], ["Rent", "-1,200"], ["=HYPERLINK(x)", ""]]
    (head,) = table.iter(f"{XHTML}th")
    assert head.get("colspan") == "2"
    words = [word.text for word in of(root, "ocrx_word")]
    assert words == [word.text for word in rich_page(1).words]


def test_text_that_runs_to_the_left_says_so(tmp_path):
    root = written(tmp_path, page(1, "שלום עולם", "left to right"))
    assert [one.get("dir") for one in of(root, "ocr_par")] == ["rtl", None]


def test_a_baseline_is_where_words_without_descenders_end(tmp_path):
    words = (
        Word("stand", Box(72, 72, 100, 82), 90),
        Word("going", Box(105, 74, 140, 85), 90),
        Word("here", Box(145, 72, 170, 82), 90),
    )
    line = Line(words, Box.around(word.box for word in words))
    one = replace(page(1), source=Source.OCR, blocks=(Block((line,), line.box),))
    told = properties(of(written(tmp_path, one), "ocr_line")[0])
    assert (told["baseline"], told["x_size"]) == (["0", "-12"], ["46"])
    for other in (replace(one, source=Source.NATIVE), replace(one, orientation=90)):
        assert "baseline" not in properties(of(written(tmp_path, other), "ocr_line")[0])


def test_a_baseline_follows_the_skew_of_the_page(tmp_path):
    rise = math.tan(math.radians(2))
    words = tuple(
        Word("on", Box(left, 100, left + 20, 120 - rise * (left - 72)), 90)
        for left in (72, 172, 272)
    )
    line = Line(words, Box.around(word.box for word in words))
    one = replace(page(1), source=Source.OCR, skew=2.0, blocks=(Block((line,), line.box),))
    slope, offset = properties(of(written(tmp_path, one), "ocr_line")[0])["baseline"]
    assert (float(slope), int(offset)) == (pytest.approx(-rise, abs=1e-4), 0)


def test_lines_of_a_page_that_lies_on_its_side_say_so(tmp_path):
    turned = replace(page(1, "a"), orientation=90, skew=-1.25)
    root = written(tmp_path, turned, page(2, "b"))
    turns = [properties(line).get("textangle") for line in of(root, "ocr_line")]
    assert turns == [["88.75"], None]


def test_a_failed_page_keeps_its_place_and_says_why(tmp_path):
    pages = of(written(tmp_path, page(1, "a"), failed(2, "TIMEOUT"), page(3)), "ocr_page")
    assert [each.get("id") for each in pages] == ["page_1", "page_2", "page_3"]
    assert properties(pages[1]) == {"ppageno": ["1"], "x_failed": ["TIMEOUT"]}
    assert list(pages[2]) == []


@pytest.mark.parametrize("hostile", ["<b>&\"'", "\x00\x0b\x1b\ufffe\uffff", "\ud800", "]]>", "﷽"])
def test_no_word_breaks_the_file(hostile, tmp_path):
    root = written(tmp_path, page_of_one_word(1, f"a{hostile}b"))
    kept = "".join(c for c in hostile if c in "<b>&\"']﷽")
    assert of(root, "ocrx_word")[0].text == f"a{kept}b"


@pytest.mark.parametrize(
    ("asked", "told"), [("eng+deu", "en de"), ("deu+frk+unknown", "de de-Latf"), ("auto", None)]
)
def test_the_languages_that_were_asked_for_stand_in_the_head(asked, told):
    asked_for = replace(document(), options=Options(languages=asked))
    root = ET.fromstring(hocr.series(asked_for).before.encode() + b"</body></html>")
    metas = {meta.get("name"): meta.get("content") for meta in root.iter(f"{XHTML}meta")}
    assert metas.get("ocr-langs") == told
