"""Where a command's documents are: at a service, or read in this process."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from cli.commands.options import LOCAL

if TYPE_CHECKING:
    from client.reader import Reader
    from client.service import Service


@contextmanager
def reader(endpoint: str | None, *, sign: bool, alone: bool) -> Iterator[Reader]:
    """Choose the service at ``endpoint``, else one that runs here unless ``alone``, else none."""
    place = endpoint or (None if alone else _running())
    if place is None:
        from cli import local  # noqa: PLC0415 - imports the stages

        with local.reader() as here:
            yield here
    else:
        with service(place, sign=sign) as there:
            yield there


@contextmanager
def service(endpoint: str | None, *, sign: bool) -> Iterator[Service]:
    """Choose the service at ``endpoint``, else the one that runs here."""
    from client import addresses  # noqa: PLC0415 - for these commands alone
    from client.service import Service  # noqa: PLC0415 - imports httpx
    from client.token import Bearer  # noqa: PLC0415 - imports httpx

    place, token = endpoint or _running() or LOCAL, os.environ.get("FANFOLD_TOKEN")
    if sign or (addresses.aws_region(place) and not token):
        from client import signing  # noqa: PLC0415 - imports botocore

        yield Service(place, signing.Signed(place))
    else:
        yield Service(place, Bearer(token) if token else None)


def _running() -> str | None:
    """Return where the service of the default data folder listens, None if none does."""
    from infra.machine import data  # noqa: PLC0415 - for these commands alone

    found = data.holder(data.default())
    return found.url if found and found.url else None
