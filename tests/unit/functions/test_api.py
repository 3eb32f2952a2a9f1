"""The API over fakes, spoken to in API Gateway's REST proxy events."""

from __future__ import annotations

import base64
import json
import re
import time
from dataclasses import asdict, dataclass, replace
from html import unescape
from pathlib import Path
from typing import Any

import pytest

from fanfold import keys, records, schemas
from fanfold.access import SignIn
from fanfold.disk.index import DiskIndex
from fanfold.errors import RenderFailed
from fanfold.model import Concern, Limits, State
from functions.api import handler as api_handler
from functions.api import routes
from tests import contract
from tests.fakes.documents import MemoryDocuments
from tests.fakes.house import House
from tests.fakes.world import PICTURE

HOLDER = {"tenant": "default", "scopes": "read write"}
"""What the authorizer tells of a token."""
THREE = "one\ntwo\nthree"


@dataclass
class Context:
    function_name: str = "api"
    memory_limit_in_mb: int = 512
    invoked_function_arn: str = "arn:aws:lambda:eu-central-1:123456789012:function:api"
    aws_request_id: str = "request"


@pytest.fixture
def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> House:
    built = House(tmp_path / "work")
    monkeypatch.setattr(routes, "api", lambda: built.api)
    return built


def call(
    method: str,
    path: str,
    body: bytes | str | None = None,
    kind: str | None = None,
    more: dict[str, str] | None = None,
    **query: str,
) -> tuple[int, Any, dict[str, Any]]:
    binary = isinstance(body, bytes)
    text = base64.b64encode(body).decode() if isinstance(body, bytes) else body
    headers = ({"Content-Type": kind} if kind else {}) | (more or {})
    event = {
        "resource": "/{proxy+}",
        "path": path,
        "httpMethod": method,
        "headers": headers,
        "multiValueHeaders": {name: [value] for name, value in headers.items()},
        "queryStringParameters": query or None,
        "multiValueQueryStringParameters": {n: [v] for n, v in query.items()} or None,
        "pathParameters": {"proxy": path[1:]},
        "stageVariables": None,
        "requestContext": {
            "stage": "api",
            "path": f"/api{path}",
            "requestId": "request",
            "authorizer": HOLDER,
        },
        "body": text,
        "isBase64Encoded": binary,
    }
    answer = api_handler.handler(event, Context())
    headers = {name: values[0] for name, values in answer["multiValueHeaders"].items()}
    told = answer.get("body")
    if told and "json" in headers.get("Content-Type", ""):
        told = json.loads(told)
    contract.check(method, path, answer["statusCode"], headers.get("Content-Type", ""), told)
    return answer["statusCode"], told, headers


def post_json(**body: Any) -> tuple[int, Any, dict[str, Any]]:
    return call("POST", "/v1/documents", json.dumps(body), "application/json")


def finished(house: House, text: str = THREE, **options: str) -> str:
    _, told, _ = post_json(name="Größe + 100%.pdf", options=options)
    house.admit(house.put(told["upload"]["fields"]["key"], text))
    house.settle()
    return told["id"]


def code(told: Any) -> str:
    assert set(told["error"]) >= {"code", "message", "retryable"}
    return told["error"]["code"]


def page_of(path: str) -> tuple[int, str, dict[str, str]]:
    event = {
        "path": path,
        "httpMethod": "GET",
        "headers": {},
        "multiValueHeaders": {},
        "requestContext": {"stage": "api", "path": f"/api{path}", "authorizer": HOLDER},
    }
    answer = api_handler.handler(event, Context())
    headers = {name: values[0] for name, values in answer["multiValueHeaders"].items()}
    return answer["statusCode"], answer["body"], headers


def test_the_web_page_brings_all_it_refers_to_and_lets_in_nothing_else(house: House):
    status, html, headers = page_of("/")
    assert (status, headers["Content-Type"]) == (200, "text/html; charset=utf-8")
    assert "script-src 'self'" in headers["Content-Security-Policy"]
    referred = re.findall(r'(?:href|src)="(web/[^"]+)"', html)
    assert len(referred) == 2
    for path in referred:
        assert page_of(f"/{path}")[0] == 200
    assert "<script>" not in html
    assert " style=" not in html


