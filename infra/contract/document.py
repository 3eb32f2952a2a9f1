"""The OpenAPI document: the operations and the shapes of what they take and answer."""

from __future__ import annotations

import re
from http import HTTPStatus
from typing import Any

from fanfold import __version__
from fanfold.errors import FanfoldError, MethodNotAllowed, QuotaExceeded
from fanfold.model import Output, State
from functions.api.operations import Operation
from functions.api.requests import MAXIMUM_WAIT
from functions.api.routes import OPERATIONS
from infra.contract.schemas import OPTIONS, SCHEMAS, Shape, ref

_FILES = ("application/pdf", "image/*", "application/octet-stream")
_BYTES: Shape = {"type": "string", "format": "binary"}
_QUERY: dict[str, Shape] = {
    "name": {"type": "string"},
    "state": {"type": "string", "enum": [state.value for state in State]},
    "limit": {"type": "integer", "minimum": 1, "maximum": 100, "default": 50},
    "cursor": {"type": "string"},
    "q": {"type": "string", "maxLength": 200, "examples": ['"light house" kee']},
    "fresh": {"type": "boolean"},
    "wait": {"type": "integer", "minimum": 1, "maximum": MAXIMUM_WAIT},
    "format": {"type": "string", "enum": [output.value for output in Output], "default": "txt"},
    **{name: shape for name, shape in OPTIONS.items() if name != "outputs"},
    "outputs": {"type": "string", "examples": ["txt,pdf"]},
}
_OF_PAGE: Shape = {"type": "string", "enum": ["json", "txt"], "default": "json"}
_VARIABLES: dict[str, Shape] = {"number": {"type": "integer", "minimum": 1}}
_SINGLE = "The request's own words decide: one that comes twice, or means nothing, is refused."


def build() -> dict[str, Any]:
    """Return the document."""
    paths: dict[str, dict[str, Any]] = {}
    for operation in OPERATIONS:
        paths.setdefault(operation.path, {})[operation.method.lower()] = _operation(operation)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Fanfold",
            "version": __version__,
            "summary": "Documents into text, page by page",
            "description": _SINGLE,
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "paths": paths,
        "components": {
            "schemas": SCHEMAS,
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
        },
    }


def _operation(operation: Operation) -> dict[str, Any]:
    said: dict[str, Any] = {"summary": operation.summary, "operationId": _name(operation)}
    if operation.scope:
        said["security"] = [{"token": []}]
        said["description"] = f"Takes a token with the scope `{operation.scope}`."
    if parameters := _parameters(operation):
        said["parameters"] = parameters
    if operation.body:
        said["requestBody"] = _body(operation)
    said["responses"] = {**_answers(operation), **_refusals(operation)}
    return said


def _name(operation: Operation) -> str:
    """Return a name for generated clients: ``get_v1_documents_document_pages_number``."""
    words = re.findall(r"\w+", operation.path)
    return "_".join([operation.method.lower(), *words]) if words else "get_page"


def _parameters(operation: Operation) -> list[Shape]:
    names = re.findall(r"\{(\w+)\}", operation.path)
    found: list[Shape] = [
        {
            "name": name,
            "in": "path",
            "required": True,
            "schema": _VARIABLES.get(name, {"type": "string"}),
        }
        for name in names
    ]
    paged = {"format": _OF_PAGE} if "{number}" in operation.path else {}
    shapes = {**_QUERY, **paged}
    found += [{"name": name, "in": "query", "schema": shapes[name]} for name in operation.query]
    if operation.body == "Wish":
        key = {"type": "string", "pattern": "^[!-~]{1,255}$"}
        found.append({"name": "Idempotency-Key", "in": "header", "schema": key})
    if operation.method == "GET" and HTTPStatus.OK in operation.answers:
        found.append({"name": "If-None-Match", "in": "header", "schema": {"type": "string"}})
    return found


def _body(operation: Operation) -> Shape:
    content: Shape = {"application/json": {"schema": ref(operation.body)}}
    if operation.body == "Wish":
        content |= {media: {"schema": _BYTES} for media in _FILES}
        fields = ("name", *OPTIONS, "password")
        form = {**{name: {"type": "string"} for name in fields}, "file": _BYTES}
        shape = {"type": "object", "properties": form, "required": ["file"]}
        content["multipart/form-data"] = {"schema": {**shape, "additionalProperties": False}}
    return {"required": operation.body != "Retry", "content": content}


def _answers(operation: Operation) -> dict[str, Shape]:
    found = {str(int(status)): _answer(status, what) for status, what in operation.answers.items()}
    if operation.method == "GET" and HTTPStatus.OK in operation.answers:
        tag: Shape = {"ETag": {"schema": {"type": "string"}}}
        found["200"]["headers"] = tag
        found["304"] = {"description": HTTPStatus.NOT_MODIFIED.phrase, "headers": tag}
    return found


def _answer(status: HTTPStatus, what: str) -> Shape:
    said: Shape = {"description": status.phrase}
    content = dict(_content(one) for one in what.split(",") if one)
    if content:
        said["content"] = content
    if status is HTTPStatus.SEE_OTHER:
        said["headers"] = {"Location": {"schema": {"type": "string", "format": "uri"}}}
    return said


def _content(what: str) -> tuple[str, Shape]:
    """Return a media type and how what it holds is described."""
    if "/" in what:
        return what, {}
    kind = "application/schema+json" if what == "JsonSchema" else "application/json"
    return kind, {"schema": ref(what)}


def _refusals(operation: Operation) -> dict[str, Shape]:
    by_status: dict[int, list[type[FanfoldError]]] = {}
    for error in operation.errors():
        by_status.setdefault(error.status, []).append(error)
    return {str(status): _refusal(status, found) for status, found in by_status.items()}


def _refusal(status: int, found: list[type[FanfoldError]]) -> Shape:
    codes = " ".join(f"`{error.code}`" for error in found)
    said: Shape = {
        "description": f"{HTTPStatus(status).phrase}: {codes}",
        "content": {"application/json": {"schema": ref("Error")}},
    }
    header = {QuotaExceeded.status: "Retry-After", MethodNotAllowed.status: "Allow"}.get(status)
    if header:
        said["headers"] = {header: {"schema": {"type": "string"}}}
    return said
