"""What the API finds: words within a document, and in all documents where there is an index."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from fanfold import keys, pagejson, pagezip, ranges, search
from fanfold.errors import ExpiredResult, InvalidPageRange, NotFound, SearchUnsupported
from fanfold.model import Document
from fanfold.ports import Clock, DocumentStore, Found, Index, ObjectStore
from fanfold.stages.documents import find, rest
from fanfold.stages.progress import selected, shards_of

MAXIMUM_SEARCHED = 250
"""Maximum of pages that are searched for one answer: each is an object that has to be fetched."""


@dataclass(frozen=True, slots=True)
class Within:
    """The pages of a document that have a query; ``rest`` is the range to ask for next, if any."""

    document: Document
    hits: tuple[search.Hit, ...]
    rest: str | None


@dataclass(frozen=True, slots=True)
class Everywhere:
    """Documents that have pages with a query, the best first, with these pages.

    ``behind``: so many documents are not searched yet.
    """

    documents: tuple[tuple[Document, tuple[Found, ...]], ...]
    behind: int


@dataclass(frozen=True, slots=True)
class Search:
    """Finds words in a tenant's documents."""

    store: DocumentStore
    objects: ObjectStore
    clock: Clock
    index: Index | None

    def within(self, tenant: str, document_id: str, query: str, pages: str) -> Within:
        """Search the pages of a document that are done, or those of a selection.

        Raises InvalidRequest, NotFound, ExpiredResult, and InvalidPageRange also where the
        selection has too many.
        """
        wanted = search.terms(query)
        spec = ranges.check(pages)
        document = find(self.store, self.clock, tenant, document_id)
        if pages:
            asked = ranges.expand(spec, document.document_pages)
            chosen = sorted(set(asked).intersection(selected(document)))
        else:
            chosen = list(selected(document))[:MAXIMUM_SEARCHED]
        if len(chosen) > MAXIMUM_SEARCHED:
            raise InvalidPageRange(f"At most {MAXIMUM_SEARCHED} pages are searched at once.")
        hits = tuple(self._hits(document, chosen, wanted))
        last = chosen[-1] if chosen else document.document_pages
        return Within(document, hits, rest(document, last, MAXIMUM_SEARCHED))

    def everywhere(self, tenant: str, query: str, limit: int) -> Everywhere:
        """Search all documents that have ended; raise InvalidRequest or SearchUnsupported."""
        wanted = search.terms(query)
        if self.index is None:
            raise SearchUnsupported
        by_document: dict[str, list[Found]] = {}
        for found in self.index.find(tenant, wanted):
            by_document.setdefault(found.document, []).append(found)
        documents: list[tuple[Document, tuple[Found, ...]]] = []
        for id_, pages in by_document.items():
            if len(documents) < limit and (document := self._seen(tenant, id_)):
                documents.append((document, tuple(sorted(pages, key=lambda one: one.page))))
        return Everywhere(tuple(documents), self.index.behind())

    def _seen(self, tenant: str, document_id: str) -> Document | None:
        try:
            return find(self.store, self.clock, tenant, document_id)
        except (NotFound, ExpiredResult):  # gone since the index was made
            return None

    def _hits(
        self, document: Document, pages: Sequence[int], wanted: Sequence[search.Term]
    ) -> Iterator[search.Hit]:
        shards = self.store.shards(document, shards_of(pages))
        done = {number: mark.run for shard in shards for number, mark in shard.done.items()}
        read = [number for number in pages if number in done]
        found = self.objects.get_many(keys.page_result(document.id, done[n], n) for n in read)
        for data in found:
            page = pagejson.load(json.loads(pagezip.unpack(data).result)) if data else None
            if page and (hit := search.hit(page, wanted)):
                yield hit
