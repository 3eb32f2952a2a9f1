"""The main job over fakes: a document in, its results out."""

from __future__ import annotations

import json

import pytest

from fanfold.errors import OutOfMemory, PageTimeout, RenderFailed, Unavailable
from fanfold.messages import AssembleMessage, PageMessage, encode
from fanfold.model import Options, Output, State
from tests.fakes.house import House

THREE = "one\ntwo\nthree"


def test_a_document_comes_out_with_every_page_in_order(house: House):
    document = house.read_document("letters/a.pdf", THREE)
    assert (document.state, document.pages_done, document.pages_failed) == (State.SUCCEEDED, 3, 0)
    assert house.result(document, Output.TEXT) == "one\n\ftwo\n\fthree\n"
    assert [page["page"] for page in json.loads(house.result(document, Output.JSON))["pages"]] == [
        1,
        2,
        3,
    ]
    grafted = "[1:layer of one,2:layer of two,3:layer of three]"
    assert house.result(document, Output.PDF) == f"{THREE}\n{grafted}"
    manifest = json.loads(house.objects.get(f"results/{document.id}/1/manifest.json"))
    assert [file["name"] for file in manifest["files"]] == [
        "document.json",
        "document.md",
        "document.pdf",
        "text.txt",
    ]


def test_results_of_dropped_files_lie_in_the_outbox_under_the_same_path(house: House):
    house.read_document("letters/Größe + 100% (1).pdf", THREE)
    outbox = [key for key in house.objects.keys if key.startswith("outbox/")]
    assert outbox == [
        f"outbox/letters/Größe + 100% (1).pdf.{end}" for end in ("json", "md", "pdf", "txt")
    ]


def test_temporary_files_are_gone_afterwards(house: House):
    house.read_document("a.pdf", THREE)
    assert list(house.temporary.iterdir()) == []


def test_a_failed_page_keeps_its_place_and_names_its_reason(house: House):
    house.reader.errors["two"] = RenderFailed()
    document = house.read_document("a.pdf", THREE)
    assert (document.state, document.pages_done, document.pages_failed) == (State.PARTIAL, 2, 1)
    text = house.result(document, Output.TEXT)
    assert text == "one\n\f--- page 2 [failed: RENDER_FAILED] ---\n\fthree\n"


def test_a_page_that_cannot_be_cut_does_not_stop_the_others(house: House):
    document = house.read_document("a.pdf", "one\nBROKEN\nthree")
    assert document.state is State.PARTIAL
    assert "--- page 2 [failed: PAGE_UNREADABLE] ---" in house.result(document, Output.TEXT)


def test_a_document_whose_every_page_is_broken_fails_with_what_they_have_in_common(house: House):
    document = house.read_document("a.pdf", "BROKEN\nBROKEN")
    assert (document.state, document.reason.code) == (State.FAILED, "PAGE_UNREADABLE")


def test_pages_that_fail_for_different_reasons_make_a_document_that_says_so(house: House):
    house.reader.errors["two"] = RenderFailed()
    document = house.read_document("a.pdf", "BROKEN\ntwo")
    assert (document.state, document.reason.code) == (State.FAILED, "ALL_PAGES_FAILED")


def test_a_page_that_needs_more_memory_is_read_in_the_heavy_lane(house: House):
    event = house.drop("a.pdf", THREE)
    house.admit(event)
    house.split(house.split_queue.take()[0])
    house.reader.errors["two"] = OutOfMemory()
    for body in house.page_queue.take():
        house.read(body)
    assert house.heavy_queue.bodies == [encode(PageMessage(house.document(event).id, 1, 2))]
    house.reader.errors.clear()
    house.settle()
    assert house.document(event).state is State.SUCCEEDED


def test_a_page_that_is_too_much_for_the_heavy_lane_fails_with_its_reason(house: House):
    house.reader.errors["two"] = PageTimeout()
    document = house.read_document("a.pdf", THREE)
    assert document.state is State.PARTIAL
    assert "--- page 2 [failed: TIMEOUT] ---" in house.result(document, Output.TEXT)


def test_a_page_whose_heavy_worker_died_is_not_tried_again(house: House):
    event, body = house.page_message()
    document = house.document(event)
    house.store.mark_heavy(document.id, 1, 1, house.clock.now())  # and died before its mark
    house.clock.pass_seconds(30 * 60)
    house.read(body, attempt=2, heavy=True)
    assert house.reader.read_pages == []
    house.settle()
    after = house.document(event)
    assert (after.state, after.reason.code) == (State.FAILED, "WORKER_KILLED")


def test_a_second_message_for_a_page_under_way_in_the_heavy_lane_leaves_it_alone(house: House):
    event, body = house.page_message()
    house.store.mark_heavy(house.document(event).id, 1, 1, house.clock.now())
    house.clock.pass_seconds(60)
    house.read(body, attempt=1, heavy=True)
    assert house.store.shard(house.document(event).id, 0).waiting == (1,)


def test_a_duplicate_does_not_fail_the_page_that_its_twin_is_reading_in_the_heavy_lane(
    house: House,
):
    event, body = house.page_message()
    read = house.reader.read

    def twins_come_meanwhile(*arguments):
        house.clock.pass_seconds(4 * 60)
        for lose in (
            lambda: house.read(body, attempt=2, heavy=True),
            lambda: house.lose("heavy", body),
        ):
            with pytest.raises(Unavailable):
                lose()
        return read(*arguments)

    house.reader.read = twins_come_meanwhile
    house.read(body, heavy=True)
    house.settle()
    assert house.document(event).state is State.SUCCEEDED


