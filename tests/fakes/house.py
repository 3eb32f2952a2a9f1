"""The whole flow over fakes: every stage, every queue, run in the order a test chooses."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from fanfold import keys, schemas
from fanfold.access import SignIn
from fanfold.disk.database import Database
from fanfold.disk.secrets import DiskSecrets
from fanfold.disk.tokens import DiskLedger, DiskTokens
from fanfold.disk.webhooks import DiskWebhooks
from fanfold.messages import (
    AssembleMessage,
    ObjectCreated,
    PageMessage,
    SplitMessage,
    decode,
    decode_news,
    object_created,
)
from fanfold.model import Document, Limits, Options, Output
from fanfold.ports import Index
from fanfold.stages import build
from fanfold.stages.api import Api
from tests.fakes.documents import MemoryDocuments
from tests.fakes.world import (
    FakeClock,
    FakePoster,
    FakeReader,
    FakeTool,
    MemoryObjects,
    MemoryQueue,
)
from tests.schemas import check


@dataclass
class House:
    """Stages are built anew for each call: a test may put another port in the place of any."""

    temporary: Path
    clock: FakeClock = field(default_factory=FakeClock)
    tool: FakeTool = field(default_factory=FakeTool)
    reader: FakeReader = field(default_factory=FakeReader)
    limits: Limits = field(default_factory=Limits)
    defaults: Options = field(default_factory=Options)
    exclusive: bool = False
    index: Index | None = None
    signed: bool = False
    moves: bool = False
    sign_in: SignIn | None = None
    intake_queue: MemoryQueue | None = None
    split_queue: MemoryQueue | None = None
    page_queue: MemoryQueue | None = None
    heavy_queue: MemoryQueue | None = None
    assemble_queue: MemoryQueue | None = None
    notify_queue: MemoryQueue | None = None
    poster: FakePoster = field(default_factory=FakePoster)
    reach: tuple[str, ...] = ("*",)

    def __post_init__(self) -> None:
        database = Database(None)
        self.store = MemoryDocuments(self.clock, database)
        self.objects = MemoryObjects(self.clock, index=database)
        self.secrets = DiskSecrets(self.objects, lambda: b"a folder's own key")
        self.tokens, self.ledger = DiskTokens(database), DiskLedger(database)
        self.webhooks = DiskWebhooks(database)
        for step in ("intake", "split", "page", "heavy", "assemble", "notify"):
            name = f"{step}_queue"
            setattr(self, name, getattr(self, name) or MemoryQueue(database, step, self.clock))

    def parts(self, *, heavy: bool = False) -> build.Parts:
        return build.Parts(
            store=self.store,
            objects=self.objects,
            clock=self.clock,
            queue=lambda step: getattr(self, f"{step}_queue"),
            tool=lambda method: self.tool,
            reader=lambda: self.reader,
            limits=self.limits,
            defaults=self.defaults,
            languages=("eng", "deu"),
            temporary=self.temporary,
            heavy=heavy,
            index=self.index,
            exclusive=self.exclusive,
            tokens=self.tokens,
            ledger=self.ledger,
            secrets=self.secrets,
            webhooks=self.webhooks,
            poster=lambda: self.poster,
            reach=self.reach,
            moves=self.moves,
            sign_in=self.sign_in,
            signed=self.signed,
        )

    @property
    def api(self) -> Api:
        return build.api(self.parts())

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
        build.intake(self.parts())(event)

    def split(self, body: str) -> None:
        build.split(self.parts())(decode(SplitMessage, body))

    def read(self, body: str, attempt: int = 1, *, heavy: bool = False) -> None:
        build.page(self.parts(heavy=heavy))(decode(PageMessage, body), attempt)

    def assemble(self, body: str, attempt: int = 1) -> None:
        message = decode(AssembleMessage, body)
        build.assemble(self.parts())(message, attempt)
        for name in schemas.SCHEMAS:
            data = self.objects.get(keys.result(message.document, message.run, name))
            if data is not None:
                check(name, data)

    def lose(self, step: str, body: str) -> None:
        build.lost(self.parts())(step, body)

    def tell(self) -> None:
        """Deliver all news that are due, and what follows from them."""
        while message := self.notify_queue.receive():
            build.notify(self.parts())(decode_news(message.body))
            self.notify_queue.delete(message)

    def sweep(self) -> int:
        return build.sweep(self.parts())()

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
