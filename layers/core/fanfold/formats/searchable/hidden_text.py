"""Take invisible text off a page that was recognised anew, so that nothing is found twice.

Text that is shown in rendering mode 3 (ISO 32000-1, 9.3.6) leaves no mark on the page: scanners
and recognition programs lay it behind their pictures. Everything else stays as it is.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import pikepdf
from pikepdf import Dictionary, Name, Object, Operator, Page, Pdf, Stream

Instruction = pikepdf.ContentStreamInstruction | pikepdf.ContentStreamInlineImage

_INVISIBLE_MODE = 3
_MAXIMUM_FORM_DEPTH = 4
"""Maximum of forms within forms that are entered; deeper ones are hostile loops."""

_SHOWING = ("Tj", "TJ", "'", '"')
"""Operators that show text."""

_PLACING = ("BT", "Td", "TD", "Tm", "T*")
"""Operators that say where the text that follows stands."""


class _Entangled(Exception):
    """Visible text begins where invisible text ends: without that, it would move."""


def strip(pdf: Pdf, page: Page) -> bool:
    """Take invisible text off ``page``; return whether there was any.

    A page whose content cannot be parsed, or whose visible text would move, stays as it is.
    """
    try:
        slim = _Slim(pdf, page.resources)
        kept = slim.instructions(page, depth=0)
        if not slim.dropped:
            return False
        content = pdf.make_stream(pikepdf.unparse_content_stream(kept))
    except (_Entangled, pikepdf.PikepdfError, LookupError, TypeError, ValueError):
        return False
    page.obj.Contents = content
    if slim.forms:
        page.obj.Resources = slim.resources()
    return True


@dataclass(slots=True)
class _Slim:
    """A content stream being copied without its invisible text.

    ``mode`` is the text rendering mode, which q and Q save and restore; ``placed`` says whether
    text that comes next has been given a place since invisible text was dropped; ``forms`` are the
    copies of forms that lost text.
    """

    pdf: Pdf
    names: Object
    mode: int = 0
    saved: list[int] = field(default_factory=list)
    placed: bool = True
    dropped: bool = False
    forms: dict[str, Object] = field(default_factory=dict)

    def instructions(self, content: Page | Object, depth: int) -> list[Instruction]:
        kept: list[Instruction] = []
        for step in pikepdf.parse_content_stream(content):
            kept += self._kept(step, depth)
        return kept

    def resources(self) -> Dictionary:
        """Return resources with the slim forms in place of the others."""
        resources = Dictionary(dict(self.names.items()))
        resources.XObject = Dictionary(dict(resources.XObject.items()) | self.forms)
        return resources

    def _kept(self, step: Instruction, depth: int) -> Sequence[Instruction]:
        operator = str(step.operator)
        if operator == "q":
            self.saved.append(self.mode)
        elif operator == "Q" and self.saved:
            self.mode = self.saved.pop()
        elif operator == "Tr":
            self.mode = int(step.operands[0])
        elif operator == "Do" and isinstance(step, pikepdf.ContentStreamInstruction):
            self._enter(str(step.operands[0]), depth)
        elif operator in _PLACING:
            self.placed = True
        elif operator in _SHOWING:
            return self._shown(step, operator)
        return [step]

    def _shown(self, step: Instruction, operator: str) -> Sequence[Instruction]:
        if self.mode == _INVISIBLE_MODE:
            self.dropped, self.placed = True, False
            return _moves(step, operator)
        if not self.placed and operator in ("Tj", "TJ"):
            raise _Entangled
        return [step]

    def _enter(self, name: str, depth: int) -> None:
        """Copy a form without its invisible text; the same form may stand on other pages, too."""
        form = self.names.get(Name.XObject, Dictionary()).get(name)
        if (
            not isinstance(form, Stream)
            or form.get(Name.Subtype) != Name.Form
            or depth >= _MAXIMUM_FORM_DEPTH
        ):
            return
        inner = _Slim(self.pdf, form.get(Name.Resources, self.names), self.mode)
        kept = inner.instructions(form, depth + 1)
        if not inner.dropped:
            return
        slim = self.pdf.make_stream(pikepdf.unparse_content_stream(kept))
        for key in set(form.keys()) - {"/Length", "/Filter", "/DecodeParms"}:
            slim[key] = form[key]
        if inner.forms:
            slim.Resources = inner.resources()
        self.forms[name], self.dropped = slim, True


def _moves(step: Instruction, operator: str) -> list[Instruction]:
    """Return what a step does besides showing text: going to the next line, setting spaces."""
    if operator in ("Tj", "TJ"):
        return []
    operands = list(step.operands)
    spaces = zip(operands[:-1], ("Tw", "Tc"), strict=False) if operator == '"' else ()
    settings: list[Instruction] = [
        pikepdf.ContentStreamInstruction([value], Operator(name)) for value, name in spaces
    ]
    return [*settings, pikepdf.ContentStreamInstruction([], Operator("T*"))]
