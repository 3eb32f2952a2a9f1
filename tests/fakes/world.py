"""The other ports in memory, and a small SQS: what a stage sends is there to be looked at."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

from fanfold.errors import FanfoldError, PageUnreadable
from fanfold.model import AUTO_LANGUAGES, Block, Box, Line, Page, Reason, Source, State, Word
from fanfold.ports import Cut, ObjectInfo, Probe, Reading, ReadRequest, UploadForm, Wanted


class FakeClock:
    def __init__(self, now: int = 1_000_000) -> None:
        self.moment = now

    def now(self) -> int:
        return self.moment

    def pass_seconds(self, seconds: float) -> None:
        self.moment += int(seconds * 1000)


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


class FakeObjects:
    """Objects with versions: every put adds one; ``broken`` makes the next puts fail."""

    def __init__(self, clock: FakeClock, bucket: str = "the-bucket") -> None:
        self.clock = clock
        self._bucket = bucket
        self.versions: dict[str, dict[str, bytes]] = {}
        self.owners: dict[str, str] = {}
        """Who each version was written for."""
        self.puts = 0
        self.broken: FanfoldError | None = None

    @property
    def bucket(self) -> str:
        return self._bucket

    @property
    def keys(self) -> list[str]:
        return sorted(self.versions)

    def put(self, key: str, data: bytes, media_type: str, *, owner: str = "") -> ObjectInfo:
        if self.broken:
            raise self.broken
        self.puts += 1
        version = f"v{self.puts}"
        self.versions.setdefault(key, {})[version] = data
        self.owners[version] = owner
        return ObjectInfo(key, len(data), version)

    def put_file(self, key: str, path: Path, media_type: str) -> None:
        self.put(key, path.read_bytes(), media_type)

    def copy(self, key: str, target: str, media_type: str, *, owner: str = "") -> bool:
        data = self.get(key)
        if data is not None:
            self.put(target, data, media_type, owner=owner)
        return data is not None

    def put_files(self, files: Mapping[str, Path], media_type: str) -> None:
        for key, path in files.items():
            self.put_file(key, path, media_type)

    def put_new(self, key: str, data: bytes, media_type: str) -> bool:
        if key in self.versions:
            return False
        self.put(key, data, media_type)
        return True

    def get(self, key: str) -> bytes | None:
        versions = self.versions.get(key)
        return list(versions.values())[-1] if versions else None

    def get_many(self, keys: Iterable[str]) -> Iterator[bytes | None]:
        return map(self.get, keys)

    def download(self, key: str, version: str | None, path: Path) -> bool:
        data = self.versions.get(key, {}).get(version) if version else self.get(key)
        if data is None:
            return False
        path.write_bytes(data)
        return True

    def list_keys(self, prefix: str) -> Iterator[str]:
        return iter([key for key in self.keys if key.startswith(prefix)])

    def delete(self, key: str, version: str | None = None) -> None:
        if version is None:
            self.versions.pop(key, None)
            return
        self.versions.get(key, {}).pop(version, None)
        if not self.versions.get(key):
            self.versions.pop(key, None)

    def hide(self, key: str) -> None:
        self.versions.pop(key, None)

    def delete_owned(self, key: str, owner: str) -> None:
        for version in list(self.versions.get(key, {})):
            if self.owners[version] == owner:
                self.delete(key, version)

    def delete_prefix(self, prefix: str) -> int:
        gone = [key for key in self.versions if key.startswith(prefix)]
        for key in gone:
            del self.versions[key]
        return len(gone)

    def link(self, key: str, file_name: str, media_type: str, seconds: int) -> str:
        return f"https://objects.test/{quote(key)}?name={quote(file_name)}"

    def upload_form(self, key: str, max_bytes: int, seconds: int) -> UploadForm:
        return UploadForm("https://objects.test/", {"key": key}, self.clock.now() + seconds * 1000)


@dataclass
class FakeQueue:
    """Keeps what was sent; ``broken`` makes the next sends fail with that error."""

    bodies: list[str] = field(default_factory=list)
    groups: list[str] = field(default_factory=list)
    broken: FanfoldError | None = None

    def send(self, bodies: Iterable[str], *, group: str) -> None:
        if self.broken:
            raise self.broken
        for body in bodies:
            self.bodies.append(body)
            self.groups.append(group)

    def waiting(self) -> int:
        return len(self.bodies)

    def take(self) -> list[str]:
        """Take everything out."""
        taken, self.bodies = self.bodies, []
        return taken


@dataclass
class FakeTool:
    """A DocumentTool whose documents are text: one line a page; “BROKEN” cannot be cut."""

    media_type: str = "application/pdf"
    error: FanfoldError | None = None
    probes: int = 0
    spent: list[float] = field(default_factory=list)
    """Seconds of each searchable PDF's time that were gone when it was written."""

    def probe(self, source: Path) -> Probe:
        self.probes += 1
        if self.error:
            raise self.error
        return Probe(self.media_type, len(source.read_text().splitlines()))

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
    """A PageReader: the page says its text; ``errors`` names the lines that fail and how."""

    errors: dict[str, FanfoldError] = field(default_factory=dict)
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

    def read(self, source: Path, request: ReadRequest, folder: Path) -> Reading | Wanted:
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
        words = tuple(Word(word, box, 90.0) for word in text.split())
        page = Page(
            number=request.number,
            width=100,
            height=100,
            source=Source.OCR,
            reason="no text layer",
            blocks=(Block((Line(words, box),), box),),
            languages=languages,
        )
        return Reading(page, layer)
