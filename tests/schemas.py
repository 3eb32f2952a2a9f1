"""Results held against the schemas that are published, with no field beyond those."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

from jsonschema import Draft202012Validator

from fanfold import schemas


def check(name: str, data: bytes | str) -> None:
    """Raise ValidationError where ``data``, a result called ``name``, breaks its schema.

    The schemas let fields pass that they do not know; here such a field is one that nobody
    has described.
    """
    _validator(name).validate(json.loads(data))


@cache
def _validator(name: str) -> Draft202012Validator:
    schema = json.loads(schemas.text(name))
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(_closed(schema))


def _closed(schema: Any) -> Any:
    if isinstance(schema, list):
        return [_closed(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    closed = {name: _closed(value) for name, value in schema.items()}
    if isinstance(schema.get("properties"), dict) and schema.get("type") == "object":
        closed.setdefault("additionalProperties", False)
    return closed
