"""The other parser: poppler is asked where qpdf cannot open a document or cut one of its pages.

It reads files that qpdf refuses (loops in the tree of pages, no trailer, a header that is none) and
writes a page as a file of its own. Runs in the child.
"""

from __future__ import annotations

import re
from pathlib import Path

from fanfold.ocr.isolation import programs

_TOLD_PAGES = re.compile(r"^Pages:\s+(\d+)", re.MULTILINE)


def pages(source: str, poppler: str | None) -> int:
    """Return how many pages poppler finds in a document; 0 where it cannot open it either."""
    done = programs.run([programs.poppler(poppler, "pdfinfo"), source])
    told = _TOLD_PAGES.search(done.printed)
    return int(told[1]) if told and not done.status else 0


def separate(source: str, poppler: str | None, page: int, target: Path) -> bool:
    """Have poppler write page ``page`` (from 1) to ``target``; False where it cannot."""
    target.unlink(missing_ok=True)
    number = str(page)
    program = programs.poppler(poppler, "pdfseparate")
    pattern = str(target).replace("%", "%%")
    done = programs.run([program, "-f", number, "-l", number, source, pattern])
    return not done.status and target.exists()
