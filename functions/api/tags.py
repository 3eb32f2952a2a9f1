"""Entity tags: who asks again for what has not changed is told just that."""

from __future__ import annotations

import hashlib
from http import HTTPStatus
from typing import Any

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.utilities.data_classes import APIGatewayProxyEvent

from functions.api.answers import RETRY_AFTER


def tagged(answer: Response[Any], asked: APIGatewayProxyEvent) -> Response[Any]:
    """Return an answer with its tag, or 304 where the caller has it already."""
    if answer.status_code != HTTPStatus.OK or answer.body is None:
        return answer
    tag = _tag(answer.body)
    answer.headers["ETag"] = tag
    if not _knows(asked, tag):
        return answer
    return Response(HTTPStatus.NOT_MODIFIED, headers=dict(answer.headers))


def is_news(answer: Response[Any], asked: APIGatewayProxyEvent) -> bool:
    """Whether a status is worth telling: nothing more will happen, or it is another than known."""
    ended = RETRY_AFTER not in answer.headers
    return ended or (_has_known(asked) and not _knows(asked, _tag(answer.body)))


def _tag(body: Any) -> str:  # noqa: ANN401 - as Powertools has it
    data = body if isinstance(body, bytes) else body.encode()
    return f'"{hashlib.sha256(data).hexdigest()[:32]}"'


def _has_known(asked: APIGatewayProxyEvent) -> bool:
    return bool(asked.headers.get("if-none-match"))


def _knows(asked: APIGatewayProxyEvent, tag: str) -> bool:
    """Whether a request says that its caller has what has this tag (RFC 9110, 13.1.2)."""
    told = asked.headers.get("if-none-match") or ""
    return told == "*" or tag in [one.strip().removeprefix("W/") for one in told.split(",")]
