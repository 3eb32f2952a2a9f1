"""A page as it was drawn: one picture in grey, and what is measured on it once."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import NamedTuple

from PIL import Image

from fanfold.ocr.picture import ink


class Sheet(NamedTuple):
    """The page as displayed: its sides in points, and its own /Rotate in degrees clockwise."""

    width: float
    height: float
    rotation: int


@dataclass(frozen=True, eq=False)
class Drawing:
    """A picture of 8 bits of grey and its resolution in pixels an inch.

    The resolution says how large things on it may be expected to be, which is another than the
    file's own where that cannot be believed.
    """

    image: Image.Image
    dpi: int

    @property
    def size(self) -> tuple[int, int]:
        """Width and height in pixels."""
        return self.image.size

    @property
    def width(self) -> int:
        """Pixels across."""
        return self.image.width

    @property
    def height(self) -> int:
        """Pixels down."""
        return self.image.height

    @cached_property
    def ink(self) -> Image.Image:
        """How much ink there is in each place, as a small picture; see ``ink.of``."""
        return ink.of(self.image, self.dpi)

    @property
    def ink_scale(self) -> float:
        """Pixels of ``ink`` for one of the drawing."""
        return self.ink.width / self.width

    def showing(self, image: Image.Image) -> Drawing:
        """Return another picture at the same resolution."""
        return replace(self, image=image)

    def resized(self, width: int, height: int, dpi: int | None = None) -> Drawing:
        """Return the picture at another size in pixels."""
        image = self.image.resize((width, height), Image.Resampling.BICUBIC)
        return Drawing(image, dpi or self.dpi)
