"""The operations of the API: what each takes, who may do it, what it answers. One list for all.

Requests are checked by it, 405 and `Allow` come from it, and the OpenAPI document is made of it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any, cast

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.api_gateway import Router
from aws_lambda_powertools.utilities.data_classes import APIGatewayProxyEvent

from fanfold import errors
from fanfold.access import Scope
from fanfold.errors import FanfoldError
from functions.api import callers, requests, tags

router = Router()  # type: ignore[no-untyped-call]

Answer = Response[Any]


@dataclass(frozen=True, slots=True)
class Operation:
    """One method of one path; ``path`` has its variables in braces.

    ``answers`` names the schema of each status, or a media type where there is none, or both with
    a comma between; ``body`` the schema of the JSON that is taken; ``refusals`` are errors besides
    those that all have.
    """

    method: str
    path: str
    summary: str
    scope: Scope | None
    query: tuple[str, ...]
    body: str
    answers: Mapping[HTTPStatus, str]
    refusals: tuple[type[FanfoldError], ...] = field(default=())

    def errors(self) -> list[type[FanfoldError]]:
        """Return the errors that it may answer, by status."""
        usual: list[type[FanfoldError]] = [errors.InvalidRequest, errors.Unavailable, FanfoldError]
        if self.scope:
            usual += [errors.Unauthorized, errors.Forbidden]
        if "{document}" in self.path:
            usual += [errors.NotFound, errors.ExpiredResult]
        return sorted({*usual, *self.refusals}, key=lambda one: (one.status, one.code))

    def takes(self, path: str) -> bool:
        """Whether a request's path is this one's."""
        return re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", self.path), path) is not None


OPERATIONS: list[Operation] = []


def operation(  # noqa: PLR0913 - an operation has so many sides
    method: str,
    path: str,
    *,
    answers: Mapping[HTTPStatus, str],
    signed: Callable[[], bool],
    scope: Scope | None = None,
    query: Sequence[str] | None = (),
    body: str = "",
    refusals: Sequence[type[FanfoldError]] = (),
) -> Callable[[Callable[..., Answer]], Callable[..., Answer]]:
    """Make a function an operation. Where there is a ``scope``, it is given the caller's tenant.

    ``signed``: whether callers have signed their requests. ``query`` None: any names may be there.
    """

    def register(call: Callable[..., Answer]) -> Callable[..., Answer]:
        summary = (call.__doc__ or "").partition("\n")[0]
        known = tuple(query or ())
        one = Operation(method, path, summary, scope, known, body, answers, tuple(refusals))
        OPERATIONS.append(one)

        get = method == "GET"

        def checked(**variables: str) -> Answer:
            who: tuple[str, ...] = ()
            if one.scope:
                who = (callers.tenant(current(), one.scope, signed=signed()),)
            if query is not None:
                requests.check_query(current(), known)
            answer = call(*who, **variables)
            return tags.tagged(answer, current()) if get else answer

        methods = [method, "HEAD"] if get else [method]
        rule = path.replace("{", "<").replace("}", ">")
        router.route(rule, method=methods)(checked)
        return call

    return register


def current() -> APIGatewayProxyEvent:
    """Return the request at hand."""
    return cast(APIGatewayProxyEvent, router.current_event)


def allowed(path: str) -> list[str]:
    """Return the methods that a path takes; none where there is nothing."""
    methods = {one.method for one in OPERATIONS if one.takes(path)}
    return sorted(methods | ({"HEAD"} if "GET" in methods else set()))
