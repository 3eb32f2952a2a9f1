"""Webhooks of one machine, by the command and over HTTP, through a death of the service."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from standardwebhooks import Webhook as Receiver

from tests.data import documents
from tests.integration.machine.conftest import Service, until


class Target:
    """Somebody who is told; ``status`` is what it answers."""

    def __init__(self) -> None:
        self.got: list[tuple[dict[str, str], bytes]] = []
        self.status, self.url = 503, ""


@pytest.fixture
def target() -> Iterator[Target]:
    told = Target()

    class Answers(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            told.got.append((dict(self.headers), body))
            self.send_response(told.status)
            self.end_headers()

        def log_message(self, *_: object) -> None: ...

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    told.url = f"http://127.0.0.1:{server.server_address[1]}/in"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield told
    server.shutdown()
    thread.join()
    server.server_close()


def fanfold(service: Service, *words: str) -> str:
    around = {name: v for name, v in os.environ.items() if not name.startswith("FANFOLD_")}
    return subprocess.run(
        [sys.executable, "-m", "cli", "webhook", *words, "--endpoint", service.url],
        check=True, capture_output=True, text=True, env=around, timeout=60,
    ).stdout.strip()  # fmt: skip


def test_what_was_not_taken_is_sent_again_by_the_next_life_of_the_service(
    start, target: Target, tmp_path: Path
):
    service = start("--private-webhooks")
    secret = fanfold(service, "create", target.url, "--name", "ours")
    file = tmp_path / "letter.pdf"
    file.write_bytes(documents.native())
    document = service.send(file, mode="native")
    until(lambda: target.got)
    service.kill()
    service = start("--private-webhooks")
    assert "does not answer since" in until(
        lambda: (said := fanfold(service, "list")) and "since" in said and said
    )
    target.status = 204
    until(lambda: len(target.got) > 1)
    first, *others = [Receiver(secret).verify(body, headers) for headers, body in target.got]
    assert first["data"]["document"] == document
    assert first["data"]["state"] == "SUCCEEDED"
    assert all(other == first for other in others)
    assert len({headers["webhook-id"] for headers, _ in target.got}) == 1
    id_ = service.client.get("/v1/webhooks").json()["webhooks"][0]["id"]
    tried = until(lambda: (said := fanfold(service, "attempts", id_)) and "204" in said and said)
    assert "503, again at" in tried
    assert fanfold(service, "rotate", id_) != secret
    assert target.url in fanfold(service, "remove", id_)
    assert fanfold(service, "list") == "There are no webhooks."


def test_addresses_of_the_network_here_are_refused_unless_asked_for(start, tmp_path: Path):
    service = start()
    for url in ("http://127.0.0.1:1/", "https://192.168.1.1/", "https://localhost/"):
        answer = service.client.post("/v1/webhooks", json={"url": url})
        assert (answer.status_code, answer.json()["error"]["code"]) == (400, "INVALID_REQUEST")