def test_where_a_message_is_with_one_worker_at_a_time_its_return_is_the_proof_of_a_death(
    house: House,
):
    event, body = house.page_message()
    house.store.mark_heavy(house.document(event).id, 1, 1, house.clock.now())
    house.exclusive = True
    house.clock.pass_seconds(1)
    house.read(body, attempt=2, heavy=True)
    house.settle()
    assert house.document(event).reason.code == "WORKER_KILLED"


def test_only_the_selected_pages_are_read(house: House):
    house.defaults = Options(pages="2-end")
    document = house.read_document("a.pdf", THREE)
    assert (document.document_pages, document.pages_total) == (3, 2)
    assert house.result(document, Output.TEXT) == "two\n\fthree\n"
    # The searchable PDF keeps all pages of the original.
    assert house.result(document, Output.PDF) == f"{THREE}\n[2:layer of two,3:layer of three]"


def test_the_data_of_a_language_is_fetched_once_per_worker(house: House):
    house.objects.put("tessdata/fra.traineddata", b"data", "application/octet-stream")
    house.defaults = Options(languages="eng+fra")
    document = house.read_document("a.pdf", THREE)
    assert document.state is State.SUCCEEDED
    assert house.reader.languages == {"eng", "deu", "fra"}


def test_a_language_whose_data_is_gone_fails_the_page_with_that_reason(house: House):
    house.defaults = Options(languages="fra")
    document = house.read_document("a.pdf", "one")
    assert document.reason.code == "LANGUAGE_MISSING"


def test_a_language_that_is_found_out_is_fetched_and_told(house: House):
    house.objects.put("tessdata/fra.traineddata", b"data", "application/octet-stream")
    house.reader.found_out = "fra"
    house.defaults = Options(languages="auto")
    document = house.read_document("a.pdf", THREE)
    told = json.loads(house.result(document, Output.JSON))
    assert document.state is State.SUCCEEDED
    assert house.reader.languages == {"eng", "deu", "fra"}
    assert told["document"]["languages"] == {"fra": 3}
    assert house.reader.spent == [7.0, 0.0, 0.0]
    assert told["document"]["options"]["languages"] == "auto"
    assert [page["languages"] for page in told["pages"]] == ["fra"] * 3


def test_languages_that_were_given_are_not_told_as_found_out(house: House):
    document = house.read_document("a.pdf", THREE)
    assert json.loads(house.result(document, Output.JSON))["document"]["languages"] == {}


def test_only_the_outputs_asked_for_are_made(house: House):
    house.defaults = Options(outputs=(Output.TEXT,))
    document = house.read_document("a.pdf", THREE)
    assert document.results == (Output.TEXT,)


def test_image_documents_become_a_pdf_of_their_frames(house: House):
    house.tool.media_type = "image/tiff"
    document = house.read_document("a.tif", "one\nBROKEN\nthree")
    pdf = house.result(document, Output.PDF)
    assert pdf == "one\nthree\n[1:layer of one,2:layer of three]"
    assert house.tool.spent[0] > 0  # wrapping them anew is of the time that the PDF has


def test_a_document_of_many_shards_completes_whatever_the_order(house: House):
    event = house.drop("a.pdf", "\n".join(f"page{n}" for n in range(1, 251)))
    house.admit(event)
    splits = house.split_queue.take()
    assert len(splits) == 3
    for body in reversed(splits):
        house.split(body)
    for body in reversed(house.page_queue.take()):
        house.read(body)
    house.settle()
    document = house.document(event)
    assert (document.state, document.pages_done) == (State.SUCCEEDED, 250)
    text = house.result(document, Output.TEXT)
    assert text.replace("\n", "").split("\f") == [f"page{n}" for n in range(1, 251)]


def test_a_page_result_that_is_gone_counts_as_lost(house: House):
    event = house.drop("a.pdf", THREE)
    house.admit(event)
    house.split(house.split_queue.take()[0])
    for body in house.page_queue.take():
        house.read(body)
    document = house.document(event)
    house.objects.delete(f"pages/{document.id}/1/00002.zip")
    house.settle()
    after = house.document(event)
    assert (after.state, after.pages_done, after.pages_failed) == (State.PARTIAL, 2, 1)
    text = house.result(after, Output.TEXT)
    assert text == "one\n\f--- page 2 [failed: PAGE_LOST] ---\n\fthree\n"
    assert json.loads(house.result(after, Output.JSON))["document"]["state"] == "PARTIAL"


def test_a_stage_that_cannot_send_raises_so_that_it_is_delivered_again(house: House):
    event = house.drop("a.pdf", THREE)
    house.split_queue.broken = Unavailable()
    try:
        house.admit(event)
    except Unavailable:
        pass
    else:
        raise AssertionError("the failure was swallowed")
    house.split_queue.broken = None
    house.admit(event)
    house.settle()
    assert house.document(event).state is State.SUCCEEDED


def test_messages_of_a_deleted_document_do_nothing(house: House):
    event = house.drop("a.pdf", THREE)
    house.admit(event)
    document = house.document(event)
    house.store.delete(document.id, 0)
    house.settle()
    house.assemble(encode(AssembleMessage(document.id, 1)))
    assert house.reader.read_pages == []
    assert not any(key.startswith("results/") for key in house.objects.keys)
