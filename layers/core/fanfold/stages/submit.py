"""Submit: take a document in, once, however often it is sent."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from uuid import uuid4

from fanfold import keys
from fanfold.errors import KeyReused, PayloadTooLarge, TooLarge
from fanfold.model import MEGABYTE, Document, Options, State
from fanfold.ports import UploadForm
from fanfold.stages.documents import Api
from fanfold.stages.progress import UPLOAD_SECONDS, deadline

_WITHOUT_FILE = (State.UPLOADING, State.EXPIRED)


@dataclass(frozen=True, slots=True)
class Submission:
    """A request for a new document.

    ``body`` is None where an upload form is asked for; then ``size`` (bytes) and ``sha256``
    (hexadecimal) are what the sender says of the file, if anything. ``key`` is the request's
    Idempotency-Key.
    """

    name: str
    options: Options
    size: int | None = None
    sha256: str = ""
    body: bytes | None = None
    media_type: str = "application/octet-stream"
    key: str | None = None


def submit(api: Api, tenant: str, submission: Submission) -> tuple[Document, UploadForm | None]:
    """Return the document for a submission, and the form that uploads its file if one must be.

    The same key is the same document; content that was read before with these options is answered
    by the document that holds it. Raises TooLarge, PayloadTooLarge and KeyReused.
    """
    _check_size(api, submission)
    document = (
        _with_key(api, tenant, submission)
        or _read_before(api, tenant, submission)
        or _create(api, tenant, submission)
    )
    if document.state not in _WITHOUT_FILE:
        return document, None
    # Its file revives a document that expired while its sender was held up.
    document = replace(document, state=State.UPLOADING)
    key = keys.upload(tenant, document.id)
    if submission.body is not None:
        # Again where an earlier try may have died before it; the first version is what counts.
        api.objects.put(key, submission.body, submission.media_type)
        return document, None
    return document, api.objects.upload_form(key, api.limits.document_bytes, UPLOAD_SECONDS)


def _check_size(api: Api, submission: Submission) -> None:
    if submission.body is not None:
        if len(submission.body) > api.limits.body_bytes:
            raise PayloadTooLarge
    elif submission.size is not None and submission.size > api.limits.document_bytes:
        raise TooLarge(f"At most {api.limits.document_bytes // MEGABYTE} MB are read.")


def _with_key(api: Api, tenant: str, submission: Submission) -> Document | None:
    if submission.key is None:
        return None
    document = api.store.get(keys.keyed_document(tenant, submission.key))
    if document:
        _check_same(document, submission)
    return document


def _check_same(document: Document, submission: Submission) -> None:
    digest, known = _digest(submission), document.source.sha256 if document.source else ""
    same = (document.name, document.options) == (submission.name, submission.options)
    # A retry may have changed the options since: then the key alone has to do.
    if document.state is State.DELETED or not (same or document.redo):
        raise KeyReused
    if digest and known and digest != known:
        raise KeyReused


def _read_before(api: Api, tenant: str, submission: Submission) -> Document | None:
    digest = _digest(submission)
    return api.store.same(tenant, digest, submission.options) if digest else None


def _digest(submission: Submission) -> str:
    if submission.body is None:
        return submission.sha256
    return hashlib.sha256(submission.body).hexdigest()


def _create(api: Api, tenant: str, submission: Submission) -> Document:
    now, key = api.clock.now(), submission.key
    document = Document(
        id=uuid4().hex if key is None else keys.keyed_document(tenant, key),
        tenant=tenant,
        state=State.UPLOADING,
        name=submission.name,
        created_at=now,
        updated_at=now,
        options=submission.options,
        deadline=deadline(api.clock, UPLOAD_SECONDS * 2),
    )
    if api.store.create(document):
        return document
    # Another request with this key was faster, or our own write's answer got lost.
    return _with_key(api, tenant, submission) or document
