"""What every DocumentStore must do."""

from __future__ import annotations

import base64
from dataclasses import replace

import pytest

from fanfold import records
from fanfold.errors import InvalidRequest
from fanfold.model import (
    Document,
    DoneMark,
    FailedMark,
    Mode,
    Options,
    Output,
    Reason,
    Shard,
    Source,
    SourceFile,
    State,
)
from fanfold.ports import Ending, Opened

DONE = DoneMark(1, Source.OCR, 93, milliseconds=2345, review=True, languages="deu")
FAILED = FailedMark("TIMEOUT", attempt=2)
SOURCE = SourceFile("uploads/default/d", "v1", 1234)
OPENED = Opened(3, "1-3", 3, 1, "ab" * 32, "application/pdf", 5_000)
REASON = Reason("TOO_LARGE", "The file is larger than the limit.", False, None)


def document(**changes) -> Document:
    fresh = Document(
        id="d",
        tenant="default",
        state=State.UPLOADING,
        name="scan.pdf",
        created_at=1_000,
        updated_at=1_000,
        options=Options("eng+deu", "1-3", Mode.OCR, (Output.TEXT,)),
        deadline=2_000,
    )
    return replace(fresh, **changes)


def processing(store, **changes) -> Document:
    opened = replace(OPENED, **changes)
    store.create(document())
    store.pin("d", SOURCE, 3_000)
    return store.begin("d", 1, opened)


def assembling(store) -> None:
    processing(store)
    store.shard_done("d", 1, 0, 6_000)
    store.ready("d", 1, 7_000)


def ending(**changes) -> Ending:
    return replace(Ending(State.SUCCEEDED, 3, 0, 99, (Output.TEXT, Output.JSON)), **changes)


def test_a_document_is_read_as_it_was_created(store):
    assert store.create(document())
    assert store.get("d") == document()


def test_what_intake_learnt_of_the_file_is_kept(store):
    processing(store, signed=True, active_content=("JAVASCRIPT", "LAUNCH"))
    kept = store.get("d")
    assert (kept.signed, kept.active_content) == (True, ("JAVASCRIPT", "LAUNCH"))


def test_an_id_is_given_once(store):
    store.create(document())
    assert not store.create(document(name="other.pdf"))
    assert store.get("d").name == "scan.pdf"


def test_an_unknown_document_is_none(store):
    assert store.get("nobody") is None
    assert store.pin("nobody", SOURCE, 1) is None
    assert store.begin("nobody", 1, OPENED) is None
    assert store.delete("nobody", 1) is None
    assert store.get("nobody") is None


def test_the_first_version_of_an_upload_is_pinned(store):
    store.create(document())
    first = store.pin("d", SOURCE, 3_000)
    assert (first.state, first.source, first.deadline) == (State.QUEUED, SOURCE, 3_000)
    assert store.pin("d", replace(SOURCE, version="v2"), 4_000) is None
    assert store.pin("d", SOURCE, 4_000) == first


def test_beginning_notes_what_the_file_holds(store):
    begun = processing(store)
    assert begun.state is State.PROCESSING
    assert (begun.document_pages, begun.pages_total, begun.selection) == (3, 3, "1-3")
    assert begun.source == replace(SOURCE, sha256="ab" * 32, media_type="application/pdf")
    assert store.get("d") == begun


def test_a_document_begins_once_and_in_its_run_only(store):
    store.create(document())
    store.pin("d", SOURCE, 3_000)
    assert store.begin("d", 2, OPENED) is None
    assert store.begin("d", 1, OPENED)
    assert store.begin("d", 1, OPENED) is None


LOCKED = Reason("PASSWORD_REQUIRED", "It wants a password.", False, None)


def test_what_a_dropped_file_s_folder_asks_for_is_known_when_it_is_opened(store):
    wished = Options("deu", mode=Mode.OCR, outputs=(Output.TEXT,))
    assert processing(store, options=wished).options == wished
    assert store.get("d").options == wished


