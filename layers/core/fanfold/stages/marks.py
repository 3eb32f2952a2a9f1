"""What became of pages, gathered from their shards, and their results one after the other."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from fanfold import keys, pagejson, pagezip
from fanfold.errors import PageLost
from fanfold.formats.outcome import FailedPage, Outcome
from fanfold.model import Document, DoneMark, Shard
from fanfold.ports import ObjectStore
from fanfold.stages.endings import reason_for


@dataclass(frozen=True, slots=True)
class Marks:
    """The marks of pages, each either done or failed."""

    done: Mapping[int, DoneMark]
    failed: Mapping[int, str]
    """Codes of the pages that failed."""

    @property
    def pages(self) -> list[int]:
        """The pages in order."""
        return sorted([*self.done, *self.failed])

    def without(self, lost: Collection[int]) -> Marks:
        """Take pages whose result is gone for what they are."""
        done = {page: mark for page, mark in self.done.items() if page not in lost}
        gone = {page: PageLost.code for page in self.done if page in lost}
        return Marks(done, {**self.failed, **gone})

    def failed_page(self, page: int) -> FailedPage:
        """Return why a page has no result."""
        return FailedPage(page, reason_for(self.failed.get(page, PageLost.code)))


def gather(pages: Iterable[int], shards: Iterable[Shard]) -> Marks:
    """Return the marks of ``pages``; one without counts as lost."""
    found = list(shards)
    done = {page: mark for shard in found for page, mark in shard.done.items()}
    failed = {page: mark.code for shard in found for page, mark in shard.failed.items()}
    asked = list(pages)
    return Marks(
        {page: done[page] for page in asked if page in done},
        {page: failed.get(page, PageLost.code) for page in asked if page not in done},
    )


def lost(objects: ObjectStore, document: Document, marks: Marks) -> set[int]:
    """Return the pages that were read and whose result is gone."""
    there: set[str] = set()
    for run in {mark.run for mark in marks.done.values()}:
        there.update(objects.list_keys(keys.page_results(document.id, run)))
    return {
        page
        for page, mark in marks.done.items()
        if keys.page_result(document.id, mark.run, page) not in there
    }


def outcomes(
    objects: ObjectStore, document: Document, marks: Marks, layers: Path | None = None
) -> Iterator[Outcome]:
    """Yield every page in order; one whose result is gone counts as lost.

    ``layers`` is the folder that gets the pages' invisible text layers on the way, if wanted.
    """
    results = objects.get_many(
        keys.page_result(document.id, marks.done[page].run, page)
        for page in marks.pages
        if page in marks.done
    )
    for page in marks.pages:
        data = next(results) if page in marks.done else None
        if data is None:
            yield marks.failed_page(page)
            continue
        files = pagezip.unpack(data)
        if layers and files.layer:
            (layers / f"{page:05}.pdf").write_bytes(files.layer)
        yield pagejson.load(json.loads(files.result))


def layers_in(folder: Path) -> dict[int, Path]:
    """Return the invisible text layers that lie in a folder, by page."""
    return {int(path.stem): path for path in sorted(folder.glob("*.pdf"))}
