"""JSON Schemas (2020-12) of what programs read: ``document.json`` and ``manifest.json``."""

from __future__ import annotations

from importlib import resources

NAMES = ("document.json", "manifest.json")


def text(name: str) -> str:
    """Return the schema of the result called ``name``, one of NAMES; raise KeyError for others."""
    if name not in NAMES:
        raise KeyError(name)
    return resources.files(__name__).joinpath(name).read_text(encoding="utf-8")
