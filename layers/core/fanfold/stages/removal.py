"""Removal: a deleted document is out of sight at once; the sweep removes what there is of it.

It does so twice, an hour apart: the second time for what workers wrote that were under way.
"""

from __future__ import annotations

from dataclasses import dataclass

from fanfold import keys
from fanfold.errors import NotFound
from fanfold.model import Document
from fanfold.ports import Clock, DocumentStore, ObjectStore
from fanfold.stages.endings import outbox_keys


@dataclass(frozen=True, slots=True)
class Delete:
    """Takes documents out of sight, for the sweep to remove."""

    store: DocumentStore
    clock: Clock

    def __call__(self, tenant: str, document_id: str) -> Document:
        """Make a document DELETED and fence late writers; again is no error. Raises NotFound."""
        found = self.store.get(document_id)
        if found is None or found.tenant != tenant:
            raise NotFound
        document = self.store.delete(document_id, self.clock.now())
        if document is None:
            raise NotFound
        return document


@dataclass(frozen=True, slots=True)
class Removal:
    """Removes what there is of a deleted document: original, pages, results and items."""

    store: DocumentStore
    objects: ObjectStore

    def __call__(self, document: Document) -> None:
        """Remove everything; doing it again finishes what a first try left."""
        for prefix in keys.document_prefixes(document.id):
            self.objects.delete_prefix(prefix)
        self.objects.delete(keys.upload(document.tenant, document.id))
        source = document.source
        if source and keys.inbox_path(source.key):
            self.objects.delete(source.key, source.version)
            for good in (True, False):
                away = keys.put_away(source.key.removeprefix(keys.INBOX), good=good)
                self.objects.delete_owned(away, document.id)
        # Another version of a dropped file is another document, with results under the same path.
        for key in outbox_keys(document):
            self.objects.delete_owned(key, document.id)
        self.store.purge(document)
