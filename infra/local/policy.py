"""Presigned POST policies, which moto lets pass unread.

Source: “Creating a POST policy”, Amazon S3 API reference. Signatures are not checked.
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

_NOT_CHECKED = {"awsaccesskeyid", "bucket", "file", "policy", "signature", "x-amz-signature"}


@dataclass(frozen=True, slots=True)
class Violation:
    """Why S3 refuses an upload: the HTTP status and S3's own code and message."""

    status: int
    code: str
    message: str

    def xml(self) -> bytes:
        """Return the error as S3 writes it."""
        head = '<?xml version="1.0" encoding="UTF-8"?>\n'
        inner = f"<Code>{self.code}</Code><Message>{self.message}</Message>"
        return f"{head}<Error>{inner}</Error>".encode()


def violation(fields: Mapping[str, str], bucket: str, size: int, now: datetime) -> Violation | None:
    """Check an upload of ``size`` bytes with these form fields; None if it may pass."""
    lower = {name.lower(): value for name, value in fields.items()} | {"bucket": bucket}
    try:
        policy = json.loads(base64.b64decode(lower["policy"], validate=True))
        expires = datetime.fromisoformat(policy["expiration"])
        conditions = [_normal(condition) for condition in policy["conditions"]]
    except KeyError:
        return _denied("An upload needs a policy.")
    except (binascii.Error, ValueError, TypeError, AttributeError):
        return Violation(400, "InvalidPolicyDocument", "The policy cannot be read.")
    if expires <= now:
        return _denied("Invalid according to Policy: Policy expired.")
    return _first_broken(conditions, lower, size)


def _normal(condition: Any) -> tuple[str, Any, Any]:  # noqa: ANN401 - JSON
    """Write both forms of a condition as (operator, field, value)."""
    if isinstance(condition, dict):
        ((name, value),) = condition.items()
        return "eq", name.lower(), value
    operator, field, value = condition
    is_name = isinstance(field, str)
    return operator.lower(), field.removeprefix("$").lower() if is_name else field, value


def _first_broken(
    conditions: list[tuple[str, Any, Any]], fields: Mapping[str, str], size: int
) -> Violation | None:
    for operator, field, value in conditions:
        if operator == "content-length-range":
            if size > int(value):
                message = "Your proposed upload exceeds the maximum allowed size"
                return Violation(400, "EntityTooLarge", message)
            if size < int(field):
                message = "Your proposed upload is smaller than the minimum allowed size"
                return Violation(400, "EntityTooSmall", message)
        elif not _holds(operator, fields.get(field, ""), value):
            return _denied("Invalid according to Policy: Policy Condition failed")
    named = {field for _, field, _ in conditions} | _NOT_CHECKED
    extra = [n for n in fields if n not in named and not n.startswith("x-ignore-")]
    if extra:
        return _denied(f"Invalid according to Policy: Extra input fields: {', '.join(extra)}")
    return None


def _holds(operator: str, value: str, wanted: str) -> bool:
    return value == wanted if operator == "eq" else value.startswith(wanted)


def _denied(message: str) -> Violation:
    return Violation(403, "AccessDenied", message)
