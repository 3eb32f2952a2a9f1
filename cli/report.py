"""What `fanfold extract` says of the documents it read: lines for people, or JSON for programs."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from cli import render
from cli.inputs import Found
from cli.output import Files
from cli.wishes import Wish
from client.answers import Status
from client.errors import Usage
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

    def begins(self, wish: Wish, found: Found) -> None:
        """Say what is not read: files of no kind that is, documents that have their results.

        Raise Usage where results and what is said of them would go to one stream.
        """
        if self.as_json and wish.printed:
            raise Usage("--json goes with --out DIR, and not with --print.")
        lines = []
        if others := found.left_out:
            named = ", ".join(map(str, others[:_MAXIMUM_LEFT_OUT]))
            more = len(others) - _MAXIMUM_LEFT_OUT
            rest = f" and {more} more" if more > 0 else ""
            lines.append(f"left out, being neither PDFs nor pictures: {named}{rest}")
        if skipped := len(found.inputs) - len(wish.inputs):
            lines.append(f"{skipped} skipped: their results are there")
        if not self.quiet:
            self._say(lines)

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
