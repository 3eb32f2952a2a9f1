"""What people read about a document, in lines."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from client.answers import FailedPage, Status
from fanfold import ranges
from fanfold.model import Reason, State

if TYPE_CHECKING:
    from rich.table import Table

_MAXIMUM_NAMED = 10
"""Maximum of failed pages that are named one by one; the rest are counted."""


def sentence(reason: Reason) -> str:
    """Say a reason with its code: ``EMPTY_FILE: The file is empty (0 bytes).``."""
    return f"{reason.code}: " + " ".join(filter(None, (reason.message, reason.hint)))


def pages(status: Status) -> str:
    """Say how far a document is: ``153 of 532 pages, 2 failed``."""
    count = status.pages
    if not count.total:
        return "not opened yet" if status.state.live else "no pages"
    failed = f", {count.failed} failed" if count.failed else ""
    plural = "" if count.total == 1 else "s"
    return f"{count.done} of {count.total} page{plural}{failed}"


def troubles(name: str, status: Status) -> list[str]:
    """Say what is wrong with an ended document; nothing where all pages were read well."""
    look = [f"{name}: {line}" for line in review(status)]
    if status.state is State.SUCCEEDED:
        return look
    if status.state is State.PARTIAL:
        return [f"{name}: {pages(status)}", *failures(status.failed_pages), *look]
    why = sentence(status.reason) if status.reason else "no reason was given"
    return [f"{name}: {status.state}: {why}", *failures(status.failed_pages)]


def review(status: Status) -> list[str]:
    """Name the pages that somebody should look at."""
    if not status.review:
        return []
    named = ranges.compress(status.review)
    return [f"worth a look: page{'' if len(status.review) == 1 else 's'} {named}"]


def failures(failed: Sequence[FailedPage]) -> list[str]:
    """Name the failed pages with their reasons."""
    lines = [f"  page {page.number}: {sentence(page.reason)}" for page in failed[:_MAXIMUM_NAMED]]
    if rest := failed[_MAXIMUM_NAMED:]:
        lines.append(f"  and pages {ranges.compress(page.number for page in rest)}")
    return lines


def written(files: Iterable[Path]) -> str:
    """Say where results lie."""
    return "  ".join(str(file) for file in files)


def description(status: Status) -> list[str]:
    """Say everything about one document."""
    lines = [f"{status.id}  {status.state}  {pages(status)}  {status.name}"]
    if status.reason:
        lines.append(f"  {sentence(status.reason)}")
    return lines + failures(status.failed_pages) + [f"  {line}" for line in review(status)]


def table(documents: Iterable[Status]) -> Table:
    """Lay out documents for a terminal."""
    from rich.table import Table  # noqa: PLC0415 - a twentieth of a second, for `list` alone
    from rich.text import Text  # noqa: PLC0415 - as above

    grid = Table(box=None, pad_edge=False)
    for heading in ("ID", "STATE", "PAGES", "CREATED", "NAME"):
        grid.add_column(heading, no_wrap=heading != "NAME")
    for item in documents:
        grid.add_row(item.id, item.state.value, pages(item), item.created_at, Text(item.name))
    return grid


def rows(documents: Iterable[Status]) -> list[str]:
    """Lay out documents for other programs: tab-separated, without a heading."""
    return [
        "\t".join(
            (d.id, d.state, str(d.pages.done), str(d.pages.total), d.created_at, _flat(d.name))
        )
        for d in documents
    ]


def _flat(name: str) -> str:
    return " ".join(name.split())
