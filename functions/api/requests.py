"""What callers send: JSON that asks for an upload, a multipart form, or the file itself."""

from __future__ import annotations

import base64
import binascii
import io
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import multipart
from aws_lambda_powertools.utilities.data_classes import APIGatewayProxyEvent

from fanfold import names
from fanfold.errors import InvalidRequest, NotFound, UnsupportedBody
from fanfold.model import Output, State
from fanfold.stages import options
from fanfold.stages.api import Api
from fanfold.stages.submit import Submission
from fanfold.stages.unlock import check
from fanfold.webhooks import Event

_UNSAFE = ("application/x-www-form-urlencoded", "text/")
"""Content types that API Gateway hands on as text, which breaks a file's bytes."""

PASSWORD = "password"
MAXIMUM_WAIT = 20
"""Maximum of seconds that a status may be waited for: API Gateway gives up after 29."""
_QUOTABLE = re.compile(r"\w{1,40}")
"""Names that may be repeated in a message; anything else may hold anything."""
_NUMBER = re.compile(r"[0-9]{1,9}")
_KEY = re.compile(r"[\x21-\x7e]{1,255}")
_SHA256 = re.compile(r"[0-9a-f]{64}")


class Query:
    """The query string's values, checked."""

    def __init__(self, event: APIGatewayProxyEvent) -> None:
        self._values = event.query_string_parameters or {}

    def text(self, name: str) -> str | None:
        """Return a value, None where it is absent or empty."""
        return self._values.get(name) or None

    def number(self, name: str, default: int, most: int) -> int:
        """Return a number from 1 to ``most``."""
        text = self.text(name) or str(default)
        if not _NUMBER.fullmatch(text) or not 1 <= int(text) <= most:
            raise InvalidRequest(f"“{name}” is a number from 1 to {most}.")
        return int(text)

    def state(self) -> State | None:
        """Return the state to list, None for all."""
        text = self.text("state")
        try:
            return State(text.upper()) if text else None
        except ValueError as error:
            raise InvalidRequest(f"The states are {', '.join(State)}.") from error

    def output(self) -> Output:
        """Return the result format asked for, by default text."""
        try:
            return Output((self.text("format") or Output.TEXT).lower())
        except ValueError as error:
            raise InvalidRequest(f"The formats are {', '.join(Output)}.") from error

    def of_page(self) -> Output:
        """Return how a page's result is asked for, by default as JSON."""
        text = (self.text("format") or Output.JSON).lower()
        if text not in (Output.JSON, Output.TEXT):
            raise InvalidRequest(f"The formats of a page are {Output.JSON} and {Output.TEXT}.")
        return Output(text)

    def wait(self) -> int:
        """Return how many seconds an answer may take for the better, 0 where nothing is said."""
        return self.number("wait", 1, MAXIMUM_WAIT) if self.text("wait") else 0

    def chosen(self) -> dict[str, object]:
        """Return the options among the values."""
        known = (*options.OPTION_NAMES, options.FRESH)
        return {name: self._values[name] for name in known if name in self._values}


def check_query(event: APIGatewayProxyEvent, known: Sequence[str]) -> None:
    """Raise InvalidRequest for a name that means nothing here, or that is said twice."""
    _only(event.query_string_parameters or {}, known)
    for name, values in (event.get("multiValueQueryStringParameters") or {}).items():
        if len(values) > 1:
            raise InvalidRequest(f"“{name}” is said {len(values)} times.")


def page_number(text: str) -> int:
    """Read a page number from a path; raise NotFound for what is none."""
    if not text.isascii() or not text.isdigit():
        raise NotFound("Pages are counted 1, 2, 3, …")
    return int(text[:9])


def read(event: APIGatewayProxyEvent, api: Api) -> Submission:
    """Read a request for a new document."""
    return replace(_submission(event, api), key=_key(event))


def retry(event: APIGatewayProxyEvent) -> tuple[str, dict[str, object]]:
    """Read which pages are wanted anew (empty for the failed ones) and the options that change."""
    data = _object(_body(event))
    pages, changed = data.get("pages", ""), data.get("options", {})
    if set(data) - {"pages", "options"} or not isinstance(changed, dict):
        raise InvalidRequest("The body is a JSON object with “pages” and “options”, or empty.")
    if not isinstance(pages, str):
        raise InvalidRequest("“pages” is a string such as 3,7-9.")
    return pages, changed


def password(event: APIGatewayProxyEvent) -> str:
    """Read the password of a document; whether it may be one is checked elsewhere."""
    data = _object(_body(event))
    _only(data, (PASSWORD,))
    return _password(data.get(PASSWORD))


def _password(value: object) -> str:
    if not isinstance(value, str):
        raise InvalidRequest("“password” is a string.")
    return check(value)


def token(event: APIGatewayProxyEvent) -> tuple[str, list[str]]:
    """Read the name and the scopes of a token that is to be made."""
    data = _object(_body(event))
    _only(data, ("name", "scopes"))
    name, scopes = data.get("name", ""), data.get("scopes", [])
    if not isinstance(name, str):
        raise InvalidRequest("“name” is a string.")
    if not isinstance(scopes, list) or not all(isinstance(scope, str) for scope in scopes):
        raise InvalidRequest("“scopes” is a list of strings.")
    return name, scopes


