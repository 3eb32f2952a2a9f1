"""What a document costs from end to end, beside plain tesseract and OCRmyPDF, in one run.

    python -m bench.endtoend FILE… [--pages N] [--languages eng] [--runs 1] [--without-ocrmypdf]

CPU seconds of all processes, the client's included, to a text (ours: to text, Markdown, JSON and a
searchable PDF): by `fanfold extract` alone, by a service that is asked by the same command, by
``pdftoppm -r 300 | tesseract``, and by OCRmyPDF. ``engine`` is what `bench.alone` takes: a program
that reads the pages and does nothing else, so that it starts, and loads what it reads with, as
tesseract does. ``above`` is what the cheaper of our two ways took more than that. ``pages`` is what
the processes took that read the pages, as the results say it, and ``besides`` everything else:
starting Python, loading the engine, the house. Of several runs the least counts: a busy
machine makes them longer, nothing makes them shorter. The tools are those that `fanfold doctor`
names. Limits, of what is above: .06 of the plain way for documents of ten pages and more, .25 CPU
seconds for one page.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil

from bench import ocrmypdf, readers
from cli import tools
from fanfold.ocr.isolation import walls
from infra.machine.steps import Setup

_FANFOLD = (sys.executable, "-m", "cli")
_ALONE = (sys.executable, "-m", "bench.alone")
_MANY = 10
_SHARE_ABOVE, _SECONDS_ABOVE = 0.06, 0.25


@dataclass(frozen=True, slots=True)
class Way:
    """One way of ours: CPU seconds of all processes, and of those that read ``count`` pages."""

    cpu: float
    pages: float
    count: int


@dataclass(frozen=True, slots=True)
class Costs:
    """CPU seconds of one document; ``theirs`` None where OCRmyPDF was not asked or failed."""

    plain: float
    engine: float
    extract: Way
    served: Way
    theirs: float | None

    @property
    def ours(self) -> float:
        """What our cheaper way took."""
        return min(self.extract.cpu, self.served.cpu)

    @property
    def above(self) -> float:
        """What that is more than the engine alone."""
        return self.ours - self.engine

    @property
    def besides(self) -> float:
        """What our cheaper way took besides the processes that read the pages."""
        return min(way.cpu - way.pages for way in (self.extract, self.served))

    @property
    def limit(self) -> float | None:
        """The maximum of ``above``; None for documents that no limit was set for."""
        if self.extract.count >= _MANY:
            return _SHARE_ABOVE * self.plain
        return _SECONDS_ABOVE if self.extract.count == 1 else None


def main() -> None:
    """Measure every file, print, and exit with 1 where a limit is exceeded."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("files", type=Path, nargs="+", metavar="FILE")
    parser.add_argument("--pages", type=int, default=1000, help="at most so many, from the first")
    parser.add_argument("--languages", default="eng")
    parser.add_argument("--runs", type=int, default=1)
    parser.add_argument("--without-ocrmypdf", action="store_true")
    options = parser.parse_args()
    walls.adopt_strays()
    theirs = None if options.without_ocrmypdf else ocrmypdf.installed()
    print(f"{'':28}{'pages':>6}{'plain':>8}{'pages':>8}{'engine':>8}{'extract':>8}{'served':>8}"
          f"{'OCRmyPDF':>9}{'× plain':>8}{'besides':>8}{'above':>7}{'limit':>7}")  # fmt: skip
    over = False
    with service() as at:
        for file in options.files:
            wish = Wish(file, options.pages, options.languages)
            costs = least([measured(wish, at, theirs) for _ in range(options.runs)])
            over |= costs.limit is not None and costs.above > costs.limit
            print(line(file, costs), flush=True)
    print(f"load average {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
    sys.exit(over)


def line(file: Path, costs: Costs) -> str:
    """Return the row of one document."""
    theirs = f"{costs.theirs:9.2f}" if costs.theirs is not None else f"{'-':>9}"
    limit = f"{costs.limit:7.2f}" if costs.limit is not None else f"{'-':>7}"
    return (
        f"{file.name[:27]:28}{costs.extract.count:6}{costs.plain:8.2f}{costs.extract.pages:8.2f}"
        f"{costs.engine:8.2f}{costs.extract.cpu:8.2f}{costs.served.cpu:8.2f}{theirs}"
        f"{costs.ours / costs.plain:8.2f}{costs.besides:8.2f}{costs.above:7.2f}{limit}"
    )


@dataclass(frozen=True, slots=True)
class Wish:
    """A file, the maximum of its pages, and the languages they are read in."""

    file: Path
    most: int
    languages: str

    @property
    def options(self) -> tuple[str, ...]:
        """The same for `fanfold extract`."""
        return (str(self.file), "--pages", f"1-{self.most}", "--lang", self.languages)


def least(runs: list[Costs]) -> Costs:
    """Return the least of each cost."""
    known = [one.theirs for one in runs if one.theirs is not None]
    return Costs(
        plain=min(one.plain for one in runs),
        engine=min(one.engine for one in runs),
        extract=min((one.extract for one in runs), key=lambda way: way.cpu),
        served=min((one.served for one in runs), key=lambda way: way.cpu),
        theirs=min(known, default=None),
    )


def measured(wish: Wish, at: tuple[str, psutil.Process], theirs: Path | None) -> Costs:
    """Read one document in every way."""
    with tempfile.TemporaryDirectory(prefix="fanfold-") as folder:
        out = Path(folder)
        alone = run(*_FANFOLD, "extract", *wish.options, "-o", str(out / "a"), "--no-service")
        extract = way(out / "a", alone)
        url, process = at
        before = used(process)
        asked = run(*_FANFOLD, "extract", *wish.options, "-o", str(out / "s"), "--endpoint", url)
        served = way(out / "s", asked + used(process) - before)
        pages = extract.count
        engine = (*_ALONE, str(wish.file), str(pages), wish.languages)
        return Costs(
            plain=plain(wish.file, pages, wish.languages, out),
            engine=run(*engine, environment=page_environment(out)),
            extract=extract,
            served=served,
            theirs=their_cost(theirs, wish.file, pages, wish.languages, out) if theirs else None,
        )


def way(folder: Path, cpu: float) -> Way:
    """Return what a way took, with what its results say of their pages."""
    found = json.loads(next(folder.glob("*.json")).read_text("utf-8"))["pages"]
    spent = sum(page.get("timings", {}).get("cpu", 0) for page in found) / 1000
    return Way(cpu, spent, len(found))


def run(*command: str, environment: Mapping[str, str] | None = None) -> float:
    """Run a command and return the CPU seconds of all its processes.

    Those that outlive it, as what reads pages for a worker does for a moment, are waited for.
    """
    before, me = readers.children_cpu(), psutil.Process()
    others, nobody = me.children(), subprocess.DEVNULL
    subprocess.run(command, check=True, env=environment, stdout=nobody, stderr=nobody)
    while strays := [one for one in me.children() if one not in others]:
        for one in strays:
            os.waitpid(one.pid, 0)
    return readers.children_cpu() - before


def page_environment(folder: Path) -> dict[str, str]:
    """Return the environment that names the engine as the machine has it for its pages."""
    found = tools.find()
    setup = Setup(folder, "+".join(tools.languages(found)), found.environment)
    wiring = setup.wiring()
    page = next(s.function for s in wiring.sources if s.queue_arn.endswith("page"))
    most = max(function.memory for function in wiring.functions.values())
    have = setup.settings(wiring.functions[page], folder).environment
    bounds = {"AWS_LAMBDA_FUNCTION_MEMORY_SIZE": str(most), "FANFOLD_CHILD_SECONDS": "600"}
    return {**os.environ, **have, **bounds}  # there is no heavy lane to go on in


def plain(file: Path, pages: int, languages: str, folder: Path) -> float:
    """Draw the pages at 300 dpi, if they are a PDF's, and recognise them with one thread."""
    before = readers.children_cpu()
    if file.read_bytes()[:1024].find(b"%PDF") >= 0:
        draw = ["pdftoppm", "-r", "300", "-l", str(pages), str(file), str(folder / "page")]
        subprocess.run(draw, check=False, capture_output=True)
    drawn = sorted(map(str, folder.glob("page*.ppm"))) or [str(file)]
    single = {**os.environ, "OMP_THREAD_LIMIT": "1"}
    for picture in drawn:
        recognise = ["tesseract", picture, "-", "-l", languages]
        subprocess.run(recognise, env=single, check=False, capture_output=True)
    return readers.children_cpu() - before


def their_cost(program: Path, file: Path, pages: int, languages: str, folder: Path) -> float | None:
    """Have OCRmyPDF make the pages searchable; None where it refuses the file."""
    wish = (*ocrmypdf.OPTIONS, "-l", languages, "--pages", f"1-{pages}", "--image-dpi", "200")
    try:
        return run(str(program), *wish, str(file), str(folder / "theirs.pdf"))
    except subprocess.CalledProcessError:
        return None


@contextmanager
def service() -> Iterator[tuple[str, psutil.Process]]:
    """Run a service on a folder of its own; give its address and its process."""
    with (
        tempfile.TemporaryDirectory(prefix="fanfold-") as folder,
        started("up", "--data", folder, "--port", "0") as running,
    ):
        yield running


@contextmanager
def started(*command: str) -> Iterator[tuple[str, psutil.Process]]:
    """Run a service of the command line; give its address and its process."""
    with subprocess.Popen((*_FANFOLD, *command), stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout
            lines = iter(process.stdout.readline, "")
            url = next(filter(None, (re.search(r"API +(http\S+)", line) for line in lines)))[1]
            yield url, psutil.Process(process.pid)
        finally:
            process.terminate()


def used(process: psutil.Process) -> float:
    """Return the CPU seconds of a process and of all below it, those that have ended included."""
    return sum(sum(one.cpu_times()[:4]) for one in (process, *process.children(recursive=True)))


if __name__ == "__main__":
    main()
