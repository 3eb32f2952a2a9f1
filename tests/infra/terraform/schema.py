"""What an excerpt of the provider's schema has to say about a resource, without Terraform."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

FILE = Path(__file__).with_name("schema.json")
_META = {"count", "for_each", "depends_on", "lifecycle", "provider"}


@cache
def excerpt() -> dict[str, dict[str, Any]]:
    """Return the blocks of provider, resources and data sources by type."""
    return dict(json.loads(FILE.read_text("utf-8")))


def complaints(kind: str, type_: str, body: dict[str, Any]) -> Iterator[str]:
    """Say what is wrong with a resource's or data source's body."""
    block = excerpt()[kind].get(type_)
    if block is None:
        yield f"{type_} is no type of the schema"
        return
    yield from _block(type_, block, body, _META)


def _block(name: str, block: dict[str, Any], body: dict[str, Any], free: set[str]) -> Iterator[str]:
    given = dict(_given(body))
    for key, value in given.items():
        if key in free:
            continue
        if key in block["blocks"]:
            for inner in value if isinstance(value, list) else [value]:
                yield from _block(f"{name}.{key}", block["blocks"][key]["block"], inner, set())
        elif key in block["attributes"]:
            yield from _attribute(f"{name}.{key}", block["attributes"][key], value)
        else:
            yield f"{name} has no argument {key}"
    for part in ("attributes", "blocks"):
        for key, has in block[part].items():
            if has["required"] and key not in given:
                yield f"{name} needs {key}"


def _attribute(name: str, has: dict[str, Any], value: Any) -> Iterator[str]:
    if "computed_only" in has:
        yield f"{name} is the provider’s to say"
    listed = isinstance(has["type"], list) and has["type"][0] in ("list", "set")
    if isinstance(value, list) != listed and not _expression(value) and has["type"] != "dynamic":
        yield f"{name} is {'' if listed else 'not '}a list"


def _given(body: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    """Yield arguments and blocks; ``dynamic`` ones by what they make."""
    for key, value in body.items():
        if key == "dynamic":
            for made in value:
                for label, inner in made.items():
                    if not label.startswith("__"):
                        yield label.strip('"'), inner["content"]
        elif not key.startswith("__"):
            yield key, value


def _expression(value: Any) -> bool:
    return isinstance(value, str) and value.startswith("${")