def test_the_web_page_lets_people_sign_in_where_there_is_an_issuer(house: House):
    assert '<meta name="sign-in" content="">' in page_of("/")[1]
    house.sign_in = SignIn('a"b<', "page", "https://a.example/in", "https://b.example/token", "x")
    _, html, headers = page_of("/")
    told = re.search(r'<meta name="sign-in" content="([^"]*)">', html)
    assert json.loads(unescape(told[1])) == asdict(house.sign_in)
    assert "connect-src 'self' https://b.example;" in headers["Content-Security-Policy"]


def test_the_web_page_never_writes_markup_from_documents(house: House):
    for name in ("api.js", "app.js", "signin.js", "uploads.js", "view.js"):
        _, script, _ = page_of(f"/web/{name}")
        assert not re.search(r"innerHTML|outerHTML|insertAdjacent|document\.write|eval\(", script)
        for imported in re.findall(r'(?:from |import\()"\./([^"]+)"', script):
            assert page_of(f"/web/{imported}")[0] == 200


def test_a_page_has_a_picture_where_the_document_asks_for_pictures(house: House):
    document = finished(house, pictures="true")
    status, body, headers = page_of(f"/v1/documents/{document}/pages/3/picture")
    assert (status, headers["Content-Type"]) == (200, "image/jpeg")
    assert base64.b64decode(body) == PICTURE
    assert code(call("GET", f"/v1/documents/{document}/pages/4/picture")[1]) == "NOT_FOUND"
    call("DELETE", f"/v1/documents/{document}")
    house.sweep()
    assert not any(key.endswith(".jpg") for key in house.objects.keys)


def test_a_document_that_asks_for_none_has_no_pictures(house: House):
    document = finished(house)
    status, told, _ = call("GET", f"/v1/documents/{document}/pages/1/picture")
    assert (status, code(told)) == (404, "NOT_FOUND")


@pytest.mark.parametrize("name", ["handler.py", "..%2Froutes.py", "missing.js"])
def test_only_the_web_page_s_own_files_are_handed_out(house: House, name):
    assert page_of(f"/web/{name}")[0] == 404


def test_health_needs_nothing(house: House):
    status, told, _ = call("GET", "/health")
    assert (status, told["status"]) == (200, "ok")


def test_json_asks_for_a_form_that_the_file_is_posted_to(house: House):
    status, told, headers = post_json(name="a.pdf", size=10, options={"languages": "eng+deu"})
    assert (status, told["state"]) == (201, "UPLOADING")
    assert told["upload"]["fields"]["key"] == f"uploads/default/{told['id']}"
    assert told["upload"]["expires_at"].endswith("Z")
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert house.store.get(told["id"]).options.languages == "eng+deu"


def test_a_raw_body_goes_straight_in(house: House):
    status, told, _ = call(
        "POST", "/v1/documents", b"%PDF-1.7", "application/pdf", name="../../a.pdf", pages="1-2"
    )
    assert status == 202
    document = house.store.get(told["id"])
    assert (document.name, document.options.pages) == ("a.pdf", "1-2")
    assert house.objects.get(f"uploads/default/{told['id']}") == b"%PDF-1.7"


def test_a_form_goes_straight_in_with_its_options(house: House):
    file = b"\x00\xff\r\n--not the boundary\r\n"
    body = (
        b'--B\r\nContent-Disposition: form-data; name="languages"\r\n\r\ndeu\r\n'
        b'--B\r\nContent-Disposition: form-data; name="file"; '
        b'filename="Gr\xc3\xb6\xc3\x9fe.png"\r\n'
        b"Content-Type: image/png\r\n\r\n" + file + b"\r\n--B--\r\n"
    )
    status, told, _ = call("POST", "/v1/documents", body, "multipart/form-data; boundary=B")
    assert status == 202
    document = house.store.get(told["id"])
    assert (document.name, document.options.languages) == ("Größe.png", "deu")
    assert house.objects.get(f"uploads/default/{told['id']}") == file


