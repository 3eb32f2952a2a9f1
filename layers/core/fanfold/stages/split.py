"""Split: cut one shard into one-page files and queue its pages."""

from __future__ import annotations

from itertools import islice
from pathlib import Path

from fanfold import keys, workspace
from fanfold.errors import DocumentError, PageUnreadable, SourceMissing
from fanfold.messages import PageMessage, SplitMessage, encode
from fanfold.model import Document, FailedMark, Shard
from fanfold.ports import Clock, Cut, DocumentStore, DocumentTool, ObjectStore, Queue
from fanfold.stages import outcome, shards
from fanfold.stages.progress import advance, under_way

_TOGETHER = 10
"""Pages stored and queued in one go: the first are being read while the rest is stored."""


def split(
    message: SplitMessage,
    *,
    store: DocumentStore,
    objects: ObjectStore,
    page: Queue,
    assemble: Queue,
    tool: DocumentTool,
    clock: Clock,
    temporary: Path,
) -> None:
    """Cut the shard's pages, store them under work/ and queue them.

    A page that cannot be cut is marked failed. Doing it twice is harmless: the same files are
    written again and pages that have a mark are left out.
    """
    document = under_way(message, store, assemble)
    if document is None or message.shard in document.fanned:
        return
    shard = shards.current(document, message.shard, store)
    if shard is None:
        return
    if shard.waiting:
        try:
            with workspace.folder(temporary) as folder:
                cuts = _cut(document, shard, objects, tool, folder)
                _store_and_queue(document, cuts, objects, page)
        except DocumentError as error:
            now = store.get(document.id) or document
            if message.shard not in now.fanned:  # by another delivery that fared better
                outcome.fail(document, error, store=store, objects=objects)
            return
        shard = _mark_failures(document, shard, cuts, store)
    advance(shard, document, store=store, assemble=assemble, clock=clock)
    store.fanned(document.id, document.run, message.shard)


def _cut(
    document: Document, shard: Shard, objects: ObjectStore, tool: DocumentTool, folder: Path
) -> list[Cut]:
    source = document.source
    path = folder / "original"
    if source is None or not objects.download(source.key, source.version, path):
        raise SourceMissing
    pages = folder / "pages"
    pages.mkdir()
    return tool.cut(path, source.media_type, shard.waiting, pages)


def _store_and_queue(
    document: Document, cuts: list[Cut], objects: ObjectStore, queue: Queue
) -> None:
    good = iter([(cut.page, cut.path) for cut in cuts if cut.path])
    while some := list(islice(good, _TOGETHER)):
        objects.put_files(
            {keys.work_page(document.id, document.run, page): path for page, path in some},
            "application/pdf",
        )
        queue.send(
            [encode(PageMessage(document.id, document.run, page)) for page, _ in some],
            group=document.tenant,
        )


def _mark_failures(
    document: Document, shard: Shard, cuts: list[Cut], store: DocumentStore
) -> Shard:
    for cut in cuts:
        if cut.path is None:
            mark = FailedMark(cut.error or PageUnreadable.code, attempt=1)
            shard = store.mark_failed(document.id, document.run, cut.page, mark) or shard
    return shard
