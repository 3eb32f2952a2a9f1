"""The service's JSON answers as values. Unknown fields are ignored, so old clients live on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from fanfold.model import Output, Reason, State


@dataclass(frozen=True, slots=True)
class Counts:
    """How many pages a document has and what became of them; ``total`` 0 until it was opened."""

    total: int = 0
    done: int = 0
    failed: int = 0

    @property
    def ended(self) -> int:
        """Pages that need no more work."""
        return self.done + self.failed


@dataclass(frozen=True, slots=True)
class FailedPage:
    """A page that could not be read."""

    number: int
    reason: Reason


@dataclass(frozen=True, slots=True)
class Upload:
    """A presigned POST: ``fields`` come before the file."""

    document: str
    url: str
    fields: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Status:
    """One document as the service tells it."""

    id: str
    name: str
    state: State
    pages: Counts = Counts()
    failed_pages: tuple[FailedPage, ...] = ()
    review: tuple[int, ...] = ()
    """Pages that somebody should look at."""
    reason: Reason | None = None
    results: tuple[Output, ...] = ()
    created_at: str = ""
    ended_at: str = ""
    """Moments as RFC 3339, empty where there is none yet."""


@dataclass(frozen=True, slots=True)
class Listing:
    """Documents, newest first; ``cursor`` continues the listing."""

    documents: tuple[Status, ...]
    cursor: str | None


@dataclass(frozen=True, slots=True)
class Finding:
    """A page that has what was looked for, and some of its text."""

    page: int
    text: str


@dataclass(frozen=True, slots=True)
class Findings:
    """Documents with the pages found, the best first; so many are not searched yet (``behind``)."""

    documents: tuple[tuple[Status, tuple[Finding, ...]], ...]
    behind: int


def findings(data: Mapping[str, Any]) -> Findings:
    """Read what was found in all documents."""
    return Findings(
        tuple(
            (status(item), tuple(Finding(hit["page"], hit["text"]) for hit in item["hits"]))
            for item in data["documents"]
        ),
        int(data.get("behind") or 0),
    )


def reason(data: Mapping[str, Any]) -> Reason:
    """Read an error object of the service."""
    return Reason(
        code=str(data.get("code", "UNKNOWN")),
        message=str(data.get("message", "No reason was given.")),
        retryable=bool(data.get("retryable")),
        hint=data.get("hint"),
    )


def upload(data: Mapping[str, Any]) -> Upload:
    """Read the answer to a new document."""
    form = data["upload"]
    return Upload(data["id"], form["url"], form["fields"])


def status(data: Mapping[str, Any]) -> Status:
    """Read a document."""
    why = data.get("reason")
    return Status(
        id=data["id"],
        name=data.get("name") or "",
        state=State(data["state"]),
        pages=_counts(data.get("pages") or {}),
        failed_pages=failed_pages(data),
        review=tuple(int(page) for page in data.get("review") or ()),
        reason=reason(why) if why else None,
        results=tuple(Output(value) for value in data.get("results") or ()),
        created_at=str(data.get("created_at") or ""),
        ended_at=str(data.get("ended_at") or ""),
    )


def failed_pages(data: Mapping[str, Any]) -> tuple[FailedPage, ...]:
    """Read which of the pages that are told of failed."""
    return tuple(
        FailedPage(page["page"], reason(page.get("error") or {}))
        for page in data.get("page_states") or ()
        if page["state"] == "failed"
    )


def listing(data: Mapping[str, Any]) -> Listing:
    """Read a list of documents."""
    return Listing(tuple(status(item) for item in data["documents"]), data.get("cursor"))


def _counts(data: Mapping[str, Any]) -> Counts:
    return Counts(
        total=int(data.get("total") or 0),
        done=int(data.get("done") or 0),
        failed=int(data.get("failed") or 0),
    )
