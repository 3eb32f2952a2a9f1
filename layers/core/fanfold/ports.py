"""What the stages need of the world, as Protocols.

Adapters live in ``aws``, ``disk`` and ``ocr``; one contract suite holds those of a port. They
raise ``Unavailable`` for what may heal and nothing else of their SDK's; "not there" is a value,
never an exception.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple, Protocol

from fanfold.access import Caller, Token
from fanfold.model import (
    Codes,
    Document,
    DoneMark,
    FailedMark,
    Mode,
    Options,
    Output,
    Page,
    Readers,
    Reason,
    Shard,
    Source,
    SourceFile,
    State,
)
from fanfold.search import Term
from fanfold.webhooks import Attempt, Webhook


class Clock(Protocol):
    """The time, so that tests can set it."""

    def now(self) -> int:
        """Return milliseconds since the epoch, UTC."""


class Posted(NamedTuple):
    """What came of sending: the answer's status, or why there was none."""

    status: int | None
    code: str = ""


@dataclass(frozen=True, slots=True)
class Opened:
    """What intake learnt by opening the file; ``selection`` as canonical ranges."""

    document_pages: int
    selection: str
    pages_total: int
    shards_total: int
    sha256: str
    media_type: str
    deadline: int
    damage: tuple[str, ...] = ()
    """Codes of what is broken in the document as a whole."""
    signed: bool = False
    active_content: tuple[str, ...] = ()
    unlocked: str = ""
    """The key of a copy that opens without the password that the file wants."""
    options: Options | None = None
    """What is asked for, where only the folder of a dropped file said so."""


@dataclass(frozen=True, slots=True)
class Ending:
    """How a document ends: what ``finish`` writes."""

    state: State
    pages_done: int
    pages_failed: int
    milliseconds: int
    results: tuple[Output, ...]
    reason: Reason | None = None
    damage: Mapping[str, int] = field(default_factory=dict)
    """How many pages have which damage."""
    concerns: Mapping[str, int] = field(default_factory=dict)
    """How many pages are in review for which reason."""
    watched: bool = False
    """Whether the sweep keeps an eye on it until it is buried: somebody is still to be told."""


@dataclass(frozen=True, slots=True)
class Listing:
    """One page of a listing, newest first; ``cursor`` continues it, None at the end."""

    documents: tuple[Document, ...]
    cursor: str | None


