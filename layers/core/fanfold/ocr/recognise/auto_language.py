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
from fanfold.ocr.recognise.languages import FRAKTUR_SCRIPT, LATIN_SCRIPT, find
from fanfold.ocr.recognise.reading import Reading
from fanfold.ocr.recognise.tesseract import Tesseract, Way, for_task

MINIMUM_CONFIDENCE = 76.0
"""Minimum mean confidence of a few lines that settles their script. English reads French typescript
at 89 to 95, Fraktur at 52 to 73."""

MINIMUM_MARGIN = 12.0
"""Minimum of how much surer another script must read to be preferred, in points of confidence."""

LARGE_MARGIN = 25.0
"""Minimum of how much surer Fraktur must read where it finds no long s: what reads it has learnt
other print, too, and poor print is nothing that any reader is sure of."""

LONG_S, MINIMUM_LONG_S = "ſ", 0.01  # noqa: RUF001 - that very letter
"""The letter that other print has not, and the minimum share of letters that it is of Fraktur:
2.6 to 5.4 in 100 are measured."""

MISREAD, MINIMUM_MISREAD = "f", 0.03
"""What other data takes the long s for, and the minimum share of letters that is read so where it
may be Fraktur: 4.8 to 7.2 in 100 of Fraktur are measured, at most 1.5 of other doubtful print."""

MINIMUM_LIKELIHOOD = 0.5
"""Minimum likelihood of a language that is taken: words of receipts and forms that are not English
stay below, running text of any language stands above 0.8."""

MINIMUM_LETTERS = 40
"""Minimum of letters in a text that tells its language: stamps, numbers and names do not."""

SCRIPT_LINES = 8
"""How many lines another script has to be surer of where there is little to read: words of a stamp
or of a price list look like any script."""

MAXIMUM_SHARE = 0.2
"""Maximum share of a page's ink that is read to learn its language; where a few lines are more than
that, all are read before anything is asked."""

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
        scripts = representatives(self.task.candidates)
        if len(self.task.candidates) <= 1 or not scripts:
            return self._with(default(self.task.candidates)).read(picture, way)
        band, share = bands.cut(picture)
        if share > MAXIMUM_SHARE:
            return self._told_by_all(picture, way, scripts)
        name, found = self._look(band, scripts)
        if told := of_text(_words(found), self._beside(name)):
            return self._with(told).read(picture, way)
        return self._mended(self._with(name).read(picture, way), picture, way)

    def _told_by_all(self, picture: Drawing, way: Way, scripts: dict[str, str]) -> Reading:
        """Read a picture, and again where what was read is in another language."""
        found = self._with(next(iter(scripts.values()))).read(picture, way)
        scripts = possible(scripts, _text(found))
        if found.confidence < MINIMUM_CONFIDENCE and len(scripts) > 1:
            name, _ = self._look(bands.cut(picture, SCRIPT_LINES)[0], scripts)
            if name != found.languages:
                found = self._with(name).read(picture, way)
        return self._mended(found, picture, way)

    def _mended(self, found: Reading, picture: Drawing, way: Way) -> Reading:
        """Return a reading, or another in the language that its words turn out to be in."""
        other = of_text(_words(found), self._beside(found.languages))
        if not other or other == found.languages:
            return found
        again = self._with(other).read(picture, way)
        return again if again.score > found.score else found

    def _look(self, band: Drawing, scripts: dict[str, str]) -> tuple[str, Reading]:
        """Return the representative of the script that some lines are in, and what it read."""
        first = next(iter(scripts.values()))
        best, found = first, self._with(first).read(band, _SAMPLE_WAY)
        _, *others = possible(scripts, _text(found)).values()
        for name in others if found.confidence < MINIMUM_CONFIDENCE else ():
            other = self._with(name).read(band, _SAMPLE_WAY)
            margin = MINIMUM_MARGIN if has_its_letters(name, _words(other)) else LARGE_MARGIN
            if other.score > found.score and other.confidence > found.confidence + margin:
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


def has_its_letters(name: str, text: str) -> bool:
    """Whether a text has the letters that its script alone has, where there are such."""
    known = find(name)
    if known is None or known.script != FRAKTUR_SCRIPT:
        return True
    return text.count(LONG_S) > MINIMUM_LONG_S * sum(map(str.isalpha, text))


def possible(scripts: dict[str, str], text: str) -> dict[str, str]:
    """Return the scripts that a page may be in by what the first one's language read of it."""
    letters = list(filter(str.isalpha, text))
    if letters.count(MISREAD) >= MINIMUM_MISREAD * max(MINIMUM_LETTERS, len(letters)):
        return scripts
    return {script: name for script, name in scripts.items() if script != FRAKTUR_SCRIPT}


def _text(found: Reading) -> str:
    return " ".join(row.word.text for row in found.rows)


def _words(found: Reading) -> str:
    return " ".join(_sure(found))


def _sure(found: Reading) -> Iterator[str]:
    return (row.word.text for row in found.rows if row.word.confidence >= _MINIMUM_WORD_CONFIDENCE)