def test_what_wants_a_password_is_opened_again_in_a_run_of_its_own(store):
    store.create(document())
    store.fail(store.pin("d", SOURCE, 3_000), LOCKED, watched=False)
    after = store.unlock("d", 1, 9_000)
    assert (after.state, after.run, after.password) == (State.QUEUED, 2, True)
    assert (after.reason, after.ended_at, after.deadline) == (None, None, 9_000)
    assert store.unlock("d", 1, 9_500) == after
    assert store.get("d") == after
    begun = store.begin("d", 2, replace(OPENED, unlocked="unlocked/d/original.pdf"))
    assert (begun.password, begun.source.readable) == (False, ("unlocked/d/original.pdf", None))
    assert store.get("d") == begun
    assert store.unlock("d", 2, 9_900) is None


def test_what_failed_otherwise_is_not_opened_again(store):
    store.create(document())
    store.fail(store.pin("d", SOURCE, 3_000), REASON, watched=False)
    assert store.unlock("d", 1, 9_000) is None
    assert store.unlock("nobody", 1, 9_000) is None
    assert store.get("d").state is State.FAILED


def test_a_shard_is_opened_once(store):
    shard = Shard("d", 0, 1, (1, 2, 3, 7))
    assert store.open_shard(shard) == shard
    store.mark_done("d", 1, 1, DONE)
    again = store.open_shard(shard)
    assert again.done == {1: DONE}
    assert again.pages == (1, 2, 3, 7)
    assert store.open_shard(replace(shard, run=2)) == again


def test_pages_are_marked_in_their_shard(store):
    begun = processing(store, document_pages=250, selection="1-3,205", shards_total=2)
    store.open_shard(Shard("d", 0, 1, (1, 2, 3)))
    store.open_shard(Shard("d", 2, 1, (205,)))
    assert store.mark_done("d", 1, 205, DONE).done == {205: DONE}
    assert store.mark_failed("d", 1, 2, FAILED).waiting == (1, 3)
    assert [shard.number for shard in store.shards(begun)] == [0, 2]
    assert store.shard("d", 0).failed == {2: FAILED}
    assert store.shard("d", 1) is None


def test_marking_a_page_twice_is_marking_it_once(store):
    store.open_shard(Shard("d", 0, 1, (1, 2)))
    first = store.mark_done("d", 1, 1, DONE)
    assert store.mark_done("d", 1, 1, DONE) == first
    assert not first.complete


def test_a_page_s_first_mark_is_its_last_and_the_shard_is_told_all_the_same(store):
    store.open_shard(Shard("d", 0, 1, (1, 2)))
    store.mark_done("d", 1, 1, DONE)
    assert store.mark_failed("d", 1, 1, FAILED).done == {1: DONE}
    store.mark_failed("d", 1, 2, FAILED)
    after = store.mark_done("d", 1, 2, replace(DONE, milliseconds=1))
    assert (after.done, after.failed, after.complete) == ({1: DONE}, {2: FAILED}, True)
    assert store.mark_done("d", 1, 1, replace(DONE, milliseconds=1)) == after


def test_a_late_writer_of_another_run_is_fenced(store):
    store.open_shard(Shard("d", 0, 2, (1,)))
    assert store.mark_done("d", 1, 1, DONE) is None
    assert store.mark_failed("d", 1, 1, FAILED) is None
    assert store.mark_heavy("d", 1, 1, 5_000) is None
    assert store.mark_tried("d", 1, 1, 3) is None
    assert store.shard("d", 0).waiting == (1,)


def test_a_mark_never_creates_a_shard(store):
    assert store.mark_done("d", 1, 1, DONE) is None
    assert store.mark_failed("d", 1, 1, FAILED) is None
    assert store.mark_heavy("d", 1, 1, 5_000) is None
    assert store.mark_tried("d", 1, 1, 3) is None
    assert store.shard("d", 0) is None