class DocumentStore(Protocol):
    """Documents and shards. Every write is conditional and idempotent.

    A write that its condition refuses returns False or None: somebody else was first, the
    document went on, or a higher ``run`` fences this writer. That is never an error.
    """

    def create(self, document: Document) -> bool:
        """Write a new document; False if the id is taken."""

    def get(self, document: str) -> Document | None:
        """Read a document as of now (strongly consistent)."""

    def list(self, tenant: str, *, state: State | None, cursor: str | None, limit: int) -> Listing:
        """List a tenant's documents, newest first; raise InvalidRequest for a bad cursor."""

    def pin(self, document: str, source: SourceFile, deadline: int) -> Document | None:
        """Pin the source of an UPLOADING document and make it QUEUED.

        So it is with an EXPIRED one: its upload did come, only the news of it was late. The first
        version wins: returns the document if this very version is the pinned one (by this call or
        an earlier one), None if another is, or if it is past QUEUED-able states.
        """

    def begin(self, document: str, run: int, opened: Opened) -> Document | None:
        """QUEUED → PROCESSING with what the file holds."""

    def unlock(self, document: str, run: int, deadline: int) -> Document | None:
        """FAILED for want of a password → QUEUED in the run after ``run``, with one that is kept.

        Returns the document where it is so, by this call or an earlier one; None otherwise.
        """

    def open_shard(self, shard: Shard) -> Shard | None:
        """Create the shard if absent; return it as it is now, whatever its run.

        None only where it was removed at this very moment.
        """

    def take_over(self, run: int, shard: Shard) -> Shard | None:
        """Replace the shard of run ``run`` by ``shard``, which is of a later one.

        Returns the shard as it is now, also where somebody else was first.
        """

    def shard(self, document: str, number: int) -> Shard | None:
        """Read one shard (eventually consistent is enough)."""

    def shards(
        self, document: Document, numbers: Collection[int] | None = None
    ) -> tuple[Shard, ...]:
        """Read all shards that exist, or those of ``numbers``, in order (strongly consistent)."""

    def mark_done(self, document: str, run: int, page: int, mark: DoneMark) -> Shard | None:
        """Mark a page as read, unless it failed before. Returns the shard as it is now."""

    def mark_failed(self, document: str, run: int, page: int, mark: FailedMark) -> Shard | None:
        """Mark a page as failed, unless it is done. Returns the shard as it is now.

        A page's first mark in a run is its last: a complete shard does not change any more, so
        all who fold it see the same.
        """

    def mark_heavy(self, document: str, run: int, page: int, moment: int) -> int | None:
        """Note that the heavy lane begins this page at ``moment``.

        Returns when it began first: another moment than this one where somebody else had begun
        the page before. None if fenced.
        """

    def mark_tried(self, document: str, run: int, page: int, attempt: int) -> int | None:
        """Note that delivery ``attempt`` begins this page in its own lane.

        Returns the delivery that was noted first; None if fenced.
        """

    def fanned(self, document: str, run: int, shard: int) -> Document | None:
        """Note that all pages of a shard are queued. Returns the document after it."""

    def shard_done(self, document: str, run: int, shard: int, deadline: int) -> Document | None:
        """Note that a shard is complete. Returns the document after it."""

    def ready(self, document: str, run: int, deadline: int) -> bool:
        """PROCESSING → ASSEMBLING if all shards are done; True for the one who did it."""

    def finish(self, document: str, run: int, ending: Ending) -> Document | None:
        """ASSEMBLING → SUCCEEDED, PARTIAL or FAILED."""

    def fail(self, document: Document, reason: Reason, *, watched: bool) -> Document | None:
        """End a live document as FAILED with a reason, unless it has gone on since it was read.

        ``watched``: it stays in the sweep's sight until it is buried.
        """

    def expire(self, document: str) -> bool:
        """UPLOADING → EXPIRED."""

    def rerun(
        self, document: str, run: int, options: Options, redo: str, deadline: int
    ) -> Document | None:
        """SUCCEEDED, PARTIAL or FAILED → PROCESSING in the run after ``run``.

        Returns the document after it, also where this very rerun had begun before and goes on.
        """

    def cancel(self, document: str) -> Document | None:
        """End a live document as CANCELLED and raise its run, which fences every late writer.

        Returns the document as it is now, whatever its state; None if there is none.
        """

    def delete(self, document: str, deadline: int) -> Document | None:
        """Make a document DELETED and raise its run, which fences every late writer.

        ``deadline`` is when the sweep removes what there is of it. Returns the document as
        it is now, also when it was DELETED already; None if there is none.
        """

    def purge(self, document: Document) -> None:
        """Remove the shards of a deleted document; its META stays for a while and expires."""

    def bury(self, document: Document) -> bool:
        """Take a document that has ended out of the sweep's sight; False where it was rerun."""

    def remember(self, document: Document, until: int) -> None:
        """Note that a document answers its content and options, until a moment."""

    def same(self, tenant: str, sha256: str, options: Options) -> Document | None:
        """Return the SUCCEEDED document that answers this content with these options."""

    def due(self, now: int, limit: int) -> Sequence[Document]:
        """List documents whose deadline has passed, the oldest deadline first.

        Live ones, and ended ones that are watched and not buried yet.
        """

    def resumed(
        self, document: Document, *, deadline: int, progress: int, sweeps: int, waits: int
    ) -> Document | None:
        """Note what a sweep found and move the deadline; None if another sweep was here first."""


class TokenStore(Protocol):
    """Tokens, by their digests. They are never removed: a list shows what was revoked, too."""

    def put(self, token: Token) -> None:
        """Write a new token."""

    def get(self, digest: str) -> Token | None:
        """Read a token as of now (strongly consistent)."""

    def all(self) -> Sequence[Token]:
        """Read every token, in no order."""

    def revoke(self, token: Token, moment: int) -> Token:
        """Note that a token is revoked, if it is not; return it as it is now."""

    def used(self, token: Token, moment: int) -> None:
        """Note that a token was shown; what is noted of its revocation stays."""


class TokenIssuer(Protocol):
    """Somebody else who says who is calling."""

    def caller(self, text: str) -> Caller | None:
        """Return who shows this text as one of the issuer's tokens, None where it is none."""


class WebhookStore(Protocol):
    """Webhooks of tenants, and the log of what was sent to them."""

    def put(self, webhook: Webhook) -> None:
        """Write a webhook, in the place of one with its id."""

    def get(self, tenant: str, webhook: str) -> Webhook | None:
        """Read a webhook as of now."""

    def of(self, tenant: str) -> Sequence[Webhook]:
        """Read a tenant's webhooks, in no order."""

    def remove(self, webhook: Webhook) -> None:
        """Remove a webhook; it is no error where it is gone."""

    def note(
        self, webhook: Webhook, *, failing_since: int | None, off_at: int | None, off_reason: str
    ) -> None:
        """Note how a webhook fares, unless it is gone."""

    def log(self, webhook: str, attempt: Attempt) -> None:
        """Write a try to deliver something; it is known for a week."""

    def attempts(self, webhook: str, limit: int) -> Sequence[Attempt]:
        """Read the last tries, the newest first."""


