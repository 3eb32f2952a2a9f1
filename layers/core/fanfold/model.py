"""What a document, a page and a word are.

Frozen values, standard library only. Boxes are in **points** (1/72 inch) of the page as it is
displayed (crop box, after /Rotate), origin at the **top left**, y downwards. Confidences run from
0 to 100. Points in time are integer **milliseconds since the epoch** (UTC).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

FAILED_PAGES = "failed"
"""What ``Document.redo`` says where every page is read anew that failed."""

NOT_LANGUAGES = frozenset({"osd", "equ", "snum"})
"""Data of tesseract's that is no language: of how pages lie, of formulas, of numbers."""
AUTO_LANGUAGES = "auto"
"""What ``Options.languages`` says where each page's language is to be found out."""

SHARD_PAGES = 100
"""Pages per shard: 100 marks of some 25 bytes keep a shard item, and so a mark's cost, ≤ 3 KB."""

PART_PAGES = 1_000
"""Pages of a part of a long document; documents of no more are folded in one go."""


def shard_of(page: int) -> int:
    """Return the number of the shard that holds ``page`` (pages from 1, shards from 0)."""
    return (page - 1) // SHARD_PAGES


class State(StrEnum):
    """The states of a document; docs/architecture.md draws the arrows."""

    UPLOADING = "UPLOADING"
    QUEUED = "QUEUED"
    PROCESSING = "PROCESSING"
    ASSEMBLING = "ASSEMBLING"
    SUCCEEDED = "SUCCEEDED"
    PARTIAL = "PARTIAL"
    FAILED = "FAILED"
    CANCELLED = "CANCELLED"
    DELETED = "DELETED"
    EXPIRED = "EXPIRED"

    @property
    def live(self) -> bool:
        """Whether something is still going to happen by itself."""
        return self in _LIVE

    @property
    def finished(self) -> bool:
        """Whether a run came to its own end: its owner is told, and a retry may follow."""
        return self in _FINISHED


_LIVE = frozenset({State.UPLOADING, State.QUEUED, State.PROCESSING, State.ASSEMBLING})
_FINISHED = frozenset({State.SUCCEEDED, State.PARTIAL, State.FAILED})


class PageState(StrEnum):
    """The states of one page."""

    WAITING = "waiting"
    DONE = "done"
    FAILED = "failed"
    SKIPPED = "skipped"
    """The document ended before the page was read."""


class Mode(StrEnum):
    """Whether pages are read from their text layer, by recognition, or as judged per page."""

    AUTO = "auto"
    NATIVE = "native"
    OCR = "ocr"


class Readers(StrEnum):
    """Who recognises pictures: both by a rule for each page, tesseract, or the neural reader.

    The neural one reads no page whose script it does not know, and none where it is not installed.
    """

    AUTO = "auto"
    TESSERACT = "tesseract"
    NEURAL = "neural"


class Codes(StrEnum):
    """Whether barcodes and QR codes are looked for: where a quick look finds any, surely, never."""

    AUTO = "auto"
    ON = "on"
    OFF = "off"


class Source(StrEnum):
    """Where a page's words come from."""

    NATIVE = "native"
    OCR = "ocr"
    MIXED = "mixed"
    BLANK = "blank"


class Output(StrEnum):
    """The result formats; the value is what ``?format=`` and ``--format`` take."""

    TEXT = "txt"
    MARKDOWN = "md"
    JSON = "json"
    PDF = "pdf"
    HOCR = "hocr"
    ALTO = "alto"
    TSV = "tsv"
    TEXTRACT = "textract"
    CSV = "csv"
    XLSX = "xlsx"
    CHUNKS = "chunks"
    ZIP = "zip"


USUAL_OUTPUTS = (Output.TEXT, Output.MARKDOWN, Output.JSON, Output.PDF)
"""What is made where nobody asks for anything: each further file costs an S3 request."""


