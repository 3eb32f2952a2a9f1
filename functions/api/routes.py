"""The routes: parse the request, call one use case, answer."""

from __future__ import annotations

import time
from functools import partial
from http import HTTPStatus

from fanfold import __version__, bootstrap, edge, schemas
from fanfold.access import Scope
from fanfold.errors import (
    AlreadyEnded,
    ExpiredResult,
    InvalidPageRange,
    InvalidRequest,
    KeyReused,
    NoResult,
    NotFound,
    NothingToRetry,
    NotReady,
    PayloadTooLarge,
    QuotaExceeded,
    SearchUnsupported,
    TooLarge,
    UnknownLanguage,
    UnsupportedBody,
)
from fanfold.model import Document, Output, State
from fanfold.stages import build
from fanfold.stages.options import FRESH, OPTION_NAMES
from fanfold.webhooks import Webhook
from functions.api import answers, operations, requests, tags, web
from functions.api.operations import Answer, current

router, OPERATIONS = operations.router, operations.OPERATIONS
api = bootstrap.prepared(build.api)
operation = partial(operations.operation, signed=lambda: api().signed)

_OK, _CREATED, _ACCEPTED = HTTPStatus.OK, HTTPStatus.CREATED, HTTPStatus.ACCEPTED
_BEGUN = {_OK: "Created", _ACCEPTED: "Created"}
_DOCUMENTS = "/v1/documents"
_DOCUMENT = f"{_DOCUMENTS}/{{document}}"
_PAGE = f"{_DOCUMENT}/pages/{{number}}"


@operation("GET", "/health", answers={_OK: "Health"})
def health() -> Answer:
    """Say that the service is there."""
    return answers.json_answer(_OK, {"status": "ok", "version": __version__})


@operation("GET", "/", query=None, answers={_OK: "text/html"})  # issuers add what they like
def index() -> Answer:
    """Show the web page."""
    return web.page(api().documents.origins(), api().sign_in)


@operation("GET", "/web/{name}", answers={_OK: "*/*"}, refusals=[NotFound])
def asset(name: str) -> Answer:
    """Hand out what the web page is made of."""
    return web.asset(name)


@operation("GET", "/openapi.json", answers={_OK: "OpenApi"})
def contract() -> Answer:
    """Describe this API as OpenAPI 3.1."""
    return web.file("openapi.json")


@operation("GET", "/docs", answers={_OK: "text/html"})
def docs() -> Answer:
    """Describe this API for people."""
    return web.file("docs.html")


@operation("GET", "/v1/languages", scope=Scope.READ, answers={_OK: "Languages"})
def languages(tenant: str) -> Answer:
    """List the languages that may be asked for."""
    return answers.json_answer(_OK, {"languages": list(api().languages.all())})


@operation(
    "GET", "/v1/schema/{name}", scope=Scope.READ, answers={_OK: "JsonSchema"}, refusals=[NotFound]
)
def schema(tenant: str, name: str) -> Answer:
    """Hand out the JSON Schema of a result."""
    if name not in schemas.SCHEMAS:
        raise NotFound(f"The schemas are {', '.join(schemas.SCHEMAS)}.")
    return answers.schema(schemas.text(name))


@operation(
    "POST",
    _DOCUMENTS,
    scope=Scope.WRITE,
    query=("name", *OPTION_NAMES, FRESH),
    body="Wish",
    answers={_OK: "Created", _CREATED: "Form", _ACCEPTED: "Created"},
    refusals=[
        *(InvalidPageRange, UnknownLanguage, KeyReused, PayloadTooLarge, TooLarge),
        *(UnsupportedBody, QuotaExceeded, ExpiredResult),
    ],
)
def create(tenant: str) -> Answer:
    """Take a document in: JSON asks for an upload form, any other body is the file itself."""
    document, form = api().submit(tenant, requests.read(current(), api()))
    edge.note(document_id=document.id)
    if form:
        made = {**answers.created(document, _base()), "upload": answers.form(form)}
        return answers.json_answer(_CREATED, made)
    return _begun(document)


@operation(
    "GET",
    _DOCUMENTS,
    scope=Scope.READ,
    query=("state", "limit", "cursor"),
    answers={_OK: "Listing"},
)
def list_documents(tenant: str) -> Answer:
    """List documents, newest first."""
    query = requests.Query(current())
    listing = api().documents.listing(
        tenant, query.state(), query.text("cursor"), query.number("limit", 50, 100)
    )
    return answers.json_answer(_OK, answers.listing(listing))


