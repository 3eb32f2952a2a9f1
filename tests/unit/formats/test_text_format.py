import pytest

from fanfold.formats import series, text
from tests.unit.formats.builders import failed, page, page_of_one_word


def written(tmp_path, *outcomes):
    path = tmp_path / "text.txt"
    series.write({path: text.TEXT}, outcomes)
    return path.read_bytes().decode()


def test_lines_end_with_a_newline_and_paragraphs_are_an_empty_line_apart():
    assert text.page(page(1, "one two\nthree", "four")) == "one two\nthree\n\nfour\n"


def test_pages_are_a_form_feed_apart_so_that_the_nth_chunk_is_the_nth_page(tmp_path):
    assert written(tmp_path, page(4, "four"), page(7), page(9, "nine")).split("\f") == [
        "four\n",
        "",
        "nine\n",
    ]


def test_a_failed_page_keeps_its_place_and_names_its_reason(tmp_path):
    chunks = written(tmp_path, page(6, "six"), failed(7), page(8, "eight")).split("\f")
    assert chunks == ["six\n", "--- page 7 [failed: TIMEOUT] ---\n", "eight\n"]


def test_a_document_without_pages_is_an_empty_file(tmp_path):
    assert written(tmp_path) == ""


@pytest.mark.parametrize("control", ["\f", "\n", "\r", "\0", "\x1b", "\x7f", "\x85", "\x9b"])
def test_a_control_character_in_a_word_cannot_forge_a_line_or_a_page(control, tmp_path):
    hostile = page_of_one_word(1, f"a{control}b")
    assert written(tmp_path, hostile, page(2, "c")) == "ab\n\fc\n"


def test_letters_beyond_ascii_stay_as_they_are(tmp_path):
    assert written(tmp_path, page(1, "Größe — 東京 ﬁ é")) == "Größe — 東京 ﬁ é\n"
