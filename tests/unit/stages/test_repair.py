"""Dead letters and standstill: nothing ends without a reason, nothing stays for ever."""

from __future__ import annotations

import json

import pytest

from fanfold import keys
from fanfold.errors import Unavailable
from fanfold.messages import AssembleMessage, PageMessage, SplitMessage, encode, encode_arrival
from fanfold.model import Options, Output, State
from fanfold.stages import heavy
from fanfold.stages.backlog import MAXIMUM_WAITS
from fanfold.stages.progress import STANDSTILL_SECONDS, UPLOAD_SECONDS
from fanfold.stages.submit import Submission
from tests.fakes.house import House

THREE = "one\ntwo\nthree"


def begun(house: House):
    event = house.drop("a.pdf", THREE)
    house.admit(event)
    return event


def lose_page(house: House, body: str) -> None:
    """Let the dead letter come back until no worker can be reading the page any more."""
    with pytest.raises(Unavailable):
        house.lose("heavy", body)
    house.clock.pass_seconds(heavy.LONGEST_SECONDS)
    house.lose("heavy", body)


def test_a_dead_page_is_a_failed_page(house: House):
    event = begun(house)
    house.split(house.split_queue.take()[0])
    one, dead, three = house.page_queue.take()
    house.read(one)
    house.read(three)
    lose_page(house, dead)
    house.settle()
    document = house.document(event)
    assert document.state is State.PARTIAL
    assert "--- page 2 [failed: WORKER_KILLED] ---" in house.result(document, Output.TEXT)


def test_nobody_begins_a_page_that_a_dead_letter_gave_up(house: House):
    event, body = house.page_message()
    lose_page(house, body)
    house.read(body, heavy=True)
    assert house.reader.read_pages == []
    house.settle()
    assert house.document(event).reason.code == "WORKER_KILLED"


def test_a_dead_letter_waits_for_a_reader_that_its_look_at_the_shard_did_not_show(house: House):
    event, body = house.page_message()
    document = house.document(event)
    (before,) = house.store.shards(document)
    house.store.mark_heavy(document.id, 1, 1, house.clock.now())
    house.store.shard = lambda *_: before  # an eventually consistent read
    with pytest.raises(Unavailable):
        house.lose("heavy", body)


def test_a_dead_page_that_was_read_after_all_stays_read(house: House):
    event = begun(house)
    house.split(house.split_queue.take()[0])
    bodies = house.page_queue.take()
    for body in bodies:
        house.read(body)
    house.lose("heavy", bodies[1])
    house.settle()
    assert house.document(event).state is State.SUCCEEDED


def test_a_dead_shard_fails_its_pages_and_the_document_says_why(house: House):
    event = begun(house)
    house.lose("split", house.split_queue.take()[0])
    house.settle()
    document = house.document(event)
    assert (document.state, document.reason.code) == (State.FAILED, "PAGE_LOST")
    assert document.pages_failed == 3


def test_a_dead_arrival_is_a_failed_document(house: House):
    event = house.drop("a.pdf", THREE)
    house.lose("intake", encode_arrival(event))
    document = house.document(event)
    assert (document.state, document.reason.code) == (State.FAILED, "UNDELIVERABLE")
    assert house.objects.get("outbox/a.pdf.error.json")


def test_a_dead_twin_of_an_arrival_does_not_end_the_document_that_is_being_read(house: House):
    event = begun(house)
    house.lose("intake", encode_arrival(event))
    house.settle()
    assert house.document(event).state is State.SUCCEEDED


def test_a_reason_that_was_not_left_in_the_outbox_is_left_there_by_the_sweep(house: House):
    event = house.drop("a.pdf", "")
    house.objects.broken = Unavailable()
    with pytest.raises(Unavailable):
        house.admit(event)
    assert house.document(event).state is State.FAILED
    house.objects.broken = None
    assert house.sweep() == 1
    assert "EMPTY_FILE" in house.objects.get("outbox/a.pdf.error.json").decode()
    assert house.sweep() == 0


def test_a_reason_that_was_not_left_in_the_outbox_is_left_there_by_the_next_delivery(house: House):
    event = house.drop("a.pdf", "")
    house.objects.broken = Unavailable()
    with pytest.raises(Unavailable):
        house.admit(event)
    house.objects.broken = None
    house.admit(event)
    assert "EMPTY_FILE" in house.objects.get("outbox/a.pdf.error.json").decode()
    assert house.sweep() == 0


def test_a_document_of_failed_pages_has_its_reason_beside_its_results(house: House):
    document = house.read_document("a.pdf", "BROKEN\nBROKEN")
    assert Output.JSON in document.results
    (told,) = house.objects.versions["outbox/a.pdf.error.json"].values()
    assert json.loads(told)["error"]["code"] == "PAGE_UNREADABLE"
    (result,) = house.objects.versions["outbox/a.pdf.json"].values()
    assert json.loads(result)["document"]["state"] == "FAILED"


