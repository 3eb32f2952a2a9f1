"""API Gateway's Lambda proxy format (REST, payload 1.0): requests to events, answers to HTTP."""

from __future__ import annotations

import base64
import binascii
import re
import time
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

from infra.http.serving import HEADERS, Headers
from infra.template.names import Place
from infra.template.routes import Route

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

Event = dict[str, Any]


class MalformedAnswer(Exception):
    """What the function returned is not an HTTP answer."""


@dataclass(frozen=True, slots=True)
class Match:
    """A route and what its path's variables stand for."""

    route: Route
    variables: Mapping[str, str]


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


def http_answer(answer: object) -> tuple[int, Headers, bytes]:
    """Turn a function's answer into status, headers and body; raise MalformedAnswer."""
    if not isinstance(answer, dict) or not _is_status(answer.get("statusCode")):
        raise MalformedAnswer
    single, multiple = answer.get("headers") or {}, answer.get("multiValueHeaders") or {}
    headers = [(name, str(v)) for name, values in multiple.items() for v in values]
    headers += [(name, str(value)) for name, value in single.items() if name not in multiple]
    body = str(answer.get("body") or "").encode()
    if answer.get("isBase64Encoded"):
        try:
            body = base64.b64decode(body, validate=True)
        except binascii.Error:
            raise MalformedAnswer from None
    kept = [(name, value) for name, value in headers if name.lower() != "content-length"]
    if not any(name.lower() == "content-type" for name, _ in kept):
        kept.append(("Content-Type", "application/json"))
    return int(answer["statusCode"]), kept, body


def _is_status(value: object) -> bool:
    return re.fullmatch(r"[1-5]\d\d", str(value)) is not None


def _matches(media: str, pattern: str) -> bool:
    if pattern == "*/*":
        return True
    kind, _, rest = pattern.partition("/")
    return media == pattern or (rest == "*" and media.startswith(f"{kind}/"))
