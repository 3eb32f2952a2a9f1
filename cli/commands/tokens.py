"""`fanfold token`: who may ask a service that listens for others."""

from __future__ import annotations

from pathlib import Path

import click

from cli.commands import options
from fanfold.access import TENANT, Scope

_STACK = click.option("--stack", metavar="NAME", help="A deployed stack, by the AWS credentials.")


@click.group()
def token() -> None:
    """Make, list and revoke the tokens that callers show."""


@token.command()
@click.argument("name")
@click.option("--tenant", default=TENANT, show_default=True, help="Whose documents it is for.")
@click.option(
    "--scope", "scopes", multiple=True, type=options.OneOf(Scope),
    default=(Scope.READ, Scope.WRITE), help="What it may do (read and write); more than once.",
)  # fmt: skip
@_STACK
@options.data
def create(
    *, name: str, tenant: str, scopes: tuple[Scope, ...], stack: str | None, data: Path | None
) -> None:
    """Make a token, called NAME in lists, and print it: it is told this once."""
    from cli import tokens  # noqa: PLC0415 - imports the data folder's reader

    with tokens.at(stack, data) as place:
        text, made = place.create(tenant, name, scopes)
    click.echo(f"{tokens.line(made)}\nThis is the token; it is not told again.", err=True)
    click.echo(text)


@token.command("list")
@click.option("--tenant", help="Of this tenant alone.")
@_STACK
@options.data
def list_(*, tenant: str | None, stack: str | None, data: Path | None) -> None:
    """List tokens, the newest first, with when they were last used; revoked ones, too."""
    from cli import tokens  # noqa: PLC0415 - as above

    with tokens.at(stack, data) as place:
        click.echo(tokens.table(place.listing(tenant)))


@token.command()
@click.argument("token_id", metavar="ID")
@_STACK
@options.data
def revoke(*, token_id: str, stack: str | None, data: Path | None) -> None:
    """Take the token back that lists call ID; a deployed service forgets it within a minute."""
    from cli import tokens  # noqa: PLC0415 - as above

    with tokens.at(stack, data) as place:
        click.echo(tokens.line(place.revoke(token_id)))
