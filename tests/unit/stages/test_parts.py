"""Long documents are folded by parts: the same files, whoever dies, comes late or twice."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from fanfold import keys
from fanfold.errors import RenderFailed, Unavailable
from fanfold.messages import AssembleMessage, decode, encode
from fanfold.model import Document, Options, Output, State
from fanfold.stages import parts
from fanfold.stages.submit import Submission
from tests.fakes.house import House

PAGES = 34
TEXT = "\n".join(f"page {n}" for n in range(1, PAGES + 1))
EVERYTHING = Options(outputs=tuple(Output))


@pytest.fixture
def short_parts(monkeypatch) -> None:
    """Parts of ten pages: 1 to 9, 10 to 19, 20 to 29, 30 to 34."""
    monkeypatch.setattr(parts, "PART_PAGES", 10)


def ready(house: House, options: Options = EVERYTHING, text: str = TEXT) -> Document:
    """Bring a document to where its assembly is asked for."""
    house.reader.errors["page 12"] = RenderFailed()
    document, form = house.api.submit("default", Submission("long.pdf", options))
    assert form
    house.admit(house.put(form.fields["key"], text))
    for body in house.split_queue.take():
        house.split(body)
    for body in house.page_queue.take():
        house.read(body)
    return document


def results(house: House, document: Document) -> dict[str, bytes]:
    prefix = f"results/{document.id}/"
    return {
        key.rpartition("/")[2]: (house.objects.get(key) or b"").replace(document.id.encode(), b"ID")
        for key in house.objects.list_keys(prefix)
    }


def asked(house: House) -> list[int | None]:
    return [decode(AssembleMessage, body).part for body in house.assemble_queue.bodies]


def test_the_files_are_those_of_a_document_that_is_folded_in_one_go(tmp_path: Path, monkeypatch):
    found = []
    for size in (1_000, 10):
        monkeypatch.setattr(parts, "PART_PAGES", size)
        house = House(tmp_path / str(size))
        document = ready(house)
        house.settle()
        ended = house.store.get(document.id)
        assert ended
        assert (ended.state, ended.pages_done, ended.pages_failed) == (State.PARTIAL, 33, 1)
        found.append(results(house, document))
    assert set(found[0]) == {*keys.RESULT_FILES.values(), keys.MANIFEST}
    whole, parted = found
    packed = keys.RESULT_FILES[Output.ZIP]  # of files that name the document
    for name in set(whole) - {keys.MANIFEST, packed}:
        assert whole[name] == parted[name], name
    one, other = (json.loads(each[keys.MANIFEST])["files"] for each in found)
    assert [file["name"] for file in one] == [file["name"] for file in other]


@pytest.mark.usefixtures("short_parts")
def test_a_long_document_is_folded_by_its_parts_and_then_as_a_whole(house: House):
    document = ready(house)
    (body,) = house.assemble_queue.take()
    house.assemble(body)
    assert asked(house) == [0, 1, 2, 3]
    for body in house.assemble_queue.take():
        house.assemble(body)
    assert asked(house) == [None]
    house.settle()
    assert house.store.get(document.id).state is State.PARTIAL


@pytest.mark.usefixtures("short_parts")
def test_parts_are_folded_once_in_any_order_and_the_last_one_asks_for_the_whole(house: House):
    document = ready(house)
    house.assemble_queue.take()

    def fold(part: int) -> None:
        house.assemble(encode(AssembleMessage(document.id, 1, part)))

    for part in (3, 1, 3, 0):
        fold(part)
        assert asked(house) == []
    puts = house.objects.puts
    fold(1)
    fold(77)  # of no part
    assert house.objects.puts == puts
    fold(2)
    fold(2)  # the one who folded it may have died before it asked
    assert asked(house) == [None, None]
    house.settle()
    assert house.store.get(document.id).state is State.PARTIAL


@pytest.mark.usefixtures("short_parts")
def test_a_part_whose_folding_broke_off_is_folded_by_the_next_delivery(house: House):
    document = ready(house)
    house.assemble(house.assemble_queue.take()[0])
    first, *others = house.assemble_queue.take()
    house.objects.broken = Unavailable()
    with pytest.raises(Unavailable):
        house.assemble(first)
    house.objects.broken = None
    for body in others:
        house.assemble(body)
    assert asked(house) == []
    house.assemble(first, attempt=2)
    house.settle()
    assert house.result(house.store.get(document.id), Output.TEXT).count("\f") == PAGES - 1


@pytest.mark.usefixtures("short_parts")
def test_parts_that_got_lost_are_asked_for_by_the_sweep(house: House):
    document = ready(house)
    house.assemble(house.assemble_queue.take()[0])
    house.assemble(house.assemble_queue.take()[1])
    house.clock.pass_seconds(3_601)
    house.sweep()
    (body,) = house.assemble_queue.take()
    house.assemble(body)
    assert asked(house) == [0, 2, 3]
    house.settle()
    assert house.store.get(document.id).state is State.PARTIAL


@pytest.mark.usefixtures("short_parts")
def test_a_page_whose_result_is_gone_is_lost_in_all_that_is_made_of_parts(house: House):
    document = ready(house, Options(outputs=(Output.TEXT, Output.PDF)))
    house.objects.delete(keys.page_result(document.id, 1, 25))
    house.settle()
    ended = house.store.get(document.id)
    assert (ended.pages_done, ended.pages_failed) == (32, 2)
    text = house.result(ended, Output.TEXT).split("\f")
    assert text[24] == "--- page 25 [failed: PAGE_LOST] ---\n"
    assert "25:layer" not in house.result(ended, Output.PDF)
    assert "26:layer" in house.result(ended, Output.PDF)


@pytest.mark.usefixtures("short_parts")
def test_a_later_run_folds_parts_of_its_own_and_late_workers_write_none(house: House):
    document = ready(house)
    house.assemble(house.assemble_queue.take()[0])
    late = house.assemble_queue.bodies[0]
    house.settle()
    house.reader.errors.clear()
    house.api.retry("default", document.id, "", {})
    house.assemble(late)
    assert not list(house.objects.list_keys(keys.parts(document.id, 2)))
    house.settle()
    ended = house.store.get(document.id)
    assert (ended.state, ended.results_run) == (State.SUCCEEDED, 2)
    assert "page 12" in house.result(ended, Output.TEXT)


@pytest.mark.usefixtures("short_parts")
@pytest.mark.parametrize("pages", [30, 90])
def test_what_a_part_reads_does_not_grow_with_the_document(house: House, pages: int, monkeypatch):
    document = ready(house, text="\n".join(f"page {n}" for n in range(1, pages + 1)))
    read, get_many = list[str](), house.objects.get_many

    def noted(wanted):
        return get_many(key for key in wanted if not read.append(key))

    monkeypatch.setattr(house.objects, "get_many", noted)
    house.assemble(encode(AssembleMessage(document.id, 1, 2)))
    assert len(read) == 10  # what its pages left
