"""A DocumentStore in memory."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from fanfold.errors import InvalidRequest
from fanfold.model import (
    Document,
    DoneMark,
    FailedMark,
    Options,
    Reason,
    Shard,
    SourceFile,
    State,
    shard_of,
)
from fanfold.ports import Clock, Ending, Listing, Opened

Key = tuple[str, int]


class FakeDocuments:
    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.metas: dict[str, Document] = {}
        self.shard_items: dict[Key, Shard] = {}
        self.answers: dict[tuple[str, str, Options], tuple[str, int]] = {}

    def create(self, document: Document) -> bool:
        if document.id in self.metas:
            return False
        self.metas[document.id] = document
        return True

    def get(self, document: str) -> Document | None:
        return self.metas.get(document)

    def list(self, tenant: str, *, state: State | None, cursor: str | None, limit: int) -> Listing:
        if cursor is not None and not cursor.isdigit():
            raise InvalidRequest
        found = [
            one
            for one in sorted(self.metas.values(), key=lambda one: -one.created_at)
            if one.tenant == tenant
            and (one.state is state if state else one.state is not State.DELETED)
        ]
        start = int(cursor or 0)
        more = start + limit < len(found)
        return Listing(tuple(found[start : start + limit]), str(start + limit) if more else None)

    def pin(self, document: str, source: SourceFile, deadline: int) -> Document | None:
        self._update(
            document,
            lambda one: one.state in (State.UPLOADING, State.EXPIRED),
            state=State.QUEUED,
            source=source,
            deadline=deadline,
            ended_at=None,
        )
        found = self.metas.get(document)
        pinned = found.source if found else None
        same = pinned and (pinned.key, pinned.version) == (source.key, source.version)
        return found if same else None

    def begin(self, document: str, run: int, opened: Opened) -> Document | None:
        def now(one: Document) -> bool:
            return one.run == run and one.state is State.QUEUED and one.source is not None

        found = self.metas.get(document)
        if found is None or found.source is None:
            return None
        return self._update(
            document,
            now,
            state=State.PROCESSING,
            document_pages=opened.document_pages,
            pages_total=opened.pages_total,
            shards_total=opened.shards_total,
            selection=opened.selection,
            deadline=opened.deadline,
            damage=dict.fromkeys(opened.damage, 1),
            signed=opened.signed,
            source=replace(found.source, sha256=opened.sha256, media_type=opened.media_type),
        )

    def open_shard(self, shard: Shard) -> Shard | None:
        return self.shard_items.setdefault((shard.document, shard.number), shard)

    def take_over(self, run: int, shard: Shard) -> Shard | None:
        found = self.shard_items.get((shard.document, shard.number))
        return self._write(shard) if found and found.run == run else found

    def shard(self, document: str, number: int) -> Shard | None:
        return self.shard_items.get((document, number))

    def shards(self, document: Document) -> tuple[Shard, ...]:
        return tuple(v for (id_, _), v in sorted(self.shard_items.items()) if id_ == document.id)

    def mark_done(self, document: str, run: int, page: int, mark: DoneMark) -> Shard | None:
        shard = self._fenced(document, run, page)
        if shard is None or page not in shard.waiting:
            return shard
        done = {**shard.done, page: mark}
        heavy = {one: moment for one, moment in shard.heavy.items() if one != page}
        return self._write(replace(shard, done=done, heavy=heavy))

    def mark_failed(self, document: str, run: int, page: int, mark: FailedMark) -> Shard | None:
        shard = self._fenced(document, run, page)
        if shard is None or page not in shard.waiting:
            return shard
        return self._write(replace(shard, failed={**shard.failed, page: mark}))

    def mark_heavy(self, document: str, run: int, page: int, moment: int) -> int | None:
        shard = self._fenced(document, run, page)
        if shard is None:
            return None
        if page not in shard.heavy:
            shard = self._write(replace(shard, heavy={**shard.heavy, page: moment}))
        return shard.heavy[page]

    def fanned(self, document: str, run: int, shard: int) -> Document | None:
        found = self.metas.get(document)
        return found and self._update(document, _processing(run), fanned=found.fanned | {shard})

    def shard_done(self, document: str, run: int, shard: int, deadline: int) -> Document | None:
        found = self.metas.get(document)
        return found and self._update(
            document,
            _processing(run),
            shards_done=found.shards_done | {shard},
            deadline=deadline,
        )

    def ready(self, document: str, run: int, deadline: int) -> bool:
        def complete(one: Document) -> bool:
            return _processing(run)(one) and 0 < len(one.shards_done) == one.shards_total

        return bool(
            self._update(
                document,
                complete,
                state=State.ASSEMBLING,
                deadline=deadline,
                sweeps=0,
                progress=0,
                waits=0,
            )
        )

    def finish(self, document: str, run: int, ending: Ending) -> Document | None:
        return self._update(
            document,
            lambda one: one.run == run and one.state is State.ASSEMBLING,
            state=ending.state,
            pages_done=ending.pages_done,
            pages_failed=ending.pages_failed,
            milliseconds=ending.milliseconds,
            results=ending.results,
            results_run=run,
            reason=ending.reason,
            damage=dict(ending.damage),
            deadline=self.clock.now() if ending.watched else None,
            ended_at=self.clock.now(),
        )

    def fail(self, document: Document, reason: Reason, *, watched: bool) -> Document | None:
        seen = (document.run, document.state)
        return self._update(
            document.id,
            lambda one: (one.run, one.state) == seen and one.state.live,
            state=State.FAILED,
            reason=reason,
            deadline=self.clock.now() if watched else None,
            ended_at=self.clock.now(),
        )

    def expire(self, document: str) -> bool:
        return bool(
            self._update(
                document,
                lambda one: one.state is State.UPLOADING,
                state=State.EXPIRED,
                deadline=None,
                ended_at=self.clock.now(),
            )
        )

    def rerun(
        self, document: str, run: int, options: Options, redo: str, deadline: int
    ) -> Document | None:
        self._update(
            document,
            lambda one: one.run == run and one.state.finished and one.shards_total > 0,
            state=State.PROCESSING,
            run=run + 1,
            options=options,
            redo=redo,
            deadline=deadline,
            fanned=frozenset(),
            shards_done=frozenset(),
            reason=None,
            ended_at=None,
            **dict.fromkeys(("sweeps", "progress", "waits", "pages_done", "pages_failed"), 0),
            milliseconds=0,
        )
        found = self.metas.get(document)
        wanted = (run + 1, State.PROCESSING, options, redo)
        this = found and (found.run, found.state, found.options, found.redo) == wanted
        return found if this else None

    def cancel(self, document: str) -> Document | None:
        found = self.metas.get(document)
        self._update(
            document,
            lambda one: one.state.live,
            state=State.CANCELLED,
            run=found.run + 1 if found else 0,
            deadline=None,
            ended_at=self.clock.now(),
        )
        return self.metas.get(document)

    def delete(self, document: str, deadline: int) -> Document | None:
        found = self.metas.get(document)
        self._update(
            document,
            lambda one: one.state is not State.DELETED,
            state=State.DELETED,
            run=found.run + 1 if found else 0,
            deadline=deadline,
        )
        return self.metas.get(document)

    def bury(self, document: Document) -> bool:
        buried = self._update(
            document.id,
            lambda one: one.run == document.run and not one.state.live,
            deadline=None,
        )
        return buried is not None

    def remember(self, document: Document, until: int) -> None:
        if document.source:
            key = (document.tenant, document.source.sha256, document.options)
            self.answers[key] = (document.id, until)

    def same(self, tenant: str, sha256: str, options: Options) -> Document | None:
        id_, until = self.answers.get((tenant, sha256, options), ("", 0))
        found = self.metas.get(id_) if until > self.clock.now() else None
        return found if found and found.answers(tenant, sha256, options) else None

    def purge(self, document: Document) -> None:
        for key in [key for key in self.shard_items if key[0] == document.id]:
            del self.shard_items[key]

    def due(self, now: int, limit: int) -> list[Document]:
        late = [one for one in self.metas.values() if one.deadline and one.deadline <= now]
        return sorted(late, key=lambda one: one.deadline or 0)[:limit]

    def resumed(
        self, document: Document, *, deadline: int, progress: int, sweeps: int, waits: int
    ) -> Document | None:
        return self._update(
            document.id,
            lambda one: (one.run, one.deadline) == (document.run, document.deadline),
            deadline=deadline,
            progress=progress,
            sweeps=sweeps,
            waits=waits,
        )

    def _update(
        self, document: str, condition: Callable[[Document], bool], **changes: object
    ) -> Document | None:
        found = self.metas.get(document)
        if found is None or not condition(found):
            return None
        now = self.clock.now()
        self.metas[document] = replace(found, updated_at=now, **changes)  # type: ignore[arg-type]
        return self.metas[document]

    def _fenced(self, document: str, run: int, page: int) -> Shard | None:
        shard = self.shard_items.get((document, shard_of(page)))
        return shard if shard and shard.run == run else None

    def _write(self, shard: Shard) -> Shard:
        self.shard_items[shard.document, shard.number] = shard
        return shard


def _processing(run: int) -> Callable[[Document], bool]:
    return lambda one: one.run == run and one.state is State.PROCESSING
