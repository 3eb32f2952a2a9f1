"""Split: cut one shard into one-page files and queue its pages."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from fanfold import keys, workspace
from fanfold.errors import DocumentError, PageUnreadable, SourceMissing
from fanfold.messages import PageMessage, SplitMessage, encode, group_of
from fanfold.model import Document, FailedMark, Shard
from fanfold.ports import Cut, DocumentStore, DocumentTool, ObjectStore, Queue
from fanfold.stages import shards
from fanfold.stages.endings import Endings
from fanfold.stages.progress import Progress

_MAXIMUM_TOGETHER = 10
"""Maximum of pages stored and queued in one go: the first are read while the rest is stored."""


@dataclass(frozen=True, slots=True)
class Split:
    """Cuts shards into pages."""

    store: DocumentStore
    objects: ObjectStore
    page: Queue
    tool: DocumentTool
    temporary: Path
    progress: Progress
    endings: Endings

    def __call__(self, message: SplitMessage) -> None:
        """Cut the shard's pages, store them under work/ and queue them.

        A page that cannot be cut is marked failed. Doing it twice is harmless: the same files are
        written again and pages that have a mark are left out.
        """
        document = self.progress.under_way(message)
        if document is None or message.shard in document.fanned:
            return
        shard = shards.current(document, message.shard, self.store)
        if shard is None:
            return
        if shard.waiting:
            try:
                with workspace.folder(self.temporary) as folder:
                    cuts = self._cut(document, shard, folder)
                    self._store_and_queue(document, cuts)
            except DocumentError as error:
                now = self.store.get(document.id) or document
                if message.shard not in now.fanned:  # by another delivery that fared better
                    self.endings.fail(document, error)
                return
            shard = self._mark_failures(document, shard, cuts)
        # Of all that failed so far: whoever marked them may have died before telling.
        self.progress.advance(shard, document, *shard.failed)
        self.store.fanned(document.id, document.run, message.shard)

    def _cut(self, document: Document, shard: Shard, folder: Path) -> list[Cut]:
        source = document.source
        path = folder / "original"
        if source is None or not self.objects.download(*source.readable, path):
            raise SourceMissing
        pages = folder / "pages"
        pages.mkdir()
        return self.tool.cut(path, source.media_type, shard.waiting, pages)

    def _store_and_queue(self, document: Document, cuts: list[Cut]) -> None:
        good = iter([(cut.page, cut.path) for cut in cuts if cut.path])
        while some := list(islice(good, _MAXIMUM_TOGETHER)):
            self.objects.put_files(
                {keys.work_page(document.id, document.run, page): path for page, path in some},
                "application/pdf",
            )
            self.page.send(
                [encode(PageMessage(document.id, document.run, page)) for page, _ in some],
                group=group_of(document),
            )

    def _mark_failures(self, document: Document, shard: Shard, cuts: list[Cut]) -> Shard:
        for cut in cuts:
            if cut.path is None:
                mark = FailedMark(cut.error or PageUnreadable.code, attempt=1)
                now = self.store.mark_failed(document.id, document.run, cut.page, mark)
                shard = now or shard
        return shard
