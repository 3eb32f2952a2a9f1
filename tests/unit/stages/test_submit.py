"""Sending a document twice: one key is one document, and what was read is not read again."""

from __future__ import annotations

import pytest

from fanfold.errors import KeyReused, Unavailable
from fanfold.model import Document, Options, State
from fanfold.stages.progress import REUSE_SECONDS, UPLOAD_SECONDS
from fanfold.stages.submit import Submission
from tests.fakes.house import House

BODY = b"one\ntwo"


def send(house: House, **changes) -> Document:
    given = {"name": "a.pdf", "options": Options(), "body": BODY, **changes}
    document, form = house.api.submit("default", Submission(**given))
    assert form is None
    return document


def arrive(house: House, document: Document) -> Document:
    """Let the newest version of the upload arrive, and all that follows."""
    key = f"uploads/default/{document.id}"
    for version in house.objects.versions[key]:
        house.admit(house.event_of(key, version))
    house.settle()
    return house.store.metas[document.id]


def test_one_key_is_one_document_however_often_it_is_sent(house: House):
    first = send(house, key="k1")
    assert send(house, key="k1").id == first.id
    assert arrive(house, first).state is State.SUCCEEDED
    again = send(house, key="k1")
    assert (again.id, again.state) == (first.id, State.SUCCEEDED)
    assert sorted(house.reader.read_pages) == [1, 2]
    assert send(house, key="k2", body=b"other").id != first.id


def test_keys_of_two_tenants_do_not_meet(house: House):
    mine = send(house, key="k")
    other, _ = house.api.submit("other", Submission("a.pdf", Options(), body=BODY, key="k"))
    assert other.id != mine.id


def test_a_key_asks_for_its_form_again_until_the_file_is_there(house: House):
    wish = Submission("a.pdf", Options(), key="k")
    document, form = house.api.submit("default", wish)
    again, second = house.api.submit("default", wish)
    assert (again.id, second.fields) == (document.id, form.fields)
    house.admit(house.put(form.fields["key"], "one"))
    assert house.api.submit("default", wish)[1] is None


@pytest.mark.parametrize(
    "changes", [{"name": "b.pdf"}, {"options": Options(pages="1")}, {"body": b"three"}]
)
def test_a_key_that_comes_with_another_request_is_refused(house: House, changes):
    arrive(house, send(house, key="k"))
    with pytest.raises(KeyReused):
        send(house, key="k", **changes)


def test_the_key_of_a_deleted_document_is_not_given_again(house: House):
    house.api.delete("default", send(house, key="k").id)
    with pytest.raises(KeyReused):
        send(house, key="k")


def test_a_request_that_died_before_its_file_was_kept_is_made_good_by_the_next(house: House):
    house.objects.broken = Unavailable()
    with pytest.raises(Unavailable):
        send(house, key="k")
    house.objects.broken = None
    document = send(house, key="k")
    assert arrive(house, document).state is State.SUCCEEDED


def test_a_key_whose_document_expired_may_still_send_its_file(house: House):
    house.objects.broken = Unavailable()
    with pytest.raises(Unavailable):
        send(house, key="k")
    house.objects.broken = None
    house.clock.pass_seconds(UPLOAD_SECONDS * 2 + 1)
    house.sweep()
    document = send(house, key="k")
    assert document.state is State.UPLOADING
    assert arrive(house, document).state is State.SUCCEEDED


def test_what_was_read_with_these_options_is_answered_at_once(house: House):
    first = arrive(house, send(house))
    assert send(house, name="copy.pdf") == first
    assert send(house, options=Options(pages="1")).id != first.id
    assert sorted(house.reader.read_pages) == [1, 2]


def test_a_sender_who_knows_the_hash_need_not_upload(house: House):
    first = arrive(house, send(house))
    wish = Submission("a.pdf", Options(), size=7, sha256=first.source.sha256)
    assert house.api.submit("default", wish) == (first, None)


def test_another_tenant_does_not_get_the_answer(house: House):
    first = arrive(house, send(house))
    other, _ = house.api.submit("other", Submission("a.pdf", Options(), body=BODY))
    assert other.id != first.id


def test_an_answer_is_given_no_longer_than_results_are_kept(house: House):
    first = arrive(house, send(house))
    house.clock.pass_seconds(REUSE_SECONDS + 1)
    assert send(house).id != first.id


def test_a_document_whose_pages_were_read_with_other_options_answers_for_neither(house: House):
    first = arrive(house, send(house))
    house.api.retry("default", first.id, "1", {"languages": "deu"})
    house.settle()
    assert send(house).id != first.id
    assert send(house, options=Options(languages="deu")).id != first.id
