"""The HTTP front speaks API Gateway's REST proxy events."""

from __future__ import annotations

import base64

import httpx
import pytest

from infra.http import gateway


@pytest.fixture(scope="module")
def http(mini):
    with httpx.Client(base_url=mini.api_url, trust_env=False, timeout=10) as client:
        yield client


def test_a_request_becomes_a_proxy_event(http, mini):
    headers = [("X-Tag", "one"), ("X-Tag", "two"), ("Content-Type", "application/json")]
    url = "/things/a/b%20c?q=1&q=%C3%A9+x&empty="
    event = http.post(url, content='{"ä": 1}'.encode(), headers=headers).json()

    assert event["resource"] == "/things/{proxy+}"
    assert event["path"] == "/things/a/b%20c"
    assert event["httpMethod"] == "POST"
    assert event["pathParameters"] == {"proxy": "a/b c"}
    assert event["queryStringParameters"] == {"q": "é x", "empty": ""}
    assert event["multiValueQueryStringParameters"] == {"q": ["1", "é x"], "empty": [""]}
    assert event["headers"]["X-Tag"] == "two"
    assert event["multiValueHeaders"]["X-Tag"] == ["one", "two"]
    assert event["headers"]["X-Forwarded-For"] == "127.0.0.1"
    assert event["headers"]["X-Forwarded-Proto"] == "http"
    assert event["body"] == '{"ä": 1}'
    assert event["isBase64Encoded"] is False
    context = event["requestContext"]
    assert context["stage"] == "test"
    assert context["domainName"] == mini.api_url.removeprefix("http://")
    assert context["identity"]["sourceIp"] == "127.0.0.1"
    assert context["requestId"]


def test_what_is_not_there_is_null(http):
    event = http.get("/health").json()
    assert event["resource"] == event["path"] == "/health"
    assert event["body"] is None
    assert event["pathParameters"] is None
    assert event["queryStringParameters"] is None


@pytest.mark.parametrize("media", ["application/pdf", "image/png", "image/jpeg; q=1"])
def test_binary_media_types_come_in_base64(http, media):
    data = bytes(range(256))
    event = http.post("/things/x", content=data, headers={"Content-Type": media}).json()
    assert event["isBase64Encoded"] is True
    assert base64.b64decode(event["body"]) == data


def test_a_chunked_body_arrives_whole(http):
    parts = (b"x" * 10_000 for _ in range(5))
    event = http.post("/things/x", content=parts, headers={"Content-Type": "text/plain"}).json()
    assert event["body"] == "x" * 50_000


def test_a_base64_answer_goes_out_as_bytes(http):
    assert http.get("/things/x?do=bytes").content == bytes(range(256))


def test_repeated_headers_go_out_repeated(http):
    answer = http.get("/things/x?do=cookies")
    assert answer.status_code == 303
    assert answer.headers.get_list("set-cookie") == ["a=1", "b=2"]


@pytest.mark.parametrize(
    ("method", "path"), [("GET", "/"), ("GET", "/things"), ("POST", "/health"), ("GET", "/nowhere")]
)
def test_an_unknown_route_is_forbidden(http, method, path):
    answer = http.request(method, path)
    assert answer.status_code == 403
    assert answer.json() == {"message": "Missing Authentication Token"}


@pytest.mark.parametrize("wish", ["raise", "nonsense"])
def test_a_function_that_fails_or_makes_no_sense_is_a_bad_gateway(http, wish):
    answer = http.get(f"/things/x?do={wish}")
    assert answer.status_code == 502
    assert answer.json() == {"message": "Internal server error"}


def test_a_function_that_takes_too_long_is_a_gateway_timeout(http, monkeypatch):
    monkeypatch.setattr(gateway, "INTEGRATION_SECONDS", 0.1)
    answer = http.get("/things/x?do=sleep")
    assert answer.status_code == 504
    assert answer.json() == {"message": "Endpoint request timed out"}


@pytest.mark.parametrize(("size", "media"), [(11_000_000, "text/plain"), (5_000_000, "image/png")])
def test_what_lambda_cannot_take_is_too_long(http, size, media):
    answer = http.post("/things/x", content=bytes(size), headers={"Content-Type": media})
    assert answer.status_code == 413
    assert answer.json() == {"message": "Request Too Long"}


def test_connections_are_kept(http):
    first = http.get("/health").extensions["network_stream"].get_extra_info("client_addr")
    second = http.get("/health").extensions["network_stream"].get_extra_info("client_addr")
    assert first == second


def test_a_foreign_host_name_is_refused(http):
    assert http.get("/health", headers={"Host": "evil.example"}).status_code == 403
