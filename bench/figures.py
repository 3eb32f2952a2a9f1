"""Write what the planning commands print into the documents that show it: python -m bench.figures.

A block is a comment that names the command, `<!-- fanfold cost --domain -->`, and the fenced lines
after it. A test compares them; this brings them up to date.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

from click.testing import CliRunner

from cli.main import app

DOCS = Path(__file__).resolve().parents[1] / "docs"
_BLOCK = re.compile(r"(<!-- fanfold (?P<command>[^>]+) -->\n```\n)(?P<lines>.*?)(```\n)", re.DOTALL)


def main() -> None:
    """Rewrite every document that shows figures."""
    for path in documents():
        text = path.read_text("utf-8")
        path.write_text(_BLOCK.sub(_renewed, text), encoding="utf-8")


def documents() -> list[Path]:
    """Return the documents that show what a command prints."""
    return [path for path in sorted(DOCS.glob("*.md")) if _BLOCK.search(path.read_text("utf-8"))]


def shown(path: Path) -> Iterator[tuple[str, str]]:
    """Yield command and lines of every block of a document."""
    for block in _BLOCK.finditer(path.read_text("utf-8")):
        yield block["command"], block["lines"]


def printed(command: str) -> str:
    """Return what `fanfold COMMAND` prints; raise what it raises."""
    run = CliRunner().invoke(app, shlex.split(command), catch_exceptions=False)
    return run.stdout


def _renewed(block: re.Match[str]) -> str:
    return block[1] + printed(block["command"]) + block[4]


if __name__ == "__main__":
    main()
