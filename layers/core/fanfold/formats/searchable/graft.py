"""document.pdf: the original pages with an invisible text layer, so that they can be searched.

Runs in the sandboxed child. The original is opened and written again, never drawn again: its
bookmarks, metadata and page contents stay as they are (an encryption is dropped). A layer becomes
a form XObject that is shown before the page's own content, so the content needs no wrapping in
q/Q and its graphics state no guessing. Where a layer stands for all text of a page, invisible
text that the page has already is taken off and visible text says nothing to a search, or every
word would be found twice. The form's matrix
maps the page as displayed, which is how the recogniser saw it, into the page's own space; see
ISO 32000-1, 8.3.4 and 8.10.
"""

from __future__ import annotations

import shutil
import zlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import pikepdf
from pikepdf import Array, Dictionary, Name, Pdf, Stream

from fanfold import flate, page_boxes, pdf_signatures
from fanfold.errors import DamagedFile, NoPages, PasswordRequired
from fanfold.formats.searchable import archival, hidden_text, placement, structure
from fanfold.formats.searchable.describe import describe, marked
from fanfold.formats.searchable.layer_read import BrokenLayer, FontPool, InvisibleLayer, read
from fanfold.formats.searchable.structure import Structure
from fanfold.page_boxes import Displayed

_FORM_NAME = "/FanfoldText"
"""What a page's resources call the layer's form."""


def graft(
    base: str | Sequence[str], layers: Mapping[str, str], target: str, *, mend: bool = False
) -> list[int]:
    """Write ``base`` with ``layers`` grafted on to ``target``; return the pages that got none.

    ``base`` is the path of a PDF, or of one-page PDFs to be joined in order. ``layers`` maps a
    page's index in ``base``, from 1, to the path of its text-only PDF. A layer that is broken, or
    whose page is missing or displays nothing, is left out and its index returned: a lost layer must
    not lose the document. Joined pages that hold a picture each become PDF/A, where that is honest.
    ``mend``: what does not decode to its end is written as far as it does. Raises DamagedFile,
    NoPages and PasswordRequired for ``base``.
    """
    with _opened(base, target) as pdf:
        if isinstance(base, str) and not layers and not mend and _is_sound(pdf):
            shutil.copyfile(base, target)  # nothing is added; signatures stay valid
            return []
        pages = dict(enumerate(pdf.pages, start=1))  # pdf.pages[n] would count them every time
        archivable = not isinstance(base, str) and archival.is_archivable(pdf)
        tags = structure.begun(pdf) if archivable and layers else structure.of(pdf)
        fonts = FontPool(pdf)
        skipped, languages = [], []
        for index in sorted(map(int, layers)):
            path = layers[str(index)]
            added = _graft_page(pages[index], path, fonts, tags) if index in pages else None
            if added is None:
                skipped.append(index)
            else:
                languages.append(added)
        if languages or archivable:
            describe(pdf, languages)
        if archivable:
            archival.declare(pdf)
        if tags:
            tags.close()
        if mend:
            _mend(pdf)
        _save(pdf, target)
    return skipped


def _is_sound(pdf: Pdf) -> bool:
    """Whether a file is handed out as it is: not locked; nothing that opening it has to mend.

    Some viewers find no page at all where their number is told wrongly, which qpdf does not mind.
    """
    if pdf.is_encrypted:
        return False
    counted = pdf.Root.Pages.get(Name.Count) == len(pdf.pages)
    return pdf_signatures.signed(pdf) or (counted and not pdf.get_warnings())


def _mend(pdf: Pdf) -> None:
    """Let the streams that break end where they break."""
    for thing in pdf.objects:
        if isinstance(thing, Stream) and (there := flate.salvaged(thing)) is not None:
            thing.write(zlib.compress(there), filter=Name.FlateDecode, decode_parms=_parms(thing))


def _parms(stream: Stream) -> Dictionary | Array | None:
    parms = stream.get(Name.DecodeParms)
    return parms if isinstance(parms, Dictionary | Array) else None


def _graft_page(
    page: pikepdf.Page, path: str, fonts: FontPool, tags: Structure | None
) -> str | None:
    """Show a layer on a page; None if that is not possible, and the page is as it was.

    Returns the language of its text, empty where that is not known.
    """
    try:
        layer = read(Path(path), fonts)
    except BrokenLayer:
        return None
    shown = page_boxes.displayed(page.obj)
    if not shown.has_area:
        return None
    if layer.instead:
        hidden_text.strip(fonts.target, page)
        _say_nothing(page)
    form = Stream(
        fonts.target,
        zlib.compress(layer.content),
        Type=Name.XObject,
        Subtype=Name.Form,
        BBox=Array(layer.box),
        Matrix=_matrix(layer, shown),
        Resources=Dictionary(Font=layer.fonts),
        Filter=Name.FlateDecode,
    )
    shows = marked(f"{_add_xobject(page, form)} Do", layer.language)
    page.contents_add(shows, prepend=True)
    if tags:
        tags.add(page, form, layer.roles, layer.language)
    return layer.language


def _say_nothing(page: pikepdf.Page) -> None:
    """Let whoever searches a page pass over the text that it shows: the layer stands for it.

    That text was not believed, or recognition was asked for. It stays to be seen, as a span that
    says nothing (ISO 32000-1, 14.9.4).
    """
    if any(kind in page.resources for kind in (Name.Font, Name.XObject)):
        page.contents_add(b"/Span <</ActualText ()>> BDC\n", prepend=True)
        page.contents_add(b"\nEMC\n")


def _matrix(layer: InvisibleLayer, shown: Displayed) -> Array:
    matrix = placement.matrix(layer.box, shown)
    return Array([round(value, 6) for value in matrix.shorthand])


def _add_xobject(page: pikepdf.Page, form: Stream) -> str:
    """Add ``form`` to the page and return its name there; pages may share their resources."""
    resources = Dictionary(dict(page.resources.items()))
    present = resources.get(Name.XObject)
    xobjects = Dictionary(dict(present.items()) if isinstance(present, Dictionary) else {})
    name = _FORM_NAME
    while name in xobjects:  # it was our result before
        name += "_"
    xobjects[name] = form
    resources.XObject = xobjects
    page.obj.Resources = resources
    return name


@contextmanager
def _opened(base: str | Sequence[str], target: str) -> Iterator[Pdf]:
    try:
        if isinstance(base, str):
            with pikepdf.open(base) as pdf:
                yield pdf
        else:
            joined = Path(f"{target}.joined")
            _join(base, joined)
            with pikepdf.open(joined) as pdf:
                yield pdf
            joined.unlink()
    except pikepdf.PasswordError as error:
        raise PasswordRequired from error
    except pikepdf.PikepdfError as error:
        raise DamagedFile from error


def _join(paths: Sequence[str], target: Path) -> None:
    """Write the pages of ``paths`` one after the other.

    qpdf's own job copies streams from file to file and keeps few files open; Pdf.pages.extend
    holds every stream in memory, as much as all files together.
    """
    if not paths:
        raise NoPages
    raw = ["--compress-streams=n", "--decode-level=none", "--remove-unreferenced-resources=no"]
    few = ["--keep-files-open=n", "--deterministic-id"]
    pikepdf.Job(["qpdf", "--empty", *raw, *few, "--pages", *paths, "--", str(target)]).run()


def _save(pdf: Pdf, target: str) -> None:
    pdf.save(
        target,
        encryption=False,
        deterministic_id=True,
        compress_streams=False,  # streams go over as they are
        stream_decode_level=pikepdf.StreamDecodeLevel.none,
        fix_metadata_version=False,  # would put empty metadata in the place of what it cannot read
    )
