"""Documents and shards on DynamoDB: every write conditional, idempotent and fenced by ``run``."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any
from uuid import uuid4

from boto3.dynamodb.conditions import Attr, Key

from fanfold import ranges
from fanfold.aws import items
from fanfold.aws.table import Table, Updated
from fanfold.errors import InvalidRequest
from fanfold.model import (
    Document,
    DoneMark,
    FailedMark,
    Reason,
    Shard,
    SourceFile,
    State,
    shard_of,
)
from fanfold.ports import Clock, Ending, Listing, Opened

_LIVE = "#run = :run AND #state IN (:s0, :s1, :s2, :s3)"
_LIVE_STATES = {f":s{n}": state.value for n, state in enumerate(s for s in State if s.live)}
_TOMBSTONE_SECONDS = 30 * 24 * 3600


class DynamoDocuments:
    """The DocumentStore of the ports on one DynamoDB table."""

    def __init__(self, table: Table, clock: Clock) -> None:
        self._table = table
        self._clock = clock

    # Reads

    def get(self, document: str) -> Document | None:
        """Read a document as of now."""
        item = self._table.get(items.meta_key(document), consistent=True)
        return items.document_from(item) if item else None

    def list(self, tenant: str, *, state: State | None, cursor: str | None, limit: int) -> Listing:
        """List a tenant's documents, newest first."""
        wanted = Attr("state").eq(state.value) if state else Attr("state").ne(State.DELETED.value)
        found: list[Document] = []
        start = _start(cursor, tenant)
        while True:
            arguments = {"ExclusiveStartKey": start} if start else {}
            answer = self._table.query(
                IndexName="by-tenant",
                KeyConditionExpression=Key("tenant").eq(tenant),
                FilterExpression=wanted,
                ScanIndexForward=False,
                Limit=limit - len(found),
                **arguments,
            )
            found += [items.document_from(item) for item in answer["Items"]]
            start = answer.get("LastEvaluatedKey")
            if not start or len(found) >= limit:
                return Listing(tuple(found), _cursor(start))

    def shard(self, document: str, number: int) -> Shard | None:
        """Read one shard."""
        item = self._table.get(items.shard_key(document, number), consistent=False)
        return items.shard_from(item) if item else None

    def shards(self, document: Document) -> tuple[Shard, ...]:
        """Read all shards that exist, in order."""
        pages = ranges.expand(document.selection, document.document_pages)
        numbers = sorted({shard_of(page) for page in pages})
        found = self._table.get_many([items.shard_key(document.id, n) for n in numbers])
        return tuple(sorted(map(items.shard_from, found), key=lambda shard: shard.number))

    def due(self, now: int, limit: int) -> Sequence[Document]:
        """List live documents whose deadline has passed, the oldest first."""
        answer = self._table.query(
            IndexName="by-deadline",
            KeyConditionExpression=Key("active").eq(items.ACTIVE) & Key("deadline").lte(now),
            Limit=limit,
        )
        return [items.document_from(item) for item in answer["Items"]]

    # A document's way

    def create(self, document: Document) -> bool:
        """Write a new document; False if the id is taken."""
        return self._table.put_new(items.document_item(document))

    def pin(self, document: str, source: SourceFile, deadline: int) -> Document | None:
        """Pin the source of an UPLOADING document and make it QUEUED; the first version wins."""
        after = self._meta(
            document,
            "SET #state = :queued, #source = :source, #deadline = :deadline",
            "#state = :uploading",
            {
                ":queued": State.QUEUED.value,
                ":uploading": State.UPLOADING.value,
                ":source": asdict(source),
                ":deadline": deadline,
            },
        )
        if after.item is None:
            return None
        found = items.document_from(after.item)
        pinned = found.source
        mine = pinned and (pinned.key, pinned.version) == (source.key, source.version)
        return found if mine else None

    def begin(self, document: str, run: int, opened: Opened) -> Document | None:
        """QUEUED → PROCESSING with what the file holds."""
        return _document(
            self._meta(
                document,
                "SET #state = :processing, #document_pages = :dp, #pages_total = :pt,"
                " #shards_total = :st, #selection = :selection, #source.#sha256 = :sha256,"
                " #source.#media_type = :media, #deadline = :deadline",
                "#run = :run AND #state = :queued",
                {
                    ":processing": State.PROCESSING.value,
                    ":queued": State.QUEUED.value,
                    ":run": run,
                    ":dp": opened.document_pages,
                    ":pt": opened.pages_total,
                    ":st": opened.shards_total,
                    ":selection": opened.selection,
                    ":sha256": opened.sha256,
                    ":media": opened.media_type,
                    ":deadline": opened.deadline,
                },
            )
        )

    def fanned(self, document: str, run: int, shard: int) -> Document | None:
        """Note that all pages of a shard are queued."""
        return _document(
            self._meta(
                document,
                "ADD #fanned :shard",
                "#run = :run AND #state = :processing",
                {":shard": {shard}, ":run": run, ":processing": State.PROCESSING.value},
            )
        )

    def shard_done(self, document: str, run: int, shard: int, deadline: int) -> Document | None:
        """Note that a shard is complete."""
        return _document(
            self._meta(
                document,
                "SET #deadline = :deadline ADD #shards_done :shard",
                "#run = :run AND #state = :processing",
                {
                    ":shard": {shard},
                    ":run": run,
                    ":deadline": deadline,
                    ":processing": State.PROCESSING.value,
                },
            )
        )

    def ready(self, document: str, run: int, deadline: int) -> bool:
        """PROCESSING → ASSEMBLING if all shards are done; True for the one who did it.

        The claim tells a refusal by our own write, whose answer got lost, from another worker's.
        """
        claim = uuid4().hex
        after = self._meta(
            document,
            "SET #state = :assembling, #deadline = :deadline, #claim = :claim,"
            " #sweeps = :zero, #progress = :zero",
            "#run = :run AND #state = :processing AND attribute_exists(#shards_done)"
            " AND size(#shards_done) = #shards_total",
            {
                ":assembling": State.ASSEMBLING.value,
                ":processing": State.PROCESSING.value,
                ":run": run,
                ":deadline": deadline,
                ":claim": claim,
                ":zero": 0,
            },
        )
        return after.item is not None and after.item.get("claim") == claim

    def finish(self, document: str, run: int, ending: Ending) -> Document | None:
        """ASSEMBLING → SUCCEEDED, PARTIAL or FAILED."""
        reason = {":reason": asdict(ending.reason)} if ending.reason else {}
        return _document(
            self._meta(
                document,
                "SET #state = :state, #pages_done = :done, #pages_failed = :failed,"
                " #milliseconds = :ms, #results = :results, #ended_at = :now"
                + (", #reason = :reason" if reason else "")
                + " REMOVE #active, #deadline, #claim"
                + ("" if reason else ", #reason"),
                "#run = :run AND #state = :assembling",
                {
                    ":state": ending.state.value,
                    ":assembling": State.ASSEMBLING.value,
                    ":run": run,
                    ":done": ending.pages_done,
                    ":failed": ending.pages_failed,
                    ":ms": ending.milliseconds,
                    ":results": [output.value for output in ending.results],
                    **reason,
                },
            )
        )

    def fail(self, document: str, run: int, reason: Reason) -> Document | None:
        """End a live document as FAILED with a reason."""
        return _document(
            self._meta(
                document,
                "SET #state = :state, #reason = :reason, #ended_at = :now"
                " REMOVE #active, #deadline",
                _LIVE,
                {
                    ":state": State.FAILED.value,
                    ":reason": asdict(reason),
                    ":run": run,
                    **_LIVE_STATES,
                },
            )
        )

    def expire(self, document: str) -> bool:
        """UPLOADING → EXPIRED."""
        return self._meta(
            document,
            "SET #state = :expired, #ended_at = :now REMOVE #active, #deadline",
            "#state = :uploading",
            {":expired": State.EXPIRED.value, ":uploading": State.UPLOADING.value},
        ).applied

    def resumed(
        self, document: Document, *, deadline: int, progress: int, sweeps: int
    ) -> Document | None:
        """Note a sweep's resumption; None if another sweep was here first."""
        return _document(
            self._meta(
                document.id,
                "SET #deadline = :deadline, #progress = :progress, #sweeps = :sweeps",
                f"{_LIVE} AND #deadline = :old",
                {
                    ":run": document.run,
                    ":old": document.deadline,
                    ":deadline": deadline,
                    ":progress": progress,
                    ":sweeps": sweeps,
                    **_LIVE_STATES,
                },
            )
        )

    def delete(self, document: str) -> Document | None:
        """Make a document DELETED and raise its run, which fences every late writer."""
        after = self._meta(
            document,
            "SET #state = :deleted, #ttl = :ttl REMOVE #active, #deadline ADD #run :one",
            "#state <> :deleted",
            {
                ":deleted": State.DELETED.value,
                ":one": 1,
                ":ttl": self._clock.now() // 1000 + _TOMBSTONE_SECONDS,
            },
        )
        return items.document_from(after.item) if after.item else None

    def purge(self, document: Document) -> None:
        """Remove the shards of a deleted document; its tombstone expires by itself."""
        self._table.delete(
            [items.shard_key(document.id, shard.number) for shard in self.shards(document)]
        )

    # A page's way

    def open_shard(self, shard: Shard) -> Shard | None:
        """Create the shard if absent; return it as it is now, None if its run is not ours."""
        if self._table.put_new(items.shard_item(shard)):
            return shard
        item = self._table.get(items.shard_key(shard.document, shard.number), consistent=True)
        found = items.shard_from(item) if item else None
        return found if found and found.run == shard.run else None

    def mark_done(self, document: str, run: int, page: int, mark: DoneMark) -> Shard | None:
        """Mark a page as read, taking away an earlier failure."""
        after = self._table.update(
            items.shard_key(document, shard_of(page)),
            f"SET #d{page} = :mark REMOVE #f{page}, #h{page}",
            condition="#run = :run",
            values={":mark": items.done_map(mark), ":run": run},
        )
        return items.shard_from(after.item) if after.applied and after.item else None

    def mark_failed(self, document: str, run: int, page: int, mark: FailedMark) -> Shard | None:
        """Mark a page as failed unless it is done."""
        after = self._table.update(
            items.shard_key(document, shard_of(page)),
            f"SET #f{page} = :mark",
            condition=f"#run = :run AND attribute_not_exists(#d{page})",
            values={":mark": items.failed_map(mark), ":run": run},
        )
        found = items.shard_from(after.item) if after.item else None
        return found if found and found.run == run else None

    def mark_heavy(self, document: str, run: int, page: int) -> bool:
        """Note that the heavy lane begins this page; False if it had begun before, or fenced."""
        claim = uuid4().hex[:8]
        after = self._table.update(
            items.shard_key(document, shard_of(page)),
            f"SET #h{page} = :claim",
            condition=f"#run = :run AND attribute_not_exists(#h{page})",
            values={":claim": claim, ":run": run},
        )
        return after.item is not None and after.item.get(f"h{page}") == claim

    def _meta(
        self, document: str, expression: str, condition: str, values: Mapping[str, Any]
    ) -> Updated:
        now = self._clock.now()
        return self._table.update(
            items.meta_key(document),
            expression.replace("SET ", "SET #updated_at = :now, ", 1)
            if "SET " in expression
            else f"SET #updated_at = :now {expression}",
            condition=condition,
            values={**values, ":now": now},
        )


def _document(after: Updated) -> Document | None:
    return items.document_from(after.item) if after.applied and after.item else None


def _cursor(start: Mapping[str, Any] | None) -> str | None:
    if not start:
        return None
    text = json.dumps([str(start["pk"]), int(start["created_at"])])
    return base64.urlsafe_b64encode(text.encode()).decode()


def _start(cursor: str | None, tenant: str) -> dict[str, Any] | None:
    if not cursor:
        return None
    try:
        pk, created_at = json.loads(base64.urlsafe_b64decode(cursor.encode()))
        return {"pk": str(pk), "sk": "META", "tenant": tenant, "created_at": int(created_at)}
    except (ValueError, TypeError, binascii.Error) as error:
        raise InvalidRequest("The cursor is not one that this listing gave.") from error