@operation(
    "GET",
    _DOCUMENT,
    scope=Scope.READ,
    query=("pages", "wait"),
    answers={_OK: "Status"},
    refusals=[InvalidPageRange],
)
def describe(tenant: str, document: str) -> Answer:
    """Tell a document's state and every page's, or those of the pages that are asked for.

    With ``wait`` the answer comes when the document has ended, or after so many seconds; who
    shows the tag of what he knows gets it when that has changed.
    """
    query = requests.Query(current())
    if pages := query.text("pages"):
        part = api().documents.states(tenant, document, pages)
        return answers.json_answer(_OK, answers.states(part, _base()))
    until = time.monotonic() + query.wait()
    while True:
        answer = answers.polled(api().documents.describe(tenant, document), _base())
        left = until - time.monotonic()
        if left <= 0 or tags.is_news(answer, current()):
            return answer
        time.sleep(min(left, float(str(answer.headers[answers.RETRY_AFTER]))))


@operation(
    "GET",
    f"{_DOCUMENT}/search",
    scope=Scope.READ,
    query=("q", "pages"),
    answers={_OK: "Hits"},
    refusals=[InvalidRequest, InvalidPageRange],
)
def search_document(tenant: str, document: str) -> Answer:
    """Find words on the pages of a document that are done."""
    query = requests.Query(current())
    asked, pages = query.text("q") or "", query.text("pages") or ""
    return answers.json_answer(
        _OK, answers.within(api().search.within(tenant, document, asked, pages))
    )


@operation(
    "GET",
    "/v1/search",
    scope=Scope.READ,
    query=("q", "limit"),
    answers={_OK: "Found"},
    refusals=[InvalidRequest, SearchUnsupported],
)
def search(tenant: str) -> Answer:
    """Find words in all documents, on one machine."""
    query = requests.Query(current())
    asked, limit = query.text("q") or "", query.number("limit", 20, 100)
    return answers.json_answer(
        _OK, answers.everywhere(api().search.everywhere(tenant, asked, limit))
    )


@operation(
    "GET",
    _PAGE,
    scope=Scope.READ,
    query=("format",),
    answers={_OK: "Page,text/plain"},
    refusals=[NotReady, NoResult],
)
def page(tenant: str, document: str, number: str) -> Answer:
    """Hand out one page's result, as JSON or as text, as soon as that page is done."""
    which = requests.page_number(number)
    if requests.Query(current()).of_page() is Output.TEXT:
        return answers.plain(api().documents.text(tenant, document, which))
    return answers.raw_json(api().documents.page(tenant, document, which))


@operation(
    "GET",
    f"{_PAGE}/picture",
    scope=Scope.READ,
    answers={_OK: "image/jpeg"},
    refusals=[NotReady, NoResult],
)
def picture(tenant: str, document: str, number: str) -> Answer:
    """Hand out a page's picture, where the document asked for pictures."""
    return answers.jpeg(api().documents.picture(tenant, document, requests.page_number(number)))


@operation(
    "GET",
    f"{_DOCUMENT}/result",
    scope=Scope.READ,
    query=("format",),
    answers={HTTPStatus.SEE_OTHER: ""},
    refusals=[NotReady, NoResult],
)
def result(tenant: str, document: str) -> Answer:
    """Redirect to a short-lived link to a result."""
    wanted = requests.Query(current()).output()
    return answers.redirect(api().documents.result(tenant, document, wanted))


@operation("DELETE", _DOCUMENT, scope=Scope.WRITE, answers=_BEGUN)
def delete(tenant: str, document: str) -> Answer:
    """Remove a document and everything made of it: out of sight at once, the rest follows."""
    return _begun(api().delete(tenant, document))


@operation(
    "POST",
    f"{_DOCUMENT}/retry",
    scope=Scope.WRITE,
    body="Retry",
    answers=_BEGUN,
    refusals=[InvalidPageRange, UnknownLanguage, NotReady, NothingToRetry, QuotaExceeded],
)
def retry(tenant: str, document: str) -> Answer:
    """Read failed pages anew, or the pages named, with other options if there are any."""
    pages, changed = requests.retry(current())
    return _begun(api().retry(tenant, document, pages, changed))


