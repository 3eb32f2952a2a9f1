"""`fanfold up`: run the embedded service and say how to use it."""

from __future__ import annotations

import typer

from cli import local

_KEYS = "AWS_ACCESS_KEY_ID=fanfold AWS_SECRET_ACCESS_KEY=fanfold AWS_DEFAULT_REGION=us-east-1"
_API_PORT, _AWS_PORT = 8080, 4566


def up(port: int | None, aws_port: int | None, workers: int | None, *, verbose: bool) -> None:
    """Serve until interrupted."""
    options = local.Options(
        api_port=_choose(port, _API_PORT),
        aws_port=_choose(aws_port, _AWS_PORT),
        workers=workers,
        verbose=verbose,
    )
    with local.embedded(options) as cloud:
        typer.echo(welcome(cloud.api_url, cloud.aws_url, cloud.inbox_uri))
        cloud.wait()


def _choose(wanted: int | None, usual: int) -> int:
    """Return the wanted port, busy or not; else the usual one, or 0 (any) if that is taken."""
    if wanted is not None:
        return wanted
    if local.is_free(usual):
        return usual
    typer.echo(f"fanfold: port {usual} is taken, so another one is used.", err=True)
    return 0


def welcome(api_url: str, aws_url: str, inbox_uri: str) -> str:
    """Return what the user needs to know, with lines to paste into another terminal."""
    aws = f"{_KEYS} aws --endpoint-url {aws_url}"
    outbox_uri = inbox_uri.replace("/inbox/", "/outbox/")
    return f"""\
Fanfold is running. Ctrl-C stops it; nothing is kept.

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