@pytest.mark.parametrize(
    ("body", "kind", "query", "status", "expected"),
    [
        ("{", "application/json", {}, 400, "INVALID_REQUEST"),
        ("[]", "application/json", {}, 400, "INVALID_REQUEST"),
        ('{"size": -1}', "application/json", {}, 400, "INVALID_REQUEST"),
        ('{"options": {"colour": "red"}}', "application/json", {}, 400, "INVALID_REQUEST"),
        ('{"options": {"languages": "klingon"}}', "application/json", {}, 400, "UNKNOWN_LANGUAGE"),
        ('{"options": {"languages": ["eng"]}}', "application/json", {}, 400, "INVALID_REQUEST"),
        ('{"options": {"mode": "magic"}}', "application/json", {}, 400, "INVALID_REQUEST"),
        ('{"options": {"outputs": ["docx"]}}', "application/json", {}, 400, "INVALID_REQUEST"),
        ('{"options": {"pages": "3-1"}}', "application/json", {}, 400, "INVALID_PAGE_RANGE"),
        ('{"size": 999999999999}', "application/json", {}, 422, "TOO_LARGE"),
        (b"", "application/pdf", {}, 400, "INVALID_REQUEST"),
        (b"x", "application/pdf", {"languages": "xyz"}, 400, "UNKNOWN_LANGUAGE"),
        (b"x", "application/pdf", {"codes": "maybe"}, 400, "INVALID_REQUEST"),
        (b"x", "application/pdf", {"engine": "best"}, 400, "INVALID_REQUEST"),
        (b"x", "application/pdf", {"unseen": "maybe"}, 400, "INVALID_REQUEST"),
        ("a=b", "application/x-www-form-urlencoded", {}, 415, "UNSUPPORTED_BODY"),
        (b"--B--\r\n", "multipart/form-data; boundary=B", {}, 400, "INVALID_REQUEST"),
        (b"junk", "multipart/form-data", {}, 400, "INVALID_REQUEST"),
    ],
)
def test_bad_requests_are_refused_before_any_work(
    house: House, body, kind, query, status, expected
):
    answered, told, _ = call("POST", "/v1/documents", body, kind, **query)
    assert (answered, code(told)) == (status, expected)
    assert house.store.metas == {}


def test_a_language_whose_data_lies_in_the_bucket_may_be_asked_for(house: House):
    house.objects.put("tessdata/fra.traineddata", b"data", "application/octet-stream")
    assert call("GET", "/v1/languages")[1] == {"languages": ["deu", "eng", "fra"]}
    status, told, _ = post_json(options={"languages": "fra+eng"})
    assert (status, house.store.get(told["id"]).options.languages) == (201, "fra+eng")


@pytest.mark.parametrize("name", schemas.SCHEMAS)
def test_the_schemas_of_results_are_handed_out(house: House, name):
    status, told, headers = call("GET", f"/v1/schema/{name}")
    assert (status, told) == (200, json.loads(schemas.text(name)))
    assert headers["Content-Type"] == "application/schema+json"


def test_a_schema_that_there_is_not_is_not_found(house: House):
    status, told, _ = call("GET", "/v1/schema/other.json")
    assert (status, code(told)) == (404, "NOT_FOUND")


def test_an_unknown_language_names_those_that_there_are(house: House):
    _, told, _ = post_json(options={"languages": "fra"})
    assert "deu, eng" in told["error"]["message"]


@pytest.mark.parametrize("text", ["auto", "AUTO", " auto "])
def test_the_language_may_be_left_to_be_found_out(house: House, text):
    status, told, _ = post_json(options={"languages": text})
    assert (status, house.store.get(told["id"]).options.languages) == (201, "auto")


@pytest.mark.parametrize("text", ["auto+deu", "deu+auto", "auto,auto"])
def test_auto_stands_by_itself(house: House, text):
    status, told, _ = post_json(options={"languages": text})
    assert (status, code(told)) == (400, "UNKNOWN_LANGUAGE")
    assert "auto by itself" in told["error"]["message"]


def test_a_body_beyond_the_payload_limit_is_told_where_to_go(house: House):
    house.limits = Limits(body_bytes=5)
    status, told, _ = call("POST", "/v1/documents", b"123456", "application/pdf")
    assert (status, code(told)) == (413, "PAYLOAD_TOO_LARGE")
    assert "/v1/documents" in told["error"]["hint"]


