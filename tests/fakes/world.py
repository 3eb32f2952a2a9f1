"""The other ports in memory or in a folder of their own: what a stage does can be looked at."""

from __future__ import annotations

import json
import shutil
import tempfile
import weakref
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from fanfold.disk.database import Database
from fanfold.disk.links import Links
from fanfold.disk.objects import DiskObjects
from fanfold.disk.queues import DiskQueue
from fanfold.errors import FanfoldError, PageUnreadable, PasswordRequired
from fanfold.model import (
    AUTO_LANGUAGES,
    Block,
    Box,
    Concern,
    Line,
    Page,
    Reason,
    Source,
    State,
    Word,
)
from fanfold.ports import (
    Clock,
    Cut,
    ObjectInfo,
    PageRead,
    Posted,
    Probe,
    ReadRequest,
    Wanted,
)


class FakeClock:
    def __init__(self, now: int = 1_000_000) -> None:
        self.moment = now

    def now(self) -> int:
        return self.moment

    def pass_seconds(self, seconds: float) -> None:
        self.moment += int(seconds * 1000)


PICTURE = b"\xff\xd8 not really \xff\xd9"
"""What the reader gives as a page's picture."""


@dataclass
class FakeMeter:
    """Keeps what was counted, in words."""

    counted: list[str] = field(default_factory=list)

    def page_done(self, source: Source, milliseconds: int) -> None:
        self.counted.append(f"page done {source.value} {milliseconds}")

    def page_failed(self, code: str) -> None:
        self.counted.append(f"page failed {code}")

    def ended(self, state: State, reason: Reason | None = None) -> None:
        self.counted.append(f"ended {state.value}" + (f" {reason.code}" if reason else ""))

    def resumed(self, state: State) -> None:
        self.counted.append(f"resumed {state.value}")


class MemoryObjects(DiskObjects):
    """One machine's ObjectStore in a folder of its own; ``broken`` makes the next puts fail."""

    def __init__(
        self, clock: Clock, bucket: str = "the-bucket", index: Database | None = None
    ) -> None:
        folder = Path(tempfile.mkdtemp(prefix="fanfold-objects-"))
        weakref.finalize(self, shutil.rmtree, folder, ignore_errors=True)
        self._index = index or Database(None)
        self.puts = 0
        self.broken: FanfoldError | None = None
        links = Links(b"secret", clock, "https://objects.test")
        super().__init__(self._index, folder, links, bucket=bucket, durable=False)

    @property
    def keys(self) -> list[str]:
        return list(self.list_keys(""))

    @property
    def versions(self) -> dict[str, dict[str, bytes]]:
        """What each version of each object holds, the oldest first."""
        found: dict[str, dict[str, bytes]] = {}
        with self._index.reading() as connection:
            rows = connection.execute(
                "SELECT key, version FROM objects ORDER BY version"
            ).fetchall()
        for key, version in rows:
            path = self.path(key, str(version))
            assert path is not None
            found.setdefault(key, {})[str(version)] = path.read_bytes()
        return found

    def put(self, key: str, data: bytes, media_type: str, *, owner: str = "") -> ObjectInfo:
        self._count()
        return super().put(key, data, media_type, owner=owner)

    def put_file(self, key: str, path: Path, media_type: str) -> None:
        self._count()
        super().put_file(key, path, media_type)

    def put_new(self, key: str, data: bytes, media_type: str) -> bool:
        self._count()
        return super().put_new(key, data, media_type)

    def copy(
        self, key: str, target: str, media_type: str, *, version: str | None = None, owner: str = ""
    ) -> bool:
        self._count()
        return super().copy(key, target, media_type, version=version, owner=owner)

    def _count(self) -> None:
        if self.broken:
            raise self.broken
        self.puts += 1


@dataclass
class FakePoster:
    """Keeps what was sent; ``answer`` is what comes of it."""

    answer: Posted = field(default_factory=lambda: Posted(204))
    sent: list[tuple[str, dict[str, str], bytes]] = field(default_factory=list)

    def post(self, url: str, headers: Mapping[str, str], body: bytes) -> Posted:
        self.sent.append((url, dict(headers), body))
        return self.answer


class MemoryQueue(DiskQueue):
    """A queue of one machine in memory; ``broken`` makes the next sends fail with that error."""

    def __init__(
        self,
        messages: Database | None = None,
        name: str = "queue",
        clock: FakeClock | None = None,
    ) -> None:
        self._messages = messages or Database(None)
        self.broken: FanfoldError | None = None
        super().__init__(self._messages, clock or FakeClock(), name)

    @property
    def bodies(self) -> list[str]:
        return [body for body, _ in self._all()]

    @bodies.setter
    def bodies(self, bodies: Iterable[str]) -> None:
        bodies = list(bodies)
        self.take()
        super().send(bodies, group="default")

    @property
    def groups(self) -> list[str]:
        return [group for _, group in self._all()]

    def send(self, bodies: Iterable[str], *, group: str, delay: int = 0) -> None:
        if self.broken:
            raise self.broken
        super().send(bodies, group=group, delay=delay)

    def take(self) -> list[str]:
        """Take everything out."""
        taken = self.bodies
        with self._messages.changing() as connection:
            connection.execute("DELETE FROM messages WHERE queue = ?", (self.name,))
        return taken

    def _all(self) -> list[tuple[str, str]]:
        with self._messages.reading() as connection:
            return connection.execute(
                "SELECT body, share FROM messages WHERE queue = ? ORDER BY id", (self.name,)
            ).fetchall()


