"""The searchable PDF, which is the original with the pages' invisible text in it."""

from __future__ import annotations

import logging
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from fanfold.errors import DamagedFile, DocumentError, PasswordRequired, Unavailable
from fanfold.model import Document
from fanfold.ports import DocumentTool, ObjectStore
from fanfold.stages.progress import selected

logger = logging.getLogger(__name__)

_PDF = "application/pdf"


@dataclass(frozen=True, slots=True)
class WritePdf:
    """Writes searchable PDFs."""

    objects: ObjectStore
    tool: DocumentTool

    def __call__(
        self,
        document: Document,
        layers: Mapping[int, Path],
        target: Path,
        *,
        patient: bool,
        broken: bool = False,
    ) -> bool:
        """Write the searchable PDF; False where the original cannot be written again.

        ``layers`` are the pages' text-only PDFs. That it cannot must not cost the
        reader the text: the document ends with the other results. ``patient``: raise Unavailable
        where it is not the file's fault, so that the message comes again. ``broken``: something of
        the original is damaged. One that cannot be opened is put together from its pages.
        """
        source, original = document.source, target.parent / "original"
        if source is None or not self.objects.download(*source.readable, original):
            return False
        try:
            if source.media_type != _PDF:
                self._from_pages(document, source.media_type, original, layers, target)
            else:
                try:
                    self.tool.graft(original, layers, target, mend=broken)
                except (DamagedFile, PasswordRequired):
                    self._from_pages(document, source.media_type, original, layers, target)
        except (DocumentError, Unavailable) as error:
            if patient and isinstance(error, Unavailable):
                raise
            logger.warning("no searchable PDF", extra={"code": error.code, "why": str(error)})
            return False
        return True

    def _from_pages(
        self,
        document: Document,
        media_type: str,
        original: Path,
        layers: Mapping[int, Path],
        target: Path,
    ) -> None:
        begun = time.monotonic()
        frames = self._frames(document, media_type, original)
        place = {page: index for index, page in enumerate(frames, 1)}
        placed = {place[page]: path for page, path in layers.items() if page in place}
        spent = time.monotonic() - begun
        self.tool.graft(list(frames.values()), placed, target, spent)

    def _frames(self, document: Document, media_type: str, original: Path) -> dict[int, Path]:
        """Cut a document's pages again: those under work/ may be of several runs, or gone.

        Raises DamagedFile where not one can be cut.
        """
        folder = original.parent / "frames"
        folder.mkdir()
        cuts = self.tool.cut(original, media_type, selected(document), folder)
        frames = {cut.page: cut.path for cut in cuts if cut.path}
        if not frames:
            raise DamagedFile
        return frames
