"""Lines that run up or down a page, or slope more than a page does, made to run across."""

from __future__ import annotations

import math
from dataclasses import replace

from fanfold.geometry import Turn
from fanfold.model import Box, Line, Word

_MINIMUM_STEEP, _MAXIMUM_STEEP = 16.0, 40.0
"""Degrees by which a line slopes that is no line of a skewed page, and can be made level."""

_MINIMUM_UPRIGHT = 70.0
"""Minimum of degrees by which a line slopes that runs up or down the page."""

_SHORT = 2
"""Characters up to which a word may be wider than high though its line runs up or down."""


def straightened(line: Line, turn: Turn) -> tuple[Line, Turn]:
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
