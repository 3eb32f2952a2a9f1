"""Read a drawing however the page lies: first find its lines, then see whether words come out.

Skew and the direction of lines cost 20 ms and are measured always. Which side is up costs a fifth
of a recognition and is asked only where lines run up or down the page, or where the first pass
gives gibberish: words of a page on its head come out at a confidence of 30 to 50. tesseract's OSD
tells it by the shapes of letters.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Protocol

from pytesseract import Output, TesseractError, pytesseract

from fanfold.ocr.picture import skew
from fanfold.ocr.picture.drawing import Drawing
from fanfold.ocr.picture.skew import Lie
from fanfold.ocr.picture.turn import turned
from fanfold.ocr.recognise.reading import Reading

GIBBERISH = 60.0
"""Minimum mean confidence of words that are no gibberish. The poorest receipts and forms stand
above 65."""

LEAST_SKEW = 0.5
"""Minimum of skew, in degrees, that is straightened; recognition does not mind less."""

_UPSIDE_DOWN = 180
_MINIMUM_LONG = 4
"""Minimum of characters in a word that is wider than high if its line runs across."""

_OSD = "--dpi {dpi} -c min_characters_to_try=10"
"""tesseract itself gives up below 50 characters; a title or a stamp has less."""


class Reader(Protocol):
    """Reads pictures whose lines run across."""

    @property
    def tesseract(self) -> str:
        """The program."""

    def read(self, picture: Drawing) -> Reading:
        """Read a picture; raise PageErrors."""


def read(drawing: Drawing, recogniser: Reader, pixels: int) -> Reading:
    """Read a drawing, turned to at most ``pixels``.

    Of several turns the one counts that gives more letters in words: of two that are gibberish,
    the wrong one often has less text, and none that can be believed. Lines that run down the
    turned picture, which tesseract can read, count half. Raises what the recogniser raises.
    """
    lie = skew.measure(drawing.ink)
    best: Reading | None = None
    for angle in _orientations(drawing, lie, recogniser.tesseract, pixels):
        found = _read_turned(drawing, angle, lie, recogniser, pixels)
        if best is None or _letters(found) > _letters(best):
            best = found
        if found.confidence >= GIBBERISH and not _runs_down(found):
            break
    assert best is not None
    return best


def _orientations(drawing: Drawing, lie: Lie, tesseract: str, pixels: int) -> Iterator[int]:
    """Yield orientations to try, the likeliest first; the next one is asked for after gibberish."""
    first = 90 if lie.lying else 0
    if not lie.lying:
        yield first
    level, _ = turned(drawing, _angle(first, lie), pixels)
    turn = clockwise(level, tesseract)
    likely = (first + (turn or 0)) % 360
    if likely or lie.lying:
        yield likely
    if lie.lying:
        yield (over := (likely + _UPSIDE_DOWN) % 360)
        if 0 not in (likely, over):
            yield 0


def clockwise(drawing: Drawing, tesseract: str) -> int | None:
    """Return by how many degrees (0, 90, 180, 270) the drawing must be turned to stand upright.

    None where its letters do not tell, or where the data for it (``osd``) is not installed.
    """
    pytesseract.tesseract_cmd = tesseract
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "page.pgm"
        drawing.image.save(path)
        try:
            found = pytesseract.image_to_osd(
                str(path), config=_OSD.format(dpi=drawing.dpi), output_type=Output.DICT
            )
            return int(found["rotate"]) % 360
        except (TesseractError, LookupError, ValueError):
            return None


def _letters(found: Reading) -> int:
    return found.legible // 2 if _runs_down(found) else found.legible


def _runs_down(found: Reading) -> bool:
    """Whether most words of some letters are higher than wide."""
    boxes = [row.word.box for row in found.rows if len(row.word.text) >= _MINIMUM_LONG]
    return sum(box.height > box.width for box in boxes) > len(boxes) / 2


def _angle(angle: int, lie: Lie) -> float:
    """Return the whole turn for an orientation: with the skew of the lines that run that way."""
    slope = lie.across if angle in (0, _UPSIDE_DOWN) else lie.down
    return angle + (slope if abs(slope) >= LEAST_SKEW else 0.0)


def _read_turned(
    drawing: Drawing, angle: int, lie: Lie, recogniser: Reader, pixels: int
) -> Reading:
    whole = _angle(angle, lie)
    picture, turn = turned(drawing, whole, pixels)
    found = recogniser.read(picture)
    return replace(found, displayed=drawing, turn=turn, orientation=angle, skew=whole - angle)
