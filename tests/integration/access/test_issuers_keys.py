"""The keys of another issuer, fetched from a server of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest

from fanfold.access import Caller
from fanfold.jwts import JwtVerifier
from tests.unit.test_jwts import ISSUER, SET, signed


class Shown:
    """What the issuer's address answers, and how often it was asked."""

    def __init__(self) -> None:
        self.body, self.status, self.asked, self.url = SET.encode(), 200, 0, ""


@pytest.fixture
def shown() -> Iterator[Shown]:
    told = Shown()

    class Answers(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            told.asked += 1
            self.send_response(told.status)
            self.send_header("Location", f"{told.url}/elsewhere")
            self.end_headers()
            self.wfile.write(told.body)

        def log_message(self, *_: object) -> None: ...

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    told.url = f"http://127.0.0.1:{server.server_port}"
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield told
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def fetching(shown: Shown, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], Caller | None]:
    monkeypatch.setenv("NO_PROXY", "*")
    return JwtVerifier(replace(ISSUER, keys="", keys_url=f"{shown.url}/keys")).caller


def test_keys_are_fetched_once_and_strange_ids_cause_no_storm(shown, fetching) -> None:
    for _ in range(3):
        assert fetching(signed()) is not None
        assert fetching(signed(kid="strange")) is None
    assert shown.asked == 1


@pytest.mark.parametrize(
    ("status", "body"), [(500, b""), (302, b""), (200, b"{}"), (200, b"no json"), (200, b"[]")]
)
def test_an_issuer_that_cannot_be_asked_is_no_verdict_on_a_token(
    shown, fetching, status: int, body: bytes
) -> None:
    shown.status, shown.body = status, body
    with pytest.raises(ConnectionError):
        fetching(signed())
    shown.status, shown.body = 200, SET.encode()
    assert fetching(signed()) is not None  # and it is asked anew
