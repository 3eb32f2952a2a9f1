"""The embedded service: the same functions on this machine, started for a call or for `up`."""

from __future__ import annotations

import socket
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from cli import tools
from client.errors import Usage
from infra.template import TEMPLATE

if TYPE_CHECKING:
    from infra.rehearsal.cloud import Cloud


@dataclass(frozen=True, slots=True)
class Options:
    """Where an embedded service listens (port 0: any free one) and how many pages at once.

    ``verbose`` writes the functions' log to standard error; without it nobody sees it.
    """

    api_port: int = 0
    aws_port: int = 0
    workers: int | None = None
    verbose: bool = False


@contextmanager
def embedded(options: Options) -> Iterator[Cloud]:
    """Run the embedded service; raise Unreachable where something is missing for it."""
    found = tools.find()
    languages = "+".join(tools.languages(found))
    from infra.http.serving import PortBusy  # noqa: PLC0415 - imports waitress
    from infra.rehearsal.cloud import Cloud  # noqa: PLC0415 - imports moto and boto3: a second

    with tempfile.TemporaryDirectory(prefix="fanfold-") as folder:
        cloud = Cloud(
            TEMPLATE,
            parameters={"Languages": languages},
            workers=options.workers,
            api_port=options.api_port,
            aws_port=options.aws_port,
            environment=found.environment,
            log=None if options.verbose else Path(folder) / "fanfold.log",
        )
        try:
            cloud.__enter__()
        except PortBusy as error:
            raise Usage(str(error)) from error
        try:
            yield cloud
        finally:
            cloud.stop()


def is_free(port: int) -> bool:
    """Tell whether nobody listens on a loopback port."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True
