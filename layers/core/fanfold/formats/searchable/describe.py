"""What a searchable PDF says of itself: who wrote it, what was added, in which language.

Said in the information dictionary and in XMP (ISO 32000-1, 14.3), which must not differ in PDF/A.
All else of both stays; where one of them cannot be read, it stays as it is.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import pikepdf
from lxml.etree import LxmlError
from pikepdf import Dictionary, Name, Pdf, Stream, String

from fanfold import __version__

_TAG = re.compile(r"[a-z]{2,3}(-[A-Z][a-z]{3})?")
_MAXIMUM_XMP = 1_000_000
"""Maximum of bytes of XMP that is parsed; usual is a thousandth."""


def describe(pdf: Pdf, languages: Sequence[str]) -> None:
    """Say that invisible text was added; ``languages`` are those of the pages that got some.

    The document has a language where it names none and each of its pages got text in that one.
    """
    one = len(languages) == len(pdf.pages) and len(set(languages)) == 1
    if one and languages[0] and Name.Lang not in pdf.Root:
        pdf.Root.Lang = String(languages[0])
    told = f"Fanfold {__version__}: invisible text on {len(languages)} of {len(pdf.pages)} pages"
    info, before = pdf.trailer.get(Name.Info), None
    if isinstance(info, Dictionary):
        before = info.get(Name.Producer)
    if isinstance(before, String) and str(before):
        told = f"{told}; before: {_plain(str(before))}"
    if info is None or isinstance(info, Dictionary):
        pdf.docinfo[Name.Producer] = String(told)
    _describe_xmp(pdf, told)


def marked(shown: str, language: str) -> bytes:
    """Return the operators ``shown`` as a span in a language, if that is one (14.9.2)."""
    if not _TAG.fullmatch(language):
        return f"{shown}\n".encode()
    return f"/Span <</Lang ({language})>> BDC\n{shown}\nEMC\n".encode()


def _describe_xmp(pdf: Pdf, told: str) -> None:
    there = pdf.Root.get(Name.Metadata)
    if there is not None and not isinstance(there, Stream):
        return
    try:
        if there is not None and len(there.read_bytes()) > _MAXIMUM_XMP:
            return
        with pdf.open_metadata(
            set_pikepdf_as_editor=False, update_docinfo=False, strict=True
        ) as xmp:
            xmp["pdf:Producer"] = told
    except (pikepdf.PikepdfError, LxmlError, LookupError, TypeError, ValueError):
        return


def _plain(text: str) -> str:
    """Return a text without what XML cannot hold."""
    return "".join(c for c in text if c.isprintable())
