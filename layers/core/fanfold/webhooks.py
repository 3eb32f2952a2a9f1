"""Webhooks: who is told of ends, with what, and how a receiver knows that it is true.

The headers and the signature are those of the Standard Webhooks (standardwebhooks.com).
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

SECRET_PREFIX = "whsec_"
"""By this a secret is known for one where it does not belong."""
_SECRET_BYTES = 32
"""Of 24 to 64 that the standard has."""


class Event(StrEnum):
    """What a webhook may be told of."""

    DOCUMENT_ENDED = "document.ended"
    PAGE_ENDED = "page.ended"


@dataclass(frozen=True, slots=True)
class Webhook:
    """One receiver of a tenant's events. Moments are milliseconds since the epoch."""

    id: str
    tenant: str
    url: str
    events: tuple[Event, ...]
    name: str
    created_at: int
    failing_since: int | None = None
    """When it stopped answering; None where the last delivery arrived."""
    off_at: int | None = None
    """Since when nothing is sent any more."""
    off_reason: str = ""


@dataclass(frozen=True, slots=True)
class News:
    """What happened: a document of a tenant has ended, or one of its pages."""

    tenant: str
    document: str
    run: int
    at: int
    """When, in milliseconds since the epoch."""
    state: str
    page: int | None = None
    code: str = ""
    """Why it failed."""
    total: int = 0
    done: int = 0
    failed: int = 0
    """Pages, of a document."""

    @property
    def event(self) -> Event:
        """What kind of news it is."""
        return Event.DOCUMENT_ENDED if self.page is None else Event.PAGE_ENDED


@dataclass(frozen=True, slots=True)
class Attempt:
    """One try to deliver something, as the log has it."""

    moment: int
    event_id: str
    event: Event
    document: str
    run: int
    number: int
    """Which try it was, from 1."""
    page: int | None = None
    status: int | None = None
    """What the receiver answered; None where it did not."""
    code: str = ""
    """Why it did not."""
    milliseconds: int = 0
    next_at: int | None = None
    """When it is tried again; None for never."""


def attempted(webhook: str, news: News, number: int, moment: int) -> Attempt:
    """Return a try to deliver news, of which nothing has come so far."""
    return Attempt(
        moment=moment,
        event_id=event_id(webhook, news),
        event=news.event,
        document=news.document,
        run=news.run,
        number=number,
        page=news.page,
    )


def fresh_id() -> str:
    """Return the id of a new webhook."""
    return secrets.token_hex(8)


def fresh_secret() -> str:
    """Return a new secret, of 256 random bits."""
    return SECRET_PREFIX + base64.b64encode(secrets.token_bytes(_SECRET_BYTES)).decode()


def event_id(webhook: str, news: News) -> str:
    """Return what a receiver knows an event by: the same again, however often it is sent."""
    said = f"{webhook}\0{news.document}\0{news.run}\0{news.page or ''}"
    return "msg_" + hashlib.sha256(said.encode()).hexdigest()[:32]


def body(news: News) -> bytes:
    """Write an event: ids, states and numbers, no name and no text."""
    data: dict[str, Any] = {"document": news.document, "run": news.run, "state": news.state}
    if news.page is None:
        data["pages"] = {"total": news.total, "done": news.done, "failed": news.failed}
    else:
        data["page"] = news.page
    if news.code:
        data["code"] = news.code
    at = datetime.fromtimestamp(news.at / 1000, UTC).isoformat(timespec="milliseconds")
    said = {"type": news.event.value, "timestamp": at.replace("+00:00", "Z"), "data": data}
    return json.dumps(said, separators=(",", ":")).encode()


def headers(event: str, seconds: int, content: bytes, keys: Sequence[str]) -> dict[str, str]:
    """Return what goes with an event: signed with each of these secrets, the newest first."""
    signed = f"{event}.{seconds}.".encode() + content
    return {
        "Content-Type": "application/json",
        "User-Agent": "Fanfold-Webhooks/1",
        "webhook-id": event,
        "webhook-timestamp": str(seconds),
        "webhook-signature": " ".join(f"v1,{_signature(key, signed)}" for key in keys),
    }


def _signature(secret: str, signed: bytes) -> str:
    key = base64.b64decode(secret.removeprefix(SECRET_PREFIX))
    return base64.b64encode(hmac.digest(key, signed, "sha256")).decode()


def webhook_map(webhook: Webhook) -> dict[str, Any]:
    """Write a webhook as a plain map, without its id and tenant and what is not known of it."""
    said = asdict(webhook)
    said["events"] = [event.value for event in webhook.events]
    return {n: v for n, v in said.items() if n not in ("id", "tenant") and v not in (None, "")}


def webhook_from(tenant: str, webhook: str, record: Mapping[str, Any]) -> Webhook:
    """Read a webhook from its map."""
    return Webhook(
        id=webhook,
        tenant=tenant,
        url=str(record["url"]),
        events=tuple(Event(one) for one in record["events"]),
        name=str(record.get("name", "")),
        created_at=int(record["created_at"]),
        failing_since=_number(record, "failing_since"),
        off_at=_number(record, "off_at"),
        off_reason=str(record.get("off_reason", "")),
    )


def attempt_map(attempt: Attempt) -> dict[str, Any]:
    """Write an attempt as a plain map."""
    said = {**asdict(attempt), "event": attempt.event.value}
    return {name: value for name, value in said.items() if value not in (None, "")}


def attempt_from(record: Mapping[str, Any]) -> Attempt:
    """Read an attempt from its map."""
    return Attempt(
        moment=int(record["moment"]),
        event_id=str(record["event_id"]),
        event=Event(record["event"]),
        document=str(record["document"]),
        run=int(record["run"]),
        number=int(record["number"]),
        page=_number(record, "page"),
        status=_number(record, "status"),
        code=str(record.get("code", "")),
        milliseconds=int(record.get("milliseconds", 0)),
        next_at=_number(record, "next_at"),
    )


def _number(record: Mapping[str, Any], name: str) -> int | None:
    return int(record[name]) if record.get(name) is not None else None
