"""Documents whose content is not on their pages: portfolios, and forms that one program draws.

Runs in the child.
"""

from __future__ import annotations

import re

from pikepdf import Array, Dictionary, Name, Pdf

_NAMED_FILES = 10
"""Maximum of attached files that are named."""

_LONGEST_NOTICE = 80
"""Maximum of letters of a file's name that are shown."""

_FORM = "the form itself is not on the page: only Adobe's programs draw it (XFA)"
_PLEASE_WAIT = re.compile(
    r"not\s+eventually\s+replaced|viewer\s+may\s+not\s+be\s+able"
    r"|later\s+version\s+of\s+the\s+pdf\s+viewer"
    r"|bitte\s+warten.{0,400}viewer|veuillez\s+patienter.{0,400}(?:visionneu|afficheur|adobe)"
    r"|espere.{0,400}visor\s+de\s+pdf|attend(?:ere|i).{0,400}visualizzatore"
    r"|even\s+geduld.{0,400}viewer|aguarde.{0,400}visualizador",
    re.I | re.S,
)
"""What Adobe's programs put on the page of a form that they alone draw, in its larger languages."""

_MAXIMUM_WORDS_OF_NOTICE = 250
"""Maximum of words on a page that only asks to wait; Adobe's has 60."""


def of(pdf: Pdf) -> str:
    """Return where a document's content is; empty if it is on its pages."""
    if isinstance(pdf.Root.get(Name.Collection), Dictionary):
        return f"the document is a portfolio: its content is in the attached files ({_files(pdf)})"
    return _FORM if _is_drawn_elsewhere(pdf) else ""


def _is_drawn_elsewhere(pdf: Pdf) -> bool:
    """Whether a document says that its pages must be made first, or is a form without fields."""
    form = pdf.Root.get(Name.AcroForm)
    if bool(pdf.Root.get(Name.NeedsRendering, False)):
        return True
    if not isinstance(form, Dictionary) or Name.XFA not in form:
        return False
    fields = form.get(Name.Fields)
    return not isinstance(fields, Array) or not len(fields)


def asks_to_wait(text: str) -> str:
    """Return the same of a page by what it says."""
    few = len(text.split()) <= _MAXIMUM_WORDS_OF_NOTICE
    return _FORM if few and _PLEASE_WAIT.search(text) else ""


def _files(pdf: Pdf) -> str:
    names = [
        "".join(filter(str.isprintable, name))[:_LONGEST_NOTICE] for name in sorted(pdf.attachments)
    ]
    shown = ", ".join(names[:_NAMED_FILES])
    more = len(names) - _NAMED_FILES
    return f"{shown} and {more} more" if more > 0 else shown or "none is there"
