"""Barcodes and QR codes on a page, as data. What they say comes from strangers.

ZXing's decoder searches the drawing that the recogniser reads. A quick search costs a fiftieth of a
recognition; it finds square codes at any angle and bars that stand upright. On request, a thorough
one tries the page turned, inverted and reduced as well, on a drawing fine enough for narrow bars.
"""

from __future__ import annotations

import json
import math
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from pathlib import Path

import zxingcpp
from PIL import Image

from fanfold import pagejson
from fanfold.errors import PageError
from fanfold.model import Box, Code, Codes
from fanfold.ocr.isolation import fork
from fanfold.ocr.isolation.task import Task
from fanfold.ocr.picture import render
from fanfold.ocr.picture.drawing import Drawing, Sheet
from fanfold.ocr.words import Row

SEARCHED_PICTURES = 0.005
"""Minimum share of a native page under pictures that are searched: a code of 2 cm on A4."""

THOROUGH_DPI = 300
"""Dots per inch of a thorough search's drawing: bars of a hundredth of an inch are three pixels."""

MAXIMUM_CODES = 64
"""Maximum of codes on a page; sheets of labels have some 30."""

MAXIMUM_LENGTH = 4096
"""Maximum of characters in a code, and of bytes; the largest QR code holds 2,953 bytes."""

_MINIMUM_LENGTH = 4
"""Minimum of characters in a code that a quick search finds: a rule or a letter gives fewer."""

_QUICK = (
    *(zxingcpp.BarcodeFormat.QRCode, zxingcpp.BarcodeFormat.DataMatrix),
    *(zxingcpp.BarcodeFormat.Aztec, zxingcpp.BarcodeFormat.PDF417),
    *(zxingcpp.BarcodeFormat.Code128, zxingcpp.BarcodeFormat.EANUPC),
    *(zxingcpp.BarcodeFormat.Code39, zxingcpp.BarcodeFormat.ITF),
)
"""What documents carry; the others are rare, or hits among letters."""

MINIMUM_PRINTED = 80.0
"""Minimum confidence of a word that was printed within a code; those read out of bars and modules
had 50 at most."""

_LAYOUT = "\t\n"


def find(task: Task, sheet: Sheet, drawing: Drawing | None) -> tuple[Code, ...]:
    """Return the codes on a page that was drawn as ``drawing``, or is drawn for that.

    The decoder works in a fork: should a code crash it, the page keeps its words.
    """
    how = Codes(task.codes)
    if how is Codes.OFF:
        return ()
    try:
        picture = _drawn(task, sheet, how) if how is Codes.ON or drawing is None else drawing
    except PageError:
        return ()
    target = Path.cwd() / "codes.json"
    scale = sheet.width / picture.width
    if fork.run(partial(_write, picture, how, scale, target)).status:
        return ()
    return tuple(map(pagejson.load_code, json.loads(target.read_text("utf-8"))))


def spared(
    rows: Iterable[Row], seen: Sequence[Code], place: Callable[[Box], Box]
) -> tuple[Row, ...]:
    """Return rows without the words that a recogniser made of the codes ``seen``.

    ``place`` turns the box of a row to the page as displayed, in points.
    """
    return tuple(
        row
        for row in rows
        if row.word.confidence >= MINIMUM_PRINTED
        or not any(place(row.word.box).inside(code.box) for code in seen)
    )


def _drawn(task: Task, sheet: Sheet, how: Codes) -> Drawing:
    inches = sheet.width / 72 * sheet.height / 72
    wanted = THOROUGH_DPI if how is Codes.ON else render.TARGET_DPI
    dpi = max(1, int(min(wanted, math.sqrt(task.pixels / inches))))
    return render.draw_directly(task.source, task.poppler, sheet, dpi, Path.cwd())


def _write(drawing: Drawing, how: Codes, scale: float, target: Path) -> None:
    found = [pagejson.dump_code(code) for code in read(drawing, how, scale)]
    target.write_text(json.dumps(found), "utf-8")


def read(drawing: Drawing, how: Codes, scale: float) -> tuple[Code, ...]:
    """Return the codes on a drawing, from top to bottom; ``scale`` is points per pixel."""
    picture = drawing.image
    found = _thorough(picture) if how is Codes.ON else _quick(picture)
    seen = _distinct(_code(one, scale) for one in found[:MAXIMUM_CODES])
    sure = [one for one in seen if how is Codes.ON or len(one.text or one.data) >= _MINIMUM_LENGTH]
    return tuple(sorted(sure, key=lambda code: (code.box.y0, code.box.x0)))


def _thorough(picture: Image.Image) -> list[zxingcpp.Barcode]:
    return zxingcpp.read_barcodes(picture, text_mode=zxingcpp.TextMode.Plain)


def _quick(picture: Image.Image) -> list[zxingcpp.Barcode]:
    return zxingcpp.read_barcodes(
        picture,
        formats=zxingcpp.BarcodeFormats(_QUICK),
        try_rotate=False,
        try_downscale=False,
        try_invert=False,
        text_mode=zxingcpp.TextMode.Plain,
    )


def _distinct(found: Iterable[Code]) -> Iterator[Code]:
    """Yield codes once, however often they were hit in the same place."""
    kept: list[Code] = []
    for code in found:
        if not any(code.text == one.text and _meet(code.box, one.box) for one in kept):
            kept.append(code)
            yield code


def _meet(one: Box, other: Box) -> bool:
    across = one.x0 <= other.x1 and other.x0 <= one.x1
    return across and one.y0 <= other.y1 and other.y0 <= one.y1


def _code(found: zxingcpp.Barcode, scale: float) -> Code:
    data, kind = bytes(found.bytes)[:MAXIMUM_LENGTH], found.content_type
    binary = kind in (zxingcpp.ContentType.Binary, zxingcpp.ContentType.UnknownECI)
    text = "" if binary else clean(found.text)
    return Code(str(found.format), text, _box(found.position, scale), b"" if text else data)


def clean(text: str) -> str:
    """Return a code's text without control characters, bounded; tabs and line ends stay.

    Invisible characters and those that turn the direction of writing go, too: what is shown must
    be what it says.
    """
    kept = (c for c in text if c in _LAYOUT or unicodedata.category(c)[0] != "C")
    return "".join(kept)[:MAXIMUM_LENGTH]


def _box(position: zxingcpp.Position, scale: float) -> Box:
    corners = (
        *(position.top_left, position.top_right),
        *(position.bottom_left, position.bottom_right),
    )
    xs, ys = [corner.x * scale for corner in corners], [corner.y * scale for corner in corners]
    return Box(min(xs), min(ys), max(xs), max(ys))
