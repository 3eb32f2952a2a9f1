"""Retry, cancel and delete: what a new run reads, keeps and fences."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from fanfold.errors import (
    AlreadyEnded,
    InvalidRequest,
    NotFound,
    NothingToRetry,
    NotReady,
    OutOfMemory,
    RenderFailed,
    Unavailable,
)
from fanfold.messages import PageMessage, SplitMessage, encode
from fanfold.model import Document, DoneMark, Options, Output, PageState, Source, State
from fanfold.stages.progress import STANDSTILL_SECONDS
from fanfold.stages.shards import fresh
from fanfold.stages.submit import Submission
from tests.fakes.house import House

THREE = "one\ntwo\nthree"


def partial(house: House, text: str = THREE) -> Document:
    house.reader.errors["two"] = RenderFailed()
    document = house.read_document("a.pdf", text)
    house.reader.errors.clear()
    house.reader.read_pages.clear()
    assert document.state is State.PARTIAL
    return document


def retry(house: House, document: Document, pages: str = "", **options: object) -> Document:
    return house.api.retry("default", document.id, pages, options)


def ended(house: House, document: Document) -> Document:
    house.settle()
    return house.store.metas[document.id]


def states(house: House, document: Document) -> list[PageState]:
    status = house.api.documents.describe("default", document.id)
    return [page.state for page in status.pages]


def test_a_retry_reads_the_failed_pages_only_and_makes_the_document_whole(house: House):
    document = partial(house)
    begun = retry(house, document)
    assert (begun.state, begun.run) == (State.PROCESSING, 2)
    after = ended(house, document)
    assert (after.state, after.pages_done, after.pages_failed) == (State.SUCCEEDED, 3, 0)
    assert house.reader.read_pages == [2]
    assert house.result(after, Output.TEXT) == "one\n\ftwo\n\fthree\n"
    assert house.objects.get("outbox/a.pdf.txt") == b"one\n\ftwo\n\fthree\n"


def test_a_late_word_of_the_run_before_does_not_stay_in_the_outbox(house: House):
    document = partial(house)
    house.store.metas[document.id] = replace(document, deadline=house.clock.now())
    copy = house.objects.copy

    def late(*what, **owner):
        house.objects.copy = copy
        retry(house, document)
        assert ended(house, document).state is State.SUCCEEDED
        return copy(*what, **owner)

    house.objects.copy = late
    house.parts().endings.publish(document)
    for kind in ("txt", "md", "json"):
        assert "two" in house.objects.get(f"outbox/a.pdf.{kind}").decode()


def test_results_of_the_run_before_are_handed_out_until_the_new_ones_are_there(house: House):
    document = partial(house)
    retry(house, document)
    old = house.api.documents.result("default", document.id, Output.TEXT)
    assert f"results/{document.id}/1/" in old
    ended(house, document)
    new = house.api.documents.result("default", document.id, Output.TEXT)
    assert f"results/{document.id}/2/" in new


def test_a_running_retry_shows_the_pages_it_will_read_as_waiting(house: House):
    document = partial(house)
    retry(house, document)
    assert states(house, document) == [PageState.DONE, PageState.WAITING, PageState.DONE]


def test_chosen_pages_are_read_anew_with_other_options(house: House):
    document = partial(house)
    retry(house, document, "3", languages="deu")
    after = ended(house, document)
    assert house.reader.read_pages == [3]
    assert (after.state, after.options.languages) == (State.PARTIAL, "deu")
    pages = json.loads(house.result(after, Output.JSON))["pages"]
    assert [page.get("languages") for page in pages] == ["eng", None, "deu"]


def test_a_retry_adds_outputs_without_reading_a_page(house: House):
    house.defaults = Options(outputs=(Output.TEXT,))
    document = house.read_document("a.pdf", THREE)
    house.reader.read_pages.clear()
    retry(house, document, outputs=["json"])
    after = ended(house, document)
    assert (after.state, set(after.results)) == (State.SUCCEEDED, {Output.TEXT, Output.JSON})
    assert house.reader.read_pages == []


def test_pages_beyond_a_hundred_are_found_in_their_shards(house: House):
    text = "\n".join(f"page{n}" for n in range(1, 251))
    for n in (7, 150, 250):
        house.reader.errors[f"page{n}"] = RenderFailed()
    document = house.read_document("a.pdf", text)
    house.reader.errors.clear()
    house.reader.read_pages.clear()
    retry(house, document)
    assert ended(house, document).state is State.SUCCEEDED
    assert sorted(house.reader.read_pages) == [7, 150, 250]


def test_a_retried_image_document_keeps_the_pictures_of_all_its_frames(house: House):
    house.tool.media_type = "image/tiff"
    document = partial(house)
    retry(house, document)
    pdf = house.result(ended(house, document), Output.PDF)
    assert pdf == f"{THREE}\n[1:layer of one,2:layer of two,3:layer of three]"


def test_a_document_of_which_no_page_could_be_read_can_be_retried(house: House):
    house.reader.errors["one"] = RenderFailed()
    document = house.read_document("a.pdf", "one")
    assert document.state is State.FAILED
    house.reader.errors.clear()
    retry(house, document)
    after = ended(house, document)
    assert (after.state, after.reason) == (State.SUCCEEDED, None)


def test_the_heavy_lane_takes_a_retried_page_again(house: House):
    house.reader.errors["two"] = OutOfMemory()
    document = house.read_document("a.pdf", THREE)
    assert document.state is State.PARTIAL
    house.reader.read_pages.clear()
    retry(house, document)
    ended(house, document)
    assert house.reader.read_pages == [2, 2]


def test_a_retry_that_died_before_its_messages_is_finished_by_repeating_it(house: House):
    document = partial(house)
    house.split_queue.broken = Unavailable()
    with pytest.raises(Unavailable):
        retry(house, document)
    house.split_queue.broken = None
    assert retry(house, document).run == 2
    assert ended(house, document).state is State.SUCCEEDED


def test_a_retry_that_died_before_its_messages_is_finished_by_the_sweep(house: House):
    document = partial(house)
    house.split_queue.broken = Unavailable()
    with pytest.raises(Unavailable):
        retry(house, document)
    house.split_queue.broken = None
    house.clock.pass_seconds(STANDSTILL_SECONDS + 1)
    house.sweep()
    assert ended(house, document).state is State.SUCCEEDED
    assert house.reader.read_pages == [2]


def test_a_retry_whose_messages_all_get_lost_ends_with_the_pages_it_had(house: House):
    document = partial(house)
    retry(house, document)
    for _ in range(4):
        house.split_queue.take()
        house.clock.pass_seconds(STANDSTILL_SECONDS + 1)
        house.sweep()
    after = ended(house, document)
    assert (after.state, after.pages_done, after.pages_failed) == (State.PARTIAL, 2, 1)


def test_a_shard_that_is_not_taken_over_yet_does_not_complete_the_new_run(house: House):
    document = partial(house)
    retry(house, document)
    house.split_queue.take()
    for _ in range(2):
        house.clock.pass_seconds(STANDSTILL_SECONDS + 1)
        house.sweep()
    assert house.store.metas[document.id].shards_done == frozenset()


def test_the_old_run_cannot_write_any_more(house: House):
    document = partial(house)
    retry(house, document)
    house.split(house.split_queue.take()[0])
    late = DoneMark(1, Source.OCR, 1, 1)
    assert house.store.mark_done(document.id, 1, 2, late) is None
    house.read(encode(PageMessage(document.id, 1, 2)))
    assert house.reader.read_pages == []
    house.split(encode(SplitMessage(document.id, 1, 0)))
    house.lose("heavy", encode(PageMessage(document.id, 1, 2)))
    assert house.store.shard(document.id, 0).waiting == (2,)


def test_another_retry_has_to_wait_for_the_first(house: House):
    document = partial(house)
    retry(house, document)
    with pytest.raises(NotReady):
        retry(house, document, "1")


@pytest.mark.parametrize(
    ("pages", "options", "error"),
    [
        ("", {}, NothingToRetry),
        ("", {"languages": "deu"}, NothingToRetry),
        ("9", {}, NothingToRetry),
        ("1", {"pages": "2"}, InvalidRequest),
        ("1", {"colour": "red"}, InvalidRequest),
    ],
)
def test_a_retry_that_would_change_nothing_or_makes_no_sense_is_refused(
    house: House, pages, options, error
):
    document = house.read_document("a.pdf", THREE)
    with pytest.raises(error):
        house.api.retry("default", document.id, pages, options)
    assert house.store.metas[document.id] == document


def test_a_document_that_was_never_opened_is_sent_again_and_not_retried(house: House):
    document = house.read_document("a.pdf", "")
    with pytest.raises(NothingToRetry, match="send it again"):
        retry(house, document, "1")
    waiting, _ = house.api.submit("default", Submission("b.pdf", Options()))
    with pytest.raises(NotReady):
        retry(house, waiting)


def test_a_cancelled_document_costs_nothing_more_and_keeps_its_done_pages(house: House):
    event = house.drop("a.pdf", THREE)
    house.admit(event)
    house.split(house.split_queue.take()[0])
    one, *rest = house.page_queue.take()
    house.read(one)
    document = house.document(event)
    after = house.api.cancel("default", document.id)
    for body in rest:
        house.read(body)
    assert house.reader.read_pages == [1]
    assert after.state is State.CANCELLED
    assert house.api.documents.page("default", document.id, 1)
    assert states(house, document) == [PageState.DONE, PageState.SKIPPED, PageState.SKIPPED]
    assert house.api.cancel("default", document.id) == after
    house.clock.pass_seconds(STANDSTILL_SECONDS + 1)
    assert house.sweep() == 0


def test_a_document_is_cancelled_while_its_last_page_is_being_read(house: House):
    event, body = house.page_message()
    document = house.document(event)
    read = house.reader.read
    house.reader.read = lambda *a: (house.api.cancel("default", document.id), read(*a))[1]
    house.read(body)
    house.settle()
    assert house.document(event).state is State.CANCELLED


def test_an_upload_that_comes_after_the_cancel_is_not_read(house: House):
    event = house.drop("a.pdf", THREE)
    house.admit(event)
    house.api.cancel("default", house.document(event).id)
    house.admit(event)
    house.settle()
    assert house.reader.read_pages == []


def test_a_cancelled_retry_leaves_the_earlier_results(house: House):
    document = partial(house)
    retry(house, document)
    house.api.cancel("default", document.id)
    house.settle()
    assert "/1/text.txt" in house.api.documents.result("default", document.id, Output.TEXT)


def test_what_has_ended_cannot_be_cancelled_and_what_is_not_there_neither(house: House):
    document = house.read_document("a.pdf", THREE)
    with pytest.raises(AlreadyEnded):
        house.api.cancel("default", document.id)
    with pytest.raises(NotFound):
        house.api.cancel("other", document.id)
    with pytest.raises(NotFound):
        house.api.retry("other", document.id, "1", {})


def test_what_workers_wrote_after_the_deletion_is_swept_up_later(house: House):
    document = house.read_document("a.pdf", THREE)
    house.api.delete("default", document.id)
    for key in ("work", "pages", "results"):
        house.objects.put(f"{key}/{document.id}/1/00001", b"late", "application/pdf")
    house.sweep()
    assert (house.objects.keys, house.store.shard_items) == ([], {})
    house.objects.put(f"pages/{document.id}/1/00001", b"later still", "application/pdf")
    house.store.open_shard(fresh(document, 0))
    assert house.sweep() == 0
    house.clock.pass_seconds(STANDSTILL_SECONDS + 1)
    assert house.sweep() == 1
    assert (house.objects.keys, house.store.shard_items) == ([], {})
    house.clock.pass_seconds(STANDSTILL_SECONDS + 1)
    assert house.sweep() == 0


def test_what_a_late_assembler_put_into_the_outbox_is_swept_up_later(house: House):
    event = house.drop("a.pdf", "one")
    house.admit(event)
    house.split(house.split_queue.take()[0])
    house.read(house.page_queue.take()[0])

    copy = house.objects.copy

    def deleted_meanwhile(key, target, media_type, owner):
        house.objects.copy, data = copy, house.objects.get(key)
        house.api.delete("default", house.document(event).id)
        house.objects.put(target, data, media_type, owner=owner)

    house.objects.copy = deleted_meanwhile
    house.assemble(house.assemble_queue.take()[0])
    assert house.objects.get("outbox/a.pdf.txt") == b"one\n"
    house.clock.pass_seconds(STANDSTILL_SECONDS + 1)
    house.sweep()
    assert house.objects.keys == []


def test_a_deletion_leaves_the_results_of_another_version_in_the_outbox(house: House):
    first = house.read_document("a.pdf", "one")
    house.read_document("a.pdf", "two")
    house.api.delete("default", first.id)
    house.clock.pass_seconds(STANDSTILL_SECONDS + 1)
    house.sweep()
    assert house.objects.get("outbox/a.pdf.txt") == b"two\n"
    assert len(house.objects.versions["outbox/a.pdf.txt"]) == 1