LOCKED = "LOCKED\n"
"""How documents begin that want a password."""


@dataclass
class FakeTool:
    """A DocumentTool whose documents are text: one line a page; “BROKEN” cannot be cut."""

    media_type: str = "application/pdf"
    error: FanfoldError | None = None
    password: str = "tide"
    """What opens documents that begin with LOCKED."""
    broken: tuple[str, ...] = ()
    """What is broken in them."""
    probes: int = 0
    spent: list[float] = field(default_factory=list)
    """Seconds of each searchable PDF's time that were gone when it was written."""

    def probe(self, source: Path) -> Probe:
        self.probes += 1
        if self.error:
            raise self.error
        if source.read_text().startswith(LOCKED):
            raise PasswordRequired
        return Probe(self.media_type, len(source.read_text().splitlines()))

    def unlock(self, source: Path, password: str, target: Path) -> tuple[str, ...]:
        if password != self.password:
            raise PasswordRequired
        target.write_text(source.read_text().removeprefix(LOCKED))
        return self.broken

    def cut(self, source: Path, media_type: str, pages: Sequence[int], folder: Path) -> list[Cut]:
        if self.error:
            raise self.error
        lines = source.read_text().splitlines()
        return [self._cut(page, lines[page - 1], folder) for page in pages]

    def _cut(self, page: int, line: str, folder: Path) -> Cut:
        if line == "BROKEN":
            return Cut(page, None, PageUnreadable.code)
        path = folder / f"{page}.pdf"
        path.write_text(line)
        return Cut(page, path)

    def graft(
        self,
        base: Path | Sequence[Path],
        layers: Mapping[int, Path],
        target: Path,
        spent: float = 0.0,
        *,
        mend: bool = False,
    ) -> list[int]:
        if self.error:
            raise self.error
        self.spent.append(spent)
        parts = [base] if isinstance(base, Path) else base
        text = "\n".join(part.read_text() for part in parts)
        grafted = ",".join(f"{n}:{path.read_text()}" for n, path in sorted(layers.items()))
        target.write_text(f"{text}\n[{grafted}]")
        return []


@dataclass
class FakeReader:
    """A PageReader: the page says its text; ``errors`` names the lines that fail and how.

    Lines in ``doubtful`` are left to be read better, and are read so from what was left.
    """

    errors: dict[str, FanfoldError] = field(default_factory=dict)
    concerns: dict[str, tuple[Concern, ...]] = field(default_factory=dict)
    """Why somebody should look at the pages that say these lines."""
    doubtful: set[str] = field(default_factory=set)
    read_pages: list[int] = field(default_factory=list)
    languages: set[str] = field(default_factory=lambda: {"eng", "deu"})
    found_out: str = "deu"
    """What ``auto`` chooses."""
    spent: list[float] = field(default_factory=list)
    """Seconds of each page's time that were gone when it was read."""

    def missing(self, languages: str) -> tuple[str, ...]:
        return tuple(one for one in languages.split("+") if one not in self.languages)

    def install(self, language: str, pack: Path) -> None:
        assert pack.read_bytes()
        pack.unlink()
        self.languages.add(language)

    def read(self, source: Path, request: ReadRequest, folder: Path) -> PageRead | Wanted:
        text = source.read_text()
        languages = request.languages
        if languages == AUTO_LANGUAGES:
            languages = self.found_out
            if languages in request.packs and self.missing(languages):
                return Wanted(languages, request.spent + 7.0)
        self.spent.append(request.spent)
        self.read_pages.append(request.number)
        if text in self.errors:
            raise self.errors[text]
        layer = folder / "layer.pdf"
        layer.write_text(f"layer of {text}")
        box = Box(0, 0, 10, 10)
        confidence, left = 90.0, None
        if request.given:
            assert json.loads(request.given.read_text()) == {"text": text}
            confidence = 99.0
        elif text in self.doubtful:
            confidence, left = 50.0, folder / "left.json"
            left.write_text(json.dumps({"text": text}))
        words = tuple(Word(word, box, confidence) for word in text.split())
        page = Page(
            number=request.number,
            width=100,
            height=100,
            source=Source.OCR,
            reason="no text layer",
            blocks=(Block((Line(words, box),), box),),
            concerns=self.concerns.get(text, ()),
            review=", ".join(self.concerns.get(text, ())),
            languages=languages,
        )
        if request.picture:
            (folder / "picture.jpg").write_bytes(PICTURE)
        return PageRead(page, layer, folder / "picture.jpg" if request.picture else None, left)
