"""Random lives of documents against a model of what their owners may rely on.

hypothesis chooses what comes next: a delivery (once, twice, out of order), a crash at one of its
calls, a retry, a cancellation, a deletion, a sweep, a jump of the clock. The stages are the real
ones, over the fakes that tests/contracts and DynamoDB Local hold to the adapters' behaviour.
"""

from __future__ import annotations

import json
import tempfile
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from fanfold import keys
from fanfold.errors import FanfoldError, RequestError, WorkerKilled
from fanfold.messages import ObjectCreated, PageMessage, decode, encode_arrival
from fanfold.model import Document, Options, State, shard_of
from fanfold.ports import ReadRequest
from fanfold.stages.submit import Submission
from tests.chaos import invariants
from tests.chaos.simulation import MoodyReader, handle
from tests.chaos.workers import Crash, Guarded
from tests.fakes.house import House
from tests.fakes.world import FakeTool

_MOST = {"intake": 5, "split": 5, "page": 3, "heavy": 3, "assemble": 5}
_AFTER = {"page": "heavy"}
"""Where a message goes after its most receives; else to the step's dead letters."""
_STEPS = (*_MOST, *(f"{name}-dead" for name in _MOST if name != "page"))
_ENDS = {State.SUCCEEDED, State.PARTIAL, State.FAILED, State.CANCELLED, State.DELETED}
MACHINE = settings(max_examples=40, stateful_step_count=40, deadline=None)
TENANTS = st.sampled_from(["default", "other"])
KINDS = st.sampled_from(["plain", "plain", "heavy", "flaky", "BROKEN"])


@dataclass
class Letters:
    """A queue whose messages stay until they are dealt with: body and receives."""

    letters: list[list[Any]] = field(default_factory=list)
    groups: set[tuple[str, str]] = field(default_factory=set)
    others: int = 0
    """Messages of other people's documents that wait before ours."""

    def send(self, bodies: Iterable[str], *, group: str, delay: int = 0) -> None:
        for body in bodies:
            self.letters.append([body, 0])
            self.groups.add((body, group))

    def waiting(self) -> int:
        return len(self.letters) + self.others


@dataclass
class WatchedReader(MoodyReader):
    """Tells when it begins to read."""

    begins: Callable[[], None] = lambda: None

    def read(self, source: Path, request: ReadRequest, folder: Path) -> Any:
        self.begins()
        return super().read(source, request, folder)


@dataclass
class Axe:
    """Kills whoever makes the n-th call from now, before or after it is done.

    Or lets something else happen there, as if it were another worker's turn: ``meanwhile``.
    """

    left: int = 0
    after: bool = False
    meanwhile: Callable[[], None] | None = None

    def around(self, name: str, call: Callable[[], Any]) -> Any:
        self.left -= 1
        if self.left == 0 and not self.after:
            self._strike()
        answer = call()
        if self.left == 0 and self.after:
            self._strike()
        return answer

    def _strike(self) -> None:
        if self.meanwhile is None:
            raise Crash
        happens, self.meanwhile = self.meanwhile, None
        happens()
        self.left = 0


@dataclass
class Belief:
    """What an owner may rely on, of one document."""

    run: int = 0
    cancelled: bool = False
    deleted: bool = False
    marks: dict[tuple[int, int], object] = field(default_factory=dict)
    """Every mark that was ever seen, by run and page: they never change."""
    ended: dict[int, State] = field(default_factory=dict)
    """How each run ended, as first seen."""


