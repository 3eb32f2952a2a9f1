"""What the API says: the model as JSON, errors as typed answers."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any

from aws_lambda_powertools.event_handler import Response

from fanfold import damage, quality
from fanfold.access import Token
from fanfold.errors import FanfoldError, MethodNotAllowed, NotReady, QuotaExceeded, Unauthorized
from fanfold.model import Document, PageState, Reason
from fanfold.pagejson import dump_box
from fanfold.ports import Listing, UploadForm
from fanfold.stages.documents import MAXIMUM_STATES, PageRange, PageStatus, Status, rest
from fanfold.stages.search import Everywhere, Within
from fanfold.webhooks import Attempt, Webhook

_JSON = "application/json"
_SCHEMA = "application/schema+json"
RETRY_AFTER = "Retry-After"
_SOON, _LATER, _MANY = "1", "5", 100
"""Seconds until it is worth asking again; later for documents of many pages."""
_ANSWER_HEADERS = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}


def json_answer(status: HTTPStatus, body: dict[str, Any]) -> Response[str]:
    """Answer with JSON, in characters that UTF-8 has: requests can bring halves of others."""
    text = json.dumps(body, ensure_ascii=False).encode("utf-8", "replace")
    return _response(status, text.decode())


def raw_json(data: bytes) -> Response[str]:
    """Answer with JSON that is written already."""
    return _response(HTTPStatus.OK, data.decode())


def plain(text: str) -> Response[str]:
    """Answer with text alone."""
    return Response(HTTPStatus.OK, "text/plain; charset=utf-8", text, headers=dict(_ANSWER_HEADERS))


def polled(status: Status, base: str) -> Response[str]:
    """Answer with a document's status, and with when to ask again while it is under way."""
    answer = json_answer(HTTPStatus.OK, describe(status, base))
    if status.document.state.live:
        answer.headers[RETRY_AFTER] = _SOON if len(status.pages) < _MANY else _LATER
    return answer


def jpeg(data: bytes) -> Response[bytes]:
    """Answer with a picture."""
    return Response(HTTPStatus.OK, "image/jpeg", data, headers=dict(_ANSWER_HEADERS))


def schema(text: str) -> Response[str]:
    """Answer with a JSON Schema."""
    headers = {**_ANSWER_HEADERS, "Cache-Control": "no-cache"}
    return Response(HTTPStatus.OK, content_type=_SCHEMA, body=text, headers=headers)


def redirect(location: str) -> Response[str]:
    """Send the caller to another address."""
    return Response(HTTPStatus.SEE_OTHER, headers={**_ANSWER_HEADERS, "Location": location})


def error(reason: FanfoldError) -> Response[str]:
    """Answer with a typed error; the one place that maps errors to HTTP."""
    told = Reason(reason.code, str(reason), reason.retryable, reason.hint)
    answer = json_answer(HTTPStatus(reason.status), {"error": _reason(told)})
    answer.headers |= _headers(reason)
    return answer


def _headers(reason: FanfoldError) -> dict[str, str]:
    match reason:
        case Unauthorized():
            return {"WWW-Authenticate": "Bearer"}
        case MethodNotAllowed():
            return {"Allow": ", ".join(reason.allowed)}
        case NotReady():
            return {RETRY_AFTER: _SOON}
        case QuotaExceeded():
            return {RETRY_AFTER: str(reason.retry_after)}
        case _:
            return {}


def created(document: Document, base: str) -> dict[str, Any]:
    """Describe a document in short; ``base`` is what the API's paths begin with for its caller."""
    return {"id": document.id, "state": document.state, "links": _links(document, base)}


def form(upload: UploadForm) -> dict[str, Any]:
    """Describe where and how the file is uploaded."""
    return {
        "url": upload.url,
        "fields": dict(upload.fields),
        "expires_at": _moment(upload.expires_at),
    }


def token(known: Token) -> dict[str, Any]:
    """Describe a token."""
    return {
        "id": known.id,
        "tenant": known.tenant,
        "name": known.name,
        "scopes": list(known.scopes),
        "created_at": _moment(known.created_at),
        "used_at": _moment(known.used_at),
        "revoked_at": _moment(known.revoked_at),
    }


def webhook(known: Webhook) -> dict[str, Any]:
    """Describe a webhook, without its secret."""
    return {
        "id": known.id,
        "url": known.url,
        "events": list(known.events),
        "name": known.name,
        "created_at": _moment(known.created_at),
        "failing_since": _moment(known.failing_since),
        "off_at": _moment(known.off_at),
        "off_reason": known.off_reason or None,
    }


def attempt(tried: Attempt) -> dict[str, Any]:
    """Describe one try to deliver something."""
    return {
        "at": _moment(tried.moment),
        "event_id": tried.event_id,
        "event": tried.event,
        "document": tried.document,
        "run": tried.run,
        "page": tried.page,
        "number": tried.number,
        "status": tried.status,
        "code": tried.code or None,
        "milliseconds": tried.milliseconds,
        "next_at": _moment(tried.next_at),
    }


