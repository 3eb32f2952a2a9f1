"""What power loss leaves of the database: all of what there was a moment before, nothing half."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path
from random import Random

import pytest

from fanfold.disk.database import Database
from fanfold.disk.documents import DiskDocuments
from fanfold.disk.queues import DiskQueue
from fanfold.model import Document, DoneMark, Shard, Source, State
from tests.fakes.world import FakeClock

STEPS = 60
CUTS = 200


@pytest.fixture
def history(tmp_path: Path) -> Path:
    """Pages are marked one after the other, and with each a message is sent and one received."""
    folder = tmp_path / "before"
    folder.mkdir()
    index, clock = Database(folder / "database"), FakeClock()
    documents, queue = DiskDocuments(index, clock), DiskQueue(index, clock, "page")
    documents.create(Document("d", "default", State.PROCESSING, "a.pdf", 1, 1))
    documents.open_shard(Shard("d", 0, 1, tuple(range(1, STEPS + 1))))
    index.settle()
    for page in range(1, STEPS + 1):
        with index.changing():
            documents.mark_done("d", 1, page, DoneMark(1, Source.OCR, 90, 1))
            queue.send([str(page)], group="default")
    # As it lies on the disk while the service runs.
    for path in folder.iterdir():
        shutil.copy(path, tmp_path / path.name)
    return tmp_path


def test_whatever_was_not_yet_written_is_missing_as_a_whole(history: Path, tmp_path_factory):
    random, log = Random(1), (history / "database-wal").read_bytes()
    found = set()
    for cut in range(CUTS):
        after = tmp_path_factory.mktemp(f"cut{cut}")
        shutil.copy(history / "database", after)
        kept = random.randrange(len(log))
        torn = random.randbytes(random.randrange(5_000)) if cut % 2 else b""
        (after / "database-wal").write_bytes(log[:kept] + torn)
        index = Database(after / "database")
        with index.reading() as connection:
            assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
            sent = [body for (body,) in connection.execute("SELECT body FROM messages ORDER BY id")]
        documents = DiskDocuments(index, FakeClock())
        shard = documents.shard("d", 0)
        assert shard is not None
        assert sorted(shard.done) == [int(body) for body in sent] == list(range(1, len(sent) + 1))
        found.add(len(sent))
        gone = documents.get("d")
        assert gone
        assert documents.mark_done("d", 1, STEPS, replace(DoneMark(1, Source.OCR, 90, 2)))
        index.close()
        shutil.rmtree(after)
    assert len(found) > STEPS / 2