def test_a_running_document_tells_every_page_and_hands_out_those_that_are_done(house: House):
    _, told, _ = post_json(name="a.pdf")
    document = told["id"]
    assert call("GET", f"/v1/documents/{document}")[1]["page_states"] == []
    house.admit(house.put(told["upload"]["fields"]["key"], THREE))
    house.split(house.split_queue.take()[0])
    house.reader.errors["two"] = RenderFailed()
    for body in house.page_queue.take()[:2]:
        house.read(body)
    _, told, _ = call("GET", f"/v1/documents/{document}")
    assert told["state"] == "PROCESSING"
    assert told["pages"] == {"total": 3, "done": 1, "failed": 1, "waiting": 1, "skipped": 0}
    assert [page["state"] for page in told["page_states"]] == ["done", "failed", "waiting"]
    assert told["page_states"][1]["error"]["code"] == "RENDER_FAILED"
    status, page, _ = call("GET", f"/v1/documents/{document}/pages/1")
    assert (status, page["blocks"][0]["lines"][0]["words"][0]["text"]) == (200, "one")
    status, told, _ = call("GET", f"/v1/documents/{document}/pages/3")
    assert (status, code(told), told["error"]["retryable"]) == (409, "NOT_READY", True)
    status, told, _ = call("GET", f"/v1/documents/{document}/pages/2")
    assert (status, code(told)) == (409, "NO_RESULT")
    status, told, _ = call("GET", f"/v1/documents/{document}/result")
    assert (status, code(told)) == (409, "NOT_READY")


def begun(house: House) -> tuple[str, str]:
    """Return a document of three pages, the first of which is read, and the second's message."""
    document = str(post_json(name="a.pdf")[1]["id"])
    house.admit(house.put(keys.upload("default", document), THREE))
    house.split(house.split_queue.take()[0])
    first, second, _ = house.page_queue.take()
    house.read(first)
    return document, second


def test_who_polls_is_told_when_to_ask_again_and_what_has_not_changed(house: House):
    document, second = begun(house)
    path = f"/v1/documents/{document}"
    _, _, headers = call("GET", path)
    assert headers["Retry-After"] == "1"
    known = {"If-None-Match": f'"else", W/{headers["ETag"]}'}
    status, told, again = call("GET", path, more=known)
    assert (status, told, again["ETag"]) == (304, None, headers["ETag"])
    assert call("GET", f"{path}/pages/3")[2]["Retry-After"] == "1"
    house.read(second)
    assert call("GET", path, more=known)[0] == 200


def test_nobody_waits_for_what_has_ended_or_is_news_already(house: House):
    path, ended = f"/v1/documents/{begun(house)[0]}", finished(house)
    began = time.monotonic()
    assert call("GET", path, more={"If-None-Match": '"other"'}, wait="20")[0] == 200
    _, told, headers = call("GET", f"/v1/documents/{ended}", wait="20")
    assert (told["state"], "Retry-After" in headers) == ("SUCCEEDED", False)
    assert time.monotonic() - began < 10
    assert call("GET", path, wait="21")[0] == 400


def test_a_page_can_be_had_as_text(house: House):
    path = f"/v1/documents/{begun(house)[0]}/pages/1"
    status, text, headers = call("GET", path, format="txt")
    assert (status, text) == (200, "one\n")
    assert headers["Content-Type"] == "text/plain; charset=utf-8"
    assert call("GET", path, format="pdf")[0] == 400


def test_results_are_links_under_the_documents_own_name(house: House):
    document = finished(house)
    for form, name in (("txt", "text.txt"), ("json", "document.json"), ("pdf", "document.pdf")):
        status, _, headers = call("GET", f"/v1/documents/{document}/result", format=form)
        assert status == 303
        assert f"results/{document}/1/{name}" in headers["Location"]
        assert f"Gr%C3%B6%C3%9Fe%20%2B%20100%25.{form}" in headers["Location"]


def test_a_failed_document_has_no_result_and_says_why(house: House):
    document = finished(house, "")
    status, told, _ = call("GET", f"/v1/documents/{document}/result")
    assert (status, code(told)) == (409, "NO_RESULT")
    assert "empty" in told["error"]["message"]
    assert call("GET", f"/v1/documents/{document}")[1]["reason"]["code"] == "EMPTY_FILE"
    finished(house)
    listed = call("GET", "/v1/documents")[1]["documents"]
    codes = {one["id"]: one["reason"] and one["reason"]["code"] for one in listed}
    assert codes.pop(document) == "EMPTY_FILE"
    assert list(codes.values()) == [None]


