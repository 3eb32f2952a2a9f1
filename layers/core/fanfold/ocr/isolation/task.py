"""What one page's reading is told, and its stopwatch. In the child."""

from __future__ import annotations

import math
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

_LOOKING = 0.4
"""Maximum share of a page's time that may be gone when a further look at it begins."""


@dataclass(frozen=True, slots=True)
class Task:
    """One page to read; paths and programs as plain strings, for they come as JSON."""

    source: str
    layer: str
    """Where to write the invisible text layer, if there is one."""
    number: int
    languages: str
    mode: str
    tesseract: str
    poppler: str | None
    pixels: int
    tessdata: str | None = None
    scan_dpi: float = 0.0
    """Of the picture that the page is, once that is known; 0 where it is none."""
    library: str = ""
    """The libtesseract to recognise with; empty for the program alone."""
    codes: str = "auto"
    engine: str = "tesseract"
    """Who may recognise, as ``Readers`` names them."""
    candidates: Sequence[str] = ()
    """What ``auto`` chooses from."""
    absent: Sequence[str] = ()
    """Those of them whose data is not here yet."""
    expected: str = ""
    """What it will probably choose, as it did for the page before."""
    heavy: bool = False
    """Whether this is the lane for pages that need more: there is none behind it."""
    without: Sequence[str] = ()
    """Passes and steps that are left out, to see what they buy."""
    second_in_heavy: bool = False
    """Whether the lane for pages that need more has the second reader, and this one has not."""
    left: str = ""
    """Where to write what tesseract read, if that lane is to go on with it."""
    given: str = ""
    """Where such a thing is, of the lane before this one."""
    picture: str = ""
    """Where to write a small picture of the page, if one is wanted."""
    seconds: float = math.inf
    """Wall time until the child is killed."""
    begun: float = field(default_factory=time.monotonic)
    """When the child took the page up, on the monotonic clock."""

    @property
    def last_look(self) -> float:
        """The moment after which no further look at the page may begin, on the same clock.

        A look takes no longer than all that came before it, the first look included: one that
        begins by then ends within four fifths of the time there is.
        """
        return self.begun + _LOOKING * self.seconds


@dataclass(frozen=True, slots=True)
class Stopwatch:
    """Milliseconds of wall time by step."""

    laps: dict[str, int] = field(default_factory=dict)

    @contextmanager
    def lap(self, step: str) -> Iterator[None]:
        """Time a block."""
        start = time.perf_counter()
        try:
            yield
        finally:
            self.laps[step] = round((time.perf_counter() - start) * 1000)