class Lives(RuleBasedStateMachine):
    """One deployment, a few documents, anything that may happen to them."""

    @initialize()
    def open(self) -> None:
        self.folder = tempfile.TemporaryDirectory()
        self.axe, self.healed = Axe(), set[str]()
        self.queues = {name: Letters() for name in _STEPS}
        self.under_way: list[tuple[str, str, bool]] = []
        """Deliveries: queue, body, whether there is nothing to read; the last one has the turn."""
        self.begun, self.dead = Counter[str](), set[tuple[str, int]]()
        """Messages of the heavy lane: how often their pages were begun; whose workers died."""
        self.unhelped = set[str]()
        """Documents that redelivery alone cannot end: a message of theirs was lost."""
        self.house = House(Path(self.folder.name))
        self.store, self.objects = self.house.store, self.house.objects
        self.clock = self.house.clock
        self.documents: dict[str, list[str]] = {}
        self.beliefs: dict[str, Belief] = {}
        self.requests: dict[str, tuple[str, Submission]] = {}
        house = self.house
        for name in _MOST:
            setattr(house, f"{name}_queue", self._guard(self.queues[name], name))
        house.tool = self._guard(FakeTool(), "tool")
        reader = WatchedReader(healed=self.healed, begins=self._page_begins)
        house.reader = self._guard(reader, "reader")
        house.store = self._guard(self.store, "store")
        house.objects = self._guard(self.objects, "objects")

    def _guard(self, port: object, name: str) -> Any:
        return Guarded(port, self.axe, name)  # type: ignore[arg-type]

    def teardown(self) -> None:
        if hasattr(self, "house"):
            self._come_to_rest()
            self.folder.cleanup()

    # What people do

    @rule(kinds=st.lists(KINDS, max_size=4), through_api=st.booleans(), tenant=TENANTS)
    def send(self, kinds: list[str], through_api: bool, tenant: str) -> None:
        number = len(self.documents)
        if number >= 3:
            return
        name = f"{number}.pdf"
        pages = [k if k == "BROKEN" else f"{k} {n} of {name}" for n, k in enumerate(kinds, 1)]
        body = "\n".join(pages)
        if through_api:
            wish = Submission(name, Options(), body=body.encode(), key=name)
            document, _ = self.house.api.submit(tenant, wish)
            key = keys.upload(tenant, document.id)
            event = self.house.event_of(key, next(iter(self.objects.versions[key])))
            id_ = document.id
            self.requests[id_] = (tenant, wish)
        else:
            event = self.house.drop(name, body)
            id_ = keys.inbox_document(event.key, event.version)
        self.documents[id_], self.beliefs[id_] = pages, Belief()
        self._tell(event)

    def _tell(self, event: ObjectCreated) -> None:
        self.queues["intake"].letters.append([encode_arrival(event), 0])

    @rule(data=st.data())
    def send_again(self, data: Any) -> None:
        """A client that got no answer repeats its request with the same key."""
        if not self.requests:
            return
        id_ = data.draw(st.sampled_from(sorted(self.requests)))
        tenant, wish = self.requests[id_]
        before, versions = self.store.get(id_), dict(self.objects.versions)
        known = len(self.store.metas)
        if self._asks(lambda: self.house.api.submit(tenant, wish)):
            assert len(self.store.metas) == known, "the same key, another document"
            assert self.store.get(id_) == before
        for key in self.objects.versions.keys() - versions.keys():
            self._tell(self.house.event_of(key, next(iter(self.objects.versions[key]))))

    @rule(data=st.data())
    def put_another_file_in_its_place(self, data: Any) -> None:
        """Whoever has the form of an upload uses it once more, after the file was looked at."""
        id_ = self._one(data)
        document = self.store.get(id_) if id_ else None
        if document and document.source and id_ in self.requests:
            self._tell(self.house.put(document.source.key, "plain lies\nplain more lies"))

    @rule(data=st.data(), pages=st.sampled_from(["", "1", "1-end"]), heal=st.booleans())
    def retry(self, data: Any, pages: str, heal: bool) -> None:
        id_ = self._one(data)
        if id_ is None:
            return
        if heal:
            self.healed.update(self.documents[id_])
        self._blow(data)
        self._retry(id_, pages)

    @rule(data=st.data())
    def cancel(self, data: Any) -> None:
        id_ = self._one(data)
        if id_:
            self._blow(data)
            self._stop(id_)

    @rule(data=st.data())
    def delete(self, data: Any) -> None:
        id_ = self._one(data)
        if id_:
            self._blow(data)
            self._remove(id_)

    def _retry(self, id_: str, pages: str) -> None:
        before = self.store.get(id_)
        if self._asks(lambda: self.house.api.retry(self._tenant(id_), id_, pages, {})):
            after = self.store.get(id_)
            assert before and after
            assert after.run == before.run + (not before.state.live)

    def _stop(self, id_: str) -> None:
        if self._asks(lambda: self.house.api.cancel(self._tenant(id_), id_)):
            self.beliefs[id_].cancelled = True

    def _remove(self, id_: str) -> None:
        if self._asks(lambda: self.house.api.delete(self._tenant(id_), id_)):
            self.beliefs[id_].deleted = True

    # What the machinery does

    @rule(data=st.data(), twice=st.booleans())
    def deliver(self, data: Any, twice: bool) -> None:
        """Deliver any message; ``twice``: it stays and will be delivered again."""
        found = self._any_letter(data)
        if found:
            self._blow(data)
            self._handle(*found, stays=twice)

    @rule(data=st.data(), what=st.sampled_from(["another", "retry", "cancel", "delete", "time"]))
    def deliver_while_something_else_happens(self, data: Any, what: str) -> None:
        """Another worker or the owner comes in between two calls of a delivery."""
        found, id_ = self._any_letter(data), self._one(data)
        if not found or not id_:
            return
        other = self._any_letter(data) if what == "another" else None
        happens: dict[str, Callable[[], None]] = {
            "another": lambda: self._handle(*other, stays=False) if other else None,
            "retry": lambda: self._retry(id_, "1-end"),
            "cancel": lambda: self._stop(id_),
            "delete": lambda: self._remove(id_),
            "time": lambda: self.clock.pass_seconds(1_900),
        }
        self.axe.left, self.axe.meanwhile = data.draw(st.integers(1, 12)), happens[what]
        self._handle(*found, stays=False)

    def _any_letter(self, data: Any) -> tuple[str, list[Any]] | None:
        there = [name for name in _STEPS if self.queues[name].letters]
        if not there:
            return None
        name = data.draw(st.sampled_from(there))
        letters = self.queues[name].letters
        return name, letters[data.draw(st.integers(0, len(letters) - 1))]

    @rule(data=st.data())
    def lose(self, data: Any) -> None:
        """A message vanishes, at most one of a document."""
        found = self._any_letter(data)
        if found is None or found[0] == "intake" or found[0].endswith("-dead"):
            return
        name, letter = found
        id_ = json.loads(letter[0])["document"]
        if id_ not in self.unhelped:
            self.unhelped.add(id_)
            self.queues[name].letters.remove(letter)

    @rule()
    def nothing_of_anybody_moves_for_hours(self) -> None:
        """Behind others' messages documents wait: nothing is sent again, nothing given up."""
        for queue in self.queues.values():
            queue.others = 1_000
        before = {name: list(queue.letters) for name, queue in self.queues.items()}
        marks = {id_: self._marks(id_) for id_ in self.documents}
        for _ in range(4):
            self.clock.pass_seconds(3_700)
            self.house.sweep()
        for name, queue in self.queues.items():
            assert queue.letters == before[name], f"{name}: sent again behind others"
            queue.others = 0
        assert {id_: self._marks(id_) for id_ in self.documents} == marks, "given up behind others"

    def _marks(self, id_: str) -> list[Any]:
        document = self.store.get(id_)
        live = document is not None and document.state.live
        return [(s.run, s.done, s.failed) for s in self.store.shards(document)] if live else []

    @rule(data=st.data())
    def sweep(self, data: Any) -> None:
        self._blow(data)
        self._survive(self.house.sweep)

    @rule(seconds=st.sampled_from([1, 400, 1_900, 3_700, 100_000]))
    def time_passes(self, seconds: int) -> None:
        self.clock.pass_seconds(seconds)

    @precondition(lambda self: any(queue.letters for queue in self.queues.values()))
    @rule()
    def everything_is_delivered_once(self) -> None:
        for name in _MOST:
            for letter in list(self.queues[name].letters):
                self._handle(name, letter, stays=False)

    # What must hold at any moment

    @invariant()
    def what_owners_rely_on_holds(self) -> None:
        for id_, belief in getattr(self, "beliefs", {}).items():
            document = self.store.get(id_)
            if document:
                self._compare(document, belief)

    def _compare(self, document: Document, belief: Belief) -> None:
        assert document.run >= belief.run, "a run went back"
        belief.run = document.run
        if belief.deleted:
            assert document.state is State.DELETED, "the dead walk"
        elif belief.cancelled:
            assert document.state in (State.CANCELLED, State.DELETED), "a stopped document went on"
        if document.state in _ENDS:
            first = belief.ended.setdefault(document.run, document.state)
            assert first is document.state or document.state is State.DELETED, "an end changed"
        if document.state in (State.SUCCEEDED, State.PARTIAL):
            assert document.pages_done + document.pages_failed == document.pages_total > 0
        for shard in self.store.shards(document):
            for page in shard.pages:
                mark = shard.done.get(page) or shard.failed.get(page)
                if page in shard.failed and shard.failed[page].code == WorkerKilled.code:
                    assert (document.id, page) in self.dead, "a page is given up beside its reader"
                if mark:
                    first_mark = belief.marks.setdefault((shard.run, page), mark)
                    assert first_mark == mark, "a mark changed"

    # How it is done

    def _one(self, data: Any) -> str | None:
        return data.draw(st.sampled_from(sorted(self.documents))) if self.documents else None

    def _tenant(self, id_: str) -> str:
        return self.requests[id_][0] if id_ in self.requests else "default"

    def _blow(self, data: Any) -> None:
        """Have the next job die at one of its calls, or not at all."""
        self.axe.left = data.draw(st.sampled_from([0, 0, *range(1, 12)]))
        self.axe.after = data.draw(st.booleans())

    def _asks(self, request: Callable[[], object]) -> bool:
        """Ask, and repeat what got no answer, as clients do; False where it is refused."""
        while True:
            try:
                request()
            except Crash:
                continue
            except RequestError:
                return False
            finally:
                self.axe.left = 0
            return True

    def _survive(self, job: Callable[[], object]) -> bool:
        try:
            job()
        except (Crash, FanfoldError):
            return False
        finally:
            self.axe.left, self.axe.meanwhile = 0, None
        return True

    def _handle(self, name: str, letter: list[Any], *, stays: bool) -> None:
        letter[1] += 1
        self.clock.pass_seconds(0.001)  # the moment tells one beginning from another
        self.under_way.append((name, letter[0], self._is_idle(name, letter[0])))
        # A process does one job at a time: who comes in between is another one, elsewhere.
        self.house.temporary = Path(self.folder.name) / str(len(self.under_way))
        done = self._survive(lambda: handle(self.house, name, letter[0], letter[1]))
        self.under_way.pop()
        if not done and name == "heavy":
            message = decode(PageMessage, letter[0])
            self.dead.add((message.document, message.page))
        letters = self.queues[name].letters
        if letter not in letters:
            return
        if done and not stays:
            letters.remove(letter)
        elif not done and letter[1] >= _MOST.get(name, 10**9):
            letters.remove(letter)
            if name == "intake":
                self.unhelped |= self.documents.keys()
            self.queues[_AFTER.get(name, f"{name}-dead")].letters.append([letter[0], 0])

    def _is_idle(self, name: str, body: str) -> bool:
        """Whether a page's message has nothing left to do, so that it may not cost a reading."""
        if name not in ("page", "heavy"):
            return False
        message = decode(PageMessage, body)
        document = self.store.get(message.document)
        if document is None or document.run != message.run or not document.state.live:
            return True
        shard = self.store.shard(message.document, shard_of(message.page))
        return shard is not None and message.page not in shard.waiting

    def _page_begins(self) -> None:
        name, body, idle = self.under_way[-1]
        assert not idle, "a page was read for nothing"
        self.begun[body] += name == "heavy"
        assert self.begun[body] <= 1, "a page was begun twice in the heavy lane"

    def _come_to_rest(self) -> None:
        """Let everything that was begun end, without any further trouble."""
        self.axe.left = 0
        self._deliver_all(swept=False)
        for id_ in self.documents.keys() - self.unhelped:
            assert not self.ended(id_).state.live, "nothing was lost, and it needs the sweep"
        self._deliver_all(swept=True)
        self.what_owners_rely_on_holds()
        for id_, belief in self.beliefs.items():
            assert (self.ended(id_).state is State.DELETED) == belief.deleted
        invariants.check(self)  # type: ignore[arg-type]
        invariants.manifests_are_written_once(self.objects)
        invariants.messages_are_of_their_documents_group(self)  # type: ignore[arg-type]

    def _deliver_all(self, *, swept: bool) -> None:
        for _ in range(30):
            for name in _STEPS * 4:
                for letter in list(self.queues[name].letters):
                    self._handle(name, letter, stays=False)
            if not self.left() and not (swept and self.store.due(2**53, 1)):
                return
            self.clock.pass_seconds(3_700)
            if swept:
                self.house.sweep()

    def ended(self, document: str) -> Document:
        found = self.store.get(document)
        assert found
        return found

    def left(self) -> dict[str, int]:
        return {name: len(one.letters) for name, one in self.queues.items() if one.letters}
