"""Write the invisible text layer of a page: a one-page PDF, to be laid under the page's picture.

A word is stretched to the width of its box; its space follows it, which tells readers where words
end. Where it would touch the next one it is made narrower: viewers take what is closer than a tenth
of the font's size for one word. The lines of a page's text have one size of font, since poppler
takes lines of different sizes for different texts. Words that run to the left stand backwards, as
viewers expect it.
"""

from __future__ import annotations

import math
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from statistics import median
from typing import NamedTuple

from pikepdf import Array, Dictionary, Name, Page, Pdf, Stream, String

from fanfold.bidi import seen_order
from fanfold.formats.language_tags import tag
from fanfold.formats.searchable import glyphless
from fanfold.formats.searchable.glyphless import GLYPH_WIDTH
from fanfold.formats.searchable.layer_read import INSTEAD, LANGUAGE
from fanfold.geometry import Turn
from fanfold.model import Block, Box, Line, Word

_FONT_NAME = "/f-0-0"
"""What tesseract's layers call their font."""

_WORD_SHARE = 0.9
"""Height of a word with ascenders and descenders, in sizes of its font."""

_MAXIMUM_BODY = 1.35
"""Maximum of how many times larger or smaller than the page's median word a line's words are that
get its size."""

_MINIMUM_WORD_GAP = 0.15
"""Minimum between a word and the next, in sizes of its font. Viewers take 0.1 for none."""

_MINIMUM_WIDTH = 0.5
"""Minimum of a word's width that it keeps for that."""

_MAXIMUM_LINE_HEIGHT = 1.6
"""Maximum of a straight line's height, in heights of its highest word; a curved one is higher."""

_MAXIMUM_DRIFT = 0.45
"""Maximum of what words of one line may differ in how low they stand, in sizes of the font.

poppler takes words for one line up to 0.5.
"""

_MAXIMUM_SHIFT = 0.5
"""Maximum of how far a word is moved off its ink to make its line level, in sizes of the font.

On a page of 8.5 inches it is enough for lines that slope by up to 2 degrees.
"""

_MINIMUM_STEEP, _MAXIMUM_STEEP = 16.0, 40.0
"""Degrees by which a line slopes that is no line of a skewed page, and can be made level."""

_MINIMUM_UPRIGHT = 70.0
"""Minimum of degrees by which a line slopes that runs up or down the page."""

_SHORT = 2
"""Characters up to which a word may be wider than high though its line runs up or down."""

_DIRECTIONS = {0: (1, 0), 90: (0, -1), 180: (-1, 0), 270: (0, 1)}
"""Which way (right, down) lines run on a page that was turned clockwise by so many degrees."""


def write(
    path: Path,
    blocks: Iterable[Block],
    turn: Turn,
    scale: float,
    *,
    instead: bool = True,
    languages: str = "",
) -> None:
    """Write a layer for ``blocks`` in pixels of a picture that was turned by ``turn``.

    ``scale`` is points per pixel; the layer's page is as large as the page as displayed.
    ``instead`` says that the layer stands for all text of the page, as opposed to some more of it.
    ``languages`` as tesseract names them.
    """
    content = "\n".join(_lines(blocks, turn, scale)).encode("ascii")
    sides = (round(side * scale, 3) for side in turn.before)
    with Pdf.new() as pdf:
        page = Dictionary(
            Type=Name.Page,
            MediaBox=Array([0, 0, *sides]),
            Contents=Stream(pdf, zlib.compress(content), Filter=Name.FlateDecode),
            Resources=Dictionary(Font=Dictionary({_FONT_NAME: glyphless.font(pdf)})),
        )
        page[INSTEAD] = instead
        if language := tag(languages):
            page[LANGUAGE] = String(language)
        pdf.pages.append(Page(pdf.make_indirect(page)))
        pdf.save(path, min_version="1.5", deterministic_id=True, compress_streams=False)


