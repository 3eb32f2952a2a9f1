"""Read once more what looks like letters and no word covers; list what stays unread.

Stamps at an angle, notes up the margin, letters in another colour or on a dark bar, single lines
that page segmentation took for an ornament: each is cut out, turned so that its line runs across,
brought to the size and contrast that are read best, and read alone.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import groupby
from statistics import median
from typing import NamedTuple

from PIL import Image, ImageDraw, ImageFilter, ImageOps, ImageStat

from fanfold.errors import PageError
from fanfold.geometry import Turn
from fanfold.model import Box
from fanfold.ocr.passes.means import Means
from fanfold.ocr.passes.weave import woven
from fanfold.ocr.picture import candidates, contrast, letters
from fanfold.ocr.picture.drawing import Drawing
from fanfold.ocr.picture.letters import Lines
from fanfold.ocr.picture.turn import turned
from fanfold.ocr.recognise.reading import Reading
from fanfold.ocr.recognise.tesseract import Tesseract, Way
from fanfold.ocr.words import Row, placed

_COVERING = 30.0
"""Minimum confidence of a word that covers its ink whatever it is; below, it must have a letter and
be no higher than others, for guesses at ornaments are."""

_GUESSED, _GUESSED_LETTERS = 40.0, 6
"""Mean confidence below which a line with so many letters and figures is a guess."""

_TIMES_AS_HIGH = 2.5
"""How many times as high as the median word others are."""

_UPRIGHT_LOOKS = 2, 1.5
"""Minimum of letters and of widths in its height of a word that is a guess at a line up or down."""

_PLACE_READ = 70.0
"""Minimum mean confidence of the words of a place that counts as read."""

_KEPT = 60.0
"""Minimum confidence of a word that is kept of a place that does not."""

_KEPT_LETTERS = 3
"""Minimum of letters in such a word."""

_PLACES = 12
"""Places that are read once more; further ones are listed unread."""

_ROUNDS = 2
"""How often places are looked for: a block within a frame may be read in part. Then once more for
faint ones."""

_FAINT_READ = 80.0
"""Minimum mean confidence of the words of a faint place: what shows through from behind is read
with less."""

_LOOKED_DPI = 150
"""Resolution at which a place is looked at."""

_LETTER_SIZE = 18.0
"""Pixels to make a letter: x is lower than that, capitals are higher."""

_ENLARGEMENT = 0.4, 4.0
"""Minimum and maximum factor by which a place is made larger for that."""

_PAPER_AROUND = 1 / 20
"""Inches of paper around a place."""

_PLACE, _LINE_END = "place", "end"
"""What the paragraphs of words are called that were read in a place, or at the end of a line."""

_ON_ITS_HEAD = 180.0
_BLOCK_ONCE, _SINGLE_LINE = Way(segmentation=6, width=1), Way(segmentation=7, width=1)

_SINGLE = 3.0
"""Maximum height of a place with one line, in heights of a letter."""

_PLACE_BLUR = 1.0
"""Pixels of a drawing by which halftones are smoothed."""

_SQUEEZED = 0.6
"""Maximum height, in heights of the words around, of what stands between two lines and is neither:
specks of the ground, and what sticks out of the words' boxes."""

_UNDER = 0.5
"""Minimum share of its width that words above it cover, and words below it."""


class Account(NamedTuple):
    """``rows`` that were read in places without words, and boxes of what stays ``unread``."""

    rows: tuple[Row, ...]
    unread: tuple[Box, ...]


class _Place(NamedTuple):
    """A part of a drawing with letters: its box there, its picture and how its lines lie.

    ``sure`` says that these are letters; one to three of them beside a line of words may be, and so
    may ``faint`` ones.
    ``other`` is the same part of another drawing of the page.
    """

    box: Box
    picture: Drawing
    lines: Lines
    sure: bool = True
    other: Drawing | None = None
    faint: bool = False

    def on(self, drawing: Drawing, known: Iterable[Box]) -> Drawing:
        """Return the same part of another drawing of the page, without what is ``known`` there."""
        return drawing.showing(_cut(drawing.image, self.box, known))


def reread(found: Reading, means: Means) -> Reading:
    """Return ``found`` with the words of places that no word covers, and what stays unread."""
    drawing = _whole(found, means)
    high = _TIMES_AS_HIGH * median([row.word.box.height for row in found.rows] or [0.0])
    guessed = set(_guesses(found.rows))
    covering = [row for row in found.rows if _covers(row, high) and row not in guessed]
    kept = set(covering)
    known = [row.word.box for row in covering]
    account = settle(drawing, known, means.recogniser, means.pixels, found.drawing)
    if means.over:
        stamps = settle(
            _turned(means.over, found, means), (), means.recogniser, means.pixels, faint=False
        )
        over = (row._replace(paragraph=(_PLACE, f"over {row.paragraph[1]}")) for row in stamps.rows)
        account = Account((*account.rows, *over), (*account.unread, *stamps.unread))
    rows = [row for row in found.rows if row in kept or not _hit(row, account.rows)]
    return replace(found, rows=merged(rows, account), unread=account.unread)


def merged(rows: Sequence[Row], account: Account) -> tuple[Row, ...]:
    """Return rows with those of the account among them: ends of lines behind their lines."""
    ends = [row for row in account.rows if row.paragraph[0] == _LINE_END]
    apart = [row for row in account.rows if row.paragraph[0] != _LINE_END]
    return tuple(woven(woven(rows, apart, _PLACE), ends, _LINE_END, math.inf))


def _guesses(rows: Iterable[Row]) -> Iterator[Row]:
    """Yield the words of lines that nobody could read: what stands on its head, say."""
    for _, group in groupby(rows, key=lambda row: (row.paragraph, row.line)):
        line = list(group)
        letters = sum(map(_letters, line))
        sure = sum(_letters(row) * row.word.confidence for row in line)
        if letters >= _GUESSED_LETTERS and sure < _GUESSED * letters:
            yield from line


def _covers(row: Row, high: float) -> bool:
    """Whether the ink of a word counts as read: it is in the text, however unsure.

    ``high`` is the maximum height of an unsure one.
    """
    box, letters = row.word.box, _letters(row)
    if letters >= _UPRIGHT_LOOKS[0] and box.height > _UPRIGHT_LOOKS[1] * box.width:
        return row.word.confidence >= _PLACE_READ
    return row.word.confidence >= _COVERING or (letters > 0 and box.height <= high)


def _whole(found: Reading, means: Means) -> Drawing:
    """Return what shows all of the page, turned and as large as what was read."""
    return found.drawing if means.all is None else _turned(means.all, found, means)


def _turned(drawing: Drawing, found: Reading, means: Means) -> Drawing:
    """Return a drawing of the page as displayed, turned and as large as what was read."""
    picture, _ = turned(drawing, found.turn.angle, means.pixels)
    size = found.drawing.size
    return picture if picture.size == size else picture.resized(*size, found.drawing.dpi)


def settle(
    drawing: Drawing,
    known: Iterable[Box],
    reader: Tesseract,
    pixels: int,
    other: Drawing | None = None,
    *,
    faint: bool = True,
) -> Account:
    """Read the places of a drawing that look like letters and that no box ``known`` covers.

    What cannot be read there is read on the ``other`` drawing of the page, if that is another one.
    ``faint``: in the end those are read that stand out less than print does.
    """
    rows: list[Row] = []
    unread: list[Box] = []
    added: list[Row] = []
    boxes, left = list(known), _PLACES
    for turn in range(_ROUNDS + faint):
        last = turn == _ROUNDS
        if turn and not (last or added):
            continue
        found = places(drawing, (*boxes, *unread), faint=last)
        if other and other is not drawing:
            found = [p._replace(other=p.on(other, boxes)) for p in found]
        added = []
        for number, place in enumerate(found):
            said = _read(place, reader, pixels) if number < left else ()
            name = (_PLACE if place.sure else _LINE_END, f"{turn}.{number}")
            added += (
                row._replace(paragraph=name)
                for row in _believed(said, place)
                if not _is_known(row.word.box, boxes)
            )
            if place.sure and not (last or _is_read(said)):
                unread.append(place.box)
        rows += added
        boxes += (row.word.box for row in added)
        left -= len(found)
    return Account(tuple(rows), tuple(unread))


