"""The embedded service: the same functions on this machine, started for a call or for `up`."""

from __future__ import annotations

import os
import socket
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from cli.outcome import Unreachable, Usage
from fanfold import settings
from fanfold.ocr import engine

if TYPE_CHECKING:
    from infra.local.cloud import Cloud

_TEMPLATE = Path(__file__).parent.parent / "template.yaml"
_TOOLS = ("FANFOLD_TESSERACT", "FANFOLD_POPPLER", "FANFOLD_TESSDATA")
"""Where this machine keeps its tools; the template names those of the layer."""
_POPPLER = "poppler-utils"
_PACKAGES = {"tesseract": "tesseract-ocr"}
API_PORT, AWS_PORT = 8080, 4566
"""What `fanfold up` listens on if nobody else does."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where an embedded service listens (port 0: any free one) and how many pages at once."""

    api_port: int = 0
    aws_port: int = 0
    workers: int | None = None


@contextmanager
def embedded(place: Place) -> Iterator[Cloud]:
    """Run the embedded service; raise Unreachable where something is missing for it."""
    languages = installed_languages()
    # moto, boto3 and the functions take a second to import: only those who need them wait.
    from infra.local.cloud import Cloud  # noqa: PLC0415

    with tempfile.TemporaryDirectory(prefix="fanfold-") as folder:
        log = Path(folder) / "fanfold.log"
        cloud = Cloud(
            _TEMPLATE,
            parameters={"Languages": languages},
            workers=place.workers,
            api_port=place.api_port,
            aws_port=place.aws_port,
            environment={name: os.environ[name] for name in _TOOLS if name in os.environ},
            log=log,
        )
        with cloud:
            yield cloud


def installed_languages() -> str:
    """Return what can be read here, joined by ``+``; raise Unreachable if a tool is missing."""
    found = settings.load().engine
    if missing := engine.missing(found):
        names = " ".join(dict.fromkeys(_PACKAGES.get(Path(m).name, _POPPLER) for m in missing))
        raise Unreachable(f"Not installed: {', '.join(missing)}. Run: sudo apt-get install {names}")
    languages = engine.installed_languages(found)
    if not languages:
        raise Unreachable("tesseract has no languages. Run: sudo apt-get install tesseract-ocr-eng")
    return "+".join(languages)


def free_port(wanted: int | None, usual: int) -> int:
    """Return the port to listen on: the wanted one, the usual one, or 0 if that is taken.

    Raises Usage if a port was asked for and is taken.
    """
    port = usual if wanted is None else wanted
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            if wanted is None:
                return 0
            raise Usage(f"Port {port} cannot be used: {error.strerror}.") from error
    return port
