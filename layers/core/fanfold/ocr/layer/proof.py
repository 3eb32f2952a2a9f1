"""A proof that all words of a text layer are seen, from instructions alone: nothing is drawn.

Words are seen if no clip under which text is written cuts through them, and nothing is painted on
them, or was painted darkly under them; ``pen`` follows the instructions.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from pikepdf import Array, Dictionary, Name, Object
from PIL import Image, ImageChops, ImageDraw

from fanfold.model import Box
from fanfold.ocr.layer import hiding, pen
from fanfold.ocr.layer.pen import Corners, Cover

_EDGE = 0.25
"""Share of a word's height, above and below, in which its letters have little ink."""

_HIDDEN = 0.5
"""Maximum share of the rest that what is painted may touch: a rule through a word has a third."""

_LONGEST_PROOF = 3000
"""Maximum of points in a side of a page on which what is painted is compared with words."""


_Place = tuple[int, int, int, int]
"""Left, top, right and bottom of whole points, the last ones included."""


class Shown(NamedTuple):
    """Where all text is shown, but for what ``covers`` may hide; in points as displayed."""

    place: Corners
    covers: tuple[Cover, ...]

    def all(self, boxes: Sequence[Box]) -> bool:
        """Whether words with these boxes are seen, every one."""
        if not boxes:
            return True
        hearts = [_heart(box) for box in boxes]
        lefts, tops, rights, bottoms = zip(*hearts, strict=True)
        around = min(lefts), min(tops), max(rights), max(bottoms)
        left, top, right, bottom = self.place
        across = left <= around[0] + 1 and around[2] - 1 <= right
        down = top <= around[1] + 1 and around[3] - 1 <= bottom
        return across and down and (not self.covers or self._free(hearts, around))

    def hold(self, boxes: Iterable[Box]) -> bool:
        """Whether the middles of all words with these boxes are where all text is shown."""
        left, top, right, bottom = self.place
        return all(left <= b.middle_x <= right and top <= b.middle_y <= bottom for b in boxes)

    def _free(self, hearts: Sequence[_Place], around: _Place) -> bool:
        """Whether next to nothing is painted on the words, all of which are within ``around``."""
        if min(around) < 0 or max(around) > _LONGEST_PROOF:
            return False
        size = around[2] + 1, around[3] + 1
        painted, written = Image.new("L", size), Image.new("L", size)
        brush, pencil = ImageDraw.Draw(painted), ImageDraw.Draw(written)
        for cover in self.covers:
            if edges := _painted(cover):
                brush.rectangle(edges, fill=0 if cover.paper else 255)
        for heart in hearts:
            pencil.rectangle(heart, fill=255)
        both = ImageChops.darker(painted, written)
        return both.getbbox() is None or not any(_hidden(both, heart) for heart in hearts)


def look(page: Object, words: Sequence[bytes]) -> Shown | None:
    """Return what text is shown on a page with instructions of ``words``; None without a proof."""
    if _beyond(page):
        return None
    try:
        return Shown(*pen.followed(page, words))
    except (pen.Unproven, ArithmeticError, AttributeError, LookupError, TypeError, ValueError):
        return None


def _beyond(page: Object) -> bool:
    """Whether something may hide text of which the instructions say nothing, or lack its glyphs."""
    fonts = page.get(Name.Resources, Dictionary()).get(Name.Font, Dictionary())
    notes = page.get(Name.Annots, Array())
    return any(Name.AP in note for note in notes) or any(_drawn(font) for _, font in fonts.items())


def _drawn(font: Object) -> bool:
    """Whether only a drawing can tell what a font's glyphs look like."""
    parts = font.get(Name.DescendantFonts, Array())
    return font.get(Name.Subtype) == Name.Type3 or any(map(hiding.strange, parts))


def _heart(box: Box) -> _Place:
    edge = _EDGE * (box.y1 - box.y0)
    left, top = int(box.x0), int(box.y0 + edge)
    return left, top, max(left, int(box.x1)), max(top, int(box.y1 - edge))


def _painted(cover: Cover) -> _Place | None:
    """Return the points that a cover touches; of paper, those that it fills."""
    beyond = _LONGEST_PROOF + 1
    left, top, right, bottom = (min(max(e, -1), beyond) for e in cover.place)
    if left > right or top > bottom:
        return None
    if not cover.paper:
        return int(left), int(top), math.ceil(right), math.ceil(bottom)
    inner = math.ceil(left), math.ceil(top), int(right) - 1, int(bottom) - 1
    return inner if inner[0] <= inner[2] and inner[1] <= inner[3] else None


def _hidden(both: Image.Image, heart: _Place) -> bool:
    """Whether so much is painted on a word that it may not be seen."""
    left, top, right, bottom = heart
    part = both.crop((left, top, right + 1, bottom + 1))
    if part.getbbox() is None:
        return False
    return part.histogram()[255] > _HIDDEN * part.width * part.height