@pytest.mark.parametrize(
    ("path", "query"),
    [
        ("/v1/documents/nobody", {}),
        ("/v1/documents/nobody/result", {}),
        ("/v1/documents/nobody/pages/1", {}),
        ("/v1/elsewhere", {}),
    ],
)
def test_what_is_not_there_is_404(house: House, path, query):
    status, told, _ = call("GET", path, **query)
    assert (status, code(told)) == (404, "NOT_FOUND")


@pytest.mark.parametrize("page", ["0", "4", "99999999999999999999", "-1", "x", "1.5"])
def test_pages_that_do_not_exist_are_404(house: House, page):
    document = finished(house)
    status, told, _ = call("GET", f"/v1/documents/{document}/pages/{page}")
    assert (status, code(told)) == (404, "NOT_FOUND")


def test_an_unknown_format_is_refused(house: House):
    document = finished(house)
    status, told, _ = call("GET", f"/v1/documents/{document}/result", format="docx")
    assert (status, code(told)) == (400, "INVALID_REQUEST")


def test_documents_of_another_tenant_are_not_there(house: House):
    document = finished(house)
    house.store.metas[document] = replace(house.store.metas[document], tenant="other")
    for method, path in (
        ("GET", ""),
        ("GET", "/pages/1"),
        ("GET", "/result"),
        ("POST", "/retry"),
        ("POST", "/cancel"),
        ("DELETE", ""),
    ):
        assert call(method, f"/v1/documents/{document}{path}")[0] == 404
    assert call("GET", "/v1/documents")[1]["documents"] == []


def test_listing_goes_newest_first_and_continues(house: House):
    ids = []
    for _ in range(3):
        house.clock.pass_seconds(1)
        ids.append(finished(house))
    _, first, _ = call("GET", "/v1/documents", limit="2")
    assert [one["id"] for one in first["documents"]] == [ids[2], ids[1]]
    _, rest, _ = call("GET", "/v1/documents", limit="2", cursor=first["cursor"])
    assert ([one["id"] for one in rest["documents"]], rest["cursor"]) == ([ids[0]], None)
    assert call("GET", "/v1/documents", state="failed")[1]["documents"] == []


def test_listing_counts_the_pages_of_what_is_under_way(house: House):
    begun(house)
    (one,) = call("GET", "/v1/documents")[1]["documents"]
    assert one["pages"] == {"total": 3, "done": 1, "failed": 0}


def test_listing_counts_why_pages_are_in_review(house: House):
    house.reader.concerns["one"] = (Concern.DOUBTFUL, Concern.UNREAD)
    document = finished(house)
    counts = {"doubtful": 1, "unread": 1}
    assert call("GET", "/v1/documents")[1]["documents"][0]["concerns"] == counts
    assert call("GET", f"/v1/documents/{document}")[1]["concerns"] == counts


@pytest.mark.parametrize(
    "query", [{"limit": "0"}, {"limit": "x"}, {"limit": "101"}, {"state": "GONE"}]
)
def test_a_listing_that_makes_no_sense_is_refused(house: House, query):
    status, told, _ = call("GET", "/v1/documents", **query)
    assert (status, code(told)) == (400, "INVALID_REQUEST")


def test_one_idempotency_key_is_one_document(house: House):
    def send(name: str, key: str = "k-1") -> tuple[int, Any, dict[str, Any]]:
        body = b"%PDF-1.7"
        return call(
            "POST", "/v1/documents", body, "application/pdf", {"Idempotency-Key": key}, name=name
        )

    first, again, other = send("a.pdf"), send("a.pdf"), send("b.pdf")
    assert (first[0], first[1]["id"]) == (202, again[1]["id"])
    assert len(house.store.metas) == 1
    assert (other[0], code(other[1])) == (409, "IDEMPOTENCY_KEY_REUSED")
    for bad in ("", "two words", "é", "x" * 256):
        assert code(send("a.pdf", bad)[1]) == "INVALID_REQUEST"


