"""What documents on disk do beyond the port: forget in time."""

from __future__ import annotations

from fanfold.disk.database import Database
from fanfold.disk.documents import DiskDocuments
from fanfold.model import Document, State
from tests.fakes.world import FakeClock

DAY = 24 * 3600


def test_a_deleted_document_is_remembered_for_a_month_and_others_for_ever():
    clock = FakeClock()
    store = DiskDocuments(Database(None), clock)
    for id_ in ("kept", "deleted", "seen"):
        store.create(Document(id_, "default", State.UPLOADING, "a.pdf", 1, 1, deadline=1))
    gone = store.delete("deleted", 1)
    store.delete("seen", 1)  # the sweep has not been there yet
    assert gone and store.bury(gone)
    clock.pass_seconds(29 * DAY)
    store.forget()
    assert store.get("deleted")
    clock.pass_seconds(DAY)
    store.forget()
    assert [store.get(id_) is None for id_ in ("kept", "deleted", "seen")] == [False, True, False]


def test_documents_of_a_state_are_found_by_an_index():
    database, asked = Database(None), list[str]()
    with database.reading() as connection:
        connection.set_trace_callback(asked.append)
    DiskDocuments(database, FakeClock()).list("t", state=State.PARTIAL, cursor=None, limit=9)
    with database.reading() as connection:
        plan = connection.execute(f"EXPLAIN QUERY PLAN {asked[0]}").fetchall()
    assert [line[-1].partition(" (")[0] for line in plan] == [
        "SEARCH documents USING INDEX by_state"
    ]
