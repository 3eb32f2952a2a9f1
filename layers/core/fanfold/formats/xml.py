"""Text in XML, as ``xml.sax.saxutils`` writes it: importing that takes HTTP and mail along."""

from __future__ import annotations

import re

_ENTITIES = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}
_ATTRIBUTE = {**_ENTITIES, "\n": "&#10;", "\r": "&#13;", "\t": "&#9;"}
_IN_TEXT = re.compile("[&<>]")
_IN_ATTRIBUTE = re.compile("[&<>\n\r\t]")


def escape(text: str) -> str:
    """Return text that stands between tags."""
    return _IN_TEXT.sub(lambda found: _ENTITIES[found[0]], text)


def quoteattr(text: str) -> str:
    """Return the value of an attribute, in the quotes that it does not hold itself."""
    value = _IN_ATTRIBUTE.sub(lambda found: _ATTRIBUTE[found[0]], text)
    if '"' not in value:
        return f'"{value}"'
    if "'" not in value:
        return f"'{value}'"
    return '"' + value.replace('"', "&quot;") + '"'
