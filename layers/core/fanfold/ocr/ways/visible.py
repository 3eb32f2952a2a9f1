"""Pictures of a page on which what it shows can be read: in grey, or as its distance from paper.

Grey is right for nearly every page. Where nothing stands out in it, or a small drawing in colour
shows print that grey does not (yellow on white, green on red), the page is drawn once more as
``contrast`` projects it; where that shows print under a stamp, as ``overlaid`` has it.
"""

from __future__ import annotations

import math
from dataclasses import replace
from typing import NamedTuple

from PIL import Image

from fanfold.ocr.picture import contrast, ink, overlaid, render
from fanfold.ocr.picture.drawing import Drawing
from fanfold.ocr.ways.look import Look


class Visible(NamedTuple):
    """What a page is read from, None where it is blank, and what shows all that is on it.

    ``over`` shows the ink of stamps alone, where print is under it.
    """

    read: Drawing | None
    all: Drawing | None
    over: Drawing | None = None


def look_at(look: Look, grey: Drawing) -> Visible:
    """Return what shows most of a page that was drawn in ``grey``; raise PageErrors.

    It is blank where nothing stands out from its noise in any channel.
    """
    faint = ink.none(grey.ink)
    small = look.colours(_small_dpi(look, grey)).image if look.paper.coloured else None
    hidden, over = (small and contrast.hidden(small)), (small and overlaid.found(small))
    if small and (hidden or over):
        drawn = look.colours(render.dpi(grey, look.sheet))
        shown = projected(replace(drawn, dpi=grey.dpi)) if hidden else grey
        if over:
            return _under(grey, drawn.image, drawn.width // small.width)._replace(all=shown)
        return Visible(shown if faint else grey, shown)
    if not faint:
        return Visible(grey, grey)
    if contrast.uniform(grey.image, grey.dpi):
        return Visible(None, None)
    shown = projected(grey)
    return Visible(shown, shown)


def _under(grey: Drawing, colours: Image.Image, factor: int) -> Visible:
    """Return print that has stamps on it, and these."""
    light, over = overlaid.lightened(colours, factor), overlaid.over(colours, grey.dpi)
    return Visible(grey.showing(light), grey, grey.showing(over))


def projected(drawing: Drawing) -> Drawing:
    """Return a drawing in grey or in colour as its distance from the paper."""
    return drawing.showing(contrast.projected(drawing.image, drawing.dpi))


def _small_dpi(look: Look, grey: Drawing) -> int:
    """Return a resolution at which a page is as small as ``grey`` is when it is measured.

    That is the small drawing's of a page that has a text layer, which is there already.
    """
    fine = render.dpi(grey, look.sheet)
    return max(1, math.ceil(fine / max(1, grey.dpi // ink.SMALL_DPI)))
