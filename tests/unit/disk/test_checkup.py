"""What is found wrong with a data folder, and what is not."""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path

import pytest

from fanfold import keys
from fanfold.disk.checkup import Checkup, check, clear
from fanfold.disk.formats import FORMAT
from fanfold.model import Output
from tests.fakes.folder import Folder


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Folder:
    return Folder(tmp_path / "data", monkeypatch)


def test_where_nothing_is_nothing_is_wrong(tmp_path: Path):
    assert check(tmp_path / "none") == Checkup(0)
    assert not (tmp_path / "none").exists()


def test_what_a_service_works_in_is_sound_at_any_step(folder: Folder):
    document = folder.drop("a.pdf", "plain one\nBROKEN\nplain three")
    worker = folder.worker()
    seen = check(folder.data)
    while worker.work():
        seen = check(folder.data)
        assert seen.problems == ()
    assert (seen.format, seen.documents, seen.leftovers) == (FORMAT, 1, 0)
    folder.delete(document)
    assert check(folder.data).problems == ()


def test_files_that_are_missing_cut_or_unknown_are_told_apart(folder: Folder):
    folder.read("a.pdf", "plain one\nplain two")
    text, page = (
        next(folder.data.glob(f"objects/{name}"))
        for name in ("results/*/1/text.txt", "pages/*/1/00001.zip")
    )
    text.unlink()
    page.write_bytes(page.read_bytes()[:-1])
    (folder.data / "objects" / "left").write_text("by a crash")
    found = check(folder.data)
    assert found.leftovers == 1
    assert sorted(line.split(" the object ")[1].split("/")[0] for line in found.problems) == [
        "pages",
        "results",
    ]
    assert [
        ("is missing" in line, "bytes instead of" in line) for line in sorted(found.problems)
    ] == [(False, True), (True, False)]


def test_what_documents_lack_is_named(folder: Folder):
    document = folder.read("a.pdf", "plain one")
    objects = folder.steps.stores.objects
    assert document.source
    gone = [
        document.source.key,
        keys.result(document.id, 1, keys.RESULT_FILES[Output.TEXT]),
        keys.page_result(document.id, 1, 1),
    ]
    for key in gone:
        objects.delete(key)
    assert sorted(check(folder.data).problems) == sorted(
        f"the document {document.id} lacks {key}" for key in gone
    )


def test_objects_whose_document_is_gone_are_named(folder: Folder):
    document = folder.read("a.pdf", "plain one")
    with folder.steps.database.changing() as connection:
        connection.execute("DELETE FROM documents")
    problems = check(folder.data).problems
    assert {line.split()[2].split("/")[0] for line in problems} == {
        "inbox",
        "work",
        "pages",
        "results",
        "outbox",
    }
    assert document.id in " ".join(problems)


def test_a_damaged_database_and_a_later_format_are_told(folder: Folder):
    folder.read("a.pdf", "plain one")
    path = folder.data / "database"
    folder.close()
    connection = sqlite3.connect(path)
    connection.execute(f"PRAGMA user_version = {FORMAT + 1}")
    connection.close()
    assert "later one" in check(folder.data).problems[0]
    data = bytearray(path.read_bytes())
    data[5000:9000] = b"\x07" * 4000
    path.write_bytes(data)
    assert check(folder.data).problems
    path.write_bytes(b"no database at all" * 100)
    assert "cannot be read" in check(folder.data).problems[0]


def test_what_a_crash_left_is_cleared_and_nothing_else(folder: Folder):
    folder.read("a.pdf", "plain one")
    objects = folder.data / "objects"
    for name, moment in (("left", 1), ("being written", 3)):
        (objects / name).write_text("x")
        os.utime(objects / name, ns=(moment, moment))
    known = next(objects.rglob("text.txt"))
    os.utime(known, ns=(1, 1))
    assert clear(folder.data, before=2) == 1
    assert known.exists()
    assert (check(folder.data).leftovers, check(folder.data).problems) == (1, ())
