"""The writes on META: what each changes, and under which condition.

Attribute names are written ``#name``; ``#updated_at`` is added by the adapter, which knows the
time. Every condition names the run or the state, so that a write done twice is done once.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from fanfold import records
from fanfold.aws import items
from fanfold.errors import PasswordRequired
from fanfold.model import Document, Options, Reason, SourceFile, State
from fanfold.ports import Ending, Opened

_IN_RUN = "#run = :run AND #state = :from"
_LIVE_STATES = {f":s{n}": state.value for n, state in enumerate(s for s in State if s.live)}
_IS_LIVE = f"#state IN ({', '.join(_LIVE_STATES)})"
_SIGHT = "#active, #deadline"
_FINISHED_STATES = {f":f{n}": s.value for n, s in enumerate(s for s in State if s.finished)}


@dataclass(frozen=True, slots=True)
class Update:
    """One conditional write: ``change`` as in UpdateExpression, after ``SET #updated_at = …``."""

    change: str
    condition: str
    values: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Kept:
    """Until when an ended document is kept: milliseconds since the epoch, None for ever."""

    until: int | None

    @property
    def change(self) -> str:
        """A part of a SET."""
        return "" if self.until is None else ", #ttl = :ttl"

    @property
    def values(self) -> Mapping[str, int]:
        """The values of that part."""
        return {} if self.until is None else {":ttl": items.seconds(self.until)}


def pin(source: SourceFile, deadline: int) -> Update:
    """UPLOADING or EXPIRED → QUEUED."""
    return Update(
        ", #state = :to, #source = :source, #deadline = :deadline, #active = :active"
        " REMOVE #ended_at, #ttl",
        "#state IN (:from, :expired)",
        {
            ":from": State.UPLOADING,
            ":expired": State.EXPIRED,
            ":to": State.QUEUED,
            ":active": items.ACTIVE,
            ":source": asdict(source),
            ":deadline": deadline,
        },
    )


def begin(run: int, opened: Opened) -> Update:
    """QUEUED → PROCESSING."""
    wished = {":options": records.options_map(opened.options)} if opened.options else {}
    return Update(
        ", #state = :to, #document_pages = :dp, #pages_total = :pt, #shards_total = :st,"
        " #selection = :selection, #source.#sha256 = :sha256, #source.#media_type = :media,"
        " #source.#unlocked = :unlocked, #deadline = :deadline, #damage = :damage,"
        " #signed = :signed,"
        f"{' #options = :options,' if wished else ''}"
        " #active_content = :content REMOVE #password",
        _IN_RUN,
        {
            ":from": State.QUEUED,
            ":to": State.PROCESSING,
            ":run": run,
            ":dp": opened.document_pages,
            ":pt": opened.pages_total,
            ":st": opened.shards_total,
            ":selection": opened.selection,
            ":sha256": opened.sha256,
            ":media": opened.media_type,
            ":unlocked": opened.unlocked,
            ":deadline": opened.deadline,
            ":damage": dict.fromkeys(opened.damage, 1),
            ":signed": opened.signed,
            ":content": list(opened.active_content),
            **wished,
        },
    )


def unlock(run: int, deadline: int) -> Update:
    """FAILED for want of a password → QUEUED in the next run, with one that is kept."""
    return Update(
        ", #state = :to, #run = :next, #password = :true, #active = :active,"
        " #deadline = :deadline, #sweeps = :zero, #waits = :zero"
        " REMOVE #reason, #ended_at, #ttl",
        "#run = :run AND #state = :from AND #reason.#code = :wanted AND attribute_exists(#source)",
        {
            ":from": State.FAILED,
            ":to": State.QUEUED,
            ":run": run,
            ":next": run + 1,
            ":true": True,
            ":wanted": PasswordRequired.code,
            ":active": items.ACTIVE,
            ":deadline": deadline,
            ":zero": 0,
        },
    )


def fanned(run: int, shard: int) -> Update:
    """Add a shard to those whose pages are queued."""
    values = {":shard": {shard}, ":run": run, ":from": State.PROCESSING}
    return Update(" ADD #fanned :shard", _IN_RUN, values)


def shard_done(run: int, shard: int, deadline: int) -> Update:
    """Add a shard to those that are complete."""
    values = {":shard": {shard}, ":run": run, ":from": State.PROCESSING, ":deadline": deadline}
    return Update(", #deadline = :deadline ADD #shards_done :shard", _IN_RUN, values)


def ready(run: int, deadline: int, claim: str) -> Update:
    """PROCESSING → ASSEMBLING where every shard is done."""
    return Update(
        ", #state = :to, #deadline = :deadline, #claim = :claim, #sweeps = :zero,"
        " #progress = :zero, #waits = :zero",
        f"{_IN_RUN} AND attribute_exists(#shards_done) AND size(#shards_done) = #shards_total",
        {
            ":from": State.PROCESSING,
            ":to": State.ASSEMBLING,
            ":run": run,
            ":deadline": deadline,
            ":claim": claim,
            ":zero": 0,
        },
    )


