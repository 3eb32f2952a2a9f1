"""What a call names: files, folders with everything below them, and standard input as ``-``."""

from __future__ import annotations

import shutil
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePath

from client.errors import Usage
from fanfold import keys
from fanfold.ocr.document import signatures

STANDARD_INPUT = "-"
_NAME = "stdin"
"""What a document that was piped in is called, having no name."""

_MARK_WITHIN = 1024
"""Bytes at a file's beginning within which readers look for a PDF's mark."""


@dataclass(frozen=True, slots=True)
class Input:
    """A file to be read. ``place`` is its path below a folder that was named, without suffix."""

    path: Path
    shown: str
    place: PurePath


@dataclass(frozen=True, slots=True)
class Found:
    """What is to be read, and files of the folders that were named which are of no kind we read."""

    inputs: tuple[Input, ...]
    left_out: tuple[Path, ...] = ()


@contextmanager
def found(named: Sequence[Path]) -> Iterator[Found]:
    """Give what a call names, without repeats; raise Usage for the first that cannot be read.

    What is piped in is kept in a file until the end.
    """
    with tempfile.TemporaryDirectory(prefix="fanfold-") as spool:
        inputs: dict[Path, Input] = {}
        left_out: list[Path] = []
        for path in named:
            if path.is_dir():
                new, others = _below(path)
                left_out += others
            else:
                new = [_piped(Path(spool)) if str(path) == STANDARD_INPUT else file(path)]
            inputs |= {one.path: one for one in new if one.path not in inputs}
        if not inputs:
            raise Usage(f"There is nothing to read in {', '.join(map(str, named))}.")
        yield Found(tuple(inputs.values()), tuple(left_out))


def file(path: Path) -> Input:
    """Return what a file is as an input; raise Usage if it cannot be read."""
    _head(path)
    return Input(path, str(path), PurePath(path.stem))


def _piped(spool: Path) -> Input:
    if sys.stdin.isatty():
        raise Usage("Nothing is piped in: fanfold extract - < scan.pdf")
    path = spool / _NAME
    if not path.exists():
        with path.open("wb") as spooled:
            shutil.copyfileobj(sys.stdin.buffer, spooled)
    return Input(path, "standard input", PurePath(_NAME))


def _below(folder: Path) -> tuple[list[Input], list[Path]]:
    """Return what may be read in a folder, and what is neither that nor litter."""
    inputs, others = [], []
    for path in sorted(folder.rglob("*")):
        place = path.relative_to(folder)
        if keys.inbox_path(f"{keys.INBOX}{place.as_posix()}") is None or not path.is_file():
            continue
        if _may_be_read(path):
            inputs.append(Input(path, str(path), place.with_suffix("")))
        else:
            others.append(path)
    return inputs, others


def _may_be_read(path: Path) -> bool:
    """Whether a file has the name or the beginning of a document."""
    if path.suffix.lower() == ".pdf":  # a broken one has its reason told
        return True
    head = _head(path)
    return b"%PDF-" in head or signatures.image_name(head) is not None


def _head(path: Path) -> bytes:
    try:
        with path.open("rb") as opened:
            return opened.read(_MARK_WITHIN)
    except OSError as error:
        raise Usage(f"{path} cannot be read: {error.strerror}.") from error