MEGABYTE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Limits:
    """What a document may be. Bytes, pages and pixels; said to the sender when exceeded."""

    document_bytes: int = 500 * MEGABYTE
    document_pages: int = 50_000
    image_pixels: int = 200_000_000
    body_bytes: int = 4_500_000
    """What fits through the HTTP API directly: Lambda takes 6 MB after base64."""
    tenant_day_bytes: int = 0
    """Maximum of bytes that a tenant sends in a day, 0 for any number."""
    tenant_pages: int = 0
    """How many pages of a tenant may be under way before it has to wait, 0 for any number."""


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a document or a page failed, for people and for programs."""

    code: str
    message: str
    retryable: bool = False
    hint: str | None = None


@dataclass(frozen=True, slots=True)
class Options:
    """What the sender asked for.

    ``languages`` as tesseract names them joined by ``+`` (``eng+deu``), or
    AUTO_LANGUAGES; ``pages`` as written by the sender (``1-3,7,10-end``), empty for all.
    """

    languages: str = "eng"
    pages: str = ""
    mode: Mode = Mode.AUTO
    outputs: tuple[Output, ...] = USUAL_OUTPUTS
    codes: Codes = Codes.AUTO
    unseen: bool = False
    """Whether pages say which words of their text layer nobody can see."""
    pictures: bool = False
    """Whether a small picture of each page is made, for people to look at."""
    engine: Readers = Readers.AUTO


@dataclass(frozen=True, slots=True)
class SourceFile:
    """The pinned original: one version of one object."""

    key: str
    version: str | None
    size: int
    sha256: str = ""
    media_type: str = ""
    unlocked: str = ""
    """The key of a copy that opens without a password; empty where the original does."""

    @property
    def readable(self) -> tuple[str, str | None]:
        """Key and version of what pages are cut from."""
        return (self.unlocked, None) if self.unlocked else (self.key, self.version)


class Told(StrEnum):
    """Of what a document's webhooks are told."""

    NOTHING = ""
    END = "end"
    PAGES = "pages"
    """Of the end of each page, and of its own."""


@dataclass(frozen=True, slots=True)
class Document:
    """One document: what its META item says."""

    id: str
    tenant: str
    state: State
    name: str
    created_at: int
    updated_at: int
    run: int = 1
    options: Options = field(default_factory=Options)
    source: SourceFile | None = None
    document_pages: int = 0
    """Pages in the file; ``pages_total`` of them are read."""
    pages_total: int = 0
    selection: str = ""
    """The pages to read as canonical ranges (``1-3,7``), empty until the file was opened."""
    shards_total: int = 0
    fanned: frozenset[int] = frozenset()
    """Shards whose pages are all queued."""
    shards_done: frozenset[int] = frozenset()
    deadline: int | None = None
    """When the sweep looks at this document; absent in terminal states."""
    sweeps: int = 0
    """How often the sweep resumed it without progress since."""
    progress: int = 0
    """Pages done or failed when the sweep last looked."""
    waits: int = 0
    """How often the sweep has found it in line behind others since."""
    reason: Reason | None = None
    pages_done: int = 0
    pages_failed: int = 0
    """Both counts are final only in a terminal state; before that the shards know."""
    milliseconds: int = 0
    """Work time summed over the pages, set when the document ends."""
    results: tuple[Output, ...] = ()
    results_run: int = 0
    """The run whose results are handed out: an earlier one until a rerun has made its own."""
    redo: str = ""
    """What this run reads anew: ranges of pages, FAILED_PAGES, or empty in a first run."""
    ended_at: int | None = None
    damage: Mapping[str, int] = field(default_factory=dict, hash=False)
    """What is broken in the file: how many pages by code, once the document has ended."""
    concerns: Mapping[str, int] = field(default_factory=dict, hash=False)
    """Why pages are in review: how many by code, once the document has ended."""
    signed: bool = False
    """Whether the file has a digital signature."""
    active_content: tuple[str, ...] = ()
    """Codes of what the file does by itself in a viewer, or brings along."""
    password: bool = False
    """Whether its sender's password is kept: until the file has been opened, or could not be."""
    kept_until: int | None = None
    """When it and its results are forgotten; None while it is live, and where nothing is."""
    told: Told = Told.NOTHING
    """Of what its tenant's webhooks are told, as they were when it came."""

    def forgotten(self, now: int) -> bool:
        """Whether its time is over, also while it is still there."""
        return self.kept_until is not None and self.kept_until <= now

    def answers(self, tenant: str, sha256: str, options: Options) -> bool:
        """Whether all of this content has been read with these options for this tenant.

        After a rerun pages may have been read with different options.
        """
        source, first_run = self.source, not self.redo
        same = self.tenant == tenant and source is not None and source.sha256 == sha256
        return self.state is State.SUCCEEDED and first_run and same and self.options == options


class Concern(StrEnum):
    """Why somebody should look at a page."""

    DOUBTFUL = "doubtful"
    """One word in ten may be wrong."""
    UNREAD = "unread"
    """There are letters that could not be read."""
    WORDLESS = "wordless"
    """Something is on it and no word was found."""
    UNDRAWN = "undrawn"
    """Its text has letters that could not be drawn, so nobody knows whether it shows them."""
    ELSEWHERE = "elsewhere"
    """The document's content is not on it: in attached files, or drawn by one program alone."""


