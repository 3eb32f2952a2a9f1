"""API Gateway asks here who shows a token, and keeps the answer for as long as the template says.

What is refused is refused by a policy, not by an error: errors of a function turn releases back.
"""

from __future__ import annotations

from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from fanfold import bootstrap, edge
from fanfold.stages import build

tokens = bootstrap.prepared(build.tokens)

_SCHEME = "bearer "


def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """Tell tenant and scopes of a token's holder; deny everything to anybody else."""
    return edge.authorization(event, context, lambda: _policy(event))


def _policy(event: dict[str, Any]) -> dict[str, Any]:
    shown = str(event.get("authorizationToken") or "")
    caller = None
    if shown[: len(_SCHEME)].lower() == _SCHEME:
        caller = tokens().caller(shown[len(_SCHEME) :].strip())
    statement = {
        "Action": "execute-api:Invoke",
        "Effect": "Allow" if caller else "Deny",
        "Resource": _whole_api(str(event["methodArn"])),
    }
    policy = {"Version": "2012-10-17", "Statement": [statement]}
    if caller is None:
        return {"principalId": "nobody", "policyDocument": policy}
    told = {"tenant": caller.tenant, "scopes": " ".join(sorted(caller.scopes))}
    return {"principalId": caller.tenant, "policyDocument": policy, "context": told}


def _whole_api(method_arn: str) -> str:
    """Return all methods of a stage: the answer is kept for the token, whatever it asks next."""
    api, stage, *_ = method_arn.split("/")
    return f"{api}/{stage}/*"
