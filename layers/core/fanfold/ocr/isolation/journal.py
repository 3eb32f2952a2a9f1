"""How far cutting has come: a file that outlives the child that writes it."""

from __future__ import annotations

import json
from pathlib import Path

_JOURNAL_NAME = "cut.jsonl"


def note(folder: Path, page: int, error: str | None) -> None:
    """Note that ``page`` is finished, well or with the code of an error."""
    with (folder / _JOURNAL_NAME).open("a", encoding="utf-8") as journal:
        journal.write(json.dumps([page, error]) + "\n")


def read(folder: Path) -> dict[int, str | None]:
    """Return the finished pages with their errors; a line that was cut off is left out."""
    ends: dict[int, str | None] = {}
    path = folder / _JOURNAL_NAME
    for line in path.read_text(encoding="utf-8").splitlines() if path.exists() else ():
        try:
            page, error = json.loads(line)
        except ValueError:
            continue
        ends[page] = error
    return ends


def clear(folder: Path) -> None:
    """Forget what was noted."""
    (folder / _JOURNAL_NAME).unlink(missing_ok=True)


def page_path(folder: Path, page: int) -> Path:
    """Return where a page's PDF is written."""
    return folder / f"{page:05}.pdf"
