"""Data of an earlier version are brought up at the start, after a copy; of a later one, refused."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from fanfold import keys, pagezip
from fanfold.disk import checkup, formats, stores
from fanfold.disk.database import Database
from fanfold.disk.documents import DiskDocuments
from fanfold.disk.formats import FORMAT, NewerFormat
from fanfold.disk.queues import DiskQueue
from fanfold.disk.taken import Look, Taken
from fanfold.errors import Unavailable
from fanfold.model import State
from fanfold.pagezip import PageFiles
from tests.fakes.world import FakeClock

DOCUMENT = "0123456789abcdef0123456789abcdef"


@pytest.fixture
def first(tmp_path: Path) -> Path:
    """A database as the first version left it."""
    path = tmp_path / "database"
    connection = sqlite3.connect(path)
    connection.executescript(Path(__file__).with_name("format_1.sql").read_text())
    connection.close()
    return path


def test_an_earlier_format_is_brought_up_with_all_it_holds(first: Path):
    index, clock = Database(first), FakeClock()
    with index.reading() as connection:
        assert formats.of(connection) == FORMAT
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    document = DiskDocuments(index, clock).get(DOCUMENT)
    assert document and (document.name, document.state) == ("sent.pdf", State.UPLOADING)
    assert Taken(index).known("letter.pdf") == Look(19, 1_700_000_000_000_000_000)
    pages = DiskQueue(index, clock, "page")
    assert [message.body[-9:] for message in iter(pages.receive, None)] == [
        '"page":1}',
        '"page":2}',
    ]
    (waiting,) = iter(DiskQueue(index, clock, "intake").receive, None)
    assert keys.INBOX + "letter.pdf" in waiting.body


def test_a_pages_files_become_one_object(first: Path):
    """Two versions of a result, the layer and the picture of both; of another page a lost file."""
    page = "pages/d/1/00001"
    there = {
        f"{page}.pdf": b"layer",
        f"{page}.jpg": b"picture",
        f"{page}.json": b"{}",
        f"{page}.json~2": b"{} ",
    }
    (first.parent / "objects" / page).parent.mkdir(parents=True)
    connection = sqlite3.connect(first)
    for file, data in [*there.items(), ("pages/d/1/00002.json", b"")]:
        if data:
            (first.parent / "objects" / file).write_bytes(data)
        connection.execute(
            "INSERT INTO objects (key, file, size, media_type, owner) VALUES (?, ?, 9, '', '')",
            (file.partition("~")[0], file),
        )
    connection.commit()
    connection.close()
    objects = stores.build(first.parent, Database(first), FakeClock(), None).objects
    assert list(objects.list_keys("pages/")) == [f"{page}.zip", "pages/d/1/00002.zip"]
    data = objects.get(f"{page}.zip")
    assert data and pagezip.unpack(data) == PageFiles(b"{} ", b"layer", b"picture")
    seen = checkup.check(first.parent)
    assert [problem for problem in seen.problems if "has" in problem.split()] == []
    assert any("00002.zip is missing" in problem for problem in seen.problems)
    assert seen.leftovers == len(there)


def test_a_brought_up_database_is_made_as_a_new_one_is(first: Path, tmp_path: Path):
    def tables(path: Path) -> list[tuple[str, ...]]:
        with Database(path).reading() as connection:
            return connection.execute("SELECT name, sql FROM sqlite_master ORDER BY 1").fetchall()

    assert tables(first) == tables(tmp_path / "new")


def test_before_it_a_copy_is_made_that_the_earlier_version_opens(first: Path):
    Database(first).close()
    copy = sqlite3.connect(first.with_name("database.format-1"))
    assert formats.of(copy) == 1
    assert copy.execute("SELECT path FROM taken").fetchall() == [("letter.pdf",)]
    assert b"sent.pdf" in first.with_name("database.format-1").read_bytes()


def test_a_death_in_the_middle_leaves_the_earlier_format(first: Path, monkeypatch):
    broken = (*formats._FORMATS[:1], f"{formats._FORMATS[1]}SELECT nothing FROM nowhere;")
    with monkeypatch.context() as patched, pytest.raises(Unavailable):
        patched.setattr(formats, "_FORMATS", broken)
        Database(first)
    connection = sqlite3.connect(first)
    assert formats.of(connection) == 1
    connection.close()
    assert Taken(Database(first)).known("letter.pdf")


def test_data_of_a_later_version_are_refused(tmp_path: Path):
    Database(tmp_path / "database").close()
    connection = sqlite3.connect(tmp_path / "database")
    connection.execute(f"PRAGMA user_version = {FORMAT + 1}")
    connection.close()
    with pytest.raises(NewerFormat, match=f"format {FORMAT + 1}, and this version .* {FORMAT}"):
        Database(tmp_path / "database")
