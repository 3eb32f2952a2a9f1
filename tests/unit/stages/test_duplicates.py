"""Duplicates, crashes and replays: doing it twice is doing it once."""

from __future__ import annotations

from dataclasses import replace

import pytest

from fanfold.errors import DamagedFile
from fanfold.messages import AssembleMessage, SplitMessage, encode
from fanfold.model import Output, State
from tests.fakes.house import House

THREE = "one\ntwo\nthree"


def test_the_same_event_ten_times_is_one_document(house: House):
    event = house.drop("a.pdf", THREE)
    for _ in range(10):
        house.admit(event)
    house.settle()
    assert len(house.store.metas) == 1
    assert house.tool.probes == 1
    assert sorted(house.reader.read_pages) == [1, 2, 3]


def test_a_new_version_of_a_dropped_file_is_a_document_of_its_own(house: House):
    first = house.drop("a.pdf", "one")
    second = house.drop("a.pdf", "two")
    for event in (second, first):
        house.admit(event)
    house.settle()
    assert house.result(house.document(first), Output.TEXT) == "one\n"
    assert house.result(house.document(second), Output.TEXT) == "two\n"


def test_every_message_delivered_three_times_reads_every_page_once(house: House):
    event = house.drop("a.pdf", THREE)
    house.admit(event)
    for queue, step in (
        (house.split_queue, house.split),
        (house.page_queue, house.read),
        (house.assemble_queue, house.assemble),
    ):
        for body in queue.take() * 3:
            step(body)
    assert sorted(house.reader.read_pages) == [1, 2, 3]
    assert house.result(house.document(event), Output.TEXT) == "one\n\ftwo\n\fthree\n"


def test_a_worker_that_died_after_its_mark_is_finished_by_the_next_delivery(house: House):
    event, body = house.page_message()
    house.read(body)
    # As if it had died between the mark and what follows from it.
    document = house.document(event)
    house.assemble_queue.take()
    before = replace(document, state=State.PROCESSING, shards_done=frozenset())
    house.store.metas[document.id] = before
    house.read(body, attempt=2)
    assert house.reader.read_pages == [1]
    house.settle()
    assert house.document(event).state is State.SUCCEEDED


def test_an_assembly_that_was_never_queued_is_queued_by_a_redelivered_page(house: House):
    event, body = house.page_message()
    house.read(body)
    house.assemble_queue.take()  # died between ASSEMBLING and the message
    house.read(body, attempt=2)
    house.settle()
    assert house.document(event).state is State.SUCCEEDED


def test_an_assembly_that_was_never_queued_is_queued_by_a_redelivered_split(house: House):
    event = house.drop("a.pdf", "BROKEN")
    house.admit(event)
    (body,) = house.split_queue.take()
    house.split(body)
    house.assemble_queue.take()  # died between ASSEMBLING and the message
    house.split(body)
    house.settle()
    assert house.document(event).state is State.FAILED


@pytest.mark.parametrize("step", ["split", "heavy"])
def test_an_assembly_that_was_never_queued_is_queued_by_a_redelivered_dead_letter(
    house: House, step
):
    house.exclusive = True  # nobody else is reading it
    event = house.drop("a.pdf", "one")
    house.admit(event)
    (body,) = house.split_queue.take()
    if step == "heavy":
        house.split(body)
        (body,) = house.page_queue.take()
    house.lose(step, body)
    house.assemble_queue.take()
    house.lose(step, body)
    house.settle()
    assert house.document(event).state is State.FAILED


def test_a_twin_that_comes_late_asks_for_the_assembly_that_the_other_did_not_live_to_ask_for(
    house: House,
):
    event, body = house.page_message()
    read = house.reader.read

    def twin_reads_and_dies(*arguments):
        house.reader.read = read
        house.temporary = house.temporary.with_name("twin")  # another machine
        house.read(body, attempt=2)
        house.assemble_queue.take()
        return read(*arguments)

    house.reader.read = twin_reads_and_dies
    house.read(body)  # and its message is deleted, for both of them
    house.settle()
    assert house.document(event).state is State.SUCCEEDED


def test_a_first_delivery_that_comes_to_its_senses_late_asks_for_the_assembly(house: House):
    event, body = house.page_message()
    house.read(body, attempt=2)
    house.assemble_queue.take()  # the second delivery died between ASSEMBLING and the message
    house.read(body, attempt=1)
    house.settle()
    assert house.document(event).state is State.SUCCEEDED


def test_a_replayed_page_of_an_ended_document_changes_nothing(house: House):
    event, body = house.page_message()
    house.read(body)
    house.settle()
    before, keys = house.document(event), house.objects.puts
    house.read(body, attempt=7)
    house.settle()
    assert (house.document(event), house.objects.puts) == (before, keys)


def test_two_assemblers_leave_one_manifest_and_the_same_results(house: House):
    document = house.read_document("a.pdf", THREE)
    files = {key: house.objects.get(key) for key in house.objects.keys}
    house.store.metas[document.id] = replace(document, state=State.ASSEMBLING)
    house.assemble(encode(AssembleMessage(document.id, 1)))
    assert {key: house.objects.get(key) for key in house.objects.keys} == files
    assert len(house.objects.versions[f"results/{document.id}/1/manifest.json"]) == 1


def test_a_split_that_was_done_is_not_done_again(house: House):
    event = house.drop("a.pdf", THREE)
    house.admit(event)
    house.settle()
    puts = house.objects.puts
    house.split(encode(SplitMessage(house.document(event).id, 1, 0)))
    assert house.objects.puts == puts
    assert house.page_queue.bodies == []


def test_a_twin_that_fares_worse_does_not_end_a_document_that_is_being_read(house: House):
    event = house.drop("a.pdf", "one")
    probe = house.tool.probe

    def twin_begins_meanwhile(source):
        house.tool.probe = probe
        house.temporary = house.temporary.with_name("twin")  # another machine
        house.admit(event)
        raise DamagedFile

    house.tool.probe = twin_begins_meanwhile
    house.admit(event)
    house.settle()
    assert house.document(event).state is State.SUCCEEDED


def test_a_twin_that_fares_worse_does_not_end_a_document_that_was_cut(house: House):
    event = house.drop("a.pdf", "one")
    house.admit(event)
    (body,) = house.split_queue.take()
    cut = house.tool.cut

    def twin_cuts_meanwhile(*arguments):
        house.tool.cut = cut
        house.temporary = house.temporary.with_name("twin")
        house.split(body)
        raise DamagedFile

    house.tool.cut = twin_cuts_meanwhile
    house.split(body)
    house.settle()
    assert house.document(event).state is State.SUCCEEDED
