"""Sound pictures of pages, one sample for each format that is read."""

from __future__ import annotations

from PIL import Image

from tests.data import pictures, prose
from tests.data.registry import sample


@sample("pages.tiff", "three pages: two CCITT, one grey LZW", *prose.LIGHTHOUSE[:3])
def pages_tiff() -> bytes:
    first, second = pictures.bilevel(prose.LIGHTHOUSE[0]), pictures.bilevel(prose.LIGHTHOUSE[1])
    third = pictures.scan(prose.LIGHTHOUSE[2], pictures.A5)
    second.encoderinfo = {"compression": "group4", "dpi": (pictures.DPI, pictures.DPI)}
    third.encoderinfo = {"compression": "tiff_lzw", "dpi": (pictures.DPI, pictures.DPI)}
    return pictures.encode(
        first, "TIFF", compression="group4", save_all=True, append_images=[second, third]
    )


@sample("photo.jpg", "stored on its side, upright by EXIF orientation 6", prose.NOTICE)
def photo() -> bytes:
    exif = Image.Exif()
    exif[0x0112] = 6
    stored = pictures.scan(prose.NOTICE, pictures.A5).rotate(90, expand=True).convert("RGB")
    return pictures.encode(stored, "JPEG", quality=80, exif=exif)


@sample("alpha.png", "black ink on transparent paper", prose.NOTICE)
def alpha() -> bytes:
    ink = pictures.page(prose.NOTICE, pictures.A5).point(lambda level: 255 - level)
    black = Image.new("L", ink.size, 0)
    return pictures.encode(Image.merge("LA", (black, ink)), "PNG")


@sample("frames.gif", "two frames of an animation: the first stands for it", prose.NOTICE)
def frames() -> bytes:
    second = pictures.page(prose.INVOICE, pictures.A5)
    return pictures.encode(
        pictures.page(prose.NOTICE, pictures.A5),
        "GIF",
        save_all=True,
        append_images=[second],
        duration=500,
    )


def _single(name: str, kind: str, **options: object) -> None:
    @sample(name, f"one page as {kind}", prose.NOTICE)
    def make() -> bytes:
        return pictures.encode(pictures.scan(prose.NOTICE, pictures.A5), kind, **options)


_single("page.png", "PNG")
_single("page.webp", "WEBP", quality=80)
_single("page.bmp", "BMP")
_single("page.jp2", "JPEG2000", quality_mode="rates", quality_layers=[20])


@sample("picture-of-nothing.png", "a blank sheet: done and empty, not failed", "")
def blank_png() -> bytes:
    return pictures.encode(Image.new("L", pictures.A5, 255), "PNG")
