"""Pictures that a page's own instructions place, read without poppler: of scans, nearly always.

A scan is a page that does nothing but place a picture, or a few. Anything else (forms, patterns,
pictures within instructions, long instructions) is left to ``pdfimages``.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from typing import NamedTuple

import pikepdf
from pikepdf import Dictionary, Matrix, Name, Object, Stream

from fanfold.ocr.document.probe import DAMAGED

INSTRUCTIONS_READ_HERE = 2_000
"""Bytes of instructions from which reading them here costs as much as starting a program."""

_POINTS = 72
_MATRIX_NUMBERS = 6


class Picture(NamedTuple):
    """A picture as it lies on the page."""

    inches: float
    """Area in square inches."""
    dpi: float
    """Dots per inch, along the coarser side."""


class _Unknown(Exception):
    """What is drawn is no picture, or not known to be one."""


def pictures(page: Object) -> tuple[Picture, ...] | None:
    """Return the pictures that a page's instructions place; None where somebody else must look."""
    resources = page.get(Name.Resources)
    if not isinstance(resources, Dictionary) or Name.Pattern in resources:
        return None
    objects = resources.get(Name.XObject)
    named = objects if isinstance(objects, Dictionary) else Dictionary()
    try:
        return tuple(_follow(pikepdf.parse_content_stream(page), named))
    except (_Unknown, pikepdf.PikepdfError, *DAMAGED):
        return None


def _follow(
    instructions: Iterable[pikepdf.ContentStreamInstruction | pikepdf.ContentStreamInlineImage],
    named: Dictionary,
) -> Iterator[Picture]:
    """Yield the pictures; raise _Unknown, or what pikepdf raises for operands of another kind."""
    matrix, saved = Matrix(), list[Matrix]()
    for each in instructions:
        match str(each.operator):
            case "q":
                saved.append(matrix)
            case "Q" if saved:
                matrix = saved.pop()
            case "cm":
                matrix = _matrix(each.operands) @ matrix
            case "Do":
                yield _placed(named.get(str(each.operands[0])), matrix)
            case "INLINE IMAGE":
                raise _Unknown


def _matrix(operands: Iterable[object]) -> Matrix:
    numbers = [float(str(number)) for number in operands]
    if len(numbers) != _MATRIX_NUMBERS or not all(map(math.isfinite, numbers)):
        raise _Unknown
    return Matrix(*numbers)


def _placed(thing: Object | None, matrix: Matrix) -> Picture:
    if not isinstance(thing, Stream) or thing.get(Name.Subtype) != Name.Image:
        raise _Unknown
    width, height = int(thing[Name.Width]), int(thing[Name.Height])
    across, down = math.hypot(matrix.a, matrix.b), math.hypot(matrix.c, matrix.d)
    if min(width, height, across, down) <= 0:
        raise _Unknown
    # In whole dots per inch, as pdfimages tells them: what is drawn depends on it.
    dpi = min(round(width * _POINTS / across), round(height * _POINTS / down))
    return Picture(across * down / _POINTS**2, float(dpi))