def finish(run: int, ending: Ending, kept: Kept) -> Update:
    """ASSEMBLING → the end, with this run's results."""
    reason = {":reason": asdict(ending.reason)} if ending.reason else {}
    sight = ", #deadline = :now" if ending.watched else ""
    gone = "#claim" + ("" if reason else ", #reason") + ("" if sight else f", {_SIGHT}")
    return Update(
        ", #state = :to, #pages_done = :done, #pages_failed = :failed, #milliseconds = :ms,"
        " #results = :results, #results_run = :run, #ended_at = :now, #damage = :damage,"
        " #concerns = :concerns"
        + (", #reason = :reason" if reason else "")
        + f"{sight}{kept.change} REMOVE {gone}",
        _IN_RUN,
        {
            ":from": State.ASSEMBLING,
            ":to": ending.state,
            ":run": run,
            ":done": ending.pages_done,
            ":failed": ending.pages_failed,
            ":ms": ending.milliseconds,
            ":results": [output.value for output in ending.results],
            ":damage": dict(ending.damage),
            ":concerns": dict(ending.concerns),
            **reason,
            **kept.values,
        },
    )


def fail(document: Document, reason: Reason, kept: Kept, *, watched: bool) -> Update:
    """The live state that a document was seen in → FAILED; due at once where it is watched."""
    sight = ", #deadline = :now" if watched else f" REMOVE {_SIGHT}"
    return Update(
        f", #state = :to, #reason = :reason, #ended_at = :now{kept.change}{sight}",
        f"#run = :run AND #state = :seen AND {_IS_LIVE}",
        {
            ":to": State.FAILED,
            ":reason": asdict(reason),
            ":run": document.run,
            ":seen": document.state,
            **_LIVE_STATES,
            **kept.values,
        },
    )


def expire(kept: Kept) -> Update:
    """UPLOADING → EXPIRED."""
    return Update(
        f", #state = :to, #ended_at = :now{kept.change} REMOVE {_SIGHT}",
        "#state = :from",
        {":from": State.UPLOADING, ":to": State.EXPIRED, **kept.values},
    )


def resumed(document: Document, deadline: int, progress: int, sweeps: int, waits: int) -> Update:
    """Move the deadline of a document, unless somebody moved it before, or took it away."""
    return Update(
        ", #deadline = :deadline, #progress = :progress, #sweeps = :sweeps, #waits = :waits",
        "#run = :run AND #deadline = :old",
        {
            ":run": document.run,
            ":old": document.deadline,
            ":deadline": deadline,
            ":progress": progress,
            ":sweeps": sweeps,
            ":waits": waits,
        },
    )


def rerun(run: int, options: Options, redo: str, deadline: int) -> Update:
    """SUCCEEDED, PARTIAL or FAILED → PROCESSING in the next run; earlier results stay."""
    return Update(
        ", #state = :to, #run = :next, #options = :options, #redo = :redo, #active = :active,"
        " #deadline = :deadline, #sweeps = :zero, #progress = :zero, #waits = :zero,"
        " #pages_done = :zero, #pages_failed = :zero, #milliseconds = :zero"
        " REMOVE #fanned, #shards_done, #reason, #ended_at, #ttl",
        f"#run = :run AND #state IN ({', '.join(_FINISHED_STATES)}) AND #shards_total > :zero",
        {
            ":to": State.PROCESSING,
            ":run": run,
            ":next": run + 1,
            ":options": records.options_map(options),
            ":redo": redo,
            ":active": items.ACTIVE,
            ":deadline": deadline,
            ":zero": 0,
            **_FINISHED_STATES,
        },
    )


def cancel(kept: Kept) -> Update:
    """Any live state → CANCELLED, in a run of its own."""
    return Update(
        f", #state = :to, #ended_at = :now{kept.change} REMOVE {_SIGHT} ADD #run :one",
        _IS_LIVE,
        {":to": State.CANCELLED, ":one": 1, **_LIVE_STATES, **kept.values},
    )


def delete(deadline: int, kept: Kept) -> Update:
    """Any state → DELETED, in a run of its own; in the sweep's sight until it is buried."""
    return Update(
        f", #state = :to{kept.change}, #active = :active, #deadline = :deadline, #sweeps = :zero"
        " ADD #run :one",
        "#state <> :to",
        {
            ":to": State.DELETED,
            **kept.values,
            ":active": items.ACTIVE,
            ":deadline": deadline,
            ":zero": 0,
            ":one": 1,
        },
    )


def bury(document: Document) -> Update:
    """Take a document that has ended out of the sweep's sight; of a deleted one no name stays."""
    change, values = f" REMOVE {_SIGHT}", {":run": document.run, **_LIVE_STATES}
    if document.state is State.DELETED:
        change, values = f", #name = :no{change}, #source, #reason", {**values, ":no": ""}
    return Update(change, f"#run = :run AND NOT {_IS_LIVE}", values)
