"""Who sent a request: what the authorizer says of a token, or the one tenant of signed requests."""

from __future__ import annotations

from typing import Any

from aws_lambda_powertools.utilities.data_classes import APIGatewayProxyEvent

from fanfold.access import TENANT, Scope
from fanfold.errors import Forbidden, Unauthorized


def tenant(event: APIGatewayProxyEvent, scope: Scope, *, signed: bool) -> str:
    """Return the tenant of a caller who may do this; raise Unauthorized or Forbidden.

    ``signed``: API Gateway lets nobody in who has not signed his request.
    """
    context: dict[str, Any] = event["requestContext"]
    told: dict[str, Any] = context.get("authorizer") or {}
    if "tenant" not in told:
        if signed:
            return TENANT
        raise Unauthorized
    if scope not in str(told.get("scopes") or "").split():
        raise Forbidden(f"This token has no scope “{scope}”.")
    return str(told["tenant"])
