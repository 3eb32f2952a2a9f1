"""The table's items ↔ the model. The only place that knows attribute names.

META   pk ``DOC#{id}``         sk ``META``
SHARD  pk ``DOC#{id}#S{k:04}`` sk ``SHARD``: ``d{page}`` when done, ``f{page}`` when failed,
       ``h{page}`` when the heavy lane began it. Marks have one-letter names because a write is
       billed by the size of the whole item: 100 marks of 25 bytes keep it at 3 units.
SAME   pk ``SAME#{tenant}#{sha256}#{options}`` sk ``SAME``: the document that answers them.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any, Final

from fanfold import ranges
from fanfold.model import (
    Codes,
    Document,
    DoneMark,
    FailedMark,
    Mode,
    Options,
    Output,
    Reason,
    Shard,
    Source,
    SourceFile,
    State,
)

Item = Mapping[str, Any]

ACTIVE: Final = "1"
"""Value of ``active`` on live documents: the sparse index of the sweep holds only these."""

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
_OPTIONAL_NUMBERS = ("deadline", "ended_at")


def meta_key(document: str) -> dict[str, str]:
    """Return the key of a document's META item."""
    return {"pk": f"DOC#{document}", "sk": "META"}


def shard_key(document: str, number: int) -> dict[str, str]:
    """Return the key of a SHARD item."""
    return {"pk": f"DOC#{document}#S{number:04}", "sk": "SHARD"}


def document_item(document: Document) -> dict[str, Any]:
    """Write a document as its META item; empty sets and absent values are left out."""
    item: dict[str, Any] = {
        **meta_key(document.id),
        "tenant": document.tenant,
        "state": document.state.value,
        "name": document.name,
        "selection": document.selection,
        "redo": document.redo,
        "options": options_map(document.options),
        "results": [output.value for output in document.results],
        **{name: getattr(document, name) for name in _NUMBERS},
    }
    item |= {n: v for n in _OPTIONAL_NUMBERS if (v := getattr(document, n)) is not None}
    item |= {n: set(v) for n in ("fanned", "shards_done") if (v := getattr(document, n))}
    if document.signed:
        item["signed"] = True
    if document.damage:
        item["damage"] = dict(document.damage)
    if document.source:
        item["source"] = asdict(document.source)
    if document.reason:
        item["reason"] = asdict(document.reason)
    if document.state.live:  # and ended ones until they are buried: an update keeps it
        item["active"] = ACTIVE
    return item


def document_from(item: Item) -> Document:
    """Read a META item."""
    return Document(
        id=str(item["pk"]).removeprefix("DOC#"),
        tenant=str(item["tenant"]),
        state=State(item["state"]),
        name=str(item["name"]),
        selection=str(item.get("selection", "")),
        redo=str(item.get("redo", "")),
        options=_options(item["options"]),
        source=_source(item.get("source")),
        reason=Reason(**item["reason"]) if item.get("reason") else None,
        results=tuple(Output(value) for value in item.get("results", ())),
        fanned=_integers(item.get("fanned")),
        shards_done=_integers(item.get("shards_done")),
        deadline=_integer(item.get("deadline")),
        ended_at=_integer(item.get("ended_at")),
        signed=bool(item.get("signed")),
        damage={str(code): int(n) for code, n in (item.get("damage") or {}).items()},
        **{name: int(item.get(name, 0)) for name in _NUMBERS},
    )


def options_map(options: Options) -> dict[str, Any]:
    """Write the options as a plain map."""
    return {
        "languages": options.languages,
        "pages": options.pages,
        "mode": options.mode.value,
        "outputs": [output.value for output in options.outputs],
        "codes": options.codes.value,
        **({"unseen": True} if options.unseen else {}),
    }


def same_key(tenant: str, sha256: str, options: Options) -> dict[str, str]:
    """Return the key of the SAME item for content and options."""
    asked = json.dumps(options_map(options), sort_keys=True).encode()
    digest = hashlib.sha256(asked).hexdigest()[:16]
    return {"pk": f"SAME#{tenant}#{sha256}#{digest}", "sk": "SAME"}


def shard_item(shard: Shard) -> dict[str, Any]:
    """Write a shard as its item."""
    return {
        **shard_key(shard.document, shard.number),
        "run": shard.run,
        "pages": ranges.compress(shard.pages),
        **{f"d{page}": done_map(mark) for page, mark in shard.done.items()},
        **{f"f{page}": failed_map(mark) for page, mark in shard.failed.items()},
    }


def shard_from(item: Item) -> Shard:
    """Read a SHARD item."""
    document, _, number = str(item["pk"]).removeprefix("DOC#").rpartition("#S")
    pages = ranges.expand(str(item["pages"]), 10_000_000)
    marks = {name: item[name] for name in item if name[0] in "dfh" and name[1:].isdigit()}
    return Shard(
        document=document,
        number=int(number),
        run=int(item["run"]),
        pages=pages,
        done={int(n[1:]): _done(v) for n, v in marks.items() if n[0] == "d"},
        failed={int(n[1:]): _failed(v) for n, v in marks.items() if n[0] == "f"},
        heavy={int(n[1:]): _moment(v) for n, v in marks.items() if n[0] == "h"},
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


def _done(value: Item) -> DoneMark:
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


def _failed(value: Item) -> FailedMark:
    return FailedMark(str(value["c"]), int(value["a"]))


def _moment(value: Any) -> int:  # noqa: ANN401 - the SDK's Decimal, or a mark of version 0.1
    """Return when the heavy lane began a page; 0 where only that it did was written."""
    return 0 if isinstance(value, str) else int(value)


def _options(value: Item) -> Options:
    return Options(
        languages=str(value["languages"]),
        pages=str(value["pages"]),
        mode=Mode(value["mode"]),
        outputs=tuple(Output(output) for output in value["outputs"]),
        codes=Codes(value.get("codes", Codes.AUTO)),  # documents of before have none
        unseen=bool(value.get("unseen")),
    )


def _source(value: Item | None) -> SourceFile | None:
    return SourceFile(**{**value, "size": int(value["size"])}) if value else None


def _integer(value: Any) -> int | None:  # noqa: ANN401 - the SDK's Decimal
    return None if value is None else int(value)


def _integers(value: Any) -> frozenset[int]:  # noqa: ANN401 - a set of Decimals
    return frozenset(int(one) for one in value or ())
