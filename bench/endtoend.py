"""What a document costs from end to end, beside plain tesseract and OCRmyPDF, in one run.

    python -m bench.endtoend FILE… [--pages N] [--languages eng] [--without-ocrmypdf]

CPU seconds of all processes, the client's included, to a text (ours: to text, Markdown, JSON and a
searchable PDF): by `fanfold extract` alone, by a service that is asked by the same command, by
``pdftoppm -r 300 | tesseract``, and by OCRmyPDF. ``engine`` is what the children took that read the
pages, as the results say it; ``above`` is what the cheaper of our two ways took besides. The tools
are those that `fanfold doctor` names. Limits, of what is above: .06 of the plain way for documents
of ten pages and more, .25 CPU seconds for one page.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil

from bench import ocrmypdf, readers

_FANFOLD = (sys.executable, "-m", "cli")
_MANY = 10
_SHARE_ABOVE, _SECONDS_ABOVE = 0.06, 0.25


@dataclass(frozen=True, slots=True)
class Costs:
    """CPU seconds of one document; ``theirs`` None where OCRmyPDF was not asked or failed."""

    pages: int
    plain: float
    engine: float
    extract: float
    served: float
    theirs: float | None

    @property
    def above(self) -> float:
        """What our cheaper way took besides reading the pages."""
        return min(self.extract, self.served) - self.engine

    @property
    def limit(self) -> float | None:
        """The maximum of ``above``; None for documents that no limit was set for."""
        if self.pages >= _MANY:
            return _SHARE_ABOVE * self.plain
        return _SECONDS_ABOVE if self.pages == 1 else None


def main() -> None:
    """Measure every file, print, and exit with 1 where a limit is exceeded."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("files", type=Path, nargs="+", metavar="FILE")
    parser.add_argument("--pages", type=int, default=1000, help="at most so many, from the first")
    parser.add_argument("--languages", default="eng")
    parser.add_argument("--without-ocrmypdf", action="store_true")
    options = parser.parse_args()
    theirs = None if options.without_ocrmypdf else ocrmypdf.installed()
    print(f"{'':28}{'pages':>6}{'plain':>8}{'engine':>8}{'extract':>8}{'served':>8}"
          f"{'OCRmyPDF':>9}{'× plain':>8}{'above':>7}{'limit':>7}")  # fmt: skip
    over = False
    with service() as (url, process):
        for file in options.files:
            costs = measured(file, options.pages, options.languages, (url, process), theirs)
            over |= costs.limit is not None and costs.above > costs.limit
            print(line(file, costs), flush=True)
    print(f"load average {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
    sys.exit(over)


def line(file: Path, costs: Costs) -> str:
    """Return the row of one document."""
    ours = min(costs.extract, costs.served)
    theirs = f"{costs.theirs:9.2f}" if costs.theirs is not None else f"{'-':>9}"
    limit = f"{costs.limit:7.2f}" if costs.limit is not None else f"{'-':>7}"
    return (
        f"{file.name[:27]:28}{costs.pages:6}{costs.plain:8.2f}{costs.engine:8.2f}"
        f"{costs.extract:8.2f}{costs.served:8.2f}{theirs}{ours / costs.plain:8.2f}"
        f"{costs.above:7.2f}{limit}"
    )


def measured(
    file: Path, most: int, languages: str, at: tuple[str, psutil.Process], theirs: Path | None
) -> Costs:
    """Read one document in every way."""
    wish = ["--pages", f"1-{most}", "--lang", languages]
    with tempfile.TemporaryDirectory(prefix="fanfold-") as folder:
        out = Path(folder)
        command = (*_FANFOLD, "extract", str(file), *wish, "-o")
        extract = run(*command, str(out / "alone"), "--no-service")
        url, process = at
        before = used(process)
        served = run(*command, str(out / "served"), "--endpoint", url) + used(process) - before
        found = json.loads(next((out / "alone").glob("*.json")).read_text("utf-8"))
        pages = len(found["pages"])
        return Costs(
            pages=pages,
            plain=plain(file, pages, languages, out),
            engine=sum(page.get("timings", {}).get("cpu", 0) for page in found["pages"]) / 1000,
            extract=extract,
            served=served,
            theirs=their_cost(theirs, file, pages, languages, out) if theirs else None,
        )


def run(*command: str) -> float:
    """Run a command and return the CPU seconds of all its processes."""
    before = readers.children_cpu()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return readers.children_cpu() - before


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
    with tempfile.TemporaryDirectory(prefix="fanfold-") as folder:
        command = (*_FANFOLD, "up", "--data", folder, "--port", "0")
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
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
