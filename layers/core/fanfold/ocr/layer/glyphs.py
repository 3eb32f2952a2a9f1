"""Characters of a text layer that stand for a glyph rather than for letters.

Ligatures and Arabic's forms of a letter become the letters; soft hyphens become what they show;
numbers that Adobe and Microsoft gave to glyphs of their own become the sign, where it is known
everywhere. What is left without a meaning stays in its word as U+FFFD: the word is there, and has
to be read some other way.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from fanfold.model import Block, Box, Line, Word

NO_CHARACTER = "\ufffd"

_SOFT_HYPHEN = "\u00ad"
_JOINERS = "\u200c\u200d"
_FORMS = (("\ufb00", "\ufb4f"), ("\ufb50", "\ufd3d"), ("\ufd50", "\ufdfb"), ("\ufe70", "\ufefc"))
"""Ligatures of Latin, Armenian and Hebrew letters; Arabic letters as they join others."""

_DIGRAPHS = "ĲĳǄǅǆǇǈǉǊǋǌ"

_ADOBE = {
    **{chr(0xF730 + n): str(n) for n in range(10)},
    **{chr(0xF761 + n): chr(ord("A") + n) for n in range(26)},
}
"""Old-style figures and small capitals of Adobe's glyph list."""

_SYMBOLS = dict(
    zip("\uf0b7\uf0a7\uf0d8\uf0fc\uf0fe\uf076\uf0e0\uf06c\uf06e", "•▪➢✓☑❖→●■", strict=True)
)
"""Bullets, ticks and arrows as word processors number them in Symbol and Wingdings."""


def clean(text: str) -> str:
    """Return ``text`` without white space at its ends and invisible characters.

    A glyph without a meaning is NO_CHARACTER; so are control characters that nothing stands among:
    numbers that a font without a table gives to its glyphs.
    """
    if text.isprintable():  # nearly every word
        return text.strip()
    said = "".join(map(_meaning, text)).strip()
    return said or NO_CHARACTER * sum(map(_is_control, text))


def meaningless(text: str) -> int:
    """Return how many of the characters of a layer have no meaning."""
    counts = Counter(text)
    return sum(n for c, n in counts.items() if _meaning(c) == NO_CHARACTER or _is_control(c))


def unknown(word: Word) -> bool:
    """Whether a word has glyphs that nobody knows the letters of."""
    return NO_CHARACTER in word.text


def unread(word: Word) -> bool:
    """Whether such a word was not read from the page either; a lone one may be a bullet."""
    return unknown(word) and len(word.text) > 1


def spelled(words: Iterable[Word], *, last: bool = True) -> Iterator[Word]:
    """Yield the words of one line in letters; ``glyphs`` keeps what stood there if that differs.

    A soft hyphen is a hyphen at a line's end, where it is seen, and nothing anywhere else.
    """
    line = list(words)
    if all(word.text.isascii() for word in line):  # nearly every line
        yield from line
        return
    for place, word in enumerate(line, start=1):
        text = _spell(word.text, ending=last and place == len(line))
        changed = text != word.text and text
        yield replace(word, text=text, glyphs=word.text) if changed else word


def _spell(text: str, *, ending: bool) -> str:
    if text.isascii():
        return text
    if _SOFT_HYPHEN in text:
        end = "-" if ending and text.endswith(_SOFT_HYPHEN) else ""
        text = text.replace(_SOFT_HYPHEN, "") + end
    return "".join(unicodedata.normalize("NFKC", c) if _is_form(c) else c for c in text)


def _is_form(character: str) -> bool:
    return character in _DIGRAPHS or any(first <= character <= last for first, last in _FORMS)


def _meaning(character: str) -> str:
    """Return what a character says: itself, its sign, NO_CHARACTER, or nothing."""
    known = _ADOBE.get(character) or _SYMBOLS.get(character)
    if known:
        return known
    kind = unicodedata.category(character)
    if kind in ("Co", "Cn", "Cs"):
        return NO_CHARACTER
    return "" if kind[0] == "C" and character not in _JOINERS + _SOFT_HYPHEN else character


def _is_control(character: str) -> bool:
    return unicodedata.category(character) == "Cc"


def filled(block: Block, seen: Sequence[Word]) -> Block:
    """Return a block with its unknown words as they were ``seen`` at their place.

    Boxes are in one unit. What was not seen stays as it is, with confidence 0.
    """
    lines = tuple(
        replace(line, words=tuple(_seen(w, seen) if unknown(w) else w for w in line.words))
        for line in block.lines
    )
    return replace(block, lines=lines)


def _seen(word: Word, seen: Sequence[Word]) -> Word:
    at_place = [each for each in seen if each.box.inside(word.box)]
    if not at_place:
        return replace(word, confidence=0.0)
    text = "".join(each.text for each in at_place)
    return replace(word, text=text, confidence=min(each.confidence for each in at_place))


def read_anew(before: Sequence[Block], after: Sequence[Block]) -> tuple[Block, ...]:
    """Return the words that were unknown and no longer are, by line, a block for each line."""
    pairs = zip(_lines(before), _lines(after), strict=True)
    rows = (
        [now for was, now in zip(old.words, new.words, strict=True) if unknown(was) > unknown(now)]
        for old, new in pairs
    )
    lines = (Line(tuple(row), Box.around(word.box for word in row)) for row in rows if row)
    return tuple(Block((line,), line.box) for line in lines)


def _lines(blocks: Iterable[Block]) -> Iterator[Line]:
    return (line for block in blocks for line in block.lines)
