"""Assemble: fold the pages into the results.

What is written follows from the marks alone: two assemblers at once write the same bytes, and the
manifest, written last and only once, says that everything it names lies there.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from fanfold import damage, keys, pagejson, workspace
from fanfold.errors import AllPagesFailed, PageLost
from fanfold.formats import alto, document_json, hocr, manifest
from fanfold.formats.markdown import MARKDOWN
from fanfold.formats.media import MANIFEST_MEDIA, MEDIA
from fanfold.formats.outcome import FailedPage, Outcome
from fanfold.formats.series import Series, write
from fanfold.formats.text import TEXT
from fanfold.formats.tsv import TSV
from fanfold.messages import AssembleMessage
from fanfold.model import Document, DoneMark, Output, Reason, Shard, Source, State
from fanfold.ports import DocumentStore, Ending, ObjectStore
from fanfold.stages.endings import Endings, is_dropped, reason_for
from fanfold.stages.pdf import WritePdf
from fanfold.stages.progress import REUSE_SECONDS, selected

_MAXIMUM_DELIVERIES = 3
"""Maximum of deliveries before a document ends without its searchable PDF; the queue has five."""


@dataclass(frozen=True, slots=True)
class Marks:
    """Every selected page's mark, gathered from the shards."""

    done: Mapping[int, DoneMark]
    failed: Mapping[int, str]
    """Codes of the pages that failed."""


@dataclass(frozen=True, slots=True)
class Assemble:
    """Folds documents whose pages are all done or failed."""

    store: DocumentStore
    objects: ObjectStore
    temporary: Path
    write_pdf: WritePdf
    endings: Endings

    def __call__(self, message: AssembleMessage, attempt: int) -> None:
        """Write the document's results, and end it.

        ``attempt`` counts deliveries: where there is no room for the searchable PDF, it is tried
        again before the document ends without.
        """
        document = self.store.get(message.document)
        if document is None or document.run != message.run:
            return
        if document.state is State.ASSEMBLING:
            self._fold(document, patient=attempt < _MAXIMUM_DELIVERIES)
        self.endings.publish(document)

    def _fold(self, document: Document, *, patient: bool) -> None:
        marks = self._without_lost(document, _gather(document, self.store.shards(document)))
        ending = _ending(document, marks)
        with workspace.folder(self.temporary) as folder:
            files = self._write_series(_as_it_ends(document, ending), marks, folder)
            searchable = folder / keys.RESULT_FILES[Output.PDF]
            if Output.PDF in document.options.outputs and self.write_pdf(
                document,
                _layers(document, marks),
                searchable,
                patient=patient,
                broken=bool(ending.damage or marks.failed),
            ):
                files[Output.PDF] = searchable
            ending = replace(ending, results=tuple(o for o in Output if o in files))
            self._store(_as_it_ends(document, ending), marks, files)
        after = self.store.finish(document.id, document.run, ending)
        if after and after.state is State.SUCCEEDED and not after.redo:
            # A rerun may have read pages with other options: it does not answer for them.
            self.store.remember(after, (after.ended_at or 0) + REUSE_SECONDS * 1000)

    def _without_lost(self, document: Document, marks: Marks) -> Marks:
        """Take pages whose result is gone for what they are, before anything counts on them."""
        there: set[str] = set()
        for run in {mark.run for mark in marks.done.values()}:
            there.update(self.objects.list_keys(keys.page_results(document.id, run)))
        done = {
            page: mark
            for page, mark in marks.done.items()
            if keys.page_result(document.id, mark.run, page) in there
        }
        lost = {page: PageLost.code for page in marks.done if page not in done}
        return Marks(done, {**marks.failed, **lost})

    def _write_series(self, document: Document, marks: Marks, folder: Path) -> dict[Output, Path]:
        known: dict[Output, Series] = {
            Output.TEXT: TEXT,
            Output.MARKDOWN: MARKDOWN,
            Output.JSON: document_json.series(document, marks.done),
            Output.HOCR: hocr.series(document),
            Output.ALTO: alto.series(document),
            Output.TSV: TSV,
        }
        files = {
            output: folder / keys.RESULT_FILES[output]
            for output in document.options.outputs
            if output in known
        }
        write(
            {path: known[output] for output, path in files.items()},
            self._outcomes(document, marks),
        )
        return files

    def _outcomes(self, document: Document, marks: Marks) -> Iterator[Outcome]:
        """Yield every selected page in order; one whose result is gone counts as lost."""
        results = self.objects.get_many(
            keys.page_result(document.id, mark.run, page) for page, mark in marks.done.items()
        )
        for page in selected(document):
            data = next(results) if page in marks.done else None
            if data is None:
                yield _failed(page, marks)
            else:
                yield pagejson.load(json.loads(data))

    def _store(self, document: Document, marks: Marks, files: Mapping[Output, Path]) -> None:
        described = []
        for output, path in files.items():
            key = keys.result(document.id, document.run, path.name)
            self.objects.put_file(key, path, MEDIA[output].type)
            described.append(manifest.describe(output, path.name, path))
        failed = [_failed(page, marks) for page in marks.failed]
        body = manifest.render(document, marks.done, described, failed)
        key = keys.result(document.id, document.run, keys.MANIFEST)
        self.objects.put_new(key, body, MANIFEST_MEDIA.type)


def _gather(document: Document, shards: tuple[Shard, ...]) -> Marks:
    done = {page: mark for shard in shards for page, mark in shard.done.items()}
    failed = {page: mark.code for shard in shards for page, mark in shard.failed.items()}
    pages = selected(document)
    return Marks(
        {page: done[page] for page in pages if page in done},
        {page: failed.get(page, PageLost.code) for page in pages if page not in done},
    )


def _ending(document: Document, marks: Marks) -> Ending:
    broken = damage.counts(document.damage, marks.done)
    lost = marks.failed or any(code in broken for code in damage.OF_DOCUMENTS)
    state = State.PARTIAL if lost else State.SUCCEEDED
    reason = None
    if not marks.done:
        state, reason = State.FAILED, _reason(marks)
    return Ending(
        state=state,
        pages_done=len(marks.done),
        pages_failed=len(marks.failed),
        milliseconds=sum(mark.milliseconds for mark in marks.done.values()),
        results=(),
        reason=reason,
        damage=broken,
        watched=is_dropped(document),
    )


def _reason(marks: Marks) -> Reason:
    """Return what the pages have in common where not one was read."""
    codes = set(marks.failed.values())
    code = codes.pop() if len(codes) == 1 else AllPagesFailed.code
    return reason_for(code)


def _as_it_ends(document: Document, ending: Ending) -> Document:
    return replace(
        document,
        state=ending.state,
        pages_done=ending.pages_done,
        pages_failed=ending.pages_failed,
        milliseconds=ending.milliseconds,
        results=ending.results,
        reason=ending.reason,
        damage=ending.damage,
    )


def _failed(page: int, marks: Marks) -> FailedPage:
    return FailedPage(page, reason_for(marks.failed.get(page, PageLost.code)))


def _layers(document: Document, marks: Marks) -> dict[int, str]:
    """Return the keys of the invisible text layers that there are."""
    return {
        page: keys.page_layer(document.id, mark.run, page)
        for page, mark in marks.done.items()
        if mark.source in (Source.OCR, Source.MIXED)
    }
