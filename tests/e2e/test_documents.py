from __future__ import annotations

import json
import subprocess

import httpx
import pytest

from client.errors import Refused
from fanfold.model import Output, State
from tests.data import prose
from tests.data.samples import SAMPLES
from tests.e2e.accuracy import recall
from tests.e2e.conftest import wait_for

READABLE = [name for name, sample in SAMPLES.items() if sample.pages and not sample.failed]
REFUSED = [name for name, sample in SAMPLES.items() if sample.error]


@pytest.fixture(scope="module")
def scan(reader, samples):
    return reader.read(samples / "scan.pdf")


@pytest.mark.parametrize("name", READABLE)
def test_a_readable_document_ends_with_all_its_words(reader, samples, name):
    status = reader.read(samples / name)

    assert status.state is State.SUCCEEDED, status
    assert status.pages.done == status.pages.total == len(SAMPLES[name].pages)
    assert recall(SAMPLES[name].words, reader.text(status)) >= 0.95


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_read_ends_with_its_reason_within_seconds(reader, samples, name):
    status = reader.wait(reader.submit(samples / name), seconds=15)

    assert (status.state, status.reason.code) == (State.FAILED, SAMPLES[name].error)


def test_pages_stand_in_order_apart_by_form_feeds(reader, scan):
    pages = reader.text(scan).rstrip("\f\n").split("\f")

    truth = SAMPLES["scan.pdf"].pages
    assert len(pages) == len(truth)
    assert all(recall([text], page) >= 0.95 for text, page in zip(truth, pages, strict=True))


def test_words_carry_boxes_inside_their_page(reader, scan):
    document = json.loads(reader.result(scan, Output.JSON))

    for page in document["pages"]:
        words = [w for b in page["blocks"] for line in b["lines"] for w in line["words"]]
        assert words
        for word in words:
            x0, y0, x1, y1 = word["box"]
            assert 0 <= x0 < x1 <= page["width"]
            assert 0 <= y0 < y1 <= page["height"]


def test_the_searchable_pdf_looks_like_the_original_and_can_be_searched(
    reader, samples, scan, tmp_path
):
    searchable = tmp_path / "searchable.pdf"
    searchable.write_bytes(reader.result(scan, Output.PDF))

    subprocess.run(["qpdf", "--check", searchable], check=True, capture_output=True)
    text = subprocess.run(["pdftotext", searchable, "-"], check=True, capture_output=True)
    assert recall(SAMPLES["scan.pdf"].words, text.stdout.decode()) >= 0.95
    assert drawn(searchable) == drawn(samples / "scan.pdf")


def drawn(path):
    command = ["pdftoppm", "-r", "50", "-gray", path]
    return subprocess.run(command, check=True, capture_output=True).stdout


def test_each_page_is_read_in_its_own_way(reader, samples):
    status = reader.read(samples / "mixed.pdf")

    sources = [reader.service.page(status.id, n)["source"] for n in (1, 2, 3)]
    assert sources == ["native", "ocr", "blank"]


def test_only_chosen_pages_are_read_and_keep_their_numbers(reader, samples):
    status = reader.read(samples / "scan.pdf", pages="2,4-end", outputs=["txt", "json"])

    document = json.loads(reader.result(status, Output.JSON))
    assert [page["page"] for page in document["pages"]] == [2, 4]
    assert status.results == (Output.TEXT, Output.JSON)


def test_a_failed_page_keeps_its_place_and_names_its_reason(reader, samples):
    sample = SAMPLES["one-bad-page.pdf"]

    status = reader.read(samples / sample.name)

    assert status.state is State.PARTIAL
    assert [(p.number, p.reason.code) for p in status.failed_pages] == list(sample.failed)
    before, failed, after = reader.text(status).rstrip("\f\n").split("\f")
    assert failed.strip() == "--- page 2 [failed: PIXELS_EXCEEDED] ---"
    assert recall([sample.pages[0]], before) == recall([sample.pages[2]], after) == 1


def test_a_page_can_be_read_before_its_document_ends(reader, samples):
    document = reader.submit(samples / "scan.pdf", mode="ocr")

    def first_page():
        status = reader.service.status(document)
        assert status.state.live, "the document ended before a page was seen"
        return status.pages.done and next(filter(None, map(result, range(1, 5))), None)

    def result(number):
        try:
            return reader.service.page(document, number)
        except Refused as error:
            assert error.code == "NOT_READY"
            return None

    page = wait_for(first_page)
    assert page["blocks"]
    assert reader.wait(document).state is State.SUCCEEDED


