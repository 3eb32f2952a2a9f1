"""Say what ``auto`` costs and what it gets right, against the right language given.

    python -m bench.languages CORPUS SCORER --tessdata FOLDER [--pages 3]
        [--installed eng+deu+fra+ita+por+spa+Fraktur] [--sets old-books,tapuscorpus=fra]

Sets of CORPUS, each with its language (``eng`` without one), and pages of our own in the languages
that are installed. Prints for each: CER and CPU seconds per page with the language given and with
``auto``, the ratio of both, and what was chosen. CORPUS and SCORER as for ``bench.engine``.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bench import readers, scoring
from bench.readers import House
from bench.scoring import Score
from fanfold.model import AUTO_LANGUAGES
from fanfold.settings import WHEEL, Engine
from tests.data import letters

_SETS = "old-books,scribe-bench,sroie,funsd,derived,tapuscorpus=fra,cis-german=Fraktur"
_INSTALLED = "eng+deu+fra+ita+por+spa+Fraktur"


@dataclass(slots=True)
class Line:
    """What became of a set's pages with the language given, and with auto."""

    given: Score = field(default_factory=Score)
    auto: Score = field(default_factory=Score)
    chosen: Counter[str] = field(default_factory=Counter)


def main() -> None:
    """Read the arguments, run and print."""
    options = _options()
    scorer = scoring.load(options.scorer)
    installed = tuple(options.installed.split("+"))
    print(f"{'set':22}{'pages':>6}{'CER given':>11}{'auto':>9}{'ratio':>7}{'CPU given':>11}"
          f"{'auto':>7}{'ratio':>7}  chosen")  # fmt: skip
    engine = Engine(tessdata=options.tessdata, library=WHEEL, languages=installed)
    with readers.house(engine) as house:
        lines = []
        for one in filter(None, options.sets.split(",")):
            name, _, language = one.partition("=")
            files = _files(options.corpus, name, scorer)
            lines.append(_tell(name, language or "eng", files, house, scorer, options.pages))
        _print_all(lines)
        with tempfile.TemporaryDirectory() as folder:
            for language in (one for one in letters.TEXTS if one in installed):
                page = letters.page(language, Path(folder) / f"{language}.png")
                truth = [" ".join([letters.TEXTS[language]] * 3)]
                _tell(f"ours, {language}", language, [(page, truth)], house, scorer, None)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("corpus", type=Path)
    parser.add_argument("scorer", type=Path)
    parser.add_argument("--tessdata", type=Path, required=True)
    parser.add_argument("--sets", default=_SETS)
    parser.add_argument("--installed", default=_INSTALLED)
    parser.add_argument("--pages", type=int, help="at most so many pages of a file")
    return parser.parse_args()


def _files(
    corpus: Path,
    name: str,
    scorer: Any,  # noqa: ANN401
) -> Iterator[tuple[Path, list[str]]]:
    """Yield the files of a set with the truth of their pages, or of the whole."""
    items = json.loads((corpus / "manifest.json").read_text(encoding="utf-8"))["items"]
    for item in items:
        file = corpus / item["file"]
        paged = file.with_name(file.name + ".gt.json")
        if item["corpus"] != name:
            continue
        if paged.exists():
            yield file, [page["text"] for page in json.loads(paged.read_text(encoding="utf-8"))]
        elif (text := scorer.truth_of(item, corpus)) is not None:
            yield file, [text]


def _tell(
    name: str,
    language: str,
    files: Iterator[tuple[Path, list[str]]] | list[tuple[Path, list[str]]],
    house: House,
    scorer: Any,  # noqa: ANN401
    most: int | None,
) -> Line:
    line = Line()
    for file, texts in files:
        pages = house.pages(file, most)
        if not pages:  # of a kind that is refused
            continue
        truth = scorer.fold("\n\n".join(texts[: len(pages)] if len(texts) > 1 else texts))
        for score, wanted in ((line.given, language), (line.auto, AUTO_LANGUAGES)):
            house.read(pages[0], wanted)  # models are loaded before they are timed
            read = [house.read(page, wanted) for page in pages]
            text = scorer.fold("\f".join(one.text for one in read))
            score.add(truth.lower(), text.lower(), len(read), sum(one.cpu for one in read))
            if wanted == AUTO_LANGUAGES:
                line.chosen.update(one.page.languages for one in read if one.page)
    _print(name, line)
    return line


def _print_all(lines: list[Line]) -> None:
    pages = sum(line.given.pages for line in lines)
    given, auto = (
        sum(score.cpu for score in scores) / max(1, pages)
        for scores in ([line.given for line in lines], [line.auto for line in lines])
    )
    print(f"{'all of these':22}{pages:>6}{'':27}{given:>11.2f}{auto:>7.2f}{auto / given:>7.2f}")


def _print(name: str, line: Line) -> None:
    given, auto = line.given, line.auto
    chosen = ", ".join(f"{name or '-'} {count}" for name, count in line.chosen.most_common())
    print(
        f"{name:22}{given.pages:>6}{given.cer:>11.4f}{auto.cer:>9.4f}"
        f"{(auto.cer + 1e-6) / (given.cer + 1e-6):>7.2f}"
        f"{given.cpu_page:>11.2f}{auto.cpu_page:>7.2f}"
        f"{auto.cpu_page / max(given.cpu_page, 1e-6):>7.2f}  {chosen}",
        flush=True,
    )


if __name__ == "__main__":
    main()
