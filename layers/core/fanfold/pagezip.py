"""What a page leaves, as one object: a zip of its result, its invisible text layer, its picture.

One object is one request to write it and one to read it. Each file is deflated, which makes a
result a fifth of what it was; times are left out, so that the same files give the same bytes.
"""

from __future__ import annotations

import zipfile
from dataclasses import dataclass
from io import BytesIO

MEDIA_TYPE = "application/zip"
_RESULT, _LAYER, _PICTURE = "page.json", "layer.pdf", "picture.jpg"


@dataclass(frozen=True, slots=True)
class PageFiles:
    """The files: ``result`` as ``pagejson`` writes it, ``layer`` a PDF, ``picture`` a JPEG."""

    result: bytes
    layer: bytes | None = None
    picture: bytes | None = None


def pack(files: PageFiles) -> bytes:
    """Return the object that holds the files."""
    target = BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in (
            (_RESULT, files.result),
            (_LAYER, files.layer),
            (_PICTURE, files.picture),
        ):
            if data is not None:
                entry = zipfile.ZipInfo(name)
                entry.compress_type = zipfile.ZIP_DEFLATED
                archive.writestr(entry, data)
    return target.getvalue()


def unpack(data: bytes) -> PageFiles:
    """Return the files that an object holds."""
    with zipfile.ZipFile(BytesIO(data)) as archive:
        there = {name: archive.read(name) for name in archive.namelist()}
    return PageFiles(there[_RESULT], there.get(_LAYER), there.get(_PICTURE))
