"""Where results go: standard output, or files that never overwrite one another or an input."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Protocol

from cli.inputs import Input
from client.answers import Status
from client.errors import Usage
from client.reader import Reader
from fanfold.formats.media import MEDIA
from fanfold.model import Output

_BINARY = (Output.PDF, Output.CSV, Output.XLSX, Output.ZIP)
"""Formats that are no text."""

Files = Mapping[Output, Path]


class Sink(Protocol):
    """Takes the results of one document after the other."""

    def take(self, item: Input, status: Status) -> Files:
        """Fetch the results of ``item`` and return the files written."""


@dataclass(frozen=True, slots=True)
class Stream:
    """Writes one format to a binary stream; ``titles`` puts the name before each document."""

    service: Reader
    output: Output
    stream: BinaryIO
    titles: bool = False

    def take(self, item: Input, status: Status) -> Files:
        """Write the document's result to the stream."""
        if self.output in status.results:
            if self.titles:
                self.stream.write(f"==> {item.shown} <==\n".encode())
            self.service.fetch(status.id, self.output, self.stream)
            self.stream.flush()
        return {}


@dataclass(frozen=True, slots=True)
class Kept:
    """Writes files, each under the path that ``plan`` has for its input and format."""

    service: Reader
    plan: Mapping[Input, Files]

    def take(self, item: Input, status: Status) -> Files:
        """Write the document's results."""
        made = {o: path for o, path in self.plan[item].items() if o in status.results}
        for output, path in made.items():
            self._write(path, status, output)
        return made

    def _write(self, target: Path, status: Status, output: Output) -> None:
        target.parent.mkdir(parents=True, exist_ok=True)
        # A name of its own until it is whole: a broken download must not look like a result.
        half = target.with_name(target.name + ".part")
        try:
            with half.open("wb") as file:
                self.service.fetch(status.id, output, file)
            half.replace(target)
        finally:
            half.unlink(missing_ok=True)


def plan(
    inputs: Sequence[Input], outputs: Sequence[Output], folder: Path
) -> dict[Input, dict[Output, Path]]:
    """Give every input a path in ``folder`` for each of its results.

    The second ``scan`` becomes ``scan-2``; so does the first if its results would overwrite an
    input. Names count as equal whatever their case, as some file systems see it.
    """
    read = {item.path.resolve() for item in inputs}
    taken: set[str] = set()
    planned = {}
    for item in inputs:
        place, count = item.place, 1
        while str(place).casefold() in taken or _hits(folder / place, read):
            count += 1
            place = item.place.with_name(f"{item.place.name}-{count}")
        taken.add(str(place).casefold())
        planned[item] = {output: _suffixed(folder / place, output) for output in outputs}
    return planned


def format_of(path: Path) -> Output | None:
    """Return the format that a file's name asks for, None where it is no result's name."""
    name = path.name.casefold()
    fitting = [output for output in Output if name.endswith(MEDIA[output].suffix)]
    return max(fitting, key=lambda output: len(MEDIA[output].suffix), default=None)


def check(files: Iterable[Path]) -> None:
    """Raise Usage where results cannot be written; make the folders that they go into."""
    for folder in dict.fromkeys(path.parent for path in files):
        try:
            folder.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryFile(dir=folder):
                pass
        except OSError as error:
            raise Usage(f"{folder} cannot be written: {error.strerror}.") from error


def standard_output(output: Output, documents: int) -> BinaryIO:
    """Return standard output for ``output``; raise Usage where that makes no sense."""
    if output in _BINARY and documents > 1:
        raise Usage("Several such files do not fit into one stream; use --out DIR.")
    if output in _BINARY and sys.stdout.isatty():
        raise Usage(f"{output.upper()} does not belong on a terminal; use --out DIR, or a pipe.")
    return sys.stdout.buffer


def close_standard_output() -> None:
    """Have nothing more written to a standard output that takes nothing more."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _hits(stem: Path, inputs: set[Path]) -> bool:
    return any(_suffixed(stem, output).resolve() in inputs for output in Output)


def _suffixed(stem: Path, output: Output) -> Path:
    return stem.with_name(f"{stem.name}{MEDIA[output].suffix}")
