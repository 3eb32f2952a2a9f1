"""Words of a text layer that nobody can see: white, covered, clipped, tiny or off the page.

A coarse drawing finds the words whose place is of one colour. Only where there are some, the page
is drawn twice, in colour: as it is, and without its text. A word is seen where both differ. White
letters on a dark band are, and yellow ones on white; words under a bar or a picture are not.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

from PIL import Image, ImageChops

from fanfold.errors import PageError, RenderFailed
from fanfold.model import Unseen, Why, Word
from fanfold.ocr.isolation import programs
from fanfold.ocr.layer import hiding
from fanfold.ocr.layer.hiding import Signs
from fanfold.ocr.layer.sheet import Paper
from fanfold.ocr.layer.text import LOWEST, TextLayer
from fanfold.ocr.picture.drawing import Sheet
from fanfold.ocr.words import without

INK_DPI = 100
_MOST_PIXELS = 4_000_000
"""Of the two drawings in colour; larger pages are drawn as coarsely as that needs."""

_EVEN = 6
"""Maximum difference of grey levels within a place of one colour."""

_CHANGED = _EVEN
"""Maximum difference of levels, in any channel, that text does not make: so much is one colour."""

_WORD_INK = 0.03
"""Minimum share of a word's box that its letters change; thin small print changes 0.1."""

_BAR_LEVEL = 96
"""Grey levels below which the place of a word is a bar over it."""

_LOW_PAGE = 288.0
"""Points; a page with less height may have been drawn in a unit of its own."""

_LATIN_END = "\u024f"
Judge = Callable[[Word], Why | None]


class Found(NamedTuple):
    """The layer without the words that nobody can see, those, and how many we could not draw."""

    layer: TextLayer
    unseen: tuple[Unseen, ...]
    undrawn: int


class Places(NamedTuple):
    """A grey picture of a page and what a point of the page is in its pixels."""

    picture: Image.Image
    scale: float

    def even_ones(self, words: Iterable[Word]) -> set[Word]:
        """Return the words whose place is of one colour; a look at its middle tells of most."""
        picture = self.picture
        aside, below = ImageChops.offset(picture, 1, 0), ImageChops.offset(picture, 0, 1)
        steps = ImageChops.difference(picture, aside), ImageChops.difference(picture, below)
        edges = ImageChops.lighter(*steps)
        levels, (width, height), scale = edges.load(), edges.size, self.scale
        even = set()
        for word in words:
            box = word.box
            x, y = int((box.x0 + box.x1) / 2 * scale), int((box.y0 + box.y1) / 2 * scale)
            inside = levels is not None and 0 <= x < width and 0 <= y < height
            if not (inside and levels[x, y] > _EVEN) and self.even(word):  # type: ignore[index, operator]
                even.add(word)
        return even

    def even(self, word: Word) -> bool:
        """Whether the place of a word is of one colour."""
        part = _part(self.picture, _heart(word), self.scale)
        if part is None:
            return False
        low, high = part.getextrema()
        return int(high) - int(low) <= _EVEN  # type: ignore[arg-type]

    def dark(self, word: Word) -> bool:
        """Whether the middle of a word's place is dark."""
        part = _part(self.picture, _heart(word), self.scale)
        return part is not None and part.getextrema()[0] < _BAR_LEVEL  # type: ignore[operator]


def look(
    source: str,
    poppler: str | None,
    paper: Paper,
    layer: TextLayer,
    drawn: Callable[[], Places],
    *,
    over: bool,
) -> Found:
    """Look for words that nobody can see.

    ``drawn`` draws the page, unless its instructions prove that the words are seen. ``over`` says
    that pictures may lie on the text. Where the page cannot be drawn, all are seen.
    """
    words = [
        w for block in layer.displayed(layer.blocks) for line in block.lines for w in line.words
    ]
    undrawn = 0
    why = [_by_size(word, paper.sheet) for word in words]
    large = [word.box for word, reason in zip(words, why, strict=True) if reason is None]
    if not (paper.shown and paper.shown.all(large)):
        places = drawn()
        even = places.even_ones(words)
        foreign = sum(map(_is_foreign, words))
        if even or over or foreign or not paper.shown:
            signs = _signs(source, paper, even, doubted=bool(even or over or foreign))
            judge = _by_drawing(source, poppler, paper.sheet, even, places, signs)
            why = [reason or judge(word) for word, reason in zip(words, why, strict=True)]
            undrawn = foreign if signs.strange else 0
    unseen = tuple(
        Unseen(word.text, word.box, reason)
        for word, reason in zip(words, why, strict=True)
        if reason
    )
    left = _kept(layer, [reason is None for reason in why]) if unseen else layer
    return Found(left, unseen, undrawn)


def _kept(layer: TextLayer, seen: Sequence[bool]) -> TextLayer:
    blocks = without(layer.blocks, seen)
    return layer._replace(blocks=blocks, words=sum(seen))