def listing(page: Listing) -> dict[str, Any]:
    """Describe one page of a listing."""
    return {
        "documents": [
            {
                "id": one.id,
                "name": one.name,
                "state": one.state,
                "created_at": _moment(one.created_at),
                "pages": {
                    "total": one.pages_total,
                    "done": one.pages_done,
                    "failed": one.pages_failed,
                },
                "damage": dict(one.damage),
                "concerns": dict(one.concerns),
                "reason": _reason(one.reason) if one.reason else None,
            }
            for one in page.documents
        ],
        "cursor": page.cursor,
    }


def describe(status: Status, base: str) -> dict[str, Any]:
    """Describe a document with every page, or where to ask for them if they are many."""
    shown = status.pages if len(status.pages) <= MAXIMUM_STATES else ()
    document, states = status.document, [page.state for page in status.pages]
    done = {page.page: page.done for page in status.pages if page.done}
    read = quality.of(done)
    return {
        "id": document.id,
        "name": document.name,
        "state": document.state,
        "run": document.run,
        "options": asdict(document.options),
        "created_at": _moment(document.created_at),
        "updated_at": _moment(document.updated_at),
        "ended_at": _moment(document.ended_at),
        "kept_until": _moment(document.kept_until),
        "reason": _reason(document.reason) if document.reason else None,
        "milliseconds": sum(page.done.milliseconds for page in status.pages if page.done),
        "pages": {
            "total": document.pages_total,
            "done": states.count(PageState.DONE),
            "failed": states.count(PageState.FAILED),
            "waiting": states.count(PageState.WAITING),
            "skipped": states.count(PageState.SKIPPED),
        },
        "confidence": read.confidence,
        "review": list(read.review),
        "damage": damage.counts(document.damage, done),
        **quality.signature(document, done),
        **quality.active_content(document),
        "concerns": dict(read.concerns),
        "languages": dict(read.languages),
        "page_states": [_page(page) for page in shown],
        "next": None if shown == status.pages else _range(document, base, rest(document, 0)),
        "results": list(document.results),
        "results_run": document.results_run or None,
        "links": _links(document, base),
    }


def states(part: PageRange, base: str) -> dict[str, Any]:
    """Describe some of a document's pages."""
    document = part.document
    return {
        "id": document.id,
        "state": document.state,
        "run": document.run,
        "page_states": [_page(page) for page in part.pages],
        "next": _range(document, base, part.rest),
        "links": _links(document, base),
    }


def within(found: Within) -> dict[str, Any]:
    """Describe the pages of a document that have what was looked for."""
    return {
        "id": found.document.id,
        "hits": [
            {"page": hit.page, "lines": list(hit.lines), "boxes": [dump_box(b) for b in hit.boxes]}
            for hit in found.hits
        ],
        "next_pages": found.rest,
    }


def everywhere(found: Everywhere) -> dict[str, Any]:
    """Describe documents with the pages that have what was looked for."""
    return {
        "documents": [
            {
                "id": document.id,
                "name": document.name,
                "state": document.state,
                "hits": [
                    {"page": one.page, "text": one.text, "matches": [list(m) for m in one.matches]}
                    for one in pages
                ],
            }
            for document, pages in found.documents
        ],
        "behind": found.behind,
    }


def _page(page: PageStatus) -> dict[str, Any]:
    told: dict[str, Any] = {"page": page.page, "state": page.state}
    if page.done:
        told |= {
            "source": page.done.source,
            "confidence": page.done.confidence,
            "milliseconds": page.done.milliseconds,
            "review": page.done.review,
        }
        told |= {"concerns": list(page.done.concerns)} if page.done.concerns else {}
        told |= {"languages": page.done.languages} if page.done.languages else {}
        told |= {"damage": page.done.damage} if page.done.damage else {}
    if page.error:
        told["error"] = _reason(page.error)
    return told


def _reason(reason: Reason) -> dict[str, Any]:
    return {name: value for name, value in asdict(reason).items() if value is not None}


def _links(document: Document, base: str) -> dict[str, str]:
    path = f"{base}/v1/documents/{document.id}"
    return {"self": path, "result": f"{path}/result"}


def _range(document: Document, base: str, pages: str | None) -> str | None:
    return f"{_links(document, base)['self']}?pages={pages}" if pages else None


def _moment(milliseconds: int | None) -> str | None:
    if milliseconds is None:
        return None
    moment = datetime.fromtimestamp(milliseconds / 1000, UTC)
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _response(status: HTTPStatus, body: str) -> Response[str]:
    return Response(status, content_type=_JSON, body=body, headers=dict(_ANSWER_HEADERS))
