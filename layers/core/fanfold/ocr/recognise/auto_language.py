"""Which language to read a page in, chosen from those there is data for.

A few lines are read with one language for each script; which language their words are in is told
by ``language_id``. English reads German or Spanish well enough for that: accents and umlauts get
lost, words and their order stay. Other scripts are tried only where Latin letters come out
doubtful, so that most pages pay for three lines.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from fanfold.model import AUTO_LANGUAGES
from fanfold.ocr.isolation.task import Task
from fanfold.ocr.picture import bands
from fanfold.ocr.picture.drawing import Drawing
from fanfold.ocr.recognise import language_id
from fanfold.ocr.recognise.languages import LATIN_SCRIPT, find
from fanfold.ocr.recognise.reading import Reading
from fanfold.ocr.recognise.tesseract import Tesseract, Way, for_task

MINIMUM_CONFIDENCE = 80.0
"""Minimum mean confidence of a few lines that settles their script. English reads French typescript
at 89 to 95, Fraktur at 52 to 73."""

MINIMUM_MARGIN = 12.0
"""Minimum of how much surer another script must read to be preferred, in points of confidence."""

MINIMUM_LIKELIHOOD = 0.5
"""Minimum likelihood of a language that is taken: words of receipts and forms that are not English
stay below, running text of any language stands above 0.8."""

MINIMUM_LETTERS = 40
"""Minimum of letters in a text that tells its language: stamps, numbers and names do not."""

MORE_LINES = 8
"""How many lines are read where the first few had too few letters."""

FALLBACK = "eng"
"""What pages are read in that do not tell their language."""

_MINIMUM_WORD_CONFIDENCE = 60.0
"""Minimum confidence of a word that may tell the language."""

_SAMPLE_WAY = Way(segmentation=6)


class Wanted(Exception):
    """A language that the page needs and there is data for, but not here yet."""

    def __init__(self, language: str) -> None:
        super().__init__(language)
        self.language = language


def of_text(text: str, candidates: Sequence[str]) -> str:
    """Return the one of ``candidates`` that a text is in; empty where the text does not tell."""
    if sum(map(str.isalpha, text)) < MINIMUM_LETTERS:
        return ""
    likely = language_id.likely(text)
    labels = {name: known.label for name in candidates if (known := find(name)) and known.label}
    best = max(labels, key=lambda name: likely.get(labels[name], 0.0), default="")
    return best if best and likely.get(labels[best], 0.0) >= MINIMUM_LIKELIHOOD else ""


def default(candidates: Sequence[str]) -> str:
    """Return the language of pages that do not tell theirs."""
    return FALLBACK if FALLBACK in candidates or not candidates else candidates[0]


def representatives(candidates: Sequence[str]) -> dict[str, str]:
    """Return a language for each script there is data for, Latin first.

    A language's own data is smaller and faster than that of its whole script.
    """
    scripts: dict[str, str] = {}
    for name in sorted(candidates, key=lambda n: (n != FALLBACK, "/" in n, n[0].isupper())):
        if known := find(name):
            scripts.setdefault(known.script, name)
    return dict(sorted(scripts.items(), key=lambda pair: pair[0] != LATIN_SCRIPT))


@dataclass(frozen=True, slots=True)
class Choosing:
    """A recogniser that chooses its language by the picture, from a task's candidates."""

    task: Task

    @property
    def tesseract(self) -> str:
        """The program."""
        return self.task.tesseract

    def read(self, picture: Drawing, way: Way = Way()) -> Reading:  # noqa: B008 (immutable)
        """Read a picture whose lines run across; raise what recognisers raise, and Wanted."""
        known, told = self._choose(picture)
        found = self._with(known).read(picture, way)
        if told or not (other := of_text(_words(found), self._beside(known))) or other == known:
            return found
        again = self._with(other).read(picture, way)
        return again if again.score > found.score else found

    def _choose(self, picture: Drawing) -> tuple[str, bool]:
        """Return the language of a picture, and whether its lines told it."""
        scripts = representatives(self.task.candidates)
        if len(self.task.candidates) <= 1 or not scripts:
            return default(self.task.candidates), True
        name, found = self._look(picture, scripts, bands.LINES)
        if _letters(found) < MINIMUM_LETTERS:
            name, found = self._look(picture, scripts, MORE_LINES)
        told = of_text(_words(found), self._beside(name))
        return told or name, bool(told)

    def _look(self, picture: Drawing, scripts: dict[str, str], lines: int) -> tuple[str, Reading]:
        """Return the representative of the script that some lines are in, and what it read."""
        band = bands.cut(picture, lines)
        first, *others = scripts.values()
        best, found = first, self._with(first).read(band, _SAMPLE_WAY)
        for name in others if found.confidence < MINIMUM_CONFIDENCE else ():
            other = self._with(name).read(band, _SAMPLE_WAY)
            if other.score > found.score and other.confidence > found.confidence + MINIMUM_MARGIN:
                best, found = name, other
        return best, found

    def _beside(self, name: str) -> tuple[str, ...]:
        """Return the candidates in the script of ``name``."""
        known = find(name)
        script = known.script if known else ""
        return tuple(
            one for one in self.task.candidates if (other := find(one)) and other.script == script
        )

    def _with(self, name: str) -> Tesseract:
        if name in self.task.absent:
            raise Wanted(name)
        return for_task(replace(self.task, languages=name))


def recogniser(task: Task) -> Tesseract | Choosing:
    """Return what reads a task's pictures in the languages that were asked for."""
    return Choosing(task) if task.languages == AUTO_LANGUAGES else for_task(task)


def check(task: Task, found: Reading) -> None:
    """Raise Wanted where the language that ``found`` was read in has to be fetched first."""
    if found.languages in task.absent:
        raise Wanted(found.languages)


def settled(task: Task, found: Reading) -> Tesseract:
    """Return what reads further pictures of the same page as ``found`` was read."""
    return for_task(replace(task, languages=found.languages))


def _words(found: Reading) -> str:
    return " ".join(_sure(found))


def _sure(found: Reading) -> Iterator[str]:
    return (row.word.text for row in found.rows if row.word.confidence >= _MINIMUM_WORD_CONFIDENCE)


def _letters(found: Reading) -> int:
    return sum(map(str.isalpha, _words(found)))
