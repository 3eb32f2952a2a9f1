"""Wrap one picture losslessly into a one-page PDF. Runs in the child."""

from __future__ import annotations

import io
import math
from pathlib import Path
from typing import cast

import img2pdf
from PIL import Image, ImageChops, ImageFilter, ImageOps

from fanfold.ocr.document.image_dpi import picture_dpi

_AS_IT_IS = ("JPEG", "MPO", "JPEG2000")
"""Formats whose own data can stand in a PDF, as Pillow names them."""

_EMBEDDABLE = ("1", "L", "RGB", "CMYK")
"""Modes of Pillow's that a PDF has a colour space for."""

_DEEP = {"I;16": 65535, "I;16L": 65535, "I;16B": 65535, "I": 65535, "F": 255}
"""Modes of more than 256 levels, and the highest level that is usual for each."""

_LOOKED_AT, _NEAR, _DIFFERENT = 1000, 2, 24
"""Pixels along the longer side of a picture whose transparency is judged, pixels around one that it
is compared with, and by how many grey levels it must differ."""

_MORE = 1.3
"""How much more another ground than white must show to be taken."""

_ORIENTATION = 0x0112
"""EXIF's tag for how the camera was held."""

_MIRRORED = (2, 4, 5, 7)
"""Its values for pictures that are seen in a mirror."""

UNWRAPPABLE = (
    img2pdf.AlphaChannelError,
    img2pdf.ExifOrientationError,
    img2pdf.ImageOpenError,
    img2pdf.JpegColorspaceError,
    img2pdf.NegativeDimensionError,
    img2pdf.PdfTooLargeError,
    img2pdf.UnsupportedColorspaceError,
)
"""What img2pdf raises; these have no base class of their own."""


def wrap(source: Path, image: Image.Image, target: Path) -> None:
    """Write the current frame of ``image``, which was opened from ``source``, to ``target``.

    JPEG, JPEG 2000 and single CCITT group 4 pictures are passed through, everything else becomes
    Flate. Transparency is flattened on what shows most; EXIF orientation is honoured. Raises what
    Pillow and img2pdf raise for damaged data.
    """
    tag = _tag(image)
    if _embeddable(image):
        try:
            return _embed(source.read_bytes(), image.size, tag, target)
        except UNWRAPPABLE:  # an odd colour space, say: its pixels will do
            pass
    return _embed(*_encode(image), tag, target)


def _embed(
    data: bytes, size: tuple[int, int], tag: tuple[float, float] | None, target: Path
) -> None:
    with target.open("wb") as stream:
        img2pdf.convert(
            data,
            layout_fun=img2pdf.get_fixed_dpi_layout_fun(picture_dpi(*size, tag)),
            rotation=img2pdf.Rotation.ifvalid,
            engine=img2pdf.Engine.internal,
            first_frame_only=True,
            nodate=True,
            outputstream=stream,
        )


def _embeddable(image: Image.Image) -> bool:
    """Whether the file's own data can stand in a PDF.

    A page can be turned by 90, 180 and 270 degrees, but not mirrored.
    """
    if image.mode not in _EMBEDDABLE or image.getexif().get(_ORIENTATION, 1) in _MIRRORED:
        return False
    if image.format == "TIFF":
        return image.info.get("compression") == "group4" and getattr(image, "n_frames", 1) == 1
    return image.format in _AS_IT_IS


def _tag(image: Image.Image) -> tuple[float, float] | None:
    dpi = image.info.get("dpi")
    try:
        return (float(dpi[0]), float(dpi[1])) if dpi else None
    except (TypeError, ValueError, ZeroDivisionError, IndexError):
        return None


def _encode(image: Image.Image) -> tuple[bytes, tuple[int, int]]:
    plain = _plain(ImageOps.exif_transpose(image))
    buffer = io.BytesIO()
    if plain.mode == "CMYK":
        plain = plain.convert("RGB")
    plain.save(buffer, "PNG", compress_level=1)  # level 6: 4 × the time for 10 % of the size
    return buffer.getvalue(), plain.size


def _plain(image: Image.Image) -> Image.Image:
    """Return ``image`` as bilevel, grey or RGB, on paper where it was transparent."""
    if image.has_transparency_data:
        return _on_paper(image.convert("RGBA"))
    if image.mode in _DEEP:
        return _shallow(image)
    return image if image.mode in _EMBEDDABLE else image.convert("RGB")


def _shallow(image: Image.Image) -> Image.Image:
    """Return a picture of many levels in 256 of them.

    Its darkest is made black and its lightest white where it uses less than half of its levels:
    12 bits within 16, say, or numbers from 0 to 1.
    """
    low, high = cast("tuple[float, float]", image.getextrema())
    whole = _DEEP[image.mode]
    if not (math.isfinite(low) and math.isfinite(high)) or high <= low:
        return Image.new("L", image.size, 255)
    if low >= 0 and whole / 2 < high <= whole:
        low, high = 0, whole
    factor = 255 / (high - low)
    if image.mode.startswith("I;16"):
        return image.point(lambda value: value * factor - low * factor).convert("L")
    return image.convert("F").point(lambda value: value * factor - low * factor).convert("L")


def _on_paper(picture: Image.Image) -> Image.Image:
    """Return a picture with transparency on white; on that ground which shows more of it.

    Light letters cannot be seen on white, nor dark ones on black; where it has both, it is grey.
    """
    on = {ground: _flat(picture, ground) for ground in ("white", "black", "grey")}
    seen = {ground: _edges(flat) for ground, flat in on.items()}
    best = max(seen, key=lambda ground: seen[ground])
    return on[best if seen[best] > _MORE * seen["white"] else "white"]


def _flat(picture: Image.Image, ground: str) -> Image.Image:
    paper = Image.new("RGB", picture.size, ground)
    paper.paste(picture, mask=picture.getchannel("A"))
    return paper


def _edges(picture: Image.Image) -> int:
    """Return how many pixels of a small copy differ much from those around them."""
    small = picture.convert("L")
    small.thumbnail((_LOOKED_AT, _LOOKED_AT))
    around = small.filter(ImageFilter.BoxBlur(_NEAR))
    return sum(ImageChops.difference(small, around).histogram()[_DIFFERENT:])
