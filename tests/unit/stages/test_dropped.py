"""What `fanfold.toml` beside dropped files asks for, and what comes of it if it is nonsense."""

from __future__ import annotations

import json

import pytest

from fanfold.errors import DamagedFile
from fanfold.model import Mode, Options, Output, State
from tests.fakes.house import House


def wish(house: House, folder: str, text: str) -> None:
    house.drop(f"{folder}fanfold.toml", text)


def test_the_nearest_folder_s_options_count_alone(house: House):
    wish(house, "", 'outputs = ["txt"]\nmode = "ocr"')
    wish(house, "post/letters/", 'languages = ["de", "eng"]\npages = "2"\nunseen = true')
    near = house.read_document("post/letters/deep/a.pdf", "one\ntwo")
    assert near.options == Options("deu+eng", "2", unseen=True)
    assert near.pages_total == 1
    far = house.read_document("post/a.pdf", "one\ntwo")
    assert far.options == Options(mode=Mode.OCR, outputs=(Output.TEXT,))
    assert house.objects.get("outbox/post/a.pdf.json") is None
    assert house.objects.get("outbox/post/letters/deep/a.pdf.txt") == b"two\n"


def test_files_without_wishes_have_the_defaults_and_wishes_are_no_documents(house: House):
    event = house.drop("other/fanfold.toml", "mode = 'ocr'")
    house.admit(event)
    house.settle()
    assert list(house.store.list("default", state=None, cursor=None, limit=10).documents) == []
    assert house.read_document("a.pdf", "one").options == house.defaults


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("mode ocr = 1", "line 1"),
        ("mode = 'best'", "The mode is one of"),
        ("languages = 'xyz'", "“xyz” is not installed"),
        ("languages = [1]", "must be a string"),
        ("pages = 'x'", ""),
        ("colour = 'red'", "no option “colour”"),
        ("fresh = true", "no option “fresh”"),
        ("outputs = 7", ""),
        ("# " + "x" * 70_000, "more than 65536 bytes"),
        ("mode = '\udcff'", ""),
    ],
)
def test_what_is_not_understood_fails_the_file_and_says_why(house: House, text: str, said: str):
    house.objects.put("inbox/sub/fanfold.toml", text.encode("utf-8", "surrogateescape"), "x/y")
    document = house.read_document("sub/a.pdf", "one")
    assert (document.state, document.reason.code) == (State.FAILED, "INVALID_FOLDER_OPTIONS")
    note = json.loads(house.objects.get("outbox/sub/a.pdf.error.json"))
    assert "sub/fanfold.toml is not understood" in note["error"]["message"]
    assert said in note["error"]["message"]
    wish(house, "sub/", "")
    assert house.read_document("sub/a.pdf", "one").state is State.SUCCEEDED


def test_what_is_wished_is_read_again_after_a_death_before_the_file_was_opened(house: House):
    wish(house, "", "mode = 'ocr'")
    event = house.drop("a.pdf", "one")
    document = house.parts().identify(event)
    assert document
    house.admit(event)
    house.settle()
    assert house.store.get(document.id).options.mode is Mode.OCR


def where(house: House, name: str) -> list[str]:
    return [key for key in house.objects.list_keys("") if key.endswith(f"/{name}")]


def test_originals_stay_unless_somebody_says_otherwise(house: House):
    house.read_document("sub/a.pdf", "one")
    assert where(house, "a.pdf") == ["inbox/sub/a.pdf"]


@pytest.mark.parametrize(("error", "place"), [(None, "done"), (DamagedFile(), "failed")])
def test_originals_are_put_away_by_how_they_ended_and_go_with_their_documents(
    house: House, error: DamagedFile | None, place: str
):
    house.moves, house.tool.error = True, error
    document = house.read_document("sub/a.pdf", "one")
    assert where(house, "a.pdf") == [f"{place}/sub/a.pdf"]
    assert house.objects.get(f"{place}/sub/a.pdf") == b"one"
    other = house.read_document("sub/a.pdf", "two")
    assert house.objects.get(f"{place}/sub/a.pdf") == b"two"
    house.api.delete("default", other.id)
    house.sweep()
    house.clock.pass_seconds(7_200)
    house.sweep()
    assert house.objects.get(f"{place}/sub/a.pdf") == b"one"
    assert document.id != other.id
