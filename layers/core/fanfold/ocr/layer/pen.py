"""Follow a page's instructions as far as they can hide text: colours, clips and what is painted.

Nothing is drawn. What is not understood here raises Unproven, for nobody knows then what is seen.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from pikepdf import Array, Dictionary, Name, Object, Stream

from fanfold import page_boxes
from fanfold.ocr.layer.tokens import numbers
from fanfold.page_boxes import Matrix

Corners = tuple[float, float, float, float]
"""Left, top, right and bottom edge, in points of the page as displayed."""

_Point = tuple[float, float]

EVERYWHERE: Corners = (-math.inf, -math.inf, math.inf, math.inf)

_DARK = 0.75
"""Maximum of light, 0 to 1, in letters that stand out from paper."""

_PAPER_LIGHTNESS = 0.9
"""Minimum of light in what can be taken for paper."""

_MOST_OPERANDS = 150_000
"""Words of instructions above which to follow them costs as much as a drawing."""

_SPACES = {"/DeviceGray": 1, "/CalGray": 1, "/DeviceRGB": 3, "/CalRGB": 3, "/DeviceCMYK": 4}
_BLACK = -1
"""Stands for a space of which one number says how much black there is."""

_FIRST_COLOURS = {1: 0.0, 3: 0.0, _BLACK: 0.0}
"""How light the first colour of a space is, by its numbers; that of four is one of two."""

_NONE = Name("/None")

_FILLS = frozenset((b"f", b"F", b"f*", b"B", b"B*", b"b", b"b*"))
_STROKES = frozenset((b"S", b"s", b"B", b"B*", b"b", b"b*"))
_PATH_ENDS = _FILLS | _STROKES | {b"n"}
_SHOWS = frozenset((b"Tj", b"TJ", b"'", b'"'))
_FILL_MODE = b"0"
"""The mode of text that fills letters and does nothing else."""

_IDLE = frozenset(
    b"J M j d i ri RG G K CS SC SCN BT ET Tc Tw Tz TL Tf Ts Td TD Tm T* BMC EMC MP DP "
    b"<< >> true false null".split()
)
"""What hides nothing."""

_PATH_OPERANDS = {b"m": 2, b"l": 2, b"c": 6, b"v": 4, b"y": 4, b"re": 4, b"h": 0, b"W": 0, b"W*": 0}
_STATES = {
    **{b"q": 0, b"Q": 0, b"cm": 6, b"w": 1, b"Tr": 1, b"cs": 1, b"sc": 4, b"scn": 4},
    **{b"g": 1, b"rg": 3, b"k": 4, b"Do": 1, b"BDC": 2, b"gs": 1},
}
"""How many operands operators have: those of the path, and those that matter otherwise."""

_OPERAND, _NAME_SIGN, _LAST = frozenset(b"0123456789+-./"), ord("/"), ord("9")


class Unproven(Exception):
    """Something may hide text, or nobody knows here what it does."""


class Cover(NamedTuple):
    """A place that is painted, so that text on it may not be seen; or that is paper again."""

    place: Corners
    paper: bool = False


@dataclass(frozen=True, slots=True)
class _State:
    """``fill`` is how light, ``space`` how many numbers tell a colour: None and 0 if unknown.

    ``whole`` says that everything within ``clip`` is shown, ``line`` how wide lines are.
    """

    matrix: Matrix
    fill: float | None = 0.0
    space: int = 1
    clip: Corners = EVERYWHERE
    whole: bool = True
    line: float = 1.0
    mode: bytes = _FILL_MODE


@dataclass(slots=True)
class Pen:
    """What follows instructions; ``place`` is where all text that was written is shown."""

    resources: Object
    state: _State
    place: Corners = EVERYWHERE
    covers: list[Cover] = field(default_factory=list)
    saved: list[_State] = field(default_factory=list)
    wrote: _State | None = None
    at: _Point = (0.0, 0.0)
    begun: _Point = (0.0, 0.0)
    path: list[Corners] = field(default_factory=list)
    """The boxes of its lines and curves."""
    clipping: bool = False

    def follow(self, words: Sequence[bytes]) -> None:
        """Follow instructions; raise Unproven, or what odd operands raise."""
        if len(words) > _MOST_OPERANDS or not all(map(_known, set(words))):
            raise Unproven
        for place, word in enumerate(words):
            if word in _SHOWS:
                if self.wrote is not self.state:
                    self._write()
            elif word in _PATH_ENDS:
                self._end(word)
            elif word in _PATH_OPERANDS:
                self._draw(word, words[max(0, place - _PATH_OPERANDS[word]) : place])
            elif word in _STATES:
                self._change(word, words[max(0, place - _STATES[word]) : place])

    def _write(self) -> None:
        state = self.state
        dark = state.fill is not None and state.fill <= _DARK
        if not (dark and state.whole and state.mode == _FILL_MODE):
            raise Unproven
        self.place, self.wrote = common(self.place, state.clip), state

    def _end(self, how: bytes) -> None:
        """Paint the path, and make it the clip if it is to be."""
        state, path = self.state, self.path
        if path:
            place = _around(path)
            if how in _FILLS:
                self._fill(place)
            if how in _STROKES:
                thick = state.line * _size(state.matrix) / 2
                self.covers += (Cover(common(_grown(each, thick), state.clip)) for each in path)
        if self.clipping:
            place = _around(path) if path else (0.0, 0.0, 0.0, 0.0)
            whole = state.whole and _upright(path, place)
            self.state = replace(state, clip=common(state.clip, place), whole=whole)
        self.path, self.clipping = [], False

    def _fill(self, place: Corners) -> None:
        state = self.state
        paper = self.wrote is None and state.fill is not None and state.fill >= _PAPER_LIGHTNESS
        if not paper:
            self.covers.append(Cover(common(place, state.clip)))
        elif state.whole and self.covers and _upright(self.path, place):
            self.covers.append(Cover(common(place, state.clip), paper=True))

    def _draw(self, how: bytes, operands: Sequence[bytes]) -> None:
        """Draw the path further; a curve stays among the points that it is made of."""
        if how in (b"W", b"W*"):
            self.clipping = True
        elif how == b"h":
            if self.at != self.begun:
                self._reach(self.begun)
        elif how == b"re":
            x, y, width, height = numbers(operands)
            turns = (x, y), (x + width, y), (x + width, y + height), (x, y + height)
            self.at = self.begun = _moved(self.state.matrix, x, y)
            for turn in (*turns[1:], turns[0]):
                self._reach(_moved(self.state.matrix, *turn))
        else:
            flat = numbers(operands)
            points = [
                _moved(self.state.matrix, *pair) for pair in zip(flat[::2], flat[1::2], strict=True)
            ]
            if how == b"m":
                self.at = self.begun = points[0]
            else:
                self._reach(*points)

    def _reach(self, *points: _Point) -> None:
        xs, ys = zip(self.at, *points, strict=True)
        self.path.append((min(xs), min(ys), max(xs), max(ys)))
        self.at = points[-1]

    def _change(self, what: bytes, operands: Sequence[bytes]) -> None:
        state = self.state
        match what:
            case b"q":
                self.saved.append(state)
            case b"Q":
                self.state = self.saved.pop() if self.saved else state
            case b"cm":
                self.state = replace(state, matrix=_within(state.matrix, numbers(operands)))
            case b"gs":
                self._set(self.resources[Name.ExtGState][operands[0].decode()])
            case b"w":
                self.state = replace(state, line=float(operands[0]))
            case b"Tr":
                self.state = replace(state, mode=operands[0])
            case b"Do":
                self._place(operands[0])
            case b"BDC":
                if operands[0] == b"/OC":
                    raise Unproven
            case _:
                self._colour(what, operands)

    def _colour(self, what: bytes, operands: Sequence[bytes]) -> None:
        space = self.state.space
        if what == b"cs":
            space = _numbers_of(self.resources, operands[0])
            fill = _FIRST_COLOURS.get(space)
        else:
            space = space if what in (b"sc", b"scn") else _STATES[what]
            fill = _light(operands, space)
        self.state = replace(self.state, fill=fill, space=space)

    def _set(self, told: Object) -> None:
        """Take over a graphics state; what is drawn in it must hide what is under it, and show."""
        opaque = float(told.get(Name.ca, 1)) == float(told.get(Name.CA, 1)) == 1
        over = told.get(Name.BM, Name.Normal) in (Name.Normal, Name.Compatible)
        if not (opaque and over and told.get(Name.SMask, _NONE) == _NONE):
            raise Unproven
        self.state = replace(self.state, line=float(told.get(Name.LW, self.state.line)))

    def _place(self, name: bytes) -> None:
        """Place a picture: whatever is under or over it, it may hide."""
        thing = self.resources[Name.XObject][name.decode()]
        if not isinstance(thing, Stream) or thing.get(Name.Subtype) != Name.Image:
            raise Unproven
        corners = [_moved(self.state.matrix, x, y) for x in (0, 1) for y in (0, 1)]
        self.covers.append(Cover(common(_around([(*c, *c) for c in corners]), self.state.clip)))


def followed(page: Object, words: Sequence[bytes]) -> tuple[Corners, tuple[Cover, ...]]:
    """Return where all text that a page's instructions write is shown, and what may hide it.

    Raises Unproven where they cannot tell, or what odd operands raise.
    """
    pen = Pen(page.get(Name.Resources, Dictionary()), _State(page_boxes.displayed(page).matrix))
    pen.follow(words)
    return pen.place, tuple(pen.covers)


def common(one: Corners, other: Corners) -> Corners:
    """Return what two places have in common; it may end before it begins."""
    return (
        max(one[0], other[0]),
        max(one[1], other[1]),
        min(one[2], other[2]),
        min(one[3], other[3]),
    )


def _known(word: bytes) -> bool:
    if (
        word in _IDLE
        or word in _PATH_ENDS
        or word in _SHOWS
        or word in _PATH_OPERANDS
        or word in _STATES
    ):
        return True
    return word[0] in _OPERAND and (word[0] == _NAME_SIGN or word[-1] <= _LAST)


def _around(places: Sequence[Corners]) -> Corners:
    left, top, right, bottom = zip(*places, strict=True)
    return min(left), min(top), max(right), max(bottom)


def _grown(place: Corners, margin: float) -> Corners:
    return place[0] - margin, place[1] - margin, place[2] + margin, place[3] + margin


def _upright(path: Sequence[Corners], place: Corners) -> bool:
    """Whether a path is one upright rectangle that fills ``place``."""
    left, top, right, bottom = place
    sides = {
        (left, top, right, top),
        (left, bottom, right, bottom),
        (left, top, left, bottom),
        (right, top, right, bottom),
    }
    drawn = set(path)
    return len(path) <= len(sides) and drawn <= sides and len(drawn) >= len(sides) - 1


def _moved(matrix: Matrix, x: float, y: float) -> _Point:
    a, b, c, d, e, f = matrix
    return a * x + c * y + e, b * x + d * y + f


def _size(matrix: Matrix) -> float:
    """Return how large one point of the pen's is."""
    return math.sqrt(abs(matrix[0] * matrix[3] - matrix[1] * matrix[2]))


