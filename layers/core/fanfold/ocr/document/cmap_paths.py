"""Names in a PDF that a renderer would take for paths.

poppler looks for a character map that is not embedded among its own files, by its name: one such
as ``/..#2f..#2ftmp#2fx`` makes it open any file of the machine, and one that leads to a device
never ends. Runs in the child.
"""

from __future__ import annotations

from pikepdf import Array, Dictionary, Name, Object, Pdf, Stream

_MAPS = (Name.Encoding, Name.UseCMap)
"""Keys whose names are looked for among files."""


def forget(pdf: Pdf) -> None:
    """Let every character map with a slash in its name be the identity."""
    todo: list[Object] = list(pdf.objects)
    while todo:
        thing = todo.pop()
        if isinstance(thing, (Dictionary, Stream)):
            for key in _MAPS:
                if _is_path(thing.get(key)):
                    thing[key] = Name("/Identity-H")
        todo += _direct(thing)


def _is_path(value: object) -> bool:
    return isinstance(value, Name) and "/" in str(value)[1:]


def _direct(thing: object) -> list[Object]:
    """Return what is written within ``thing`` itself; whatever has a number comes by itself."""
    if isinstance(thing, (Dictionary, Stream)):
        inside = [value for _, value in thing.items()]
    elif isinstance(thing, Array):
        inside = list(thing)
    else:
        return []
    return [one for one in inside if isinstance(one, Object) and not one.is_indirect]
