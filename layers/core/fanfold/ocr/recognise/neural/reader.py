"""Read a picture with PP-OCRv6: one model finds its lines, the other one reads each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from statistics import fmean

from PIL import Image, ImageOps

from fanfold.errors import RecognitionFailed
from fanfold.model import Box, Word
from fanfold.ocr.picture.drawing import Drawing
from fanfold.ocr.recognise.neural import characters, detection, models, words
from fanfold.ocr.recognise.neural.characters import Character
from fanfold.ocr.recognise.neural.models import Missing, Models
from fanfold.ocr.recognise.neural.oblong import Oblong
from fanfold.ocr.recognise.neural.onnxruntime import CannotLoad, CannotRun
from fanfold.ocr.recognise.reading import Reading
from fanfold.ocr.words import Row

_LIKELY = 0.5
"""Minimum mean likelihood of a line's characters: below, it is no line."""

_UPRIGHT_LINE = 1.5
"""Maximum of a line's height over its width where it runs across the page; others are left to
whoever reads places by themselves."""

_CLEAR = 0.75
"""Mean likelihood of a line's characters from which it is read once."""

_PAPER_SHARES = 0.2, 0.3
"""Shares of a line's height that are left off above and below where it was not clear: of dots, say,
and of letters without ascenders."""

_OUTLIERS = 0.5
"""Percent of a line's pixels that may be lighter than white then, and darker than black."""

_TIMES_AS_WIDE = 1.5
"""Minimum width of such a line in its heights: lone signs are no clearer for it."""

_PARAGRAPH = "neural", "0"
"""Where all lines stand: columns and paragraphs are made of them later, as of anybody's."""

_SAME_PLACE = 0.2
"""Maximum share of the narrower part's width that two parts of one line have in common."""


@dataclass(frozen=True, slots=True)
class Neural:
    """PP-OCRv6 beside the ``languages`` that somebody else reads in: it knows no language."""

    languages: str

    def read(self, picture: Drawing) -> Reading:
        """Read a picture whose lines run across; raise RecognitionFailed."""
        try:
            lines = list(_lines(picture.image, models.get()))
        except (CannotLoad, CannotRun, Missing, OSError) as error:
            raise RecognitionFailed("The neural reader could not read.") from error
        return Reading.of(picture, tuple(_rows(lines)), self.languages)


def _lines(image: Image.Image, loaded: Models) -> Iterator[tuple[Word, ...]]:
    for place in detection.lines(image, loaded.detection):
        if place.height > _UPRIGHT_LINE * place.width:
            continue
        picture = _cut(image, place)
        said = _said(picture, loaded)
        if _likely(said) >= _LIKELY:
            yield tuple(words.of(said, place, picture))


def _said(line: Image.Image, loaded: Models) -> Sequence[Character]:
    """Return what a line says; with less paper around it if that makes it clear."""
    said = characters.read(line, loaded)
    if _likely(said) >= _CLEAR or line.width < _TIMES_AS_WIDE * line.height:
        return said
    little, least = (_lower(line, share) for share in _PAPER_SHARES)
    further = little, ImageOps.autocontrast(least, cutoff=_OUTLIERS)
    clearest = max((characters.read(each, loaded) for each in further), key=_likely)
    return clearest if _likely(clearest) >= _CLEAR else said


def _likely(said: Sequence[Character]) -> float:
    return fmean(one.likely for one in said) if said else 0.0


def _lower(line: Image.Image, share: float) -> Image.Image:
    left_off = int(share * line.height)
    return line.crop((0, left_off, line.width, line.height - left_off))


def _cut(image: Image.Image, line: Oblong) -> Image.Image:
    """Return a line turned upright, at the size that it has on the picture."""
    size = max(1, round(line.width)), max(1, round(line.height))
    (x, y), right, down = line.point(0, 0), line.point(1, 0), line.point(0, 1)
    steps = (right[0] - x, down[0] - x, x, right[1] - y, down[1] - y, y)
    return image.transform(size, Image.Transform.AFFINE, steps, Image.Resampling.BICUBIC)


def _rows(lines: Sequence[tuple[Word, ...]]) -> Iterator[Row]:
    """Yield words from the top down; what stands on one line in several parts is one line."""
    parts = [(Box.around(word.box for word in line), line) for line in lines if line]
    gathered: list[list[tuple[Box, tuple[Word, ...]]]] = []
    for part in sorted(parts, key=lambda part: part[0].middle_y):
        if beside := next((one for one in reversed(gathered) if _beside(part[0], one)), None):
            beside.append(part)
        else:
            gathered.append([part])
    for number, line in enumerate(sorted(gathered, key=_middle)):
        for _, said in sorted(line, key=lambda part: part[0].x0):
            yield from (Row(_PARAGRAPH, str(number), word) for word in said)


def _middle(line: Sequence[tuple[Box, tuple[Word, ...]]]) -> float:
    return fmean(box.middle_y for box, _ in line)


def _beside(box: Box, line: Sequence[tuple[Box, tuple[Word, ...]]]) -> bool:
    """Whether a part continues a line: level with its nearest part, and over none of it."""
    boxes = [other for other, _ in line]
    nearest = max(boxes, key=box.common_width)
    free = box.common_width(nearest) <= _SAME_PLACE * min(box.width, nearest.width)
    return free and box.level(nearest)