def _within(outer: Matrix, inner: Sequence[float]) -> Matrix:
    """Return what ``inner`` makes of points, seen through ``outer``."""
    a, b, c, d, e, f = inner
    origin = _moved(outer, e, f)
    across = outer[0] * a + outer[2] * b, outer[1] * a + outer[3] * b
    down = outer[0] * c + outer[2] * d, outer[1] * c + outer[3] * d
    return (*across, *down, *origin)


def _light(operands: Sequence[bytes], space: int) -> float | None:
    """Return how light a colour is; None where ``space`` does not say how many numbers tell it."""
    colour = numbers(operands[-abs(space) :]) if space else []
    if not all(0 <= number <= 1 for number in colour):
        return None
    match colour:
        case [level]:
            return 1 - level if space == _BLACK else level
        case [red, green, blue]:
            return 0.3 * red + 0.59 * green + 0.11 * blue
        case [cyan, magenta, yellow, black]:
            return max(0.0, 1 - black - 0.3 * cyan - 0.59 * magenta - 0.11 * yellow)
    return None


def _numbers_of(resources: Object, name: bytes) -> int:
    """Return how many numbers of a space tell how light a colour is; 0 where that is not known."""
    space = _SPACES.get(name.decode(), 0)
    if space:
        return space
    told = resources[Name.ColorSpace][name.decode()]
    if not isinstance(told, Array):
        return _SPACES.get(str(told), 0)
    if told[0] == Name.Separation:
        return _BLACK if told[1] in (Name.Black, Name.All) else 0
    if told[0] == Name.ICCBased:
        return int(told[1].get(Name.N, 0))
    return _SPACES.get(str(told[0]), 0)
