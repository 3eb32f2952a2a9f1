from __future__ import annotations

from io import BytesIO

import httpx
import pytest

from client import service as module
from client.errors import Refused, Unreachable, Usage
from client.service import Service
from fanfold.model import Output, State
from tests.unit.client.service_stand_in import SUCCEEDED, StandIn, error, pages


@pytest.fixture(autouse=True)
def without_pauses(monkeypatch):
    monkeypatch.setattr(module, "_PAUSE", 0)


@pytest.fixture
def scan(tmp_path):
    path = tmp_path / "Größe + 100% (1).pdf"
    path.write_bytes(b"%PDF-1.7")
    return path


def test_a_file_goes_up_by_the_form_that_the_service_gave(scan):
    stand_in = StandIn()

    document = stand_in.service().submit(scan, {"languages": "eng"})

    assert document == "d0"
    assert stand_in.wishes == [{"name": scan.name, "size": 8, "options": {"languages": "eng"}}]
    (body,) = stand_in.uploads
    assert body.index(b'name="key"') < body.index(b"%PDF-1.7")


def test_a_status_is_read_with_its_failed_pages():
    stand_in = StandIn(lives={"a.pdf": [SUCCEEDED]}, names=["a.pdf"])

    found = stand_in.service().status("d0")

    assert (found.state, found.pages.done, found.results) == (
        State.SUCCEEDED,
        1,
        (Output.TEXT, Output.JSON, Output.PDF),
    )


def test_documents_are_retried_cancelled_and_deleted():
    stand_in = StandIn()
    service = stand_in.service()

    assert service.retry("d0", "3,7-9", {"mode": "ocr"}) is State.PROCESSING
    assert service.cancel("d0") is State.CANCELLED
    service.delete("d0")

    assert stand_in.changes == [
        ("POST", "d0/retry", {"pages": "3,7-9", "options": {"mode": "ocr"}}),
        ("POST", "d0/cancel", None),
        ("DELETE", "d0", None),
    ]


def test_a_result_is_fetched_from_where_the_service_points_to():
    stand_in = StandIn(results={"txt": b"words"})
    target = BytesIO()

    stand_in.service().fetch("d0", Output.TEXT, target)

    assert target.getvalue() == b"words"


def test_what_may_heal_is_tried_again():
    stand_in = StandIn(lives={"a.pdf": [SUCCEEDED]}, names=["a.pdf"])
    stand_in.faults = [error(503, "UNAVAILABLE", retryable=True)] * 3

    assert stand_in.service().status("d0").state is State.SUCCEEDED


def test_what_does_not_heal_ends_after_some_tries():
    stand_in = StandIn(faults=[error(503, "UNAVAILABLE", retryable=True)] * 99)

    with pytest.raises(Refused) as caught:
        stand_in.service().status("d0")

    assert caught.value.code == "UNAVAILABLE"
    assert len(stand_in.faults) == 99 - 5


def test_a_refusal_is_not_tried_again():
    stand_in = StandIn(faults=[error(404, "NOT_FOUND")] * 2)

    with pytest.raises(Refused, match="No"):
        stand_in.service().status("d0")

    assert len(stand_in.faults) == 1


def test_a_service_that_answered_before_may_come_back():
    stand_in = StandIn(lives={"a.pdf": [SUCCEEDED]}, names=["a.pdf"])
    client = stand_in.service()
    client.status("d0")
    stand_in.faults = [httpx.Response(502, text="Bad gateway")] * 2

    assert client.status("d0").state is State.SUCCEEDED


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (httpx.Response(403, json={"message": "Forbidden"}), "refuses these credentials"),
        (httpx.Response(404, text="<html>"), "does not answer like Fanfold"),
    ],
)
def test_a_service_that_is_not_ours_is_named(answer, words):
    stand_in = StandIn(faults=[answer])

    with pytest.raises(Unreachable, match=words):
        stand_in.service().status("d0")


def test_nobody_there_is_said_at_once():
    def refuse(request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("Connection refused", request=request)

    with pytest.raises(Unreachable, match=r"No answer from fanfold\.test: Connection refused"):
        Service("http://fanfold.test", transport=httpx.MockTransport(refuse)).status("d0")


def test_an_endpoint_that_is_no_address_is_wrong_usage():
    with pytest.raises(Usage, match="http://"):
        Service("localhost:8080")


def test_the_failed_pages_of_a_long_document_are_asked_for_once_it_has_ended():
    asked: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(str(request.url))
        told = {"id": "d", "state": "PARTIAL", "pages": pages(1_498, 1_500, failed=2)}
        following = {"": "1-1000", "1-1000": "1001-1500", "1001-1500": None}
        range_ = request.url.params.get("pages", "")
        failed = {"1-1000": [7], "1001-1500": [1_200]}.get(range_, [])
        told["page_states"] = [{"page": n, "state": "failed"} for n in failed]
        rest = following[range_]
        told["next"] = rest and f"/api/v1/documents/d?pages={rest}"
        return httpx.Response(200, json=told)

    service = Service("http://fanfold.test/api", transport=httpx.MockTransport(answer))
    assert [page.number for page in service.status("d").failed_pages] == [7, 1_200]
    assert asked == [
        f"http://fanfold.test/api/v1/documents/d{query}"
        for query in ("", "?pages=1-1000", "?pages=1001-1500")
    ]
