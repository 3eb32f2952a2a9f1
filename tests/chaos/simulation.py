"""A whole deployment in one thread of time: real stages, model queues, a clock that jumps."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

from fanfold import keys
from fanfold.errors import (
    FanfoldError,
    NotReady,
    OutOfMemory,
    RenderFailed,
    RequestError,
    Unavailable,
)
from fanfold.messages import ObjectCreated, encode_arrival, object_created
from fanfold.model import Document, Options, State
from fanfold.ports import Cut, DocumentStore, ObjectInfo, PageRead, Probe, ReadRequest
from fanfold.stages.submit import Submission
from tests.chaos.sqs import SqsModel
from tests.chaos.workers import Crash, Crew, Fate, Guarded
from tests.fakes.documents import MemoryDocuments
from tests.fakes.house import House
from tests.fakes.world import FakeClock, FakeReader, FakeTool, MemoryObjects

SWEEP_MILLISECONDS = 5 * 60 * 1000
HANDS = 5
"""Workers at once; more only make a run longer."""
_LOOKS = 20
LONGEST_DAYS = 20
"""Virtual time after which a document counts as stuck; dead letters live for 14 days."""


@dataclass(frozen=True)
class Weather:
    """How bad it gets: chances per call, per delivery and per document."""

    crash: float = 0.0
    duplicates: float = 0.0
    freeze: float = 0.0
    half: float = 0.0
    patience: bool = False
    """Queues never give up and nobody sweeps: what ends, ends by redelivery alone."""
    slow: Mapping[str, float] = field(default_factory=dict)
    """Chances of a call to take up to ``longest`` milliseconds, by its name."""
    longest: int = 3_400_000


CALM = Weather()


class Stuck(AssertionError):
    """Something never ended."""


@dataclass
class MoodyReader(FakeReader):
    """Pages say how they read: ``heavy…`` only with memory, ``flaky…`` once healed."""

    healed: set[str] = field(default_factory=set)
    heavy: bool = False

    def read(self, source: Path, request: ReadRequest, folder: Path) -> PageRead:
        text = source.read_text()
        _die_of(source, "kills page")
        if text.startswith("heavy") and not self.heavy:
            raise OutOfMemory
        if text.startswith("flaky") and text not in self.healed:
            raise RenderFailed
        return super().read(source, request, folder)


class DeadlyTool(FakeTool):
    """A DocumentTool that dies of documents that say where they kill."""

    def probe(self, source: Path) -> Probe:
        _die_of(source, "kills intake")
        return super().probe(source)

    def cut(self, source: Path, media_type: str, pages: Sequence[int], folder: Path) -> list[Cut]:
        _die_of(source, "kills split")
        return super().cut(source, media_type, pages, folder)

    def graft(
        self,
        base: Path | Sequence[Path],
        layers: Mapping[int, Path],
        target: Path,
        spent: float = 0.0,
        *,
        mend: bool = False,
    ) -> list[int]:
        for path in [base] if isinstance(base, Path) else base:
            _die_of(path, "kills assemble")
        return super().graft(base, layers, target, spent)


def _die_of(source: Path, words: str) -> None:
    if words in source.read_text():
        raise Crash


class Bucket(MemoryObjects):
    """Objects whose arrival is told, as S3 does it: by the bucket, whatever the writer's fate."""

    tell: Callable[[ObjectCreated], None] | None = None

    def put(self, key: str, data: bytes, media_type: str, *, owner: str = "") -> ObjectInfo:
        info = super().put(key, data, media_type, owner=owner)
        if self.tell and key.startswith((keys.INBOX, keys.UPLOADS)):
            self.tell(ObjectCreated(self.bucket, key, info.version, info.size))
        return info


