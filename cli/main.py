"""The commands. Each reads its options, calls one function and ends with an exit code.

What takes long to import is imported by the command that needs it: --help must not wait for it.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cli.planning import commands as planning
from client.errors import CliError, Exit
from fanfold import __version__
from fanfold.model import Codes, Mode, Output, Readers, State

if TYPE_CHECKING:
    from client.reader import Reader
    from client.service import Service

_EXIT_CODES = """\
Exit codes: 0 every page was read; 1 unexpected error; 2 wrong usage, an input that cannot be
opened, or a request that was refused; 3 at least one document lacks pages; 4 at least one
document failed; 5 the service could not be reached or started; 130 interrupted."""
app = typer.Typer(
    help="Turn documents into text, page by page.",
    epilog=_EXIT_CODES,
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)
_LOCAL = "http://127.0.0.1:8080"

Endpoint = Annotated[
    str | None,
    typer.Option(
        envvar="FANFOLD_ENDPOINT", metavar="URL", help="A running service, such as " + _LOCAL
    ),
]
Sign = Annotated[
    bool, typer.Option("--sign", help="Sign requests for AWS (on by itself for API Gateway).")
]


Alone = Annotated[
    bool, typer.Option("--no-service", help="Read here, also where a service is running.")
]


def main() -> None:
    """Run the command line; the one place where errors become lines and exit codes."""
    try:
        app()
    except CliError as error:
        _end(str(error), error.exit)
    except KeyboardInterrupt:
        _end("interrupted", Exit.INTERRUPTED)
    except Exception as error:
        _end(f"unexpected {type(error).__name__}: {error}", Exit.UNEXPECTED)


@app.callback(invoke_without_command=True)
def _version(
    version: Annotated[bool, typer.Option("--version", help="Print the version.")] = False,
) -> None:
    if version:
        typer.echo(f"fanfold {__version__}")
        raise typer.Exit


Barcodes = Annotated[
    Codes | None,
    typer.Option(help="Look for barcodes and QR codes: quickly (auto), thoroughly, never."),
]

Engine = Annotated[
    Readers | None,
    typer.Option(help="Who reads pictures: both by the page, tesseract, or the neural reader."),
]


@app.command(epilog=_EXIT_CODES)
def extract(  # noqa: PLR0913, PLR0917 - a command has as many parameters as it has options
    files: Annotated[list[Path], typer.Argument(metavar="FILE", help="PDFs and images.")],
    formats: Annotated[
        list[Output] | None,
        typer.Option("--format", "-f", help="Just this; with --out it may be given several times."),
    ] = None,
    out: Annotated[
        Path | None, typer.Option("--out", "-o", help="Write .txt, .md, .json and .pdf files here.")
    ] = None,
    show: Annotated[
        bool, typer.Option("--print", help="With --out: print the text as well.")
    ] = False,
    pages: Annotated[str, typer.Option(help="Pages to read, such as 1-3,7,10-end.")] = "",
    lang: Annotated[
        str, typer.Option(help="Languages as tesseract calls them: eng+deu; auto finds them out.")
    ] = "",
    mode: Annotated[
        Mode, typer.Option(help="Trust text layers: as judged, always, never.")
    ] = Mode.AUTO,
    codes: Barcodes = None,
    engine: Engine = None,
    unseen: Annotated[bool, typer.Option(help="JSON lists words that nobody can see.")] = False,
    endpoint: Endpoint = None,
    sign: Sign = False,
    alone: Alone = False,
) -> None:
    """Read documents: text to standard output, or results into a folder.

    Without --endpoint the service of `fanfold up` reads them, or this process where none runs.
    """
    from cli import command, output, progress  # noqa: PLC0415 - imports httpx and rich

    wish = command.Wish(
        paths=output.readable(files), formats=formats or (), folder=out, show=show,
        options=command.options(pages, lang, mode, codes, engine, unseen=unseen),
    )  # fmt: skip
    with progress.meter() as meter, _reader(endpoint, sign, alone) as service:
        code = command.extract(service, wish, meter)
    raise typer.Exit(code)


Workers = Annotated[
    int | None, typer.Option(min=1, help="Pages read at once (the number of cores).")
]
Verbose = Annotated[bool, typer.Option("--verbose", "-v", help="Show the log.")]
Move = Annotated[
    bool, typer.Option("--move", help="Move originals to done/ and failed/ in the inbox.")
]


@app.command()
def up(  # noqa: PLR0913, PLR0917 - a command has as many parameters as it has options
    data: Annotated[
        Path | None, typer.Option(help="Where everything is kept (the platform's data folder).")
    ] = None,
    inbox: Annotated[
        Path | None, typer.Option(help="The folder to watch (inbox in the data folder).")
    ] = None,
    outbox: Annotated[
        Path | None, typer.Option(help="Where results go (outbox in the data folder).")
    ] = None,
    host: Annotated[
        str, typer.Option(help="Where to listen; other than 127.0.0.1 wants a token of everybody.")
    ] = "127.0.0.1",
    port: Annotated[int | None, typer.Option(help="The HTTP API's port (8080).")] = None,
    workers: Workers = None,
    move: Move = False,
    verbose: Verbose = False,
) -> None:
    """Run the service on this machine until Ctrl-C: an API, a web page and a watched folder."""
    from cli import serve  # noqa: PLC0415 - imports the engine
    from infra.machine.machine import Wish  # noqa: PLC0415 - imports the stages

    wish = Wish(host=host, workers=workers, inbox=inbox, outbox=outbox, move=move, verbose=verbose)
    serve.up(data, port, wish)


@app.command()
def watch(
    inbox: Annotated[Path, typer.Argument(metavar="IN", help="The folder to watch.")],
    outbox: Annotated[Path, typer.Argument(metavar="OUT", help="Where results go.")],
    data: Annotated[
        Path | None, typer.Option(help="Where everything is kept (.fanfold in OUT).")
    ] = None,
    workers: Workers = None,
    move: Move = False,
    verbose: Verbose = False,
) -> None:
    """Read whatever is put into a folder, until Ctrl-C; each file once."""
    from cli import serve  # noqa: PLC0415 - imports the engine
    from infra.machine.machine import Wish  # noqa: PLC0415 - imports the stages

    wish = Wish(workers=workers, inbox=inbox, outbox=outbox, move=move, verbose=verbose)
    serve.watch(data, inbox, outbox, wish)


@app.command()
def cloud(
    port: Annotated[int | None, typer.Option(help="The HTTP API's port (8080).")] = None,
    aws_port: Annotated[int | None, typer.Option(help="The embedded AWS's port (4566).")] = None,
    workers: Workers = None,
    verbose: Verbose = False,
) -> None:
    """Rehearse the deployed wiring on an embedded AWS until Ctrl-C; nothing is kept."""
    from cli import serve  # noqa: PLC0415 - imports the engine

    serve.cloud(port, aws_port, workers, verbose=verbose)


@app.command()
def status(
    document: Annotated[str, typer.Argument(metavar="ID")],
    endpoint: Endpoint = None,
    sign: Sign = False,
) -> None:
    """Say how far a document is, and why pages failed."""
    from cli import extract as reading  # noqa: PLC0415 - imports httpx and rich
    from cli import render  # noqa: PLC0415 - imports rich

    with _service(endpoint, sign) as service:
        found = service.status(document)
    typer.echo("\n".join(render.description(found)))
    if not found.state.live:
        raise typer.Exit(reading.exit_code(found))


@app.command()
def retry(
    document: Annotated[str, typer.Argument(metavar="ID")],
    pages: Annotated[str, typer.Option(help="These pages, such as 3,7-9, not the failed.")] = "",
    lang: Annotated[str, typer.Option(help="Languages to read them with: eng+deu, or auto.")] = "",
    mode: Annotated[Mode | None, typer.Option(help="How to take their text layers.")] = None,
    endpoint: Endpoint = None,
    sign: Sign = False,
) -> None:
    """Read the failed pages of a document anew, or the pages named."""
    given = {"languages": lang, "mode": mode.value if mode else ""}
    options = {name: value for name, value in given.items() if value}
    with _service(endpoint, sign) as service:
        typer.echo(f"{document}  {service.retry(document, pages, options)}")


@app.command()
def cancel(
    document: Annotated[str, typer.Argument(metavar="ID")],
    endpoint: Endpoint = None,
    sign: Sign = False,
) -> None:
    """Stop a document for good; pages that are done stay readable."""
    with _service(endpoint, sign) as service:
        typer.echo(f"{document}  {service.cancel(document)}")


@app.command()
def delete(
    document: Annotated[str, typer.Argument(metavar="ID")],
    endpoint: Endpoint = None,
    sign: Sign = False,
) -> None:
    """Remove a document: the original, its pages and its results."""
    with _service(endpoint, sign) as service:
        service.delete(document)
    typer.echo(f"{document}  DELETED")


@app.command("list")
def list_(
    state: Annotated[State | None, typer.Option(help="Only documents in this state.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=100, help="How many.")] = 20,
    endpoint: Endpoint = None,
    sign: Sign = False,
) -> None:
    """List documents, newest first; tab-separated in a pipe."""
    from rich.console import Console  # noqa: PLC0415 - a twentieth of a second

    from cli import render  # noqa: PLC0415 - imports rich

    with _service(endpoint, sign) as service:
        found = service.listing(state=state.value if state else None, limit=limit)
    if sys.stdout.isatty():
        Console().print(render.table(found.documents))
    else:
        typer.echo("".join(f"{row}\n" for row in render.rows(found.documents)), nl=False)


languages_app = typer.Typer(
    rich_markup_mode=None, help="List languages, or put more into a bucket."
)
app.add_typer(languages_app, name="languages", invoke_without_command=True)


@languages_app.callback()
def languages(
    context: typer.Context,
    endpoint: Endpoint = None,
    sign: Sign = False,
) -> None:
    """List the languages that may be asked for; `add` puts more into a deployment's bucket."""
    if context.invoked_subcommand is None:
        with _service(endpoint, sign) as service:
            typer.echo("\n".join(service.languages()))


