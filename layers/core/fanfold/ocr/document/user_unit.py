"""Pages whose unit is larger than a point (/UserUnit; ISO 32000-1, 14.11.2).

poppler does not know of it. So it is baked into the pages that are cut: their boxes and all that
is drawn become as large as the page says that it is, and every place after that is in points.
"""

from __future__ import annotations

import math
from decimal import Decimal

from pikepdf import Array, Dictionary, Name, Object, Page

_BOXES = (Name.MediaBox, Name.CropBox, Name.BleedBox, Name.TrimBox, Name.ArtBox)
_MAXIMUM = 1_000.0
"""Maximum of points in a unit that is believed."""


def of(page: Object) -> float:
    """Return how many points a unit of ``page`` is: 1 as a rule, and where it makes no sense."""
    value: object = page.get(Name.UserUnit)
    unit = float(value) if isinstance(value, int | Decimal) else 1.0
    return unit if math.isfinite(unit) and 0 < unit <= _MAXIMUM else 1.0


def bake_in(page: Page) -> None:
    """Make a page of ours as large in points as it is in its own units."""
    unit = of(page.obj)
    if Name.UserUnit in page.obj:
        del page.obj[Name.UserUnit]
    if unit == 1.0:
        return
    for box in _BOXES:
        _scale(page.obj, box, unit)
    for annotation in page.obj.get(Name.Annots, Array()):
        if isinstance(annotation, Dictionary):
            _scale(annotation, Name.Rect, unit)
    page.contents_add(f"{unit:.6f} 0 0 {unit:.6f} 0 0 cm\n".encode(), prepend=True)


def _is_number(value: object) -> bool:
    return isinstance(value, int | Decimal)


def _scale(thing: Object, key: Name, unit: float) -> None:
    edges = thing.get(key)
    if isinstance(edges, Array) and all(map(_is_number, edges)):
        thing[key] = Array([round(float(edge) * unit, 4) for edge in edges])
