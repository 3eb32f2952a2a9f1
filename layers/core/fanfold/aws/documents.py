"""Documents and shards on DynamoDB: every write conditional, idempotent and fenced by ``run``."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any
from uuid import uuid4

from boto3.dynamodb.conditions import Key

from fanfold import lives, ranges, records
from fanfold.aws import items, updates
from fanfold.aws.table import Table, Updated
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

_MONTH = 30 * 24 * 3600 * 1000
"""How long a deleted document is known, and longer than one is under way; in milliseconds."""
_LATEST = 10**15  # milliseconds since the epoch: far beyond any document
_UNMARKED = "#run = :run AND attribute_not_exists(#d{0}) AND attribute_not_exists(#f{0})"


class DynamoDocuments:
    """The DocumentStore of the ports on one DynamoDB table.

    ``retain``: how long documents are kept after their end, in milliseconds; None for ever.
    """

    def __init__(self, table: Table, clock: Clock, *, retain: int | None = None) -> None:
        self._table = table
        self._clock = clock
        self._retain = retain

    # Reads

    def get(self, document: str) -> Document | None:
        """Read a document as of now."""
        item = self._table.get(items.meta_key(document), consistent=True)
        return items.document_from(item) if item else None

    def list(self, tenant: str, *, state: State | None, cursor: str | None, limit: int) -> Listing:
        """List a tenant's documents, newest first."""
        found: list[Document] = []
        start = _start(cursor, tenant, state)
        while True:
            answer = self._table.query(
                **_indexed(tenant, state),
                ScanIndexForward=False,
                Limit=limit - len(found),
                **({"ExclusiveStartKey": start} if start else {}),
            )
            found += self._listed(answer["Items"], tenant, state)
            start = answer.get("LastEvaluatedKey")
            if not start or len(found) >= limit:
                return Listing(tuple(found), _cursor(start))

    def _listed(
        self, found: Sequence[records.Record], tenant: str, state: State | None
    ) -> Iterator[Document]:
        """Yield the documents that an index names and that still are what it says."""
        if state:  # that index holds keys alone, so that it is written once a state
            metas = self._table.get_many([items.meta_key(items.id_of(one)) for one in found])
            known = {one["pk"]: one for one in metas}
            found = [known[one["pk"]] for one in found if one["pk"] in known]
        now = self._clock.now()
        for document in map(items.document_from, found):
            as_asked = document.state is (state or document.state)
            hidden = document.forgotten(now) or (not state and document.state is State.DELETED)
            if as_asked and document.tenant == tenant and not hidden:
                yield document

    def shard(self, document: str, number: int) -> Shard | None:
        """Read one shard."""
        item = self._table.get(items.shard_key(document, number), consistent=False)
        return items.shard_from(item) if item else None

    def shards(
        self, document: Document, numbers: Collection[int] | None = None
    ) -> tuple[Shard, ...]:
        """Read all shards that exist, or those of ``numbers``, in order."""
        if numbers is None:
            pages = ranges.expand(document.selection, document.document_pages)
            numbers = {shard_of(page) for page in pages}
        found = self._table.get_many([items.shard_key(document.id, n) for n in numbers])
        return tuple(sorted(map(items.shard_from, found), key=lambda shard: shard.number))

    def due(self, now: int, limit: int) -> Sequence[Document]:
        """List documents whose deadline has passed, the oldest deadline first."""
        answer = self._table.query(
            IndexName="by-deadline",
            KeyConditionExpression=Key("active").eq(items.ACTIVE) & Key("deadline").lte(now),
            Limit=limit,
        )
        return [items.document_from(item) for item in answer["Items"]]

    def same(self, tenant: str, sha256: str, options: Options) -> Document | None:
        """Return the SUCCEEDED document that answers this content with these options.

        The item is a hint: what holds is what META says.
        """
        item = self._table.get(items.same_key(tenant, sha256, options), consistent=False)
        if item is None or int(item["until"]) <= self._clock.now():
            return None
        found = self.get(str(item["document"]))
        return found if found and found.answers(tenant, sha256, options) else None

    # A document's way

    def create(self, document: Document) -> bool:
        """Write a new document; False if the id is taken."""
        return self._table.put_new(items.document_item(document))

    def pin(self, document: str, source: SourceFile, deadline: int) -> Document | None:
        """Pin the source of a document that waits for it; the first version wins."""
        found = _as_it_is(self._meta(document, updates.pin(source, deadline)))
        return found if found and lives.is_pinned(found, source) else None

    def begin(self, document: str, run: int, opened: Opened) -> Document | None:
        """QUEUED → PROCESSING with what the file holds."""
        return _if_applied(self._meta(document, updates.begin(run, opened)))

    def unlock(self, document: str, run: int, deadline: int) -> Document | None:
        """FAILED for want of a password → QUEUED in the run after ``run``."""
        found = _as_it_is(self._meta(document, updates.unlock(run, deadline)))
        return found if found and lives.is_unlocked(found, run) else None

    def fanned(self, document: str, run: int, shard: int) -> Document | None:
        """Note that all pages of a shard are queued."""
        return _if_applied(self._meta(document, updates.fanned(run, shard)))

    def shard_done(self, document: str, run: int, shard: int, deadline: int) -> Document | None:
        """Note that a shard is complete."""
        return _if_applied(self._meta(document, updates.shard_done(run, shard, deadline)))

    def ready(self, document: str, run: int, deadline: int) -> bool:
        """PROCESSING → ASSEMBLING if all shards are done; True for the one who did it.

        The claim tells a refusal by our own write, whose answer got lost, from another worker's.
        """
        claim = uuid4().hex
        after = self._meta(document, updates.ready(run, deadline, claim))
        return after.item is not None and after.item.get("claim") == claim

    def finish(self, document: str, run: int, ending: Ending) -> Document | None:
        """ASSEMBLING → SUCCEEDED, PARTIAL or FAILED."""
        return _if_applied(self._meta(document, updates.finish(run, ending, self._kept())))

    def fail(self, document: Document, reason: Reason, *, watched: bool) -> Document | None:
        """End a live document as FAILED with a reason, unless it has gone on since it was read."""
        change = updates.fail(document, reason, self._kept(), watched=watched)
        return _if_applied(self._meta(document.id, change))

    def expire(self, document: str) -> bool:
        """UPLOADING → EXPIRED."""
        return self._meta(document, updates.expire(self._kept())).applied

    def resumed(
        self, document: Document, *, deadline: int, progress: int, sweeps: int, waits: int
    ) -> Document | None:
        """Note what a sweep found; None if another sweep was here first."""
        change = updates.resumed(document, deadline, progress, sweeps, waits)
        return _if_applied(self._meta(document.id, change))

    def rerun(
        self, document: str, run: int, options: Options, redo: str, deadline: int
    ) -> Document | None:
        """SUCCEEDED, PARTIAL or FAILED → PROCESSING in the run after ``run``."""
        found = _as_it_is(self._meta(document, updates.rerun(run, options, redo, deadline)))
        return found if found and lives.is_rerun(found, run, options, redo) else None

    def cancel(self, document: str) -> Document | None:
        """End a live document as CANCELLED and raise its run, which fences every late writer."""
        return _as_it_is(self._meta(document, updates.cancel(self._kept())))

    def delete(self, document: str, deadline: int) -> Document | None:
        """Make a document DELETED and raise its run, which fences every late writer."""
        kept = updates.Kept(self._clock.now() + _MONTH)
        return _as_it_is(self._meta(document, updates.delete(deadline, kept)))

    def purge(self, document: Document) -> None:
        """Remove the shards of a deleted document; its tombstone expires by itself."""
        self._table.delete(
            [items.shard_key(document.id, shard.number) for shard in self.shards(document)]
        )

    def bury(self, document: Document) -> bool:
        """Take a document that has ended out of the sweep's sight; False where it was rerun."""
        return self._meta(document.id, updates.bury(document)).applied

    def remember(self, document: Document, until: int) -> None:
        """Note that a document answers its content and options, until a moment."""
        if document.source:
            key = items.same_key(document.tenant, document.source.sha256, document.options)
            note = {"document": document.id, "until": until, "ttl": items.seconds(until)}
            self._table.put({**key, **note})

    # A page's way

    def open_shard(self, shard: Shard) -> Shard | None:
        """Create the shard if absent; return it as it is now, whatever its run."""
        if self._table.put_new(self._shard_item(shard)):
            return shard
        item = self._table.get(items.shard_key(shard.document, shard.number), consistent=True)
        return items.shard_from(item) if item else None

    def take_over(self, run: int, shard: Shard) -> Shard | None:
        """Replace the shard of run ``run`` by ``shard``, which is of a later one."""
        after = self._table.replace(self._shard_item(shard), run=run)
        return items.shard_from(after.item) if after.item else None

    def mark_done(self, document: str, run: int, page: int, mark: DoneMark) -> Shard | None:
        """Mark a page as read, unless it failed before."""
        change = f"SET #d{page} = :mark REMOVE #h{page}, #b{page}"
        return self._mark(document, run, page, change, records.done_map(mark))

    def mark_failed(self, document: str, run: int, page: int, mark: FailedMark) -> Shard | None:
        """Mark a page as failed, unless it is done."""
        return self._mark(document, run, page, f"SET #f{page} = :mark", records.failed_map(mark))

    def mark_heavy(self, document: str, run: int, page: int, moment: int) -> int | None:
        """Note that the heavy lane begins this page at ``moment``; return when it began first."""
        found = self._begin(document, run, page, "h", moment)
        return found.heavy.get(page) if found else None

    def mark_tried(self, document: str, run: int, page: int, attempt: int) -> int | None:
        """Note that this delivery begins a page in its own lane; return the first one noted."""
        found = self._begin(document, run, page, "b", attempt)
        return found.tried.get(page) if found else None

    def _begin(self, document: str, run: int, page: int, letter: str, value: int) -> Shard | None:
        """Write what a page has not yet; return the shard as it is now, None if of another run."""
        name = f"#{letter}{page}"
        after = self._table.update(
            items.shard_key(document, shard_of(page)),
            f"SET {name} = :value",
            condition=f"#run = :run AND attribute_not_exists({name})",
            values={":value": value, ":run": run},
        )
        found = items.shard_from(after.item) if after.item else None
        return found if found and found.run == run else None

    def _mark(
        self, document: str, run: int, page: int, change: str, mark: Mapping[str, Any]
    ) -> Shard | None:
        """Write a page's first mark; return the shard as it is now, None if of another run."""
        after = self._table.update(
            items.shard_key(document, shard_of(page)),
            change,
            condition=_UNMARKED.format(page),
            values={":mark": mark, ":run": run},
        )
        found = items.shard_from(after.item) if after.item else None
        return found if found and found.run == run else None

    def _kept(self) -> updates.Kept:
        """Return until when what ends now is kept."""
        return updates.Kept(None if self._retain is None else self._clock.now() + self._retain)

    def _shard_item(self, shard: Shard) -> dict[str, Any]:
        """Write a shard; it outlasts its document, since nothing is written to it at the end."""
        kept_until = self._kept().until
        return items.shard_item(shard, None if kept_until is None else kept_until + _MONTH)

    def _meta(self, document: str, update: updates.Update) -> Updated:
        return self._table.update(
            items.meta_key(document),
            f"SET #updated_at = :now{update.change}",
            condition=update.condition,
            values={**update.values, ":now": self._clock.now()},
        )