def _by_size(word: Word, sheet: Sheet) -> Why | None:
    box = word.box
    if not (0 <= box.middle_x <= sheet.width and 0 <= box.middle_y <= sheet.height):
        return Why.OUTSIDE
    return Why.TINY if box.height < LOWEST and sheet.height >= _LOW_PAGE else None


def _signs(source: str, paper: Paper, even: set[Word], *, doubted: bool) -> Signs:
    """Return what may hide words; of forms drawn after text only where words are ``doubted``."""
    try:
        signs = hiding.look(source)
    except (PageError, OSError):
        return Signs()
    cut = paper.shown is not None and not paper.shown.hold(word.box for word in even)
    pictured = signs.shaded or (doubted and signs.pictured)
    return signs._replace(pictured=pictured, clipped=signs.clipped or cut)


def _is_foreign(word: Word) -> bool:
    """Whether a word has letters that our renderer may lack if the file has no font for them."""
    return max(word.text) > _LATIN_END and _is_written(word)


def _by_drawing(
    source: str, poppler: str | None, sheet: Sheet, even: set[Word], places: Places, signs: Signs
) -> Judge:
    """Return what says whether a word shows on the page; words that may not are drawn for."""
    try:
        if signs.drawn or not ((even and signs.any) or signs.pictured):
            return lambda _: None
        changed, scale = _changes(source, poppler, sheet)
    except (PageError, OSError):
        return lambda _: None

    def judge(word: Word) -> Why | None:
        if word not in even and (signs.invisible or not signs.pictured):
            return None
        if signs.strange and max(word.text) > _LATIN_END:
            return None
        if _shows(changed, word, scale):
            return None
        return _cause(signs, dark=places.dark(word), even=word in even)

    return judge


def _cause(signs: Signs, *, dark: bool, even: bool) -> Why | None:
    """Return what hides a word; None where nothing does, and our drawing lacks its glyphs."""
    if not even or (dark and signs.covered):
        return Why.COVERED
    told = (
        (signs.white, Why.WHITE),
        (signs.invisible, Why.INVISIBLE),
        (signs.pictured or signs.covered, Why.COVERED),
        (signs.clipped and not signs.strange, Why.CLIPPED),
    )
    return next((why for sign, why in told if sign), None)


def _changes(source: str, poppler: str | None, sheet: Sheet) -> tuple[Image.Image, float]:
    """Return where a page's text changes what is seen, in any channel, and pixels per point."""
    inches = sheet.width * sheet.height / 72**2
    dpi = max(1, int(min(INK_DPI, (_MOST_PIXELS / inches) ** 0.5)))
    with_text = _draw(source, poppler, dpi, "with-text")
    without_text = _draw(hiding.textless(source), poppler, dpi, "without-text")
    if with_text.size != without_text.size:
        raise RenderFailed
    red, green, blue = ImageChops.difference(with_text, without_text).split()
    most = ImageChops.lighter(ImageChops.lighter(red, green), blue)
    return most.point(lambda level: 255 * (level > _CHANGED)), with_text.width / sheet.width


def _draw(source: str, poppler: str | None, dpi: int, name: str) -> Image.Image:
    path = Path.cwd() / f"{name}.ppm"
    options = ["-r", str(dpi), "-cropbox", "-singlefile"]
    program = programs.poppler(poppler, "pdftoppm")
    programs.run([program, *options, source, str(path.with_suffix(""))])
    try:
        with Image.open(path, formats=["PPM"]) as picture:
            return picture.convert("RGB")
    finally:
        path.unlink(missing_ok=True)


def _shows(changed: Image.Image, word: Word, scale: float) -> bool:
    part = _part(changed, _heart(word), scale)
    if part is None:
        return True
    inked = part.histogram()[255]
    written = _is_written(word)
    return inked > 0 and (not written or inked >= _WORD_INK * part.width * part.height)


def _heart(word: Word) -> tuple[float, float, float, float]:
    """Return where a word has ink if it is seen: of letters the middle, of signs a bit more."""
    box = word.box
    x0, y0, x1, y1 = box.x0, box.y0, box.x1, box.y1
    if not _is_written(word):
        return x0 - 1, y0 - 1, x1 + 1, y1 + 1
    edge = 0.2 * min(y1 - y0, x1 - x0)
    if y1 - y0 > 2 * (x1 - x0) and len(word.text) > 1:  # runs up or down
        return x0 + edge, y0, x1 - edge, y1
    return x0, y0 + edge, x1, y1 - edge


def _is_written(word: Word) -> bool:
    return word.text.isalnum() or any(map(str.isalnum, word.text))


def _part(
    picture: Image.Image, place: tuple[float, float, float, float], scale: float
) -> Image.Image | None:
    """Return a place of a picture, a pixel at least; None outside of it."""
    left, top = max(0, int(place[0] * scale)), max(0, int(place[1] * scale))
    right = min(picture.width, max(left + 1, round(place[2] * scale)))
    bottom = min(picture.height, max(top + 1, round(place[3] * scale)))
    return picture.crop((left, top, right, bottom)) if left < right and top < bottom else None
