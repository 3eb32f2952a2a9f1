"""Waiting for news of a document, in front of an API that answers one request at a time."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlencode

from functions.api.answers import RETRY_AFTER
from functions.api.requests import MAXIMUM_WAIT

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

_AT_ONCE = 8
"""Maximum of requests that wait, each in a thread; who comes beyond them is told what is known."""
_LOOK_SECONDS = 0.2
_WAIT = "wait"
_STATUS = re.compile(r"/v1/documents/[^/]+")


class Told:
    """What an application says of its answer."""

    status = ""
    headers: list[tuple[str, str]]

    def __call__(self, status: str, headers: list[tuple[str, str]], *_: object) -> Any:  # noqa: ANN401
        """Take it down."""
        self.status, self.headers = status, headers
        return lambda data: None


class Waiting:
    """A WSGI application: asks another until there is news, or a request's time is over."""

    def __init__(self, application: WSGIApplication) -> None:
        self._application = application
        self._places = threading.Semaphore(_AT_ONCE)

    def __call__(self, environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        """Answer one request."""
        at_once, seconds = _parted(environ)
        if not seconds or not self._places.acquire(blocking=False):
            return self._application(at_once, start)
        try:
            return self._waited(at_once, start, time.monotonic() + seconds)
        finally:
            self._places.release()

    def _waited(
        self, environ: WSGIEnvironment, start: StartResponse, until: float
    ) -> Iterable[bytes]:
        while True:
            told = Told()
            body = list(self._application(environ, told))
            left = until - time.monotonic()
            if left <= 0 or _is_news(told, environ):
                start(told.status, told.headers)
                return body
            time.sleep(min(left, _LOOK_SECONDS))


def _parted(environ: WSGIEnvironment) -> tuple[WSGIEnvironment, int]:
    """Return a request without its wait, and that in seconds; as it is where it has none.

    What is no request for a status, or asks for a wait that there is not, is for the API to refuse.
    """
    path, _, query = environ["REQUEST_URI"].partition("?")
    if environ["REQUEST_METHOD"] not in ("GET", "HEAD") or not _STATUS.fullmatch(path):
        return environ, 0
    pairs = parse_qsl(query, keep_blank_values=True)
    waits = [value for name, value in pairs if name == _WAIT]
    if len(waits) != 1 or not waits[0].isdecimal() or not 1 <= int(waits[0]) <= MAXIMUM_WAIT:
        return environ, 0
    rest = urlencode([(name, value) for name, value in pairs if name != _WAIT])
    return {**environ, "REQUEST_URI": f"{path}?{rest}" if rest else path}, int(waits[0])


def _is_news(told: Told, environ: WSGIEnvironment) -> bool:
    """Whether an answer is worth telling: it is not that of a document that goes on as known."""
    goes_on = any(name == RETRY_AFTER for name, _ in told.headers)
    unchanged = told.status.startswith("304" if environ.get("HTTP_IF_NONE_MATCH") else "200")
    return not (goes_on and unchanged)
