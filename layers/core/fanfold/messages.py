"""Queue bodies and the model: small JSON, version first.

Consumers accept the current version and the one before it; anything else raises BadMessage and
ends in the dead-letter queue. While a release moves in, old code reads what new code writes: so a
new version is read by one release (``_ACCEPTED``) before it is written by the next (``VERSION``).
No file names, no user text, no secrets: S3's own event is the one message that carries a key,
because S3 writes it.
"""

from __future__ import annotations

import json
import re
import zlib
from dataclasses import asdict, dataclass
from typing import Any, NamedTuple, TypeVar

from fanfold import keys
from fanfold.access import TENANT
from fanfold.errors import BadMessage
from fanfold.model import Document
from fanfold.webhooks import News

VERSION = 1
_ACCEPTED = (1,)
_ID = re.compile(r"[0-9a-f]{32}")
_NEWS_WORDS = ("tenant", "document", "state", "webhook", "code")
_TENANT_SHARES = 16
"""Maximum of documents of a named tenant that have their turn beside others' documents."""


@dataclass(frozen=True, slots=True)
class SplitMessage:
    """Cut and queue one shard."""

    document: str
    run: int
    shard: int


@dataclass(frozen=True, slots=True)
class PageMessage:
    """Read one page."""

    document: str
    run: int
    page: int


@dataclass(frozen=True, slots=True)
class AssembleMessage:
    """Fold one document; or, of a long one, the pages of one part."""

    document: str
    run: int
    part: int | None = None


@dataclass(frozen=True, slots=True)
class NotifyMessage:
    """Tell a tenant's webhooks of news; or, of one webhook, try to, for the so-and-so-many-th time.

    ``due``: not before that moment, in milliseconds since the epoch.
    """

    news: News
    webhook: str = ""
    number: int = 1
    due: int = 0


Message = SplitMessage | PageMessage | AssembleMessage
M = TypeVar("M", SplitMessage, PageMessage, AssembleMessage)


class ObjectCreated(NamedTuple):
    """An S3 object's arrival, as EventBridge tells it. ``version`` None in unversioned buckets."""

    bucket: str
    key: str
    version: str | None
    size: int


def encode(message: Message) -> str:
    """Write a message as its queue body."""
    said = {name: value for name, value in asdict(message).items() if value is not None}
    return json.dumps({"v": VERSION, **said}, separators=(",", ":"))


def group_of(document: Document) -> str:
    """Return the share of a queue that a document's messages count to: its ``MessageGroupId``.

    While there is one tenant every document has a share of its own, so that one of 10,000 pages
    does not hold up one of a single page. A named tenant's documents are spread over a few: who
    sends ten thousand of them holds up nobody else's.
    """
    if document.tenant == TENANT:
        return document.id
    return f"{document.tenant}.{zlib.crc32(document.id.encode()) % _TENANT_SHARES}"


def decode(kind: type[M], body: str) -> M:
    """Read a queue body as ``kind``; raise BadMessage for anything else."""
    data = _mapping(body)
    if data.pop("v", None) not in _ACCEPTED:
        raise BadMessage("The message has a version that is not understood here.")
    try:
        message = kind(**data)
    except TypeError as error:
        raise BadMessage(f"The message is not a {kind.__name__}.") from error
    numbers = [value for name, value in data.items() if name != "document"]
    if not isinstance(message.document, str) or not all(_positive(value) for value in numbers):
        raise BadMessage(f"The message is not a {kind.__name__}.")
    return message


def encode_news(message: NotifyMessage) -> str:
    """Write such a message as its queue body."""
    news = {name: value for name, value in asdict(message.news).items() if value is not None}
    said = {"webhook": message.webhook, "number": message.number, "due": message.due}
    return json.dumps({"v": VERSION, **said, **news}, separators=(",", ":"))


def decode_news(body: str) -> NotifyMessage:
    """Read a queue body as one; raise BadMessage for anything else."""
    data = _mapping(body)
    if data.pop("v", None) not in _ACCEPTED:
        raise BadMessage("The message has a version that is not understood here.")
    words = [data.get(name) for name in ("tenant", "document", "state", "webhook")]
    numbers = [value for name, value in data.items() if name not in _NEWS_WORDS]
    try:
        rest = {name: data.pop(name) for name in ("webhook", "number", "due")}
        message = NotifyMessage(News(**data), **rest)
    except (KeyError, TypeError) as error:
        raise BadMessage("The message is no news.") from error
    texts = all(isinstance(one, str) for one in (*words, message.news.code))
    if not texts or not all(_positive(value) for value in numbers):
        raise BadMessage("The message is no news.")
    return message


def object_created(body: str) -> ObjectCreated | None:
    """Read an EventBridge “Object Created” event; None for S3's test event and other news.

    EventBridge delivers the key as it is, not percent-encoded (unlike S3's direct notifications).
    """
    event = _mapping(body)
    if event.get("Event") == "s3:TestEvent" or event.get("detail-type") != "Object Created":
        return None
    try:
        bucket, thing = event["detail"]["bucket"]["name"], event["detail"]["object"]
        return ObjectCreated(bucket, thing["key"], thing.get("version-id"), int(thing["size"]))
    except (KeyError, TypeError, ValueError) as error:
        raise BadMessage("The event names no object.") from error


def encode_arrival(event: ObjectCreated) -> str:
    """Write an arrival as EventBridge would, so that an arrival that got lost can be repeated."""
    thing = {"key": event.key, "version-id": event.version, "size": event.size}
    return json.dumps(
        {
            "detail-type": "Object Created",
            "source": "fanfold",
            "detail": {"bucket": {"name": event.bucket}, "object": thing},
        }
    )


def subject(body: str) -> dict[str, str | int]:
    """Return what a body is about, for log lines: ids and numbers, and nothing of other shape.

    ``document_id``, ``run``, ``shard``, ``page`` and ``part``, as far as they are in it; of an
    arrival the id of the document that its key leads to. Never raises.
    """
    try:
        data = _mapping(body)
        arrival = object_created(body) if "detail" in data else None
    except BadMessage:
        return {}
    if arrival:
        data = {"document": _arriving(arrival)}
    known = ("run", "shard", "page", "part")
    numbers = {name: data[name] for name in known if _positive(data.get(name))}
    named = isinstance(data.get("document"), str) and _ID.fullmatch(data["document"])
    return {"document_id": data["document"], **numbers} if named else numbers


def _arriving(event: ObjectCreated) -> str:
    upload = keys.parse_upload(event.key)
    return upload.document if upload else keys.inbox_document(event.key, event.version)


def _mapping(body: str) -> dict[str, Any]:
    try:
        data = json.loads(body)
    except ValueError as error:
        raise BadMessage("The message is not JSON.") from error
    if not isinstance(data, dict):
        raise BadMessage("The message is not a JSON object.")
    return data


def _positive(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0
