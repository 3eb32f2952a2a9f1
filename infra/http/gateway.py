"""API Gateway on loopback: routes, limits and errors between HTTP and the functions."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as NoAnswer
from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING
from urllib.parse import unquote

from infra.http import PAYLOAD_BYTES
from infra.http.authorizers import Authorizers, Holder
from infra.http.proxy import Event, MalformedAnswer, Match, http_answer, proxy_event
from infra.http.refusals import Refusal, Refused, answer
from infra.http.serving import HEADERS, BodyTooLarge, Headers, read_body
from infra.template.names import Place
from infra.template.routes import Route

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

logger = logging.getLogger(__name__)

BODY_BYTES = 10 * 1024 * 1024
INTEGRATION_SECONDS = 29.0
"""API Gateway's maximum of bytes of a request and of seconds until its answer."""
Invoke = Callable[[str, Event], object]
"""Calls the function of that name with an event; raises FunctionFailed."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Maximum of bytes of a request's body, and of a function's event as JSON counts it."""

    body_bytes: int = BODY_BYTES
    event_bytes: int = PAYLOAD_BYTES


class FunctionFailed(Exception):
    """A function died, or raised; whoever called it has told of it."""


class Gateway:
    """A WSGI application in front of the functions that the template gives routes to."""

    def __init__(
        self,
        routes: Sequence[Route],
        invoke: Invoke,
        place: Place,
        limits: Limits | None = None,
        trusted: Holder | None = None,
    ) -> None:
        self._own = routes[0].own if routes else {}
        self._authorizers = Authorizers(self._invoke, place, trusted)
        self._routes = sorted(((_pattern(r.path), r) for r in routes), key=_precedence)
        self._invoke_function = invoke
        self._place = place
        self._limits = limits or Limits()
        self._threads = ThreadPoolExecutor(32, thread_name_prefix="gateway")

    def close(self) -> None:
        """Take no more requests."""
        self._threads.shutdown(wait=False, cancel_futures=True)

    def __call__(self, environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        """Answer one request."""
        try:
            status, headers, body = self._answer(environ)
        except Refused as refusal:
            status, headers, body = answer(refusal.kind, self._own)
        start(f"{int(status)} {_phrase(status)}", [*headers, ("Content-Length", str(len(body)))])
        return [body]

    def _answer(self, environ: WSGIEnvironment) -> tuple[int, Headers, bytes]:
        try:
            body = read_body(environ, self._limits.body_bytes)
        except BodyTooLarge:
            raise Refused(Refusal.REQUEST_TOO_LARGE) from None
        path, _, query = environ["REQUEST_URI"].partition("?")
        match = self._match(environ["REQUEST_METHOD"], path)
        holder = self._holder(match.route, environ, path)
        event = proxy_event(environ, match, path, query, body, self._place)
        if len(event["body"] or "") > self._limits.event_bytes:
            raise Refused(Refusal.REQUEST_TOO_LARGE)
        if holder is not None:
            event["requestContext"]["authorizer"] = dict(holder)
        try:
            return http_answer(self._invoke(match.route.function, event))
        except MalformedAnswer:
            logger.warning("%s: malformed Lambda proxy response", match.route.function)
            raise Refused(Refusal.INTEGRATION_FAILURE) from None

    def _holder(self, route: Route, environ: WSGIEnvironment, path: str) -> Holder | None:
        """Return who is calling; raise Refused."""
        headers = {name.lower(): value for name, value in environ.get(HEADERS, [])}
        try:
            return self._authorizers.holder(route, headers, path)
        except Refused as refusal:
            if refusal.kind in (Refusal.INTEGRATION_FAILURE, Refusal.INTEGRATION_TIMEOUT):
                raise Refused(Refusal.AUTHORIZER_FAILURE) from None
            raise

    def _match(self, method: str, path: str) -> Match:
        for pattern, route in self._routes:
            found = pattern.fullmatch(path)
            if found and route.method in (method, "ANY", "*"):
                return Match(route, {k: unquote(v) for k, v in found.groupdict().items()})
        raise Refused(Refusal.MISSING_AUTHENTICATION_TOKEN)

    def _invoke(self, function: str, event: Event) -> object:
        future = self._threads.submit(self._invoke_function, function, event)
        try:
            return future.result(INTEGRATION_SECONDS)
        except NoAnswer:
            raise Refused(Refusal.INTEGRATION_TIMEOUT) from None
        except FunctionFailed:
            raise Refused(Refusal.INTEGRATION_FAILURE) from None


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return "Unknown"


def _pattern(path: str) -> re.Pattern[str]:
    """Compile a route's path: ``{name}`` is one segment, ``{name+}`` the rest."""
    parts = re.split(r"\{(\w+)(\+?)\}", path)
    text = re.escape(parts[0])
    for name, greedy, literal in zip(parts[1::3], parts[2::3], parts[3::3], strict=True):
        text += f"(?P<{name}>{'.+' if greedy else '[^/]+'}){re.escape(literal)}"
    return re.compile(text)


def _precedence(item: tuple[re.Pattern[str], Route]) -> tuple[int, int]:
    """Literal paths first, then single segments, then greedy ones; the longer path first."""
    path = item[1].path
    return ("{" in path) + ("+}" in path), -len(path)
