"""What each pass buys: read pages with it and without it, and compare both with the truth.

    python -m bench.passes CORPUS SCORER [--sets sroie,funsd] [--pages 3] [--only cells,columns]

CORPUS and SCORER as for ``bench.engine``. Each page is read once in full, and once more without
each pass that acted on it. Prints for each pass and set on how many pages it acted, how many words
are there for it and how many of these the truth has, how many are gone for it and how many of
those the truth has, what it changes of CER, recall and F1, and its share of the set's CPU time.
Words are compared without order and case; a word counts as the truth's as often as that has it.
"""

from __future__ import annotations

import argparse
import json
import os
from collections import Counter
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from bench import readers, scoring
from bench.engine import truth_of
from bench.readers import House, Read
from bench.scoring import Score
from fanfold import settings
from fanfold.ocr.isolation.engine import installed_languages
from fanfold.ocr.passes import leaving_out

_BLACKLETTER = "Fraktur"


@dataclass(slots=True)
class Effect:
    """Sums over the files that a pass acted in: words, and scores ``with_`` it and ``bare``."""

    pages: int = 0
    added: Counter[str] = field(default_factory=Counter)
    added_right: int = 0
    removed: Counter[str] = field(default_factory=Counter)
    removed_right: int = 0
    with_: Score = field(default_factory=Score)
    bare: Score = field(default_factory=Score)


def main() -> None:
    """Read the arguments, run and print."""
    options = _options()
    items = json.loads((options.corpus / "manifest.json").read_text(encoding="utf-8"))["items"]
    sets = options.sets.split(",") if options.sets else list({i["corpus"]: None for i in items})
    engine = replace(settings.load().engine, memory_bytes=320 * 2**20)
    installed = installed_languages(engine)
    scorer = scoring.load(options.scorer)
    print(
        f"{'set':18}{'pass':16}{'pages':>6}{'added':>7}{'right':>7}{'gone':>6}{'right':>7}"
        f"{'CER':>9}{'recall':>8}{'F1':>8}{'CPU':>7}"
    )
    with readers.house(engine) as house:
        for name in sets:
            files = [item for item in items if item["corpus"] == name]
            run = _Run(scorer, house, options.corpus, name, options.pages, options.only)
            run.measure(files, installed)
            run.tell()
    print(f"load average {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("corpus", type=Path)
    parser.add_argument("scorer", type=Path)
    parser.add_argument("--sets", help="names, joined by commas; all by default")
    parser.add_argument("--pages", type=int, help="at most so many pages of a file")
    parser.add_argument(
        "--only", type=readers.named, default=leaving_out.OPTIONAL, help="joined by commas"
    )
    return parser.parse_args()


@dataclass(slots=True)
class _Run:
    """One set being measured."""

    scorer: Any
    house: House
    corpus: Path
    name: str
    pages: int | None
    only: tuple[str, ...]
    effects: dict[str, Effect] = field(default_factory=dict)
    whole: Score = field(default_factory=Score)

    def measure(self, items: list[dict[str, Any]], installed: tuple[str, ...]) -> None:
        for item in items:
            file = self.corpus / item["file"]
            pages = self.house.pages(file, self.pages)
            truth = truth_of(self.scorer, file, self.corpus, len(pages))
            if truth is not None:
                self._file(pages, self._folded(truth), languages_of(item, installed))

    def _file(self, pages: list[Path], truth: str, languages: str) -> None:
        full = [self.house.read(page, languages) for page in pages]
        self._add(self.whole, truth, full)
        acted = {name for read in full for name in _acted(read)} & set(self.only)
        for name in sorted(acted):
            bare = [
                self.house.lacking(name).read(page, languages) if name in _acted(read) else read
                for page, read in zip(pages, full, strict=True)
            ]
            effect = self.effects.setdefault(name, Effect())
            effect.pages += sum(name in _acted(read) for read in full)
            self._add(effect.with_, truth, full)
            self._add(effect.bare, truth, bare)
            self._compare(effect, truth, full, bare)

    def _compare(self, effect: Effect, truth: str, full: list[Read], bare: list[Read]) -> None:
        want, have, had = (
            Counter(scoring.WORD.findall(text.lower()))
            for text in (truth, self._text(full), self._text(bare))
        )
        effect.added += have - had
        effect.removed += had - have
        effect.added_right += ((have & want) - (had & want)).total()
        effect.removed_right += ((had & want) - (have & want)).total()

    def _add(self, score: Score, truth: str, read: list[Read]) -> None:
        score.add(truth, self._text(read), len(read), sum(one.cpu for one in read))

    def _text(self, read: list[Read]) -> str:
        return self._folded("\f".join(one.text for one in read))

    def _folded(self, text: str) -> str:
        return scoring.folded(self.scorer, self.name, text)

    def tell(self) -> None:
        """Print a line for each pass that acted."""
        for name in (one for one in leaving_out.OPTIONAL if one in self.effects):
            effect = self.effects[name]
            ours, bare = effect.with_, effect.bare
            characters = max(1, self.whole.characters)
            cer = (ours.edits - bare.edits) / characters
            recall = (ours.shared - bare.shared) / max(1, self.whole.wanted)
            spent = (ours.cpu - bare.cpu) / max(0.01, self.whole.cpu)
            print(
                f"{self.name:18}{name:16}{effect.pages:>6}{effect.added.total():>7}"
                f"{effect.added_right:>7}{effect.removed.total():>6}{effect.removed_right:>7}"
                f"{cer:>+9.4f}{recall:>+8.3f}{self._f1(ours, bare):>+8.3f}{spent:>+7.1%}",
                flush=True,
            )

    def _f1(self, ours: Score, bare: Score) -> float:
        """Return by how much the whole set's F1 is above what it would be without the pass."""
        without = replace(
            self.whole,
            shared=self.whole.shared - ours.shared + bare.shared,
            had=self.whole.had - ours.had + bare.had,
        )
        return self.whole.f1 - without.f1


def _acted(read: Read) -> set[str]:
    """Return the names of the passes that acted on a page: they were timed."""
    return set(read.page.timings) & set(leaving_out.OPTIONAL) if read.page else set()


def languages_of(item: dict[str, Any], installed: tuple[str, ...]) -> str:
    """Return the language of a document, as tesseract names it, if it is installed."""
    told = str(item["language"])
    wanted = _BLACKLETTER if _BLACKLETTER in told else told
    return wanted if wanted in installed else "eng"


if __name__ == "__main__":
    main()
