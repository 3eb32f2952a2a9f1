"""The front of one machine: the API in this process, files by signed links, large bodies streamed.

Who asks from elsewhere than this machine shows a token. Who asks from here may show one.
"""

from __future__ import annotations

import io
import json
import threading
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from http import HTTPStatus
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl
from uuid import uuid4

from fanfold import __version__, bootstrap
from fanfold.access import EVERYTHING
from fanfold.disk.links import PATH
from fanfold.disk.objects import DiskObjects
from fanfold.model import Limits
from fanfold.stages.build import Parts
from functions.api import handler as api
from functions.authorize import handler as authorizer
from infra.http.gateway import Gateway
from infra.http.gateway import Limits as FrontLimits
from infra.http.serving import HEADERS
from infra.machine.files import Files, digest_of
from infra.machine.waiting import Told, Waiting
from infra.template.names import Place
from infra.template.routes import Authorizer, Route

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

_DOCUMENTS = "/v1/documents"
_FORM_BYTES = 1 << 20
"""What a form takes besides its file, at most."""


@dataclass(frozen=True, slots=True)
class Context:
    """What the API's function is told of its invocation."""

    aws_request_id: str
    memory_limit_in_mb: str = "0"


class Front:
    """A WSGI application: all that one machine answers.

    ``trusting``: without a token, too.
    """

    def __init__(
        self, objects: DiskObjects, routes: tuple[Route, ...], limits: Limits, *, trusting: bool
    ) -> None:
        self._objects = objects
        self._files = Files(objects)
        self._lock = threading.Lock()
        self._limits = limits
        most = limits.document_bytes + _FORM_BYTES
        bounds = FrontLimits(body_bytes=most, event_bytes=2 * most)
        # A token is looked up here in no time, so a revoked one is refused at once.
        routes = tuple(replace(one, authorizer=_asked_anew(one.authorizer)) for one in routes)
        trusted = EVERYTHING if trusting else None
        self._gateway = Gateway(routes, self._invoke, Place(aws_url=""), bounds, trusted)
        self._waiting = Waiting(self._gateway)

    def use(self, parts: Parts) -> None:
        """Answer from these parts from now on."""
        with self._lock:
            bootstrap.use(parts)

    def close(self) -> None:
        """Take no more requests."""
        self._gateway.close()

    def __call__(self, environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        """Answer one request."""
        path = environ["REQUEST_URI"].partition("?")[0]
        if path == "/health" and environ["REQUEST_METHOD"] in ("GET", "HEAD"):
            return _json(start, HTTPStatus.OK, {"status": "ok", "version": __version__})
        if path.startswith(PATH):
            return self._files(environ, start)
        if self._is_large_file(environ, path):
            return self._take_large(environ, start)
        return self._waiting(environ, start)

    def _invoke(self, function: str, event: object) -> object:
        """Call the API; one request at a time: its router holds the one at hand."""
        assert isinstance(event, dict)
        if event.get("type") == "TOKEN":
            return authorizer.handler(event, Context(uuid4().hex))  # type: ignore[arg-type]
        with self._lock:
            host = event["requestContext"]["domainName"]
            self._objects.links.base = f"http://{host}"
            return api.handler(event, Context(uuid4().hex))  # type: ignore[arg-type]

    def _is_large_file(self, environ: WSGIEnvironment, path: str) -> bool:
        """Whether the body is a file that is too large to be held in memory several times."""
        kind = environ.get("CONTENT_TYPE", "").partition(";")[0].strip().lower()
        length = int(environ.get("CONTENT_LENGTH") or 0)
        file = kind not in ("application/json", "multipart/form-data") and bool(kind)
        return (
            path == _DOCUMENTS
            and environ["REQUEST_METHOD"] == "POST"
            and file
            and Limits().body_bytes < length <= self._limits.document_bytes
        )

    def _take_large(self, environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        """Have the API make the document, and put the file where its form would lead."""
        stream = environ["wsgi.input"]
        query = dict(parse_qsl(environ["REQUEST_URI"].partition("?")[2], keep_blank_values=True))
        name = query.pop("name", None)
        wish = {
            "name": name,
            "size": int(environ["CONTENT_LENGTH"]),
            "sha256": digest_of(stream),
            "options": query,
        }
        told = Told()
        body = b"".join(self._gateway(_asking(environ, wish), told))
        answer: dict[str, Any] = json.loads(body or b"{}")
        form = answer.pop("upload", None)
        if form is None:
            start(told.status, told.headers)
            return [body]
        self._objects.put_stream(form["fields"]["key"], stream, environ["CONTENT_TYPE"])
        return _json(start, HTTPStatus.ACCEPTED, answer)


def _asking(environ: WSGIEnvironment, wish: Mapping[str, Any]) -> WSGIEnvironment:
    """Return a request like this one that asks for an upload form."""
    body = json.dumps(wish).encode()
    changed = {"content-type": "application/json", "content-length": str(len(body))}
    kept = [(n, v) for n, v in environ.get(HEADERS, []) if n.lower() not in changed]
    return {
        **environ,
        "REQUEST_URI": _DOCUMENTS,
        "CONTENT_TYPE": changed["content-type"],
        "CONTENT_LENGTH": changed["content-length"],
        "wsgi.input": io.BytesIO(body),
        HEADERS: [*kept, *changed.items()],
    }


def _json(start: StartResponse, status: HTTPStatus, value: Mapping[str, Any]) -> Iterable[bytes]:
    body = json.dumps(value).encode()
    length = ("Content-Length", str(len(body)))
    start(f"{int(status)} {status.phrase}", [("Content-Type", "application/json"), length])
    return [body]


def _asked_anew(asked: Authorizer | None) -> Authorizer | None:
    return replace(asked, seconds=0) if asked else None
