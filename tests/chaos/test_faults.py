"""The real adapters where AWS throttles, breaks, loses its answers and cuts them short."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

import pytest
from botocore.exceptions import ClientError

from fanfold.aws import sqs as sqs_adapter
from fanfold.aws.s3 import S3Objects
from fanfold.aws.sqs import SqsQueue
from fanfold.errors import ServiceError, Unavailable
from fanfold.model import DoneMark, FailedMark, Shard, Source
from tests.chaos.faults import Faults, PartialBatches, refusal
from tests.contracts import test_document_store as contract

SEED = 11
CHANCES = pytest.mark.parametrize("chance", [0.01, 0.1, 0.5])
DONE = DoneMark(1, Source.OCR, 90, 1)


def again(call: Callable[[], Any]) -> Any:
    """Repeat what may heal, as a redelivery does; anything else is an error."""
    for _ in range(200):
        try:
            return call()
        except Unavailable:
            pass
    raise AssertionError("it never healed")


@pytest.fixture
def bucket(make_aws):
    def make(*hooks: Any) -> S3Objects:
        client = make_aws("s3")
        client.create_bucket(Bucket="bucket")
        client.create_bucket(Bucket="derived")
        client.put_bucket_versioning(Bucket="bucket", VersioningConfiguration={"Status": "Enabled"})
        for hook in hooks:
            hook.register(client)
        return S3Objects(client, "bucket", "derived")

    return make


@pytest.fixture
def queue(make_aws, monkeypatch: pytest.MonkeyPatch):
    """A maker of queues, and a function that takes everything out of the last one."""
    monkeypatch.setattr(sqs_adapter.time, "sleep", lambda _: None)
    client = make_aws("sqs")
    url = client.create_queue(QueueName="queue")["QueueUrl"]

    def make(*hooks: Any) -> SqsQueue:
        sender = make_aws("sqs")
        for hook in hooks:
            hook.register(sender)
        return SqsQueue(sender, url)

    def take() -> Counter[str]:
        found: Counter[str] = Counter()
        while got := client.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages"):
            found.update(one["Body"] for one in got)
        return found

    return make, take


@CHANCES
def test_objects_are_whole_and_as_they_were_written_last(bucket, chance: float, tmp_path: Path):
    faults = Faults(Random(SEED), chance)
    objects = bucket(faults)
    known: dict[str, bytes] = {}
    random = Random(SEED)
    for n in range(60):
        key, data = f"pages/{random.randrange(9)}", random.randbytes(2_000)
        known[key] = data
        if n % 2:
            again(lambda: objects.put(key, data, "application/pdf"))  # noqa: B023
        else:
            (tmp_path / "it").write_bytes(data)
            again(lambda: objects.put_file(key, tmp_path / "it", "application/pdf"))  # noqa: B023
        again(lambda: objects.download(key, None, tmp_path / "back"))  # noqa: B023
        assert (tmp_path / "back").read_bytes() == data
    assert again(lambda: list(objects.get_many(known))) == list(known.values())
    assert again(lambda: list(objects.list_keys("pages/"))) == sorted(known)
    again(lambda: objects.delete_prefix("pages/"))
    assert again(lambda: list(objects.list_keys("pages/"))) == []
    print(f"seed {SEED}: {dict(faults.count)} of {sum(faults.requests.values())} requests")


@CHANCES
def test_what_is_written_once_is_written_once(bucket, chance: float):
    objects = bucket(Faults(Random(SEED), chance))
    for n in range(20):
        key = f"results/{n}"
        again(lambda: objects.put_new(key, b"first", "application/json"))  # noqa: B023
        assert not again(lambda: objects.put_new(key, b"second", "application/json"))  # noqa: B023
        assert again(lambda: objects.get(key)) == b"first"  # noqa: B023


@CHANCES
def test_every_message_arrives_at_least_once_and_nothing_else_does(queue, chance: float):
    make, take = queue
    sender = make(Faults(Random(SEED), chance), PartialBatches(failures=3, every=4))
    bodies = [f"m{n}" for n in range(200)]
    for start in range(0, 200, 50):
        again(lambda: sender.send(bodies[start : start + 50], group="t"))  # noqa: B023
    assert set(take()) == set(bodies)


def test_of_a_batch_that_was_taken_by_half_only_the_rest_is_sent_again(queue):
    make, take = queue
    hook = PartialBatches(failures=3, every=2)
    sender = make(hook)
    hook.batches.append([])  # so that the first batch is the second
    sender.send([f"m{n}" for n in range(10)], group="t")
    assert hook.batches[1:] == [[f"m{n}" for n in range(10)], ["m0", "m1", "m2"]]
    assert take() == Counter(f"m{n}" for n in range(10))


def test_a_batch_that_is_never_taken_whole_is_told(queue):
    make, _ = queue
    with pytest.raises(Unavailable):
        make(PartialBatches(failures=10)).send([f"m{n}" for n in range(10)], group="t")


def test_a_message_that_is_refused_for_its_sender_s_fault_is_not_sent_again(queue):
    make, _ = queue
    hook = PartialBatches(failures=3, sender_fault=True)
    with pytest.raises(ServiceError) as caught:
        make(hook).send([f"m{n}" for n in range(10)], group="t")
    assert not isinstance(caught.value, Unavailable)
    assert len(hook.batches) == 1


@CHANCES
def test_marks_are_exact_whatever_the_table_answers(make_store, clock, chance: float):
    faults = Faults(Random(SEED), chance)
    store = make_store(faults)
    again(lambda: store.open_shard(Shard("d", 0, 1, tuple(range(1, 41)))))
    for page in range(1, 41):
        if page % 10 == 0:
            mark = FailedMark("TIMEOUT", 1)
            after = again(lambda: store.mark_failed("d", 1, page, mark))  # noqa: B023
        else:
            assert again(lambda: store.mark_heavy("d", 1, page, 7_000)) == 7_000  # noqa: B023
            after = again(lambda: store.mark_done("d", 1, page, DONE))  # noqa: B023
        assert len(after.done) + len(after.failed) == page
    assert after.complete
    assert (set(after.failed), after.heavy) == ({10, 20, 30, 40}, {})
    print(f"seed {SEED}: {dict(faults.count)} of {sum(faults.requests.values())} requests")


@CHANCES
def test_a_document_is_made_ready_once_whatever_the_table_answers(make_store, clock, chance: float):
    store = make_store()
    contract.processing(store)
    Faults(Random(SEED), chance).register(store._table._dynamodb.meta.client)
    again(lambda: store.fanned("d", 1, 0))
    again(lambda: store.shard_done("d", 1, 0, 6_000))
    again(lambda: store.ready("d", 1, 7_000))
    assert not again(lambda: store.ready("d", 1, 7_000))
    again(lambda: store.finish("d", 1, contract.ending()))
    found = again(lambda: store.get("d"))
    assert (found.run, found.state, found.fanned, found.shards_done) == (1, "SUCCEEDED", {0}, {0})


@dataclass
class Denial:
    """A botocore hook: whoever asks may not."""

    status: int
    code: str
    asked: int = 0

    def register(self, client: Any) -> None:
        client.meta.events.register("before-send", self)

    def __call__(self, event_name: str, request: Any, **_: object) -> Any:
        self.asked += 1
        return refusal(event_name.split(".")[1], request.url, self.status, self.code)


def test_a_denial_is_neither_repeated_nor_taken_for_an_answer(
    bucket, queue, make_store, clock, tmp_path: Path
):
    denials = [Denial(403, "AccessDenied"), Denial(400, "KmsAccessDenied")]
    denials.append(Denial(400, "KMSAccessDeniedException"))
    objects, sender, store = bucket(denials[0]), queue[0](denials[1]), make_store()
    denials[2].register(store._table._dynamodb.meta.client)
    (tmp_path / "file").touch()
    calls: list[Callable[[], object]] = [
        lambda: objects.get("k"),
        lambda: objects.put("k", b"", "text/plain"),
        lambda: objects.put_new("k", b"", "text/plain"),
        lambda: objects.put_file("k", tmp_path / "file", "text/plain"),
        lambda: sender.send(["m"], group="t"),
        lambda: store.get("d"),
        lambda: store.create(contract.document()),
        lambda: store.mark_done("d", 1, 1, DONE),
    ]
    for call in calls:
        with pytest.raises(ClientError):
            call()
    assert sum(denial.asked for denial in denials) == len(calls)
