"""The page as a small picture for people, where the document asks for pictures."""

from __future__ import annotations

import time
from contextlib import suppress
from pathlib import Path

from fanfold.errors import PageError
from fanfold.ocr.ways.look import Look

_PICTURE_DPI, _PICTURE_SIDE = 144, 2000
"""Maximum resolution of a picture, and of pixels along its longer side: a page of 14 inches."""

_PICTURE_BYTES = 1_000_000
"""Size of a picture above which it is written in the rougher quality."""

_QUALITY, _ROUGH_QUALITY = 75, 35
"""Of JPEG, as Pillow counts it."""


def leave(seen: Look) -> None:
    """Write the picture that the task wants; a page that is slow, or cannot be drawn, has none."""
    path = Path(seen.task.picture)
    if not seen.task.picture or time.monotonic() > seen.task.last_look:
        return
    inches = max(seen.sheet.width, seen.sheet.height) / 72
    dpi = max(1, int(min(_PICTURE_DPI, _PICTURE_SIDE / inches)))
    with suppress(PageError), seen.watch.lap("picture"):
        image = seen.colours(dpi).image
        image.save(path, "JPEG", quality=_QUALITY)
        if path.stat().st_size > _PICTURE_BYTES:
            image.save(path, "JPEG", quality=_ROUGH_QUALITY)