def webhook(event: APIGatewayProxyEvent) -> tuple[str, list[str], str]:
    """Read the address, the events and the name of a webhook that is to be made."""
    data = _object(_body(event))
    _only(data, ("url", "events", "name"))
    url, events, name = data.get("url"), data.get("events", []), data.get("name", "")
    if not isinstance(url, str) or not isinstance(name, str):
        raise InvalidRequest("“url” and “name” are strings, and “url” has to be there.")
    if not isinstance(events, list) or not all(isinstance(one, str) for one in events):
        raise InvalidRequest("“events” is a list of strings.")
    return url, events or [Event.DOCUMENT_ENDED], name


def _only(given: Iterable[str], known: Sequence[str]) -> None:
    """Raise InvalidRequest for a key that means nothing: it may be a misspelt one that does."""
    if unknown := sorted(set(given) - set(known)):
        name = unknown[0] if _QUOTABLE.fullmatch(unknown[0]) else "this"
        what = f"there are {', '.join(known)}" if known else "there are none here"
        raise InvalidRequest(f"There is no “{name}”; {what}.")


def _submission(event: APIGatewayProxyEvent, api: Api) -> Submission:
    content_type = (event.headers.get("content-type") or "").strip()
    kind = content_type.partition(";")[0].strip().lower()
    if kind == "application/json":
        check_query(event, ())
        return _from_json(_body(event), api)
    if kind == "multipart/form-data":
        check_query(event, ())
        return _from_form(_body(event), content_type, api)
    if kind.startswith(_UNSAFE):
        raise UnsupportedBody
    body = _body(event)
    if not body:
        raise InvalidRequest("The request has no body: send the file, or JSON to get a form.")
    query = Query(event)
    named = Submission(
        names.shown(query.text("name")), api.defaults, len(body), body=body, media_type=kind
    )
    return _choosing(named, query.chosen(), api)


def _key(event: APIGatewayProxyEvent) -> str | None:
    key = event.headers.get("idempotency-key")
    if key is not None and not _KEY.fullmatch(key):
        raise InvalidRequest("An Idempotency-Key has 1 to 255 visible ASCII characters.")
    return key


def _from_json(body: bytes, api: Api) -> Submission:
    data = _object(body)
    _only(data, ("name", "size", "sha256", "options", PASSWORD))
    chosen, size, digest = data.get("options", {}), data.get("size"), data.get("sha256", "")
    name = data.get("name")
    if not isinstance(chosen, dict):
        raise InvalidRequest("The body is a JSON object with “name”, “size” and “options”.")
    if size is not None and (not isinstance(size, int) or isinstance(size, bool) or size < 0):
        raise InvalidRequest("“size” is a number of bytes.")
    if not isinstance(digest, str) or (digest and not _SHA256.fullmatch(digest)):
        raise InvalidRequest("“sha256” has 64 hexadecimal digits, in lower case.")
    if not isinstance(name, str | None):
        raise InvalidRequest("“name” is a string.")
    wish = Submission(names.shown(name), api.defaults, size, digest)
    if PASSWORD in data:
        wish = replace(wish, password=_password(data[PASSWORD]))
    return _choosing(wish, chosen, api)


def _choosing(submission: Submission, chosen: Mapping[str, object], api: Api) -> Submission:
    """Return it with the options that were chosen; raise what ``options.parse`` does."""
    others, fresh = options.fresh(chosen)
    parsed = options.parse(others, api.languages, api.defaults)
    return replace(submission, options=parsed, fresh=fresh)


def _object(body: bytes) -> dict[str, Any]:
    try:
        data: Any = json.loads(body or b"{}")
    except (ValueError, RecursionError) as error:
        raise InvalidRequest("The body is not JSON.") from error
    if not isinstance(data, dict):
        raise InvalidRequest("The body is not a JSON object.")
    return data


def _from_form(body: bytes, content_type: str, api: Api) -> Submission:
    _, settings = multipart.parse_options_header(content_type)
    try:
        parser = multipart.MultipartParser(
            io.BytesIO(body),
            settings.get("boundary", ""),
            len(body),
            spool_limit=len(body) + 1,
            memory_limit=2 * len(body) + 1,
        )
        parts = _once(list(parser))
        file = parts.pop("file", None)
        # Always UTF-8: a charset that a field names may be none.
        fields = {name: part.raw.decode() for name, part in parts.items()}
    except (multipart.MultipartError, UnicodeDecodeError) as error:
        raise InvalidRequest("The multipart body cannot be read.") from error
    if file is None:
        raise InvalidRequest("The form has no field “file”.")
    name = names.shown(fields.pop("name", "") or file.filename)
    secret = fields.pop(PASSWORD, None)
    chosen: dict[str, object] = dict(fields)
    kind = file.content_type or ""
    whole = Submission(name, api.defaults, len(file.raw), body=file.raw, media_type=kind)
    if secret is not None:
        whole = replace(whole, password=_password(secret))
    return _choosing(whole, chosen, api)


def _once(parts: list[multipart.MultipartPart]) -> dict[str, multipart.MultipartPart]:
    """Return a form's fields by name; raise InvalidRequest where one comes twice."""
    found = {part.name: part for part in parts}
    if twice := [name for name in found if sum(part.name == name for part in parts) > 1]:
        hint = " Send each document by itself." if "file" in twice else ""
        raise InvalidRequest(f"A field of the form comes more than once.{hint}")
    return found


def _body(event: APIGatewayProxyEvent) -> bytes:
    text = event.body or ""
    if not event.is_base64_encoded:
        return text.encode("utf-8", "replace")  # JSON can hold halves of characters
    try:
        return base64.b64decode(text, validate=True)
    except binascii.Error as error:
        raise InvalidRequest("The body is not what its encoding says.") from error
