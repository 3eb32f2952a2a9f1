"""Pages that the heavy lane can read better than the ordinary one, which has read them first."""

from __future__ import annotations

import json

import pytest

from fanfold import keys, pagezip
from fanfold.errors import OutOfMemory
from fanfold.model import Options, Reason, State
from tests.fakes.house import House
from tests.fakes.world import PICTURE


@pytest.fixture
def house(tmp_path):
    house = House(tmp_path)
    house.reader.doubtful.add("one")
    return house


@pytest.fixture
def left(house):
    """Let the ordinary lane read a page and leave it to the heavy one."""
    event, body = house.page_message()
    house.read(body)
    assert house.heavy_queue.bodies == [body]
    return house.document(event), body


def mark(house, document):
    return house.store.shard(document.id, 0).done.get(1)


def files(house, document):
    return pagezip.unpack(house.objects.get(keys.page_result(document.id, 1, 1)))


def result(house, document):
    return json.loads(files(house, document).result)


def test_a_page_that_is_left_has_no_mark_and_no_result_yet(house, left):
    document, _ = left
    assert mark(house, document) is None
    assert house.objects.get(keys.page_result(document.id, 1, 1)) is None


def test_the_heavy_lane_goes_on_with_what_was_read(house, left):
    document, body = left
    house.read(body, heavy=True)
    assert mark(house, document).confidence == 99
    assert result(house, document)["confidence"] == 99


def test_the_first_reading_stands_where_the_heavy_lane_fails(house, left):
    document, body = left
    house.reader.errors["one"] = OutOfMemory()
    house.read(body, heavy=True)
    assert mark(house, document).confidence == 50
    assert result(house, document)["confidence"] == 50
    assert files(house, document).layer == b"layer of one"


def test_it_stands_where_the_heavy_worker_died(house, left):
    document, body = left
    house.store.mark_heavy(document.id, 1, 1, house.clock.now())
    house.clock.pass_seconds(3600)
    house.lose("heavy", body)
    assert mark(house, document).confidence == 50
    house.settle()
    assert house.store.get(document.id).state is State.SUCCEEDED


def test_it_stands_where_a_second_delivery_finds_the_worker_dead(house, left):
    document, body = left
    house.store.mark_heavy(document.id, 1, 1, house.clock.now())
    house.clock.pass_seconds(3600)
    house.read(body, attempt=2, heavy=True)
    assert mark(house, document).confidence == 50


def test_what_another_run_has_read_does_not_stand(house, left):
    document, body = left
    assert house.store.fail(document, Reason("STALLED", "It stood still."), watched=False)
    assert house.store.rerun(document.id, 1, document.options, "1", house.clock.now()).run == 2
    house.lose("heavy", body)
    assert house.store.shard(document.id, 0).done == {}


def test_a_page_that_nobody_has_read_fails_as_before(house):
    event, body = house.page_message()
    house.reader.errors["one"] = OutOfMemory()
    house.read(body)
    house.read(body, heavy=True)
    document = house.document(event)
    assert house.store.shard(document.id, 0).failed[1].code == OutOfMemory.code


def test_its_picture_stands_too(tmp_path):
    house = House(tmp_path)
    house.reader.doubtful.add("one")
    house.defaults = Options(pictures=True)
    event, body = house.page_message()
    house.read(body)
    document = house.document(event)
    house.reader.errors["one"] = OutOfMemory()
    house.read(body, heavy=True)
    assert files(house, document).picture == PICTURE


def test_a_whole_document_is_read_in_both_lanes(house):
    document = house.read_document("a.pdf", "one\ntwo")
    assert document.state is State.SUCCEEDED
    marks = house.store.shard(document.id, 0).done
    assert {page: done.confidence for page, done in marks.items()} == {1: 99, 2: 90}
    assert house.reader.read_pages == [1, 2, 1]