def _lines(blocks: Iterable[Block], turn: Turn, scale: float) -> Iterator[str]:
    yield "BT 3 Tr"
    lines = [_straightened(line, turn) for block in blocks for line in block.lines]
    heights = [word.box.height for line, _ in lines for word in line.words]
    body = median(heights) if heights else 0.0
    for line, its_turn in lines:
        for put in _placed(line, its_turn, body):
            height = put.size * scale
            codes = (put.text + " ").encode("utf-16-be", "replace").hex()
            stretch = 100 * put.length * scale / (len(codes) // 4 - 1) / (GLYPH_WIDTH * height)
            across, down = put.across
            edges = put.x * scale, (turn.before[1] - put.y) * scale
            yield (
                f"{_FONT_NAME} {height:.2f} Tf {max(stretch, 1):.2f} Tz {across} {-down} "
                f"{down} {across} {edges[0]:.2f} {edges[1]:.2f} Tm <{codes}> Tj"
            )
    yield "ET"


def _straightened(line: Line, turn: Turn) -> tuple[Line, Turn]:
    """Return a line that runs across, and the turn of what it is in: some run up or down it.

    What slopes more than a page does is made level: the words are found, and near their places.
    """
    first, last = line.words[0].box, line.words[-1].box
    right, down = last.middle_x - first.middle_x, last.middle_y - first.middle_y
    slope = abs(math.degrees(math.atan2(down, right))) if len(line.words) > 1 else 0.0
    if _MINIMUM_UPRIGHT <= slope <= 180 - _MINIMUM_UPRIGHT and all(map(_is_tall, line.words)):
        angle = 90 if down < 0 else -90
        width, height = turn.after
        back = Turn(-angle, (height, width), (width, height))
        words = tuple(replace(word, box=back.undo(word.box)) for word in line.words)
        whole = Turn(turn.angle + angle, turn.before, (height, width))
        return replace(line, words=words, box=Box.around(word.box for word in words)), whole
    if _MINIMUM_STEEP <= slope <= _MAXIMUM_STEEP and _is_steep(line, slope):
        return _level(line, slope), turn
    return line, turn


def _is_steep(line: Line, degrees: float) -> bool:
    """Whether a line's words slope themselves: then they are higher than upright ones."""
    slope = math.tan(math.radians(degrees))
    return all(word.box.height >= slope * word.box.width for word in line.words)


def _level(line: Line, degrees: float) -> Line:
    """Return a steep line with its words beside each other on its middle level."""
    cosine, sine = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
    middle = line.box.middle_y
    words = []
    for word in line.words:
        box = word.box
        high = (box.height * cosine - box.width * sine) / (cosine**2 - sine**2)
        high, inset = max(1.0, high), max(0.0, high * sine / 2)
        level = Box(box.x0 + inset, middle - high / 2, box.x1 - inset, middle + high / 2)
        words.append(replace(word, box=level))
    return Line(tuple(words), Box.around(word.box for word in words))


def _is_tall(word: Word) -> bool:
    return word.box.height > word.box.width or len(word.text) <= _SHORT


class _Put(NamedTuple):
    """A word on the page as displayed, in pixels.

    ``x`` and ``y`` are where its base line begins, ``across`` which way that runs (right is 1, 0;
    down is 0, 1), ``size`` is that of its font.
    """

    text: str
    x: float
    y: float
    across: tuple[int, int]
    length: float
    size: float


def _placed(line: Line, turn: Turn, body: float) -> Iterator[_Put]:
    """Yield the words of a line: each stands upright, its middle on the slope of the line.

    poppler cuts words whose letters are more than half a point off their base line, and puts
    words in order by level lines only. So a line is made as level as _MAXIMUM_SHIFT allows.
    """
    quarter = round(turn.angle / 90) * 90
    slope = math.cos(math.radians(turn.angle - quarter))
    right, down = _DIRECTIONS[quarter % 360]
    laid = list(_laid(_apart(line, body), body))
    sizes = [height / _WORD_SHARE for _, _, height in laid]
    feet = [turn.undone(word.box.middle_x, bottom) for word, bottom, _ in laid]
    lows = _levelled([x * -down + y * right for x, y in feet], max(sizes))
    for (word, _, _), size, (x, y), low in zip(laid, sizes, feet, lows, strict=True):
        length = word.box.width * slope
        start = x * right + y * down - length / 2
        place = start * right - low * down, start * down + low * right
        yield _Put(word.text, *place, (right, down), length, size)


def _levelled(lows: Sequence[float], size: float) -> Sequence[float]:
    """Return how low words are to stand: nearer to one level where that moves none too far."""
    drift = max(lows) - min(lows)
    level = _MAXIMUM_DRIFT * size
    if not level < drift <= level + 2 * _MAXIMUM_SHIFT * size:
        return lows
    middle = (max(lows) + min(lows)) / 2
    return [middle + (low - middle) * level / drift for low in lows]


def _laid(line: Line, body: float) -> Iterator[tuple[Word, float, float]]:
    """Yield each word with its base and its height; a straight line has one of each for all."""
    heights = [max(1.0, word.box.height) for word in line.words]
    straight = line.box.height <= _MAXIMUM_LINE_HEIGHT * max(heights)
    bottom = median(word.box.y1 for word in line.words)
    common = _common_height(heights, body)
    for word, height in zip(line.words, heights, strict=True):
        yield (word, bottom, common) if straight else (word, word.box.y1, height)


def _common_height(heights: Sequence[float], body: float) -> float:
    """Return the height of a line's words: the page's where it is about that."""
    common = median(heights)
    return body if common / _MAXIMUM_BODY <= body <= common * _MAXIMUM_BODY else common


def _apart(line: Line, body: float) -> Line:
    """Return a line as it is seen, its words so narrow that viewers see where they end."""
    words = seen_order(line.words)
    heights = [max(1.0, word.box.height) for word in words]
    gap = _MINIMUM_WORD_GAP * _common_height(heights, body) / _WORD_SHARE
    narrow = [
        replace(word, box=_ending_before(word.box, after.box.x0 - gap))
        for word, after in pairwise(words)
    ]
    return replace(line, words=(*narrow, words[-1]))


def _ending_before(box: Box, edge: float) -> Box:
    """Return a box that ends at ``edge``, if that leaves enough of it."""
    if box.x0 + _MINIMUM_WIDTH * box.width <= edge < box.x1:
        return replace(box, x1=edge)
    return box
