"""Old-style JPEG within TIFF (compression 6), which decoders of TIFF have given up.

Most such files hold a whole JPEG all the same: where a tag says so, or as their only strip.
Runs in the child.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

_COMPRESSION, _OLD_JPEG = 259, 6
_STARTS = (513, 273)
"""Tags for where a JPEG, and where the strips begin."""

_JPEG = b"\xff\xd8\xff"
_JPEG_END = b"\xff\xd9"


def data(source: Path, image: Any) -> bytes | None:  # noqa: ANN401 - Pillow's class for TIFF
    """Return the JPEG that the current frame of ``image`` is; None where it is none."""
    if image.format != "TIFF" or image.tag_v2.get(_COMPRESSION) != _OLD_JPEG:
        return None
    everything = source.read_bytes()
    for tag in _STARTS:
        start = image.tag_v2.get(tag)
        place = start[0] if isinstance(start, tuple) and start else start
        if isinstance(place, int) and everything[place : place + len(_JPEG)] == _JPEG:
            end = everything.find(_JPEG_END, place)
            return everything[place : end + len(_JPEG_END)] if end > 0 else everything[place:]
    return None
