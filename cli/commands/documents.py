"""Commands about documents that a service has, and about the languages it reads."""

from __future__ import annotations

import sys

import click

from cli.commands import options, places
from cli.commands.options import OneOf
from client.errors import Exit
from fanfold.model import Mode, State


@click.command()
@options.document
@options.endpoint
@options.sign
def status(*, document: str, endpoint: str | None, sign: bool) -> Exit:
    """Say how far a document is, and why pages failed."""
    from cli import extract, render  # noqa: PLC0415 - for this command alone

    with places.service(endpoint, sign=sign) as service:
        found = service.status(document)
    click.echo("\n".join(render.description(found)))
    return Exit.OK if found.state.live else extract.exit_code(found)


@click.command()
@options.document
@click.option("--pages", default="", help="These pages, such as 3,7-9, not the failed.")
@click.option("--lang", default="", help="Languages to read them with: eng+deu, or auto.")
@click.option("--mode", type=OneOf(Mode), help="How to take their text layers.")
@options.endpoint
@options.sign
def retry(
    *, document: str, pages: str, lang: str, mode: Mode | None, endpoint: str | None, sign: bool
) -> None:
    """Read the failed pages of a document anew, or the pages named."""
    given = {"languages": lang, "mode": mode.value if mode else ""}
    wished = {name: value for name, value in given.items() if value}
    with places.service(endpoint, sign=sign) as service:
        click.echo(f"{document}  {service.retry(document, pages, wished)}")


@click.command()
@options.document
@options.password
@options.password_file
@options.endpoint
@options.sign
def unlock(
    *, document: str, password: str, password_file: str, endpoint: str | None, sign: bool
) -> None:
    """Open a document with its password, which is asked for, if it failed for want of one."""
    given = password_file or password or click.prompt("Password", hide_input=True, err=True)
    with places.service(endpoint, sign=sign) as service:
        click.echo(f"{document}  {service.unlock(document, given)}")


@click.command()
@options.document
@options.endpoint
@options.sign
def cancel(*, document: str, endpoint: str | None, sign: bool) -> None:
    """Stop a document for good; pages that are done stay readable."""
    with places.service(endpoint, sign=sign) as service:
        click.echo(f"{document}  {service.cancel(document)}")


@click.command()
@options.document
@options.endpoint
@options.sign
def delete(*, document: str, endpoint: str | None, sign: bool) -> None:
    """Remove a document: the original, its pages and its results."""
    with places.service(endpoint, sign=sign) as service:
        service.delete(document)
    click.echo(f"{document}  DELETED")


@click.command("list")
@click.option("--state", type=OneOf(State), help="Only documents in this state.")
@click.option(
    "--limit", type=click.IntRange(1, 100), default=20, show_default=True, help="How many."
)
@options.endpoint
@options.sign
def list_(*, state: State | None, limit: int, endpoint: str | None, sign: bool) -> None:
    """List documents, newest first; tab-separated in a pipe."""
    from cli import render  # noqa: PLC0415 - for this command alone

    with places.service(endpoint, sign=sign) as service:
        found = service.listing(state=state.value if state else None, limit=limit)
    if sys.stdout.isatty():
        from rich.console import Console  # noqa: PLC0415 - a twentieth of a second

        Console().print(render.table(found.documents))
    else:
        click.echo("".join(f"{row}\n" for row in render.rows(found.documents)), nl=False)


@click.group(invoke_without_command=True)
@options.endpoint
@options.sign
@click.pass_context
def languages(context: click.Context, *, endpoint: str | None, sign: bool) -> None:
    """List the languages that may be asked for; `add` puts more into a deployment's bucket."""
    if context.invoked_subcommand is None:
        with places.service(endpoint, sign=sign) as service:
            click.echo("\n".join(service.languages()))


@languages.command()
@click.argument("names", metavar="LANGUAGE...", nargs=-1, required=True)
@click.option("--bucket", required=True, help="The deployment's bucket (output BucketName).")
def add(*, names: tuple[str, ...], bucket: str) -> None:
    """Fetch languages, such as pol or chi_sim, from Debian's packages into a bucket."""
    from cli import packs  # noqa: PLC0415 - imports boto3

    for name in packs.add(names, bucket):
        click.echo(name)
