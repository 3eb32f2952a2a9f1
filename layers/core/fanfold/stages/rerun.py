"""Rerun: read pages of an ended document anew, or stop a document that is under way.

A retry is one conditional write: it opens a new run and says what that run reads anew. Splitting
does the rest as in a first run, shard by shard, so that a retry which dies after the write is
finished by repeating it or by the sweep.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from fanfold import ranges
from fanfold.errors import AlreadyEnded, InvalidRequest, NotFound, NothingToRetry, NotReady
from fanfold.model import FAILED_PAGES, Document, Options, State
from fanfold.stages import options
from fanfold.stages.documents import Api, find
from fanfold.stages.intake import queue_shards
from fanfold.stages.progress import deadline, selected

_ENDED = (State.SUCCEEDED, State.PARTIAL, State.FAILED)


def retry(
    api: Api, tenant: str, document_id: str, pages: str, changed: Mapping[str, object]
) -> Document:
    """Read ``pages`` anew, or every failed page where it is empty, in a new run.

    ``changed`` holds the options that shall differ from the document's. Raises NotFound, NotReady
    while other work goes on, NothingToRetry, and what unreadable pages or options raise.
    """
    document = find(api, tenant, document_id)
    _check_opened(document)
    wanted, redo = _options(api, document, changed), _redo(document, pages)
    begun = (
        _under_way(document, wanted, redo)
        if document.state.live
        else _begin(api, document, wanted, redo)
    )
    if begun is None:
        raise NotReady
    queue_shards(begun, api.split)
    return begun


def cancel(api: Api, tenant: str, document_id: str) -> Document:
    """Stop a document for good; pages that are done stay readable.

    Queued pages find a higher run and cost nothing. Doing it again is no error. Raises NotFound
    and AlreadyEnded.
    """
    find(api, tenant, document_id)
    document = api.store.cancel(document_id)
    if document is None or document.state is State.DELETED:
        raise NotFound
    if document.state is not State.CANCELLED:
        raise AlreadyEnded
    return document


def _options(api: Api, document: Document, changed: Mapping[str, object]) -> Options:
    if "pages" in changed:
        raise InvalidRequest("“pages” stands beside “options”, not in them.")
    parsed = options.parse(changed, api.languages, document.options)
    return replace(parsed, pages=document.options.pages)


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
    if not document.state.live and (document.state not in _ENDED or not document.selection):
        raise NothingToRetry("The document was stopped or never opened; send it again.")


def _under_way(document: Document, wanted: Options, redo: str) -> Document | None:
    """Return the document if this very retry is under way: an earlier try of it may have died."""
    this = (document.redo, document.options) == (redo, wanted)
    return document if this and document.state is State.PROCESSING else None


def _begin(api: Api, document: Document, wanted: Options, redo: str) -> Document | None:
    same = set(wanted.outputs) == set(document.options.outputs)
    if document.state is State.SUCCEEDED and redo == FAILED_PAGES and same:
        raise NothingToRetry
    return api.store.rerun(document.id, document.run, wanted, redo, deadline(api.clock))
