"""Page: read one page, leave its result and its mark, and see what follows."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

from fanfold import keys, pagejson, workspace
from fanfold.errors import PageError, PageLost, WorkerKilled
from fanfold.messages import PageMessage, encode
from fanfold.model import (
    AUTO_LANGUAGES,
    Document,
    DoneMark,
    FailedMark,
    Page,
    Shard,
    shard_of,
)
from fanfold.ports import (
    Clock,
    DocumentStore,
    ObjectStore,
    PageReader,
    Queue,
    Reading,
    ReadRequest,
    Wanted,
)
from fanfold.stages import heavy as heavy_lane
from fanfold.stages import languages
from fanfold.stages.progress import advance, under_way


def read_page(
    message: PageMessage,
    attempt: int,
    *,
    store: DocumentStore,
    objects: ObjectStore,
    heavy: Queue | None,
    assemble: Queue,
    reader: PageReader,
    clock: Clock,
    temporary: Path,
    exclusive: bool = False,
) -> None:
    """Read the page unless it has its mark, then see whether shard and document are complete.

    ``heavy`` is the queue for pages that need more memory or time; None when this is that lane.
    A page that fails in a way we understand is marked, not raised. ``attempt`` counts deliveries;
    ``exclusive`` says that the one before this is surely dead.
    """
    document = under_way(message, store, assemble)
    if document is None:
        return
    read = partial(
        _try,
        message,
        document,
        attempt,
        store=store,
        objects=objects,
        heavy=heavy,
        reader=reader,
        clock=clock,
        temporary=temporary,
    )
    once = partial(_once, message, attempt, read, store=store, clock=clock, exclusive=exclusive)
    shard = _marked(message, store) or (read() if heavy else once())
    if shard:
        advance(shard, document, store=store, assemble=assemble, clock=clock)


def _once(
    message: PageMessage,
    attempt: int,
    read: Callable[[], Shard | None],
    *,
    store: DocumentStore,
    clock: Clock,
    exclusive: bool,
) -> Shard | None:
    """Read the page as the first to begin it in the heavy lane, or see whether that one is dead."""
    now = clock.now()
    first = store.mark_heavy(message.document, message.run, message.page, now)
    if first == now:
        return read()
    if first is not None and heavy_lane.is_over(first, now, attempt, exclusive=exclusive):
        return _failed(message, WorkerKilled.code, attempt, store)
    return None


def _try(
    message: PageMessage,
    document: Document,
    attempt: int,
    *,
    store: DocumentStore,
    objects: ObjectStore,
    heavy: Queue | None,
    reader: PageReader,
    clock: Clock,
    temporary: Path,
) -> Shard | None:
    """Read the page and mark it, or send it to the heavy lane; return its shard if marked."""
    begun = clock.now()
    try:
        page = _read(message, document, objects, reader, temporary)
    except PageError as error:
        if error.heavier and heavy:
            heavy.send([encode(message)], group=document.tenant)
            return None
        return _failed(message, error.code, attempt, store)
    mark = DoneMark(
        run=message.run,
        source=page.source,
        confidence=page.confidence,
        milliseconds=clock.now() - begun,
        review=bool(page.review),
        languages=page.languages if document.options.languages == AUTO_LANGUAGES else "",
        unseen=bool(page.unseen),
    )
    return store.mark_done(message.document, message.run, message.page, mark)


def _marked(message: PageMessage, store: DocumentStore) -> Shard | None:
    """Return the shard if the page has its mark in this run."""
    shard = store.shard(message.document, shard_of(message.page))
    known = shard and shard.run == message.run and message.page not in shard.waiting
    return shard if known else None


def _read(
    message: PageMessage,
    document: Document,
    objects: ObjectStore,
    reader: PageReader,
    temporary: Path,
) -> Page:
    with workspace.folder(temporary) as folder:
        reading = _recognise(message, document, objects, reader, folder)
        _keep(message, document, reading, objects)
    return reading.page


def _recognise(
    message: PageMessage,
    document: Document,
    objects: ObjectStore,
    reader: PageReader,
    folder: Path,
) -> Reading:
    source = folder / "page.pdf"
    if not objects.download(
        keys.work_page(message.document, message.run, message.page), None, source
    ):
        raise PageLost
    scratch = folder / "scratch"
    scratch.mkdir()
    wanted, packs = document.options.languages, tuple[str, ...]()
    if wanted == AUTO_LANGUAGES:
        packs = languages.packs(objects)
    else:
        languages.fetch(wanted, reader=reader, objects=objects, folder=folder)
    request = ReadRequest(
        message.page, wanted, document.options.mode, document.options.codes, packs
    )
    while isinstance(found := reader.read(source, request, scratch), Wanted):
        languages.fetch(found.language, reader=reader, objects=objects, folder=folder)
        request = replace(request, spent=found.spent)
    return found


def _keep(message: PageMessage, document: Document, reading: Reading, objects: ObjectStore) -> None:
    where = (message.document, message.run, message.page)
    if reading.layer:
        objects.put(keys.page_layer(*where), reading.layer.read_bytes(), "application/pdf")
    asked = document.options.unseen
    page = reading.page if asked else replace(reading.page, unseen=())
    data = json.dumps(pagejson.dump(page), ensure_ascii=False, separators=(",", ":"))
    objects.put(keys.page_result(*where), data.encode(), "application/json")


def _failed(message: PageMessage, code: str, attempt: int, store: DocumentStore) -> Shard | None:
    mark = FailedMark(code, attempt)
    return store.mark_failed(message.document, message.run, message.page, mark)
