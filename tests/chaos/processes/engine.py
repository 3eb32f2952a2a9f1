"""What reads documents in these processes: fakes, with pages that are heavy, flaky or deadly."""

from __future__ import annotations

import os
import signal
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from fanfold.errors import OutOfMemory, RenderFailed
from fanfold.ports import Cut, PageRead, Probe, ReadRequest
from tests.fakes.world import FakeReader, FakeTool

HEALED = "CHAOS_HEALED"
"""Names a file that is there once flaky pages can be read."""


@dataclass
class HealingReader(FakeReader):
    """Pages say how they read: ``heavy…`` with memory only, ``flaky…`` once healed."""

    heavy: bool = False

    def start(self, languages: str) -> None:
        """Begin, as the real reader does while its function is initialised."""

    def read(self, source: Path, request: ReadRequest, folder: Path) -> PageRead:
        text = source.read_text()
        _die_of(text, "kills page")
        if text.startswith("heavy") and not self.heavy:
            raise OutOfMemory
        if text.startswith("flaky") and not Path(os.environ[HEALED]).exists():
            raise RenderFailed
        return super().read(source, request, folder)


class MortalTool(FakeTool):
    """A DocumentTool that dies of documents that say where they kill."""

    def probe(self, source: Path) -> Probe:
        _die_of(source.read_text(), "kills intake")
        return super().probe(source)

    def cut(self, source: Path, media_type: str, pages: Sequence[int], folder: Path) -> list[Cut]:
        _die_of(source.read_text(), "kills split")
        return super().cut(source, media_type, pages, folder)

    def graft(
        self,
        base: Path | Sequence[Path],
        layers: Mapping[int, Path],
        target: Path,
        spent: float = 0.0,
        *,
        mend: bool = False,
    ) -> list[int]:
        for path in [base] if isinstance(base, Path) else base:
            _die_of(path.read_text(), "kills assemble")
        return super().graft(base, layers, target, spent)


def _die_of(text: str, words: str) -> None:
    if words in text:
        os.kill(os.getpid(), signal.SIGKILL)
