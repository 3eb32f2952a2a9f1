"""Files that are a series of pages, written page by page.

Several files are written in one pass, so that each page is fetched and parsed once and a document
of 10,000 pages never lies in memory.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from fanfold.formats.outcome import Outcome


@dataclass(frozen=True, slots=True)
class Series:
    """How a page looks in a file, and what stands before, between and after the pages.

    ``finish`` makes the file that is handed out of the one that was written so, where those
    differ: it reads its first argument and writes the second.
    """

    page: Callable[[Outcome], str]
    before: str = ""
    between: str = ""
    after: str = ""
    finish: Callable[[Path, Path], None] | None = None


def finish(files: Mapping[Path, Series]) -> None:
    """Make what is handed out of files that are written to their end."""
    for path, series in files.items():
        if series.finish:
            written = path.rename(path.with_name(f"{path.name}.pages"))
            series.finish(written, path)
            written.unlink()


def write(files: Mapping[Path, Series], pages: Iterable[Outcome]) -> None:
    """Write every file of ``files`` as UTF-8, taking each of ``pages`` once and in order."""
    with ExitStack() as stack:
        outputs = [(stack.enter_context(_create(path)), files[path]) for path in files]
        for file, series in outputs:
            file.write(series.before)
        for index, outcome in enumerate(pages):
            for file, series in outputs:
                file.write((series.between if index else "") + series.page(outcome))
        for file, series in outputs:
            file.write(series.after)


def _create(path: Path) -> TextIO:
    # A lone surrogate has no UTF-8; written as \ud800 it is at least valid JSON.
    return path.open("w", encoding="utf-8", errors="backslashreplace", newline="\n")