def test_the_heavy_lane_begins_a_page_once(store):
    store.open_shard(Shard("d", 0, 1, (1, 2)))
    assert store.mark_heavy("d", 1, 1, 5_000) == 5_000
    assert store.mark_heavy("d", 1, 1, 6_000) == 5_000
    assert store.mark_heavy("d", 1, 2, 7_000) == 7_000
    assert store.shard("d", 0).heavy == {1: 5_000, 2: 7_000}
    assert store.mark_done("d", 1, 1, DONE).heavy == {2: 7_000}


def test_a_page_is_noted_once_in_its_own_lane(store):
    store.open_shard(Shard("d", 0, 1, (1, 2)))
    assert store.mark_tried("d", 1, 1, 3) == 3
    assert store.mark_tried("d", 1, 1, 4) == 3
    assert store.mark_tried("d", 1, 2, 7) == 7
    assert store.shard("d", 0).tried == {1: 3, 2: 7}
    assert store.mark_done("d", 1, 1, DONE).tried == {2: 7}


def test_shards_are_noted_as_fanned_and_as_done(store):
    processing(store, shards_total=2)
    assert store.fanned("d", 1, 0).fanned == {0}
    assert store.fanned("d", 1, 0).fanned == {0}
    assert store.shard_done("d", 1, 1, 6_000).shards_done == {1}
    after = store.shard_done("d", 1, 0, 7_000)
    assert (after.shards_done, after.deadline) == ({0, 1}, 7_000)
    assert store.fanned("d", 2, 1) is None
    assert store.shard_done("d", 2, 1, 8_000) is None


def test_a_document_is_ready_once_and_only_when_all_shards_are_done(store):
    processing(store, shards_total=2)
    assert not store.ready("d", 1, 7_000)
    store.shard_done("d", 1, 0, 6_000)
    assert not store.ready("d", 1, 7_000)
    store.shard_done("d", 1, 1, 6_000)
    assert not store.ready("d", 2, 7_000)
    assert store.ready("d", 1, 7_000)
    assert not store.ready("d", 1, 7_000)
    assert store.get("d").state is State.ASSEMBLING


def test_an_assembled_document_ends_once(store, clock):
    assembling(store)
    assert store.finish("d", 2, ending()) is None
    after = store.finish("d", 1, ending())
    assert (after.state, after.pages_done, after.milliseconds) == (State.SUCCEEDED, 3, 99)
    assert (after.results, after.deadline) == ((Output.TEXT, Output.JSON), None)
    assert after.ended_at == clock.now()
    assert store.finish("d", 1, ending(state=State.PARTIAL)) is None
    assert store.get("d") == after


def test_a_document_ends_with_counts_of_what_is_broken_and_of_concerns(store):
    assembling(store)
    after = store.finish("d", 1, ending(damage={"REBUILT": 2}, concerns={"unread": 1}))
    assert (after.damage, after.concerns) == ({"REBUILT": 2}, {"unread": 1})
    assert store.get("d") == after


def test_a_document_can_end_failed_after_assembling(store):
    assembling(store)
    after = store.finish("d", 1, ending(state=State.FAILED, reason=REASON))
    assert (after.state, after.reason) == (State.FAILED, REASON)


def test_only_a_live_document_fails(store):
    begun = processing(store)
    assert store.fail(replace(begun, run=2), REASON, watched=False) is None
    failed = store.fail(begun, REASON, watched=False)
    assert (failed.reason, failed.deadline) == (REASON, None)
    assert store.fail(begun, replace(REASON, code="STALLED"), watched=True) is None
    assert store.fail(failed, replace(REASON, code="STALLED"), watched=True) is None
    assert store.get("d") == failed


def test_a_document_does_not_fail_for_what_it_was_before(store):
    store.create(document())
    queued = store.pin("d", SOURCE, 3_000)
    begun = store.begin("d", 1, OPENED)
    assert store.fail(queued, REASON, watched=False) is None
    assert store.get("d") == begun


def test_a_finished_document_may_stay_in_sight_until_it_is_buried(store, clock):
    assembling(store)
    ended = store.finish("d", 1, ending(watched=True))
    assert (ended.state, ended.deadline) == (State.SUCCEEDED, clock.now())
    assert store.due(clock.now(), 10) == [ended]
    store.bury(ended)
    assert store.due(clock.now(), 10) == []


