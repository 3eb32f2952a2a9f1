"""What must hold when everything has come to rest, whatever happened before."""

from __future__ import annotations

import json
from collections import Counter
from typing import TYPE_CHECKING, Protocol

from fanfold import keys, ranges
from fanfold.messages import group_of
from fanfold.model import FAILED_PAGES, Document, Output, State
from fanfold.ports import DocumentStore, ObjectStore
from fanfold.stages.endings import error_key, outbox_key, outbox_keys
from fanfold.stages.progress import selected

if TYPE_CHECKING:
    from tests.chaos.simulation import Simulation
    from tests.fakes.world import MemoryObjects

_ENDS = {State.SUCCEEDED, State.PARTIAL, State.FAILED, State.CANCELLED, State.DELETED}


class World(Protocol):
    """What was played, as it is at rest: a simulation or a deployment."""

    documents: dict[str, list[str]]
    """The pages of each, by id."""
    store: DocumentStore
    objects: ObjectStore

    def ended(self, document: str) -> Document: ...

    def left(self) -> dict[str, int]:
        """Return how many messages are in the queues that are not empty."""
        ...


def check(world: World) -> Counter[State]:
    """Check every document; return how many ended how."""
    ends: Counter[State] = Counter()
    for id_, pages in world.documents.items():
        document = world.ended(id_)
        assert document.state in _ENDS, document
        ends[document.state] += 1
        if document.state is State.DELETED:
            nothing_is_left(world, document)
        elif document.results:
            results_are_what_the_pages_say(world, document, pages)
        if document.state in (State.SUCCEEDED, State.PARTIAL):
            the_counts_add_up(world, document)
        if document.state is State.FAILED:
            assert document.reason, document
        if document.state in (State.SUCCEEDED, State.PARTIAL, State.FAILED):
            the_outbox_tells(world, document)
    nothing_is_under_way(world)
    nothing_is_orphaned(world)
    return ends


def the_counts_add_up(world: World, document: Document) -> None:
    shards = world.store.shards(document)
    done = {page: mark for shard in shards for page, mark in shard.done.items()}
    failed = {page for shard in shards for page in shard.failed}
    assert not done.keys() & failed, document
    if document.redo not in ("", FAILED_PAGES):
        again = ranges.expand(document.redo, document.document_pages)
        assert {done[page].run for page in again if page in done} <= {document.run}, document
    assert (len(done), len(failed)) == (document.pages_done, document.pages_failed), document
    assert document.pages_done + document.pages_failed == document.pages_total, document
    assert (document.state is State.PARTIAL) == bool(failed), document
    assert document.results_run == document.run, document
    assert document.results, document


def results_are_what_the_pages_say(world: World, document: Document, pages: list[str]) -> None:
    """Text and JSON of the served run agree with each other and with the original."""
    told = json.loads(result(world, document, Output.JSON))
    text = result(world, document, Output.TEXT).removesuffix("\n").split("\n\f")
    manifest = world.objects.get(keys.result(document.id, document.results_run, keys.MANIFEST))
    assert manifest is not None, document
    assert json.loads(manifest)["document"] == told["document"], document
    assert [page["page"] for page in told["pages"]] == list(selected(document)), document
    for page, line in zip(told["pages"], text, strict=True):
        original = pages[page["page"] - 1]
        failed = page.get("state") == "failed"
        code = page["error"]["code"] if failed else ""
        expected = f"--- page {page['page']} [failed: {code}] ---" if failed else original
        assert line == expected, (document.id, page["page"], line, expected)


def the_outbox_tells(world: World, document: Document) -> None:
    """Beside a dropped file lies what became of it: its text, or why there is none."""
    key, error = outbox_key(document, Output.JSON), error_key(document)
    why = world.objects.get(error) if error else None
    if error and document.reason:
        assert why is not None, (error, document)
        told = json.loads(why)
        assert (told["state"], told["error"]["code"]) == (document.state, document.reason.code)
    elif key:
        data = world.objects.get(key)
        assert data is not None, (key, document)
        assert json.loads(data)["document"]["state"] == document.state, document
        assert why is None, (error, document)


def result(world: World, document: Document, output: Output) -> str:
    key = keys.result(document.id, document.results_run, keys.RESULT_FILES[output])
    data = world.objects.get(key)
    assert data is not None, (key, document)
    return data.decode()


def nothing_is_left(world: World, document: Document) -> None:
    for prefix in keys.document_prefixes(document.id):
        assert not list(world.objects.list_keys(prefix)), document
    for key in outbox_keys(document):
        assert world.objects.get(key) is None, (key, document)
    assert world.store.shards(document) == (), document


def nothing_is_under_way(world: World) -> None:
    assert world.left() == {}, world.left()
    assert not world.store.due(2**53, 10)


def nothing_is_orphaned(world: World) -> None:
    for prefix in keys.DERIVED:
        for key in world.objects.list_keys(prefix):
            assert key.split("/")[1] in world.documents, key


def the_killers_alone_failed(world: World) -> None:
    """Of the documents of ``stories.deadly``: the reason is the true one."""
    for id_ in world.documents:
        (shard,) = world.store.shards(world.ended(id_))
        assert {page: mark.code for page, mark in shard.failed.items()} == {2: "WORKER_KILLED"}


def manifests_are_written_once(objects: MemoryObjects) -> None:
    for key, versions in objects.versions.items():
        assert not key.endswith(keys.MANIFEST) or len(versions) == 1, key


def messages_are_of_their_documents_group(simulation: Simulation) -> None:
    """So that queues can be fair: a step's messages count to the share of their document."""
    for name, queue in simulation.queues.items():
        for body, group in queue.groups:
            document = simulation.store.get(json.loads(body).get("document", ""))
            assert document is None or group_of(document) == group, (name, body, group)