def test_results_that_did_not_get_into_the_outbox_are_put_there_by_the_sweep(house: House):
    event, body = house.page_message()
    house.read(body)
    copy, house.objects.copy = house.objects.copy, lambda *_, **__: 1 / 0
    with pytest.raises(ZeroDivisionError):
        house.assemble(house.assemble_queue.take()[0])
    assert house.document(event).state is State.SUCCEEDED
    house.objects.copy = copy
    assert house.sweep() == 1
    assert house.objects.get("outbox/a.pdf.txt") == b"one\n"
    assert house.sweep() == 0


def test_an_assembler_that_comes_too_late_does_not_contradict_the_document(house: House):
    event, body = house.page_message()
    house.read(body)
    (body,) = house.assemble_queue.take()
    graft = house.tool.graft

    def given_up_meanwhile(*arguments, **rest):
        house.lose("assemble", body)
        return graft(*arguments, **rest)

    house.tool.graft = given_up_meanwhile
    house.assemble(body)
    assert house.document(event).reason.code == "UNDELIVERABLE"
    assert [key for key in house.objects.keys if key.startswith("outbox/")] == [
        "outbox/a.pdf.error.json"
    ]
    assert "UNDELIVERABLE" in house.objects.get("outbox/a.pdf.error.json").decode()


def test_a_searchable_pdf_for_which_there_is_no_room_is_tried_again(house: House):
    event, body = house.page_message()
    house.read(body)
    (body,) = house.assemble_queue.take()
    house.tool.error = Unavailable()
    for attempt in (1, 2):
        with pytest.raises(Unavailable):
            house.assemble(body, attempt)
    house.tool.error = None
    house.assemble(body, 3)
    assert Output.PDF in house.document(event).results


def test_where_there_never_is_room_for_a_searchable_pdf_the_text_is_not_lost(house: House, caplog):
    event, body = house.page_message()
    house.read(body)
    house.tool.error = Unavailable()
    house.assemble(house.assemble_queue.take()[0], 3)
    document = house.document(event)
    assert document.state is State.SUCCEEDED
    assert Output.PDF not in document.results
    assert house.result(document, Output.TEXT) == "one\n"
    assert caplog.messages == ["no searchable PDF"]


def test_a_dead_assembly_is_a_failed_document(house: House):
    event = begun(house)
    house.split(house.split_queue.take()[0])
    for body in house.page_queue.take():
        house.read(body)
    house.lose("assemble", house.assemble_queue.take()[0])
    assert house.document(event).reason.code == "UNDELIVERABLE"


@pytest.mark.parametrize("step", ["intake", "split", "heavy", "assemble"])
@pytest.mark.parametrize("body", ["", "junk", "[]"])
def test_letters_that_nobody_can_read_are_put_away_once(house: House, step, body):
    house.lose(step, body)
    house.lose(step, body)
    (key,) = house.objects.list_keys(f"unreadable/{step}/")
    assert house.objects.get(key) == body.encode()


@pytest.mark.parametrize(
    ("step", "body"),
    [
        ("intake", '{"detail-type": "Object Created"}'),
        ("split", '{"v": 99}'),
        ("heavy", '{"v": 1, "document": 3}'),
    ],
)
def test_letters_of_other_versions_are_put_away_too(house: House, step, body):
    house.lose(step, body)
    assert list(house.objects.list_keys("unreadable/")) == [keys.unreadable(step, body)]


def test_letters_of_another_run_or_of_no_document_do_nothing(house: House):
    event = begun(house)
    before = house.document(event)
    house.lose("heavy", encode(PageMessage(before.id, 7, 1)))
    house.lose("split", encode(SplitMessage(before.id, 7, 0)))
    house.lose("assemble", encode(AssembleMessage(before.id, 7)))
    house.lose("heavy", encode(PageMessage("nobody", 1, 1)))
    assert house.document(event) == before


def test_an_upload_that_never_came_expires(house: House):
    document, _ = house.api.submit("default", Submission("a.pdf", Options()))
    house.clock.pass_seconds(UPLOAD_SECONDS * 2 + 1)
    assert house.sweep() == 1
    assert house.store.get(document.id).state is State.EXPIRED
    assert house.sweep() == 0


def test_an_upload_whose_event_was_held_up_is_read_all_the_same(house: House):
    document, form = house.api.submit("default", Submission("a.pdf", Options()))
    event = house.put(form.fields["key"], THREE)
    house.clock.pass_seconds(UPLOAD_SECONDS * 2 + 1)
    house.sweep()
    house.admit(event)
    house.settle()
    assert house.store.get(document.id).state is State.SUCCEEDED


def sweep_late(house: House) -> None:
    house.clock.pass_seconds(STANDSTILL_SECONDS + 1)
    house.sweep()


@pytest.mark.parametrize("lose_at", ["split_queue", "page_queue", "assemble_queue"])
def test_a_message_that_vanished_is_made_up_for_by_the_sweep(house: House, lose_at):
    event = begun(house)
    lost = getattr(house, lose_at)
    for queue, step in (
        (house.split_queue, house.split),
        (house.page_queue, house.read),
        (house.assemble_queue, house.assemble),
    ):
        bodies = queue.take()
        if queue is not lost:
            for body in bodies:
                step(body)
    assert house.document(event).state.live
    sweep_late(house)
    house.settle()
    assert house.document(event).state is State.SUCCEEDED


