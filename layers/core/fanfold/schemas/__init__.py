"""JSON Schemas (2020-12) of what programs read: ``document.json`` and ``manifest.json``."""

from __future__ import annotations

from importlib import resources

SCHEMAS = ("document.json", "manifest.json")


def text(name: str) -> str:
    """Return the schema of the result called ``name``; raise KeyError for what is none."""
    if name not in SCHEMAS:
        raise KeyError(name)
    return resources.files(__name__).joinpath(name).read_text(encoding="utf-8")
