"""Unlock: a document that failed for want of a password is opened with one."""

from __future__ import annotations

from dataclasses import dataclass

from fanfold import keys, lives
from fanfold.errors import InvalidRequest, NothingToRetry
from fanfold.messages import ObjectCreated, encode_arrival, group_of
from fanfold.model import Document
from fanfold.ports import Clock, DocumentStore, Queue, Secrets
from fanfold.stages.documents import find
from fanfold.stages.progress import deadline

MAXIMUM_PASSWORD_BYTES = 127
"""Maximum of bytes of a PDF's password (ISO 32000-2, 7.6.4.3.3); more are for nobody to parse."""


@dataclass(frozen=True, slots=True)
class Unlock:
    """Hands passwords in."""

    store: DocumentStore
    secrets: Secrets
    intake: Queue
    clock: Clock
    bucket: str

    def __call__(self, tenant: str, document_id: str, password: str) -> Document:
        """Have the file opened again, in a new run.

        Doing it again is no error while it waits for that. Raises NotFound, ExpiredResult, and
        NothingToRetry where no password is wanted.
        """
        check(password)
        document = find(self.store, self.clock, tenant, document_id)
        run = document.run
        if not lives.wants_password(document):
            run -= 1
            if not lives.is_unlocked(document, run):
                raise NothingToRetry("The document does not ask for a password.")
        self.secrets.put(keys.password(document_id, run + 1), password)
        now = self.store.unlock(document_id, run, deadline(self.clock))
        source = now.source if now else None
        if now is None or source is None:
            raise NothingToRetry("The document does not ask for a password.")
        event = ObjectCreated(self.bucket, source.key, source.version, source.size)
        self.intake.send([encode_arrival(event)], group=group_of(now))
        return now


def check(password: str) -> str:
    """Return a password that may be one; raise InvalidRequest, which does not repeat it."""
    if not 0 < len(password.encode("utf-8", "replace")) <= MAXIMUM_PASSWORD_BYTES:
        raise InvalidRequest(f"A password has 1 to {MAXIMUM_PASSWORD_BYTES} bytes of UTF-8.")
    return password
