import json

from fanfold import pagejson
from fanfold.formats import document_json, series
from fanfold.model import DoneMark, Source
from tests.unit.formats.builders import document, failed, page

DONE = {
    1: DoneMark(1, Source.OCR, 90, 1),
    2: DoneMark(1, Source.OCR, 61, 1, review=True),
    4: DoneMark(1, Source.BLANK, 100, 1),
}


def written(tmp_path, *outcomes):
    path = tmp_path / "document.json"
    series.write({path: document_json.series(document(), DONE)}, outcomes)
    return path.read_text(encoding="utf-8")


def test_it_names_its_format_its_document_and_its_source(tmp_path):
    data = json.loads(written(tmp_path, page(1)))
    assert data["format"] == "fanfold/1"
    assert data["document"]["id"] == "d1"
    assert data["document"]["state"] == "PARTIAL"
    assert data["document"]["name"] == "Größe + 100% (1).pdf"
    assert data["document"]["pages"] == {"total": 3, "done": 2, "failed": 1}
    assert data["document"]["source"] == {
        "sha256": "ab" * 32,
        "media_type": "application/pdf",
        "size": 1234,
    }


def test_it_says_how_sure_it_is_and_which_pages_are_worth_a_look(tmp_path):
    told = json.loads(written(tmp_path, page(1)))["document"]
    assert (told["confidence"], told["review"]) == (76, [2])


def test_pages_can_be_read_back_as_they_were(tmp_path):
    pages = [page(1, "one two", "three"), page(2), page(3, "Größe “quoted” \\ back")]
    data = json.loads(written(tmp_path, *pages))
    assert [pagejson.dump(pagejson.load(each)) for each in data["pages"]] == data["pages"]
    assert pagejson.load(data["pages"][2]).blocks[0].lines[0].text == "Größe “quoted” \\ back"


def test_a_failed_page_stands_in_its_place_with_its_reason(tmp_path):
    data = json.loads(written(tmp_path, page(1), failed(2, "TIMEOUT"), page(3)))
    assert data["pages"][1] == {
        "page": 2,
        "state": "failed",
        "error": {
            "code": "TIMEOUT",
            "message": "The page took longer than it may.",
            "retryable": True,
        },
    }
    assert [each["page"] for each in data["pages"]] == [1, 2, 3]


def test_a_document_without_pages_is_still_json(tmp_path):
    assert json.loads(written(tmp_path))["pages"] == []


def test_each_page_is_one_line(tmp_path):
    lines = written(tmp_path, page(1, "one"), page(2, "two")).splitlines()
    assert [json.loads(line.rstrip(","))["page"] for line in lines if '"blocks"' in line] == [1, 2]


def test_half_a_character_does_not_break_the_file(tmp_path):
    data = json.loads(written(tmp_path, page(1, "a\ud800b")))
    assert pagejson.load(data["pages"][0]).words[0].text == "a\ud800b"


def test_no_time_of_writing_is_in_it(tmp_path):
    assert "1700000" not in written(tmp_path, page(1))
