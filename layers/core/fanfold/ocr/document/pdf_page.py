"""Write one page of a PDF as a PDF of its own that looks the same and holds nothing else.

The boxes, /Rotate, layers (optional content), fonts, images and the appearance of annotations and
form fields stay; links, actions, scripts, attachments and references to other pages go. Streams
are copied as they are: neither decoded nor compressed again.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from mmap import ACCESS_READ, mmap
from pathlib import Path
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, Object, ObjectStreamMode, Pdf, StreamDecodeLevel

from fanfold.errors import PageUnreadable
from fanfold.ocr.document import (
    cmap_paths,
    condition,
    elsewhere,
    jpeg_2000,
    page_tree,
    user_unit,
)

_INHERITED_BY_PAGES = (Name.Resources, Name.MediaBox, Name.CropBox, Name.Rotate)
_INHERITED_BY_FIELDS = (Name.FT, Name.Ff, Name.V, Name.DV, Name.DA, Name.Q, Name.MaxLen, Name.Opt)
_PAGE_KEEPS = (
    *_INHERITED_BY_PAGES,
    *(Name.Type, Name.Contents, Name.Group, Name.UserUnit),
    *(Name.BleedBox, Name.TrimBox, Name.ArtBox),
)
_ANNOTATION_LOSES = (
    *(Name.A, Name.AA, Name.Dest, Name.P, Name.Parent, Name.Kids, Name.Popup, Name.IRT),
    *(Name.StructParent, Name.FS, Name.RichMediaContent),
)
_FORM_KEEPS = (Name.DR, Name.DA, Name.NeedAppearances)
_SLASH = b"#2f"
"""How qpdf writes a slash within a name; hardly any page has one."""

_MAXIMUM_STEPS = 64
"""Maximum of steps up a tree of pages or fields; a longer way is a hostile loop."""


def write_page(
    pdf: Pdf, number: int, path: Path, *, lost: Collection[int] = (), broken: Collection[str] = ()
) -> None:
    """Write page ``number`` (from 1) of ``pdf`` to ``path``, unencrypted.

    ``lost`` are the numbers of objects that are known to be gone. Raises PageUnreadable, or what
    pikepdf raises for a damaged page.
    """
    page = pdf.pages[number - 1].obj
    if not isinstance(page, Dictionary):
        raise PageUnreadable
    slim = _only(page, _PAGE_KEEPS) | _inherited(page, _INHERITED_BY_PAGES)
    reached = page_tree.reach((dict.fromkeys(_gone(page)) | slim).items())
    if isinstance(annotations := page.get(Name.Annots), Array):
        slim["/Annots"] = Array(_slim_annotations(pdf, annotations))
    with Pdf.new() as alone:
        alone.pages.append(pikepdf.Page(pdf.make_indirect(Dictionary(slim))))
        _carry_layers(pdf, alone)
        _carry_form(pdf, alone)
        alone.remove_unreferenced_resources()
        gone = page_tree.lost(warned := pdf.get_warnings()) | set(lost)
        damage = page_tree.codes(reached, gone) | condition.warned(warned) | set(broken)
        condition.note(alone.pages[0].obj, damage, elsewhere.of(pdf) if number == 1 else "")
        user_unit.bake_in(alone.pages[0])
        jpeg_2000.unpack(alone)
        _save(alone, path, pdf.pdf_version)
        if _holds(path, _SLASH):
            cmap_paths.forget(alone)
            _save(alone, path, pdf.pdf_version)


def _gone(page: Object) -> list[str]:
    """Return the keys of a page whose values are not there."""
    return [str(key) for key, value in page.items() if value is None]


def _holds(path: Path, word: bytes) -> bool:
    with path.open("rb") as file, mmap(file.fileno(), 0, access=ACCESS_READ) as data:
        return data.find(word) >= 0


def _save(alone: Pdf, path: Path, version: str) -> None:
    alone.save(
        path,
        min_version=version,
        compress_streams=False,
        stream_decode_level=StreamDecodeLevel.none,
        object_stream_mode=ObjectStreamMode.disable,
        deterministic_id=True,
    )


def _only(thing: Object, keys: tuple[Name, ...]) -> dict[str, Any]:
    return {str(key): thing[key] for key in keys if key in thing}


def _inherited(thing: Object, keys: tuple[Name, ...]) -> dict[str, Any]:
    """Return what ``thing`` itself or the nearest of its parents says for each of ``keys``."""
    found: dict[str, Any] = {}
    node: Object | None = thing
    for _ in range(_MAXIMUM_STEPS):
        if not isinstance(node, Dictionary):
            break
        found = _only(node, keys) | found
        node = node.get(Name.Parent)
    return found


def _slim_annotations(pdf: Pdf, annotations: Array) -> Iterator[Object]:
    """Yield the annotations without what leads off the page; a field's parents are folded in."""
    lost = {str(key) for key in _ANNOTATION_LOSES}
    for annotation in annotations:
        if isinstance(annotation, Dictionary):
            slim = {key: value for key, value in annotation.items() if key not in lost}
            yield pdf.make_indirect(Dictionary(_inherited(annotation, _INHERITED_BY_FIELDS) | slim))


def _carry_layers(pdf: Pdf, alone: Pdf) -> None:
    """Copy which layers are off: a renderer that is not told shows them all."""
    layers = pdf.Root.get(Name.OCProperties)
    if isinstance(layers, Dictionary):
        alone.Root.OCProperties = _copied(pdf, alone, dict(layers.items()))


def _carry_form(pdf: Pdf, alone: Pdf) -> None:
    """Copy the form: fields without an appearance are drawn only where one lists them."""
    annotations = alone.pages[0].obj.get(Name.Annots, Array())
    widgets = [a for a in annotations if a.get(Name.Subtype) == Name.Widget]
    form = pdf.Root.get(Name.AcroForm)
    if widgets and isinstance(form, Dictionary):
        alone.Root.AcroForm = _copied(pdf, alone, _only(form, _FORM_KEEPS))
        alone.Root.AcroForm.Fields = Array(widgets)


def _copied(pdf: Pdf, alone: Pdf, items: dict[str, Any]) -> Object:
    return alone.copy_foreign(pdf.make_indirect(Dictionary(items)))