def test_an_arrival_that_vanished_after_the_pin_is_made_up_for_by_the_sweep(house: House):
    document, form = house.api.submit("default", Submission("a.pdf", Options()))
    event = house.put(form.fields["key"], THREE)
    house.parts().identify(event)
    assert house.store.get(document.id).state is State.QUEUED
    sweep_late(house)
    house.settle()
    assert house.store.get(document.id).state is State.SUCCEEDED


def test_pages_that_never_come_back_end_the_document_with_what_there_is(house: House):
    event = begun(house)
    house.split(house.split_queue.take()[0])
    house.read(house.page_queue.take()[0])
    for _ in range(3):
        sweep_late(house)
        house.page_queue.take()
    sweep_late(house)
    house.settle()
    document = house.document(event)
    assert (document.state, document.pages_done, document.pages_failed) == (State.PARTIAL, 1, 2)
    assert "[failed: PAGE_LOST]" in house.result(document, Output.TEXT)


def test_shards_that_were_never_cut_end_as_lost_pages(house: House):
    event = begun(house)
    for _ in range(4):
        house.split_queue.take()
        sweep_late(house)
    house.settle()
    assert house.document(event).reason.code == "PAGE_LOST"


def test_an_assembly_that_never_succeeds_ends_as_stalled(house: House):
    event = begun(house)
    house.split(house.split_queue.take()[0])
    for body in house.page_queue.take():
        house.read(body)
    for _ in range(4):
        house.assemble_queue.take()
        sweep_late(house)
    assert house.document(event).reason.code == "STALLED"


def test_progress_buys_time(house: House):
    event = begun(house)
    house.split(house.split_queue.take()[0])
    for body in house.page_queue.take():
        sweep_late(house)
        sweep_late(house)
        house.page_queue.take()
        house.read(body)
    house.settle()
    assert house.document(event).state is State.SUCCEEDED


def test_two_sweeps_at_once_resume_once(house: House):
    begun(house)
    house.split_queue.take()
    house.clock.pass_seconds(STANDSTILL_SECONDS + 1)
    late = house.store.due(house.clock.now(), 10)
    house.store.due = lambda now, limit: late  # both have read the same list
    house.sweep()
    house.sweep()
    assert len(house.split_queue.bodies) == 1


@pytest.mark.parametrize("stuck", ["deleted", "failed"])
def test_a_document_that_cannot_be_finished_does_not_stand_in_the_way_of_others(
    house: House, stuck: str
):
    event, other = house.drop("a.pdf", THREE), house.drop("b.pdf", "")
    house.objects.broken = Unavailable()
    with pytest.raises(Unavailable):
        house.admit(other)
    if stuck == "deleted":
        house.objects.delete_prefix = lambda _: house.objects.put("", b"", "")
        house.api.delete("default", house.document(other).id)
    house.clock.pass_seconds(1)
    house.admit(event)
    house.split_queue.take()
    house.clock.pass_seconds(STANDSTILL_SECONDS + 1)
    with pytest.raises(Unavailable):
        house.sweep()
    house.sweep()
    house.objects.broken = None
    house.settle()
    assert house.document(event).state is State.SUCCEEDED


def test_a_document_behind_a_backlog_waits_for_its_turn_and_loses_nothing(house: House):
    event = begun(house)
    house.split(house.split_queue.take()[0])
    mine = house.page_queue.bodies[:]
    house.page_queue.send(("another's" for _ in range(1_000)), group="other")
    for _ in range(20):
        sweep_late(house)
    assert house.page_queue.bodies[:3] == mine
    assert len(house.page_queue.bodies) == 1_003  # nothing was sent again
    house.page_queue.bodies = mine
    sweep_late(house)
    house.settle()
    assert house.document(event).state is State.SUCCEEDED


def test_a_document_that_waits_to_be_folded_behind_a_backlog_is_not_asked_for_again(house: House):
    begun(house)
    house.split(house.split_queue.take()[0])
    for body in house.page_queue.take():
        house.read(body)
    mine = house.assemble_queue.bodies[:]
    house.assemble_queue.send(("another's" for _ in range(1_000)), group="other")
    for _ in range(20):
        sweep_late(house)
    assert house.assemble_queue.bodies == [*mine, *["another's"] * 1_000]


def test_a_document_whose_messages_vanished_behind_a_backlog_is_resumed_when_they_would_be_gone(
    house: House,
):
    event = begun(house)
    house.split_queue.take()
    house.heavy_queue.bodies = ["another's"] * 1_000
    for _ in range(MAXIMUM_WAITS):
        sweep_late(house)
    assert house.split_queue.bodies == []
    sweep_late(house)
    house.heavy_queue.take()
    house.settle()
    assert house.document(event).state is State.SUCCEEDED