def test_a_failed_document_may_stay_in_sight_until_it_is_buried(store, clock):
    failed = store.fail(processing(store), REASON, watched=True)
    assert (failed.state, failed.deadline) == (State.FAILED, clock.now())
    assert [one.id for one in store.due(clock.now(), 10)] == ["d"]
    moved = store.resumed(failed, deadline=clock.now() + 5, progress=0, sweeps=0, waits=0)
    assert not store.bury(replace(moved, run=7))
    assert store.due(clock.now() + 5, 10) == [moved]
    assert store.bury(moved)
    assert store.due(clock.now() + 5, 10) == []
    assert store.resumed(moved, deadline=9_000, progress=0, sweeps=0, waits=0) is None


def test_an_upload_that_never_came_expires(store):
    store.create(document())
    assert store.expire("d")
    assert store.get("d").state is State.EXPIRED
    assert not store.expire("d")
    assert store.due(99_000, 10) == []


def test_an_upload_whose_news_came_late_is_no_longer_expired(store):
    store.create(document())
    store.expire("d")
    late = store.pin("d", SOURCE, 3_000)
    assert (late.state, late.deadline, late.ended_at) == (State.QUEUED, 3_000, None)
    assert [one.id for one in store.due(3_000, 10)] == ["d"]
    assert store.begin("d", 1, OPENED).state is State.PROCESSING


def test_deleting_fences_late_writers_and_can_be_repeated(store):
    begun = processing(store)
    store.open_shard(Shard("d", 0, 1, (1, 2, 3)))
    gone = store.delete("d", 8_000)
    assert (gone.state, gone.run, gone.deadline) == (State.DELETED, 2, 8_000)
    assert store.delete("d", 9_000) == gone
    assert store.shard_done("d", 1, 0, 9_000) is None
    assert store.fail(begun, REASON, watched=True) is None
    assert store.cancel("d").state is State.DELETED
    store.purge(gone)
    assert store.shards(begun) == ()


def test_a_deleted_document_is_due_until_it_is_buried(store):
    store.create(document())
    store.bury(store.get("d"))
    gone = store.delete("d", 500)
    assert [one.id for one in store.due(1_000, 10)] == ["d"]
    store.bury(gone)
    assert store.due(1_000, 10) == []
    assert store.get("d").state is State.DELETED


def test_of_a_deleted_document_neither_name_nor_source_stays(store):
    store.fail(processing(store), REASON, watched=False)
    gone = store.delete("d", 500)
    assert gone.source
    store.bury(gone)
    left = store.get("d")
    assert (left.state, left.run) == (State.DELETED, 2)
    assert (left.name, left.source, left.reason) == ("", None, None)


def test_cancelling_ends_a_live_document_and_fences_late_writers(store, clock):
    begun = processing(store)
    after = store.cancel("d")
    assert (after.state, after.run, after.deadline) == (State.CANCELLED, 2, None)
    assert after.ended_at == clock.now()
    assert store.cancel("d") == after
    assert store.shard_done("d", 1, 0, 9_000) is None
    assert store.fail(begun, REASON, watched=True) is None
    assert store.pin("d", SOURCE, 1) == after  # whose state says that it is over
    assert store.due(99_000, 10) == []
    assert store.cancel("nobody") is None


def test_what_has_ended_cannot_be_cancelled(store):
    assembling(store)
    ended = store.finish("d", 1, ending())
    assert store.cancel("d") == ended


NEW = Options("deu", "1-3", Mode.AUTO, (Output.PDF,))


