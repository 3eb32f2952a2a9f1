"""Who is calling is asked once a while, and remembered as API Gateway does."""

from __future__ import annotations

from typing import Any

import pytest

from infra.http.authorizers import Authorizers
from infra.http.refusals import Refusal, Refused, answer
from infra.template.names import Place
from infra.template.routes import Authorizer, OwnAnswer, Route

ROUTE = Route("api", "ANY", "/{proxy+}", "api", (), Authorizer("asked", "Authorization", 60))
OPEN = Route("api", "ANY", "/health", "api", ())
TRUSTED = {"tenant": "default"}


class Asked:
    """An authorizer that knows one token, and a clock."""

    def __init__(self) -> None:
        self.known, self.events, self.seconds = "Bearer good", list[Any](), 0.0

    def invoke(self, function: str, event: dict[str, Any]) -> object:
        self.events.append(event)
        good = event["authorizationToken"] == self.known
        statement = {"Effect": "Allow" if good else "Deny"}
        policy = {"Statement": [statement]}
        context = {"context": {"tenant": "acme"}} if good else {}
        return {"principalId": "acme", "policyDocument": policy, **context}


@pytest.fixture
def asked() -> Asked:
    return Asked()


def gate(asked: Asked, trusted: dict[str, str] | None = None) -> Authorizers:
    return Authorizers(asked.invoke, Place(""), trusted, lambda: asked.seconds)


def refusal(gate: Authorizers, route: Route = ROUTE, **headers: str) -> Refusal:
    with pytest.raises(Refused) as caught:
        gate.holder(route, headers, "/v1/documents")
    return caught.value.kind


def test_a_route_is_told_who_shows_a_token(asked):
    holder = gate(asked).holder(ROUTE, {"authorization": "Bearer good"}, "/v1/documents")
    assert holder == {"principalId": "acme", "tenant": "acme"}
    (event,) = asked.events
    assert event["type"] == "TOKEN"
    assert event["methodArn"].endswith("/api/ANY/v1/documents")


def test_nobody_is_asked_where_there_is_no_token_or_the_route_is_open(asked):
    assert refusal(gate(asked)) is Refusal.UNAUTHORIZED
    assert gate(asked).holder(OPEN, {"authorization": "Bearer bad"}, "/health") is None
    assert asked.events == []


def test_who_denies_is_remembered_like_who_allows_and_not_for_longer_than_said(asked):
    one = gate(asked)
    for _ in range(3):
        one.holder(ROUTE, {"authorization": "Bearer good"}, "/")
        assert refusal(one, authorization="Bearer bad") is Refusal.ACCESS_DENIED
    assert len(asked.events) == 2
    asked.known, asked.seconds = "Bearer bad", 61
    assert refusal(one, authorization="Bearer good") is Refusal.ACCESS_DENIED


def test_on_a_machine_alone_no_token_is_needed_and_a_wrong_one_no_help(asked):
    one = gate(asked, TRUSTED)
    assert one.holder(ROUTE, {}, "/") == TRUSTED
    assert refusal(one, authorization="Bearer bad") is Refusal.ACCESS_DENIED


def test_what_the_template_says_stands_for_what_api_gateway_says():
    own = {
        "ACCESS_DENIED": OwnAnswer(401, {"WWW-Authenticate": "Bearer"}, '{"denied": true}'),
        "DEFAULT_5XX": OwnAnswer(
            None, {}, '{"$context.error.responseType": $context.error.messageString}'
        ),
    }
    status, headers, body = answer(Refusal.ACCESS_DENIED, own)
    assert (status, body) == (401, b'{"denied": true}')
    assert ("WWW-Authenticate", "Bearer") in headers
    status, _, body = answer(Refusal.INTEGRATION_TIMEOUT, own)
    assert (status, body) == (504, b'{"INTEGRATION_TIMEOUT": "Endpoint request timed out"}')
    assert answer(Refusal.REQUEST_TOO_LARGE, own)[2] == b'{"message": "Request Too Long"}'
