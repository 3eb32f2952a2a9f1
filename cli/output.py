"""Where results go: standard output, or files that never overwrite one another or an input."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Protocol

from client.answers import Status
from client.errors import Usage
from client.reader import Reader
from fanfold.formats.media import MEDIA
from fanfold.model import Output

_BINARY = (Output.PDF, Output.CSV, Output.XLSX, Output.ZIP)
"""Formats that are no text."""


class Sink(Protocol):
    """Takes the results of one document after the other."""

    def take(self, path: Path, status: Status) -> list[Path]:
        """Fetch the results of ``path`` and return the files written."""


@dataclass(frozen=True, slots=True)
class Stream:
    """Writes one format to a binary stream; ``titles`` puts the name before each document."""

    service: Reader
    output: Output
    stream: BinaryIO
    titles: bool = False

    def take(self, path: Path, status: Status) -> list[Path]:
        """Write the document's result to the stream."""
        if self.output in status.results:
            if self.titles:
                self.stream.write(f"==> {path} <==\n".encode())
            self.service.fetch(status.id, self.output, self.stream)
            self.stream.flush()
        return []


@dataclass(frozen=True, slots=True)
class Folder:
    """Writes files named after the inputs, as ``stems`` says."""

    service: Reader
    folder: Path
    outputs: Sequence[Output]
    stems: dict[Path, str]

    def take(self, path: Path, status: Status) -> list[Path]:
        """Write the document's results into the folder."""
        self.folder.mkdir(parents=True, exist_ok=True)
        wanted = [output for output in self.outputs if output in status.results]
        return [self._write(path, status, output) for output in wanted]

    def _write(self, path: Path, status: Status, output: Output) -> Path:
        target = self.folder / f"{self.stems[path]}{MEDIA[output].suffix}"
        # A name of its own until it is whole: a broken download must not look like a result.
        half = target.with_name(target.name + ".part")
        try:
            with half.open("wb") as file:
                self.service.fetch(status.id, output, file)
            half.replace(target)
        finally:
            half.unlink(missing_ok=True)
        return target


def plan(paths: Sequence[Path], folder: Path) -> dict[Path, str]:
    """Give every input a stem in ``folder`` under which its results are written.

    The second ``scan`` becomes ``scan-2``; so does the first if its results would overwrite an
    input. Names count as equal whatever their case, as some file systems see it.
    """
    inputs = {path.resolve() for path in paths}
    taken: set[str] = set()
    stems: dict[Path, str] = {}
    for path in paths:
        stem, count = path.stem, 1
        while stem.casefold() in taken or _hits(folder, stem, inputs):
            count += 1
            stem = f"{path.stem}-{count}"
        taken.add(stem.casefold())
        stems[path] = stem
    return stems


def readable(paths: Sequence[Path]) -> list[Path]:
    """Return the inputs without repeats; raise Usage for the first that cannot be read."""
    for path in paths:
        if path.is_dir():
            raise Usage(f"{path} is a folder; name the files in it.")
        try:
            with path.open("rb"):
                pass
        except OSError as error:
            raise Usage(f"{path} cannot be read: {error.strerror}.") from error
    return list(dict.fromkeys(paths))


def standard_output(output: Output, documents: int) -> BinaryIO:
    """Return standard output for ``output``; raise Usage where that makes no sense."""
    if output in _BINARY and documents > 1:
        raise Usage("Several such files do not fit into one stream; use --out DIR.")
    if output in _BINARY and sys.stdout.isatty():
        raise Usage(f"{output.upper()} does not belong on a terminal; use --out DIR, or a pipe.")
    return sys.stdout.buffer


def _hits(folder: Path, stem: str, inputs: set[Path]) -> bool:
    return any((folder / f"{stem}{media.suffix}").resolve() in inputs for media in MEDIA.values())
