"""Read an invisible layer: a PDF of one page that holds nothing but invisible text and its font."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

import pikepdf
from pikepdf import Array, Dictionary, Object, Pdf, Stream

from fanfold.page_boxes import Corners

LANGUAGE = "/FanfoldLanguage"
"""Key of a layer's page: the language of its text, as the web has it, where that is one."""

INSTEAD = "/FanfoldInstead"
"""Key of a layer's page: true where it stands for all text of the page that it is grafted on."""

ROLES = "/FanfoldRoles"
"""Key of a layer's page: the standard structure types of its marked contents, by their number."""

_MAXIMUM_FONT_DEPTH = 8
"""Maximum of objects within objects of a font. GlyphLessFont has 4; endless ones are broken."""


class BrokenLayer(Exception):
    """The file is no layer that can be grafted."""


@dataclass(frozen=True, slots=True)
class InvisibleLayer:
    """The layer's content, its box and its fonts, which belong to the target already.

    ``instead`` says that it stands for all text of the page that it is grafted on; ``roles`` are
    the structure types of its marked contents, by their number.
    """

    content: bytes
    box: Corners
    fonts: Dictionary
    instead: bool = False
    language: str = ""
    roles: tuple[str, ...] = ()


class FontPool:
    """The fonts of the target file: equal ones are copied into it once, not once for each page."""

    def __init__(self, target: Pdf) -> None:
        self.target = target
        self._known: dict[bytes, Object] = {}

    def adopt(self, font: Object, owner: Pdf) -> Object:
        """Return the target's own copy of a layer's font."""
        digest = _digest(font)
        if digest not in self._known:
            local = font if font.is_indirect else owner.make_indirect(font)
            self._known[digest] = self.target.copy_foreign(local)
        return self._known[digest]


def read(path: Path, fonts: FontPool) -> InvisibleLayer:
    """Read a layer; raise BrokenLayer if it cannot be used."""
    try:
        with pikepdf.open(path) as pdf:
            page = pdf.pages[0]
            page.contents_coalesce()
            left, bottom, right, top = (float(edge) for edge in page.mediabox)
            if not (left < right and bottom < top):
                raise BrokenLayer("The layer has no area.")
            adopted = {name: fonts.adopt(font, pdf) for name, font in page.resources.Font.items()}
            content = page.obj.Contents.read_bytes()
            instead = bool(page.obj.get(INSTEAD, False))
            box, language = (left, bottom, right, top), str(page.obj.get(LANGUAGE, ""))
            roles = tuple(str(role)[1:] for role in page.obj.get(ROLES, ()))
            return InvisibleLayer(content, box, Dictionary(adopted), instead, language, roles)
    except (pikepdf.PikepdfError, OSError, LookupError, AttributeError, TypeError, ValueError) as e:
        raise BrokenLayer(type(e).__name__) from e


def _digest(value: object, depth: int = 0) -> bytes:
    """Return a hash of everything below ``value``, whatever its objects are numbered."""
    if depth > _MAXIMUM_FONT_DEPTH:
        raise ValueError("The font nests too deep.")
    found = hashlib.sha256()
    if isinstance(value, Stream):
        found.update(value.read_raw_bytes())
    if isinstance(value, (Dictionary, Stream)):
        for name in sorted(value.keys()):
            found.update(name.encode() + _digest(value[name], depth + 1))
    elif isinstance(value, Array):
        for item in value:
            found.update(_digest(item, depth + 1))
    else:
        found.update(repr(value).encode())
    return found.digest()
