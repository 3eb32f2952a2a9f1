"""How large a picture is on paper: which resolution tag to trust, and what to assume without."""

from __future__ import annotations

TRUSTED_DPI = (70.0, 1200.0)
"""Minimum and maximum resolution that a tag is believed: outside of these are 0, 1 and the other
numbers that software writes for “unknown”."""

TRUSTED_INCHES = (1.0, 60.0)
"""Minimum and maximum long side of a page that a tag may claim: from a label to an A0 poster."""

_DEFAULTS = (72.0, 96.0)
"""Resolutions that software writes that never saw paper."""

_MAXIMUM_DEFAULT = 17.0
"""Maximum long side, in inches, of a page for which such a resolution is believed."""

_LETTER_INCHES = 11.0
"""Long side of a Letter sheet (A4: 11.7)."""

_ASSUMED_DPI = (70.0, 600.0)
"""Minimum and maximum resolution that is assumed without a tag to trust."""


def picture_dpi(width: int, height: int, tag: tuple[float, float] | None) -> tuple[float, float]:
    """Return dots per inch across and down for a picture of ``width`` × ``height`` pixels.

    The tag counts if both of its values are plausible and so is the page that they make. Without
    a tag to trust the long side is taken for a Letter sheet's.
    """
    if tag is not None and _plausible(width, height, tag):
        return tag
    low, high = _ASSUMED_DPI
    dpi = min(max(max(width, height) / _LETTER_INCHES, low), high)
    return dpi, dpi


def _plausible(width: int, height: int, tag: tuple[float, float]) -> bool:
    low, high = TRUSTED_DPI
    if not all(low <= value <= high for value in tag):
        return False
    inches = max(width / tag[0], height / tag[1])
    if all(round(value) in _DEFAULTS for value in tag) and inches > _MAXIMUM_DEFAULT:
        return False
    return TRUSTED_INCHES[0] <= inches <= TRUSTED_INCHES[1]
