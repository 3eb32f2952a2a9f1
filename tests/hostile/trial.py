"""Put one input through the whole flow and say how it ended.

The stages are the real ones and so are the children that open the document; bucket, table and
queues are in memory.
"""

from __future__ import annotations

import io
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import pikepdf

from fanfold.errors import DocumentError, FanfoldError, PageError, by_code
from fanfold.messages import ObjectCreated
from fanfold.model import Document, Options, State
from tests.fakes.house import House
from tests.hostile import lures as canaries
from tests.hostile.lanes import Lanes
from tests.hostile.registry import Input, Lures

_ENDS = (State.SUCCEEDED, State.PARTIAL, State.FAILED)


@dataclass
class Ending:
    """How an input ended; ``wrong`` says what must not be, in words."""

    name: str
    state: str = ""
    codes: Counter[str] = field(default_factory=Counter)
    """Codes of the document's reason and of its failed pages."""
    seconds: float = 0.0
    wrong: list[str] = field(default_factory=list)


class Trial(House):
    """A house whose documents are opened for real."""

    def __init__(self, temporary: Path, lanes: Lanes, pages: str) -> None:
        super().__init__(temporary, defaults=Options(pages=pages))
        self.tool = lanes  # type: ignore[assignment] - it has the same methods
        self.lanes = lanes

    def read(self, body: str, attempt: int = 1, *, heavy: bool = False) -> None:
        self.reader = self.lanes.reader(heavy=heavy)  # type: ignore[assignment]
        super().read(body, attempt, heavy=heavy)

    def take(self, data: bytes) -> Document:
        """Let everything happen to a file."""
        info = self.objects.put("inbox/file", data, "application/octet-stream")
        event = ObjectCreated(self.objects.bucket, "inbox/file", info.version, info.size)
        self.admit(event)
        self.settle()
        return self.document(event)


def run(one: Input, lanes: Lanes, lures: Lures) -> Ending:
    """Put ``one`` through and check what can be checked of it alone."""
    ending = Ending(one.name)
    data, house = one.make(lures), Trial(lanes.temporary / "work", lanes, one.pages)
    began = time.monotonic()
    try:
        document = house.take(data)
    except Exception as error:
        ending.wrong.append(f"raised {type(error).__name__}: {error}")
        return ending
    finally:
        ending.seconds = time.monotonic() - began
        ending.wrong += [f"left behind: {path}" for path in _left(lanes)]
    _judge(ending, one, house, document)
    ending.wrong += _betrayed(house, lures, deep=one.points_out)
    return ending


def _judge(ending: Ending, one: Input, house: Trial, document: Document) -> None:
    ending.state = document.state
    shards = house.store.shards(document) if document.selection else ()
    failed = {page: mark.code for shard in shards for page, mark in shard.failed.items()}
    ending.codes.update(failed.values())
    if document.state not in _ENDS:
        ending.wrong.append(f"stands still as {document.state}")
    if document.reason:
        ending.codes[document.reason.code] += 1
        ending.wrong += untyped(document.reason.code, DocumentError, PageError)
    elif document.state is State.FAILED:
        ending.wrong.append("failed without a reason")
    for code in failed.values():
        ending.wrong += untyped(code, PageError)
    if one.ends and not {ending.state, *ending.codes} & set(one.ends):
        ending.wrong.append(f"ended {ending.state} {dict(ending.codes)}, not {one.ends}")


def untyped(code: str, *kinds: type[FanfoldError]) -> list[str]:
    kind = by_code(code)
    typed = kind is not FanfoldError and issubclass(kind, kinds) and kind.code == code
    return [] if typed else [f"{code} is no type of error"]


def _betrayed(house: Trial, lures: Lures, *, deep: bool) -> list[str]:
    """Look for the canaries' words in everything that was made of the document."""
    found = []
    for key, versions in house.objects.versions.items():
        if key == "inbox/file":
            continue
        for data in versions.values():
            told = canaries.said(lures, data)
            if deep and key.endswith(".pdf"):
                told = told or any(canaries.said(lures, part) for part in streams(data))
            found += [f"{key} holds a canary's words"] if told else []
    reasons = [one.reason.message for one in house.store.metas.values() if one.reason]
    told = [text for text in reasons if canaries.said(lures, text.encode())]
    return found + [f"a reason holds a canary's words: {text}" for text in told]


def streams(data: bytes) -> list[bytes]:
    parts = []
    with pikepdf.open(io.BytesIO(data)) as pdf:
        for one in pdf.objects:
            if isinstance(one, pikepdf.Stream):
                try:
                    parts.append(one.read_bytes())
                except (pikepdf.PdfError, RuntimeError):  # a filter that cannot be
                    parts.append(one.read_raw_bytes())
    return parts


def _left(lanes: Lanes) -> list[str]:
    """Return what is left in the temporary folders, where nothing may be."""
    folders = [lanes.temporary / "work", *lanes.temporary.glob("*/children")]
    found = [path for folder in folders if folder.exists() for path in folder.iterdir()]
    return [str(path.relative_to(lanes.temporary)) for path in found]
