"""What API Gateway answers by itself, as it does, or as the template has it do."""

from __future__ import annotations

import json
from collections.abc import Mapping
from enum import Enum
from http import HTTPStatus

from infra.http.serving import Headers
from infra.template.routes import OwnAnswer


class Refusal(Enum):
    """API Gateway's kinds of answers of its own, with their usual status and message."""

    UNAUTHORIZED = (HTTPStatus.UNAUTHORIZED, "Unauthorized")
    ACCESS_DENIED = (
        HTTPStatus.FORBIDDEN,
        "User is not authorized to access this resource with an explicit deny",
    )
    AUTHORIZER_FAILURE = (HTTPStatus.INTERNAL_SERVER_ERROR, "Internal server error")
    MISSING_AUTHENTICATION_TOKEN = (HTTPStatus.FORBIDDEN, "Missing Authentication Token")
    REQUEST_TOO_LARGE = (HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "Request Too Long")
    INTEGRATION_FAILURE = (HTTPStatus.BAD_GATEWAY, "Internal server error")
    INTEGRATION_TIMEOUT = (HTTPStatus.GATEWAY_TIMEOUT, "Endpoint request timed out")


class Refused(Exception):
    """API Gateway answers by itself."""

    def __init__(self, kind: Refusal) -> None:
        super().__init__(kind.value[1])
        self.kind = kind


def answer(kind: Refusal, own: Mapping[str, OwnAnswer]) -> tuple[int, Headers, bytes]:
    """Return status, headers and body; ``own`` are those that the template has."""
    status, message = kind.value
    usual = "DEFAULT_5XX" if status >= HTTPStatus.INTERNAL_SERVER_ERROR else "DEFAULT_4XX"
    headers: Headers = [("Content-Type", "application/json")]
    if found := own.get(kind.name) or own.get(usual):
        text = found.template.replace("$context.error.messageString", json.dumps(message))
        text = text.replace("$context.error.responseType", kind.name)
        return found.status or status, [*headers, *found.headers.items()], text.encode()
    return status, headers, json.dumps({"message": message}).encode()
