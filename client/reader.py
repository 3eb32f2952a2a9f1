"""What it takes to have files read: a service over HTTP, or the same stages in this process."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, BinaryIO, Protocol

from client.answers import Status
from fanfold.model import Output

PASSWORD = "password"
"""Among the options of a file: what opens it. It is no option of the document."""


class Reader(Protocol):
    """Reads files. Every method raises Refused or Unreachable and nothing else of its own.

    ``lasting``: documents stay, and are gone on with, when the program that handed them in ends.
    """

    lasting: bool

    def submit(self, path: Path, options: Mapping[str, Any]) -> str:
        """Hand in a file of any size and return the document's id."""

    def status(self, document: str) -> Status:
        """Return a document's state and what is known of its pages."""

    def fetch(self, document: str, output: Output, target: BinaryIO) -> None:
        """Write a result to ``target``."""
