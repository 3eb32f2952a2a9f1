"""Uploads by form, which moto lets pass unread: who signed them, and what their policy allows.

Sources: “Creating a POST policy” and “Calculating a signature” (browser-based uploads using POST,
Signature Version 4), Amazon S3 API reference.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from infra.template.names import ACCESS_KEY

_ALGORITHM = "AWS4-HMAC-SHA256"
_SIGNED = ("policy", "x-amz-algorithm", "x-amz-credential", "x-amz-date", "x-amz-signature")
_NOT_CHECKED = {"bucket", "policy", "x-amz-signature"}
_SCOPE_PARTS = 5  # access key, day, region, service, aws4_request
_RANGE = "content-length-range"


@dataclass(frozen=True, slots=True)
class Upload:
    """A form as it came: its fields in order, and its files' field names and sizes in bytes."""

    bucket: str
    fields: Sequence[tuple[str, str]]
    files: Sequence[tuple[str, int]]


@dataclass(frozen=True, slots=True)
class Violation:
    """Why S3 refuses an upload: the HTTP status and S3's own code and message."""

    status: int
    code: str
    message: str

    def xml(self) -> bytes:
        """Return the error as S3 writes it; no message holds what a client sent."""
        head = '<?xml version="1.0" encoding="UTF-8"?>\n'
        inner = f"<Code>{self.code}</Code><Message>{self.message}</Message>"
        return f"{head}<Error>{inner}</Error>".encode()


MALFORMED = Violation(
    412, "PreconditionFailed", "Bucket POST must be of the enclosure-type multipart/form-data"
)
Condition = tuple[str, str | int, str | int]
"""Operator, field name and value; of a range the operator, the least and the most bytes."""


def violation(upload: Upload, now: datetime) -> Violation | None:
    """Check an upload; None if it may pass."""
    fields = {name.lower(): value for name, value in upload.fields} | {"bucket": upload.bucket}
    if malformed := _malformed(upload, fields):
        return malformed
    if not _is_signed(fields):
        return Violation(403, "SignatureDoesNotMatch", "The signature is not that of the policy.")
    try:
        expires, conditions = _policy(fields["policy"])
    except (ValueError, TypeError, LookupError, AttributeError, ArithmeticError, RecursionError):
        return Violation(400, "InvalidPolicyDocument", "The policy cannot be read.")
    if expires <= now:
        return _denied("Policy expired.")
    ((_, size),) = upload.files
    return _first_broken(conditions, fields, size)


def _malformed(upload: Upload, fields: Mapping[str, str]) -> Violation | None:
    """Refuse what could be read in two ways, or is no upload."""
    names = [name.lower() for name, _ in upload.fields]
    if [name for name, _ in upload.files] != ["file"] or "file" in names:
        return _invalid("POST requires exactly one file upload per request.")
    if len(set(names)) < len(names) or "bucket" in names:
        return _invalid("A field may come once.")
    if "key" not in fields:
        return _invalid("Bucket POST must contain a field named 'key'.")
    if missing := [name for name in _SIGNED if name not in fields]:
        return _denied(f"Bucket POST must contain a field named '{missing[0]}'.")
    return None


def _is_signed(fields: Mapping[str, str]) -> bool:
    """Tell whether the policy is signed with the one key that there is."""
    name, *scope = fields["x-amz-credential"].split("/")
    is_known = (name, fields["x-amz-algorithm"]) == (ACCESS_KEY, _ALGORITHM)
    if not is_known or len(scope) != _SCOPE_PARTS - 1:
        return False
    key = f"AWS4{ACCESS_KEY}".encode()
    for part in (*scope, fields["policy"]):
        key = hmac.digest(key, part.encode("utf-8", "replace"), hashlib.sha256)
    given = fields["x-amz-signature"].encode("utf-8", "replace")
    return hmac.compare_digest(key.hex().encode(), given)


def _policy(text: str) -> tuple[datetime, list[Condition]]:
    """Read a policy; raise whatever JSON that is no policy leads to."""
    try:
        policy = json.loads(base64.b64decode(text, validate=True))
    except binascii.Error as error:
        raise ValueError from error
    expires = datetime.fromisoformat(policy["expiration"])
    if expires.tzinfo is None:
        raise ValueError(expires)
    return expires, [_condition(condition) for condition in policy["conditions"]]


def _condition(given: Any) -> Condition:  # noqa: ANN401 - JSON
    """Write both forms of a condition in the same way; raise what no condition leads to."""
    if isinstance(given, dict):
        ((field, value),) = given.items()
        operator, field = "eq", f"${field}"
    else:
        operator, field, value = given
    if str(operator).lower() == _RANGE:
        return _RANGE, int(field), int(value)
    if operator.lower() not in ("eq", "starts-with") or not field.startswith("$"):
        raise ValueError(operator)
    if not isinstance(value, str):
        raise TypeError(value)
    return operator.lower(), field[1:].lower(), value


def _first_broken(
    conditions: Sequence[Condition], fields: Mapping[str, str], size: int
) -> Violation | None:
    for operator, field, value in conditions:
        if operator == _RANGE:
            if size > int(value):
                message = "Your proposed upload exceeds the maximum allowed size"
                return Violation(400, "EntityTooLarge", message)
            if size < int(field):
                message = "Your proposed upload is smaller than the minimum allowed size"
                return Violation(400, "EntityTooSmall", message)
        elif not _holds(operator, fields.get(str(field), ""), str(value)):
            return _denied("Policy Condition failed")
    named = {field for _, field, _ in conditions} | _NOT_CHECKED
    if any(name not in named and not name.startswith("x-ignore-") for name in fields):
        return _denied("Extra input fields")
    return None


def _holds(operator: str, value: str, wanted: str) -> bool:
    return value == wanted if operator == "eq" else value.startswith(wanted)


def _denied(message: str) -> Violation:
    return Violation(403, "AccessDenied", f"Invalid according to Policy: {message}")


def _invalid(message: str) -> Violation:
    return Violation(400, "InvalidArgument", message)
