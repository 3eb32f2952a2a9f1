"""Where documents lie that are named as objects of S3, on a machine without S3."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import BinaryIO, Protocol

from infra.textract.errors import invalid, missing
from infra.textract.requests import Place


class Store(Protocol):
    """Objects of buckets."""

    def fetch(self, place: Place, target: BinaryIO) -> None:
        """Write an object to ``target``; raise TextractError where it cannot be had."""

    def put(self, bucket: str, name: str, data: bytes) -> None:
        """Store an object; raise TextractError where nobody may."""


class Folder:
    """``BUCKET/NAME`` below a folder, for reading. Links lead nowhere."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def fetch(self, place: Place, target: BinaryIO) -> None:
        """Write a file to ``target``; raise TextractError where it is none, or lies elsewhere."""
        if place.version:
            raise invalid("Files have no Version.")
        here = self._root.resolve()
        path = here / place.bucket / place.name
        try:
            if path.resolve(strict=True) != path or not path.is_relative_to(here / place.bucket):
                raise missing(f"{path} is not a plain path to a file.")
            with path.open("rb") as file:
                shutil.copyfileobj(file, target)
        except (OSError, ValueError):
            raise missing(f"There is no file {path}.") from None

    def put(self, bucket: str, name: str, data: bytes) -> None:
        """Refuse: what a job finds is asked for."""
        raise invalid("OutputConfig wants S3; on one machine results are asked for.")
