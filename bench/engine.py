"""Score the page engine against ``pdftoppm -r 300 | tesseract`` on documents with truth.

    python -m bench.engine CORPUS SCORER [--sets old-books,sroie] [--pages 5] [--turn 90,-7]

CORPUS is a folder with a manifest.json; SCORER the module whose folding of texts is used. Prints
a line per set for both, and their ratio of CPU time; how many pages were read by whom ("nobody"
recognised those with a text layer), and the CPU seconds of each; of documents whose registration
number and names the corpus names, whether these are in the text. FANFOLD_LIBTESSERACT,
FANFOLD_TESSERACT and FANFOLD_POPPLER choose the engine, as for the service. ``--turn`` reads copies
of the pages that are turned clockwise by so many degrees (drawn at 300 dpi) beside the upright
ones, ``skew`` each by another angle of 2 to 15 degrees either way (``--turn 0,90,180,270,skew``);
``--recognised`` reads them once more as if they had no text layer. ``--without`` leaves out passes
and steps of the structure, by the names that ``bench.passes`` prints.
"""

from __future__ import annotations

import argparse
import json
import os
import tempfile
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random
from statistics import fmean
from typing import Any

from PIL import Image

from bench import fields, readers, scoring
from bench.readers import House, Read
from bench.scoring import Score
from fanfold import settings
from fanfold.model import Mode, Readers
from fanfold.ocr.layer import sheet
from fanfold.ocr.picture import render

UPRIGHT, SKEW = "0", "skew"

_SKEWED = (2.0, 15.0)
"""Degrees, either way, by which ``skew`` turns a page."""

_SLOPE, _OFFSET = 1.5, 0.005
"""How much worse than the upright page a turned one may be read."""

_DRAWN_DPI = 300

_SECONDS = 600.0
"""Seconds that a page may take: a busy machine takes as many looks at it as a quiet one."""


@dataclass(frozen=True, slots=True)
class Run:
    """What is asked for; ``verbose`` prints every page. ``fields`` are named for some files."""

    scorer: Any
    house: House
    fields: Mapping[Path, Mapping[str, str]]
    languages: str
    pages: int | None
    baseline: bool
    recognised: bool
    verbose: bool
    random: Random
    engine: Readers


