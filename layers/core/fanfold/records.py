"""Documents and shards ↔ plain maps of strings, numbers, lists and maps, as stores keep them.

The names of a shard's marks (``d{page}`` when done, ``f{page}`` when failed, ``h{page}`` when the
heavy lane began the page, ``b{page}`` when the lane before it did) and those in the marks have one
letter because DynamoDB bills a write by the size of the whole item: 100 marks of 25 bytes keep it
at 3 units. Numbers may come back as any type that ``int`` takes.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, fields
from typing import Any

from fanfold import ranges
from fanfold.model import (
    Codes,
    Document,
    DoneMark,
    FailedMark,
    Mode,
    Options,
    Output,
    Readers,
    Reason,
    Shard,
    Source,
    SourceFile,
    State,
    Told,
)

Record = Mapping[str, Any]

READS = "tesseract 5, PP-OCRv6 small, ONNX Runtime 1.32.0, 2"
"""Who reads, and the version of the rule: what was read by others is no answer any more."""

_NUMBERS = (
    "created_at",
    "updated_at",
    "run",
    "document_pages",
    "pages_total",
    "shards_total",
    "sweeps",
    "progress",
    "waits",
    "pages_done",
    "pages_failed",
    "milliseconds",
    "results_run",
)
_OPTIONAL_NUMBERS = ("deadline", "ended_at", "kept_until")
_SETS = ("fanned", "shards_done")


def document_map(document: Document) -> dict[str, Any]:
    """Write a document but for its id; empty sets and absent values are left out."""
    record: dict[str, Any] = {
        "tenant": document.tenant,
        "state": document.state.value,
        "name": document.name,
        "selection": document.selection,
        "redo": document.redo,
        "options": options_map(document.options),
        "results": [output.value for output in document.results],
        **{name: getattr(document, name) for name in _NUMBERS},
    }
    record |= {n: v for n in _OPTIONAL_NUMBERS if (v := getattr(document, n)) is not None}
    record |= {n: sorted(v) for n in _SETS if (v := getattr(document, n))}
    if document.signed:
        record["signed"] = True
    if document.password:
        record["password"] = True
    if document.told:
        record["told"] = document.told.value
    if document.active_content:
        record["active_content"] = list(document.active_content)
    if document.damage:
        record["damage"] = dict(document.damage)
    if document.concerns:
        record["concerns"] = dict(document.concerns)
    if document.source:
        record["source"] = asdict(document.source)
    if document.reason:
        record["reason"] = asdict(document.reason)
    return record


def document_from(document: str, record: Record) -> Document:
    """Read the document with this id."""
    return Document(
        id=document,
        tenant=str(record["tenant"]),
        state=State(record["state"]),
        name=str(record["name"]),
        selection=str(record.get("selection", "")),
        redo=str(record.get("redo", "")),
        options=_options(record["options"]),
        source=_source(record.get("source")),
        reason=Reason(**record["reason"]) if record.get("reason") else None,
        results=tuple(Output(value) for value in record.get("results", ())),
        fanned=_integers(record.get("fanned")),
        shards_done=_integers(record.get("shards_done")),
        deadline=_integer(record.get("deadline")),
        ended_at=_integer(record.get("ended_at")),
        kept_until=_integer(record.get("kept_until")),
        signed=bool(record.get("signed")),
        password=bool(record.get("password")),
        told=Told(record.get("told", "")),
        active_content=tuple(str(code) for code in record.get("active_content", ())),
        damage=_counts(record.get("damage")),
        concerns=_counts(record.get("concerns")),
        **{name: int(record.get(name, 0)) for name in _NUMBERS},
    )


def options_map(options: Options) -> dict[str, Any]:
    """Write the options."""
    return {
        "languages": options.languages,
        "pages": options.pages,
        "mode": options.mode.value,
        "outputs": [output.value for output in options.outputs],
        "codes": options.codes.value,
        **({"unseen": True} if options.unseen else {}),
        "engine": options.engine.value,
        **({"pictures": True} if options.pictures else {}),
    }


def asked(options: Options) -> str:
    """Write the options as the hint that content was read has them: with who reads today."""
    return json.dumps({**options_map(options), "reads": READS}, sort_keys=True)


def shard_map(shard: Shard) -> dict[str, Any]:
    """Write a shard but for its document and number."""
    return {
        "run": shard.run,
        "pages": ranges.compress(shard.pages),
        **{f"d{page}": done_map(mark) for page, mark in shard.done.items()},
        **{f"f{page}": failed_map(mark) for page, mark in shard.failed.items()},
        **{f"h{page}": moment for page, moment in shard.heavy.items()},
        **{f"b{page}": attempt for page, attempt in shard.tried.items()},
    }


def shard_from(document: str, number: int, record: Record) -> Shard:
    """Read the shard of a document that has this number."""
    marks = {name: record[name] for name in record if name[0] in "dfhb" and name[1:].isdigit()}
    return Shard(
        document=document,
        number=number,
        run=int(record["run"]),
        pages=ranges.expand(str(record["pages"]), 10_000_000),
        done={int(n[1:]): _done(v) for n, v in marks.items() if n[0] == "d"},
        failed={int(n[1:]): _failed(v) for n, v in marks.items() if n[0] == "f"},
        heavy={int(n[1:]): _moment(v) for n, v in marks.items() if n[0] == "h"},
        tried={int(n[1:]): int(v) for n, v in marks.items() if n[0] == "b"},
    )


def done_map(mark: DoneMark) -> dict[str, Any]:
    """Write a done mark."""
    return {
        "r": mark.run,
        "s": mark.source.value,
        "c": mark.confidence,
        "t": mark.milliseconds,
        **({"v": 1} if mark.review else {}),
        **({"w": list(mark.concerns)} if mark.concerns else {}),
        **({"l": mark.languages} if mark.languages else {}),
        **({"u": 1} if mark.unseen else {}),
        **({"g": ",".join(mark.damage)} if mark.damage else {}),
    }


def failed_map(mark: FailedMark) -> dict[str, Any]:
    """Write a failed mark."""
    return {"c": mark.code, "a": mark.attempt}


def _done(value: Record) -> DoneMark:
    return DoneMark(
        run=int(value["r"]),
        source=Source(value["s"]),
        confidence=int(value["c"]),
        milliseconds=int(value["t"]),
        review=bool(value.get("v")),
        concerns=tuple(map(str, value.get("w", ()))),
        languages=str(value.get("l", "")),
        unseen=bool(value.get("u")),
        damage=tuple(str(value["g"]).split(",")) if value.get("g") else (),
    )


def _failed(value: Record) -> FailedMark:
    return FailedMark(str(value["c"]), int(value["a"]))


def _moment(value: Any) -> int:  # noqa: ANN401 - an SDK's number, or a mark of version 0.1
    """Return when the heavy lane began a page; 0 where only that it did was written."""
    return 0 if isinstance(value, str) else int(value)


def _options(value: Record) -> Options:
    return Options(
        languages=str(value["languages"]),
        pages=str(value["pages"]),
        mode=Mode(value["mode"]),
        outputs=tuple(Output(output) for output in value["outputs"]),
        codes=Codes(value.get("codes", Codes.AUTO)),  # documents of before have none
        unseen=bool(value.get("unseen")),
        engine=Readers(value.get("engine", Readers.TESSERACT)),  # what read before there were two
        pictures=bool(value.get("pictures")),
    )


def _source(value: Record | None) -> SourceFile | None:
    """Read the original; what a newer writer knows of it besides is passed over."""
    if not value:
        return None
    known = {one.name: value[one.name] for one in fields(SourceFile) if one.name in value}
    return SourceFile(**{**known, "size": int(value["size"])})


def _counts(value: Record | None) -> dict[str, int]:
    return {str(code): int(n) for code, n in (value or {}).items()}


def _integer(value: Any) -> int | None:  # noqa: ANN401 - an SDK's number
    return None if value is None else int(value)


def _integers(value: Any) -> frozenset[int]:  # noqa: ANN401 - a list or set of an SDK's numbers
    return frozenset(int(one) for one in value or ())
