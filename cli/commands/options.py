"""Options that several commands have."""

from __future__ import annotations

import enum
from pathlib import Path
from typing import TypeVar

import click

LOCAL = "http://127.0.0.1:8080"
"""Where a service listens of which nothing else is known."""

ASKED = "-"
"""Stands for what a person types, or another program writes, instead of a file."""

Value = TypeVar("Value", bound=enum.StrEnum)


class OneOf(click.Choice[Value]):
    """One of the values of an enumeration."""

    def normalize_choice(self, choice: object, ctx: click.Context | None) -> str:
        """Return what stands for a member on the command line: its value, not its name."""
        return super().normalize_choice(str(choice), ctx)


def _first_line(_: click.Context, __: click.Parameter, path: str) -> str:
    """Return the first line of a file, or what is typed for it; raise BadParameter for none."""
    if not path:
        return ""
    if path == ASKED:
        return str(click.prompt("Password", hide_input=True, err=True))
    try:
        line = Path(path).read_text("utf-8").partition("\n")[0]
    except (OSError, UnicodeDecodeError) as error:
        raise click.BadParameter(f"“{path}” is no file that can be read as text.") from error
    if not line:
        raise click.BadParameter(f"The first line of “{path}” is empty.")
    return line


PATH = click.Path(path_type=Path)

out = click.option(
    "--out", "-o", type=PATH, metavar="DIR|FILE",
    help="Write results into this folder (.txt, .md, .json and .pdf), or one into this file.",
)  # fmt: skip
document = click.argument("document", metavar="ID")
endpoint = click.option(
    "--endpoint", envvar="FANFOLD_ENDPOINT", show_envvar=True, metavar="URL",
    help=f"A running service, such as {LOCAL}",
)  # fmt: skip
sign = click.option(
    "--sign",
    is_flag=True,
    help="Sign requests for AWS (by itself for API Gateway where FANFOLD_TOKEN has no token).",
)
password = click.option(
    "--password", envvar="FANFOLD_PASSWORD", show_envvar=True, default="", metavar="TEXT",
    help="What opens PDFs that want one; others see what stands on a command line.",
)  # fmt: skip
password_file = click.option(
    "--password-file", default="", metavar="FILE|-", callback=_first_line,
    help="Take the password from a file's first line, or ask for it (-).",
)  # fmt: skip
workers = click.option(
    "--workers", type=click.IntRange(min=1), help="Pages read at once (the number of cores)."
)
verbose = click.option("--verbose", "-v", is_flag=True, help="Show the log.")
move = click.option(
    "--move", is_flag=True, help="Move originals to done/ and failed/ in the inbox."
)
data = click.option(
    "--data", type=PATH, help="Where everything is kept (the platform's data folder)."
)
retain = click.option(
    "--retain", type=click.IntRange(min=1), metavar="DAYS",
    help="Remove documents so long after their end, results in the outbox too (never).",
)  # fmt: skip
