"""Textract's protocol, AWS JSON 1.1, in front of an application."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterable
from http import HTTPStatus
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from infra.textract import requests
from infra.textract.errors import TextractError
from infra.textract.stores import Store

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

    from infra.textract.operations import Operations

_TARGET = "HTTP_X_AMZ_TARGET"
_MEDIA_TYPE = "application/x-amz-json-1.1"


class Endpoint:
    """A WSGI application: answers what is meant for Textract, and lets others have the rest.

    ``url`` is where the service listens whose HTTP API reads the documents; ``temporary`` a folder
    for files that somebody empties after a death, by default the system's.
    """

    def __init__(
        self, application: WSGIApplication, url: str, store: Store, temporary: Path | None = None
    ) -> None:
        self._application, self._url, self._store = application, url, store
        self._temporary = temporary
        self._lock = threading.Lock()
        self._operations: Operations | None = None

    def close(self) -> None:
        """Take no more requests."""
        if self._operations:
            self._operations.close()

    def __call__(self, environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        """Answer one request."""
        target = environ.get(_TARGET, "")
        if environ["REQUEST_METHOD"] != "POST" or not target.startswith(requests.TARGET):
            return self._application(environ, start)
        try:
            asked = requests.read(target, environ["wsgi.input"].read())
            return _answer(start, HTTPStatus.OK, self._all()(asked))
        except TextractError as error:
            told = {"__type": error.name, "message": str(error)}
            return _answer(start, error.status, told)

    def _all(self) -> Operations:
        from infra.textract.operations import Operations  # noqa: PLC0415 - 11 MB of a client

        with self._lock:
            if self._operations is None:
                self._operations = Operations(self._url, self._store, self._temporary)
            return self._operations


def _answer(start: StartResponse, status: HTTPStatus, value: Any) -> Iterable[bytes]:  # noqa: ANN401
    body = json.dumps(value, ensure_ascii=False).encode()
    start(
        f"{int(status)} {status.phrase}",
        [
            ("Content-Type", _MEDIA_TYPE),
            ("Content-Length", str(len(body))),
            ("x-amzn-RequestId", str(uuid4())),
        ],
    )
    return [body]
