"""Say which pages' lines come in an order that their places forbid, without knowing any truth.

    python -m bench.order CORPUS [--sets sroie,funsd] [--pages 3] [--truth SCORER]

A line that is printed before one that stands above it in the same column is wrong. Columns are
those of the page's ink (see ``bench.ink``), whatever the engine took for columns. Nor may a line be
cut: words with no more than a word space between them follow each other. Prints the pages where
either is broken, with the lines, and how many there are. ``--truth`` compares with plain tesseract
where the order of a set's truth means something, and prints the files whose CER is worse by more
than .02; SCORER as for ``bench.engine``.
"""

from __future__ import annotations

import argparse
import json
import math
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path
from typing import Any
from unicodedata import bidirectional

from bench import ink, readers, scoring
from bench.engine import truth_of
from bench.ink import Ink
from bench.readers import House, Read
from bench.scoring import Score
from fanfold import settings
from fanfold.model import Box, Line, Page, Word

GUTTER = 1.0
"""Heights of a line that parts columns; justified text has gaps below that."""

_SHARED = 0.5
"""Minimum share of the narrower line's width that stands below the other line."""

_ABOVE = 0.8
"""Minimum of how far apart the middles of two lines are, in heights of the lower one of them."""

_OVERLAP = 0.25
"""Maximum of such heights that they share."""

_SPACE = 0.5
"""Heights of a word between it and the next one of its line, at most."""

_SAID = 2
"""Minimum of letters and digits in a line or a word that counts: less is dust or a bullet."""

_LEFTWARD = ("R", "AL")
"""How Unicode calls the letters of scripts that run from right to left."""

_WORSE = 0.02
"""CER by which a file may be worse than plain tesseract's."""


@dataclass(frozen=True, slots=True)
class Late:
    """A line that comes too late: it stands above one that was printed before it."""

    line: Line
    printed: Line

    def __str__(self) -> str:
        return f"late: {self.line.text[:50]!r} stands above {self.printed.text[:50]!r}"


@dataclass(frozen=True, slots=True)
class Cut:
    """Two words beside each other with others printed between them."""

    one: Word
    other: Word

    def __str__(self) -> str:
        return f"cut: {self.one.text[:24]!r} and {self.other.text[:24]!r}"


