"""Wrap one picture losslessly into a one-page PDF. Runs in the child."""

from __future__ import annotations

import io
from pathlib import Path

import img2pdf
from PIL import Image, ImageOps

from fanfold.ocr.document import jpeg_2000, old_jpeg, pixels
from fanfold.ocr.document.image_dpi import picture_dpi

_AS_IT_IS = ("JPEG", "MPO", "JPEG2000")
"""Formats whose own data can stand in a PDF, as Pillow names them."""

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


def wrap(source: Path, image: Image.Image, target: Path, *, as_it_is: bool = True) -> None:
    """Write the current frame of ``image``, which was opened from ``source``, to ``target``.

    JPEG, JPEG 2000 and single CCITT group 4 pictures are passed through. Other black and white ones
    become CCITT group 4 where that is smaller (print is half as large), everything else Flate.
    Transparency is flattened on what shows most; EXIF orientation is honoured. Raises what Pillow
    and img2pdf raise for damaged data.
    """
    tag = _tag(image)
    if (jpeg := old_jpeg.data(source, image)) is not None:
        return _embed(jpeg, image.size, tag, target)
    if as_it_is and _embeddable(image):
        data = source.read_bytes()
        if image.format != "JPEG2000" or jpeg_2000.is_plain(data):
            try:
                return _embed(data, image.size, tag, target)
            except Exception:  # whatever it is, the pixels will do
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
    if image.mode not in pixels.PLAIN or image.getexif().get(_ORIENTATION, 1) in _MIRRORED:
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
    plain = pixels.plain(ImageOps.exif_transpose(image))
    if plain.mode == "CMYK":
        plain = plain.convert("RGB")
    packed = [_packed(plain, "PNG", compress_level=1)]  # 6: 4 × the time for 10 % of the size
    if plain.mode == "1":
        packed.append(_packed(plain, "TIFF", compression="group4"))
    return min(packed, key=len), plain.size


def _packed(image: Image.Image, kind: str, **how: object) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, kind, **how)
    return buffer.getvalue()
