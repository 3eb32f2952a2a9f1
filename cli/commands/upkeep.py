"""`fanfold doctor`, `backup` and `restore`: the data folder and what this machine reads with."""

from __future__ import annotations

from pathlib import Path

import click

from cli.commands import options
from client.errors import Exit


@click.command()
@options.data
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def doctor(*, data: Path | None, as_json: bool) -> Exit:
    """Say what this machine reads with, and whether the data folder is sound.

    Exit code 1 where it is not, also while a service works in it; 5 where a program is missing.
    """
    from cli import upkeep  # noqa: PLC0415 - imports the engine

    text, code = upkeep.doctor(data, as_json=as_json)
    click.echo(text)
    return code


@click.command()
@click.argument("target", metavar="DIR", type=options.PATH)
@options.data
def backup(*, target: Path, data: Path | None) -> None:
    """Copy the data folder to DIR, new or empty, while the service works or not.

    On its own disk by links.
    """
    from cli import upkeep  # noqa: PLC0415 - imports the engine

    click.echo(upkeep.backup(target, data))


@click.command()
@click.argument("copy", metavar="DIR", type=options.PATH)
@options.data
def restore(*, copy: Path, data: Path | None) -> None:
    """Put a backup, DIR, into a data folder that is new or empty."""
    from cli import upkeep  # noqa: PLC0415 - imports the engine

    click.echo(upkeep.restore(copy, data))