def main() -> None:
    """Read the arguments, run and print."""
    options = _options()
    items = json.loads((options.corpus / "manifest.json").read_text(encoding="utf-8"))["items"]
    sets = options.sets.split(",") if options.sets else list({i["corpus"]: None for i in items})
    print(f"seed {options.seed}")
    print(f"{'set':26}{'pages':>6}{'CER':>9}{'recall':>8}{'prec':>8}{'cpu/page':>10}")
    engine = readers.without(
        replace(settings.load().engine, memory_bytes=options.memory * 2**20, seconds=_SECONDS),
        options.without,
    )
    with readers.house(engine) as house:
        run = Run(
            scoring.load(options.scorer),
            house,
            {options.corpus / i["file"]: fields.printed(i.get("gt_fields", {})) for i in items},
            options.languages,
            options.pages,
            not options.no_baseline,
            options.recognised,
            options.verbose,
            Random(options.seed),
            options.engine,
        )
        for name in sets:
            files = [options.corpus / item["file"] for item in items if item["corpus"] == name]
            upright: Score | None = None
            for turn in options.turn.split(","):
                score = score_set(run, name, files, options.corpus, turn)
                upright = upright or (score if turn == UPRIGHT else None)
                if upright and turn != UPRIGHT:
                    most = _SLOPE * upright.cer + _OFFSET
                    print(f"  wanted: CER of at most {most:.4f}", flush=True)
    print(f"load average {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("corpus", type=Path)
    parser.add_argument("scorer", type=Path)
    parser.add_argument("--sets", help="names, joined by commas; all by default")
    parser.add_argument("--pages", type=int, help="at most so many pages of a file")
    parser.add_argument("--turn", default=UPRIGHT, help="degrees clockwise, joined by commas")
    parser.add_argument("--seed", type=int, default=time.time_ns() % 10_000, help="for skew")
    parser.add_argument("--languages", default="eng")
    parser.add_argument("--memory", type=int, default=320, help="megabytes of the function")
    parser.add_argument(
        "--without", type=readers.named, default=(), metavar="NAME,…", help="leave out passes"
    )
    parser.add_argument("--engine", type=Readers, default=Readers.AUTO, help="who recognises")
    parser.add_argument("--no-baseline", action="store_true")
    parser.add_argument(
        "--recognised", action="store_true", help="read again, whatever text layer there is"
    )
    parser.add_argument("--verbose", action="store_true", help="say what became of each page")
    return parser.parse_args()


def score_set(run: Run, name: str, files: list[Path], corpus: Path, turn: str) -> Score:
    """Read the files of a set with both, print a line for each and return ours."""
    ours, plain, recognised = Score(), Score(), Score()
    who: dict[str, list[float]] = {}
    for file in files:
        pages = run.house.pages(file, run.pages)
        truth = truth_of(run.scorer, file, corpus, len(pages))
        named = run.fields[file]
        if truth is None and not named and not run.verbose:
            continue
        with tempfile.TemporaryDirectory() as folder:
            turned = pages if turn == UPRIGHT else list(_turned(run, pages, turn, Path(folder)))
            read = [run.house.read(page, run.languages, engine=run.engine) for page in turned]
            _add(ours, run, name, truth, read)
            _tally(who, read)
            for line in fields.tell(named, *_texts(read)):
                print(f"    {file.name[:40]:40} {line}", flush=True)
            if run.verbose:
                _tell(file, read, truth, run, name)
            if run.recognised:
                again = [
                    run.house.read(page, run.languages, Mode.OCR, run.engine) for page in turned
                ]
                _add(recognised, run, name, truth, again)
            if run.baseline and turn == UPRIGHT:
                _add(plain, run, name, truth, [readers.plain(p, run.languages) for p in turned])
    _line(name if turn == UPRIGHT else f"{name} turned by {turn}", ours)
    _tell_who(who)
    for label, other in (("  all recognised", recognised), ("  plain tesseract", plain)):
        if other.pages:
            _line(label, other)
            print(f"  ratio of CPU time {ours.cpu_page / other.cpu_page:.3f}", flush=True)
    return ours


def truth_of(scorer: Any, file: Path, corpus: Path, pages: int) -> str | None:  # noqa: ANN401
    """Return what the first ``pages`` pages of a file say; None where nobody knows."""
    paged = file.with_name(file.name + ".gt.json")
    if paged.exists():
        texts = [page["text"] for page in json.loads(paged.read_text(encoding="utf-8"))]
        return "\n\n".join(texts[:pages])
    text = scorer.truth_of({"file": str(file.relative_to(corpus))}, corpus)
    return None if text is None else str(text)


def _tally(who: dict[str, list[float]], read: list[Read]) -> None:
    """Add the CPU seconds of pages to those of who has read them."""
    for one in read:
        who.setdefault(_reader(one), []).append(one.cpu)


def _tell_who(who: Mapping[str, list[float]]) -> None:
    for reader, spent in sorted(who.items()):
        print(f"  {reader:24}{len(spent):>6}{fmean(spent):>35.2f}", flush=True)


def _reader(read: Read) -> str:
    """Return who has read a page, as a line of the table is called."""
    if read.page is None:
        return read.error
    return "+".join(read.page.readers) or ("nobody" if read.page.dpi == 0 else Readers.TESSERACT)


def _add(score: Score, run: Run, name: str, truth: str | None, read: list[Read]) -> None:
    if truth is not None:
        texts = (truth, "\f".join(one.text for one in read))
        want, have = (scoring.folded(run.scorer, name, text) for text in texts)
        score.add(want, have, len(read), sum(r.cpu for r in read))


def _turned(run: Run, pages: list[Path], turn: str, folder: Path) -> Iterator[Path]:
    """Yield one-page PDFs with pictures of the pages, turned clockwise."""
    for number, page in enumerate(pages):
        skewed = run.random.choice((-1, 1)) * run.random.uniform(*_SKEWED)
        angle = skewed if turn == SKEW else float(turn)
        drawing = render.draw(str(page), None, sheet.look(str(page)).sheet, _DRAWN_DPI, folder)
        with Image.open(drawing.path) as picture:
            lying = picture.rotate(
                -angle, expand=True, fillcolor=255, resample=Image.Resampling.BICUBIC
            )
        path = folder / f"{number}.png"
        lying.save(path, dpi=(_DRAWN_DPI, _DRAWN_DPI), compress_level=1)
        yield from run.house.pages(path)


def _texts(read: list[Read]) -> tuple[str, str]:
    """Return what pages say, and what their text layers say that were not taken for them."""
    text = "\n".join(one.text for one in read)
    return text, "\n".join(one.page.layer_text for one in read if one.page)


def _tell(file: Path, read: list[Read], truth: str | None, run: Run, name: str) -> None:
    """Print what became of each page, and the file's own score."""
    score = Score()
    _add(score, run, name, truth, read)
    tail = f" CER {score.cer:.4f} recall {score.recall:.3f}" if truth is not None else ""
    for one in read:
        page = one.page
        told = (
            f"{page.source} {page.reason!r} {page.dpi} dpi, {len(page.words)} words at "
            f"{page.confidence}, {page.timings}"
            if page
            else one.error
        )
        print(f"    {file.name[:40]:40} {one.cpu:5.2f} s {told}{tail}", flush=True)


def _line(name: str, score: Score) -> None:
    print(
        f"{name:26}{score.pages:>6}{score.cer:>9.4f}{score.recall:>8.3f}"
        f"{score.precision:>8.3f}{score.cpu_page:>10.2f}",
        flush=True,
    )


if __name__ == "__main__":
    main()
