"""Submit: take a document in, once, however often it is sent."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field, replace
from uuid import uuid4

from fanfold import keys
from fanfold.errors import ExpiredResult, KeyReused, PayloadTooLarge, TooLarge
from fanfold.model import MEGABYTE, Document, Limits, Options, State
from fanfold.ports import Clock, DocumentStore, ObjectStore, Secrets, UploadForm, WebhookStore
from fanfold.stages.progress import UPLOAD_SECONDS, deadline
from fanfold.stages.quotas import Quotas
from fanfold.stages.webhooks import wanted

_WITHOUT_FILE = (State.UPLOADING, State.EXPIRED)


@dataclass(frozen=True, slots=True)
class Submission:
    """A request for a new document.

    ``body`` is None where an upload form is asked for; then ``size`` (bytes) and ``sha256``
    (hexadecimal) are what the sender says of the file, if anything. ``key`` is the request's
    Idempotency-Key. ``fresh``: what was read of this content before is no answer. ``password``
    opens the file, if it wants one.
    """

    name: str
    options: Options
    size: int | None = None
    sha256: str = ""
    body: bytes | None = None
    media_type: str = "application/octet-stream"
    key: str | None = None
    fresh: bool = False
    password: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Submit:
    """Takes documents in."""

    store: DocumentStore
    objects: ObjectStore
    clock: Clock
    limits: Limits
    quotas: Quotas
    secrets: Secrets
    webhooks: WebhookStore

    def __call__(self, tenant: str, submission: Submission) -> tuple[Document, UploadForm | None]:
        """Return the document for a submission, and the form that uploads its file if one must be.

        The same key is the same document; content that was read before with these options is
        answered by the document that holds it. Raises TooLarge, PayloadTooLarge, KeyReused,
        ExpiredResult for the key of a document that is to be forgotten, and QuotaExceeded.
        """
        self._check_size(submission)
        document = (
            self._with_key(tenant, submission)
            or self._read_before(tenant, submission)
            or self._create(tenant, submission)
        )
        if document.state not in _WITHOUT_FILE:
            return document, None
        # Its file revives a document that expired while its sender was held up.
        document = replace(document, state=State.UPLOADING)
        if submission.password:  # before the file, which is opened as soon as it is there
            self.secrets.put(keys.password(document.id, document.run), submission.password)
        key = keys.upload(tenant, document.id)
        if submission.body is not None:
            # Again where an earlier try may have died before it; the first version is what counts.
            self.objects.put(key, submission.body, submission.media_type)
            return document, None
        most = self.limits.document_bytes if submission.size is None else submission.size
        return document, self.objects.upload_form(key, most, UPLOAD_SECONDS)

    def _check_size(self, submission: Submission) -> None:
        if submission.body is not None:
            if len(submission.body) > self.limits.body_bytes:
                raise PayloadTooLarge
        elif submission.size is not None and submission.size > self.limits.document_bytes:
            raise TooLarge(f"At most {self.limits.document_bytes // MEGABYTE} MB are read.")

    def _with_key(self, tenant: str, submission: Submission) -> Document | None:
        if submission.key is None:
            return None
        document = self.store.get(keys.keyed_document(tenant, submission.key))
        if document:
            if document.forgotten(self.clock.now()):
                raise ExpiredResult
            _check_same(document, submission)
        return document

    def _read_before(self, tenant: str, submission: Submission) -> Document | None:
        digest = "" if submission.fresh else _digest(submission)
        return self.store.same(tenant, digest, submission.options) if digest else None

    def _create(self, tenant: str, submission: Submission) -> Document:
        self.quotas.check_pages(tenant)
        body, size = submission.body, submission.size
        self.quotas.take_bytes(tenant, size if body is None else len(body))
        now, key = self.clock.now(), submission.key
        document = Document(
            id=uuid4().hex if key is None else keys.keyed_document(tenant, key),
            tenant=tenant,
            state=State.UPLOADING,
            name=submission.name,
            created_at=now,
            updated_at=now,
            options=submission.options,
            deadline=deadline(self.clock, UPLOAD_SECONDS * 2),
            password=bool(submission.password),
            told=wanted(self.webhooks, tenant),
        )
        if self.store.create(document):
            return document
        # Another request with this key was faster, or our own write's answer got lost.
        return self._with_key(tenant, submission) or document


def _check_same(document: Document, submission: Submission) -> None:
    digest, known = _digest(submission), document.source.sha256 if document.source else ""
    same = (document.name, document.options) == (submission.name, submission.options)
    # A retry may have changed the options since: then the key alone has to do.
    if document.state is State.DELETED or not (same or document.redo):
        raise KeyReused
    if digest and known and digest != known:
        raise KeyReused
    if submission.password and document.state in _WITHOUT_FILE and not document.password:
        raise KeyReused  # nobody would ask for it, nor forget it


def _digest(submission: Submission) -> str:
    if submission.body is None:
        return submission.sha256
    return hashlib.sha256(submission.body).hexdigest()
