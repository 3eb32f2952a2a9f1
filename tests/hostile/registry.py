"""What a hostile input is, and the list of those that were made on purpose."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from inspect import signature
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Lures:
    """What an input may point at: files that nobody must open, an address nobody must call.

    ``text``, ``picture`` and ``pdf`` say ``words`` in their own way; ``url`` is on loopback.
    """

    folder: Path
    words: str
    url: str

    @property
    def text(self) -> Path:
        return self.folder / "canary.txt"

    @property
    def picture(self) -> Path:
        return self.folder / "canary.png"

    @property
    def pdf(self) -> Path:
        return self.folder / "canary.pdf"


@dataclass(frozen=True, slots=True)
class Input:
    """One file.

    ``pages`` are those that are read. ``ends`` are the ways in which it may end: a document's
    state, the code of its reason, or a page's code; empty for any typed end. ``points_out``: its
    results are searched for the canaries down to their last stream.
    """

    name: str
    make: Callable[[Lures], bytes]
    pages: str = "1-3"
    ends: tuple[str, ...] = ()
    points_out: bool = False


INPUTS: dict[str, Input] = {}


def directed(name: str, *ends: str, **more: object) -> Callable:
    """Register the function below, which makes the bytes, as the input ``name``."""

    def register(make: Callable[..., bytes]) -> Callable[..., bytes]:
        assert name not in INPUTS, name
        takes_lures = "lures" in signature(make).parameters
        INPUTS[name] = Input(name, make if takes_lures else lambda lures: make(), ends=ends, **more)
        return make

    return register
