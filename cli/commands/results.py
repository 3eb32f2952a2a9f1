"""`fanfold get` and `follow`: what became of documents that a service has."""

from __future__ import annotations

from pathlib import Path

import click

from cli.commands import options, places
from cli.commands.options import OneOf
from client.errors import Exit
from fanfold.model import Output


@click.command()
@click.argument("document", metavar="ID|NAME")
@click.option("--format", "-f", "formats", type=OneOf(Output), multiple=True, help="Just this.")
@options.out
@click.option("--quiet", "-q", is_flag=True, help="Say nothing but what went wrong.")
@options.endpoint
@options.sign
def get(
    *,
    document: str,
    formats: tuple[Output, ...],
    out: Path | None,
    quiet: bool,
    endpoint: str | None,
    sign: bool,
) -> Exit:
    """Fetch results: text to standard output, or what there is into a folder or a file.

    A NAME is that of a file that was handed in; the newest document of that name counts.
    """
    from cli import fetching, report  # noqa: PLC0415 - for this command alone

    with places.service(endpoint, sign=sign) as service:
        found = fetching.named(service, document)
        return fetching.get(service, found, formats, out, report.Report(quiet=quiet))


@click.command()
@click.argument("document", metavar="ID|NAME")
@options.endpoint
@options.sign
def follow(*, document: str, endpoint: str | None, sign: bool) -> Exit:
    """Wait until a document has ended, and say what became of it."""
    from cli import fetching, progress, render  # noqa: PLC0415 - for this command alone

    with progress.meter() as meter, places.service(endpoint, sign=sign) as service:
        ended = fetching.follow(service, fetching.named(service, document), meter)
    click.echo("\n".join(render.description(ended)))
    return fetching.exit_code(ended)


@click.command()
@click.argument("query", metavar="QUERY")
@click.option("--in", "document", metavar="ID|NAME", help="Only in this document.")
@click.option(
    "--limit", type=click.IntRange(1, 100), default=20, show_default=True,
    help="Maximum of documents.",
)  # fmt: skip
@options.endpoint
@options.sign
def search(
    *, query: str, document: str | None, limit: int, endpoint: str | None, sign: bool
) -> Exit:
    """Find words in all documents, or in one; phrases in quotation marks.

    Prints name, page and text of each page that has all of them; tab-separated, with the id first.
    """
    from cli import fetching  # noqa: PLC0415 - for this command alone

    with places.service(endpoint, sign=sign) as service:
        return fetching.search(service, query, document, limit)
