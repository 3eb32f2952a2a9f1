"""Whether somebody has signed a PDF: every change, if only of its layout, makes that void."""

from __future__ import annotations

from pikepdf import Array, Dictionary, Name, Object, Pdf

_MOST_FIELDS = 10_000
"""Maximum of form fields that are looked at."""

_PERMISSIONS = ("/DocMDP", "/UR3")
"""Signatures of the document as a whole."""


def signed(pdf: Pdf) -> bool:
    """Whether a form field of ``pdf`` holds a signature, or the document as a whole has one."""
    perms = pdf.Root.get(Name.Perms)
    if isinstance(perms, Dictionary) and any(key in perms for key in _PERMISSIONS):
        return True
    form = pdf.Root.get(Name.AcroForm)
    fields = form.get(Name.Fields) if isinstance(form, Dictionary) else None
    todo: list[Object] = list(fields) if isinstance(fields, Array) else []
    for _ in range(_MOST_FIELDS):
        if not todo:
            break
        field = todo.pop()
        if not isinstance(field, Dictionary):
            continue
        if field.get(Name.FT) == Name.Sig and isinstance(field.get(Name.V), Dictionary):
            return True
        kids = field.get(Name.Kids)
        todo += list(kids) if isinstance(kids, Array) else []
    return False
