"""The two that are compared: the page engine, and plain ``pdftoppm -r 300 | tesseract``."""

from __future__ import annotations

import os
import resource
import shutil
import subprocess
import tempfile
from argparse import ArgumentTypeError
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from fanfold.errors import FanfoldError, RecognitionFailed
from fanfold.model import MEGABYTE, Limits, Mode, Page, Readers
from fanfold.ocr.isolation.reader import SandboxedReader
from fanfold.ocr.isolation.sandbox import Sandbox
from fanfold.ocr.isolation.tessdata import Tessdata
from fanfold.ocr.isolation.tool import SandboxedTool
from fanfold.ocr.passes import leaving_out
from fanfold.ports import ReadRequest
from fanfold.settings import Engine

ROOMY = 1024
"""Megabytes of a function in which both readers have room; where they have not, a page that needs
the second one is left to the heavy lane, which a bench has not."""

_PLAIN_DPI = 300


@dataclass(frozen=True, slots=True)
class Read:
    """A text, CPU seconds, and what the engine says of its page (None where it failed).

    ``left`` says that the heavy lane is to go on with it.
    """

    text: str
    cpu: float
    page: Page | None = None
    error: str = ""
    left: bool = False


class House:
    """The engine without the house around it, in ``folder``."""

    def __init__(self, sandbox: Sandbox, engine: Engine, folder: Path) -> None:
        self._sandbox, self._engine, self._folder = sandbox, engine, folder
        self._tool = SandboxedTool(sandbox, engine, Limits())
        self.reader = SandboxedReader(sandbox, engine, Tessdata(engine, folder / "packs"))

    def lacking(self, name: str) -> House:
        """Return the same house, whose engine leaves out a pass."""
        return House(self._sandbox, without(self._engine, [name]), self._folder)

    def pages(self, file: Path, most: int | None = None) -> list[Path]:
        """Cut the first ``most`` pages of a file; broken ones are left out."""
        folder = Path(tempfile.mkdtemp(dir=self._folder))
        try:
            probe = self._tool.probe(file)
            numbers = range(1, min(probe.pages, most or probe.pages) + 1)
            cuts = self._tool.cut(file, probe.media_type, numbers, folder)
        except FanfoldError:
            return []
        return [cut.path for cut in cuts if cut.path]

    def cut(self, file: Path) -> tuple[bool, list[Path | None]]:
        """Cut all pages; say whether the document as a whole is damaged. Raises FanfoldError."""
        folder = Path(tempfile.mkdtemp(dir=self._folder))
        probe = self._tool.probe(file)
        cuts = self._tool.cut(file, probe.media_type, range(1, probe.pages + 1), folder)
        return bool(probe.damage), [cut.path for cut in cuts]

    def read(
        self,
        page: Path,
        languages: str,
        mode: Mode = Mode.AUTO,
        engine: Readers = Readers.AUTO,
    ) -> Read:
        """Read one page with the engine."""
        folder = Path(tempfile.mkdtemp(dir=self._folder))
        try:
            found = self.reader.read(page, ReadRequest(1, languages, mode, engine=engine), folder)
        except FanfoldError as error:
            return Read("", 0.0, error=error.code)
        finally:
            shutil.rmtree(folder)
        read, left = found.page, found.left is not None
        text = "\n\n".join("\n".join(line.text for line in block.lines) for block in read.blocks)
        return Read(text, read.timings["cpu"] / 1000, read, left=left)


def roomy(engine: Engine) -> Engine:
    """Return an engine in which no page has to be left to the heavy lane for its second reader."""
    return replace(engine, memory_bytes=ROOMY * MEGABYTE)


def named(names: str) -> tuple[str, ...]:
    """Read names of passes, joined by commas; raise ArgumentTypeError if there is none of one."""
    found = tuple(filter(None, names.split(",")))
    try:
        leaving_out.check(found)
    except RecognitionFailed as error:
        raise ArgumentTypeError(str(error)) from None
    return found


def without(engine: Engine, names: Iterable[str]) -> Engine:
    """Return an engine that leaves out these passes."""
    return replace(engine, without=tuple(names))


@contextmanager
def house(engine: Engine) -> Iterator[House]:
    """Give an engine with a folder of its own."""
    with tempfile.TemporaryDirectory() as folder:
        sandbox = Sandbox(engine, Path(folder))
        sandbox.start("fanfold.ocr.page")
        try:
            yield House(sandbox, engine, Path(folder))
        finally:
            sandbox.close()


def plain(page: Path, languages: str) -> Read:
    """Draw a page at 300 dpi and recognise it with tesseract's defaults, one thread."""
    before = children_cpu()
    with tempfile.TemporaryDirectory() as folder:
        base = Path(folder) / "page"
        draw = ["pdftoppm", "-r", str(_PLAIN_DPI), "-singlefile", page, base]
        subprocess.run(draw, check=False, capture_output=True)
        done = subprocess.run(
            ["tesseract", base.with_suffix(".ppm"), "-", "-l", languages],
            env={**os.environ, "OMP_THREAD_LIMIT": "1"},
            check=False,
            capture_output=True,
        )
    return Read(done.stdout.decode("utf-8", "replace"), children_cpu() - before)


def spent() -> float:
    """Return the CPU seconds of this process, its zygotes and all that those have waited for."""
    import psutil  # noqa: PLC0415 - `bench.alone` has to cost what reading costs

    me = psutil.Process()
    own = me.cpu_times()
    below = [child.cpu_times() for child in me.children()]
    return float(own.user + own.system + sum(sum(times[:4]) for times in below))


def children_cpu() -> float:
    """Return the CPU seconds of all children that this process has waited for."""
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime
