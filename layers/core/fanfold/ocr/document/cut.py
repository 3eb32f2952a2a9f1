"""Cut pages out of a document into one-page PDFs. Runs in the child.

Each page is noted in a journal as soon as it is finished, so that after a page that kills the
child the rest can be cut by another one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path

import pikepdf
from PIL import Image, ImageFile, UnidentifiedImageError

from fanfold.damage import PICTURE_DAMAGED, REBUILT
from fanfold.errors import (
    DamagedFile,
    DiskFull,
    DocumentError,
    FanfoldError,
    OutOfMemory,
    PageUnreadable,
    PixelsExceeded,
)
from fanfold.ocr.document import condition, page_tree, second
from fanfold.ocr.document.image_page import UNWRAPPABLE, wrap
from fanfold.ocr.document.pdf_page import write_page
from fanfold.ocr.document.probe import DAMAGED, PDF, frames, opened_image, opened_pdf
from fanfold.ocr.isolation import journal
from fanfold.workspace import NO_SPACE

Writer = Callable[[int, Path], None]

_UNCUTTABLE = (pikepdf.PdfError, *UNWRAPPABLE, *DAMAGED)
"""What the libraries raise for a page that cannot be cut, besides OSError."""


def cut(
    source: str,
    media_type: str,
    pages: Sequence[int],
    folder: str,
    image_pixels: int,
    poppler: str | None = None,
) -> None:
    """Write each of ``pages`` (from 1) to ``folder`` and note it in the journal.

    A page that cannot be cut is noted with its error; only a document that does not open raises.
    """
    target = Path(folder)
    with _opened(Path(source), media_type, image_pixels, poppler) as write:
        for page in pages:
            journal.note(target, page, _cut_page(write, page, target))


def _cut_page(write: Writer, page: int, folder: Path) -> str | None:
    path = journal.page_path(folder, page)
    try:
        write(page, path)
    except FanfoldError as error:
        code = error.code
    except MemoryError:
        code = OutOfMemory.code
    except OSError as error:  # Pillow raises it for damaged pixels, too
        code = DiskFull.code if error.errno in NO_SPACE else PageUnreadable.code
    except Exception:  # other people's code raises what it likes
        code = PageUnreadable.code
    else:
        return None
    path.unlink(missing_ok=True)
    return code


@contextmanager
def _opened(
    source: Path, media_type: str, image_pixels: int, poppler: str | None
) -> Iterator[Writer]:
    """Open the document; yield the function that writes one of its pages to a path."""
    if media_type == PDF:
        with ExitStack() as stack:
            yield _pdf_writer(stack, str(source), poppler)
        return
    try:
        with opened_image(str(source), image_pixels) as image:
            yield partial(_write_frame, source, image, image_pixels)
    except UnidentifiedImageError as error:
        raise DamagedFile("The image is damaged and cannot be opened.") from error


def _pdf_writer(stack: ExitStack, source: str, poppler: str | None) -> Writer:
    """Open a PDF, which ``stack`` closes; where qpdf cannot, poppler does."""
    try:
        pdf = stack.enter_context(opened_pdf(source))
        if not len(pdf.pages):
            raise DamagedFile
    except (DocumentError, pikepdf.PdfError, *DAMAGED):
        if not second.pages(source, poppler):
            raise
        return partial(_rebuild, source, poppler)
    lost = page_tree.lost(pdf.get_warnings())

    def write(page: int, path: Path) -> None:
        try:
            write_page(pdf, page, path, lost=lost)
        except (PageUnreadable, *_UNCUTTABLE):
            _rebuild(source, poppler, page, path)

    return write


def _rebuild(source: str, poppler: str | None, page: int, path: Path) -> None:
    """Write a page as poppler understands it, with that noted; raise PageUnreadable."""
    separate = path.with_suffix(".separate")
    if not second.separate(source, poppler, page, separate):
        raise PageUnreadable
    with opened_pdf(str(separate)) as pdf:
        write_page(pdf, 1, path, broken=(REBUILT,))
    separate.unlink()


def _write_frame(
    source: Path, image: Image.Image, image_pixels: int, page: int, path: Path
) -> None:
    """Write a picture; of one that is broken what can be decoded, with that noted."""
    _seek(image, image_pixels, page)
    try:
        wrap(source, image, path)
    except (OSError, *_UNCUTTABLE) as error:
        if isinstance(error, OSError) and error.errno in NO_SPACE:
            raise
        with opened_image(str(source), image_pixels) as again, _what_there_is():
            _seek(again, image_pixels, page)
            wrap(source, again, path, as_it_is=False)
        condition.note_in(path, {PICTURE_DAMAGED})


def _seek(image: Image.Image, image_pixels: int, page: int) -> None:
    image.seek(frames(image)[page - 1])
    if image.width * image.height > image_pixels:  # Pillow checks the first frame only
        raise PixelsExceeded


@contextmanager
def _what_there_is() -> Iterator[None]:
    """Have Pillow decode pictures as far as they go."""
    ImageFile.LOAD_TRUNCATED_IMAGES = True
    try:
        yield
    finally:
        ImageFile.LOAD_TRUNCATED_IMAGES = False
