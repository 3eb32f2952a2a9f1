"""What means nothing is refused, what comes twice too; methods are those that there are."""

from __future__ import annotations

import json
from typing import Any

import pytest

from functions.api import handler as api_handler
from tests import contract
from tests.fakes.house import House
from tests.unit.functions.test_api import HOLDER, Context, call, code, finished, house

__all__ = ["house"]

FORM = "multipart/form-data; boundary=x"


def part(name: str, value: str) -> str:
    return f'--x\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'


def file(name: str = "a.pdf", value: str = "one") -> str:
    about = f'Content-Disposition: form-data; name="file"; filename="{name}"'
    return f"--x\r\n{about}\r\n\r\n{value}\r\n"


@pytest.mark.parametrize(
    ("method", "path", "query"),
    [
        ("GET", "/v1/documents", {"sate": "FAILED"}),
        ("GET", "/v1/languages", {"format": "txt"}),
        ("GET", "/v1/documents/{id}", {"page": "1"}),
        ("GET", "/v1/documents/{id}/result", {"fromat": "pdf"}),
        ("GET", "/v1/documents/{id}/pages/1", {"fromat": "txt"}),
        ("DELETE", "/v1/documents/{id}", {"force": "true"}),
        ("POST", "/v1/documents/{id}/cancel", {"now": "1"}),
    ],
)
def test_a_query_name_that_means_nothing_is_refused(house: House, method, path, query):
    document = finished(house)
    status, told, _ = call(method, path.format(id=document), **query)
    assert (status, code(told)) == (400, "INVALID_REQUEST")
    assert next(iter(query)) in told["error"]["message"]
    assert house.store.get(document).state == "SUCCEEDED"


def test_options_beside_a_body_that_has_its_own_are_refused(house: House):
    wish = json.dumps({"name": "a.pdf"})
    told = call("POST", "/v1/documents", wish, "application/json", mode="ocr")[1]
    assert code(told) == "INVALID_REQUEST"
    told = call("POST", "/v1/documents", file() + "--x--\r\n", FORM, mode="ocr")[1]
    assert code(told) == "INVALID_REQUEST"


@pytest.mark.parametrize("name", ["nmae", "option", "SIZE"])
def test_a_json_key_that_means_nothing_is_refused(house: House, name: str):
    body = json.dumps({"name": "a.pdf", name: "x"})
    status, told, _ = call("POST", "/v1/documents", body, "application/json")
    assert (status, code(told)) == (400, "INVALID_REQUEST")
    assert f"“{name}”" in told["error"]["message"]


def test_a_name_that_could_hold_anything_is_not_repeated(house: House):
    told = call("GET", "/v1/documents", **{"<b>x": "1"})[1]
    assert "<b>" not in told["error"]["message"]


@pytest.mark.parametrize("twice", [file() + file("b.pdf"), file() + 2 * part("mode", "ocr")])
def test_a_form_s_fields_come_once(house: House, twice: str):
    status, told, _ = call("POST", "/v1/documents", f"{twice}--x--\r\n", FORM)
    assert (status, code(told)) == (400, "INVALID_REQUEST")
    assert not house.store.metas


def test_a_query_name_that_is_said_twice_is_refused(house: House):
    answer = ask("GET", "/v1/documents", multiValueQueryStringParameters={"limit": ["1", "2"]})
    assert (answer["statusCode"], code(json.loads(answer["body"]))) == (400, "INVALID_REQUEST")


@pytest.mark.parametrize(
    ("method", "path", "allow"),
    [
        ("PUT", "/v1/documents", "GET, HEAD, POST"),
        ("PATCH", "/v1/documents/x", "DELETE, GET, HEAD"),
        ("GET", "/v1/documents/x/cancel", "POST"),
        ("OPTIONS", "/health", "GET, HEAD"),
        ("POST", "/", "GET, HEAD"),
    ],
)
def test_another_method_is_told_which_there_are(house: House, method, path, allow):
    status, told, headers = call(method, path)
    assert (status, code(told), headers["Allow"]) == (405, "METHOD_NOT_ALLOWED", allow)


@pytest.mark.parametrize("path", ["/health", "/", "/docs", "/openapi.json", "/v1/documents"])
def test_head_is_answered_as_get_is(house: House, path: str):
    got, headed = ask("GET", path), ask("HEAD", path)
    assert headed["statusCode"] == got["statusCode"] == 200
    assert headed["multiValueHeaders"] == got["multiValueHeaders"]


def ask(method: str, path: str, **more: Any) -> dict[str, Any]:
    event = {
        "path": path,
        "httpMethod": method,
        "headers": {},
        "multiValueHeaders": {},
        "requestContext": {"stage": "api", "path": f"/api{path}", "authorizer": HOLDER},
        **more,
    }
    return api_handler.handler(event, Context())


def test_the_description_is_handed_out_and_is_the_one_that_is_kept(house: House):
    answer = ask("GET", "/openapi.json")
    assert json.loads(answer["body"]) == contract.description()
    (policy,) = ask("GET", "/docs")["multiValueHeaders"]["Content-Security-Policy"]
    assert "default-src 'none'" in policy


@pytest.mark.parametrize(("path", "status"), [("/", 200), ("/docs", 400)])
def test_the_page_alone_takes_what_an_issuer_adds_to_its_address(house: House, path, status):
    answer = ask("GET", path, queryStringParameters={"code": "1", "hd": "x"})
    assert answer["statusCode"] == status
