"""File names that people sent: fit for showing, for saving and for a header. No paths of ours."""

from __future__ import annotations

import re
from pathlib import PurePath
from urllib.parse import quote

NAMELESS = "document"
_LONGEST_SHOWN = 255  # characters
_LONGEST_SAVED = 255  # bytes of UTF-8, which is what file systems take
_JOINERS = "\u200c\u200d"  # Persian and Indian words and many emoji are spelt with them
_REFUSED = re.compile(r'[<>:"/\\|?*]|^-')  # by Windows; a dash in front is an option to commands
_WINDOWS_DEVICE = re.compile(r"(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(\..*)?", re.IGNORECASE)
"""Names that Windows keeps for devices, whatever suffix they have."""
_NOT_PLAIN = re.compile(r"[^A-Za-z0-9 ._()+,=@-]")


def shown(given: str | None) -> str:
    """Return a name for showing: no folders, nothing that steers a terminal or turns a line round.

    Never empty, at most 255 characters; blanks of any kind are spaces.
    """
    last = (given or "").replace("\\", "/").rpartition("/")[2]
    spaced = "".join(" " if char.isspace() else char for char in last)
    kept = "".join(char for char in spaced if char.isprintable() or char in _JOINERS)
    return kept.strip(" " + _JOINERS)[:_LONGEST_SHOWN].rstrip() or NAMELESS


def saved(name: str, suffix: str) -> str:
    """Return what a document's result is saved as: its name with ``suffix`` (``.txt``) for its own.

    Every file system takes it: never hidden, no device of Windows, at most 255 bytes.
    """
    stem = _REFUSED.sub("_", PurePath(shown(name)).stem.strip(". "))
    stem = f"_{stem}" if _WINDOWS_DEVICE.fullmatch(stem) else stem
    short = stem.encode()[: _LONGEST_SAVED - len(suffix)].decode(errors="ignore")
    return (short.rstrip(". ") or NAMELESS) + suffix


def attachment(name: str) -> str:
    """Return a Content-Disposition (RFC 6266): ``name`` whole, and in ASCII for old clients."""
    plain = _NOT_PLAIN.sub("_", name)
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"
