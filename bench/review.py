"""Say whether the pages that are listed for review really are the worse ones.

    python -m bench.review CORPUS SCORER [--sets sroie,funsd] [--languages eng]
        [--for tapuscorpus=fra --for cis-german=Fraktur] [--tessdata FOLDER]

CORPUS and SCORER as for ``bench.engine``. A page's error is 1 - F1 of its words, in any order and
case: 0 for all words and no other. Prints for each set the error of the pages listed and of the
others, then how well the share of doubtful words and the page's confidence order pages by their
error, then which threshold each set's *other* sets would choose, and how often words of a
confidence are right.
"""

from __future__ import annotations

import argparse
import json
import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby, pairwise
from pathlib import Path
from statistics import correlation, fmean
from typing import Any

from bench import readers, scoring
from bench.readers import House, Read
from fanfold import settings
from fanfold.model import Page
from fanfold.ocr.passes.review import DOUBTFUL_WORD, TOO_MANY

BAD = 0.15
"""Minimum error of a badly read page: about one word in seven."""

_WORD = re.compile(r"\w+")
_BINS = (0, 30, 60, 75, 85, 90, 95, 101)


@dataclass(frozen=True, slots=True)
class Judged:
    """A page and how far it is from the truth; ``right`` says of each word whether it is there."""

    set: str
    page: Page
    error: float
    right: tuple[bool, ...]

    @property
    def doubtful(self) -> float:
        """The share of doubtful words, which decides on the review."""
        words = self.page.words
        return sum(word.confidence < DOUBTFUL_WORD for word in words) / len(words)


def main() -> None:
    """Read the arguments, run and print."""
    options = _options()
    languages = dict(one.split("=") for one in options.own)
    items = json.loads((options.corpus / "manifest.json").read_text(encoding="utf-8"))["items"]
    wanted = options.sets.split(",") if options.sets else {item["corpus"] for item in items}
    scorer = scoring.load(options.scorer)
    engine = replace(settings.load().engine, tessdata=options.tessdata)
    with readers.house(readers.roomy(engine)) as house:
        judged = [
            one
            for item in items
            if item["corpus"] in wanted
            for one in _judge(
                item["corpus"],
                _read(house, options.corpus / item["file"], scorer, options.corpus,
                      languages.get(item["corpus"], options.languages)),
            )
        ]  # fmt: skip
    _tell(judged)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("corpus", type=Path)
    parser.add_argument("scorer", type=Path)
    parser.add_argument("--sets", help="names, joined by commas; all with truth by default")
    parser.add_argument("--languages", default="eng")
    parser.add_argument("--for", dest="own", action="append", default=[], metavar="SET=LANGUAGES")
    parser.add_argument("--tessdata", type=Path, help="folder of the languages' data")
    return parser.parse_args()


def _read(
    house: House,
    file: Path,
    scorer: Any,  # noqa: ANN401
    corpus: Path,
    languages: str,
) -> Iterator[tuple[str, Read]]:
    """Yield truth, folded, and reading of every page whose own truth is known."""
    paged = file.with_name(file.name + ".gt.json")
    if paged.exists():
        texts = [str(page["text"]) for page in json.loads(paged.read_text(encoding="utf-8"))]
    else:
        text = scorer.truth_of({"file": str(file.relative_to(corpus))}, corpus)
        texts = [] if text is None else [text]
    pages = house.pages(file) if texts else []
    if len(pages) == len(texts):
        for text, page in zip(texts, pages, strict=True):
            yield str(scorer.fold(text)), house.read(page, languages)


def _judge(name: str, pairs: Iterable[tuple[str, Read]]) -> Iterator[Judged]:
    for truth, read in pairs:
        if read.page is not None and read.page.words and read.page.source != "native":
            want, have = _bag(truth), _bag(read.text)
            shared = (want & have).total()
            error = 1 - 2 * shared / max(1, want.total() + have.total())
            right = tuple(all(w in want for w in _bag(one.text)) for one in read.page.words)
            yield Judged(name, read.page, error, right)


def _bag(text: str) -> Counter[str]:
    return Counter(_WORD.findall(text.lower()))


def _tell(judged: Sequence[Judged]) -> None:
    print(f"{'set':20}{'pages':>6}{'review':>8}{'their error':>13}{'the others':>12}")
    for name, group in groupby(judged, key=lambda one: one.set):
        _line(name, list(group))
    _line("all", judged)
    bad = [one for one in judged if one.error > BAD]
    found = sum(bool(one.page.review) for one in bad)
    print(f"\nread badly (error above {BAD}): {len(bad)} pages, {found} of them listed")
    for name, measure in _MEASURES.items():
        order, area = _rank_correlation(judged, measure), _area(judged, measure)
        print(f"{name:32} rank correlation with the error {order:.3f}, AUC {area:.3f}")
    names = sorted({one.set for one in judged})
    chosen = [_best_threshold([one for one in judged if one.set != name]) for name in names]
    print(f"thresholds that the sets without one would choose: {min(chosen):.2f} to "
          f"{max(chosen):.2f}; used: {TOO_MANY}")  # fmt: skip
    _tell_words(judged)


def _line(name: str, judged: Sequence[Judged]) -> None:
    listed = [one.error for one in judged if one.page.review]
    others = [one.error for one in judged if not one.page.review]
    told = [f"{fmean(errors):.3f}" if errors else "-" for errors in (listed, others)]
    print(f"{name:20}{len(judged):>6}{len(listed):>8}{told[0]:>13}{told[1]:>12}")


def _tell_words(judged: Sequence[Judged]) -> None:
    told = [
        (word.confidence, right)
        for one in judged
        for word, right in zip(one.page.words, one.right, strict=True)
    ]
    print("\nconfidence      words   right")
    for low, high in pairwise(_BINS):
        within = [right for confidence, right in told if low <= confidence < high]
        if within:
            print(f"{low:>3} to {high:<6}{len(within):>8}{fmean(within):>8.2f}")


Measure = Callable[[Judged], float]
_MEASURES: dict[str, Measure] = {
    "share of doubtful words": lambda one: one.doubtful,
    "100 - confidence of the page": lambda one: 100 - one.page.confidence,
}


def _rank_correlation(judged: Sequence[Judged], measure: Measure) -> float:
    """Return Spearman's rank correlation of a measure with the error."""
    return correlation(
        _ranks([measure(one) for one in judged]), _ranks([one.error for one in judged])
    )


def _ranks(values: Sequence[float]) -> list[float]:
    """Return each value's rank; equal ones share the mean of theirs."""
    ordered = sorted(values)
    return [(bisect_left(ordered, v) + bisect_right(ordered, v)) / 2 for v in values]


def _area(judged: Sequence[Judged], measure: Measure) -> float:
    """Return how probably a badly read page measures worse than another (area under ROC)."""
    bad = [measure(one) for one in judged if one.error > BAD]
    good = [measure(one) for one in judged if one.error <= BAD]
    wins = sum((b > g) + (b == g) / 2 for b in bad for g in good)
    return wins / max(1, len(bad) * len(good))


def _best_threshold(judged: Sequence[Judged]) -> float:
    """Return the share of doubtful words that best parts bad pages from good ones (Youden's J)."""
    bad = [one.doubtful for one in judged if one.error > BAD]
    good = [one.doubtful for one in judged if one.error <= BAD]

    def gain(threshold: float) -> float:
        hits = sum(share >= threshold for share in bad) / max(1, len(bad))
        return hits - sum(share >= threshold for share in good) / max(1, len(good))

    return max((one.doubtful for one in judged), key=gain)


if __name__ == "__main__":
    main()
