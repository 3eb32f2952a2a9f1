"""What the API asks of its callers, over fakes: tokens, scopes, signatures, shares."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from fanfold.errors import QuotaExceeded
from fanfold.model import MEGABYTE, Options
from fanfold.stages.submit import Submission
from fanfold.stages.tokens import Callers
from functions.api import handler as api_handler
from functions.api import routes
from functions.authorize import handler as authorize_handler
from tests.fakes.house import House
from tests.unit.functions.test_api import Context

ARN = "arn:aws:execute-api:eu-central-1:123456789012:a1b2c3/api/POST/v1/documents/x/retry"
DAY = 24 * 3600


@pytest.fixture
def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> House:
    built = House(tmp_path / "work")
    monkeypatch.setattr(routes, "api", lambda: built.api)
    monkeypatch.setattr(authorize_handler, "callers", lambda: Callers(built.api.tokens, None))
    return built


def call(
    method: str, path: str, holder: dict[str, str] | None, **body: Any
) -> tuple[int, Any, Any]:
    event = {
        "path": path,
        "httpMethod": method,
        "headers": {"content-type": "application/json"},
        "multiValueHeaders": {"content-type": ["application/json"]},
        "requestContext": {"stage": "api", "path": f"/api{path}", "authorizer": holder},
        "body": json.dumps(body),
    }
    answer = api_handler.handler(event, Context())
    headers = {name: values[0] for name, values in answer["multiValueHeaders"].items()}
    return answer["statusCode"], json.loads(answer["body"]), headers


def asked(shown: str) -> dict[str, Any]:
    event = {"type": "TOKEN", "methodArn": ARN, "authorizationToken": shown}
    return authorize_handler.handler(event, Context())


def acme(*scopes: str) -> dict[str, str]:
    return {"tenant": "acme", "scopes": " ".join(scopes)}


def test_the_authorizer_lets_a_token_do_all_of_the_stage_and_says_whose_it_is(house: House):
    text, _ = house.api.tokens.create("acme", "", ["write", "read"])
    answer = asked(f"Bearer {text}")
    (statement,) = answer["policyDocument"]["Statement"]
    assert statement["Effect"] == "Allow"
    assert statement["Resource"].endswith(":a1b2c3/api/*")  # kept for what comes next
    assert answer["context"] == {"tenant": "acme", "scopes": "read write"}


@pytest.mark.parametrize("shown", ["", "Bearer", "Bearer nonsense", "Basic {}", "{}"])
def test_the_authorizer_denies_everybody_else_everything(house: House, shown: str):
    text, _ = house.api.tokens.create("acme", "", ["read"])
    answer = asked(shown.format(text))
    (statement,) = answer["policyDocument"]["Statement"]
    assert (statement["Effect"], statement["Resource"][-6:]) == ("Deny", "/api/*")
    assert "context" not in answer


def test_nobody_comes_in_past_the_authorizer(house: House):
    status, told, headers = call("GET", "/v1/documents", None)
    assert (status, told["error"]["code"]) == (401, "UNAUTHORIZED")
    assert headers["WWW-Authenticate"] == "Bearer"


def test_who_has_signed_is_the_one_tenant(house: House):
    house.signed = True
    status, told, _ = call("POST", "/v1/documents", None, name="a.pdf")
    assert status == 201
    assert house.store.get(told["id"]).tenant == "default"


def test_a_document_is_its_sender_s(house: House):
    _, told, _ = call("POST", "/v1/documents", acme("write"), name="a.pdf")
    assert house.store.get(told["id"]).tenant == "acme"
    assert told["upload"]["fields"]["key"].startswith("uploads/acme/")


@pytest.mark.parametrize("body", [{"scopes": "read"}, {"scopes": [1]}, {"name": 1}, {"scope": []}])
def test_a_wish_for_a_token_is_checked(house: House, body: dict[str, Any]):
    status, told, _ = call("POST", "/v1/tokens", acme("admin"), **body)
    assert (status, told["error"]["code"]) == (400, "INVALID_REQUEST")


def test_a_day_s_bytes_are_counted_by_tenant_and_end_at_midnight(house: House):
    house.limits = replace(house.limits, tenant_day_bytes=100)
    wish = {"name": "a.pdf", "size": 60}
    assert call("POST", "/v1/documents", acme("write"), **wish)[0] == 201
    status, told, headers = call("POST", "/v1/documents", acme("write"), **wish)
    assert (status, told["error"]["code"]) == (429, "QUOTA_EXCEEDED")
    assert told["error"]["retryable"] is True
    other = {"tenant": "other", "scopes": "write"}
    assert call("POST", "/v1/documents", other, **wish)[0] == 201
    wait = int(headers["Retry-After"])
    assert 0 < wait <= DAY + 1
    house.clock.pass_seconds(wait)
    assert call("POST", "/v1/documents", acme("write"), **wish)[0] == 201


def test_a_form_for_any_size_takes_the_largest_from_the_day(house: House):
    house.limits = replace(house.limits, tenant_day_bytes=house.limits.document_bytes)
    assert call("POST", "/v1/documents", acme("write"), name="a.pdf")[0] == 201
    assert call("POST", "/v1/documents", acme("write"), name="b.pdf", size=1)[0] == 429


def test_a_share_is_kept_by_twenty_who_send_at_once(house: House):
    house.limits = replace(house.limits, tenant_day_bytes=10 * MEGABYTE)
    submit, sent = house.api.submit, Submission("a.pdf", Options(), size=3 * MEGABYTE)

    def send(_: int) -> bool:
        try:
            return bool(submit("acme", sent))
        except QuotaExceeded:
            return False

    with ThreadPoolExecutor(20) as pool:
        assert list(pool.map(send, range(20))).count(True) == 3


def test_a_tenant_waits_while_so_many_of_its_pages_are_under_way(house: House):
    house.limits = replace(house.limits, tenant_pages=3)
    _, told, _ = call("POST", "/v1/documents", acme("write"), name="a.pdf")
    house.admit(house.put(told["upload"]["fields"]["key"], "one\ntwo\nthree"))
    status, refused, headers = call("POST", "/v1/documents", acme("write"), name="b.pdf")
    assert (status, refused["error"]["code"]) == (429, "QUOTA_EXCEEDED")
    assert int(headers["Retry-After"]) > 0
    other = {"tenant": "other", "scopes": "write"}
    assert call("POST", "/v1/documents", other, name="b.pdf")[0] == 201
    house.settle()
    assert call("POST", "/v1/documents", acme("write"), name="b.pdf")[0] == 201


def test_the_same_document_sent_again_takes_nothing_from_the_day(house: House):
    house.limits = replace(house.limits, tenant_day_bytes=100)
    _, told, _ = call("POST", "/v1/documents", acme("write"), name="a.pdf", size=100)
    house.admit(house.put(told["upload"]["fields"]["key"], "one"))
    house.settle()
    sha256 = house.store.get(told["id"]).source.sha256
    wish = {"name": "a.pdf", "size": 100, "sha256": sha256}
    status, again, _ = call("POST", "/v1/documents", acme("write"), **wish)
    assert (status, again["id"]) == (200, told["id"])
