"""Holds answers to the API's description: what is not written there must not be answered."""

from __future__ import annotations

import json
import re
from functools import cache
from typing import Any

from jsonschema import Draft202012Validator

from infra.contract.__main__ import STATIC


@cache
def description() -> dict[str, Any]:
    return dict(json.loads((STATIC / "openapi.json").read_text("utf-8")))


def check(method: str, path: str, status: int, kind: str, body: Any) -> None:
    """Check an answer of a path that there is; HEAD is answered as GET is."""
    operation = operation_of("GET" if method == "HEAD" else method, path.partition("?")[0])
    if operation is None:
        assert status in (404, 405), (method, path, status)
        return
    answers = operation["responses"]
    assert str(status) in answers, f"{method} {path} answers {status}, which is not described"
    content = answers[str(status)].get("content", {})
    media = kind.partition(";")[0]
    if not content or method == "HEAD":
        return
    assert media in content or "*/*" in content, f"{method} {path} answers {status} as {media}"
    if shape := content.get(media, {}).get("schema"):
        validate(shape, body)


def operation_of(method: str, path: str) -> dict[str, Any] | None:
    for pattern, methods in description()["paths"].items():
        if re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", pattern), path):
            return methods.get(method.lower())
    return None


def validate(shape: dict[str, Any], body: Any) -> None:
    """Check a body against a shape, whose references are the description's."""
    schema = {**shape, "components": description()["components"]}
    Draft202012Validator(schema).validate(body)