@dataclass(frozen=True, slots=True)
class DoneMark:
    """A page's mark when it was read. ``run`` names the folder that holds its result."""

    run: int
    source: Source
    confidence: int
    milliseconds: int
    review: bool = False
    """Whether somebody should look at the page: its result says why."""
    concerns: tuple[str, ...] = ()
    """The same as codes: those of ``Concern``, and what a newer worker may add."""
    languages: str = ""
    """Which language was found out; empty where none was, or where it was given."""
    unseen: bool = False
    """Whether its text layer has words that nobody can see: a searchable PDF still holds them."""
    damage: tuple[str, ...] = ()
    """Codes of what is broken on the page."""


@dataclass(frozen=True, slots=True)
class FailedMark:
    """A page's mark when it could not be read."""

    code: str
    attempt: int


@dataclass(frozen=True, slots=True)
class Shard:
    """Up to 100 pages of a document and what is known of each.

    ``pages`` are page numbers in the file, counted from 1. ``heavy`` holds when the heavy lane
    began which page in this run (milliseconds since the epoch), ``tried`` which delivery it was
    that began a page in the lane before that, where it was not one of the first two.
    """

    document: str
    number: int
    run: int
    pages: tuple[int, ...]
    done: Mapping[int, DoneMark] = field(default_factory=dict)
    failed: Mapping[int, FailedMark] = field(default_factory=dict)
    heavy: Mapping[int, int] = field(default_factory=dict)
    tried: Mapping[int, int] = field(default_factory=dict)

    @property
    def complete(self) -> bool:
        """Whether every page is done or has failed."""
        return all(page in self.done or page in self.failed for page in self.pages)

    @property
    def waiting(self) -> tuple[int, ...]:
        """The pages without a mark."""
        return tuple(p for p in self.pages if p not in self.done and p not in self.failed)


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle in points, origin at the top left of the displayed page."""

    x0: float
    y0: float
    x1: float
    y1: float

    @classmethod
    def around(cls, boxes: Iterable[Box]) -> Box:
        """Return the smallest box that holds all ``boxes``; raise ValueError for none."""
        edges = [(box.x0, box.y0, box.x1, box.y1) for box in boxes]
        x0, y0, x1, y1 = zip(*edges, strict=True)
        return cls(min(x0), min(y0), max(x1), max(y1))

    @property
    def width(self) -> float:
        """How far it reaches across."""
        return self.x1 - self.x0

    @property
    def height(self) -> float:
        """How far it reaches down."""
        return self.y1 - self.y0

    @property
    def middle_x(self) -> float:
        """The place across that is as far from the left edge as from the right one."""
        return (self.x0 + self.x1) / 2

    @property
    def middle_y(self) -> float:
        """The place down that is as far from the upper edge as from the lower one."""
        return (self.y0 + self.y1) / 2

    def scaled(self, factor: float) -> Box:
        """Return the box with all of its edges multiplied by ``factor``."""
        return Box(self.x0 * factor, self.y0 * factor, self.x1 * factor, self.y1 * factor)

    def grown(self, margin: float) -> Box:
        """Return the box with each edge moved outwards by ``margin``."""
        return Box(self.x0 - margin, self.y0 - margin, self.x1 + margin, self.y1 + margin)

    def common_width(self, other: Box) -> float:
        """Return how much of the width both share; below 0 the gap between them."""
        return min(self.x1, other.x1) - max(self.x0, other.x0)

    def common_height(self, other: Box) -> float:
        """Return how much of the height both share; below 0 the gap between them."""
        return min(self.y1, other.y1) - max(self.y0, other.y0)

    def level(self, other: Box) -> bool:
        """Whether both stand on one line: they share more than half of the lower one's height."""
        return self.common_height(other) > min(self.height, other.height) / 2

    def across(self, other: Box) -> bool:
        """Whether one stands above the other, or they overlap: they share places across."""
        return self.x0 < other.x1 and other.x0 < self.x1

    def inside(self, place: Box) -> bool:
        """Whether the middle of the box lies in ``place``, on its edges included."""
        x, y = self.middle_x, self.middle_y
        return place.x0 <= x <= place.x1 and place.y0 <= y <= place.y1


@dataclass(frozen=True, slots=True)
class Word:
    """One word. Native words have confidence 100.

    ``glyphs`` is what a text layer has for it where that is not ``text``: ligatures and soft
    hyphens are spelled out there. ``sure`` says whether two readers are at one about a word: None
    where only one of them has read the page. ``alternative`` is what the other one has for it
    where they are not: for the first of several words, if it has cut them otherwise.
    """

    text: str
    box: Box
    confidence: float
    glyphs: str = ""
    sure: bool | None = None
    alternative: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """Words that stand on one line, in reading order."""

    words: tuple[Word, ...]
    box: Box

    @property
    def text(self) -> str:
        """The line's words with single spaces between them."""
        return " ".join(word.text for word in self.words)

    @property
    def confidence(self) -> float:
        """The mean confidence of the words."""
        return sum(word.confidence for word in self.words) / max(1, len(self.words))


