"""Words that somebody looks for, and where a page has them.

A query is words and, in quotation marks, phrases; a page has what is looked for if it has all of
them. Case and accents do not matter, words count whole, but for the last of an open query, which
may be the beginning of one: ``"light house" kee`` finds pages on a light house and its keeper.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from fanfold.errors import InvalidRequest
from fanfold.model import Box, Line, Page

MAXIMUM_QUERY = 200
"""Characters."""
MAXIMUM_EXCERPT = 160
"""Characters of a line that are shown."""

_QUOTED = re.compile(r'"([^"]*)"?')
_TOKEN = re.compile(r"[^\W_]+")


class Term(NamedTuple):
    """Words that stand one after the other; of an ``open`` one the last may go on."""

    words: tuple[str, ...]
    open: bool = False


@dataclass(frozen=True, slots=True)
class Hit:
    """What a page has of a query: the lines in which it stands, and the boxes of the words."""

    page: int
    lines: tuple[str, ...]
    boxes: tuple[Box, ...]


def words(text: str) -> tuple[str, ...]:
    """Return a text's words as they are compared: small letters without accents."""
    parted = unicodedata.normalize("NFKD", text.casefold())
    bare = "".join(char for char in parted if not unicodedata.combining(char))
    return tuple(_TOKEN.findall(bare))


def terms(query: str) -> tuple[Term, ...]:
    """Return what a query asks for; raise InvalidRequest where it has no words, or too many."""
    if len(query) > MAXIMUM_QUERY:
        raise InvalidRequest(f"A query has at most {MAXIMUM_QUERY} characters.")
    found = [Term(words(phrase)) for phrase in _QUOTED.findall(query)]
    single = [Term((word,)) for word in words(_QUOTED.sub(" ", query))]
    if single and not query.rstrip().endswith('"'):
        single[-1] = Term(single[-1].words, open=True)
    wanted = tuple(term for term in (*found, *single) if term.words)
    if not wanted:
        raise InvalidRequest("Say what to look for: q=words.")
    return wanted


class _Seen(NamedTuple):
    word: str
    line: int
    box: Box


def hit(page: Page, wanted: Sequence[Term]) -> Hit | None:
    """Return what a page has of a query, None unless it has all of it."""
    lines = list(_lines(page))
    seen = list(_seen(lines))
    found: set[int] = set()
    for term in wanted:
        starts = [start for start in range(len(seen)) if _stands(seen, start, term)]
        if not starts:
            return None
        found |= {start + place for start in starts for place in range(len(term.words))}
    there = [seen[place] for place in sorted(found)]
    shown = dict.fromkeys(one.line for one in there)
    boxes = dict.fromkeys(one.box for one in there)
    return Hit(page.number, tuple(_text(lines[line]) for line in shown), tuple(boxes))


def compared(page: Page) -> str:
    """Return the words of a page as ``words`` has them, those whole that a line's end cuts."""
    return " ".join(one.word for one in _seen(list(_lines(page))))


def text(page: Page) -> str:
    """Return a page's lines."""
    return "\n".join(map(_text, _lines(page)))


def excerpt(text: str, wanted: Sequence[Term]) -> tuple[str, tuple[tuple[int, int], ...]]:
    """Return the line of a text that has most of a query, and from where to where that stands."""
    lines = [(line, tuple(_places(line, wanted))) for line in text.split("\n")]
    line, places = max(lines, key=lambda one: len({_found(one[0], place) for place in one[1]}))
    begin = max(0, (places[0][0] if places else 0) - MAXIMUM_EXCERPT // 2)
    end = begin + MAXIMUM_EXCERPT
    inside = tuple((a - begin, b - begin) for a, b in places if a >= begin and b <= end)
    return line[begin:end], inside


def _places(line: str, wanted: Sequence[Term]) -> Iterator[tuple[int, int]]:
    whole = {word for term in wanted for word in term.words[: -1 if term.open else None]}
    open_ = tuple(term.words[-1] for term in wanted if term.open)
    for match in _TOKEN.finditer(line):
        said = words(match[0])
        if whole.intersection(said) or any(word.startswith(open_) for word in said if open_):
            yield match.span()


def _found(line: str, place: tuple[int, int]) -> tuple[str, ...]:
    return words(line[slice(*place)])


def _lines(page: Page) -> Iterator[Line]:
    for block in page.blocks:
        yield from block.lines


def _seen(lines: Sequence[Line]) -> Iterator[_Seen]:
    """Yield the words of lines; one that a line's end cuts is whole, at both places."""
    flat = [
        _Seen(part, number, word.box)
        for number, line in enumerate(lines)
        for word in line.words
        for part in words(word.text)
    ]
    cut = {number for number, line in enumerate(lines) if _text(line).endswith(("-", "\u00ad"))}
    last = None
    for one, after in zip(flat, [*flat, None][1:], strict=True):
        if last:
            yield one._replace(word=last + one.word)
            last = None
        elif after and after.line > one.line and one.line in cut:
            last = one.word
            yield one._replace(word=one.word + after.word)
        else:
            yield one


def _stands(seen: Sequence[_Seen], start: int, term: Term) -> bool:
    if start + len(term.words) > len(seen):
        return False
    pairs = zip(term.words, seen[start:], strict=False)
    *whole, (last, at) = pairs
    ends = at.word.startswith(last) if term.open else at.word == last
    return ends and all(word == there.word for word, there in whole)


def _text(line: Line) -> str:
    return " ".join(word.text for word in line.words)
