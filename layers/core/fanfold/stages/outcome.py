"""How a document fails: its reason on the record and, for dropped files, beside the file."""

from __future__ import annotations

import json

from fanfold import errors, keys
from fanfold.formats.media import MEDIA
from fanfold.model import Document, Output, Reason
from fanfold.ports import DocumentStore, ObjectStore

_LONGEST_KEY = 1024  # bytes of UTF-8, S3's limit


def reason_of(error: errors.FanfoldError) -> Reason:
    """Return what an error says, as a value."""
    return Reason(error.code, str(error), error.retryable, error.hint)


def reason_for(code: str) -> Reason:
    """Return what the error class with this code says."""
    return reason_of(errors.by_code(code)())


def fail(
    document: Document, error: errors.FanfoldError, *, store: DocumentStore, objects: ObjectStore
) -> None:
    """End a live document as FAILED; a dropped file gets a note in the outbox."""
    reason = reason_of(error)
    after = store.fail(document.id, document.run, reason)
    if after:
        note(after, reason, objects=objects)


def note(document: Document, reason: Reason, *, objects: ObjectStore) -> None:
    """Leave the reason beside a dropped file, as ``outbox/{path}.json``."""
    key = outbox_key(document, Output.JSON)
    if key:
        error = {"code": reason.code, "message": reason.message, "retryable": reason.retryable}
        body = {"document": document.id, "state": document.state.value, "error": error}
        data = json.dumps(body, ensure_ascii=False, indent=2).encode()
        objects.put(key, data, "application/json")


def outbox_key(document: Document, output: Output) -> str | None:
    """Return where a dropped document's result goes; None for uploads and for overlong paths."""
    path = keys.inbox_path(document.source.key) if document.source else None
    if path is None:
        return None
    key = keys.outbox(path, MEDIA[output].suffix)
    return key if len(key.encode()) <= _LONGEST_KEY else None
