"""How close a text comes to the truth: errors per character, words found, CPU time.

Folding of texts and the truth's place are the scorer's, a module that is given on the command
line, so that figures can be compared with those it prints itself.
"""

from __future__ import annotations

import importlib.util
import re
import sys
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rapidfuzz.distance import Levenshtein

WORD = re.compile(r"\w+")


@dataclass(slots=True)
class Score:
    """Sums over pages: characters of the truth and edits, words wanted, had and shared."""

    pages: int = 0
    characters: int = 0
    edits: int = 0
    wanted: int = 0
    had: int = 0
    shared: int = 0
    cpu: float = 0.0

    def add(self, truth: str, text: str, pages: int, cpu: float) -> None:
        """Add one document, both texts folded; ``cpu`` in seconds."""
        want, have = (Counter(WORD.findall(side.lower())) for side in (truth, text))
        self.pages += pages
        self.characters += len(truth)
        self.edits += Levenshtein.distance(truth, text)
        self.wanted += want.total()
        self.had += have.total()
        self.shared += (want & have).total()
        self.cpu += cpu

    @property
    def cer(self) -> float:
        """Edits per character of the truth."""
        return self.edits / max(1, self.characters)

    @property
    def recall(self) -> float:
        """Share of the truth's words that were found, in any order."""
        return self.shared / max(1, self.wanted)

    @property
    def precision(self) -> float:
        """Share of the found words that are the truth's."""
        return self.shared / max(1, self.had)

    @property
    def f1(self) -> float:
        """The harmonic mean of recall and precision."""
        return 2 * self.shared / max(1, self.wanted + self.had)

    @property
    def cpu_page(self) -> float:
        """CPU seconds per page."""
        return self.cpu / max(1, self.pages)


def folded(scorer: Any, name: str, text: str) -> str:  # noqa: ANN401
    """Return a text as the set called ``name`` is compared."""
    text = str(scorer.fold(text))
    return text.lower() if name in scorer.CASELESS else text


def load(path: Path) -> Any:  # noqa: ANN401
    """Load the scorer: it has ``fold``, ``truth_of``, ``ORDERLESS`` and ``CASELESS``."""
    spec = importlib.util.spec_from_file_location("scorer", path)
    if spec is None or spec.loader is None:
        sys.exit(f"{path} is not a module")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
