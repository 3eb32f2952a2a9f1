"""A Fanfold in memory that answers over httpx's own fake transport; no socket is opened."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

import httpx

from client.service import Service

API = "http://fanfold.test"
STORAGE = "http://storage.test"


@dataclass
class StandIn:
    """Plays back, per file name, the states a document goes through; the last one stays.

    Ids are places among the names: ``d`` and a number, or 32 hexadecimal digits.
    """

    lives: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    results: dict[str, bytes] = field(default_factory=dict)
    names: list[str] = field(default_factory=list)
    wishes: list[dict[str, Any]] = field(default_factory=list)
    uploads: list[bytes] = field(default_factory=list)
    looks: list[str] = field(default_factory=list)
    changes: list[tuple[str, str, Any]] = field(default_factory=list)
    faults: list[httpx.Response] = field(default_factory=list)

    def service(self) -> Service:
        return Service(API, transport=httpx.MockTransport(self.answer))

    def answer(self, request: httpx.Request) -> httpx.Response:
        if self.faults:
            return self.faults.pop(0)
        if request.url.host == "storage.test":
            return self._store(request)
        if request.method != "GET" and request.url.path != "/v1/documents":
            return self._change(request)
        if request.method == "POST":
            return self._create(json.loads(request.content))
        if request.url.path.endswith("/result"):
            form = request.url.params["format"]
            return httpx.Response(303, headers={"location": f"{STORAGE}/{form}"})
        return self._list() if request.url.path == "/v1/documents" else self._tell(request)

    def _tell(self, request: httpx.Request) -> httpx.Response:
        return self._describe(request.url.path.rpartition("/")[2])

    def _list(self) -> httpx.Response:
        told = [
            {"id": f"{place:032x}", "name": name} | self.lives[name][0]
            for place, name in enumerate(self.names)
        ]
        return httpx.Response(200, json={"documents": told[::-1], "cursor": None})

    def _change(self, request: httpx.Request) -> httpx.Response:
        what = request.url.path.removeprefix("/v1/documents/")
        self.changes.append((request.method, what, json.loads(request.content or b"null")))
        state = "CANCELLED" if what.endswith("/cancel") else "PROCESSING"
        if request.method == "DELETE":
            state = "DELETED"
        return httpx.Response(202, json={"id": what.partition("/")[0], "state": state})

    def _create(self, wish: dict[str, Any]) -> httpx.Response:
        self.wishes.append(wish)
        self.names.append(wish["name"])
        form = {"url": STORAGE, "fields": {"key": "k"}, "expires_at": 0}
        return httpx.Response(201, json={"id": f"d{len(self.names) - 1}", "upload": form})

    def _store(self, request: httpx.Request) -> httpx.Response:
        if request.method == "POST":
            self.uploads.append(request.read())
            return httpx.Response(204)
        return httpx.Response(200, content=self.results[request.url.path.strip("/")])

    def _describe(self, document: str) -> httpx.Response:
        self.looks.append(document)
        name = self.names[int(document.removeprefix("d"), 16)]
        life = self.lives[name]
        now = life.pop(0) if len(life) > 1 else life[0]
        return httpx.Response(200, json={"id": document, "name": name} | now)


def error(status: int, code: str, *, retryable: bool = False) -> httpx.Response:
    body = {"code": code, "message": "No.", "retryable": retryable}
    return httpx.Response(status, json={"error": body})


def pages(done: int, total: int, failed: int = 0) -> dict[str, int]:
    return {"total": total, "done": done, "failed": failed, "waiting": total - done - failed}


SUCCEEDED = {"state": "SUCCEEDED", "pages": pages(1, 1), "results": ["txt", "json", "pdf"]}
EMPTY = {
    "state": "FAILED",
    "reason": {"code": "EMPTY_FILE", "message": "The file is empty (0 bytes).", "retryable": False},
    "pages": pages(0, 0),
    "results": [],
}
PARTIAL = {
    "state": "PARTIAL",
    "pages": pages(1, 2, failed=1),
    "page_states": [
        {"page": 1, "state": "done"},
        {
            "page": 2,
            "state": "failed",
            "error": {"code": "TIMEOUT", "message": "Too long.", "retryable": True},
        },
    ],
    "results": ["txt", "json"],
}
