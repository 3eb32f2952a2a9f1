"""The shapes of what the API takes and answers, as JSON Schema (2020-12)."""

from __future__ import annotations

from typing import Any

from fanfold.access import Scope
from fanfold.model import Codes, Mode, Output, PageState, Readers, Source, State
from fanfold.webhooks import Event

Shape = dict[str, Any]

_TEXT: Shape = {"type": "string"}
_TRUTH: Shape = {"type": "boolean"}
_COUNT: Shape = {"type": "integer", "minimum": 0}
_COUNTS: Shape = {"type": "object", "additionalProperties": _COUNT}
_ID: Shape = {"type": "string", "pattern": "^[0-9a-f]{32}$"}
_MOMENT: Shape = {"type": "string", "format": "date-time"}
_PERCENT: Shape = {"type": "integer", "minimum": 0, "maximum": 100}


def _several(shape: Shape, count: int) -> Shape:
    return {"type": "array", "items": shape, "minItems": count, "maxItems": count}


_BOX = _several({"type": "number"}, 4)
_FROM_TO = _several(_COUNT, 2)


def ref(name: str) -> Shape:
    """Refer to a shape by its name."""
    return {"$ref": f"#/components/schemas/{name}"}


def _one_of(values: type[Any]) -> Shape:
    return {"type": "string", "enum": [str(value) for value in values]}


def _maybe(shape: Shape) -> Shape:
    return {"anyOf": [shape, {"type": "null"}]}


def _list(shape: Shape) -> Shape:
    return {"type": "array", "items": shape}


def _object(needed: dict[str, Shape], other: dict[str, Shape] | None = None) -> Shape:
    """Describe an answer: readers pass over fields that they do not know."""
    return {
        "type": "object",
        "required": list(needed),
        "properties": {**needed, **(other or {})},
    }


def _taken(fields: dict[str, Shape], needed: tuple[str, ...] = ()) -> Shape:
    """Describe what is taken: what means nothing is refused."""
    more = {"required": list(needed)} if needed else {}
    return {"type": "object", "properties": fields, "additionalProperties": False, **more}


OPTIONS: dict[str, Shape] = {
    "languages": {**_TEXT, "examples": ["eng+deu", "auto"]},
    "pages": {**_TEXT, "examples": ["1-3,7,10-end"]},
    "mode": _one_of(Mode),
    "outputs": {"type": "array", "items": _one_of(Output)},
    "codes": _one_of(Codes),
    "unseen": _TRUTH,
    "pictures": _TRUTH,
    "engine": _one_of(Readers),
}
_PASSWORD: Shape = {"type": "string", "minLength": 1, "maxLength": 127, "writeOnly": True}
_REASON = _object({"code": _TEXT, "message": _TEXT, "retryable": _TRUTH}, {"hint": _TEXT})
_LINKS = _object({"self": _TEXT, "result": _TEXT})
_CREATED = {"id": _ID, "state": _one_of(State), "links": _LINKS}
_TOKEN = {
    "id": _TEXT,
    "tenant": _TEXT,
    "name": _TEXT,
    "scopes": _list(_one_of(Scope)),
    "created_at": _MOMENT,
    "used_at": _maybe(_MOMENT),
    "revoked_at": _maybe(_MOMENT),
}
_WEBHOOK = {
    "id": _TEXT,
    "url": _TEXT,
    "events": _list(_one_of(Event)),
    "name": _TEXT,
    "created_at": _MOMENT,
    "failing_since": _maybe(_MOMENT),
    "off_at": _maybe(_MOMENT),
    "off_reason": _maybe(_TEXT),
}
_ATTEMPT = {
    "at": _MOMENT,
    "event_id": _TEXT,
    "event": _one_of(Event),
    "document": _ID,
    "run": _COUNT,
    "page": _maybe(_COUNT),
    "number": _COUNT,
    "status": _maybe(_COUNT),
    "code": _maybe(_TEXT),
    "milliseconds": _COUNT,
    "next_at": _maybe(_MOMENT),
}
_PAGES = {"total": _COUNT, "done": _COUNT, "failed": _COUNT}
_DETAILS: dict[str, Shape] = {
    "name": _TEXT,
    "options": _object({name: {} for name in OPTIONS}),
    "created_at": _MOMENT,
    "updated_at": _MOMENT,
    "ended_at": _maybe(_MOMENT),
    "kept_until": _maybe(_MOMENT),
    "reason": _maybe(ref("Reason")),
    "milliseconds": _COUNT,
    "pages": _object({**_PAGES, "waiting": _COUNT, "skipped": _COUNT}),
    "confidence": _maybe(_PERCENT),
    "review": _list(_COUNT),
    "damage": _COUNTS,
    "concerns": _COUNTS,
    "languages": _COUNTS,
    "results": _list(_one_of(Output)),
    "results_run": _maybe(_COUNT),
    "signature": {"type": "string", "enum": ["kept", "lost"]},
    "active_content": _list(_TEXT),
}
"""What the status of a document has and the states of a range of its pages have not."""