def test_a_document_is_waited_for(reader, place, samples):
    document = reader.submit(samples / "photo.jpg")
    answers = []

    def ended() -> bool:
        answers.append(
            httpx.get(f"{place.api_url}/v1/documents/{document}?wait=20", timeout=30).json()
        )
        return answers[-1]["state"] == "SUCCEEDED"

    wait_for(ended)
    assert len(answers) <= 3


def test_a_locked_document_is_read_with_its_password(reader, place, samples):
    path = samples / "locked-user.pdf"
    document = reader.submit(path, password="ebb")
    assert reader.wait(document).reason.code == "PASSWORD_REQUIRED"

    assert reader.service.unlock(document, "tide") is State.QUEUED
    told = [reader.wait(document), reader.read(path, password="tide")]
    for status in told:
        assert recall([prose.INVOICE], reader.text(status)) >= 0.95
        assert reader.result(status, Output.PDF).startswith(b"%PDF")
    assert not [key for key in place.objects() if "secrets" in key]


def test_a_dropped_file_gets_its_results_in_the_outbox_under_the_same_path(place, samples):
    path, forms = "letters/Größe + 100% (1).pdf", ("json", "md", "pdf", "txt")
    place.drop(samples / "native.pdf", path)

    def delivered():
        found = place.outbox("letters")
        return found if len(found) == len(forms) else None

    assert wait_for(delivered) == [f"{path}.{form}" for form in forms]
    assert recall(SAMPLES["native.pdf"].words, place.delivered(f"{path}.txt")) == 1


def test_a_file_can_be_the_body_of_the_request(reader, place, samples):
    answer = httpx.post(
        f"{place.api_url}/v1/documents",
        params={"name": "page.png", "pages": "1"},
        content=(samples / "page.png").read_bytes(),
        headers={"Content-Type": "image/png"},
    )

    assert answer.status_code == 202
    status = reader.wait(answer.json()["id"])
    assert (status.name, status.state) == ("page.png", State.SUCCEEDED)


def test_a_file_can_be_a_field_of_a_form(reader, place, samples):
    answer = httpx.post(
        f"{place.api_url}/v1/documents",
        data={"languages": "eng", "pages": "1-end"},  # as nobody asked before: read, not reused
        files={"file": ("Größe + 100% (1).pdf", (samples / "native.pdf").read_bytes())},
    )

    assert answer.status_code == 202
    status = reader.wait(answer.json()["id"])
    assert (status.name, status.state) == ("Größe + 100% (1).pdf", State.SUCCEEDED)


def test_the_same_bytes_with_the_same_options_are_answered_at_once(reader, place, samples):
    def send():
        return httpx.post(
            f"{place.api_url}/v1/documents?mode=native",
            content=(samples / "native.pdf").read_bytes(),
            headers={"Content-Type": "application/pdf"},
        )

    first = send()
    assert first.status_code == 202
    reader.wait(first.json()["id"])
    again = send()
    assert (again.status_code, again.json()["id"]) == (200, first.json()["id"])


def test_a_page_is_read_anew_in_another_way(reader, samples):
    before = reader.read(samples / "native.pdf")
    service = reader.service

    assert service.retry(before.id, "1", {"mode": "ocr"}) is State.PROCESSING
    after = reader.wait(before.id)

    assert after.state is State.SUCCEEDED
    assert service.page(before.id, 1)["source"] == "ocr"


def test_a_cancelled_document_ends_there(reader, samples):
    document = reader.service.submit(samples / "native.pdf", {"mode": "ocr"})

    assert reader.service.cancel(document) is State.CANCELLED
    assert reader.wait(document).state is State.CANCELLED


def test_a_deleted_document_is_out_of_sight_at_once(reader, place, samples):
    status = reader.read(samples / "native.pdf")

    assert httpx.delete(f"{place.api_url}/v1/documents/{status.id}").status_code == 202

    with pytest.raises(Refused) as caught:
        reader.service.status(status.id)
    assert caught.value.code == "NOT_FOUND"


def test_the_list_names_the_newest_first(reader, samples):
    first = reader.read(samples / "native.pdf")
    second = reader.read(samples / "empty.pdf")

    ids = [document.id for document in reader.service.listing(limit=2).documents]
    assert ids == [second.id, first.id]


@pytest.mark.parametrize(
    ("options", "code"),
    [
        ({"languages": "xyz"}, "UNKNOWN_LANGUAGE"),
        ({"pages": "3-1"}, "INVALID_PAGE_RANGE"),
        ({"colour": "red"}, "INVALID_REQUEST"),
    ],
)
def test_a_wrong_option_is_refused_before_any_work(reader, samples, options, code):
    with pytest.raises(Refused) as caught:
        reader.submit(samples / "native.pdf", **options)

    assert caught.value.code == code