class Simulation:
    """Drop documents, call ``run``, look at what there is."""

    def __init__(
        self,
        seed: int,
        temporary: Path,
        weather: Weather = CALM,
        store: DocumentStore | None = None,
        clock: FakeClock | None = None,
        fate: Fate | None = None,
    ) -> None:
        self.random, self.weather = Random(seed), weather
        self.clock = clock or FakeClock()
        self.fate = fate or Fate(Random(seed + 1), weather.crash, weather.freeze)
        self.crew = Crew(Random(seed + 2), self.clock, self.fate, weather.slow, weather.longest)
        self._told = store or MemoryDocuments(self.clock)
        self.store = Onlooker(self._told)
        self.objects = Bucket(self.clock)
        self.objects.tell = self._arrived
        self.healed: set[str] = set()
        self.errands: list[tuple[int, str, Callable[[House], None]]] = []
        self.documents: dict[str, list[str]] = {}
        self.swept_at = self.clock.now()
        self._build_queues()
        self.idle = [self._house(temporary / str(n)) for n in range(HANDS)]

    def _build_queues(self) -> None:
        def queue(name: str, seconds: int, most: int | None, dead: SqsModel | None) -> SqsModel:
            most = None if self.weather.patience else most
            chances = (self.weather.duplicates, self.weather.half)
            return SqsModel(name, self.random, self.clock, seconds, most, dead, *chances)

        # As in template.yaml.
        dead = {n: queue(f"{n}-dead", 360, None, None) for n in ("intake", "split", "assemble")}
        dead["heavy"] = queue("heavy-dead", 360, None, None)
        heavy = queue("heavy", 1800, 23, dead["heavy"])
        self.queues = {
            "intake": queue("intake", 720, 5, dead["intake"]),
            "split": queue("split", 1800, 5, dead["split"]),
            "page": queue("page", 360, 20, heavy),
            "heavy": heavy,
            "assemble": queue("assemble", 1800, 5, dead["assemble"]),
            **{f"{name}-dead": one for name, one in dead.items()},
        }

    def _house(self, temporary: Path) -> House:
        def guard(port: object, name: str) -> Guarded:
            return Guarded(port, self.crew, name)

        queues = {
            f"{n}_queue": guard(self.queues[n], n)
            for n in ("intake", "split", "page", "heavy", "assemble")
        }
        house = House(
            temporary,
            clock=self.clock,
            tool=guard(DeadlyTool(), "tool"),  # type: ignore[arg-type]
            reader=guard(MoodyReader(healed=self.healed), "reader"),  # type: ignore[arg-type]
            **queues,  # type: ignore[arg-type]
        )
        store, objects = guard(self._told, "store"), guard(self.objects, "objects")
        house.store, house.objects = store, objects  # type: ignore[assignment]
        return house

    # What the world does

    def _arrived(self, event: ObjectCreated) -> None:
        twice = self.random.random() < self.weather.duplicates
        for _ in range(2 if twice else 1):
            self.queues["intake"].send_surely(encode_arrival(event))

    def drop(self, name: str, pages: list[str]) -> str:
        """Put a file into the drop folder."""
        info = self.objects.put(keys.INBOX + name, "\n".join(pages).encode(), "")
        document = keys.inbox_document(info.key, info.version)
        self.documents[document] = pages
        return document

    def post(
        self, name: str, pages: list[str], selection: str = "", tenant: str = "default"
    ) -> str:
        """Send a document through the API under a key; the client repeats until it is taken."""
        document, body = keys.keyed_document(tenant, name), "\n".join(pages).encode()
        wish = Submission(name, Options(pages=selection), body=body, key=name)
        self.documents[document] = pages
        self.later(0, "post", lambda house: (house.api.submit(tenant, wish), None)[1])
        return document

    def later(self, seconds: float, kind: str, errand: Callable[[House], None]) -> None:
        """Have a client do something, again and again until it gets an answer."""
        self.errands.append((self.clock.now() + int(seconds * 1000), kind, errand))

    def retry(self, document: str, pages: str = "", seconds: float = 0) -> None:
        def errand(house: House) -> None:
            self.healed.update(self.documents[document])
            house.api.retry("default", document, pages, {})

        self.later(seconds, "retry", errand)

    def swap(self, document: str, pages: list[str]) -> None:
        """Upload something else to a document's address as soon as its file was looked at."""

        def errand(house: House) -> None:
            found = house.store.get(document)
            if found is None or found.source is None:
                raise NotReady
            house.objects.put(found.source.key, "\n".join(pages).encode(), "")

        self.later(0, "swap", errand)

    def steal(self, queue: str) -> None:
        """Let everything that is ever put into a queue for the first time vanish, once."""
        self.queues[queue].thief = True

    def cancel(self, document: str, seconds: float = 0) -> None:
        self.later(
            seconds,
            "cancel",
            lambda house: (house.api.cancel("default", document), None)[1],
        )

    def delete(self, document: str, seconds: float = 0) -> None:
        self.later(seconds, "delete", lambda house: house.api.delete("default", document))

    # How time passes

    def run(self) -> None:
        """Let everything happen; raise Stuck where something does not end."""
        end = self.clock.now() + LONGEST_DAYS * 24 * 3600 * 1000
        try:
            while self._step():
                if self.clock.now() > end:
                    live = [d for d in self.documents if self.live(d)]
                    raise Stuck(f"{len(live)} documents never ended, such as {live[:3]}")
        finally:
            self.crew.close()

    def live(self, document: str) -> bool:
        found = self.store.get(document)
        return found is None or found.state.live or found.deadline is not None

    def _step(self) -> bool:
        """Do one thing, or let time pass; False when nothing will happen any more."""
        begun = self._begin() if self.idle else False
        runnable = self.crew.runnable()
        if runnable:
            self.clock.pass_seconds(0.05)
            self.crew.step(self.random.choice(runnable))
            return True
        return begun or self._jump()

    def _begin(self) -> bool:
        now = self.clock.now()
        due = [errand for errand in self.errands if errand[0] <= now]
        if due:
            errand = self.random.choice(due)
            self.errands.remove(errand)
            return self._start(errand[1], errand[2], lambda error: self._again(errand, error))
        if not self.weather.patience and now - self.swept_at >= SWEEP_MILLISECONDS:
            self.swept_at = now
            for _ in range(min(2, len(self.idle))):
                self._start("sweep", lambda house: (house.sweep(), None)[1], lambda _: None)
            return True
        names = [name for name, queue in self.queues.items() if queue.letters]
        self.random.shuffle(names)
        return any(self._deliver(name) for name in names)

    def _deliver(self, name: str) -> bool:
        queue = self.queues[name]
        letter = queue.receive()
        if letter is None:
            return False

        def after(error: BaseException | None) -> None:
            if error is None:
                queue.delete(letter)

        # Under queues that never give up a page does not give its own lane up either.
        attempt = 1 if self.weather.patience and name == "page" else letter.receives
        return self._start(name, lambda house: handle(house, name, letter.body, attempt), after)

    def _start(
        self,
        kind: str,
        job: Callable[[House], None],
        after: Callable[[BaseException | None], None],
    ) -> bool:
        house = self.idle.pop()

        def ended(error: BaseException | None) -> None:
            self.idle.append(house)
            if error is not None and not expected(error):
                raise error
            after(error)

        self.crew.start(kind, lambda: job(house), ended)
        return True

    def _again(
        self, errand: tuple[int, str, Callable[[House], None]], error: BaseException | None
    ) -> None:
        """Repeat what got no answer; a refusal that says “later” is repeated later."""
        refused = isinstance(error, RequestError) and not error.retryable
        if error is None or refused:
            return
        busy = isinstance(error, RequestError)
        found = self.clock.now() + (60_000 if busy else 1_000)
        self.errands.append((found, errand[1], errand[2]))

    def _jump(self) -> bool:
        """Let time pass until something can happen."""
        moments: list[int | None] = [worker.frozen_until for worker in self.crew.workers]
        if self.idle:
            moments += [queue.next_visible() for queue in self.queues.values()]
            moments += [errand[0] for errand in self.errands]
            moments += [self._next_sweep()]
        waits = [moment for moment in moments if moment is not None]
        if not waits:
            return False
        self.clock.moment = max(self.clock.now() + 1, min(waits))
        return True

    def _next_sweep(self) -> int | None:
        """Return when a sweep will find something to do."""
        if self.weather.patience:
            return None
        deadlines = [one.deadline for one in self.store.due(2**53, 1) if one.deadline]
        return max(*deadlines, self.swept_at + SWEEP_MILLISECONDS) if deadlines else None

    def left(self) -> dict[str, int]:
        return {name: len(one.letters) for name, one in self.queues.items() if one.letters}

    def ended(self, document: str) -> Document:
        found = self.store.get(document)
        assert found is not None, f"{document} is not there"
        assert found.state is not State.UPLOADING
        return found


class Onlooker:
    """What the simulation looks at a store with: asks again where faults refuse an answer."""

    def __init__(self, store: DocumentStore) -> None:
        self._store = store

    def __getattr__(self, name: str) -> Any:
        method = getattr(self._store, name)
        if not callable(method):
            return method

        def ask(*arguments: Any, **named: Any) -> Any:
            for _ in range(_LOOKS):
                with suppress(Unavailable):
                    return method(*arguments, **named)
            return method(*arguments, **named)

        return ask


def handle(house: House, name: str, body: str, attempt: int) -> None:
    """Do what the function behind a queue does with one message."""
    house.reader._port.heavy = name == "heavy"  # type: ignore[attr-defined]
    if name == "intake":
        event = object_created(body)
        assert event
        house.admit(event)
    elif name in ("page", "heavy"):
        house.read(body, attempt, heavy=name == "heavy")
    elif name.endswith("-dead"):
        house.lose(name.removesuffix("-dead"), body)
    else:
        {"split": house.split, "assemble": house.assemble}[name](body)


def expected(error: BaseException) -> bool:
    """Whether a worker may end so: what we raise on purpose, or a death of our making."""
    return isinstance(error, (Crash, FanfoldError))
