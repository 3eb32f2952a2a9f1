"""What API Gateway is told of a caller: a policy for the whole stage, and whose token it is."""

from __future__ import annotations

from typing import Any

from fanfold.access import Caller


def of(caller: Caller | None, method_arn: str) -> dict[str, Any]:
    """Return the answer on a caller, None for nobody; it is kept, whatever is asked next."""
    api, stage, *_ = method_arn.split("/")
    statement = {
        "Action": "execute-api:Invoke",
        "Effect": "Allow" if caller else "Deny",
        "Resource": f"{api}/{stage}/*",
    }
    policy = {"Version": "2012-10-17", "Statement": [statement]}
    if caller is None:
        return {"principalId": "nobody", "policyDocument": policy}
    told = {"tenant": caller.tenant, "scopes": " ".join(sorted(caller.scopes))}
    return {"principalId": caller.tenant, "policyDocument": policy, "context": told}
