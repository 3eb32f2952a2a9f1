"""The routes: parse the request, call one use case, answer."""

from __future__ import annotations

from http import HTTPStatus
from typing import cast

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.api_gateway import Router
from aws_lambda_powertools.utilities.data_classes import APIGatewayProxyEvent

from fanfold import __version__, bootstrap, edge, schemas
from fanfold.access import Scope
from fanfold.errors import NotFound
from fanfold.model import Document, State
from fanfold.stages import build
from functions.api import answers, callers, requests, web

router = Router()  # type: ignore[no-untyped-call]
api = bootstrap.prepared(build.api)


@router.get("/health")
def health() -> Response[str]:
    """Say that the service is there."""
    return answers.json_answer(HTTPStatus.OK, {"status": "ok", "version": __version__})


@router.get("/")
def index() -> Response[str]:
    """Show the web page."""
    return web.file("index.html")


@router.get("/web/<name>")
def asset(name: str) -> Response[str]:
    """Hand out what the web page is made of."""
    return web.file(name)


@router.get("/v1/languages")
def languages() -> Response[str]:
    """List the languages that may be asked for."""
    _tenant(Scope.READ)
    return answers.json_answer(HTTPStatus.OK, {"languages": list(api().languages.all())})


@router.get("/v1/schema/<name>")
def schema(name: str) -> Response[str]:
    """Hand out the JSON Schema of a result."""
    _tenant(Scope.READ)
    if name not in schemas.SCHEMAS:
        raise NotFound(f"The schemas are {', '.join(schemas.SCHEMAS)}.")
    return answers.schema(schemas.text(name))


@router.post("/v1/documents")
def create() -> Response[str]:
    """Take a document in: JSON asks for an upload form, any other body is the file itself."""
    document, form = api().submit(_tenant(Scope.WRITE), requests.read(_event(), api()))
    edge.note(document_id=document.id)
    if form:
        return answers.json_answer(
            HTTPStatus.CREATED,
            {**answers.created(document, _base()), "upload": answers.form(form)},
        )
    return _begun(document)


@router.get("/v1/documents")
def list_documents() -> Response[str]:
    """List documents, newest first."""
    query = requests.Query(_event())
    listing = api().documents.listing(
        _tenant(Scope.READ), query.state(), query.text("cursor"), query.number("limit", 50, 100)
    )
    return answers.json_answer(HTTPStatus.OK, answers.listing(listing))


@router.get("/v1/documents/<document>")
def describe(document: str) -> Response[str]:
    """Tell a document's state and every page's, or those of the pages that are asked for."""
    pages = requests.Query(_event()).text("pages")
    if pages:
        part = api().documents.states(_tenant(Scope.READ), document, pages)
        return answers.json_answer(HTTPStatus.OK, answers.states(part, _base()))
    status = api().documents.describe(_tenant(Scope.READ), document)
    return answers.json_answer(HTTPStatus.OK, answers.status(status, _base()))


@router.get("/v1/documents/<document>/search")
def search_document(document: str) -> Response[str]:
    """Find words on the pages of a document that are done."""
    query = requests.Query(_event())
    found = api().search.within(
        _tenant(Scope.READ), document, query.text("q") or "", query.text("pages") or ""
    )
    return answers.json_answer(HTTPStatus.OK, answers.within(found, _base()))


@router.get("/v1/search")
def search() -> Response[str]:
    """Find words in all documents, on one machine."""
    query = requests.Query(_event())
    found = api().search.everywhere(
        _tenant(Scope.READ), query.text("q") or "", query.number("limit", 20, 100)
    )
    return answers.json_answer(HTTPStatus.OK, answers.everywhere(found))


@router.get("/v1/documents/<document>/pages/<number>")
def page(document: str, number: str) -> Response[str]:
    """Hand out one page's result, as soon as that page is done."""
    data = api().documents.page(_tenant(Scope.READ), document, requests.page_number(number))
    return answers.raw_json(data)


@router.get("/v1/documents/<document>/pages/<number>/picture")
def picture(document: str, number: str) -> Response[bytes]:
    """Hand out a page's picture, where the document asked for pictures."""
    data = api().documents.picture(_tenant(Scope.READ), document, requests.page_number(number))
    return answers.jpeg(data)


@router.get("/v1/documents/<document>/result")
def result(document: str) -> Response[str]:
    """Redirect to a short-lived link to a result."""
    query = requests.Query(_event())
    return answers.redirect(api().documents.result(_tenant(Scope.READ), document, query.output()))


@router.delete("/v1/documents/<document>")
def delete(document: str) -> Response[str]:
    """Remove a document and everything made of it: out of sight at once, the rest follows."""
    return _begun(api().delete(_tenant(Scope.WRITE), document))


@router.post("/v1/documents/<document>/retry")
def retry(document: str) -> Response[str]:
    """Read failed pages anew, or the pages named, with other options if there are any."""
    pages, changed = requests.retry(_event())
    return _begun(api().retry(_tenant(Scope.WRITE), document, pages, changed))


@router.post("/v1/documents/<document>/cancel")
def cancel(document: str) -> Response[str]:
    """Stop a document; what is done stays readable."""
    return _begun(api().cancel(_tenant(Scope.WRITE), document))


@router.get("/v1/tokens")
def list_tokens() -> Response[str]:
    """List the tenant's tokens, without what they say."""
    found = api().tokens.listing(_tenant(Scope.ADMIN))
    return answers.json_answer(HTTPStatus.OK, {"tokens": [answers.token(one) for one in found]})


@router.post("/v1/tokens")
def create_token() -> Response[str]:
    """Make a token of the same tenant; this answer alone says it."""
    tenant = _tenant(Scope.ADMIN)
    text, made = api().tokens.create(tenant, *requests.token(_event()))
    return answers.json_answer(HTTPStatus.CREATED, {**answers.token(made), "token": text})


@router.delete("/v1/tokens/<token>")
def revoke_token(token: str) -> Response[str]:
    """Take a token back."""
    found = api().tokens.revoke(token, _tenant(Scope.ADMIN))
    return answers.json_answer(HTTPStatus.OK, answers.token(found))


def _tenant(scope: Scope) -> str:
    return callers.tenant(_event(), scope, signed=api().signed)


def _begun(document: Document) -> Response[str]:
    """Answer with 202 where something goes on, with 200 where nothing more will happen."""
    goes_on = document.state.live or document.state is State.DELETED
    status = HTTPStatus.ACCEPTED if goes_on else HTTPStatus.OK
    return answers.json_answer(status, answers.created(document, _base()))


def _base() -> str:
    """Return what the caller writes before the API's paths: the stage, but behind a domain."""
    event = _event()
    called = event.request_context.path or ""
    return called.removesuffix(event.path) if called.endswith(event.path) else ""


def _event() -> APIGatewayProxyEvent:
    return cast(APIGatewayProxyEvent, router.current_event)
