"""Words of the truth that plain pdftotext or plain tesseract have, and the engine does not.

Where there are many, the page should be in review; whoever reads it would find them missing.
"""

from __future__ import annotations

import json
import subprocess
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench import readers, scoring
from bench.readers import House, Read

MANY, SHARE = 8, 0.06
"""Minimum of words that a witness has and we have not, and of their share of the truth's."""


@dataclass(frozen=True, slots=True)
class Testimony:
    """Pages whose truth is known together: how many of its words are missed, by witness."""

    name: str
    words: int
    missed: dict[str, int]
    review: bool
    told: str

    @property
    def silent(self) -> bool:
        """Whether many words are missing, and no page of these is in review."""
        most = max(self.missed.values())
        return most >= max(MANY, SHARE * self.words) and not self.review

    def __str__(self) -> str:
        counts = ", ".join(f"{name} has {count} more" for name, count in self.missed.items())
        return f"{self.name}: {self.words} words, {counts}; {self.told}"


def heard(house: House, corpus: Path, scorer: Any, most: int) -> Iterator[Testimony]:  # noqa: ANN401
    """Yield what the witnesses say on the first ``most`` pages of every file with a truth."""
    items = json.loads((corpus / "manifest.json").read_text(encoding="utf-8"))["items"]
    for item in items:
        file = corpus / item["file"]
        for number, (truth, pages) in enumerate(_truths(house, file, scorer, corpus, most), 1):
            fold = [scoring.folded(scorer, item["corpus"], truth)]
            read = [house.read(page, "eng") for page in pages]
            seen = {
                "pdftotext": "\f".join(map(_layer, pages)),
                "tesseract": "\f".join(readers.plain(page, "eng").text for page in pages),
            }
            texts = ["\f".join(one.text for one in read), *seen.values()]
            fold += [scoring.folded(scorer, item["corpus"], text) for text in texts]
            want, ours, *others = (Counter(scoring.WORD.findall(text.lower())) for text in fold)
            missed = [((want & other) - ours).total() for other in others]
            yield Testimony(
                f"{item['file']}#{number}",
                want.total(),
                dict(zip(seen, missed, strict=True)),
                any(_in_review(one) for one in read),
                _told(read),
            )


def _truths(
    house: House,
    file: Path,
    scorer: Any,  # noqa: ANN401
    corpus: Path,
    most: int,
) -> Iterator[tuple[str, list[Path]]]:
    """Yield truths and the pages that each is of: page by page if that is known."""
    paged = file.with_name(file.name + ".gt.json")
    if paged.exists():
        texts = [str(page["text"]) for page in json.loads(paged.read_text(encoding="utf-8"))]
        for text, page in zip(texts[:most], house.pages(file, most), strict=False):
            yield text, [page]
        return
    text = scorer.truth_of({"file": str(file.relative_to(corpus))}, corpus)
    if text is not None:
        yield str(text), house.pages(file)


def _layer(page: Path) -> str:
    done = subprocess.run(["pdftotext", page, "-"], check=False, capture_output=True)
    return done.stdout.decode("utf-8", "replace")


def _in_review(read: Read) -> bool:
    """Whether the page is in review, or has failed."""
    return read.page is None or bool(read.page.review)


def _told(read: Sequence[Read]) -> str:
    return "; ".join(
        f"{one.page.source}, confidence {one.page.confidence:.0f}" if one.page else one.error
        for one in read[:3]
    )
