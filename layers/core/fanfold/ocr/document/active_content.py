"""What a PDF does by itself in a viewer, or brings along: told, for the searchable PDF keeps it.

Fanfold runs nothing of it. Looked at are the places where actions may stand (ISO 32000-1, 12.6):
the catalogue, pages and their annotations, form fields and bookmarks.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from pikepdf import Array, Dictionary, Name, Object, ObjectSet, Pdf

OPEN_ACTION, JAVASCRIPT, LAUNCH = "OPEN_ACTION", "JAVASCRIPT", "LAUNCH"
SENDS_DATA, EMBEDDED_FILES = "SENDS_DATA", "EMBEDDED_FILES"

_MOST_HOLDERS = 20_000
"""Maximum of places that are looked at, the first ones: a long book's links are more."""
_MOST_FOLLOWED = 50
"""Maximum of actions that follow one another at a place."""

_BY_SUBTYPE = {
    "/JavaScript": JAVASCRIPT, "/Launch": LAUNCH, "/GoToR": LAUNCH, "/GoToE": LAUNCH,
    "/SubmitForm": SENDS_DATA, "/ImportData": SENDS_DATA,
}  # fmt: skip
_HARMLESS = ("/GoTo", "/Named")
"""What turns to a page, when the file is opened or later."""


def codes(pdf: Pdf) -> Iterator[str]:
    """Yield codes of what there is, some repeatedly; raise what pikepdf does for odd objects."""
    if any(_subtype(action) not in _HARMLESS for action in _at_opening(pdf.Root)):
        yield OPEN_ACTION
    names = pdf.Root.get(Name.Names)
    if isinstance(names, Dictionary):
        if Name.JavaScript in names:
            yield JAVASCRIPT
        if _has_leaves(names.get(Name.EmbeddedFiles)):
            yield EMBEDDED_FILES
    for holder in islice(_holders(pdf), _MOST_HOLDERS):
        if holder.get(Name.Subtype) == Name.FileAttachment:
            yield EMBEDDED_FILES
        for action in _actions(holder):
            if (code := _BY_SUBTYPE.get(_subtype(action))) is not None:
                yield code


def _at_opening(root: Object) -> Iterator[Object]:
    yield from _followed(root.get(Name.OpenAction))
    yield from _additional(root)


def _holders(pdf: Pdf) -> Iterator[Object]:
    """Yield the objects that may have actions."""
    yield pdf.Root
    for page in pdf.pages:
        yield page.obj
        yield from _dictionaries(page.obj.get(Name.Annots))
    form = pdf.Root.get(Name.AcroForm)
    if isinstance(form, Dictionary):
        yield from _tree(_dictionaries(form.get(Name.Fields)), (Name.Kids,))
    outlines = pdf.Root.get(Name.Outlines)
    if isinstance(outlines, Dictionary):
        yield from _tree(iter([outlines]), (Name.First, Name.Next))


def _tree(roots: Iterator[Object], ways: tuple[Name, ...]) -> Iterator[Object]:
    """Yield these objects and all that they lead to, each once."""
    seen, todo = ObjectSet(), list(roots)
    while todo:
        one = todo.pop()
        if seen.add(one):
            yield one
            todo += [found for way in ways for found in _dictionaries(one.get(way))]


def _actions(holder: Object) -> Iterator[Object]:
    yield from _followed(holder.get(Name.OpenAction))
    yield from _followed(holder.get(Name.A))
    yield from _additional(holder)


def _additional(holder: Object) -> Iterator[Object]:
    events = holder.get(Name.AA)
    if isinstance(events, Dictionary):
        for event in events.keys():  # noqa: SIM118 - a pikepdf object is no mapping
            yield from _followed(events.get(Name(event)))


def _followed(action: Object | None) -> Iterator[Object]:
    """Yield an action and those after it; nothing for a destination."""
    todo = list(_dictionaries(action)) if isinstance(action, Dictionary) else []
    for _ in range(_MOST_FOLLOWED):
        if not todo:
            return
        one = todo.pop()
        yield one
        todo += _dictionaries(one.get(Name.Next))


def _subtype(action: Object) -> str:
    return str(action.get(Name.S, ""))


def _has_leaves(tree: Object | None) -> bool:
    """Whether a tree of names is more than an empty one."""
    if not isinstance(tree, Dictionary):
        return False
    leaves = (tree.get(Name.Names), tree.get(Name.Kids))
    return any(isinstance(each, Array) and len(each) for each in leaves)


def _dictionaries(found: Object | None) -> Iterator[Object]:
    """Yield the dictionaries that an object is or, an array, holds."""
    each = list(found) if isinstance(found, Array) else [found]
    yield from (one for one in each if isinstance(one, Dictionary))
