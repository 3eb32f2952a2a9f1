"""Assemble: fold the pages into the results.

What is written follows from the marks alone: two assemblers at once write the same bytes, and the
manifest, written last and only once, says that everything it names lies there.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from fanfold import damage, keys, quality, workspace
from fanfold.errors import AllPagesFailed
from fanfold.formats import bundle, manifest, registry
from fanfold.formats.manifest import ResultFile
from fanfold.formats.media import MANIFEST_MEDIA, MEDIA
from fanfold.formats.series import finish, write
from fanfold.messages import AssembleMessage
from fanfold.model import Document, Output, Reason, State
from fanfold.ports import DocumentStore, Ending, ObjectStore
from fanfold.stages.endings import Endings, is_watched, reason_for
from fanfold.stages.marks import Marks, gather, layers_in, lost, outcomes
from fanfold.stages.parts import Parts
from fanfold.stages.pdf import WritePdf
from fanfold.stages.progress import REUSE_SECONDS, Progress, selected

_MAXIMUM_DELIVERIES = 3
"""Maximum of deliveries before a document ends without its searchable PDF; the queue has five."""


@dataclass(frozen=True, slots=True)
class Assemble:
    """Folds documents whose pages are all done or failed."""

    store: DocumentStore
    objects: ObjectStore
    temporary: Path
    write_pdf: WritePdf
    endings: Endings
    parts: Parts
    progress: Progress

    def __call__(self, message: AssembleMessage, attempt: int) -> None:
        """Write the document's results, and end it; or fold a part of it.

        ``attempt`` counts deliveries: where there is no room for the searchable PDF, it is tried
        again before the document ends without.
        """
        document = self.store.get(message.document)
        if document is None or document.run != message.run:
            return
        if document.state is State.ASSEMBLING:
            missing = self.parts.missing(document)
            if message.part is not None:
                self._fold_part(document, message.part, missing)
                return
            if missing:
                self.progress.request_parts(document, missing)
                return
            self._fold(document, patient=attempt < _MAXIMUM_DELIVERIES)
        self.endings.publish(document)

    def _fold_part(self, document: Document, part: int, missing: Collection[int]) -> None:
        """Fold a part unless somebody has, and ask for the whole where it was the last one."""
        if part in missing:
            self.parts.fold(document, part, registry.series(document, {}, {}))
            missing = self.parts.missing(document)
        if not missing:
            self.progress.request_assembly(document)

    def _fold(self, document: Document, *, patient: bool) -> None:
        found = gather(selected(document), self.store.shards(document))
        parted = bool(self.parts.of(document))
        gone = self.parts.lost(document) if parted else lost(self.objects, document, found)
        found = found.without(gone)
        ending = _ending(document, found)
        with workspace.folder(self.temporary) as folder:
            layers = folder / "layers"
            layers.mkdir()
            as_it_ends = _as_it_ends(document, ending)
            files = list(self._write_series(as_it_ends, found, folder, parted=parted))
            searchable = folder / keys.RESULT_FILES[Output.PDF]
            if Output.PDF in document.options.outputs and self.write_pdf(
                document,
                self.parts.layers(document, layers) if parted else layers_in(layers),
                searchable,
                patient=patient,
                broken=bool(ending.damage or found.failed),
            ):
                files.append(self._stored(document, Output.PDF, searchable))
            if Output.ZIP in document.options.outputs:
                packed, there = (
                    folder / keys.RESULT_FILES[Output.ZIP],
                    {one.output for one in files},
                )
                names = (keys.RESULT_FILES[output] for output in Output if output in there)
                bundle.pack([folder / name for name in names], packed)
                files.append(self._stored(document, Output.ZIP, packed))
        made = {file.output for file in files}
        ending = replace(ending, results=tuple(output for output in Output if output in made))
        self._write_manifest(_as_it_ends(document, ending), found, files)
        after = self.store.finish(document.id, document.run, ending)
        if after and after.state is State.SUCCEEDED and not after.redo:
            # A rerun may have read pages with other options: it does not answer for them.
            self.store.remember(after, (after.ended_at or 0) + REUSE_SECONDS * 1000)

    def _write_series(
        self, document: Document, found: Marks, folder: Path, *, parted: bool
    ) -> Iterator[ResultFile]:
        """Write and store the files; those of a long document one after the other, for room."""
        known = registry.series(document, found.done, found.failed)
        paths = {output: folder / keys.RESULT_FILES[output] for output in known}
        if not parted:
            by_path = {path: known[output] for output, path in paths.items()}
            wanted = Output.PDF in document.options.outputs
            layers = folder / "layers" if wanted else None
            write(by_path, outcomes(self.objects, document, found, layers))
        for output, path in paths.items():
            if parted:
                self.parts.join(document, path, known[output])
            finish({path: known[output]})
            yield self._stored(document, output, path)

    def _stored(self, document: Document, output: Output, path: Path) -> ResultFile:
        """Store a result; it is gone from the disk then, unless it is to be packed as well."""
        key = keys.result(document.id, document.run, path.name)
        self.objects.put_file(key, path, MEDIA[output].type)
        described = manifest.describe(output, path.name, path)
        if Output.ZIP not in document.options.outputs:
            path.unlink()
        return described

    def _write_manifest(
        self, document: Document, found: Marks, files: Sequence[ResultFile]
    ) -> None:
        failed = [found.failed_page(page) for page in found.failed]
        body = manifest.render(document, found.done, files, failed)
        key = keys.result(document.id, document.run, keys.MANIFEST)
        self.objects.put_new(key, body, MANIFEST_MEDIA.type)


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
        concerns=quality.of(marks.done).concerns,
        watched=is_watched(document),
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
        concerns=ending.concerns,
    )
