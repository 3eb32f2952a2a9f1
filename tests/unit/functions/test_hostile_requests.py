"""Whatever is sent, the API answers typed, in UTF-8, and below 500."""

from __future__ import annotations

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.unit.functions.test_api import call, house

__all__ = ["house"]

few = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
texts = st.text(st.characters(), max_size=20)  # also halves of surrogate pairs
values = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), texts),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(texts, inner, max_size=3)),
    max_leaves=8,
)
OPTIONS = ["languages", "pages", "mode", "outputs", "codes", "unseen"]
options = st.dictionaries(st.one_of(st.sampled_from(OPTIONS), texts), values, max_size=3)
FIELDS = ["name", "size", "sha256", "options"]
wishes = st.dictionaries(st.sampled_from(FIELDS), st.one_of(values, options), max_size=4)


def typed(answer):
    status, told, _ = answer
    json.dumps(told, ensure_ascii=False).encode()  # what API Gateway has to send
    assert status < 500
    assert status < 400 or told["error"]["code"] != "INTERNAL"
    return status


@few
@given(wish=st.one_of(wishes, values))
def test_any_json_is_answered_typed(house, wish):
    typed(call("POST", "/v1/documents", json.dumps(wish), "application/json"))


@few
@given(query=st.dictionaries(st.sampled_from([*OPTIONS, "name"]), texts, max_size=3))
def test_any_query_beside_a_file_is_answered_typed(house, query):
    typed(call("POST", "/v1/documents", b"%PDF-1.7", "application/pdf", **query))


@few
@given(query=st.dictionaries(st.sampled_from(["limit", "cursor", "state"]), texts, max_size=3))
def test_any_query_for_a_list_is_answered_typed(house, query):
    typed(call("GET", "/v1/documents", **query))


@few
@given(body=st.binary(max_size=200), boundary=st.sampled_from(["B", "", '"', "x" * 500]))
def test_any_form_is_answered_typed(house, body, boundary):
    kind = f"multipart/form-data; boundary={boundary}"
    for sent in (body, b"--B\r\n" + body, b"--B\r\nContent-Disposition: form-data; " + body):
        assert typed(call("POST", "/v1/documents", sent, kind)) >= 400


@pytest.mark.parametrize("field", ["name", "languages", "\u00e9"])
def test_a_field_that_is_not_utf_8_is_said_to_be_unreadable(house, field):
    parts = (f'name="{field}"\r\n\r\n'.encode() + b"\xff", b'name="file"; filename="a"\r\n\r\nb')
    body = b"".join(b"--B\r\nContent-Disposition: form-data; " + one + b"\r\n" for one in parts)
    assert (
        typed(call("POST", "/v1/documents", body + b"--B--", "multipart/form-data; boundary=B"))
        == 400
    )


@pytest.mark.parametrize("charset", ["none", "hex", "idna"])
def test_a_charset_that_a_field_names_is_not_looked_up(house, charset):
    kind = f"Content-Type: text/plain; charset={charset}\r\n".encode()
    parts = (b'name="languages"\r\n' + kind + b"\r\neng", b'name="file"; filename="a"\r\n\r\nb')
    body = b"".join(b"--B\r\nContent-Disposition: form-data; " + one + b"\r\n" for one in parts)
    assert (
        typed(call("POST", "/v1/documents", body + b"--B--", "multipart/form-data; boundary=B"))
        == 202
    )


@pytest.mark.parametrize("text", ["9" * 5000, "1e3", "-1", "0", "٣", " 1", ""])
def test_an_odd_limit_is_answered_typed(house, text):
    typed(call("GET", "/v1/documents", limit=text))


@pytest.mark.parametrize("body", ["[" * 100_000, '{"a":' * 100_000, "1" * 5000, "NaN", "\ud800"])
def test_json_that_breaks_readers_is_said_to_be_none(house, body):
    assert typed(call("POST", "/v1/documents", body, "application/json")) == 400


@pytest.mark.parametrize(
    "wish", [{"options": {"\ud800": 1}}, {"options": {"languages": "\ud800"}}, {"name": "\ud800"}]
)
def test_half_a_character_does_not_break_the_answer(house, wish):
    typed(call("POST", "/v1/documents", json.dumps(wish), "application/json"))


@pytest.mark.parametrize("name", [["a.pdf"], {"a": 1}, 5, True])
def test_a_name_that_is_no_text_is_refused(house, name):
    assert (
        typed(call("POST", "/v1/documents", json.dumps({"name": name}), "application/json")) == 400
    )


@pytest.mark.parametrize("path", ["", "/pages/1", "/pages/" + "9" * 5000, "/result"])
@pytest.mark.parametrize("document", ["x" * 3000, "%2e%2e", "a b", "\u202e", "DOC#1"])
def test_an_odd_address_is_not_found(house, document, path):
    assert typed(call("GET", f"/v1/documents/{document}{path}")) == 404
