"""The blocks of a document, in the parts that are asked for. Few are kept, each in a file."""

from __future__ import annotations

import json
import shutil
import tempfile
import threading
from array import array
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fanfold.formats import textract
from infra.textract.jobs import Job, Jobs

Block = dict[str, Any]
_KEPT = 4
"""Maximum of documents whose blocks are kept; others are fetched again."""
_TEXT = frozenset({"PAGE", "LINE", "WORD"})
_TABLES = frozenset({"TABLE", "CELL", "MERGED_CELL", "TABLE_TITLE", "TABLE_FOOTER"})


@dataclass(frozen=True, slots=True)
class Blocks:
    """Blocks in a file, one a line; ``starts`` are the lines' places in it, in bytes."""

    path: Path
    starts: array[int]

    def part(self, first: int, most: int) -> list[Block]:
        """Return blocks from ``first`` on."""
        found: list[Block] = []
        with self.path.open("rb") as file:
            for start in self.starts[first : first + most]:
                file.seek(start)
                found.append(json.loads(file.readline()))
        return found


class Results:
    """Fetches and keeps blocks; safe to use from several threads."""

    def __init__(self, jobs: Jobs, temporary: Path | None = None) -> None:
        self._jobs = jobs
        self._folder = Path(tempfile.mkdtemp(prefix="fanfold-textract-", dir=temporary))
        self._lock = threading.Lock()
        self._kept: dict[tuple[str, str], Blocks] = {}

    def close(self) -> None:
        """Remove what is kept."""
        shutil.rmtree(self._folder, ignore_errors=True)

    def blocks(self, job: Job, moment: str) -> Blocks:
        """Return a job's blocks; ``moment`` is when its document ended: a retry makes others."""
        key = (job.id, moment)
        with self._lock:
            if key not in self._kept:
                while len(self._kept) >= _KEPT:
                    self._kept.pop(next(iter(self._kept))).path.unlink()
                self._kept[key] = self._made(job)
            return self._kept[key]

    def everything(self, job: Job) -> list[Block]:
        """Return all blocks of a document that nobody asks for again."""
        made = self._made(job)
        try:
            return made.part(0, len(made.starts))
        finally:
            made.path.unlink()

    def _made(self, job: Job) -> Blocks:
        whole, chosen = (Path(tempfile.mkstemp(dir=self._folder)[1]) for _ in range(2))
        try:
            self._jobs.fetch(job.document, whole)
            starts = array("Q")
            with whole.open(encoding="utf-8") as lines, chosen.open("wb") as file:
                for block in only(textract.blocks(lines), job):
                    starts.append(file.tell())
                    file.write(json.dumps(block, ensure_ascii=False).encode() + b"\n")
            return Blocks(chosen, starts)
        finally:
            whole.unlink()


def only(blocks: Iterable[Block], job: Job) -> Iterator[Block]:
    """Yield the blocks that a job asked for, page by page; they name none that is left out."""
    page: list[Block] = []
    for block in blocks:
        if block["BlockType"] == "PAGE" and page:
            yield from _named(page, job)
            page = []
        page.append(block)
    yield from _named(page, job)


def _named(page: list[Block], job: Job) -> Iterator[Block]:
    kept = [block for block in page if _is_asked_for(block["BlockType"], job)]
    names = {block["Id"] for block in kept}
    for block in kept:
        related = [
            {**one, "Ids": [name for name in one["Ids"] if name in names]}
            for one in block.pop("Relationships", ())
        ]
        if related := [one for one in related if one["Ids"]]:
            block["Relationships"] = related
        yield block


def _is_asked_for(kind: str, job: Job) -> bool:
    return (
        kind in _TEXT
        or (kind in _TABLES and "TABLES" in job.features)
        or (kind.startswith("LAYOUT_") and "LAYOUT" in job.features)
    )
