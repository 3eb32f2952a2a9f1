"""What must hold when everything has come to rest, whatever happened before."""

from __future__ import annotations

import json
from collections import Counter

from fanfold import keys, ranges
from fanfold.model import FAILED_PAGES, Document, Output, State
from fanfold.stages.progress import selected
from tests.chaos.simulation import Simulation

_ENDS = {State.SUCCEEDED, State.PARTIAL, State.FAILED, State.CANCELLED, State.DELETED}


def check(simulation: Simulation) -> Counter[State]:
    """Check every document; return how many ended how."""
    ends: Counter[State] = Counter()
    for id_, pages in simulation.documents.items():
        document = simulation.ended(id_)
        assert document.state in _ENDS, document
        ends[document.state] += 1
        if document.state is State.DELETED:
            nothing_is_left(simulation, document)
        elif document.results:
            results_are_what_the_pages_say(simulation, document, pages)
        if document.state in (State.SUCCEEDED, State.PARTIAL):
            the_counts_add_up(simulation, document)
        if document.state is State.FAILED:
            assert document.reason, document
    nothing_is_under_way(simulation)
    nothing_is_orphaned(simulation)
    return ends


def the_counts_add_up(simulation: Simulation, document: Document) -> None:
    shards = simulation.store.shards(document)
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


def results_are_what_the_pages_say(
    simulation: Simulation, document: Document, pages: list[str]
) -> None:
    """Text and JSON of the served run agree with each other and with the original."""
    told = json.loads(result(simulation, document, Output.JSON))
    text = result(simulation, document, Output.TEXT).removesuffix("\n").split("\n\f")
    manifest = simulation.objects.get(keys.result(document.id, document.results_run, keys.MANIFEST))
    assert manifest is not None, document
    assert json.loads(manifest)["document"] == told["document"], document
    assert [page["page"] for page in told["pages"]] == list(selected(document)), document
    for page, line in zip(told["pages"], text, strict=True):
        original = pages[page["page"] - 1]
        failed = page.get("state") == "failed"
        code = page["error"]["code"] if failed else ""
        expected = f"--- page {page['page']} [failed: {code}] ---" if failed else original
        assert line == expected, (document.id, page["page"], line, expected)


def result(simulation: Simulation, document: Document, output: Output) -> str:
    key = keys.result(document.id, document.results_run, keys.RESULT_FILES[output])
    data = simulation.objects.get(key)
    assert data is not None, (key, document)
    return data.decode()


def nothing_is_left(simulation: Simulation, document: Document) -> None:
    for prefix in keys.document_prefixes(document.id):
        assert not list(simulation.objects.list_keys(prefix)), document
    assert simulation.store.shards(document) == (), document


def nothing_is_under_way(simulation: Simulation) -> None:
    left = {name: len(queue.letters) for name, queue in simulation.queues.items() if queue.letters}
    assert left == {}, left
    assert not simulation.store.due(2**53, 10)


def nothing_is_orphaned(simulation: Simulation) -> None:
    for prefix in (keys.WORK, keys.PAGES, keys.RESULTS):
        for key in simulation.objects.list_keys(prefix):
            assert key.split("/")[1] in simulation.documents, key


def the_killers_alone_failed(simulation: Simulation) -> None:
    """Of the documents of ``stories.deadly``: the reason is the true one."""
    for id_ in simulation.documents:
        (shard,) = simulation.store.shards(simulation.ended(id_))
        assert {page: mark.code for page, mark in shard.failed.items()} == {2: "WORKER_KILLED"}
