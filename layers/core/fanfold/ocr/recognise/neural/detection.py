"""Where lines of text are on a picture, by the first model of PP-OCRv6.

It says for each place how likely there is text; what hangs together is a line. It marks lines
narrower than they are, so that neighbours stay apart: they are grown again. The picture is looked
at in strips, which costs no more and takes a fifth of the memory.
"""

from __future__ import annotations

from collections.abc import Iterator

from PIL import Image, ImageDraw, ImageStat

from fanfold.model import Box
from fanfold.ocr.picture import blobs
from fanfold.ocr.recognise.neural import oblong
from fanfold.ocr.recognise.neural.oblong import Oblong
from fanfold.ocr.recognise.neural.onnxruntime import Session

DETECTOR_SIDE = 1280
"""Maximum pixels of a picture's longer side as the model sees it, but for rolls."""

_ROLL_WIDTH = 640
"""Minimum pixels of a roll's width as the model sees it, where it has as many: it may be long."""

_SIDE_STEP = 32
"""What sides must be a multiple of."""

_STRIP_HEIGHT, _SHARED = 384, 64
"""Maximum pixels from the upper edge of a strip to its lower one, and how many of them it shares
with the next one: half of these count in each."""

_TEXT_SCORE = 0.3
"""Minimum likelihood of a place with text."""

_LINE_SCORE = 0.4
"""Minimum mean likelihood of a line's places. With 0.3 what is around lines becomes some."""

_GROWN = 1.6
"""By how much lines are grown: so many times their area over their circumference."""

_THINNEST = 3
"""Minimum of pixels across a line as the model marks it."""

_LEVELS = 255


def lines(picture: Image.Image, model: Session) -> Iterator[Oblong]:
    """Yield the lines of a grey picture, in its pixels; raise CannotRun."""
    factor = min(1.0, max(DETECTOR_SIDE / max(picture.size), _ROLL_WIDTH / picture.width))
    width, height = (
        max(_SIDE_STEP, round(side * factor / _SIDE_STEP) * _SIDE_STEP) for side in picture.size
    )
    small = picture.resize((width, height), Image.Resampling.BILINEAR, reducing_gap=2.0)
    likely = _looked_at(small, model)
    across, down = picture.width / width, picture.height / height
    text = likely.point(lambda level: _LEVELS * (level > _TEXT_SCORE * _LEVELS))
    for outline in blobs.outlines(text):
        core = oblong.around(outline)
        if min(core.width, core.height) < _THINNEST or _mean(likely, core) < _LINE_SCORE * _LEVELS:
            continue
        margin = _GROWN * core.width * core.height / (2 * (core.width + core.height))
        yield core.grown(margin).stretched(across, down)


def _looked_at(picture: Image.Image, model: Session) -> Image.Image:
    """Return how likely there is text in each place of a picture, from 0 to 255."""
    likely = Image.new("L", picture.size)
    top = 0
    while True:
        bottom = min(top + _STRIP_HEIGHT, picture.height)
        strip = _strip(picture.crop((0, top, picture.width, bottom)), model)
        spared = _SHARED // 2 if top else 0
        likely.paste(strip.crop((0, spared, *strip.size)), (0, top + spared))
        if bottom == picture.height:
            return likely
        top = bottom - _SHARED


def _strip(picture: Image.Image, model: Session) -> Image.Image:
    found = model.run(normalised(picture), (1, 3, picture.height, picture.width))[0]
    likely = Image.frombuffer("F", picture.size, found.data, "raw", "F", 0, 1)
    return likely.point(lambda level: level * _LEVELS + 0).convert("L")


def normalised(picture: Image.Image) -> bytes:
    """Return a grey picture as the models take it: three colours of numbers from -1 to 1."""
    numbers = picture.convert("F").point(lambda level: level * (2 / _LEVELS) - 1)
    return numbers.tobytes() * 3


def _mean(likely: Image.Image, line: Oblong) -> float:
    corners = line.corners()
    around = Box.around(Box(x, y, x, y) for x, y in corners)
    left, top = max(0, int(around.x0)), max(0, int(around.y0))
    right, bottom = min(likely.width, int(around.x1) + 1), min(likely.height, int(around.y1) + 1)
    part = likely.crop((left, top, right, bottom))
    mask = Image.new("L", part.size)
    ImageDraw.Draw(mask).polygon([(x - left, y - top) for x, y in corners], fill=_LEVELS)
    return float(ImageStat.Stat(part, mask).mean[0])