def _if_applied(after: Updated) -> Document | None:
    return _as_it_is(after) if after.applied else None


def _as_it_is(after: Updated) -> Document | None:
    return items.document_from(after.item) if after.item else None


def _indexed(tenant: str, state: State | None) -> dict[str, Any]:
    """Return which index lists a tenant's documents, and where in it."""
    if state is None:
        return {"IndexName": "by-tenant", "KeyConditionExpression": Key("tenant").eq(tenant)}
    mine = Key("tenant_created").begins_with(items.tenant_created(tenant))
    return {"IndexName": "by-state", "KeyConditionExpression": Key("state").eq(state.value) & mine}


def _cursor(start: Mapping[str, Any] | None) -> str | None:
    if not start:
        return None
    created_at = start.get("created_at") or start["tenant_created"].rpartition("#")[2]
    text = json.dumps([str(start["pk"]), int(created_at)])
    return base64.urlsafe_b64encode(text.encode()).decode()


def _start(cursor: str | None, tenant: str, state: State | None) -> dict[str, Any] | None:
    if not cursor:
        return None
    try:
        pk, created_at = json.loads(base64.urlsafe_b64decode(cursor.encode()))
        if not (pk.startswith("DOC#") and 0 <= created_at < _LATEST):
            raise ValueError(cursor)
        sorts: dict[str, Any] = {"tenant": tenant, "created_at": int(created_at)}
        if state:
            since = items.tenant_created(tenant, int(created_at))
            sorts = {"state": state.value, "tenant_created": since}
        return {**items.meta_key(pk.removeprefix("DOC#")), **sorts}
    except (ValueError, TypeError, AttributeError, RecursionError, binascii.Error) as error:
        raise InvalidRequest("The cursor is not one that this listing gave.") from error