def test_what_was_read_before_is_answered_at_once(house: House):
    document = finished(house, "one")
    digest = house.store.get(document).source.sha256
    status, told, _ = post_json(name="b.pdf", sha256=digest)
    assert (status, told["id"], told["state"]) == (200, document, "SUCCEEDED")
    assert "upload" not in told
    assert call("POST", "/v1/documents", b"one", "application/pdf")[1]["id"] == document
    assert code(post_json(sha256="xyz")[1]) == "INVALID_REQUEST"


def test_it_is_read_again_where_that_is_asked_for(house: House):
    document = finished(house, "one")
    digest = house.store.get(document).source.sha256
    asked = [
        post_json(sha256=digest, options={"fresh": True}),
        call("POST", "/v1/documents", b"one", "application/pdf", fresh="true"),
    ]
    assert [status for status, _, _ in asked] == [201, 202]
    assert document not in [told["id"] for _, told, _ in asked]
    assert code(post_json(options={"fresh": "perhaps"})[1]) == "INVALID_REQUEST"


def test_it_is_read_again_once_others_read(house: House, monkeypatch):
    document = finished(house, "one")
    digest = house.store.get(document).source.sha256
    monkeypatch.setattr(records, "READS", "somebody better")
    assert post_json(sha256=digest)[0] == 201
    assert house.store.get(document).state is State.SUCCEEDED


def test_a_retry_answers_at_once_and_is_told_as_a_new_run(house: House):
    house.reader.errors["two"] = RenderFailed()
    document = finished(house)
    house.reader.errors.clear()
    status, told, _ = call("POST", f"/v1/documents/{document}/retry")
    assert (status, told["state"]) == (202, "PROCESSING")
    _, told, _ = call("GET", f"/v1/documents/{document}")
    assert (told["run"], told["results_run"], told["pages"]["waiting"]) == (2, 1, 1)
    assert call("GET", f"/v1/documents/{document}/result")[0] == 303
    house.settle()
    assert call("GET", f"/v1/documents/{document}")[1]["state"] == "SUCCEEDED"


@pytest.mark.parametrize(
    ("body", "status", "expected"),
    [
        (None, 409, "NOTHING_TO_RETRY"),
        ("{", 400, "INVALID_REQUEST"),
        ("[]", 400, "INVALID_REQUEST"),
        ('{"page": 1}', 400, "INVALID_REQUEST"),
        ('{"pages": 1}', 400, "INVALID_REQUEST"),
        ('{"pages": "x"}', 400, "INVALID_PAGE_RANGE"),
        ('{"pages": "1", "options": []}', 400, "INVALID_REQUEST"),
        ('{"pages": "1", "options": {"languages": "klingon"}}', 400, "UNKNOWN_LANGUAGE"),
    ],
)
def test_retries_that_make_no_sense_are_refused(house: House, body, status, expected):
    document = finished(house)
    answered, told, _ = call("POST", f"/v1/documents/{document}/retry", body, "application/json")
    assert (answered, code(told)) == (status, expected)


def test_a_cancelled_document_says_so_and_cannot_be_cancelled_when_it_has_ended(house: House):
    _, told, _ = post_json(name="a.pdf")
    cancel = f"/v1/documents/{told['id']}/cancel"
    assert call("POST", cancel)[:2] == (200, {**told_in_short(told), "state": "CANCELLED"})
    assert call("POST", cancel)[0] == 200
    ended = finished(house)
    status, told, _ = call("POST", f"/v1/documents/{ended}/cancel")
    assert (status, code(told)) == (409, "ALREADY_ENDED")


def told_in_short(told: Any) -> dict[str, Any]:
    return {name: told[name] for name in ("id", "state", "links")}


def test_deleting_a_dropped_document_takes_its_file_and_its_outbox_along(house: House):
    newer_stays = house.drop("a.pdf", "one")
    document = house.read_document("a.pdf", THREE)
    house.objects.put("inbox/a.pdf", b"newer", "application/pdf")
    assert call("DELETE", f"/v1/documents/{document.id}")[0] == 202
    house.sweep()
    assert house.objects.keys == ["inbox/a.pdf"]
    assert newer_stays.version in house.objects.versions["inbox/a.pdf"]


