"""How stages are put together: one builder per function, over real parts or over fakes.

A stage is imported by its builder alone, so that a function starts with no more than it needs.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from fanfold.access import SignIn
from fanfold.model import Limits, Options
from fanfold.ports import (
    Clock,
    DocumentStore,
    DocumentTool,
    Index,
    Ledger,
    ObjectStore,
    PageReader,
    Poster,
    Queue,
    Secrets,
    TokenIssuer,
    TokenStore,
    WebhookStore,
)
from fanfold.stages.endings import Endings
from fanfold.stages.intake import Identify, Intake
from fanfold.stages.progress import Progress

if TYPE_CHECKING:
    from fanfold.stages.api import Api
    from fanfold.stages.assemble import Assemble
    from fanfold.stages.lost import Lose
    from fanfold.stages.page import ReadPage
    from fanfold.stages.split import Split
    from fanfold.stages.sweep import Sweep
    from fanfold.stages.tokens import Callers, Tokens
    from fanfold.stages.webhooks import Notify


@dataclass(frozen=True, slots=True)
class Parts:
    """What stages are built from."""

    store: DocumentStore
    objects: ObjectStore
    clock: Clock
    queue: Callable[[str], Queue]
    """The queue in front of a step."""
    tool: Callable[[str], DocumentTool]
    """The tool, made ready for the one of its methods that is named."""
    reader: Callable[[], PageReader]
    limits: Limits
    defaults: Options
    """The options of a document whose sender asked for nothing."""
    languages: tuple[str, ...]
    """Those that are installed."""
    temporary: Path
    heavy: bool
    """Whether this is the heavy lane."""
    exclusive: bool
    """Whether a message only ever comes again when the worker that had it is dead."""
    tokens: TokenStore
    ledger: Ledger
    secrets: Secrets
    webhooks: WebhookStore
    poster: Callable[[], Poster]
    reach: tuple[str, ...] = ("*",)
    """Patterns of the hosts that webhooks may have here."""
    private: bool = False
    """Whether they may have addresses of the machine's own network."""
    index: Index | None = None
    """Of the words of all documents, where there is one."""
    issuer: Callable[[], TokenIssuer | None] = lambda: None
    """Who else says who is calling: read where it is asked, for others lack what reads it."""
    sign_in: SignIn | None = None
    """Where the web page lets people sign in."""
    moves: bool = False
    """Whether originals of dropped files are put away when their documents have ended."""
    signed: bool = False
    """Whether callers have signed their requests, instead of showing tokens."""

    @property
    def endings(self) -> Endings:
        """How owners are told of an end."""
        return Endings(self.store, self.objects, self.queue("notify"), self.moves)

    @property
    def identify(self) -> Identify:
        """How it is found out which document arrived."""
        return Identify(self.store, self.clock, self.defaults, self.webhooks)

    @property
    def progress(self) -> Progress:
        """How a document comes from one step to the next."""
        return Progress(self.store, self.queue("assemble"), self.clock, self.queue("notify"))


def intake(have: Parts) -> Intake:
    """Build the intake stage."""
    from fanfold.stages.dropped import FolderOptions
    from fanfold.stages.languages import Languages

    languages = Languages(have.languages, have.objects)
    return Intake(
        store=have.store,
        objects=have.objects,
        split=have.queue("split"),
        tool=have.tool("probe"),
        clock=have.clock,
        limits=have.limits,
        temporary=have.temporary,
        identify=have.identify,
        endings=have.endings,
        secrets=have.secrets,
        folder_options=FolderOptions(have.objects, languages, have.defaults, have.temporary),
    )


def split(have: Parts) -> Split:
    """Build the split stage."""
    from fanfold.stages.split import Split

    return Split(
        store=have.store,
        objects=have.objects,
        page=have.queue("page"),
        tool=have.tool("cut"),
        temporary=have.temporary,
        progress=have.progress,
        endings=have.endings,
    )


