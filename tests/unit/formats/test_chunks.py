import json

from fanfold.formats import chunks
from tests.unit.formats.builders import failed, page
from tests.unit.formats.tables_of import rich_page


def read(outcome):
    return [json.loads(line) for line in chunks.page(outcome).splitlines()]


def test_paragraphs_say_where_they_stand_and_under_which_headings():
    found = {chunk["id"]: chunk for chunk in read(rich_page(4))}
    spent = found["p4-3"]
    assert (spent["text"], spent["page"], spent["kind"]) == ("It was spent.", 4, "paragraph")
    assert spent["headings"] == ["Report", "Money"]
    assert spent["boxes"] == [[50, 100, 88, 110], [50, 112, 86, 122]]
    assert found["p4-8"]["headings"] == ["After"]
    assert found["p4-2"]["headings"] == ["Report"]


def test_a_table_is_one_chunk_in_markdown():
    (table,) = (chunk for chunk in read(rich_page(1)) if chunk["kind"] == "table")
    assert table["text"].startswith("| Costs 2025 |  |\n| --- | --- |\n| Rent |")
    assert table["headings"] == ["Report", "Money"]


def test_a_word_cut_at_the_end_of_a_line_is_whole():
    assert read(page(1, "one hyphen-\nated word"))[0]["text"] == "one hyphenated word"


def test_a_failed_page_keeps_its_place_and_a_blank_one_has_no_chunk():
    (chunk,) = read(failed(7))
    assert (chunk["id"], chunk["kind"], chunk["error"]["code"]) == ("p7", "failed", "TIMEOUT")
    assert read(page(1)) == []
