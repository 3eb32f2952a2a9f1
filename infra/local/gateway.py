"""API Gateway on loopback: HTTP requests as REST proxy events, and the answers back."""

from __future__ import annotations

import base64
import binascii
import json
import logging
import re
import time
import uuid
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as NoAnswer
from dataclasses import dataclass
from datetime import UTC, datetime
from http import HTTPStatus
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, unquote

from infra.local.names import Place
from infra.local.process import InvocationFailed
from infra.local.runner import Pool
from infra.local.serving import HEADERS, BodyTooLarge, Headers, read_body
from infra.local.wiring import Route

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

logger = logging.getLogger(__name__)

BODY_BYTES = 10 * 1024 * 1024
PAYLOAD_BYTES = 6 * 1024 * 1024
INTEGRATION_SECONDS = 29.0
"""API Gateway's limits for a request, Lambda's for an event, API Gateway's for an answer."""

Event = dict[str, Any]


class Refused(Exception):
    """API Gateway answers by itself."""

    def __init__(self, status: HTTPStatus, message: str) -> None:
        super().__init__(message)
        self.status = status


@dataclass(frozen=True, slots=True)
class Match:
    """A route and what its path's variables stand for."""

    route: Route
    variables: Mapping[str, str]


class Gateway:
    """A WSGI application in front of the functions that the template gives routes to."""

    def __init__(self, routes: Sequence[Route], pools: Mapping[str, Pool], place: Place) -> None:
        self._routes = sorted(((_pattern(r.path), r) for r in routes), key=_precedence)
        self._pools = pools
        self._place = place
        self._threads = ThreadPoolExecutor(32, thread_name_prefix="gateway")

    def close(self) -> None:
        """Take no more requests."""
        self._threads.shutdown(wait=False, cancel_futures=True)

    def __call__(self, environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        """Answer one request."""
        try:
            status, headers, body = self._answer(environ)
        except Refused as refusal:
            status = refusal.status
            headers = [("Content-Type", "application/json")]
            body = json.dumps({"message": str(refusal)}).encode()
        start(f"{int(status)} {_phrase(status)}", [*headers, ("Content-Length", str(len(body)))])
        return [body]

    def _answer(self, environ: WSGIEnvironment) -> tuple[int, Headers, bytes]:
        try:
            body = read_body(environ, BODY_BYTES)
        except BodyTooLarge:
            raise _too_long() from None
        path, _, query = environ["REQUEST_URI"].partition("?")
        match = self._match(environ["REQUEST_METHOD"], path)
        event = proxy_event(environ, match, path, query, body, self._place)
        if len(event["body"] or "") > PAYLOAD_BYTES:
            raise _too_long()
        return _mapped(self._invoke(match.route.function, event))

    def _match(self, method: str, path: str) -> Match:
        for pattern, route in self._routes:
            found = pattern.fullmatch(path)
            if found and route.method in (method, "ANY", "*"):
                return Match(route, {k: unquote(v) for k, v in found.groupdict().items()})
        raise Refused(HTTPStatus.FORBIDDEN, "Missing Authentication Token")

    def _invoke(self, function: str, event: Event) -> object:
        future = self._threads.submit(self._pools[function].invoke, event)
        try:
            return future.result(INTEGRATION_SECONDS)
        except NoAnswer:
            raise Refused(HTTPStatus.GATEWAY_TIMEOUT, "Endpoint request timed out") from None
        except InvocationFailed:  # the pool has logged it
            raise _failed() from None


def proxy_event(
    environ: WSGIEnvironment, match: Match, path: str, query: str, body: bytes, place: Place
) -> Event:
    """Return the REST proxy event (payload format 1.0) of a request."""
    headers = _headers(environ)
    pairs = parse_qsl(query, keep_blank_values=True)
    media = environ.get("CONTENT_TYPE", "").partition(";")[0].strip().lower()
    binary = any(_matches(media, pattern) for pattern in match.route.binary)
    text = base64.b64encode(body) if binary else body
    return {
        "resource": match.route.path,
        "path": path,
        "httpMethod": environ["REQUEST_METHOD"],
        "headers": {name: values[-1] for name, values in headers.items()} or None,
        "multiValueHeaders": headers or None,
        "queryStringParameters": dict(pairs) or None,
        "multiValueQueryStringParameters": _grouped(pairs) or None,
        "pathParameters": dict(match.variables) or None,
        "stageVariables": None,
        "requestContext": _request_context(environ, match, path, place),
        "body": text.decode("utf-8", "replace") if body else None,
        "isBase64Encoded": binary and bool(body),
    }


def _request_context(environ: WSGIEnvironment, match: Match, path: str, place: Place) -> Event:
    now = time.time()
    request = str(uuid.uuid4())
    return {
        "accountId": place.account,
        "apiId": "local",
        "domainName": environ.get("HTTP_HOST", ""),
        "domainPrefix": "local",
        "extendedRequestId": request[:15],
        "httpMethod": environ["REQUEST_METHOD"],
        "identity": {
            "accessKey": None,
            "accountId": None,
            "caller": None,
            "sourceIp": environ.get("REMOTE_ADDR", ""),
            "user": None,
            "userAgent": environ.get("HTTP_USER_AGENT"),
            "userArn": None,
        },
        "path": path,  # as behind a custom domain: without the stage
        "protocol": environ.get("SERVER_PROTOCOL", "HTTP/1.1"),
        "requestId": request,
        "requestTime": datetime.fromtimestamp(now, UTC).strftime("%d/%b/%Y:%H:%M:%S +0000"),
        "requestTimeEpoch": int(now * 1000),
        "resourceId": "local",
        "resourcePath": match.route.path,
        "stage": match.route.stage,
    }


def _headers(environ: WSGIEnvironment) -> dict[str, list[str]]:
    raw = environ.get(HEADERS, [])
    scheme, port = environ["wsgi.url_scheme"], environ["SERVER_PORT"]
    forwarded = {
        "X-Forwarded-For": environ.get("REMOTE_ADDR", ""),
        "X-Forwarded-Port": port,
        "X-Forwarded-Proto": scheme,
    }
    kept = [(name, value) for name, value in raw if name.title() not in forwarded]
    return _grouped([*kept, *forwarded.items()])


def _grouped(pairs: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    groups: dict[str, list[str]] = {}
    for name, value in pairs:
        groups.setdefault(name, []).append(value)
    return groups


def _mapped(answer: object) -> tuple[int, Headers, bytes]:
    """Turn a function's answer into an HTTP answer; what is not one is a 502."""
    if not isinstance(answer, dict) or not _is_status(answer.get("statusCode")):
        logger.warning("malformed Lambda proxy response")
        raise _failed()
    single, multiple = answer.get("headers") or {}, answer.get("multiValueHeaders") or {}
    headers = [(name, str(v)) for name, values in multiple.items() for v in values]
    headers += [(name, str(value)) for name, value in single.items() if name not in multiple]
    body = str(answer.get("body") or "").encode()
    if answer.get("isBase64Encoded"):
        try:
            body = base64.b64decode(body, validate=True)
        except binascii.Error:
            raise _failed() from None
    kept = [(name, value) for name, value in headers if name.lower() != "content-length"]
    if not any(name.lower() == "content-type" for name, _ in kept):
        kept.append(("Content-Type", "application/json"))
    return int(answer["statusCode"]), kept, body


def _is_status(value: object) -> bool:
    return re.fullmatch(r"[1-5]\d\d", str(value)) is not None


def _failed() -> Refused:
    return Refused(HTTPStatus.BAD_GATEWAY, "Internal server error")


def _too_long() -> Refused:
    return Refused(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "Request Too Long")


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


def _matches(media: str, pattern: str) -> bool:
    if pattern == "*/*":
        return True
    kind, _, rest = pattern.partition("/")
    return media == pattern or (rest == "*" and media.startswith(f"{kind}/"))
