"""What `fanfold extract` says of the documents it read: lines for people, or JSON for programs."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from cli import render
from cli.output import Files
from client.answers import Status
from fanfold.model import Output, State

_MAXIMUM_LEFT_OUT = 10
"""Maximum of files left out that are named one by one; the rest are counted."""


@dataclass(frozen=True, slots=True)
class Report:
    """Says lines on standard error, only of failures if ``quiet``.

    ``as_json`` has a line of JSON about each document on standard output instead.
    """

    quiet: bool = False
    as_json: bool = False

    def ended(
        self,
        name: str,
        status: Status,
        files: Files,
        missing: Sequence[Output],
        failure: OSError | None,
    ) -> None:
        """Say what became of a document; ``missing`` formats were asked for and not made."""
        if self.as_json:
            told = _as_json(name, status, files, missing, failure)
            sys.stdout.write(json.dumps(told, ensure_ascii=False) + "\n")
            sys.stdout.flush()
            return
        lines = (
            [] if self.quiet and status.state is State.SUCCEEDED else render.troubles(name, status)
        )
        lines += [f"{name}: there is no {form} result" for form in missing]
        lines += [f"{name}: {unwritable(failure)}"] if failure else []
        lines += [f"{name}: {render.written(files.values())}"] if files and not self.quiet else []
        self._say(lines)

    def left_out(self, paths: Sequence[Path]) -> None:
        """Name files of folders that are of no kind that is read."""
        if paths and not self.quiet:
            shown = ", ".join(map(str, paths[:_MAXIMUM_LEFT_OUT]))
            more = f" and {rest} more" if (rest := len(paths) - _MAXIMUM_LEFT_OUT) > 0 else ""
            self._say([f"left out, being neither PDFs nor pictures: {shown}{more}"])

    def skipped(self, count: int) -> None:
        """Say how many documents have their results already."""
        if count and not self.quiet:
            self._say([f"{count} skipped: their results are there"])

    def left(self, live: Sequence[tuple[str, str]], waiting: int, *, lasting: bool) -> str:
        """Say what an interruption leaves undone, and how to go on.

        ``live`` are names and ids of what is under way, which a ``lasting`` service goes on with;
        so many more are ``waiting``.
        """
        lines = ["interrupted"]
        if lasting and live:
            lines += ["The service goes on reading:", *(f"  {id_}  {name}" for name, id_ in live)]
            lines += [
                "`fanfold follow ID` waits for one, `get ID` fetches it, `cancel ID` stops it."
            ]
        rest = waiting + (0 if lasting else len(live))
        if rest:
            one = "document was" if rest == 1 else "documents were"
            lines.append(f"{rest} {one} not read; the same call with --skip-existing goes on.")
        return "\n".join(lines)

    def _say(self, lines: Sequence[str]) -> None:
        for line in lines:
            sys.stderr.write(f"{line}\n")


def unwritable(error: OSError) -> str:
    """Say why a result could not be written."""
    where = f"{error.filename} " if error.filename else ""
    return f"{where}cannot be written: {error.strerror or error}"


def _as_json(
    name: str,
    status: Status,
    files: Files,
    missing: Sequence[Output],
    failure: OSError | None,
) -> dict[str, Any]:
    reason = status.reason
    return {
        "file": name,
        "id": status.id,
        "state": status.state.value,
        "pages": asdict(status.pages),
        "failed_pages": [
            {"page": page.number, "code": page.reason.code, "message": page.reason.message}
            for page in status.failed_pages
        ],
        "review": list(status.review),
        "reason": {"code": reason.code, "message": reason.message} if reason else None,
        "results": {output.value: str(path) for output, path in files.items()},
        "missing": [output.value for output in missing],
        "error": unwritable(failure) if failure else None,
    }