def page(have: Parts) -> ReadPage:
    """Build the page stage of this lane."""
    from fanfold.stages.early import Early
    from fanfold.stages.page import ReadPage

    return ReadPage(
        store=have.store,
        objects=have.objects,
        heavy=None if have.heavy else have.queue("heavy"),
        reader=have.reader(),
        clock=have.clock,
        temporary=have.temporary,
        exclusive=have.exclusive,
        progress=have.progress,
        early=Early(have.store, have.objects),
    )


def assemble(have: Parts) -> Assemble:
    """Build the assemble stage."""
    from fanfold.stages.assemble import Assemble
    from fanfold.stages.parts import Parts
    from fanfold.stages.pdf import WritePdf

    return Assemble(
        store=have.store,
        objects=have.objects,
        temporary=have.temporary,
        write_pdf=WritePdf(have.objects, have.tool("graft")),
        endings=have.endings,
        parts=Parts(have.store, have.objects, have.temporary),
        progress=have.progress,
    )


def lost(have: Parts) -> Lose:
    """Build what happens to a dead letter, by the step whose queue it comes from."""
    from fanfold.stages.early import Early
    from fanfold.stages.lost import Lose, LoseArrival, LoseAssembly, LoseNews, LosePage, LoseShard

    early = Early(have.store, have.objects)
    stages: dict[str, Callable[[str], None]] = {
        "intake": LoseArrival(have.identify, have.endings),
        "split": LoseShard(have.store, have.progress),
        "heavy": LosePage(have.store, have.clock, have.exclusive, have.progress, early),
        "assemble": LoseAssembly(have.store, have.endings),
        "notify": LoseNews(have.webhooks, have.clock),
    }
    return Lose(have.objects, stages)


def sweep(have: Parts) -> Sweep:
    """Build the sweep."""
    from fanfold.stages.backlog import SweepQueues
    from fanfold.stages.removal import Removal
    from fanfold.stages.sweep import Sweep

    steps = ("intake", "split", "page", "heavy", "assemble")
    return Sweep(
        store=have.store,
        objects=have.objects,
        queues=SweepQueues(**{step: have.queue(step) for step in steps}),
        clock=have.clock,
        progress=have.progress,
        endings=have.endings,
        removal=Removal(have.store, have.objects),
        secrets=have.secrets,
    )


def api(have: Parts) -> Api:
    """Build what the API's routes call."""
    from fanfold.stages.api import Api
    from fanfold.stages.documents import Documents
    from fanfold.stages.languages import Languages
    from fanfold.stages.quotas import Quotas
    from fanfold.stages.removal import Delete
    from fanfold.stages.rerun import Cancel, Retry
    from fanfold.stages.search import Search
    from fanfold.stages.submit import Submit
    from fanfold.stages.unlock import Unlock
    from fanfold.stages.webhooks import Webhooks

    languages = Languages(have.languages, have.objects)
    quotas = Quotas(have.store, have.ledger, have.clock, have.limits)
    return Api(
        documents=Documents(have.store, have.objects, have.clock),
        submit=Submit(
            have.store, have.objects, have.clock, have.limits, quotas, have.secrets, have.webhooks
        ),
        unlock=Unlock(
            have.store, have.secrets, have.queue("intake"), have.clock, have.objects.bucket
        ),
        retry=Retry(have.store, have.queue("split"), have.clock, languages, quotas),
        cancel=Cancel(have.store, have.clock, have.secrets),
        delete=Delete(have.store, have.clock),
        languages=languages,
        defaults=have.defaults,
        search=Search(have.store, have.objects, have.clock, have.index),
        tokens=tokens(have),
        webhooks=Webhooks(have.webhooks, have.secrets, have.clock, have.reach, have.private),
        sign_in=have.sign_in,
        signed=have.signed,
    )


def tokens(have: Parts) -> Tokens:
    """Build what knows tokens."""
    from fanfold.stages.tokens import Tokens

    return Tokens(have.tokens, have.clock)


def callers(have: Parts) -> Callers:
    """Build what knows who shows a token."""
    from fanfold.stages.tokens import Callers

    return Callers(tokens(have), have.issuer())


def notify(have: Parts) -> Notify:
    """Build the stage that tells webhooks."""
    from fanfold.stages.webhooks import Notify

    return Notify(have.webhooks, have.secrets, have.queue("notify"), have.poster(), have.clock)