def main() -> None:
    """Read the arguments, check and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--sets", help="names, joined by commas; all by default")
    parser.add_argument("--pages", type=int, help="at most so many pages of a file")
    parser.add_argument("--languages", default="eng")
    parser.add_argument("--truth", type=Path, metavar="SCORER", help="compare with plain tesseract")
    options = parser.parse_args()
    items = json.loads((options.corpus / "manifest.json").read_text(encoding="utf-8"))["items"]
    chosen = options.sets.split(",") if options.sets else {item["corpus"] for item in items}
    scorer = scoring.load(options.truth) if options.truth else None
    with readers.house(readers.roomy(settings.load().engine)) as house:
        run = _Run(house, options.corpus, options.pages, options.languages, scorer)
        for item in items:
            if item["corpus"] in chosen:
                run.check(item)
    run.tell()


@dataclass(slots=True)
class _Run:
    """Files being checked, and how many pages there were of each kind."""

    house: House
    corpus: Path
    most: int | None
    languages: str
    scorer: Any
    pages: int = 0
    late: int = 0
    cut: int = 0
    compared: int = 0
    worse: int = 0

    def check(self, item: dict[str, Any]) -> None:
        file = self.corpus / item["file"]
        cuts = self.house.pages(file, self.most)
        read = [self.house.read(cut, self.languages) for cut in cuts]
        for number, (cut, one) in enumerate(zip(cuts, read, strict=True), start=1):
            if one.page:
                self._check(f"{item['file']}#{number}", cut, one.page)
        if self.scorer and item["corpus"] not in self.scorer.ORDERLESS:
            self._compare(item, cuts, read)

    def _check(self, name: str, cut: Path, page: Page) -> None:
        late, parted = broken(page, cut)
        self.pages += 1
        self.late += bool(late)
        self.cut += bool(parted)
        if late or parted:
            print(f"{name}: {len(late)} lines too late, {len(parted)} cut", flush=True)
        for each in (*late, *parted):
            print(f"    {each}", flush=True)

    def _compare(self, item: dict[str, Any], cuts: Sequence[Path], read: Sequence[Read]) -> None:
        truth = truth_of(self.scorer, self.corpus / item["file"], self.corpus, len(cuts))
        if truth is None:
            return
        plain = [readers.plain(cut, self.languages) for cut in cuts]
        ours, theirs = (self._cer(item["corpus"], truth, one) for one in (read, plain))
        self.compared += 1
        if ours > theirs + _WORSE:
            self.worse += 1
            print(f"{item['file']}: CER {ours:.4f}, plain tesseract {theirs:.4f}", flush=True)

    def _cer(self, name: str, truth: str, read: Sequence[Read]) -> float:
        texts = (truth, "\f".join(one.text for one in read))
        want, have = (scoring.folded(self.scorer, name, text) for text in texts)
        score = Score()
        score.add(want, have, len(read), 0.0)
        return score.cer

    def tell(self) -> None:
        print(
            f"{self.late} of {self.pages} pages have lines that come too late, {self.cut} have"
            " lines that are cut"
        )
        if self.scorer:
            print(f"{self.worse} of {self.compared} files are worse than plain tesseract")


def broken(page: Page, file: Path) -> tuple[list[Late], list[Cut]]:
    """Return what is out of order on the page that ``file``, a PDF, shows."""
    angle = page.orientation + page.skew
    lines = [line for block in page.blocks for line in block.lines]
    if angle:
        lines = [_turned(line, angle, page) for line in lines]
    lines = [line for line in lines if _said(line.text)]
    if not lines:
        return [], []
    with tempfile.TemporaryDirectory() as folder:
        found = ink.drawn(file, angle, Path(folder))
    return list(late(lines, found)), list(cut(lines))


def late(lines: Sequence[Line], found: Ink) -> Iterator[Late]:
    """Yield lines that stand above one printed before them in the same column of ink."""
    for number, line in enumerate(lines):
        for printed in lines[:number]:
            if _above(line.box, printed.box) and _one_column(line, printed, found):
                yield Late(line, printed)
                break


def cut(lines: Sequence[Line]) -> Iterator[Cut]:
    """Yield words beside each other that others are printed between.

    Words that are read from right to left are left out, and what is out of order in one line, for
    recognition gives words of a line boxes that overlap.
    """
    said = ((word, line) for line in lines for word in line.words if _said(word.text))
    placed = [pair for pair in said if not any(map(_leftward, pair[0].text))]
    words = [word for word, _ in placed]
    own = {id(word): line for word, line in placed}
    follows = {id(one): other for one, other in pairwise(words)}
    for word in words:
        beside = _beside(word, words)
        if beside is None or follows.get(id(word)) is beside:
            continue
        if own[id(word)] is not own[id(beside)]:
            yield Cut(word, beside)


def _leftward(letter: str) -> bool:
    return bidirectional(letter) in _LEFTWARD


def _above(one: Box, other: Box) -> bool:
    height = min(one.height, other.height)
    shared = one.common_width(other) >= _SHARED * min(one.width, other.width)
    apart = other.middle_y - one.middle_y >= _ABOVE * height
    return shared and apart and one.common_height(other) <= _OVERLAP * height


def _one_column(line: Line, printed: Line, found: Ink) -> bool:
    """Whether ink without a gutter from one line down to the other joins words of both."""
    place = Box.around((line.box, printed.box))
    gutter = GUTTER * min(line.box.height, printed.box.height)
    return any(
        all(any(a <= word.box.middle_x <= b for word in one.words) for one in (line, printed))
        for a, b in found.spans(place, gutter)
    )


def _beside(word: Word, words: Sequence[Word]) -> Word | None:
    """Return the word that stands a word space to the right, if there is one."""
    reach = _SPACE * word.box.height
    right = [
        other
        for other in words
        if -reach <= other.box.x0 - word.box.x1 <= reach
        and other.box.middle_x > word.box.middle_x
        and _one_line(word.box, other.box)
    ]
    return min(right, key=lambda other: other.box.x0, default=None)


def _one_line(one: Box, other: Box) -> bool:
    """Whether two words are about as high as each other, and on one line."""
    return one.level(other) and other.level(one) and 0.5 < one.height / other.height < 2


def _said(text: str) -> bool:
    return sum(map(str.isalnum, text)) >= _SAID


def _turned(line: Line, angle: float, page: Page) -> Line:
    words = tuple(replace(word, box=_upright(word.box, angle, page)) for word in line.words)
    return Line(words, Box.around(word.box for word in words))


def _upright(box: Box, angle: float, page: Page) -> Box:
    """Return the box that a word had before it was turned back, from the one around that."""
    quarters = round(angle / 90)
    lean = math.radians(abs(angle - 90 * quarters))
    cosine, sine = math.cos(lean), math.sin(lean)
    sides = (box.width, box.height) if quarters % 2 == 0 else (box.height, box.width)
    spread = cosine**2 - sine**2
    width = max(1.0, (sides[0] * cosine - sides[1] * sine) / spread)
    height = max(1.0, (sides[1] * cosine - sides[0] * sine) / spread)
    radians = math.radians(angle)
    x, y = box.middle_x - page.width / 2, box.middle_y - page.height / 2
    over, down = abs(math.cos(radians)), abs(math.sin(radians))
    x, y = (
        x * math.cos(radians) - y * math.sin(radians),
        x * math.sin(radians) + y * math.cos(radians),
    )
    x += (page.width * over + page.height * down) / 2
    y += (page.width * down + page.height * over) / 2
    return Box(x - width / 2, y - height / 2, x + width / 2, y + height / 2)


if __name__ == "__main__":
    main()
