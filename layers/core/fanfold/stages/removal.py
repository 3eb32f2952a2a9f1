"""Removal: a deleted document takes everything along, at once and once more an hour later."""

from __future__ import annotations

from fanfold import keys
from fanfold.errors import NotFound
from fanfold.model import Document, Output
from fanfold.ports import DocumentStore, ObjectStore
from fanfold.stages.documents import Api
from fanfold.stages.outcome import outbox_key
from fanfold.stages.progress import deadline


def delete(api: Api, tenant: str, document_id: str) -> None:
    """Remove a document: original, pages, results and items. Late writers are fenced.

    Doing it again is no error and finishes what a first try left. Raises NotFound.
    """
    found = api.store.get(document_id)
    if found is None or found.tenant != tenant:
        raise NotFound
    document = api.store.delete(document_id, deadline(api.clock))
    if document is None:
        raise NotFound
    _remove_made(document, api.objects)
    source = document.source
    if source and keys.inbox_path(source.key):
        api.objects.delete(source.key, source.version)
    api.store.purge(document)


def sweep_up(document: Document, *, store: DocumentStore, objects: ObjectStore) -> None:
    """Remove what workers wrote that were under way when their document was deleted."""
    _remove_made(document, objects)
    store.purge(document)
    store.bury(document)


def _remove_made(document: Document, objects: ObjectStore) -> None:
    for prefix in keys.document_prefixes(document.id):
        objects.delete_prefix(prefix)
    objects.delete(keys.upload(document.tenant, document.id))
    # Another version of a dropped file is another document, with results under the same path.
    for key in filter(None, (outbox_key(document, output) for output in Output)):
        objects.delete_owned(key, document.id)
