"""What the API tells of documents: the list, states, pages, results."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from fanfold import keys, names, pagejson, pagezip, ranges
from fanfold.errors import ExpiredResult, InvalidPageRange, NoResult, NotFound, NotReady
from fanfold.formats.media import MEDIA
from fanfold.formats.text import TEXT
from fanfold.model import (
    Document,
    DoneMark,
    FailedMark,
    Output,
    PageState,
    Reason,
    Shard,
    State,
    shard_of,
)
from fanfold.pagezip import PageFiles
from fanfold.ports import Clock, DocumentStore, Listing, ObjectStore
from fanfold.stages.endings import reason_for
from fanfold.stages.progress import selected, shards_of
from fanfold.stages.shards import carried

LINK_SECONDS = 5 * 60
MAXIMUM_STATES = 1_000
"""Maximum of pages whose states are told at once: 100 KB of some 6 MB that Lambda answers with."""


@dataclass(frozen=True, slots=True)
class PageStatus:
    """One page's state, with its mark when it has one."""

    page: int
    state: PageState
    done: DoneMark | None = None
    error: Reason | None = None


@dataclass(frozen=True, slots=True)
class Status:
    """A document and the states of its pages; empty until the file was opened."""

    document: Document
    pages: tuple[PageStatus, ...]


@dataclass(frozen=True, slots=True)
class PageRange:
    """The states of some of a document's pages; ``rest`` is the range to ask for next, if any."""

    document: Document
    pages: tuple[PageStatus, ...]
    rest: str | None


@dataclass(frozen=True, slots=True)
class Documents:
    """Looks at a tenant's documents."""

    store: DocumentStore
    objects: ObjectStore
    clock: Clock

    def listing(self, tenant: str, state: State | None, cursor: str | None, limit: int) -> Listing:
        """List documents, newest first. Pages of those under way are counted as they stand.

        Not of documents whose pages are too many to be told at once: their states say it.
        """
        found = self.store.list(tenant, state=state, cursor=cursor, limit=limit)
        return replace(found, documents=tuple(map(self._counted, found.documents)))

    def _counted(self, document: Document) -> Document:
        if not document.state.live or not 0 < document.pages_total <= MAXIMUM_STATES:
            return document
        shards = [_as_it_stands(document, shard) for shard in self.store.shards(document)]
        return replace(
            document,
            pages_done=sum(len(shard.done) for shard in shards),
            pages_failed=sum(len(shard.failed) for shard in shards),
        )

    def origins(self) -> tuple[str, ...]:
        """Return where results and uploads are, beside the API's own address."""
        return self.objects.origins()

    def describe(self, tenant: str, document_id: str) -> Status:
        """Return a document and its pages' states; raise NotFound or ExpiredResult."""
        document = find(self.store, self.clock, tenant, document_id)
        if not document.selection:
            return Status(document, ())
        shards = [_as_it_stands(document, shard) for shard in self.store.shards(document)]
        return Status(document, tuple(_page_states(document, selected(document), shards)))

    def states(self, tenant: str, document_id: str, pages: str) -> PageRange:
        """Return the states of the pages of a selection that are read.

        Raises NotFound, ExpiredResult, and InvalidPageRange also where those are too many.
        """
        spec = ranges.check(pages)
        document = find(self.store, self.clock, tenant, document_id)
        asked = ranges.expand(spec, document.document_pages)
        if len(asked) > MAXIMUM_STATES:
            raise InvalidPageRange(f"At most {MAXIMUM_STATES} pages are told of at once.")
        chosen = sorted(set(asked).intersection(selected(document)))
        found = self.store.shards(document, shards_of(chosen))
        shards = [_as_it_stands(document, shard) for shard in found]
        states = tuple(_page_states(document, chosen, shards))
        return PageRange(document, states, rest(document, asked[-1], len(asked)) if asked else None)

    def page(self, tenant: str, document_id: str, number: int) -> bytes:
        """Return a page's result as JSON, as soon as that page is done.

        Raises NotFound, NotReady while it is waiting, NoResult where it failed, ExpiredResult.
        """
        document, mark = self._read(tenant, document_id, number)
        return self._files(document, mark, number).result

    def text(self, tenant: str, document_id: str, number: int) -> str:
        """Return a page's text, as soon as that page is done; raises what ``page`` does."""
        return TEXT.page(pagejson.load(json.loads(self.page(tenant, document_id, number))))

    def picture(self, tenant: str, document_id: str, number: int) -> bytes:
        """Return a page's picture, a JPEG, as soon as that page is done.

        Raises NotFound, NotReady while it is waiting, NoResult where it failed, ExpiredResult.
        """
        document, mark = self._read(tenant, document_id, number)
        picture = self._files(document, mark, number).picture
        if picture is None:
            raise NotFound(f"There is no picture of page {number}.")
        return picture

    def _files(self, document: Document, mark: DoneMark, number: int) -> PageFiles:
        data = self.objects.get(keys.page_result(document.id, mark.run, number))
        if data is None:  # pages are older than their document's end
            raise NotReady if document.state.live else ExpiredResult
        return pagezip.unpack(data)

    def _read(self, tenant: str, document_id: str, number: int) -> tuple[Document, DoneMark]:
        """Return a document and the mark of a page that was read; raise why there is none."""
        document = find(self.store, self.clock, tenant, document_id)
        if not document.selection:
            raise NotReady if document.state.live else NoResult(_why_none(document))
        shard = self.store.shard(document.id, shard_of(number)) if number > 0 else None
        if shard and number in shard.failed:
            raise NoResult(f"Page {number} failed: {reason_for(shard.failed[number].code).message}")
        if mark := shard.done.get(number) if shard else None:
            return document, mark
        waiting = document.state.live and 1 <= number <= document.document_pages
        raise NotReady if waiting else NotFound(f"The document has no result for page {number}.")

    def result(self, tenant: str, document_id: str, output: Output) -> str:
        """Return a short presigned link to a result.

        Raises NotFound, NotReady, NoResult or ExpiredResult.
        While a retry is under way the results of the run before it are handed out.
        """
        document = find(self.store, self.clock, tenant, document_id)
        if output not in document.results:
            raise NotReady if document.state.live else NoResult(_why_none(document))
        media = MEDIA[output]
        return self.objects.link(
            keys.result(document.id, document.results_run, keys.RESULT_FILES[output]),
            names.saved(document.name, media.suffix),
            media.type,
            LINK_SECONDS,
        )


