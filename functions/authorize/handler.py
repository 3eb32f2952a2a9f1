"""API Gateway asks here who shows a token, and keeps the answer for as long as the template says.

What is refused is refused by a policy, not by an error: errors of a function turn releases back.
"""

from __future__ import annotations

from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from fanfold import bootstrap, edge
from fanfold.access import Caller
from fanfold.stages import build
from functions.authorize import policy

callers = bootstrap.prepared(build.callers)

_SCHEME = "bearer "


def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """Tell tenant and scopes of a token's holder; deny everything to anybody else."""
    arn, shown = str(event["methodArn"]), str(event.get("authorizationToken") or "")
    return edge.authorization(event, context, lambda: policy.of(_caller(shown), arn))


def _caller(shown: str) -> Caller | None:
    bearer = shown[: len(_SCHEME)].lower() == _SCHEME
    return callers().caller(shown[len(_SCHEME) :].strip()) if bearer else None
