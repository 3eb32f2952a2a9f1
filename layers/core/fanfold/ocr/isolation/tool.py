"""The document tool: probe, cut and graft, each in a child of its own."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from fanfold.errors import (
    DamagedFile,
    DiskFull,
    OutOfMemory,
    PageError,
    PageTimeout,
    PageUnreadable,
    Unavailable,
)
from fanfold.model import Limits
from fanfold.ocr.isolation import journal, places
from fanfold.ocr.isolation.sandbox import Answer, Job, Sandbox
from fanfold.ports import Cut, Probe
from fanfold.settings import Engine

_MINIMUM_SECONDS = 1.0
"""Minimum of seconds that a child is given; with less than that left no page is cut."""


class SandboxedTool:
    """A ``DocumentTool`` that does its parsing in the sandbox."""

    def __init__(self, sandbox: Sandbox, engine: Engine, limits: Limits) -> None:
        self._sandbox = sandbox
        self._engine = engine
        self._limits = limits

    @property
    def _poppler(self) -> str | None:
        return str(self._engine.poppler) if self._engine.poppler else None

    def probe(self, source: Path) -> Probe:
        """Identify a file by its content and count its pages."""
        arguments = {
            "source": str(source),
            "image_pixels": self._limits.image_pixels,
            "poppler": self._poppler,
        }
        found = self._run("fanfold.ocr.document.probe:probe", arguments, reads=(source,)).value
        return Probe(
            media_type=str(found["media_type"]),
            pages=int(found["pages"]),
            damage=tuple(found["damage"]),
            signed=bool(found.get("signed")),
            active_content=tuple(found.get("active_content", ())),
        )

    def unlock(self, source: Path, password: str, target: Path) -> tuple[str, ...]:
        """Write a copy that opens without a password; return what is broken in the original."""
        arguments = {"source": str(source), "password": password, "target": str(target)}
        answer = self._run(
            "fanfold.ocr.document.unlock:unlock",
            arguments,
            reads=(source,),
            writes=(target.parent,),
        )
        return tuple(map(str, answer.value))

    def cut(self, source: Path, media_type: str, pages: Sequence[int], folder: Path) -> list[Cut]:
        """Cut ``pages`` into one-page PDFs in ``folder``.

        A page that kills the child, or takes half of the time that is left, is given up; another
        child goes on with the page after it.
        """
        deadline = time.monotonic() + self._engine.seconds
        journal.clear(folder)
        ends: dict[int, str | None] = {}
        while todo := [page for page in pages if page not in ends]:
            left = deadline - time.monotonic()
            if left < _MINIMUM_SECONDS:
                ends |= dict.fromkeys(todo, PageTimeout.code)
                break
            killer = self._cut(source, media_type, todo, folder, left / 2)
            ends |= journal.read(folder)
            behind = [page for page in todo if page not in ends]
            if behind and killer:
                ends[behind[0]] = killer
        return [_cut_of(page, ends[page], folder) for page in pages]

    def graft(
        self,
        base: Path | Sequence[Path],
        layers: Mapping[int, Path],
        target: Path,
        spent: float = 0.0,
        *,
        mend: bool = False,
    ) -> list[int]:
        """Write a searchable PDF: the pages of ``base`` with ``layers`` grafted on.

        ``spent`` seconds went into wrapping images: both together have the time of one child.
        Returns the pages whose layer could not be used; raises as ``probe`` does.
        """
        arguments = {
            "base": str(base) if isinstance(base, Path) else [str(path) for path in base],
            "layers": {str(index): str(path) for index, path in layers.items()},
            "target": str(target),
            "mend": mend,
        }
        bases = (base,) if isinstance(base, Path) else tuple(base)
        answer = self._run(
            "fanfold.formats.searchable.graft:graft",
            arguments,
            spent,
            reads=(*bases, *layers.values()),
            writes=(target.parent,),
        )
        return [int(page) for page in answer.value]

    def _cut(
        self, source: Path, media_type: str, pages: Sequence[int], folder: Path, seconds: float
    ) -> str | None:
        """Cut until done or dead; return the code of what the child died of."""
        arguments = {
            "source": str(source),
            "media_type": media_type,
            "pages": list(pages),
            "folder": str(folder),
            "image_pixels": self._limits.image_pixels,
            "poppler": self._poppler,
        }
        try:
            self._sandbox.run(
                self._job("fanfold.ocr.document.cut:cut", arguments, seconds, (source,), (folder,))
            )
        except PageError as error:
            return error.code
        return None

    def _run(
        self,
        function: str,
        arguments: dict[str, Any],
        spent: float = 0.0,
        *,
        reads: tuple[Path, ...],
        writes: tuple[Path, ...] = (),
    ) -> Answer:
        """Run ``function``; what it dies of is the file's fault, but for a disk that is full."""
        left = max(_MINIMUM_SECONDS, self._engine.seconds - spent)
        try:
            return self._sandbox.run(self._job(function, arguments, left, reads, writes))
        except PageTimeout as error:
            raise DamagedFile("The file takes too long to open.") from error
        except OutOfMemory as error:
            raise DamagedFile("The file needs more memory to open than there is.") from error
        except DiskFull as error:
            raise Unavailable("There is no temporary space left to open the file.") from error
        except PageError as error:
            raise DamagedFile from error

    def _job(
        self,
        function: str,
        arguments: dict[str, Any],
        seconds: float,
        reads: tuple[Path, ...],
        writes: tuple[Path, ...],
    ) -> Job:
        return Job(
            function,
            arguments,
            seconds,
            crash=PageUnreadable,
            file_bytes=2 * self._limits.document_bytes,
            reads=(*places.of_engine(self._engine), *reads),
            writes=writes,
        )


def _cut_of(page: int, error: str | None, folder: Path) -> Cut:
    return Cut(page, None if error else journal.page_path(folder, page), error)