def test_a_rerun_opens_a_new_run_and_keeps_the_results_of_the_old_one(store):
    assembling(store)
    store.finish("d", 1, ending(state=State.PARTIAL, reason=REASON))
    after = store.rerun("d", 1, NEW, "2-3", 9_000)
    assert (after.state, after.run, after.redo) == (State.PROCESSING, 2, "2-3")
    assert (after.options, after.deadline, after.reason) == (NEW, 9_000, None)
    assert (after.fanned, after.shards_done) == (frozenset(), frozenset())
    assert (after.results, after.results_run) == ((Output.TEXT, Output.JSON), 1)
    assert [one.id for one in store.due(9_000, 10)] == ["d"]
    assert store.rerun("d", 1, NEW, "2-3", 9_000) == after
    assert store.rerun("d", 1, NEW, "1", 9_000) is None
    assert store.shard_done("d", 1, 0, 9_500) is None
    store.shard_done("d", 2, 0, 9_500)
    store.ready("d", 2, 9_500)
    assert store.finish("d", 2, ending()).results_run == 2


def test_only_what_has_ended_and_was_opened_is_run_again(store):
    store.create(document())
    assert store.rerun("d", 1, NEW, "1", 9_000) is None
    store.fail(store.get("d"), REASON, watched=False)
    assert store.rerun("d", 1, NEW, "1", 9_000) is None
    assert store.rerun("nobody", 1, NEW, "1", 9_000) is None


def test_a_later_run_takes_a_shard_over_once(store):
    store.open_shard(Shard("d", 0, 1, (1, 2)))
    store.mark_done("d", 1, 1, DONE)
    store.mark_failed("d", 1, 2, FAILED)
    taken = store.take_over(1, Shard("d", 0, 2, (1, 2), done={1: DONE}))
    assert (taken.run, taken.done, taken.waiting) == (2, {1: DONE}, (2,))
    assert store.mark_done("d", 1, 2, DONE) is None
    marked = store.mark_done("d", 2, 2, replace(DONE, run=2))
    assert store.take_over(1, Shard("d", 0, 2, (1, 2))) == marked
    assert store.take_over(1, Shard("d", 7, 2, (701,))) is None


def test_a_finished_document_answers_its_content_and_options(store, clock, monkeypatch):
    assembling(store)
    ended = store.finish("d", 1, ending())
    asked = ("default", "ab" * 32, ended.options)
    assert store.same(*asked) is None
    store.remember(ended, clock.now() + 1_000)
    assert store.same(*asked) == ended
    assert store.same("other", *asked[1:]) is None
    assert store.same("default", "cd" * 32, ended.options) is None
    assert store.same(*asked[:2], NEW) is None
    with monkeypatch.context() as patch:
        patch.setattr(records, "READS", "somebody better")
        assert store.same(*asked) is None
    assert store.same(*asked) == ended
    clock.pass_seconds(1)
    assert store.same(*asked) is None


def test_a_document_that_was_run_again_or_deleted_answers_no_more(store, clock):
    assembling(store)
    ended = store.finish("d", 1, ending())
    asked = ("default", "ab" * 32, ended.options)
    store.remember(ended, clock.now() + 1_000)
    store.rerun("d", 1, ended.options, "1", 9_000)
    assert store.same(*asked) is None
    store.delete("d", 9_000)
    assert store.same(*asked) is None


def test_late_documents_are_due_the_oldest_first_and_ended_ones_never(store):
    store.create(document(id="late", deadline=500))
    store.create(document(id="later", deadline=900))
    store.create(document(id="future", deadline=5_000))
    store.create(document(id="ended", deadline=100))
    store.fail(store.get("ended"), REASON, watched=False)
    assert [one.id for one in store.due(1_000, 10)] == ["late", "later"]
    assert [one.id for one in store.due(1_000, 1)] == ["late"]


def test_two_sweeps_do_not_resume_the_same_document(store):
    store.create(document())
    late = store.get("d")
    after = store.resumed(late, deadline=9_000, progress=4, sweeps=1, waits=2)
    assert (after.deadline, after.progress, after.sweeps, after.waits) == (9_000, 4, 1, 2)
    assert store.resumed(late, deadline=9_500, progress=4, sweeps=1, waits=2) is None


def encoded(text: str) -> str:
    return base64.urlsafe_b64encode(text.encode()).decode()