@languages_app.command()
def add(
    names: Annotated[list[str], typer.Argument(metavar="LANGUAGE", help="Such as pol or chi_sim.")],
    bucket: Annotated[str, typer.Option(help="The deployment's bucket (output BucketName).")],
) -> None:
    """Fetch languages from Debian's packages and put them into a bucket, for all to ask for."""
    from cli import packs  # noqa: PLC0415 - imports boto3

    for name in packs.add(names, bucket):
        typer.echo(name)


@app.command()
def doctor() -> None:
    """Say which tesseract and poppler this machine reads with, and in which languages."""
    from cli import tools  # noqa: PLC0415 - imports the engine

    typer.echo("\n".join(tools.diagnosis(tools.find())))


app.command()(planning.cost)
app.command()(planning.plan)


@contextmanager
def _reader(endpoint: str | None, sign: bool, alone: bool) -> Iterator[Reader]:
    from cli import local  # noqa: PLC0415 - imports the engine

    place = endpoint or (None if alone else local.running())
    if place is None:
        with local.reader() as reader:
            yield reader
    else:
        with _service(place, sign) as service:
            yield service


@contextmanager
def _service(endpoint: str | None, sign: bool) -> Iterator[Service]:
    from cli import local  # noqa: PLC0415 - imports the engine
    from client import signing  # noqa: PLC0415 - imports botocore
    from client.service import Service  # noqa: PLC0415 - imports httpx
    from client.token import Bearer  # noqa: PLC0415 - imports httpx

    place, token = endpoint or local.running() or _LOCAL, os.environ.get("FANFOLD_TOKEN")
    if sign or signing.is_aws(place):
        yield Service(place, signing.Signed(place))
    else:
        yield Service(place, Bearer(token) if token else None)


def _end(message: str, code: Exit) -> None:
    typer.echo(f"fanfold: {message}", err=True)
    raise SystemExit(code)