SCHEMAS: dict[str, Shape] = {
    "Error": _object({"error": ref("Reason")}),
    "Reason": _REASON,
    "Health": _object({"status": _TEXT, "version": _TEXT}),
    "Languages": _object({"languages": _list(_TEXT)}),
    "JsonSchema": {"type": "object"},
    "OpenApi": {"type": "object", "required": ["openapi"]},
    "Options": _taken({**OPTIONS, "fresh": _TRUTH}),
    "Wish": _taken(
        {
            "name": {**_TEXT, "description": "Shown to people, and what results are saved as"},
            "size": {**_COUNT, "description": "Bytes of the file"},
            "sha256": {"type": "string", "pattern": "^([0-9a-f]{64})?$"},
            "options": ref("Options"),
            "password": _PASSWORD,
        }
    ),
    "Password": _taken({"password": _PASSWORD}, ("password",)),
    "Retry": _taken(
        {
            "pages": {**_TEXT, "examples": ["3,7-9"]},
            "options": _taken({n: shape for n, shape in OPTIONS.items() if n != "pages"}),
        }
    ),
    "Created": _object(_CREATED),
    "Form": _object(
        {
            **_CREATED,
            "upload": _object(
                {
                    "url": _TEXT,
                    "fields": {"type": "object", "additionalProperties": _TEXT},
                    "expires_at": _MOMENT,
                }
            ),
        }
    ),
    "Listing": _object({"documents": _list(ref("Listed")), "cursor": _maybe(_TEXT)}),
    "Listed": _object(
        {
            "id": _ID,
            "name": _TEXT,
            "state": _one_of(State),
            "created_at": _MOMENT,
            "pages": _object(_PAGES),
            "damage": _COUNTS,
            "concerns": _COUNTS,
            "reason": _maybe(ref("Reason")),
        }
    ),
    "Status": _object(
        {
            **_CREATED,
            "run": _COUNT,
            "page_states": _list(ref("PageState")),
            "next": _maybe(_TEXT),
        },
        _DETAILS,
    ),
    "PageState": _object(
        {"page": _COUNT, "state": _one_of(PageState)},
        {
            "source": _one_of(Source),
            "confidence": _PERCENT,
            "milliseconds": _COUNT,
            "review": _TRUTH,
            "concerns": _list(_TEXT),
            "languages": _TEXT,
            "damage": _list(_TEXT),
            "error": ref("Reason"),
        },
    ),
    "Hits": _object({"id": _ID, "hits": _list(ref("Hit")), "next_pages": _maybe(_TEXT)}),
    "Hit": _object({"page": _COUNT, "lines": _list(_TEXT), "boxes": _list(_BOX)}),
    "Found": _object({"documents": _list(ref("FoundDocument")), "behind": _COUNT}),
    "FoundDocument": _object(
        {"id": _ID, "name": _TEXT, "state": _one_of(State), "hits": _list(ref("FoundPage"))}
    ),
    "FoundPage": _object({"page": _COUNT, "text": _TEXT, "matches": _list(_FROM_TO)}),
    "Page": _object({"page": _COUNT}),
    "Token": _object(_TOKEN),
    "Tokens": _object({"tokens": _list(ref("Token"))}),
    "NewToken": _object({**_TOKEN, "token": _TEXT}),
    "Webhook": _object(_WEBHOOK),
    "Webhooks": _object({"webhooks": _list(ref("Webhook"))}),
    "NewWebhook": _object({**_WEBHOOK, "secret": _TEXT}),
    "WebhookWish": _taken(
        {
            "url": {**_TEXT, "description": "https://, port 443, of the public internet"},
            "events": {**_list(_one_of(Event)), "description": "document.ended, if left out"},
            "name": _TEXT,
        },
        ("url",),
    ),
    "Attempts": _object({"attempts": _list(_object(_ATTEMPT))}),
    "TokenWish": _taken(
        {"name": _TEXT, "scopes": {**_list(_one_of(Scope)), "minItems": 1}}, ("scopes",)
    ),
}
