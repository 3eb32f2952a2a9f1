"""Fanfold on this machine: in this process, as a service, or as a rehearsal of AWS."""

from __future__ import annotations

import socket
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from cli import tools
from client.errors import Unreachable, Usage
from infra.machine import data
from infra.machine.steps import Setup

if TYPE_CHECKING:
    from client.reader import Reader
    from infra.machine.machine import Machine, Wish
    from infra.rehearsal.cloud import Cloud


@dataclass(frozen=True, slots=True)
class Options:
    """Where the rehearsal listens (port 0: any free one) and how many pages at once.

    ``verbose`` writes the functions' log to standard error; without it nobody sees it.
    """

    api_port: int = 0
    aws_port: int = 0
    workers: int | None = None
    verbose: bool = False


@contextmanager
def reader(workers: int | None = None) -> Iterator[Reader]:
    """Read files in this process; raise Unreachable where something is missing for it."""
    from infra.machine.here import Here  # noqa: PLC0415 - imports the stages

    setup = replace(_setup(Path(tempfile.mkdtemp(prefix="fanfold-"))), lasting=False)
    with Here(setup, workers) as here:
        yield here


@contextmanager
def machine(folder: Path | None, wish: Wish) -> Iterator[Machine]:
    """Run the service over a data folder; raise Usage where that cannot be."""
    from infra.http.serving import PortBusy  # noqa: PLC0415 - imports waitress
    from infra.machine.machine import Machine, log_to_standard_error  # noqa: PLC0415 - the stages

    log_to_standard_error(verbose=wish.verbose)
    started = Machine(_setup(folder or data.default()), wish)
    try:
        started.__enter__()
    except (PortBusy, data.DataError) as error:
        raise Usage(str(error)) from error
    try:
        yield started
    finally:
        started.stop()


def _setup(folder: Path) -> Setup:
    found = tools.find()
    return Setup(folder, "+".join(tools.languages(found)), found.environment)


@contextmanager
def rehearsal(options: Options) -> Iterator[Cloud]:
    """Run the embedded AWS; raise Unreachable where something is missing for it."""
    found = tools.find()
    languages = "+".join(tools.languages(found))
    try:
        from infra.rehearsal.cloud import Cloud  # noqa: PLC0415 - imports moto and boto3: a second
    except ImportError as error:
        raise Unreachable(
            "The rehearsal of AWS needs more: pip install 'fanfold[cloud]'"
        ) from error
    from infra.http.serving import PortBusy  # noqa: PLC0415 - imports waitress
    from infra.template import TEMPLATE  # noqa: PLC0415 - as above
    from infra.textract.objects import over_s3  # noqa: PLC0415 - as above

    with tempfile.TemporaryDirectory(prefix="fanfold-") as folder:
        cloud = Cloud(
            TEMPLATE,
            parameters={"Languages": languages},
            workers=options.workers,
            api_port=options.api_port,
            aws_port=options.aws_port,
            environment=found.environment,
            log=None if options.verbose else Path(folder) / "fanfold.log",
            front=over_s3,
        )
        try:
            cloud.__enter__()
        except PortBusy as error:
            raise Usage(str(error)) from error
        try:
            yield cloud
        finally:
            cloud.stop()


def is_free(port: int, host: str = "127.0.0.1") -> bool:
    """Tell whether nobody listens on a port."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True
