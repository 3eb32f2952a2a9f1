"""Cut pages out of a document into one-page PDFs. Runs in the child.

Each page is noted in a journal as soon as it is finished, so that after a page that kills the
child the rest can be cut by another one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import pikepdf
from PIL import Image, UnidentifiedImageError

from fanfold.errors import (
    DamagedFile,
    DiskFull,
    FanfoldError,
    OutOfMemory,
    PageUnreadable,
    PixelsExceeded,
)
from fanfold.ocr.document import journal
from fanfold.ocr.document.image_page import UNWRAPPABLE, wrap
from fanfold.ocr.document.pdf_page import write_page
from fanfold.ocr.document.probe import DAMAGED, PDF, opened_image, opened_pdf
from fanfold.workspace import NO_SPACE

Writer = Callable[[int, Path], None]

_UNCUTTABLE = (pikepdf.PdfError, *UNWRAPPABLE, *DAMAGED)
"""What the libraries raise for a page that cannot be cut, besides OSError."""


def cut(source: str, media_type: str, pages: Sequence[int], folder: str, image_pixels: int) -> None:
    """Write each of ``pages`` (from 1) to ``folder`` and note it in the journal.

    A page that cannot be cut is noted with its error; only a document that does not open raises.
    """
    target = Path(folder)
    with _opened(Path(source), media_type, image_pixels) as write:
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
    except _UNCUTTABLE:
        code = PageUnreadable.code
    else:
        return None
    path.unlink(missing_ok=True)
    return code


@contextmanager
def _opened(source: Path, media_type: str, image_pixels: int) -> Iterator[Writer]:
    """Open the document; yield the function that writes one of its pages to a path."""
    if media_type == PDF:
        with opened_pdf(str(source)) as pdf:
            yield partial(write_page, pdf)
        return
    try:
        with opened_image(str(source), image_pixels) as image:
            yield partial(_write_frame, source, image, image_pixels)
    except UnidentifiedImageError as error:
        raise DamagedFile("The image is damaged and cannot be opened.") from error


def _write_frame(
    source: Path, image: Image.Image, image_pixels: int, page: int, path: Path
) -> None:
    image.seek(page - 1)
    if image.width * image.height > image_pixels:  # Pillow checks the first frame only
        raise PixelsExceeded
    wrap(source, image, path)
