"""`fanfold up`, `watch` and `cloud`: run a service until interrupted, and say how to use it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from cli import local

if TYPE_CHECKING:
    from infra.machine.machine import Wish

_KEYS = "AWS_ACCESS_KEY_ID=fanfold AWS_SECRET_ACCESS_KEY=fanfold AWS_DEFAULT_REGION=us-east-1"
_API_PORT, _AWS_PORT = 8080, 4566


def up(folder: Path | None, port: int | None, wish: Wish) -> None:
    """Serve over a data folder until interrupted."""
    wish = replace(wish, port=_choose(port, _API_PORT, wish.host))
    with local.machine(folder, wish) as machine:
        folders = (machine.inbox, machine.outbox, machine.data)
        click.echo(welcome(machine.url, folders, machine.token))
        machine.wait()


def watch(folder: Path | None, inbox: Path, outbox: Path, wish: Wish) -> None:
    """Read what is dropped into one folder into another until interrupted.

    What is known of the files is kept in ``folder``, else in the outbox: each is read once.
    """
    with local.machine(folder or outbox / ".fanfold", wish) as machine:
        click.echo(f"Watching {inbox}; results go to {outbox}. Ctrl-C stops it.")
        machine.wait()


def cloud(port: int | None, aws_port: int | None, workers: int | None, *, verbose: bool) -> None:
    """Rehearse AWS until interrupted."""
    options = local.Options(
        api_port=_choose(port, _API_PORT),
        aws_port=_choose(aws_port, _AWS_PORT),
        workers=workers,
        verbose=verbose,
    )
    with local.rehearsal(options) as rehearsal:
        click.echo(rehearsed(rehearsal.api_url, rehearsal.aws_url, rehearsal.inbox_uri))
        rehearsal.wait()


def _choose(wanted: int | None, usual: int, host: str = "127.0.0.1") -> int:
    """Return the wanted port, busy or not; else the usual one, or 0 (any) if that is taken."""
    if wanted is not None:
        return wanted
    if local.is_free(usual, host):
        return usual
    click.echo(f"fanfold: port {usual} is taken, so another one is used.", err=True)
    return 0


def welcome(url: str, folders: tuple[Path, Path, Path], token: str | None) -> str:
    """Return what the user needs to know, with lines to paste into another terminal.

    ``folders`` are inbox, outbox and data folder; ``token`` one that was made just now.
    """
    inbox, outbox, data = folders
    shown = (
        f"\nWho asks from elsewhere shows this token, which is not told again:\n  {token}\n"
        if token
        else ""
    )
    return f"""\
Fanfold is running. Ctrl-C stops it; every document is kept and goes on at the next start.

  API     {url} (also for a browser)
  inbox   {inbox}
  outbox  {outbox}
  data    {data}
{shown}
Copy a document into the inbox, and find its text in the outbox; or send it:
  curl --data-binary @scan.pdf -H 'Content-Type: application/pdf' \\
       '{url}/v1/documents?name=scan.pdf'
  curl {url}/v1/documents/ID
  curl -L '{url}/v1/documents/ID/result?format=txt'

Or with this command:
  fanfold extract scan.pdf --endpoint {url}
"""


def rehearsed(api_url: str, aws_url: str, inbox_uri: str) -> str:
    """Return what the user needs to know of the rehearsal."""
    aws = f"{_KEYS} aws --endpoint-url {aws_url}"
    outbox_uri = inbox_uri.replace("/inbox/", "/outbox/")
    return f"""\
Fanfold is running as it does on AWS. Ctrl-C stops it; nothing is kept.

  API     {api_url} (also for a browser)
  inbox   {inbox_uri}

Send a document and read it:
  curl --data-binary @scan.pdf -H 'Content-Type: application/pdf' \\
       '{api_url}/v1/documents?name=scan.pdf'
  curl {api_url}/v1/documents/ID
  curl -L '{api_url}/v1/documents/ID/result?format=txt'

Or drop it into the inbox and fetch it from the outbox:
  {aws} s3 cp scan.pdf {inbox_uri}
  {aws} s3 cp {outbox_uri}scan.pdf.txt -

Or with this command:
  fanfold extract scan.pdf --endpoint {api_url}
"""