def _is_known(box: Box, known: Iterable[Box]) -> bool:
    """Whether a word lies on one that is known: what stuck out of its box was read once more."""
    return any(box.inside(each) or each.inside(box) for each in known)


def places(drawing: Drawing, known: Iterable[Box], *, faint: bool = False) -> list[_Place]:
    """Return the places of a drawing with letters outside of boxes, both in its pixels.

    ``faint`` asks for those that stand out less than print does.
    """
    small = contrast.small(drawing.image, drawing.dpi)
    scale, boxes = small.width / drawing.width, tuple(known)
    margin = drawing.dpi * _PAPER_AROUND
    found = []
    little = [box.scaled(scale) for box in boxes]
    strength = (candidates.FAINT,) if faint else ()
    for spot in candidates.find(small, little, *strength):
        if _is_squeezed(spot, little):
            continue
        box = _within(spot.scaled(1 / scale).grown(margin), drawing)
        picture = drawing.showing(_cut(drawing.image, box, boxes))
        place = _looked_at(box, picture, () if faint else boxes)
        if place:
            found.append(place._replace(faint=faint))
    return sorted(found, key=lambda place: not place.sure)


def _is_squeezed(spot: Box, known: Sequence[Box]) -> bool:
    """Whether a spot is what is left between two lines of words."""
    near = [
        word for word in known if word.across(spot) and -spot.common_height(word) <= word.height / 2
    ]
    if not near or spot.height > _SQUEEZED * median(word.height for word in near):
        return False
    above = sum(spot.common_width(word) for word in near if word.middle_y < spot.y0)
    below = sum(spot.common_width(word) for word in near if word.middle_y > spot.y1)
    return min(above, below) >= _UNDER * spot.width


def _cut(image: Image.Image, box: Box, known: Iterable[Box]) -> Image.Image:
    """Return a part of a picture without what is ``known`` of it: paper stands there."""
    part = image.crop((box.x0, box.y0, box.x1, box.y1))
    paper, pen = ImageStat.Stat(part).median[0], ImageDraw.Draw(part)
    for each in known:
        if each.across(box) and each.y0 < box.y1 and box.y0 < each.y1:
            corners = each.x0 - box.x0, each.y0 - box.y0, each.x1 - box.x0, each.y1 - box.y0
            pen.rectangle([round(edge) for edge in corners], fill=paper)
    return part


