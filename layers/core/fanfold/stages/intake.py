"""Intake: a file has arrived. Which document is it, can it be read, and what pages has it?"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from pathlib import Path

from fanfold import keys, names, ranges, workspace
from fanfold.access import TENANT
from fanfold.errors import (
    DocumentError,
    EmptyFile,
    NoPages,
    PagesOutOfRange,
    PasswordRequired,
    SourceMissing,
    TooLarge,
    TooManyPages,
)
from fanfold.messages import ObjectCreated, SplitMessage, encode, group_of
from fanfold.model import MEGABYTE, Document, Limits, Options, SourceFile, State
from fanfold.ports import (
    Clock,
    DocumentStore,
    DocumentTool,
    ObjectStore,
    Opened,
    Probe,
    Queue,
    Secrets,
    WebhookStore,
)
from fanfold.stages.dropped import FolderOptions
from fanfold.stages.endings import Endings
from fanfold.stages.progress import deadline, selected, shards_of
from fanfold.stages.webhooks import wanted


@dataclass(frozen=True, slots=True)
class Identify:
    """Finds out which document an object is, or is to become."""

    store: DocumentStore
    clock: Clock
    defaults: Options
    webhooks: WebhookStore

    def __call__(self, event: ObjectCreated) -> Document | None:
        """Return the document an object belongs to, pinned to that version; None if to none."""
        source = SourceFile(event.key, event.version, event.size)
        upload = keys.parse_upload(event.key)
        if upload:
            return self.store.pin(upload.document, source, deadline(self.clock))
        path = keys.inbox_path(event.key)
        if path is None:
            return None
        now = self.clock.now()
        document = Document(
            id=keys.inbox_document(event.key, event.version),
            tenant=TENANT,
            state=State.QUEUED,
            name=names.shown(path),
            created_at=now,
            updated_at=now,
            options=self.defaults,
            source=source,
            deadline=deadline(self.clock),
            told=wanted(self.webhooks, TENANT),
        )
        return document if self.store.create(document) else self.store.get(document.id)


@dataclass(frozen=True, slots=True)
class Intake:
    """Takes in what arrived in the bucket."""

    store: DocumentStore
    objects: ObjectStore
    split: Queue
    tool: DocumentTool
    clock: Clock
    limits: Limits
    temporary: Path
    identify: Identify
    endings: Endings
    secrets: Secrets
    folder_options: FolderOptions

    def __call__(self, event: ObjectCreated) -> None:
        """Take in the document that ``event`` announces and queue its shards.

        Whatever is wrong with the file ends the document FAILED with a reason. Events for keys
        that are no documents, for later versions of a pinned upload and for ended documents do
        nothing.
        """
        document = self.identify(event)
        if document and document.state is State.QUEUED:
            try:
                opened = self._open(document)
            except DocumentError as error:
                self.endings.fail(document, error)
                self._forget(document)
                return
            begun = self.store.begin(document.id, document.run, opened)
            self._forget(document)
            document = begun or self.store.get(document.id)
        if document and document.state is State.PROCESSING:
            queue_shards(document, self.split)
        elif document:
            self.endings.publish(document)

    def _open(self, document: Document) -> Opened:
        source = document.source
        if source is None:
            raise SourceMissing
        dropped = keys.inbox_path(source.key) is not None
        wished = self.folder_options(source.key) if dropped else document.options
        _check_size(source.size, self.limits)
        with workspace.folder(self.temporary) as folder:
            path = folder / "original"
            if not self.objects.download(source.key, source.version, path):
                raise SourceMissing
            probe, unlocked = self._probe(document, path)
            pages = _select(wished.pages, probe.pages, self.limits)
            with path.open("rb") as file:
                digest = hashlib.file_digest(file, "sha256").hexdigest()
        return Opened(
            document_pages=probe.pages,
            selection=ranges.compress(pages),
            pages_total=len(pages),
            shards_total=len(shards_of(pages)),
            sha256=digest,
            media_type=probe.media_type,
            damage=probe.damage,
            signed=probe.signed,
            active_content=probe.active_content,
            deadline=deadline(self.clock),
            unlocked=unlocked,
            options=wished if dropped else None,
        )

    def _probe(self, document: Document, path: Path) -> tuple[Probe, str]:
        """Return what a file is, and the key of its copy where it wants the password we have."""
        try:
            return self.tool.probe(path), ""
        except PasswordRequired:
            kept = keys.password(document.id, document.run)
            password = self.secrets.get(kept) if document.password else None
            if password is None:
                raise
        copy, key = path.with_name("unlocked"), keys.unlocked(document.id)
        broken = self.tool.unlock(path, password, copy)
        probe = self.tool.probe(copy)
        probe = replace(probe, damage=tuple(sorted({*probe.damage, *broken})))
        self.objects.put_file(key, copy, probe.media_type)
        return probe, key

    def _forget(self, document: Document) -> None:
        if document.password:
            self.secrets.forget(keys.password(document.id, document.run))


def queue_shards(document: Document, split: Queue) -> None:
    """Queue every shard that is not known to be fanned out."""
    numbers = [n for n in shards_of(selected(document)) if n not in document.fanned]
    split.send(
        (encode(SplitMessage(document.id, document.run, number)) for number in numbers),
        group=group_of(document),
    )


def _check_size(size: int, limits: Limits) -> None:
    if size == 0:
        raise EmptyFile
    if size > limits.document_bytes:
        raise TooLarge(
            f"The file has {size / MEGABYTE:.1f} MB;"
            f" at most {limits.document_bytes / MEGABYTE:.0f} MB are read."
        )


def _select(spec: str, total: int, limits: Limits) -> tuple[int, ...]:
    if total < 1:
        raise NoPages
    pages = ranges.expand(spec, total)
    if not pages:
        raise PagesOutOfRange(f"The document has {total} pages; none of “{spec}” is among them.")
    if len(pages) > limits.document_pages:
        raise TooManyPages(
            f"{len(pages)} pages are asked for; at most {limits.document_pages} are read at once."
        )
    return pages
