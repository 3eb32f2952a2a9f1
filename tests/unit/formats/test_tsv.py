import csv

import pytest

from fanfold.formats import series, tsv
from tests.unit.formats.builders import failed, page, page_of_one_word


def written(tmp_path, *outcomes):
    path = tmp_path / "document.tsv"
    series.write({path: tsv.TSV}, outcomes)
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


def test_its_columns_are_those_of_tesseract(tmp_path):
    columns = list(written(tmp_path, page(1, "one"))[0])
    assert columns[:6] == ["level", "page_num", "block_num", "par_num", "line_num", "word_num"]
    assert columns[6:] == ["left", "top", "width", "height", "conf", "text"]


def test_rows_go_down_from_the_page_to_its_words(tmp_path):
    rows = written(tmp_path, page(3, "one two\nthree", "four"))
    places = [
        tuple(int(row[n]) for n in ("block_num", "par_num", "line_num", "word_num")) for row in rows
    ]
    assert [row["level"] for row in rows] == list("123455452345")
    assert {row["page_num"] for row in rows} == {"3"}
    assert places[0] == (0, 0, 0, 0)
    assert places[-1] == (2, 1, 1, 1)
    words = [(row["text"], row["conf"]) for row in rows if row["level"] == "5"]
    assert words == [("one", "96.04"), ("two", "96.04"), ("three", "96.04"), ("four", "96.04")]
    assert {row["conf"] for row in rows if row["level"] != "5"} == {"-1"}


def test_places_are_pixels_at_300_dots_per_inch(tmp_path):
    rows = written(tmp_path, page(1, "one"))
    edges = [tuple(int(row[n]) for n in ("left", "top", "width", "height")) for row in rows]
    assert edges[0] == (0, 0, 2480, 3508)
    assert edges[-1] == (300, 300, 533, 50)


def test_a_failed_page_is_one_row_that_says_why(tmp_path):
    rows = written(tmp_path, page(1), failed(2, "TIMEOUT"), page(3))
    assert [(row["page_num"], row["width"], row["text"]) for row in rows] == [
        ("1", "2480", ""),
        ("2", "0", "[failed: TIMEOUT]"),
        ("3", "2480", ""),
    ]


@pytest.mark.parametrize("control", ["\t", "\n", "\r", "\x85", "\0"])
def test_no_word_can_forge_a_column_or_a_row(control, tmp_path):
    rows = written(tmp_path, page_of_one_word(1, f'a{control}"b'))
    assert (len(rows), rows[-1]["text"]) == (5, 'a"b')