def _looked_at(box: Box, picture: Drawing, known: Sequence[Box]) -> _Place | None:
    """Return a part of a drawing as a place with letters; None where it has none."""
    factor = max(1, picture.dpi // _LOOKED_DPI)
    small, dpi = picture.image.reduce(factor), picture.dpi // factor
    if lines := letters.look(small, dpi):
        return _Place(box, picture, lines._replace(height=lines.height * factor))
    if not any(_ends(box, word) for word in known) or not (seen := letters.few(small, dpi)):
        return None
    lines, around = seen
    part = _within(around.scaled(factor).grown(lines.height * factor / 2), picture)
    image = picture.image.crop((part.x0, part.y0, part.x1, part.y1))
    moved = Box(box.x0 + part.x0, box.y0 + part.y0, box.x0 + part.x1, box.y0 + part.y1)
    lines = lines._replace(height=lines.height * factor)
    return _Place(moved, picture.showing(image), lines, sure=False)


def _ends(box: Box, word: Box) -> bool:
    """Whether a small part stands behind a word on its line, and is as high."""
    return (
        word.x1 <= box.middle_x
        and word.y0 - word.height / 2 <= box.y0
        and box.y1 <= word.y1 + word.height / 2
        and box.level(word)
    )


def _within(box: Box, drawing: Drawing) -> Box:
    return Box(
        max(0, int(box.x0)),
        max(0, int(box.y0)),
        min(drawing.width, int(box.x1) + 1),
        min(drawing.height, int(box.y1) + 1),
    )


def _read(place: _Place, reader: Tesseract, pixels: int) -> tuple[Row, ...]:
    """Return the words of a place, in pixels of its drawing: of all attempts the best."""
    best: tuple[Row, ...] = ()
    for picture, way in _attempts(place):
        for angle in _ways_up(place.lines.angle):
            shown = place._replace(picture=picture)
            best = max(best, _looked(shown, angle, way, reader, pixels), key=_score)
        if _is_read(best):
            return best
    if best and not place.lines.angle:
        best = max(best, _looked(place, _ON_ITS_HEAD, _BLOCK_ONCE, reader, pixels), key=_score)
    return best


def _attempts(place: _Place) -> Iterator[tuple[Drawing, Way]]:
    """Yield pictures of a place and ways to read them, each for what the one before missed."""
    yield place.picture, _BLOCK_ONCE
    if place.other:
        yield place.other, _BLOCK_ONCE
    if not place.lines.angle and place.box.height <= _SINGLE * place.lines.height:
        yield place.picture, _SINGLE_LINE
    else:
        smooth = place.picture.image.filter(ImageFilter.GaussianBlur(_PLACE_BLUR))
        yield place.picture.showing(smooth), _BLOCK_ONCE


def _ways_up(angle: float) -> Sequence[float]:
    return (angle, angle + 180) if angle else (0.0,)


def _looked(
    place: _Place, angle: float, way: Way, reader: Tesseract, pixels: int
) -> tuple[Row, ...]:
    factor = min(max(_LETTER_SIZE / place.lines.height, _ENLARGEMENT[0]), _ENLARGEMENT[1])
    size = [max(1, round(side * factor)) for side in place.picture.size]
    sized = place.picture.resized(*size).showing(
        _clear(place.picture.image.resize(size, Image.Resampling.BICUBIC))
    )
    picture, turn = turned(sized, angle, pixels)
    try:
        seen = reader.read(picture, way)
    except PageError:  # for want of time, say: it stays unread
        return ()
    return tuple(placed(seen.rows, lambda box: _moved(turn, box, factor, place.box)))


def _moved(turn: Turn, box: Box, factor: float, place: Box) -> Box:
    inside = turn.undo(box).scaled(1 / factor)
    return Box(
        inside.x0 + place.x0, inside.y0 + place.y0, inside.x1 + place.x0, inside.y1 + place.y0
    )


def _clear(image: Image.Image) -> Image.Image:
    """Return a part of a picture as dark letters on light paper, over all levels."""
    stretched = ImageOps.autocontrast(image, cutoff=0.5)
    counts = stretched.histogram()
    dark = sum(counts[: len(counts) // 2])
    return ImageOps.invert(stretched) if 2 * dark > sum(counts) else stretched


def _is_number(row: Row) -> bool:
    return any(map(str.isdigit, row.word.text))


def _score(rows: Sequence[Row]) -> float:
    return sum(_letters(row) * (row.word.confidence - _COVERING) for row in rows)


def _letters(row: Row) -> int:
    return sum(map(str.isalnum, row.word.text))


def _believed(rows: Sequence[Row], place: _Place) -> list[Row]:
    """Return the words of a place that stay: all with a letter if it was read, else the surest.

    Of a faint place that was not read none does.
    """
    if place.faint and not _is_read(rows, _FAINT_READ):
        return []
    if _is_read(rows):
        return [row for row in rows if _letters(row) and (place.sure or _is_number(row))]
    return [row for row in rows if row.word.confidence >= _KEPT and _letters(row) >= _KEPT_LETTERS]


def _is_read(rows: Sequence[Row], least: float = _PLACE_READ) -> bool:
    worded = [row for row in rows if _letters(row)]
    if not worded:
        return False
    sure = sum(_letters(r) * r.word.confidence for r in worded) / sum(map(_letters, worded))
    return sure >= least


def _hit(row: Row, others: Iterable[Row]) -> bool:
    """Whether a guess gives way: one in the place of a word that was read."""
    return any(row.word.box.inside(other.word.box) for other in others)