class Poster(Protocol):
    """Sends events to addresses that somebody gave."""

    def post(self, url: str, headers: Mapping[str, str], body: bytes) -> Posted:
        """Send; never raises for what the other side does."""


class Ledger(Protocol):
    """What tenants have had of a day."""

    def charge(self, tenant: str, day: str, size: int, limit: int) -> bool:
        """Add bytes to a tenant's ``day`` (2025-01-31), all or, beyond the limit, none.

        False if none: also of many at once no more are let in than the limit holds.
        """


@dataclass(frozen=True, slots=True)
class ObjectInfo:
    """An object's key, size in bytes and version (None where the bucket keeps none)."""

    key: str
    size: int
    version: str | None


@dataclass(frozen=True, slots=True)
class UploadForm:
    """A presigned POST: send ``fields`` and then the file as multipart/form-data to ``url``."""

    url: str
    fields: Mapping[str, str]
    expires_at: int


class ObjectStore(Protocol):
    """Objects by key, whichever bucket they lie in (``keys.DERIVED``)."""

    @property
    def bucket(self) -> str:
        """The name of the bucket of originals."""

    def put(self, key: str, data: bytes, media_type: str, *, owner: str = "") -> ObjectInfo:
        """Write an object; ``owner`` is the document that it is written for."""

    def put_file(self, key: str, path: Path, media_type: str) -> None:
        """Write an object from a file, whatever its size."""

    def put_new(self, key: str, data: bytes, media_type: str) -> bool:
        """Write an object if there is none (``If-None-Match: *``); False if there is."""

    def put_files(self, files: Mapping[str, Path], media_type: str) -> None:
        """Write many small objects from files, several at a time."""

    def get(self, key: str) -> bytes | None:
        """Read a small object whole; None if it is not there."""

    def get_many(self, keys: Iterable[str]) -> Iterator[bytes | None]:
        """Read small objects in the order of ``keys``, several ahead."""

    def download(self, key: str, version: str | None, path: Path) -> bool:
        """Write an object's bytes to ``path``; False if it is not there."""

    def copy(
        self, key: str, target: str, media_type: str, *, version: str | None = None, owner: str = ""
    ) -> bool:
        """Copy an object, or one version of it; False if it is not there."""

    def list_keys(self, prefix: str) -> Iterator[str]:
        """Yield the keys below ``prefix``, in order."""

    def delete(self, key: str, version: str | None = None) -> None:
        """Remove one version of an object, or all of them; one that is not there is no error."""

    def hide(self, key: str) -> None:
        """Take an object out of sight, if it is there; where versions are kept, they stay."""

    def delete_owned(self, key: str, owner: str) -> None:
        """Remove the versions of an object that were written for ``owner``."""

    def delete_prefix(self, prefix: str) -> int:
        """Remove everything below ``prefix`` with all versions; return how many objects."""

    def link(self, key: str, file_name: str, media_type: str, seconds: int) -> str:
        """Return a presigned link that downloads the object under ``file_name``."""

    def upload_form(self, key: str, max_bytes: int, seconds: int) -> UploadForm:
        """Return a presigned POST for exactly this key and at most ``max_bytes``."""

    def origins(self) -> tuple[str, ...]:
        """Return where links and forms lead: scheme and host; nothing where that is the API's."""


class Secrets(Protocol):
    """Short texts, encrypted where they lie, by the keys of objects."""

    def put(self, key: str, secret: str) -> None:
        """Keep a secret, in the place of one kept before."""

    def get(self, key: str) -> str | None:
        """Return what is kept; None if nothing is, or nobody can decrypt it any more."""

    def forget(self, key: str) -> None:
        """Keep nothing; it is no error where nothing is kept."""


class Queue(Protocol):
    """One queue."""

    def send(self, bodies: Iterable[str], *, group: str, delay: int = 0) -> None:
        """Send every body; raise Unavailable if some could not be sent after retries.

        They are received after ``delay`` seconds, 900 at most. Bodies that were sent before such a
        failure stay sent: receivers are idempotent. ``group`` is whose turn they count to
        (``messages.group_of``, ``MessageGroupId`` of a standard queue).
        """

    def waiting(self) -> int:
        """Return about how many messages wait to be received."""


@dataclass(frozen=True, slots=True)
class Found:
    """A page that has what was looked for: some of its text, and where in that it stands.

    ``matches`` are from and to, in characters of ``text``.
    """

    document: str
    page: int
    text: str
    matches: tuple[tuple[int, int], ...]


class Index(Protocol):
    """Knows the words of all documents that have ended. Every method may raise Unavailable."""

    def find(self, tenant: str, wanted: Sequence[Term]) -> Sequence[Found]:
        """Return the pages of a tenant's documents that have all of a query, the best first."""

    def behind(self) -> int:
        """Return of how many documents the words are not known yet."""


