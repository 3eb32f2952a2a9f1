"""What the API does with documents: take in, list, describe, hand out, delete."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePath
from uuid import uuid4

from fanfold import keys
from fanfold.errors import NoResult, NotFound, NotReady, PayloadTooLarge, TooLarge
from fanfold.formats.media import MEDIA
from fanfold.model import (
    MEGABYTE,
    Document,
    DoneMark,
    FailedMark,
    Limits,
    Options,
    Output,
    PageState,
    Reason,
    Shard,
    State,
    shard_of,
)
from fanfold.ports import Clock, DocumentStore, Listing, ObjectStore, UploadForm
from fanfold.stages.languages import Languages
from fanfold.stages.outcome import outbox_key, reason_for
from fanfold.stages.progress import UPLOAD_SECONDS, deadline, selected

LINK_SECONDS = 5 * 60


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
class Api:
    """What the routes need: the ports of these use cases and what requests are checked against."""

    store: DocumentStore
    objects: ObjectStore
    clock: Clock
    languages: Languages
    limits: Limits
    defaults: Options


def create_upload(
    api: Api,
    tenant: str,
    name: str,
    size: int | None,
    options: Options,
) -> tuple[Document, UploadForm]:
    """Create a document that waits for its file, and the form that uploads it.

    Raises TooLarge where the announced ``size`` (bytes) is above the limit.
    """
    if size is not None and size > api.limits.document_bytes:
        raise TooLarge(f"At most {api.limits.document_bytes // MEGABYTE} MB are read.")
    document = _new(tenant, name, options, api.clock)
    api.store.create(document)
    form = api.objects.upload_form(
        keys.upload(tenant, document.id), api.limits.document_bytes, UPLOAD_SECONDS
    )
    return document, form


def accept(
    api: Api,
    tenant: str,
    name: str,
    body: bytes,
    media_type: str,
    options: Options,
) -> Document:
    """Create a document from a body that came with the request; the upload's event does the rest.

    Raises PayloadTooLarge.
    """
    if len(body) > api.limits.body_bytes:
        raise PayloadTooLarge
    document = _new(tenant, name, options, api.clock)
    api.store.create(document)
    api.objects.put(keys.upload(tenant, document.id), body, media_type)
    return document


def listing(api: Api, tenant: str, state: State | None, cursor: str | None, limit: int) -> Listing:
    """List documents, newest first."""
    return api.store.list(tenant, state=state, cursor=cursor, limit=limit)


def describe(api: Api, tenant: str, document_id: str) -> Status:
    """Return a document and its pages' states; raise NotFound."""
    document = _find(api, tenant, document_id)
    if not document.selection:
        return Status(document, ())
    shards = api.store.shards(document)
    return Status(document, tuple(_page_states(document, shards)))


def page(api: Api, tenant: str, document_id: str, number: int) -> bytes:
    """Return a page's result as JSON, as soon as that page is done.

    Raises NotFound, NotReady while it is waiting, NoResult where it failed.
    """
    document = _find(api, tenant, document_id)
    if not document.selection:
        raise NotReady if document.state.live else NoResult(_why_none(document))
    shard = api.store.shard(document.id, shard_of(number)) if number > 0 else None
    if shard and number in shard.failed:
        raise NoResult(f"Page {number} failed: {reason_for(shard.failed[number].code).message}")
    mark = shard.done.get(number) if shard else None
    data = api.objects.get(keys.page_result(document.id, mark.run, number)) if mark else None
    if data is not None:
        return data
    waiting = document.state.live and 1 <= number <= document.document_pages
    raise NotReady if waiting else NotFound(f"The document has no result for page {number}.")


def result(api: Api, tenant: str, document_id: str, output: Output) -> str:
    """Return a short presigned link to a result; raise NotFound, NotReady or NoResult."""
    document = _find(api, tenant, document_id)
    if document.state.live:
        raise NotReady
    if output not in document.results:
        raise NoResult(_why_none(document))
    media = MEDIA[output]
    return api.objects.link(
        keys.result(document.id, document.run, keys.RESULT_FILES[output]),
        f"{PurePath(document.name).stem}{media.suffix}",
        media.type,
        LINK_SECONDS,
    )


def delete(api: Api, tenant: str, document_id: str) -> None:
    """Remove a document: original, pages, results and items. Late writers are fenced.

    Doing it again is no error and finishes what a first try left.
    """
    found = api.store.get(document_id)
    if found is None or found.tenant != tenant:
        raise NotFound
    document = api.store.delete(document_id)
    if document is None:
        raise NotFound
    for prefix in keys.document_prefixes(document.id):
        api.objects.delete_prefix(prefix)
    api.objects.delete(keys.upload(tenant, document.id))
    source = document.source
    if source and keys.inbox_path(source.key):
        # Another version of the same path is another document; what lies in the outbox may be
        # that one's, but keeping a deleted document's text would be worse.
        api.objects.delete(source.key, source.version)
        for key in filter(None, (outbox_key(document, output) for output in Output)):
            api.objects.delete(key)
    api.store.purge(document)


def _new(tenant: str, name: str, options: Options, clock: Clock) -> Document:
    now = clock.now()
    return Document(
        id=uuid4().hex,
        tenant=tenant,
        state=State.UPLOADING,
        name=name,
        created_at=now,
        updated_at=now,
        options=options,
        deadline=deadline(clock, UPLOAD_SECONDS * 2),
    )


def _find(api: Api, tenant: str, document_id: str) -> Document:
    document = api.store.get(document_id)
    if document is None or document.tenant != tenant or document.state is State.DELETED:
        raise NotFound(f"There is no document {document_id[:64]}.")
    return document


def _why_none(document: Document) -> str:
    return document.reason.message if document.reason else NoResult.message


def _page_states(document: Document, shards: tuple[Shard, ...]) -> Iterator[PageStatus]:
    from_shard = {shard.number: shard for shard in shards}
    for number in selected(document):
        shard = from_shard.get(shard_of(number))
        done = shard.done.get(number) if shard else None
        failed = shard.failed.get(number) if shard else None
        yield _status(number, done, failed)


def _status(number: int, done: DoneMark | None, failed: FailedMark | None) -> PageStatus:
    if done:
        return PageStatus(number, PageState.DONE, done=done)
    if failed:
        return PageStatus(number, PageState.FAILED, error=reason_for(failed.code))
    return PageStatus(number, PageState.WAITING)