class BlockKind(StrEnum):
    """What a block is, as far as sizes, places and first signs tell."""

    PARAGRAPH = "paragraph"
    HEADING = "heading"
    LIST_ITEM = "list_item"


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a table: its place, counted from 0, how many rows and columns it spans, its text.

    Lines of the text end with a newline but for the last.
    """

    row: int
    column: int
    box: Box
    text: str = ""
    row_span: int = 1
    column_span: int = 1


@dataclass(frozen=True, slots=True)
class Table:
    """A grid of ``rows`` × ``columns`` that rules, or strips left free, make; cells row by row.

    Each place of the grid belongs to one cell; cells without words are there, too. ``head`` is how
    many rows at the top name the columns, 0 where nothing tells that any do.
    """

    rows: int
    columns: int
    cells: tuple[Cell, ...]
    head: int = 0


@dataclass(frozen=True, slots=True)
class Block:
    """Lines that belong together; or a table, whose lines run across its cells.

    ``level`` is 1 to 3 for headings, from the largest down, and the depth of list items, from 1;
    0 for paragraphs.
    """

    lines: tuple[Line, ...]
    box: Box
    table: Table | None = None
    kind: BlockKind = BlockKind.PARAGRAPH
    level: int = 0


@dataclass(frozen=True, slots=True)
class Code:
    """A barcode or QR code: ``format`` by its usual name, what it says, and where.

    ``data`` holds the bytes of a code that is no text; then ``text`` is empty. What codes say
    comes from strangers: nothing here follows it.
    """

    format: str
    text: str
    box: Box
    data: bytes = b""


class Why(StrEnum):
    """Why a word of a text layer cannot be seen on its page."""

    WHITE = "white"
    INVISIBLE = "invisible"
    """Drawn in no colour, or in one that lets everything through."""
    COVERED = "covered"
    CLIPPED = "clipped"
    TINY = "tiny"
    OUTSIDE = "outside"


@dataclass(frozen=True, slots=True)
class Unseen:
    """A word that the file has and the page does not show."""

    text: str
    box: Box
    why: Why


@dataclass(frozen=True, slots=True)
class Damage:
    """Something of a page that is broken in the file: a stable code, and a sentence."""

    code: str
    message: str


@dataclass(frozen=True, slots=True)
class Page:
    """The truth about one page; every format is derived from it.

    ``width`` and ``height`` in points as displayed; ``rotation`` the page's own /Rotate (0, 90,
    180, 270); ``orientation`` (0, 90, 180, 270) and ``skew`` are degrees clockwise by which the
    page as displayed had to be turned for its lines to stand upright and straight; ``dpi`` the
    resolution the recogniser saw (0 for native pages); ``timings`` in milliseconds by step;
    ``reason`` why ``source`` was chosen; ``review`` why somebody should look at the page, empty
    where nothing speaks for it, ``concerns`` the same for programs; ``unread`` places with letters
    that nobody could read. ``layer_text`` is what a legible text layer says that was not taken
    for the page, line by line: the page shows something else. ``unseen`` are words of a layer that
    was taken which nobody can see; they are no words of the page. ``damage`` says what of the page
    is broken in the file. ``readers`` are those who recognised it where it was more than one.
    """

    number: int
    width: float
    height: float
    source: Source
    reason: str
    blocks: tuple[Block, ...] = ()
    codes: tuple[Code, ...] = ()
    rotation: int = 0
    orientation: int = 0
    skew: float = 0.0
    dpi: int = 0
    languages: str = ""
    readers: tuple[Readers, ...] = ()
    review: str = ""
    concerns: tuple[Concern, ...] = ()
    unread: tuple[Box, ...] = ()
    layer_text: str = ""
    unseen: tuple[Unseen, ...] = ()
    damage: tuple[Damage, ...] = ()
    timings: Mapping[str, int] = field(default_factory=dict)

    @property
    def words(self) -> tuple[Word, ...]:
        """All words in reading order."""
        return tuple(w for block in self.blocks for line in block.lines for w in line.words)

    @property
    def confidence(self) -> int:
        """The mean confidence of the words, 0 to 100; 100 where there are none."""
        words = self.words
        return round(sum(w.confidence for w in words) / len(words)) if words else 100
