"""Removal: a deleted document takes everything along, at once and once more an hour later."""

from __future__ import annotations

from dataclasses import dataclass

from fanfold import keys
from fanfold.errors import NotFound
from fanfold.model import Document, Output
from fanfold.ports import Clock, DocumentStore, ObjectStore
from fanfold.stages.endings import outbox_key
from fanfold.stages.progress import deadline


@dataclass(frozen=True, slots=True)
class Removal:
    """Removes documents: original, pages, results and items."""

    store: DocumentStore
    objects: ObjectStore
    clock: Clock

    def __call__(self, tenant: str, document_id: str) -> None:
        """Remove a document and fence late writers.

        Doing it again is no error and finishes what a first try left. Raises NotFound.
        """
        found = self.store.get(document_id)
        if found is None or found.tenant != tenant:
            raise NotFound
        document = self.store.delete(document_id, deadline(self.clock))
        if document is None:
            raise NotFound
        self._remove_made(document)
        source = document.source
        if source and keys.inbox_path(source.key):
            self.objects.delete(source.key, source.version)
        self.store.purge(document)

    def sweep_up(self, document: Document) -> None:
        """Remove what workers wrote that were under way when their document was deleted."""
        self._remove_made(document)
        self.store.purge(document)
        self.store.bury(document)

    def _remove_made(self, document: Document) -> None:
        for prefix in keys.document_prefixes(document.id):
            self.objects.delete_prefix(prefix)
        self.objects.delete(keys.upload(document.tenant, document.id))
        # Another version of a dropped file is another document, with results under the same path.
        for key in filter(None, (outbox_key(document, output) for output in Output)):
            self.objects.delete_owned(key, document.id)