def rest(document: Document, after: int, most: int = MAXIMUM_STATES) -> str | None:
    """Return the range of the next pages that are read, at most so many; None at the end."""
    pages = [page for page in selected(document) if page > after][:most]
    return f"{pages[0]}-{pages[-1]}" if pages else None


def find(store: DocumentStore, clock: Clock, tenant: str, document_id: str) -> Document:
    """Return a tenant's document; raise NotFound, or ExpiredResult where its time is over."""
    document = store.get(document_id)
    if document is None or document.tenant != tenant or document.state is State.DELETED:
        raise NotFound(f"There is no document {document_id[:64]}.")
    if document.forgotten(clock.now()):
        raise ExpiredResult
    return document


def _why_none(document: Document) -> str:
    return document.reason.message if document.reason else NoResult.message


def _as_it_stands(document: Document, shard: Shard) -> Shard:
    """Return the shard as the run that goes on will find it, where it has not come to it yet."""
    behind = document.state.live and document.redo and shard.run < document.run
    return carried(document, shard) if behind else shard


def _page_states(
    document: Document, pages: Iterable[int], shards: Iterable[Shard]
) -> Iterator[PageStatus]:
    unread = PageState.WAITING if document.state.live else PageState.SKIPPED
    from_shard = {shard.number: shard for shard in shards}
    for number in pages:
        shard = from_shard.get(shard_of(number))
        done = shard.done.get(number) if shard else None
        failed = shard.failed.get(number) if shard else None
        yield _status(number, done, failed, unread)


def _status(
    number: int, done: DoneMark | None, failed: FailedMark | None, unread: PageState
) -> PageStatus:
    if done:
        return PageStatus(number, PageState.DONE, done=done)
    if failed:
        return PageStatus(number, PageState.FAILED, error=reason_for(failed.code))
    return PageStatus(number, unread)
