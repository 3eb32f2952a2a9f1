"""Assemble: fold the pages into the results.

What is written follows from the marks alone: two assemblers at once write the same bytes, and the
manifest, written last and only once, says that everything it names lies there.
"""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from fanfold import keys, pagejson, workspace
from fanfold.errors import AllPagesFailed, DamagedFile, DocumentError, PageLost, Unavailable
from fanfold.formats import alto, document_json, hocr, manifest
from fanfold.formats.markdown import MARKDOWN
from fanfold.formats.media import MANIFEST, MEDIA
from fanfold.formats.outcome import FailedPage, Outcome
from fanfold.formats.series import Series, write
from fanfold.formats.text import TEXT
from fanfold.formats.tsv import TSV
from fanfold.messages import AssembleMessage
from fanfold.model import Document, DoneMark, Output, Reason, Shard, Source, State
from fanfold.ports import DocumentStore, DocumentTool, Ending, ObjectStore
from fanfold.stages import outcome
from fanfold.stages.progress import REUSE_SECONDS, selected

logger = logging.getLogger(__name__)

_PDF = "application/pdf"
_TRIES = 3
"""Deliveries on which a place to write the searchable PDF is hoped for; the queue has five."""


@dataclass(frozen=True, slots=True)
class Marks:
    """Every selected page's mark, gathered from the shards."""

    done: Mapping[int, DoneMark]
    failed: Mapping[int, str]
    """Codes of the pages that failed."""


def assemble(
    message: AssembleMessage,
    attempt: int = 1,
    *,
    store: DocumentStore,
    objects: ObjectStore,
    tool: DocumentTool,
    temporary: Path,
) -> None:
    """Write the results of a document whose pages are all done or failed, and end it.

    ``attempt`` counts deliveries: where there is no room for the searchable PDF, it is tried again
    before the document ends without.
    """
    document = store.get(message.document)
    if document is None or document.run != message.run:
        return
    if document.state is not State.ASSEMBLING:
        outcome.publish(document, store=store, objects=objects)
        return
    marks = _without_lost(document, _gather(document, store.shards(document)), objects)
    ending = _ending(document, marks)
    with workspace.folder(temporary) as folder:
        files = _write_series(_as_it_ends(document, ending), marks, objects, folder)
        searchable = folder / keys.RESULT_FILES[Output.PDF]
        if Output.PDF in document.options.outputs and _write_pdf(
            document, marks, objects, tool, searchable, patient=attempt < _TRIES
        ):
            files[Output.PDF] = searchable
        ending = replace(ending, results=tuple(o for o in Output if o in files))
        _store(_as_it_ends(document, ending), marks, files, objects)
    after = store.finish(document.id, document.run, ending)
    if after and after.state is State.SUCCEEDED and not after.redo:
        # A rerun may have read pages with other options: it does not answer for them.
        store.remember(after, (after.ended_at or 0) + REUSE_SECONDS * 1000)
    outcome.publish(document, store=store, objects=objects)


def _gather(document: Document, shards: tuple[Shard, ...]) -> Marks:
    done = {page: mark for shard in shards for page, mark in shard.done.items()}
    failed = {page: mark.code for shard in shards for page, mark in shard.failed.items()}
    pages = selected(document)
    return Marks(
        {page: done[page] for page in pages if page in done},
        {page: failed.get(page, PageLost.code) for page in pages if page not in done},
    )


def _without_lost(document: Document, marks: Marks, objects: ObjectStore) -> Marks:
    """Take pages whose result is gone for what they are, before anything counts on them."""
    there: set[str] = set()
    for run in {mark.run for mark in marks.done.values()}:
        there.update(objects.list_keys(keys.page_results(document.id, run)))
    done = {
        page: mark
        for page, mark in marks.done.items()
        if keys.page_result(document.id, mark.run, page) in there
    }
    lost = {page: PageLost.code for page in marks.done if page not in done}
    return Marks(done, {**marks.failed, **lost})


def _ending(document: Document, marks: Marks) -> Ending:
    state = State.PARTIAL if marks.failed else State.SUCCEEDED
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
        watched=outcome.is_dropped(document),
    )