def test_what_nobody_foresaw_is_told_as_internal(house: House, monkeypatch, caplog):
    monkeypatch.setattr(house.store, "get", lambda _: 1 / 0)
    status, told, _ = call("GET", "/v1/documents/x")
    assert (status, code(told)) == (500, "INTERNAL")
    assert "division" not in json.dumps(told)
    assert "request failed" in caplog.messages


def long_document(house: House, pages: int) -> str:
    """Return a document of so many pages, whose tenth page failed."""
    _, told, _ = post_json(name="long.pdf")
    house.reader.errors["10"] = RenderFailed()
    text = "\n".join(map(str, range(1, pages + 1)))
    house.admit(house.put(told["upload"]["fields"]["key"], text))
    house.split(house.split_queue.take()[0])
    for body in house.page_queue.take()[:20]:
        house.read(body)
    return str(told["id"])


def test_the_pages_of_a_long_document_are_told_range_by_range(house: House):
    document = long_document(house, 2_150)
    path = f"/v1/documents/{document}"
    _, told, _ = call("GET", path)
    assert told["pages"] == {"total": 2150, "done": 19, "failed": 1, "waiting": 2130, "skipped": 0}
    assert told["page_states"] == []
    links, numbers = [told["next"]], []
    while links[-1]:
        range_ = links[-1].partition("?pages=")[2]
        _, part, _ = call("GET", path, pages=range_)
        numbers += [page["page"] for page in part["page_states"]]
        links.append(part["next"])
    assert links == [f"/api{path}?pages={r}" for r in ("1-1000", "1001-2000", "2001-2150")] + [None]
    assert numbers == list(range(1, 2_151))


def test_a_range_of_pages_reads_no_more_shards_than_it_needs(house: House, monkeypatch):
    document, asked = long_document(house, 1_100), []
    monkeypatch.setattr(
        house.store, "shards", lambda one, numbers: asked.append(numbers) or () if one else ()
    )
    _, told, _ = call("GET", f"/v1/documents/{document}", pages="301-350,1050")
    assert asked == [[3, 10]]
    assert [page["page"] for page in told["page_states"]] == [*range(301, 351), 1050]
    assert told["next"].endswith("?pages=1051-1100")


def test_too_many_pages_at_once_and_ranges_that_are_none_are_refused(house: House):
    document = long_document(house, 1_100)
    for range_ in ("1-end", "0-3", "x"):
        status, told, _ = call("GET", f"/v1/documents/{document}", pages=range_)
        assert (status, code(told)) == (400, "INVALID_PAGE_RANGE")


def test_the_status_of_the_longest_document_fits_into_an_answer(house: House):
    document = long_document(house, 50_000)
    path = f"/v1/documents/{document}"
    whole, part = call("GET", path)[1], call("GET", path, pages="1-1000")[1]
    assert len(json.dumps(whole)) < 6_000_000 / 10
    assert len(json.dumps(part)) < 6_000_000 / 10


@pytest.mark.parametrize(
    ("called", "base"), [("/api/v1/documents", "/api"), ("/v1/documents", ""), (None, "")]
)
def test_links_lead_to_where_the_caller_came_from(house: House, called, base):
    event = {
        "path": "/v1/documents",
        "httpMethod": "POST",
        "headers": {"Content-Type": "application/json"},
        "multiValueHeaders": {},
        "requestContext": {"stage": "api", "path": called, "authorizer": HOLDER},
        "body": "{}",
    }
    told = json.loads(api_handler.handler(event, Context())["body"])
    assert told["links"]["self"] == f"{base}/v1/documents/{told['id']}"


def test_a_deleted_document_is_out_of_sight_at_once_and_the_sweep_does_the_work(house: House):
    document = finished(house)
    status, told, _ = call("DELETE", f"/v1/documents/{document}")
    assert (status, told["state"]) == (202, "DELETED")
    assert call("GET", f"/v1/documents/{document}")[0] == 404
    assert call("GET", "/v1/documents")[1]["documents"] == []
    assert house.objects.keys
    house.sweep()
    assert (house.objects.keys, house.store.shard_items) == ([], {})
    assert call("DELETE", f"/v1/documents/{document}")[0] == 202


