"""Intake: whatever is wrong with a file is said; whatever is no document is left alone."""

from __future__ import annotations

import json

import pytest

from fanfold.errors import DamagedFile, PasswordRequired
from fanfold.model import Limits, Options, Output, State
from fanfold.stages.submit import Submission
from tests.fakes.house import House


def upload(house: House, text: str, **options) -> str:
    document, form = house.api.submit("default", Submission("a.pdf", Options(**options)))
    house.admit(house.put(form.fields["key"], text))
    house.settle()
    return document.id


@pytest.mark.parametrize(
    ("text", "limits", "pages", "code"),
    [
        ("", Limits(), "", "EMPTY_FILE"),
        ("one\ntwo", Limits(document_bytes=3), "", "TOO_LARGE"),
        ("one\ntwo", Limits(document_pages=1), "", "TOO_MANY_PAGES"),
        ("one\ntwo", Limits(), "7-9", "PAGES_OUT_OF_RANGE"),
    ],
)
def test_a_file_beyond_the_limits_fails_with_its_reason(house: House, text, limits, pages, code):
    house.limits = limits
    document = house.store.get(upload(house, text, pages=pages))
    assert (document.state, document.reason.code) == (State.FAILED, code)


def test_a_file_that_is_too_large_is_not_even_fetched(house: House):
    house.limits = Limits(document_bytes=3)
    upload(house, "one\ntwo")
    assert house.tool.probes == 0


@pytest.mark.parametrize("error", [DamagedFile(), PasswordRequired()])
def test_what_the_parser_says_is_the_reason(house: House, error):
    house.tool.error = error
    document = house.store.get(upload(house, "one"))
    assert document.reason.code == error.code
    assert document.reason.hint == error.hint


def test_a_document_may_have_more_pages_than_the_limit_if_fewer_are_asked_for(house: House):
    house.limits = Limits(document_pages=2)
    assert house.store.get(upload(house, "one\ntwo\nthree", pages="1,3")).state is State.SUCCEEDED


def test_a_dropped_file_is_shown_by_a_clean_name_and_answered_under_its_own(house: House):
    odd = "folder/invoice\u202efdp\x1b[2J.pdf"
    document = house.read_document(odd, "one")
    assert document.name == "invoicefdp[2J.pdf"
    assert house.objects.get(f"outbox/{odd}.txt")


def test_the_reason_of_a_dropped_file_lies_beside_it_until_the_next_of_its_name(house: House):
    house.tool.error = DamagedFile()
    document = house.read_document("a.pdf", "one")
    note = json.loads(house.objects.get("outbox/a.pdf.error.json"))
    assert (note["document"], note["error"]["code"]) == (document.id, "DAMAGED_FILE")
    house.tool.error = None
    house.read_document("a.pdf", "one")
    assert house.objects.get("outbox/a.pdf.error.json") is None
    assert json.loads(house.objects.get("outbox/a.pdf.json"))["document"]["state"] == "SUCCEEDED"


def test_a_file_that_cannot_be_read_leaves_nothing_of_its_predecessor(house: House):
    house.defaults = Options(outputs=(Output.TEXT, Output.HOCR))
    house.read_document("a.pdf", "one")
    house.defaults = Options()
    house.tool.error = DamagedFile()
    house.read_document("a.pdf", "one")
    left = list(house.objects.list_keys("outbox/"))
    assert left == ["outbox/a.pdf.error.json"]


@pytest.mark.parametrize(
    "key",
    [
        "inbox/",
        "inbox/folder/",
        "inbox/.hidden.pdf",
        "inbox/.git/a.pdf",
        "inbox/a.pdf.part",
        "inbox/a.PDF.CRDOWNLOAD",
        "outbox/a.pdf.txt",
        "uploads/default/a/b",
        "uploads/default/unknown",
        "elsewhere/a.pdf",
    ],
)
def test_keys_that_are_no_documents_are_left_alone(house: House, key):
    house.admit(house.put(key, "one"))
    assert (house.store.metas, house.split_queue.bodies) == ({}, [])


def test_the_first_version_of_an_upload_wins(house: House):
    document, form = house.api.submit("default", Submission("a.pdf", Options()))
    first = house.put(form.fields["key"], "one")
    second = house.put(form.fields["key"], "two\nthree")
    house.admit(first)
    house.admit(second)
    house.settle()
    assert house.store.get(document.id).pages_total == 1


def test_an_original_that_is_removed_before_it_is_read_is_said_to_be_missing(house: House):
    event = house.drop("a.pdf", "one")
    house.objects.delete(event.key)
    house.admit(event)
    assert house.document(event).reason.code == "SOURCE_MISSING"


def test_an_original_that_is_removed_before_it_is_cut_is_said_to_be_missing(house: House):
    event = house.drop("a.pdf", "one")
    house.admit(event)
    house.objects.delete(event.key)
    house.settle()
    assert house.document(event).reason.code == "SOURCE_MISSING"
