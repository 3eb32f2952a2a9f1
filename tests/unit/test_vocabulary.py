"""Ranges, keys, messages and errors: the words that everything else is made of."""

from __future__ import annotations

import contextlib
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fanfold import errors, keys, ranges
from fanfold.errors import BadMessage, InvalidPageRange
from fanfold.messages import (
    AssembleMessage,
    ObjectCreated,
    PageMessage,
    SplitMessage,
    decode,
    encode,
    encode_arrival,
    object_created,
)


@pytest.mark.parametrize(
    ("spec", "total", "pages"),
    [
        ("", 3, (1, 2, 3)),
        ("1-3,7,10-end", 12, (1, 2, 3, 7, 10, 11, 12)),
        ("end", 5, (5,)),
        ("3-", 5, (3, 4, 5)),
        ("7", 5, ()),
        ("4-9", 5, (4, 5)),
        ("5,1,1-2", 5, (1, 2, 5)),
        ("9-end", 5, ()),
    ],
)
def test_selections_name_the_pages_that_exist(spec, total, pages):
    assert ranges.expand(ranges.check(spec), total) == pages


@pytest.mark.parametrize("spec", ["0", "3-1", "a", "1--3", "1,,2", "-3", "1;2", "1-2-3", "0-2"])
def test_what_is_no_selection_is_refused(spec):
    with pytest.raises(InvalidPageRange):
        ranges.check(spec)


def test_white_space_in_a_selection_does_not_matter():
    assert ranges.check(" 1 - 3, 7 ") == "1-3,7"


def test_a_selection_of_absurd_length_is_refused():
    with pytest.raises(InvalidPageRange):
        ranges.check(",".join(["1"] * 2_000))


@given(st.sets(st.integers(1, 400)))
def test_compressing_and_expanding_gives_the_same_pages(pages):
    ordered = tuple(sorted(pages))
    if ordered:
        assert ranges.expand(ranges.compress(ordered), 400) == ordered


def test_upload_keys_say_tenant_and_document_and_nothing_else_does():
    assert keys.parse_upload(keys.upload("default", "abc")) == ("default", "abc")
    for key in ("uploads/", "uploads/a", "uploads/a/b/c", "uploads//b", "inbox/a/b"):
        assert keys.parse_upload(key) is None


def test_an_inbox_file_is_one_document_per_version():
    one = keys.inbox_document("inbox/a.pdf", "v1")
    assert one == keys.inbox_document("inbox/a.pdf", "v1")
    assert one != keys.inbox_document("inbox/a.pdf", "v2")
    assert one != keys.inbox_document("inbox/b.pdf", "v1")


@pytest.mark.parametrize(
    "message", [SplitMessage("d", 1, 0), PageMessage("d", 2, 17), AssembleMessage("d", 3)]
)
def test_messages_come_back_as_they_were_sent(message):
    assert decode(type(message), encode(message)) == message


@pytest.mark.parametrize(
    "body",
    [
        "",
        "nonsense",
        "[]",
        "null",
        "{}",
        '{"v":2,"document":"d","run":1,"page":1}',
        '{"v":1,"document":"d","run":1}',
        '{"v":1,"document":"d","run":1,"page":1,"more":1}',
        '{"v":1,"document":"d","run":1,"page":"1"}',
        '{"v":1,"document":"d","run":true,"page":1}',
        '{"v":1,"document":1,"run":1,"page":1}',
        '{"v":1,"document":"d","run":1,"page":-1}',
    ],
)
def test_bodies_that_are_no_messages_are_refused(body):
    with pytest.raises(BadMessage):
        decode(PageMessage, body)


@given(st.text())
def test_no_body_breaks_the_reader(body):
    for read in (lambda: decode(PageMessage, body), lambda: object_created(body)):
        with contextlib.suppress(BadMessage):
            read()


def test_the_key_of_an_arrival_is_taken_as_it_is():
    event = ObjectCreated("bucket", "inbox/Größe + 100% (1)%20.pdf", "v1", 7)
    assert object_created(encode_arrival(event)) == event


def test_other_news_of_the_bucket_is_no_arrival():
    assert object_created('{"Service":"Amazon S3","Event":"s3:TestEvent"}') is None
    assert object_created('{"detail-type":"Object Deleted","detail":{}}') is None


def test_an_arrival_without_an_object_is_refused():
    with pytest.raises(BadMessage):
        object_created(json.dumps({"detail-type": "Object Created", "detail": {}}))


def _all(kind):
    return [kind, *(one for child in kind.__subclasses__() for one in _all(child))]


def test_every_error_says_something_and_its_code_leads_back_to_it():
    kinds = _all(errors.FanfoldError)
    assert len(kinds) > 30
    for kind in kinds:
        assert str(kind()), kind
        assert errors.by_code(kind.code).code == kind.code


def test_the_tree_in_the_docstring_is_the_tree():
    leaves = [kind for kind in _all(errors.FanfoldError) if not kind.__subclasses__()]
    for kind in leaves:
        line = next((one for one in errors.__doc__.splitlines() if f" {kind.__name__} " in one), "")
        assert kind.code in line.split(), kind
        if kind.status not in (422, 500):
            assert str(kind.status) in line.split(), kind
        assert getattr(kind, "heavier", False) == ("(heavier)" in line), kind


def test_an_unknown_code_is_an_internal_error():
    assert errors.by_code("WHAT") is errors.FanfoldError