def _reason(marks: Marks) -> Reason:
    """Return what the pages have in common where not one was read."""
    codes = set(marks.failed.values())
    code = codes.pop() if len(codes) == 1 else AllPagesFailed.code
    return outcome.reason_for(code)


def _as_it_ends(document: Document, ending: Ending) -> Document:
    return replace(
        document,
        state=ending.state,
        pages_done=ending.pages_done,
        pages_failed=ending.pages_failed,
        milliseconds=ending.milliseconds,
        results=ending.results,
        reason=ending.reason,
    )


def _write_series(
    document: Document, marks: Marks, objects: ObjectStore, folder: Path
) -> dict[Output, Path]:
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
        _outcomes(document, marks, objects),
    )
    return files


def _outcomes(document: Document, marks: Marks, objects: ObjectStore) -> Iterator[Outcome]:
    """Yield every selected page in order; one whose result is gone counts as lost."""
    results = objects.get_many(
        keys.page_result(document.id, mark.run, page) for page, mark in marks.done.items()
    )
    for page in selected(document):
        data = next(results) if page in marks.done else None
        if data is None:
            yield _failed(page, marks)
        else:
            yield pagejson.load(json.loads(data))


def _failed(page: int, marks: Marks) -> FailedPage:
    return FailedPage(page, outcome.reason_for(marks.failed.get(page, PageLost.code)))


def _write_pdf(
    document: Document,
    marks: Marks,
    objects: ObjectStore,
    tool: DocumentTool,
    target: Path,
    *,
    patient: bool,
) -> bool:
    """Write the searchable PDF; False where the original cannot be written again.

    That must not cost the reader the text: the document ends with the other results. ``patient``:
    raise Unavailable where it is not the file's fault, so that the message comes again.
    """
    source, original = document.source, target.parent / "original"
    if source is None or not objects.download(source.key, source.version, original):
        return False
    layers = _fetch(_layer_keys(document, marks), objects, target.parent / "layers")
    try:
        if source.media_type == _PDF:
            tool.graft(original, layers, target)
        else:
            begun = time.monotonic()
            frames = _frames(document, source.media_type, original, tool)
            place = {page: index for index, page in enumerate(frames, 1)}
            placed = {place[page]: path for page, path in layers.items() if page in place}
            tool.graft(list(frames.values()), placed, target, time.monotonic() - begun)
    except (DocumentError, Unavailable) as error:
        if patient and isinstance(error, Unavailable):
            raise
        logger.warning("no searchable PDF", extra={"code": error.code, "why": str(error)})
        return False
    return True


def _frames(
    document: Document, media_type: str, original: Path, tool: DocumentTool
) -> dict[int, Path]:
    """Wrap an image document's frames again: those under work/ may be of several runs, or gone.

    Raises DamagedFile where not one can be wrapped.
    """
    folder = original.parent / "frames"
    folder.mkdir()
    cuts = tool.cut(original, media_type, selected(document), folder)
    frames = {cut.page: cut.path for cut in cuts if cut.path}
    if not frames:
        raise DamagedFile
    return frames


def _layer_keys(document: Document, marks: Marks) -> dict[int, str]:
    return {
        page: keys.page_layer(document.id, mark.run, page)
        for page, mark in marks.done.items()
        if mark.source in (Source.OCR, Source.MIXED)
    }


def _fetch(keyed: Mapping[int, str], objects: ObjectStore, folder: Path) -> dict[int, Path]:
    """Fetch one-page PDFs into ``folder``; pages whose object is gone are left out."""
    folder.mkdir()
    paths = {}
    for page, data in zip(keyed, objects.get_many(keyed.values()), strict=True):
        if data is not None:
            paths[page] = folder / f"{page:05}.pdf"
            paths[page].write_bytes(data)
    return paths


def _store(
    document: Document, marks: Marks, files: Mapping[Output, Path], objects: ObjectStore
) -> None:
    described = []
    for output, path in files.items():
        key = keys.result(document.id, document.run, path.name)
        objects.put_file(key, path, MEDIA[output].type)
        described.append(manifest.describe(output, path.name, path))
    failed = [_failed(page, marks) for page in marks.failed]
    body = manifest.render(document, marks.done, described, failed)
    objects.put_new(keys.result(document.id, document.run, keys.MANIFEST), body, MANIFEST.type)
