"""Write a long document in every format; print memory, processor time and size.

    python -m bench.formats [--pages 2000]

Each format is written by a process of its own, once with a tenth of the pages and once with all:
peak memory that is flat does not grow between the two. Pages have headings, paragraphs, a list and
a table, some 300 words; each hundredth failed. The searchable PDF is grafted onto as many blank
pages.
"""

from __future__ import annotations

import argparse
import multiprocessing
import re
import resource
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pikepdf

from fanfold import keys
from fanfold.formats import bundle, registry, series
from fanfold.formats.outcome import FailedPage, Outcome
from fanfold.formats.searchable import graft, layer_write
from fanfold.geometry import Turn
from fanfold.model import (
    Block,
    BlockKind,
    Box,
    Cell,
    Document,
    Line,
    Options,
    Output,
    Page,
    Reason,
    Source,
    State,
    Table,
    Word,
)

_WIDTH, _HEIGHT = 595.0, 842.0
_TEXT = "the ledger of a small harbour lists every ship that came in before winter"
_WORDS = _TEXT.split()


def main() -> None:
    """Write each format twice and print a line for it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=int, default=2_000)
    pages: int = parser.parse_args().pages
    print(f"{'format':9} MB at {pages // 10} pages   at {pages}   CPU s   MB of file")
    for output in Output:
        few, _, _ = _measured(output, pages // 10)
        many, seconds, size = _measured(output, pages)
        print(f"{output:9} {few:11.0f} {many:16.0f} {seconds:9.1f} {size:10.1f}", flush=True)


def _measured(output: Output, pages: int) -> tuple[float, float, float]:
    """Return peak memory in MB, seconds of processor time, and the file's size in MB."""
    context = multiprocessing.get_context("spawn")
    with tempfile.TemporaryDirectory() as folder:
        if output is Output.PDF:
            _prepare(Path(folder), pages)
        with context.Pool(1) as own:
            return own.apply(_write, (Path(folder), output, pages))


def _write(folder: Path, output: Output, pages: int) -> tuple[float, float, float]:
    path = folder / keys.RESULT_FILES[output]
    before = resource.getrusage(resource.RUSAGE_SELF)
    if output is Output.PDF:
        layers = {str(n): str(folder / f"layer-{n}.pdf") for n in range(1, pages + 1)}
        graft.graft(str(folder / "base.pdf"), layers, str(path))
    elif output is Output.ZIP:
        _written([Output.TEXT, Output.JSON], folder, pages)
        files = [folder / keys.RESULT_FILES[one] for one in (Output.TEXT, Output.JSON)]
        bundle.pack(files, path)
    else:
        _written([output], folder, pages)
    after = resource.getrusage(resource.RUSAGE_SELF)
    seconds = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return _peak(), seconds, path.stat().st_size / 1e6


def _peak() -> float:
    """Return the peak memory of this process in MB; getrusage also counts who started it."""
    status = Path("/proc/self/status").read_text()
    return int(re.findall(r"VmHWM:\s+(\d+) kB", status)[0]) / 1024


def _written(outputs: list[Output], folder: Path, pages: int) -> None:
    known = registry.series(_document(pages, tuple(outputs)), {}, {})
    files = {folder / keys.RESULT_FILES[output]: one for output, one in known.items()}
    series.write(files, _outcomes(pages))
    series.finish(files)


def _outcomes(pages: int) -> Iterator[Outcome]:
    for number in range(1, pages + 1):
        if number % 100 == 0:
            yield FailedPage(number, Reason("TIMEOUT", "The page took longer than it may.", True))
        else:
            yield _page(number)


def _document(pages: int, outputs: tuple[Output, ...]) -> Document:
    return Document(
        id="d", tenant="default", state=State.PARTIAL, name="long.pdf", created_at=0, updated_at=0,
        options=Options(outputs=outputs), document_pages=pages, pages_total=pages,
        selection=f"1-{pages}", pages_done=pages - pages // 100, pages_failed=pages // 100,
    )  # fmt: skip


def _page(number: int) -> Page:
    heading = replace(_block(50, 1, 3), kind=BlockKind.HEADING, level=1)
    item = replace(_block(600, 1, 6), kind=BlockKind.LIST_ITEM, level=1)
    blocks = (heading, _block(80, 12, 10), _block(300, 12, 10), item, _table(650))
    return Page(
        number, _WIDTH, _HEIGHT, Source.OCR, "no text layer", blocks, dpi=200, languages="eng"
    )


def _block(top: float, lines: int, words: int) -> Block:
    made = tuple(_line(top + 14 * n, words) for n in range(lines))
    return Block(made, Box.around(line.box for line in made))


def _line(top: float, words: int) -> Line:
    made = tuple(
        Word(
            _WORDS[(n + int(top)) % len(_WORDS)], Box(50 + 48 * n, top, 90 + 48 * n, top + 10), 91.5
        )
        for n in range(words)
    )
    return Line(made, Box.around(word.box for word in made))


def _table(top: float) -> Block:
    lines = tuple(_line(top + 14 * n, 5) for n in range(8))
    cells = tuple(
        Cell(row, column, word.box.grown(2), word.text)
        for row, line in enumerate(lines)
        for column, word in enumerate(line.words)
    )
    return Block(lines, Box.around(line.box for line in lines), Table(8, 5, cells))


def _prepare(folder: Path, pages: int) -> None:
    """Write blank pages, and an invisible layer for each."""
    with pikepdf.Pdf.new() as pdf:
        for _ in range(pages):
            pdf.add_blank_page(page_size=(_WIDTH, _HEIGHT))
        pdf.save(folder / "base.pdf")
    layer = folder / "layer-1.pdf"
    layer_write.write(layer, _page(1).blocks, Turn.none((round(_WIDTH), round(_HEIGHT))), 1.0)
    for number in range(2, pages + 1):
        (folder / f"layer-{number}.pdf").write_bytes(layer.read_bytes())


if __name__ == "__main__":
    main()
