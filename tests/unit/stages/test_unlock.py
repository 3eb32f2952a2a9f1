"""Documents that want a password: with it from the beginning, afterwards, and a wrong one."""

from __future__ import annotations

from dataclasses import replace

import pytest

from fanfold import keys, records
from fanfold.errors import InvalidRequest, KeyReused, NothingToRetry
from fanfold.model import Options, Output, State
from fanfold.stages.submit import Submission
from tests.fakes.house import House
from tests.fakes.world import LOCKED

TEXT = f"{LOCKED}one\ntwo"


@pytest.fixture
def house(tmp_path):
    return House(tmp_path)


def sent(house: House, password: str = "") -> str:
    """Send a locked document and let everything happen; return its id."""
    wish = Submission("a.pdf", Options(), len(TEXT), password=password)
    document, form = house.api.submit("default", wish)
    assert form
    house.admit(house.put(form.fields["key"], TEXT))
    house.settle()
    return document.id


def secrets(house: House) -> list[str]:
    return list(house.objects.list_keys(keys.SECRETS))


def test_a_document_is_read_with_the_password_that_came_with_it(house):
    document = house.store.get(sent(house, "tide"))
    assert (document.state, document.pages_done, document.password) == (State.SUCCEEDED, 2, False)
    assert house.result(document, Output.TEXT) == "one\n\ftwo\n"
    assert secrets(house) == []


@pytest.mark.parametrize("password", ["", "ebb"])
def test_without_the_right_one_it_fails_and_none_is_kept(house, password):
    document = house.store.get(sent(house, password))
    assert (document.state, document.reason.code) == (State.FAILED, "PASSWORD_REQUIRED")
    assert secrets(house) == []


def test_a_later_call_opens_it_in_a_new_run(house):
    document = sent(house, "ebb")
    answered = house.api.unlock("default", document, "tide")
    assert (answered.state, answered.run) == (State.QUEUED, 2)
    assert house.api.unlock("default", document, "tide").run == 2  # sent once more
    house.settle()
    ended = house.store.get(document)
    assert (ended.state, ended.reason) == (State.SUCCEEDED, None)
    assert secrets(house) == []


def test_its_pages_are_read_anew_without_asking_again(house):
    document = sent(house, "tide")
    house.api.retry("default", document, "2", {})
    house.settle()
    assert house.store.get(document).state is State.SUCCEEDED


def test_what_is_broken_in_it_is_told_though_its_copy_is_mended(house):
    house.tool.broken = ("PAGES_MISSING",)
    document = house.store.get(sent(house, "tide"))
    assert "PAGES_MISSING" in document.damage


def test_a_dropped_one_is_opened_and_delivered(house):
    event = house.drop("letters/a.pdf", TEXT)
    house.admit(event)
    document = house.document(event)
    assert document.state is State.FAILED
    house.api.unlock("default", document.id, "tide")
    house.settle()
    assert house.objects.get("outbox/letters/a.pdf.txt") == b"one\n\ftwo\n"


def test_the_copy_that_opens_goes_with_the_document(house):
    document = sent(house, "tide")
    assert list(house.objects.list_keys(keys.UNLOCKED))
    house.api.delete("default", document)
    house.clock.pass_seconds(7200)
    house.sweep()
    assert list(house.objects.list_keys(keys.UNLOCKED)) == []


def test_who_stops_before_the_file_came_leaves_no_password(house):
    document, _ = house.api.submit("default", Submission("a.pdf", Options(), password="tide"))
    assert secrets(house)
    house.api.cancel("default", document.id)
    assert secrets(house) == []


def test_a_file_that_never_came_leaves_no_password(house):
    house.api.submit("default", Submission("a.pdf", Options(), password="tide"))
    house.clock.pass_seconds(2 * 3600)
    house.sweep()
    assert secrets(house) == []


def test_a_repeated_request_brings_no_password_that_nobody_would_forget(house):
    first = Submission("a.pdf", Options(), key="once")
    house.api.submit("default", first)
    with pytest.raises(KeyReused):
        house.api.submit("default", replace(first, password="tide"))
    assert secrets(house) == []


def test_what_lies_there_does_not_say_the_password(house):
    house.api.submit("default", Submission("a.pdf", Options(), password="tide"))
    (key,) = secrets(house)
    assert b"tide" not in house.objects.get(key)
    assert "tide" not in repr(Submission("a.pdf", Options(), password="tide"))


def test_a_document_that_asks_for_none_takes_none(house):
    document = house.read_document("b.pdf", "one")
    with pytest.raises(NothingToRetry):
        house.api.unlock("default", document.id, "tide")


@pytest.mark.parametrize("password", ["", "é" * 64, "a" * 128])
def test_what_can_be_no_password_is_refused_unread(house, password):
    document = sent(house)
    with pytest.raises(InvalidRequest):
        house.api.unlock("default", document, password)
    assert secrets(house) == []


def test_what_a_newer_writer_knows_of_an_original_is_passed_over(house):
    written = records.document_map(house.store.get(sent(house, "tide")))
    newer = {**written, "source": {**written["source"], "colour": "blue"}}
    assert records.document_from("d", newer) == records.document_from("d", written)
