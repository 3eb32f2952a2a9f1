"""`fanfold webhook`: who is told of what has ended."""

from __future__ import annotations

import click

from cli.commands import options, places
from cli.commands.options import OneOf
from fanfold.webhooks import Event


@click.group()
def webhook() -> None:
    """Have addresses told of documents and pages that have ended (Standard Webhooks)."""


@webhook.command()
@click.argument("url", metavar="URL")
@click.option("--name", default="", help="What it is called in lists.")
@click.option(
    "--event", "events", type=OneOf(Event), multiple=True, default=(Event.DOCUMENT_ENDED,),
    help="What it is told of (document.ended); more than once.",
)  # fmt: skip
@options.endpoint
@options.sign
def create(
    *, url: str, name: str, events: tuple[Event, ...], endpoint: str | None, sign: bool
) -> None:
    """Have URL told, and print its secret, which is not told again."""
    with places.service(endpoint, sign=sign) as service:
        made = service.create_webhook(url, events, name)
    click.echo(f"{_line(made)}\nThis is its secret; it is not told again.", err=True)
    click.echo(made["secret"])


@webhook.command("list")
@options.endpoint
@options.sign
def list_(*, endpoint: str | None, sign: bool) -> None:
    """List webhooks, the newest first, and how they fare."""
    with places.service(endpoint, sign=sign) as service:
        click.echo("\n".join(map(_line, service.webhooks())) or "There are no webhooks.")


@webhook.command()
@click.argument("webhook_id", metavar="ID")
@options.endpoint
@options.sign
def rotate(*, webhook_id: str, endpoint: str | None, sign: bool) -> None:
    """Give a webhook another secret and print it; the one before signs as well for a day."""
    with places.service(endpoint, sign=sign) as service:
        click.echo(service.rotate_webhook(webhook_id)["secret"])


@webhook.command()
@click.argument("webhook_id", metavar="ID")
@options.endpoint
@options.sign
def attempts(*, webhook_id: str, endpoint: str | None, sign: bool) -> None:
    """List what was sent to a webhook of late, the newest first, and what came of it."""
    with places.service(endpoint, sign=sign) as service:
        found = service.webhook_attempts(webhook_id)
    for one in found:
        page = f" page {one['page']}" if one["page"] else ""
        came = one["status"] or one["code"]
        again = f", again at {one['next_at']}" if one["next_at"] else ""
        click.echo(f"{one['at']}  {one['event']}  {one['document']}{page}  {came}{again}")


@webhook.command()
@click.argument("webhook_id", metavar="ID")
@options.endpoint
@options.sign
def remove(*, webhook_id: str, endpoint: str | None, sign: bool) -> None:
    """Take a webhook away; what is on its way to it is not sent any more."""
    with places.service(endpoint, sign=sign) as service:
        click.echo(_line(service.remove_webhook(webhook_id)))


def _line(made: dict[str, object]) -> str:
    events = made["events"]
    told = ", ".join(map(str, events)) if isinstance(events, list) else ""
    fares = f"off: {made['off_reason']}" if made["off_at"] else ""
    if made["failing_since"] and not fares:
        fares = f"does not answer since {made['failing_since']}"
    parts = (made["id"], made["url"], told, made["name"], fares)
    return "  ".join(str(part) for part in parts if part)