@dataclass(frozen=True, slots=True)
class Stores:
    """Where documents, objects and messages are kept; ``queue`` is the one in front of a step."""

    documents: DocumentStore
    objects: ObjectStore
    queue: Callable[[str], Queue]
    tokens: TokenStore
    ledger: Ledger
    secrets: Secrets
    webhooks: WebhookStore
    index: Index | None = None
    """Of the words of all documents, where there is one."""


@dataclass(frozen=True, slots=True)
class Probe:
    """What a file is: its media type, how many pages (or frames) it has, and its damage's codes.

    ``signed``: somebody put a digital signature to it. ``active_content``: codes of what it does by
    itself in a viewer, or brings along.
    """

    media_type: str
    pages: int
    damage: tuple[str, ...] = ()
    signed: bool = False
    active_content: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Cut:
    """One page cut out of a document: a one-page PDF, or the code of why there is none."""

    page: int
    path: Path | None
    error: str | None = None


class Meter(Protocol):
    """Counts what happened, for graphs and alarms: codes, sources and states, nothing else."""

    def page_done(self, source: Source, milliseconds: int) -> None:
        """Count a page that was read, and how long that took."""

    def page_failed(self, code: str) -> None:
        """Count a page that could not be read."""

    def ended(self, state: State, reason: Reason | None = None) -> None:
        """Count a document that came to its end."""

    def resumed(self, state: State) -> None:
        """Count a document that stood still and was taken up again."""


class DocumentTool(Protocol):
    """Opens documents. All parsing happens in a child with limits.

    Raises DocumentError subclasses for what is wrong with the document.
    """

    def probe(self, source: Path) -> Probe:
        """Identify a file by its content and count its pages."""

    def unlock(self, source: Path, password: str, target: Path) -> tuple[str, ...]:
        """Write a copy that opens without a password; raise PasswordRequired where it is wrong.

        Returns the codes of what is broken in the original: the copy is mended.
        """

    def cut(self, source: Path, media_type: str, pages: Sequence[int], folder: Path) -> list[Cut]:
        """Cut ``pages`` (counted from 1) into one-page PDFs in ``folder``; images are wrapped."""

    def graft(
        self,
        base: Path | Sequence[Path],
        layers: Mapping[int, Path],
        target: Path,
        spent: float = 0.0,
        *,
        mend: bool = False,
    ) -> list[int]:
        """Write a searchable PDF: the pages of ``base`` with ``layers`` grafted on.

        ``base`` is the original PDF, or one-page PDFs to be joined (image documents). ``layers``
        maps a page's index in ``base`` (from 1) to its text-only PDF, which shows the page as
        displayed (crop box, after /Rotate). Pages without a layer stay untouched. ``spent`` are
        seconds of its time that wrapping ``base`` took already. ``mend``: what does not decode to
        its end is written as far as it does. Returns the pages whose layer
        could not be used.
        """


@dataclass(frozen=True, slots=True)
class ReadRequest:
    """How to read one page: ``languages`` joined by ``+``, or AUTO_LANGUAGES.

    ``number`` as in the document.
    """

    number: int
    languages: str
    mode: Mode
    codes: Codes = Codes.AUTO
    packs: tuple[str, ...] = ()
    """Languages that could be fetched; ``auto`` chooses among them and those that are here."""
    spent: float = 0.0
    """Seconds of the page's time that are gone: for answers that wanted a language first."""
    picture: bool = False
    """Whether a small picture of it is wanted, too."""
    engine: Readers = Readers.TESSERACT
    given: Path | None = None
    """What the ordinary lane has left of its reading, for the heavy lane to go on with."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """A language that has to be fetched before the page can be read.

    ``spent``: seconds of the page's time that it took to find out, all told.
    """

    language: str
    spent: float = 0.0


@dataclass(frozen=True, slots=True)
class PageRead:
    """A page that was read, and its invisible text layer (None for native and blank pages).

    ``picture`` is a small JPEG of the page as displayed, if one was wanted and could be drawn.
    ``left`` is there where the heavy lane can read it better: what that lane goes on with.
    """

    page: Page
    layer: Path | None
    picture: Path | None = None
    left: Path | None = None


class PageReader(Protocol):
    """Reads one page. Raises PageError subclasses for what is wrong with the page."""

    def missing(self, languages: str) -> tuple[str, ...]:
        """Return those of ``languages`` (joined by ``+``) that there is no data for here."""

    def install(self, language: str, pack: Path) -> None:
        """Take over the data of a language; the file at ``pack`` is moved away."""

    def read(self, source: Path, request: ReadRequest, folder: Path) -> PageRead | Wanted:
        """Read the one-page PDF ``source``; ``folder`` is empty and for this page alone.

        Wanted is only what ``missing`` names, and among the request's ``packs``.
        """
