"""What came of the invocations, as a table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

_MEGABYTE = 1 << 20


@dataclass(frozen=True, slots=True)
class Result:
    """One invocation; ``problem`` is empty if it did what it should."""

    function: str
    event: str
    limit_megabytes: int
    peak_bytes: int | None
    milliseconds: float | None
    problem: str


HEADING = ("function", "event", "limit MB", "peak MB", "ms", "")


def rows(results: Sequence[Result]) -> list[tuple[str, ...]]:
    """Return the heading and one row of cells for each result."""
    return [HEADING, *(_row(result) for result in results)]


def table(results: Sequence[Result]) -> str:
    """Return results as lines, columns aligned; long reasons stay in the last one."""
    cells = rows(results)
    widths = [max(len(row[column]) for row in cells) for column in range(len(HEADING) - 1)]
    return "\n".join(_line(row, widths) for row in cells)


def _row(result: Result) -> tuple[str, ...]:
    peak, time = result.peak_bytes, result.milliseconds
    return (
        result.function,
        result.event,
        str(result.limit_megabytes),
        "?" if peak is None else str(round(peak / _MEGABYTE)),
        "?" if time is None else str(round(time)),
        f"FAILED: {result.problem}" if result.problem else "ok",
    )


def _line(row: Sequence[str], widths: Sequence[int]) -> str:
    names, numbers, verdict = row[:2], row[2:-1], row[-1]
    left = (cell.ljust(width) for cell, width in zip(names, widths[:2], strict=True))
    right = (cell.rjust(width) for cell, width in zip(numbers, widths[2:], strict=True))
    return "  ".join([*left, *right, verdict]).rstrip()
