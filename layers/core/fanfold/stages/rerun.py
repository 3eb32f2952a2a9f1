"""Rerun: read pages of an ended document anew, or stop a document that is under way.

A retry is one conditional write: it opens a new run and says what that run reads anew. Splitting
does the rest as in a first run, shard by shard, so that a retry which dies after the write is
finished by repeating it or by the sweep.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from fanfold import keys, ranges
from fanfold.errors import AlreadyEnded, InvalidRequest, NotFound, NothingToRetry, NotReady
from fanfold.model import FAILED_PAGES, Document, Options, State
from fanfold.ports import Clock, DocumentStore, Queue, Secrets
from fanfold.stages import options
from fanfold.stages.documents import find
from fanfold.stages.intake import queue_shards
from fanfold.stages.languages import Languages
from fanfold.stages.progress import deadline, selected
from fanfold.stages.quotas import Quotas


@dataclass(frozen=True, slots=True)
class Retry:
    """Opens new runs."""

    store: DocumentStore
    split: Queue
    clock: Clock
    languages: Languages
    quotas: Quotas

    def __call__(
        self, tenant: str, document_id: str, pages: str, changed: Mapping[str, object]
    ) -> Document:
        """Read ``pages`` anew, or every failed page where it is empty, in a new run.

        ``changed`` holds the options that shall differ from the document's; outputs are added to
        those that there are. Raises NotFound,
        NotReady while other work goes on, NothingToRetry, QuotaExceeded, and what unreadable pages
        or options raise.
        """
        document = find(self.store, self.clock, tenant, document_id)
        _check_opened(document)
        wanted, redo = self._options(document, changed), _redo(document, pages)
        begun = (
            _same_retry(document, wanted, redo)
            if document.state.live
            else self._begin(document, wanted, redo)
        )
        if begun is None:
            raise NotReady
        queue_shards(begun, self.split)
        return begun

    def _options(self, document: Document, changed: Mapping[str, object]) -> Options:
        if "pages" in changed:
            raise InvalidRequest("“pages” stands beside “options”, not in them.")
        parsed = options.parse(changed, self.languages, document.options)
        outputs = tuple(dict.fromkeys((*document.options.outputs, *parsed.outputs)))
        return replace(parsed, pages=document.options.pages, outputs=outputs)

    def _begin(self, document: Document, wanted: Options, redo: str) -> Document | None:
        self.quotas.check_pages(document.tenant)
        same = set(wanted.outputs) == set(document.options.outputs)
        if document.state is State.SUCCEEDED and redo == FAILED_PAGES and same:
            raise NothingToRetry
        return self.store.rerun(document.id, document.run, wanted, redo, deadline(self.clock))


@dataclass(frozen=True, slots=True)
class Cancel:
    """Stops documents for good; pages that are done stay readable."""

    store: DocumentStore
    clock: Clock
    secrets: Secrets

    def __call__(self, tenant: str, document_id: str) -> Document:
        """Stop a document. Queued pages find a higher run and cost nothing.

        Doing it again is no error. Raises NotFound and AlreadyEnded.
        """
        find(self.store, self.clock, tenant, document_id)
        document = self.store.cancel(document_id)
        if document is None or document.state is State.DELETED:
            raise NotFound
        if document.state is not State.CANCELLED:
            raise AlreadyEnded
        if document.password:
            self.secrets.forget(keys.password(document_id, document.run - 1))
        return document


def _redo(document: Document, pages: str) -> str:
    spec = ranges.check(pages)
    if not spec:
        return FAILED_PAGES
    named = set(ranges.expand(spec, document.document_pages))
    again = [page for page in selected(document) if page in named]
    if not again:
        raise NothingToRetry("None of these pages is among those that were to be read.")
    return ranges.compress(again)


def _check_opened(document: Document) -> None:
    if document.state.live and not document.selection:
        raise NotReady
    if not document.state.live and not (document.state.finished and document.selection):
        raise NothingToRetry("The document was stopped or never opened; send it again.")


def _same_retry(document: Document, wanted: Options, redo: str) -> Document | None:
    """Return the document if this very retry is under way: an earlier try of it may have died."""
    this = (document.redo, document.options) == (redo, wanted)
    return document if this and document.state is State.PROCESSING else None
