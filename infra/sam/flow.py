"""What is invoked: a document on its way through every function, each fed by one of events/.

The bodies of the messages are the real ones: what S3 or the function before put into the queue.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from typing import Any

from fanfold import keys, pagezip
from infra.sam.house import House

_EVENTS = Path(__file__).parents[2] / "events"
_DOCUMENT = "5f0c8b1e6d2a4f7b9c3e1d0a8b7c6d5e"
"""The document that the event files name."""

_LINE = 200
"""Maximum of characters of an answer that are shown."""

Check = Callable[[Any], str]
"""Looks at an answer; returns what is wrong with it, empty if nothing is."""


class Stuck(Exception):
    """Messages that should be there are not: the function before did not do its work."""


@dataclass(frozen=True, slots=True)
class Call:
    """One invocation: function and event by name, what it is given, how its answer is judged."""

    function: str
    event: str
    payload: dict[str, Any]
    check: Check


@dataclass(frozen=True, slots=True)
class Sample:
    """A document of at least three scanned pages, and words that the first two say."""

    data: bytes
    first: Sequence[str]
    second: Sequence[str]


def calls(house: House, sample: Sample) -> Iterator[Call]:
    """Yield what to invoke; each call is made up when the one before has run."""
    arrival = json.loads(_event("intake")["Records"][0]["body"])
    key = arrival["detail"]["object"]["key"]
    document = keys.inbox_document(key, house.put(key, sample.data))
    yield _feed(house, "IntakeFunction", "intake")
    yield _feed(house, "SplitFunction", "split")
    yield from _pages(house, sample, document)
    text = f"{keys.OUTBOX}{keys.inbox_path(key)}.txt"
    words = (*sample.first, *sample.second, "[failed:")
    yield _feed(house, "AssembleFunction", "assemble", _says(house, text, words))
    yield _told("NotifyFunction", "notify")
    yield Call("SweepFunction", "sweep", _event("sweep"), nothing)
    yield Call("AuthorizeFunction", "authorize", _event("authorize"), denies)
    yield from _requests(document)
    yield from _losses(house)


def _pages(house: House, sample: Sample, document: str) -> Iterator[Call]:
    """Yield one page in each lane; the others are lost."""
    first, second, *others = _waiting(house, "PageFunction", 3)
    for function, event, body, words in (
        ("PageFunction", "page", first, sample.first),
        ("PageHeavyFunction", "page-heavy", second, sample.second),
    ):
        key = keys.page_result(document, 1, json.loads(body)["page"])
        yield Call(function, event, _sqs(event, [body]), _says(house, key, words))
    for body in others:
        house.lose_reader(document, json.loads(body)["page"])
    yield Call("LostFunction", "lost-heavy", _sqs("lost-heavy", others), done)


def _requests(document: str) -> Iterator[Call]:
    """Yield requests of the API: about a document that ended, and two new documents."""
    wanted = {
        "api-health": HTTPStatus.OK,
        "api-list": HTTPStatus.OK,
        "api-status": HTTPStatus.OK,
        "api-page": HTTPStatus.OK,
        "api-result": HTTPStatus.SEE_OTHER,
        "api-retry": HTTPStatus.ACCEPTED,
        "api-password": HTTPStatus.CONFLICT,  # it asks for none
        "api-cancel": HTTPStatus.OK,
        "api-delete": HTTPStatus.ACCEPTED,
        "api-tokens": HTTPStatus.CREATED,
        "api-create": HTTPStatus.CREATED,
        "api-create-pdf": HTTPStatus.ACCEPTED,
        "api-create-form": HTTPStatus.ACCEPTED,
    }
    for name, status in wanted.items():
        yield Call("ApiFunction", name, _event(name, document), answers(status))


def _losses(house: House) -> Iterator[Call]:
    """Yield what becomes of the API's two documents: one is lost on arrival, one step by step."""
    arrived, lost = _waiting(house, "IntakeFunction", 2)
    yield Call("IntakeFunction", "intake-upload", _sqs("intake-upload", [arrived]), done)
    yield Call("LostFunction", "lost-intake", _sqs("lost-intake", [lost]), done)
    yield _told("LostFunction", "lost-notify")
    for event, queue in (("lost-split", "SplitFunction"), ("lost-assemble", "AssembleFunction")):
        yield Call("LostFunction", event, _sqs(event, _waiting(house, queue)), done)


def _told(function: str, event: str) -> Call:
    """Return a call with news as the sample has them: nobody here is to hear of any."""
    return Call(function, event, _event(event), done)


def _feed(house: House, function: str, event: str, check: Check | None = None) -> Call:
    """Return a call with what waits in the queue in front of the function."""
    return Call(function, event, _sqs(event, _waiting(house, function)), check or done)


def _waiting(house: House, function: str, least: int = 1) -> list[str]:
    bodies = house.take(function)
    if len(bodies) < least:
        raise Stuck(f"{len(bodies)} messages wait for {function}, not {least}")
    return bodies


def _sqs(event: str, bodies: Sequence[str]) -> dict[str, Any]:
    """Return an SQS event of events/ with these bodies instead of its own."""
    (record,) = _event(event)["Records"]
    return {"Records": [{**record, "body": body} for body in bodies]}


def _event(name: str, document: str = _DOCUMENT) -> dict[str, Any]:
    """Read an event file, about ``document`` and its first page instead of its own."""
    text = (_EVENTS / f"{name}.json").read_text(encoding="utf-8")
    text = text.replace(_DOCUMENT, document).replace("/pages/7", "/pages/1")
    event: dict[str, Any] = json.loads(text)
    return event


def done(answer: object) -> str:
    """Check that all records of an SQS event were done with."""
    return "" if answer == {"batchItemFailures": []} else _shown(answer)


def nothing(answer: object) -> str:
    """Check that a function had nothing to say."""
    return "" if answer is None else _shown(answer)


def denies(answer: object) -> str:
    """Check that the authorizer lets nobody in."""
    policy = answer.get("policyDocument") if isinstance(answer, dict) else None
    effects = [one["Effect"] for one in policy["Statement"]] if policy else []
    return "" if effects == ["Deny"] else _shown(answer)


def answers(status: HTTPStatus) -> Check:
    """Return a check for an HTTP status."""

    def check(answer: object) -> str:
        given = answer.get("statusCode") if isinstance(answer, dict) else None
        return "" if given == status else _shown(answer)

    return check


def _shown(answer: object) -> str:
    """Return an answer in a line: the reason, if the function failed."""
    if isinstance(answer, dict) and "errorType" in answer:
        return f"{answer['errorType']}: {answer.get('errorMessage')}"
    return f"answered {answer}"[:_LINE]


def _says(house: House, key: str, words: Sequence[str]) -> Check:
    """Return a check that all was done, and that an object now says these words."""

    def check(answer: object) -> str:
        said = set(_words(house.get(key), packed=key.startswith(keys.PAGES)))
        missing = [word for word in words if word not in said]
        return done(answer) or (f"{key} does not say {' '.join(missing)}" if missing else "")

    return check


def _words(data: bytes, *, packed: bool) -> Iterator[str]:
    """Yield the words of what a page left (``packed``), or of plain text."""
    if not packed or not data:
        yield from data.decode().split()
        return
    for block in json.loads(pagezip.unpack(data).result)["blocks"]:
        for line in block["lines"]:
            yield from (word["text"] for word in line["words"])
