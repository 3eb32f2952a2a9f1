"""What a document lacks as a whole: pages that its tree names, and objects that its pages name.

qpdf takes a reference to an object that is not there for null, as the standard says, and leaves it
out in silence. Runs in the child.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

from pikepdf import Array, Dictionary, Name, Object, Pdf, Stream

from fanfold.damage import OBJECT_MISSING, PAGES_GUESSED, PAGES_MISSING

_MOST_NODES = 200_000
_MOST_OBJECTS = 5_000
"""Maximum of a tree's nodes, and of objects that one page leads to, that are looked at."""

_MOST_ELEMENTS = 500
"""Maximum of an array's elements that are looked at; longer ones hold numbers."""

_NEEDED = frozenset(
    {
        "/Contents",
        "/Resources",
        "/FontDescriptor",
        "/FontFile",
        "/FontFile2",
        "/FontFile3",
        "/ToUnicode",
        "/Encoding",
        "/DescendantFonts",
        "/CharProcs",
        "/CIDToGIDMap",
        "/Widths",
        "/W",
        "/SMask",
        "/Mask",
        "/ColorSpace",
        "/Filter",
        "/DecodeParms",
        "/JBIG2Globals",
        "/Function",
        "/Shading",
        "/AP",
        "/N",
    }
)
"""Keys without whose values a page does not show what it showed."""

_RESOURCES = frozenset({"/XObject", "/Font", "/CharProcs"})
"""Dictionaries of things that are drawn by their names."""

_OUTWARD_KEYS = frozenset(
    {
        "/Parent",
        "/P",
        "/Popup",
        "/IRT",
        "/Dest",
        "/A",
        "/AA",
        "/B",
        "/StructParent",
        "/Metadata",
    }
)
_ARRAYS = frozenset({"/Contents", "/DescendantFonts"})
_MENDED = ("pages tree includes non-dictionary object", "skipping over invalid kid")
_LOST_OBJECT = re.compile(r"object (\d+) \d+")


class Reach(NamedTuple):
    """Which objects, by their numbers, a page leads to, and whether one of them is not there."""

    objects: frozenset[int]
    missing: bool


def damage(pdf: Pdf) -> set[str]:
    """Return the codes of what is broken in the tree of pages."""
    root = pdf.Root.get(Name.Pages)
    if not isinstance(root, Dictionary):
        return {PAGES_GUESSED}
    todo, seen = [root], {root.objgen}
    while todo and len(seen) < _MOST_NODES:
        node = todo.pop()
        kids = node.get(Name.Kids)
        if not isinstance(kids, Array):
            if node.get(Name.Type) == Name.Pages or node is root:
                return {PAGES_MISSING}
            continue
        for kid in kids:
            if not isinstance(kid, Dictionary):
                return {PAGES_MISSING}
            if kid.objgen not in seen or not kid.is_indirect:
                seen.add(kid.objgen)
                todo.append(kid)
    return set()


def warned(warnings: Iterable[str]) -> set[str]:
    """Return the same by what qpdf says: it mends the tree of a file whose table it makes anew."""
    said = [str(warning).lower() for warning in warnings]
    return {PAGES_MISSING} if any(words in one for one in said for words in _MENDED) else set()


def reach(page: Iterable[tuple[str, object]]) -> Reach:
    """Follow what the items of a page's dictionary lead to, as far as it is drawn."""
    seen: set[int] = set()
    missing = False
    todo: list[tuple[str, object]] = list(page)
    while todo and len(seen) < _MOST_OBJECTS:
        key, thing = todo.pop()
        if thing is None:
            missing = missing or key in _NEEDED
        if key in _OUTWARD_KEYS or not isinstance(thing, Array | Dictionary | Stream):
            continue
        if thing.is_indirect:
            if thing.objgen[0] in seen:
                continue
            seen.add(thing.objgen[0])
        todo += _within(key, thing)
    return Reach(frozenset(seen), missing)


def _within(key: str, thing: Object) -> list[tuple[str, object]]:
    if isinstance(thing, Array):
        return [(key if key in _ARRAYS else "", one) for one in list(thing)[:_MOST_ELEMENTS]]
    if thing.get(Name.Type) in (Name.Page, Name.Pages):
        return []
    # what a dictionary of fonts, say, lacks was needed as much as the dictionary itself
    return [("/Contents" if key in _RESOURCES and v is None else k, v) for k, v in thing.items()]


def lost(warnings: Iterable[str]) -> set[int]:
    """Return the numbers of the objects of which qpdf says that they are empty, or gone."""
    said = [str(warning) for warning in warnings]
    gone = ("treating stream as empty", "not found in file after regenerating")
    found = (_LOST_OBJECT.search(one) for one in said if any(words in one for words in gone))
    return {int(each[1]) for each in found if each}


def codes(found: Reach, gone: Iterable[int]) -> set[str]:
    """Return the damage of a page that leads to ``found``, where the objects ``gone`` are lost."""
    return {OBJECT_MISSING} if found.missing or found.objects.intersection(gone) else set()
