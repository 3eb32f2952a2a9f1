"""The index follows the documents: what ended is found, what was deleted is gone from its file."""

from __future__ import annotations

import sqlite3

import pytest

from fanfold.access import TENANT
from fanfold.disk.index import INDEX_FILE, DiskIndex
from fanfold.errors import Unavailable
from fanfold.search import terms
from tests.fakes.house import House


@pytest.fixture
def house(tmp_path):
    return House(tmp_path / "work")


@pytest.fixture
def index(house, tmp_path):
    (tmp_path / "data").mkdir()
    return DiskIndex(
        tmp_path / "data", house.store.database, house.store, house.objects, patience=0
    )


def found(index, query, tenant=TENANT):
    return [(one.document, one.page) for one in index.find(tenant, terms(query))]


def test_what_has_ended_is_found_by_its_pages(house, index):
    document = house.read_document("a.pdf", "the lamp\nthe wick\nlamp and wick")
    other = house.read_document("b.pdf", "wicked lamp oil")
    assert found(index, "lamp") == []

    index.follow()

    assert sorted(found(index, "lamp ")) == sorted(
        [(document.id, 1), (document.id, 3), (other.id, 1)]
    )
    assert found(index, '"lamp and wick"') == [(document.id, 3)]
    assert sorted(found(index, "wick")) == sorted(
        [(document.id, 2), (document.id, 3), (other.id, 1)]
    )
    assert found(index, "lamp", "another") == []


def test_a_hit_shows_some_text_and_where_in_it(house, index):
    house.read_document("a.pdf", "the Größe of a lamp")
    index.follow()

    [hit] = index.find(TENANT, terms("grosse lamp"))

    assert hit.text == "the Größe of a lamp"
    assert [hit.text[begin:end] for begin, end in hit.matches] == ["Größe", "lamp"]


def test_what_was_deleted_leaves_nothing_in_the_file(house, index, tmp_path):
    document = house.read_document("a.pdf", "unmistakable words")
    house.read_document("b.pdf", "others")
    index.follow()
    assert found(index, "unmistakable") == [(document.id, 1)]

    house.api.delete(TENANT, document.id)
    index.follow()

    assert found(index, "unmistakable") == []
    held = b"".join(path.read_bytes() for path in (tmp_path / "data").glob(f"{INDEX_FILE}*"))
    assert b"unmistakable" not in held
    assert b"others" in held


def test_a_page_that_was_read_anew_is_found_by_its_new_words(house, index):
    event = house.drop("a.pdf", "one\ntwo")
    house.admit(event)
    house.settle()
    document = house.document(event)
    index.follow()
    house.api.retry(TENANT, document.id, "2", {})
    assert index.behind() == 0
    house.settle()
    assert index.behind() == 1

    index.follow()

    assert found(index, "two") == [(document.id, 2)]
    assert index.behind() == 0


@pytest.mark.parametrize("broken", [b"no database at all", None])
def test_an_index_that_cannot_be_used_is_made_anew(house, index, tmp_path, broken):
    document = house.read_document("a.pdf", "the lamp")
    index.follow()
    path = tmp_path / "data" / INDEX_FILE
    if broken:
        path.write_bytes(broken * 1000)
        with pytest.raises(Unavailable):
            found(index, "lamp")
    else:
        with sqlite3.connect(path) as other:
            other.execute("PRAGMA user_version = 99")

    index.follow()

    assert found(index, "lamp") == [(document.id, 1)]


def test_what_ended_just_now_is_found_without_being_waited_for(house, tmp_path):
    (tmp_path / "data").mkdir()
    patient = DiskIndex(tmp_path / "data", house.store.database, house.store, house.objects)
    document = house.read_document("a.pdf", "the lamp")

    assert found(patient, "lamp") == [(document.id, 1)]


def test_words_of_the_query_language_are_words(house, index):
    document = house.read_document("a.pdf", "this OR that AND NOT NEAR text:lamp")
    index.follow()

    assert found(index, "or and not near text lamp") == [(document.id, 1)]
