"""`fanfold up`, `watch` and `cloud`: Fanfold on this machine."""

from __future__ import annotations

from pathlib import Path

import click

from cli.commands import options

_PORT = click.option("--port", type=int, help="The HTTP API's port (8080).")


@click.command()
@options.data
@click.option("--inbox", type=options.PATH, help="The folder to watch (inbox in the data folder).")
@click.option("--outbox", type=options.PATH, help="Where results go (outbox in the data folder).")
@click.option(
    "--host",
    default="127.0.0.1",
    show_default=True,
    help="Where to listen; other than 127.0.0.1 wants a token of everybody.",
)
@_PORT
@options.workers
@options.move
@options.retain
@click.option(
    "--private-webhooks",
    is_flag=True,
    help="Let webhooks be addresses of this machine's own network, without TLS, too.",
)
@options.verbose
def up(  # noqa: PLR0913 - a command has as many parameters as it has options
    *,
    data: Path | None,
    inbox: Path | None,
    outbox: Path | None,
    host: str,
    port: int | None,
    workers: int | None,
    move: bool,
    retain: int | None,
    private_webhooks: bool,
    verbose: bool,
) -> None:
    """Run the service on this machine until Ctrl-C: an API, a web page and a watched folder."""
    from cli import serve  # noqa: PLC0415 - imports the template's reader
    from infra.machine.machine import Wish  # noqa: PLC0415 - imports the stages

    wish = Wish(
        host=host, workers=workers, inbox=inbox, outbox=outbox, move=move, retain=retain,
        private_webhooks=private_webhooks, verbose=verbose,
    )  # fmt: skip
    serve.up(data, port, wish)


@click.command()
@click.argument("inbox", metavar="IN", type=options.PATH)
@click.argument("outbox", metavar="OUT", type=options.PATH)
@click.option("--data", type=options.PATH, help="Where everything is kept (.fanfold in OUT).")
@options.workers
@options.move
@options.retain
@options.verbose
def watch(  # noqa: PLR0913 - a command has as many parameters as it has options
    *,
    inbox: Path,
    outbox: Path,
    data: Path | None,
    workers: int | None,
    move: bool,
    retain: int | None,
    verbose: bool,
) -> None:
    """Read whatever is put into the folder IN, results into OUT, until Ctrl-C; each file once."""
    from cli import serve  # noqa: PLC0415 - imports the template's reader
    from infra.machine.machine import Wish  # noqa: PLC0415 - imports the stages

    wish = Wish(
        workers=workers, inbox=inbox, outbox=outbox, move=move, retain=retain, verbose=verbose
    )
    serve.watch(data, inbox, outbox, wish)


@click.command()
@_PORT
@click.option("--aws-port", type=int, help="The embedded AWS's port (4566).")
@options.workers
@options.verbose
def cloud(*, port: int | None, aws_port: int | None, workers: int | None, verbose: bool) -> None:
    """Rehearse the deployed wiring on an embedded AWS until Ctrl-C; nothing is kept."""
    from cli import serve  # noqa: PLC0415 - imports the template's reader

    serve.cloud(port, aws_port, workers, verbose=verbose)
