"""Parts: a long document is folded a thousand pages at a time, by several workers at once.

A part's files lie under ``work/``; its note, written last, says that they do. So nobody counts:
which parts are missing is what the bucket says, and whoever writes the last note, or comes by
later, asks for the whole.
"""

from __future__ import annotations

import json
import shutil
import tarfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import BinaryIO

from fanfold import keys, workspace
from fanfold.errors import Unavailable
from fanfold.formats.outcome import FailedPage, Outcome
from fanfold.formats.series import Series, write
from fanfold.model import PART_PAGES, Document, Output
from fanfold.ports import DocumentStore, ObjectStore
from fanfold.stages import marks
from fanfold.stages.progress import selected, shards_of

_NOTE = "part.json"
_LAYERS = "layers.tar"
_PART_MEDIA = "application/octet-stream"


@dataclass(frozen=True, slots=True)
class Parts:
    """Folds parts, and puts what they were folded into together."""

    store: DocumentStore
    objects: ObjectStore
    temporary: Path

    def of(self, document: Document) -> dict[int, tuple[int, ...]]:
        """Return the pages of each part; no part of a document that is folded in one go."""
        pages = selected(document)
        found: dict[int, list[int]] = {}
        for page in pages if len(pages) > PART_PAGES else ():
            found.setdefault(page // PART_PAGES, []).append(page)
        return {number: tuple(some) for number, some in found.items()}

    def missing(self, document: Document) -> list[int]:
        """Return the parts that are not folded yet."""
        parts = self.of(document)
        notes = {keys.part(document.id, document.run, number, _NOTE): number for number in parts}
        there = set(self.objects.list_keys(keys.parts(document.id, document.run))) if parts else ()
        return [number for key, number in notes.items() if key not in there]

    def fold(self, document: Document, number: int, known: Mapping[Output, Series]) -> None:
        """Write a part's share of every file, and its note."""
        pages = self.of(document).get(number, ())
        found = marks.gather(pages, self.store.shards(document, shards_of(pages)))
        lost: set[int] = set()
        with workspace.folder(self.temporary) as folder:
            files = {folder / keys.RESULT_FILES[output]: one for output, one in known.items()}
            bare = {path: replace(one, before="", after="") for path, one in files.items()}
            layers = folder / "layers" if Output.PDF in document.options.outputs else None
            if layers:
                layers.mkdir()
            read = marks.outcomes(self.objects, document, found, layers)
            write(bare, _noting(read, found, lost))
            for path in files:
                self.objects.put_file(self._key(document, number, path.name), path, _PART_MEDIA)
            if layers:
                self._keep_layers(document, number, layers)
        note = json.dumps({"lost": sorted(lost)}).encode()
        self.objects.put(self._key(document, number, _NOTE), note, "application/json")

    def lost(self, document: Document) -> set[int]:
        """Return the pages whose results the parts found to be gone."""
        notes = self.objects.get_many(
            self._key(document, number, _NOTE) for number in self.of(document)
        )
        return {page for note in notes for page in json.loads(_there(note))["lost"]}

    def join(self, document: Document, path: Path, series: Series) -> None:
        """Write a file from its parts."""
        with path.open("wb") as target:
            target.write(_encoded(series.before))
            for index, number in enumerate(self.of(document)):
                target.write(_encoded(series.between) if index else b"")
                with self._fetched(document, number, path.name, path.parent) as source:
                    shutil.copyfileobj(source, target)
            target.write(_encoded(series.after))

    def layers(self, document: Document, folder: Path) -> dict[int, Path]:
        """Fetch the invisible text layers of all parts into ``folder``."""
        for number in self.of(document):
            with (
                self._fetched(document, number, _LAYERS, folder) as source,
                tarfile.open(fileobj=source) as bundle,
            ):
                bundle.extractall(folder, filter="data")
        return marks.layers_in(folder)

    def _keep_layers(self, document: Document, number: int, layers: Path) -> None:
        bundle = layers.parent / _LAYERS
        with tarfile.open(bundle, "w") as target:
            for path in marks.layers_in(layers).values():
                target.add(path, path.name)
        self.objects.put_file(self._key(document, number, _LAYERS), bundle, _PART_MEDIA)

    def _fetched(self, document: Document, number: int, file: str, folder: Path) -> BinaryIO:
        """Return a part's file, to be read; it is gone from the disk once it is closed."""
        path = folder / f"part-{file}"
        if not self.objects.download(self._key(document, number, file), None, path):
            raise Unavailable("A part of the document is gone.")
        source = path.open("rb")
        path.unlink()
        return source

    def _key(self, document: Document, number: int, file: str) -> str:
        return keys.part(document.id, document.run, number, file)


def _noting(pages: Iterator[Outcome], found: marks.Marks, lost: set[int]) -> Iterator[Outcome]:
    for outcome in pages:
        if isinstance(outcome, FailedPage) and outcome.number in found.done:
            lost.add(outcome.number)
        yield outcome


def _there(note: bytes | None) -> bytes:
    if note is None:
        raise Unavailable("A part of the document is gone.")
    return note


def _encoded(text: str) -> bytes:
    return text.encode("utf-8", "backslashreplace")  # as a series is written