@operation(
    "POST",
    f"{_DOCUMENT}/password",
    scope=Scope.WRITE,
    body="Password",
    answers=_BEGUN,
    refusals=[NothingToRetry],
)
def unlock(tenant: str, document: str) -> Answer:
    """Open a document again that failed for want of a password."""
    return _begun(api().unlock(tenant, document, requests.password(current())))


@operation(
    "POST", f"{_DOCUMENT}/cancel", scope=Scope.WRITE, answers=_BEGUN, refusals=[AlreadyEnded]
)
def cancel(tenant: str, document: str) -> Answer:
    """Stop a document; what is done stays readable."""
    return _begun(api().cancel(tenant, document))


@operation("GET", "/v1/tokens", scope=Scope.ADMIN, answers={_OK: "Tokens"})
def list_tokens(tenant: str) -> Answer:
    """List the tenant's tokens, without what they say."""
    found = api().tokens.listing(tenant)
    return answers.json_answer(_OK, {"tokens": [answers.token(one) for one in found]})


@operation(
    "POST", "/v1/tokens", scope=Scope.ADMIN, body="TokenWish", answers={_CREATED: "NewToken"}
)
def create_token(tenant: str) -> Answer:
    """Make a token of the same tenant; this answer alone says it."""
    text, made = api().tokens.create(tenant, *requests.token(current()))
    return answers.json_answer(_CREATED, {**answers.token(made), "token": text})


@operation(
    "DELETE", "/v1/tokens/{token}", scope=Scope.ADMIN, answers={_OK: "Token"}, refusals=[NotFound]
)
def revoke_token(tenant: str, token: str) -> Answer:
    """Take a token back."""
    return answers.json_answer(_OK, answers.token(api().tokens.revoke(token, tenant)))


@operation("GET", "/v1/webhooks", scope=Scope.ADMIN, answers={_OK: "Webhooks"})
def list_webhooks(tenant: str) -> Answer:
    """List the tenant's webhooks, and how they fare."""
    found = api().webhooks.listing(tenant)
    return answers.json_answer(_OK, {"webhooks": [answers.webhook(one) for one in found]})


@operation(
    "POST",
    "/v1/webhooks",
    scope=Scope.ADMIN,
    body="WebhookWish",
    answers={_CREATED: "NewWebhook"},
)
def create_webhook(tenant: str) -> Answer:
    """Have an address told of what ends from now on; this answer alone says its secret."""
    return _with_secret(*api().webhooks.create(tenant, *requests.webhook(current())))


@operation(
    "POST",
    "/v1/webhooks/{webhook}/secret",
    scope=Scope.ADMIN,
    answers={_CREATED: "NewWebhook"},
    refusals=[NotFound],
)
def rotate_webhook(tenant: str, webhook: str) -> Answer:
    """Give a webhook another secret; the one before signs as well for a day."""
    return _with_secret(*api().webhooks.rotate(tenant, webhook))


@operation(
    "GET",
    "/v1/webhooks/{webhook}/attempts",
    scope=Scope.ADMIN,
    answers={_OK: "Attempts"},
    refusals=[NotFound],
)
def list_attempts(tenant: str, webhook: str) -> Answer:
    """List what was sent to a webhook of late, the newest first, and what came of it."""
    found = api().webhooks.attempts(tenant, webhook)
    return answers.json_answer(_OK, {"attempts": [answers.attempt(one) for one in found]})


@operation(
    "DELETE",
    "/v1/webhooks/{webhook}",
    scope=Scope.ADMIN,
    answers={_OK: "Webhook"},
    refusals=[NotFound],
)
def remove_webhook(tenant: str, webhook: str) -> Answer:
    """Take a webhook away; what is on its way to it is not sent any more."""
    return answers.json_answer(_OK, answers.webhook(api().webhooks.remove(tenant, webhook)))


def _with_secret(secret: str, made: Webhook) -> Answer:
    return answers.json_answer(_CREATED, {**answers.webhook(made), "secret": secret})


def _begun(document: Document) -> Answer:
    """Answer with 202 where something goes on, with 200 where nothing more will happen."""
    goes_on = document.state.live or document.state is State.DELETED
    return answers.json_answer(_ACCEPTED if goes_on else _OK, answers.created(document, _base()))


def _base() -> str:
    """Return what the caller writes before the API's paths: the stage, but behind a domain."""
    event = current()
    called = event.request_context.path or ""
    return called.removesuffix(event.path) if called.endswith(event.path) else ""
