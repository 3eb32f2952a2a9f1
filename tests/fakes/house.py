"""The whole flow over fakes: every stage, every queue, run in the order a test chooses."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from fanfold import keys
from fanfold.messages import (
    AssembleMessage,
    ObjectCreated,
    PageMessage,
    SplitMessage,
    decode,
    object_created,
)
from fanfold.model import Document, Limits, Options, Output
from fanfold.stages import lost
from fanfold.stages.api import Api
from fanfold.stages.assemble import Assemble
from fanfold.stages.backlog import SweepQueues
from fanfold.stages.documents import Documents
from fanfold.stages.endings import Endings
from fanfold.stages.graft import Graft
from fanfold.stages.intake import Identify, Intake
from fanfold.stages.languages import Languages
from fanfold.stages.page import ReadPage
from fanfold.stages.progress import Progress
from fanfold.stages.removal import Removal
from fanfold.stages.rerun import Cancel, Retry
from fanfold.stages.split import Split
from fanfold.stages.submit import Submit
from fanfold.stages.sweep import Sweep
from tests.fakes.documents import FakeDocuments
from tests.fakes.world import FakeClock, FakeObjects, FakeQueue, FakeReader, FakeTool


@dataclass
class House:
    """Stages are built when they are called: a test may put another port in place of any."""

    temporary: Path
    clock: FakeClock = field(default_factory=FakeClock)
    tool: FakeTool = field(default_factory=FakeTool)
    reader: FakeReader = field(default_factory=FakeReader)
    limits: Limits = field(default_factory=Limits)
    defaults: Options = field(default_factory=Options)
    exclusive: bool = False
    intake_queue: FakeQueue = field(default_factory=FakeQueue)
    split_queue: FakeQueue = field(default_factory=FakeQueue)
    page_queue: FakeQueue = field(default_factory=FakeQueue)
    heavy_queue: FakeQueue = field(default_factory=FakeQueue)
    assemble_queue: FakeQueue = field(default_factory=FakeQueue)

    def __post_init__(self) -> None:
        self.store = FakeDocuments(self.clock)
        self.objects = FakeObjects(self.clock)

    @property
    def endings(self) -> Endings:
        return Endings(self.store, self.objects)

    @property
    def identify(self) -> Identify:
        return Identify(self.store, self.clock, self.defaults)

    @property
    def progress(self) -> Progress:
        return Progress(self.store, self.assemble_queue, self.clock)

    @property
    def removal(self) -> Removal:
        return Removal(self.store, self.objects, self.clock)

    @property
    def api(self) -> Api:
        languages = Languages(("eng", "deu"), self.objects)
        return Api(
            Documents(self.store, self.objects),
            Submit(self.store, self.objects, self.clock, self.limits),
            Retry(self.store, self.split_queue, self.clock, languages),
            Cancel(self.store),
            self.removal,
            languages,
            self.defaults,
        )

    def drop(self, path: str, text: str) -> ObjectCreated:
        """Put a file into the drop folder and return its event."""
        return self.put(keys.INBOX + path, text)

    def put(self, key: str, text: str) -> ObjectCreated:
        info = self.objects.put(key, text.encode(), "application/octet-stream")
        return ObjectCreated(self.objects.bucket, key, info.version, info.size)

    def event_of(self, key: str, version: str) -> ObjectCreated:
        """Return the event of an object's version."""
        size = len(self.objects.versions[key][version])
        return ObjectCreated(self.objects.bucket, key, version, size)

    def admit(self, event: ObjectCreated) -> None:
        Intake(
            store=self.store,
            objects=self.objects,
            split=self.split_queue,
            tool=self.tool,
            clock=self.clock,
            limits=self.limits,
            temporary=self.temporary,
            identify=self.identify,
            endings=self.endings,
        )(event)

    def split(self, body: str) -> None:
        Split(
            store=self.store,
            objects=self.objects,
            page=self.page_queue,
            tool=self.tool,
            temporary=self.temporary,
            progress=self.progress,
            endings=self.endings,
        )(decode(SplitMessage, body))

    def read(self, body: str, attempt: int = 1, *, heavy: bool = False) -> None:
        ReadPage(
            store=self.store,
            objects=self.objects,
            heavy=None if heavy else self.heavy_queue,
            reader=self.reader,
            clock=self.clock,
            temporary=self.temporary,
            exclusive=self.exclusive,
            progress=self.progress,
        )(decode(PageMessage, body), attempt)

    def assemble(self, body: str, attempt: int = 1) -> None:
        graft = Graft(self.objects, self.tool)
        stage = Assemble(self.store, self.objects, self.temporary, graft, self.endings)
        stage(decode(AssembleMessage, body), attempt)

    def lose_page(self, body: str) -> None:
        lost.LosePage(self.store, self.clock, self.exclusive, self.progress)(body)

    def lose_shard(self, body: str) -> None:
        lost.LoseShard(self.store, self.progress)(body)

    def lose_arrival(self, body: str) -> None:
        lost.LoseArrival(self.identify, self.endings)(body)

    def lose_assembly(self, body: str) -> None:
        lost.LoseAssembly(self.store, self.endings)(body)

    def sweep(self) -> int:
        queues = SweepQueues(
            self.intake_queue,
            self.split_queue,
            self.page_queue,
            self.heavy_queue,
            self.assemble_queue,
        )
        return Sweep(
            store=self.store,
            objects=self.objects,
            queues=queues,
            clock=self.clock,
            progress=self.progress,
            endings=self.endings,
            removal=self.removal,
        )()

    def settle(self) -> None:
        """Deliver everything that is queued, and what follows from it, once."""
        while True:
            steps = [
                *((self._arrive, body) for body in self.intake_queue.take()),
                *((self.split, body) for body in self.split_queue.take()),
                *((self.read, body) for body in self.page_queue.take()),
                *((self._read_heavy, body) for body in self.heavy_queue.take()),
                *((self.assemble, body) for body in self.assemble_queue.take()),
            ]
            if not steps:
                return
            for step, body in steps:
                step(body)

    def read_document(self, path: str, text: str) -> Document:
        """Drop a file, let everything happen, and return the document as it ended."""
        event = self.drop(path, text)
        self.admit(event)
        self.settle()
        return self.document(event)

    def page_message(self) -> tuple[ObjectCreated, str]:
        """Drop a file of one page and go as far as its page's message; return it, and the event."""
        event = self.drop("a.pdf", "one")
        self.admit(event)
        self.split(self.split_queue.take()[0])
        (body,) = self.page_queue.take()
        return event, body

    def document(self, event: ObjectCreated) -> Document:
        found = self.store.get(keys.inbox_document(event.key, event.version))
        assert found is not None
        return found

    def result(self, document: Document, output: Output) -> str:
        key = keys.result(document.id, document.run, keys.RESULT_FILES[output])
        data = self.objects.get(key)
        assert data is not None, f"there is no {key}"
        return data.decode()

    def _arrive(self, body: str) -> None:
        event = object_created(body)
        assert event is not None
        self.admit(event)

    def _read_heavy(self, body: str) -> None:
        self.read(body, heavy=True)
