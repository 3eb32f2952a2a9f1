"""Waiting in front of one machine's API, which is asked again until there is news."""

from __future__ import annotations

import threading

import pytest

from infra.machine.waiting import Told, Waiting

STATUS = "/v1/documents/d"
LIVE, ENDED = ("200 OK", "Retry-After"), ("200 OK", "ETag")
UNCHANGED = ("304 Not Modified", "Retry-After")


class Answers:
    """An application that gives one answer after the other, the last one for ever."""

    def __init__(self, *answers):
        self.left = list(answers)
        self.asked = []

    def __call__(self, environ, start):
        self.asked.append(environ["REQUEST_URI"])
        status, header = self.left[0] if len(self.left) == 1 else self.left.pop(0)
        start(status, [(header, "1")])
        return [b"body"]


def ask(waiting, uri, method="GET", **more):
    told = Told()
    body = waiting({"REQUEST_URI": uri, "REQUEST_METHOD": method, **more}, told)
    return told.status[:3], b"".join(body)


def test_a_status_is_asked_for_until_the_document_has_ended():
    answers = Answers(LIVE, LIVE, ENDED)
    assert ask(Waiting(answers), f"{STATUS}?wait=20") == ("200", b"body")
    assert answers.asked == [STATUS] * 3


def test_who_knows_it_is_told_when_it_has_changed():
    answers = Answers(UNCHANGED, LIVE)
    assert ask(Waiting(answers), f"{STATUS}?wait=20", HTTP_IF_NONE_MATCH='"a"')[0] == "200"
    assert len(answers.asked) == 2


def test_an_error_is_told_at_once():
    answers = Answers(("409 Conflict", "Retry-After"))
    assert ask(Waiting(answers), f"{STATUS}?wait=20")[0] == "409"
    assert len(answers.asked) == 1


@pytest.mark.parametrize(
    ("method", "uri"),
    [
        ("GET", "/v1/documents?wait=5"),
        ("POST", "/v1/documents?wait=5"),
        ("POST", f"{STATUS}/cancel?wait=5"),
        ("DELETE", f"{STATUS}?wait=5"),
        ("GET", f"{STATUS}?wait=0"),
        ("GET", f"{STATUS}?wait=x"),
        ("GET", f"{STATUS}?wait=5&wait=6"),
    ],
)
def test_what_the_api_refuses_reaches_it_as_it_is(method, uri):
    answers = Answers(LIVE)
    ask(Waiting(answers), uri, method)
    assert answers.asked == [uri]


def test_who_finds_no_place_to_wait_is_told_what_is_known():
    goes_on, begun = threading.Event(), threading.Semaphore(0)

    def application(environ, start):
        start("200 OK", [("Retry-After" if not goes_on.is_set() else "ETag", "1")])
        begun.release()
        return [b"body"]

    waiting = Waiting(application)
    others = [threading.Thread(target=ask, args=(waiting, f"{STATUS}?wait=20")) for _ in range(8)]
    for other in others:
        other.start()
    for _ in others:
        assert begun.acquire(timeout=20)
    assert ask(waiting, f"{STATUS}?wait=20") == ("200", b"body")
    goes_on.set()
    for other in others:
        other.join(20)
        assert not other.is_alive()