def test_what_was_kept_for_its_time_is_gone_before_it_is_swept(house: House):
    house.store = MemoryDocuments(house.clock, retain=30 * 24 * 3600 * 1000)
    document = finished(house)
    path = f"/v1/documents/{document}"
    assert call("GET", path)[1]["kept_until"] == "1970-01-31T00:16:40.000Z"
    house.clock.pass_seconds(30 * 24 * 3600)
    calls = [
        call("GET", path),
        call("GET", f"{path}/result"),
        call("GET", f"{path}/pages/1"),
        call("POST", f"{path}/retry", "{}", "application/json"),
        call("POST", f"{path}/cancel"),
    ]
    assert [(status, code(told)) for status, told, _ in calls] == [(410, "EXPIRED_RESULT")] * 5
    assert call("GET", "/v1/documents")[1]["documents"] == []


def test_a_page_that_left_before_its_document_is_gone_not_unknown(house: House):
    document = finished(house)
    house.objects.delete_prefix(keys.PAGES)
    status, told, _ = call("GET", f"/v1/documents/{document}/pages/2")
    assert (status, code(told)) == (410, "EXPIRED_RESULT")
    assert call("GET", f"/v1/documents/{document}/pages/9")[0] == 404


def test_the_key_of_a_document_that_is_to_be_forgotten_is_refused(house: House):
    house.store = MemoryDocuments(house.clock, retain=1_000)
    key = {"Idempotency-Key": "k"}
    body = json.dumps({"name": "a.pdf"})
    told = call("POST", "/v1/documents", body, "application/json", key)[1]
    house.admit(house.put(told["upload"]["fields"]["key"], THREE))
    house.settle()
    house.clock.pass_seconds(1)
    status, told, _ = call("POST", "/v1/documents", body, "application/json", key)
    assert (status, code(told)) == (410, "EXPIRED_RESULT")


def test_words_are_found_on_the_pages_of_a_document(house):
    document = house.read_document("a.pdf", "the lamp\nthe wick\nlamp oil")

    status, body, _ = call("GET", f"/v1/documents/{document.id}/search", q="lamp")

    assert status == 200
    assert [(hit["page"], hit["lines"]) for hit in body["hits"]] == [
        (1, ["the lamp"]),
        (3, ["lamp oil"]),
    ]
    assert all(hit["boxes"] == [[0, 0, 10, 10]] for hit in body["hits"])
    assert body["next_pages"] is None


def test_a_long_document_is_searched_by_ranges(house, monkeypatch):
    monkeypatch.setattr("fanfold.stages.search.MAXIMUM_SEARCHED", 2)
    document = house.read_document("a.pdf", "lamp\nwick\nlamp\nlamp\nwick")
    path, found, pages = f"/v1/documents/{document.id}/search", [], ""

    while pages is not None:
        _, body, _ = call("GET", path, q="lamp", **({"pages": pages} if pages else {}))
        found += [hit["page"] for hit in body["hits"]]
        pages = body["next_pages"]

    assert found == [1, 3, 4]
    assert call("GET", path, q="lamp", pages="1-3")[0] == 400


def test_all_documents_are_searched_where_there_is_an_index(house, tmp_path):
    assert call("GET", "/v1/search", q="lamp")[:1] == (404,)
    (tmp_path / "data").mkdir()
    house.index = DiskIndex(
        tmp_path / "data", house.store.database, house.store, house.objects, patience=0
    )
    document = house.read_document("a.pdf", "the lamp\nthe wick\nlamp oil")
    gone = house.read_document("b.pdf", "another lamp")
    house.index.follow()
    house.api.delete("default", gone.id)
    house.read_document("c.pdf", "a lamp that is not known yet")

    status, body, _ = call("GET", "/v1/search", q="lamp")

    assert status == 200
    [found] = body["documents"]
    assert (found["id"], found["name"]) == (document.id, "a.pdf")
    assert [(hit["page"], hit["text"], hit["matches"]) for hit in found["hits"]] == [
        (1, "the lamp", [[4, 8]]), (3, "lamp oil", [[0, 4]]),
    ]  # fmt: skip
    assert body["behind"] == 2


@pytest.mark.parametrize("query", ["", "!"])
def test_a_search_for_nothing_is_refused(house, query):
    document = house.read_document("a.pdf", "one")
    assert call("GET", f"/v1/documents/{document.id}/search", q=query)[0] == 400
