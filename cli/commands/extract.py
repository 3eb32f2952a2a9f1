"""`fanfold extract`."""

from __future__ import annotations

from pathlib import Path

import click

from cli.commands import options, places
from cli.commands.options import OneOf
from client.errors import Exit
from fanfold.model import Codes, Mode, Output, Readers


@click.command()
@click.argument("files", metavar="FILE...", nargs=-1, required=True, type=options.PATH)
@click.option(
    "--format",
    "-f",
    "formats",
    type=OneOf(Output),
    multiple=True,
    help="Just this; with --out it may be given several times.",
)
@options.out
@click.option(
    "--skip-existing", is_flag=True, help="With --out: leave out what has all of its results there."
)
@click.option(
    "--json", "as_json", is_flag=True,
    help="With --out: a line of JSON about each document on standard output.",
)  # fmt: skip
@click.option("--quiet", "-q", is_flag=True, help="Say nothing but what went wrong.")
@click.option("--print", "show", is_flag=True, help="With --out: print the text as well.")
@click.option("--pages", default="", help="Pages to read, such as 1-3,7,10-end.")
@click.option(
    "--lang", default="", help="Languages as tesseract calls them: eng+deu; auto finds them out."
)
@click.option(
    "--mode",
    type=OneOf(Mode),
    default=Mode.AUTO,
    show_default=Mode.AUTO.value,
    help="Trust text layers: as judged, always, never.",
)
@click.option(
    "--codes",
    type=OneOf(Codes),
    help="Look for barcodes and QR codes: quickly (auto), thoroughly, never.",
)
@click.option(
    "--engine",
    type=OneOf(Readers),
    help="Who reads pictures: both by the page, tesseract, or the neural reader.",
)
@click.option("--unseen/--no-unseen", help="JSON lists words that nobody can see.")
@options.password
@options.password_file
@options.endpoint
@options.sign
@click.option(
    "--no-service", "alone", is_flag=True, help="Read here, also where a service is running."
)
def extract(  # noqa: PLR0913 - a command has as many parameters as it has options
    *,
    files: tuple[Path, ...],
    formats: tuple[Output, ...],
    out: Path | None,
    skip_existing: bool,
    as_json: bool,
    quiet: bool,
    show: bool,
    pages: str,
    lang: str,
    mode: Mode,
    codes: Codes | None,
    engine: Readers | None,
    unseen: bool,
    password: str,
    password_file: str,
    endpoint: str | None,
    sign: bool,
    alone: bool,
) -> Exit:
    """Read documents: text to standard output, or results into a folder or a file.

    FILE may be a folder, of which everything below it is read, and - for standard input.
    Without --endpoint the service of `fanfold up` reads them, or this process where none runs.
    """
    from cli import command, inputs, progress, report, wishes  # noqa: PLC0415 - for this command alone

    secret = password_file or password
    chosen = wishes.options(pages, lang, mode, codes, engine, unseen=unseen, password=secret)
    said = report.Report(quiet=quiet, as_json=as_json)
    with inputs.found(files) as found:
        wish = wishes.wish(found.inputs, formats, out, chosen, show=show, skip=skip_existing)
        said.begins(wish, found)
        if not wish.inputs:
            return Exit.OK
        bar, place = progress.meter(quiet=quiet), places.reader(endpoint, sign=sign, alone=alone)
        with bar as meter, place as reader:
            return command.extract(reader, wish, meter, said)
