"""Page: read one page, leave its result and its mark, and see what follows."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from fanfold import keys, workspace
from fanfold.errors import LanguageMissing, PageError, PageLost, WorkerKilled
from fanfold.messages import PageMessage, encode, group_of
from fanfold.model import AUTO_LANGUAGES, Document, FailedMark, Options, Shard, shard_of
from fanfold.ports import (
    Clock,
    DocumentStore,
    ObjectStore,
    PageRead,
    PageReader,
    Queue,
    ReadRequest,
    Wanted,
)
from fanfold.stages import heavy, languages
from fanfold.stages.early import Early
from fanfold.stages.kept import Kept
from fanfold.stages.progress import Progress

_UNNOTED = 2
"""Maximum of deliveries of a page that leave no note of having begun it."""


@dataclass(frozen=True, slots=True)
class ReadPage:
    """Reads pages, in the lane that it was built for.

    ``heavy`` is the queue for pages that need more memory or time; None when this is that lane.
    ``exclusive`` says that a message only ever comes again when its worker is surely dead.
    """

    store: DocumentStore
    objects: ObjectStore
    heavy: Queue | None
    reader: PageReader
    clock: Clock
    temporary: Path
    exclusive: bool
    progress: Progress
    early: Early

    def __call__(self, message: PageMessage, attempt: int) -> None:
        """Read the page unless it has its mark, then see whether shard and document are complete.

        A page that fails in a way we understand is marked, not raised. ``attempt`` counts
        deliveries.
        """
        document = self.progress.under_way(message)
        if document is None:
            return
        read = self._read_lightly if self.heavy else self._read_once
        shard = self._marked(message) or read(message, document, attempt)
        if shard:
            self.progress.advance(shard, document, message.page)

    def _marked(self, message: PageMessage) -> Shard | None:
        """Return the shard if the page has its mark in this run."""
        shard = self.store.shard(message.document, shard_of(message.page))
        known = shard and shard.run == message.run and message.page not in shard.waiting
        return shard if known else None

    def _read_lightly(self, message: PageMessage, document: Document, attempt: int) -> Shard | None:
        """Read the page in its own lane, unless a delivery began it there and came to no end.

        That one killed its worker, and the page needs more. Deliveries that Lambda refused for want
        of concurrency are counted, too, and began nothing. The first ones leave no note, which
        would be paid for by every page: such a page kills three workers at most.
        """
        if attempt > _UNNOTED and self.heavy:
            noted = self.store.mark_tried(message.document, message.run, message.page, attempt)
            if noted != attempt:
                if noted is not None:
                    self.heavy.send([encode(message)], group=group_of(document))
                return None
        return self._read(message, document, attempt)

    def _read_once(self, message: PageMessage, document: Document, attempt: int) -> Shard | None:
        """Begin the page in the heavy lane, once; give it up where who began it is dead."""
        now = self.clock.now()
        first = self.store.mark_heavy(message.document, message.run, message.page, now)
        if first == now:
            return self._read(message, document, attempt)
        if first is not None and heavy.is_over(first, now, attempt, exclusive=self.exclusive):
            return self._failed(message, document.options, WorkerKilled.code, attempt)
        return None

    def _read(self, message: PageMessage, document: Document, attempt: int) -> Shard | None:
        """Read the page and mark it, or send it to the heavy lane; return its shard if marked."""
        begun = self.clock.now()
        try:
            with workspace.folder(self.temporary) as folder:
                reading = self._recognise(message, document.options, folder)
                if reading.left and self.heavy:
                    self.early.leave(message, reading, reading.left)
                    self.heavy.send([encode(message)], group=group_of(document))
                    return None
                kept = Kept.of(reading)
                kept.put(self.objects, message, document.options)
        except PageError as error:
            if error.heavier and self.heavy:
                self.heavy.send([encode(message)], group=group_of(document))
                return None
            return self._failed(message, document.options, error.code, attempt)
        mark = kept.mark(message.run, document.options, self.clock.now() - begun)
        return self.store.mark_done(message.document, message.run, message.page, mark)

    def _recognise(self, message: PageMessage, options: Options, folder: Path) -> PageRead:
        """Read the page's file, with the languages it takes; those it lacks are fetched."""
        source, scratch = folder / "page.pdf", folder / "scratch"
        key = keys.work_page(message.document, message.run, message.page)
        if not self.objects.download(key, None, source):
            raise PageLost
        scratch.mkdir()
        wanted, packs = options.languages, tuple[str, ...]()
        if wanted == AUTO_LANGUAGES:
            packs = languages.packs(self.objects)
        else:
            self._fetch(wanted, folder)
        request = ReadRequest(
            message.page,
            wanted,
            options.mode,
            options.codes,
            packs,
            picture=options.pictures,
            engine=options.engine,
            given=None if self.heavy else self.early.given(message, folder),
        )
        while isinstance(found := self.reader.read(source, request, scratch), Wanted):
            self._fetch(found.language, folder)
            request = replace(request, spent=found.spent)
        return found

    def _fetch(self, wanted: str, folder: Path) -> None:
        """Bring the languages' data that the reader lacks; it keeps them for the pages to come.

        Raises LanguageMissing.
        """
        for name in self.reader.missing(wanted):
            pack = folder / "pack"
            if not self.objects.download(keys.language_pack(name), None, pack):
                raise LanguageMissing(f"The data of the language “{name}” is no longer there.")
            self.reader.install(name, pack)

    def _failed(
        self, message: PageMessage, options: Options, code: str, attempt: int
    ) -> Shard | None:
        """Mark the page as failed, unless the other lane has read it well enough to stand."""
        stands = None if self.heavy else self.early.stands(message, options)
        mark = FailedMark(code, attempt)
        return stands or self.store.mark_failed(message.document, message.run, message.page, mark)