def test_documents_are_listed_newest_first_page_by_page(store):
    for n in range(5):
        store.create(document(id=f"d{n}", created_at=1_000 + n))
    store.create(document(id="foreign", tenant="other", created_at=9_000))
    first = store.list("default", state=None, cursor=None, limit=2)
    assert [one.id for one in first.documents] == ["d4", "d3"]
    rest = store.list("default", state=None, cursor=first.cursor, limit=10)
    assert [one.id for one in rest.documents] == ["d2", "d1", "d0"]
    assert rest.cursor is None


def test_a_listing_can_be_narrowed_to_a_state_and_leaves_out_deleted_documents(store):
    store.create(document(id="a", created_at=1))
    store.create(document(id="b", created_at=2))
    store.create(document(id="c", created_at=3))
    store.fail(store.get("b"), REASON, watched=False)
    store.delete("c", 8_000)
    failed = store.list("default", state=State.FAILED, cursor=None, limit=1)
    assert [one.id for one in failed.documents] == ["b"]
    everything = store.list("default", state=None, cursor=None, limit=10)
    assert [one.id for one in everything.documents] == ["b", "a"]


@pytest.mark.parametrize(
    "cursor",
    [
        "%%%",
        *(encoded(text) for text in ("[]", '["DOC#d", 1e999]', '["DOC#d", -1]', "[7, 1]")),
        encoded(f'["DOC#d", {10**40}]'),
        encoded('["", 1]'),
        encoded("[" * 50_000),
    ],
)
def test_a_foreign_cursor_is_refused(store, cursor: str):
    with pytest.raises(InvalidRequest):
        store.list("default", state=None, cursor=cursor, limit=10)


DAYS_30 = 30 * 24 * 3600 * 1000


def test_what_has_ended_is_kept_for_its_time(make_store, clock):
    store, until = make_store(retain=DAYS_30), clock.now() + DAYS_30
    assembling(store)
    assert store.get("d").kept_until is None
    ended = store.finish("d", 1, ending())
    assert ended.kept_until == until
    assert store.get("d") == ended
    assert not ended.forgotten(until - 1)
    assert ended.forgotten(until)
    assert store.rerun("d", 1, Options(), "failed", 9_000).kept_until is None
    assert store.cancel("d").kept_until == until


def test_failed_and_expired_documents_are_kept_for_their_time_too(make_store, clock):
    store, until = make_store(retain=DAYS_30), clock.now() + DAYS_30
    store.create(document())
    assert store.fail(store.get("d"), REASON, watched=True).kept_until == until
    store.create(document(id="late"))
    store.expire("late")
    assert store.get("late").kept_until == until
    assert store.pin("late", SOURCE, 3_000).kept_until is None  # its upload did come


def test_where_nothing_is_forgotten_no_document_has_its_time(store):
    assembling(store)
    assert store.finish("d", 1, ending()).kept_until is None


def test_a_document_whose_time_is_over_is_not_listed(make_store, clock):
    store = make_store(retain=DAYS_30)
    assembling(store)
    store.finish("d", 1, ending())
    for state in (None, State.SUCCEEDED):
        assert [one.id for one in listed(store, state)] == ["d"]
    clock.pass_seconds(DAYS_30 / 1000)
    for state in (None, State.SUCCEEDED):
        assert listed(store, state) == ()


def listed(store, state: State | None) -> tuple[Document, ...]:
    return store.list("default", state=state, cursor=None, limit=100).documents


def test_the_documents_of_a_state_are_those_of_the_tenant_page_by_page(store):
    for n in range(7):
        tenant = "default" if n % 3 else "default#other"
        store.create(document(id=f"d{n}", tenant=tenant, created_at=1_000 + n))
    store.expire("d5")
    found, cursor = [], None
    while True:
        page = store.list("default", state=State.UPLOADING, cursor=cursor, limit=2)
        found += [one.id for one in page.documents]
        if (cursor := page.cursor) is None:
            break
    assert found == ["d4", "d2", "d1"]
    assert [one.id for one in listed(store, State.EXPIRED)] == ["d5"]
