"""What our code asks of AWS for its guarantees, which no emulator can break.

An emulator reads what was written last whether that is asked for or not, and reads and writes
batches whole. So the requests themselves are looked at, and answers are cut by a hook.
"""

from __future__ import annotations

import boto3
import pytest
from botocore.exceptions import ClientError
from botocore.stub import Stubber

from fanfold.aws import table as table_module
from fanfold.aws.documents import DynamoDocuments
from fanfold.aws.s3 import S3Objects
from fanfold.aws.sdk import S3_CONFIG
from fanfold.aws.table import Table
from fanfold.errors import Unavailable
from fanfold.model import Options, Shard, State
from tests.aws import create_table
from tests.chaos.requests import HalfRead, HalfWritten, Requests
from tests.contracts.test_document_store import DONE, REASON, assembling, document, ending

PAGES = range(1, 2_501, 100)


@pytest.fixture
def dynamodb(aws, monkeypatch):
    monkeypatch.setattr(table_module.time, "sleep", lambda _: None)
    create_table("table")
    return boto3.resource("dynamodb")


@pytest.fixture
def store(dynamodb, clock):
    return DynamoDocuments(Table(dynamodb, "table"), clock)


@pytest.fixture
def requests(dynamodb) -> Requests:
    hook = Requests()
    hook.register(dynamodb.meta.client)
    return hook


def opened(store) -> None:
    store.create(document(selection="1-2500", document_pages=2_500))
    for page in PAGES:
        store.open_shard(Shard("d", page // 100, 1, (page,)))


def test_documents_and_their_shards_are_read_as_of_now(store, requests):
    opened(store)
    requests.asked.clear()
    store.get("d")
    store.shards(store.get("d"))
    assert all(asked["ConsistentRead"] is True for asked in requests.of("GetItem"))
    (asked,) = requests.of("BatchGetItem")
    assert asked["RequestItems"]["table"]["ConsistentRead"] is True


def test_a_shard_that_is_there_already_is_read_as_of_now(store, requests):
    store.open_shard(Shard("d", 0, 1, (1,)))
    requests.asked.clear()
    store.open_shard(Shard("d", 0, 1, (1,)))
    assert [asked["ConsistentRead"] for asked in requests.of("GetItem")] == [True]


def test_every_write_on_a_document_or_shard_is_conditional_and_tells_what_is_there(store, requests):
    assembling(store)
    store.open_shard(Shard("d", 0, 1, (1, 2)))
    store.mark_done("d", 1, 1, DONE)
    store.mark_heavy("d", 1, 2, 1)
    store.finish("d", 1, ending())
    store.rerun("d", 1, Options(), "failed", 9)
    store.resumed(store.get("d"), deadline=1, progress=0, sweeps=0, waits=0)
    store.fail(store.get("d"), REASON, watched=True)
    store.bury(store.get("d"))
    store.delete("d", 1)
    assert all(
        "attribute_not_exists(pk)" in one["ConditionExpression"] for one in requests.of("PutItem")
    )
    for asked in requests.of("UpdateItem"):
        assert asked["ConditionExpression"].startswith("attribute_exists(pk) AND ")
        assert any(word in asked["ConditionExpression"] for word in ("#run", "#state"))
        assert asked["ReturnValues"] == "ALL_NEW"
        assert asked["ReturnValuesOnConditionCheckFailure"] == "ALL_OLD"


def test_indexes_are_not_asked_for_what_they_cannot_give(store, requests):
    store.create(document())
    for state in (None, State.UPLOADING):
        store.list("default", state=state, cursor=None, limit=5)
    store.due(9_999, 5)
    assert len(requests.of("Query")) == 3
    assert not any("ConsistentRead" in asked for asked in requests.of("Query"))


def test_shards_that_a_batch_left_over_are_read_too(store, dynamodb, requests):
    opened(store)
    HalfRead().register(dynamodb.meta.client)
    found = store.shards(store.get("d"))
    assert [shard.number for shard in found] == list(range(25))
    assert len(requests.of("BatchGetItem")) == 5  # 25, 12, 6, 3 and 1


def test_a_table_that_never_reads_all_is_told_and_not_asked_for_ever(store, dynamodb, requests):
    opened(store)
    HalfRead(always=True).register(dynamodb.meta.client)
    with pytest.raises(Unavailable):
        store.shards(store.get("d"))
    assert len(requests.of("BatchGetItem")) <= 12


def test_shards_that_a_batch_left_over_are_removed_too(store, dynamodb):
    opened(store)
    HalfWritten().register(dynamodb.meta.client)
    store.purge(store.get("d"))
    left = [item["sk"] for item in dynamodb.Table("table").scan()["Items"]]
    assert left == ["META"]


def test_a_listing_goes_on_where_an_answer_is_empty_and_not_the_last(store, dynamodb):
    """DynamoDB stops after 1 MB, whatever of it is left to show."""
    for n in range(6):
        store.create(document(id=f"d{n}", created_at=1_000 + n))
    for n in (5, 4, 3, 2):
        store.delete(f"d{n}", 1)
    listing = store.list("default", state=None, cursor=None, limit=2)
    assert [one.id for one in listing.documents] == ["d1", "d0"]


def test_the_pinned_version_is_what_is_read_whatever_is_there(aws, tmp_path):
    client = boto3.client("s3", config=S3_CONFIG)
    hook = Requests()
    hook.register(client)
    client.create_bucket(
        Bucket="bucket", CreateBucketConfiguration={"LocationConstraint": client.meta.region_name}
    )
    client.put_bucket_versioning(Bucket="bucket", VersioningConfiguration={"Status": "Enabled"})
    objects = S3Objects(client, "bucket", "derived")
    first = objects.put("k", b"one", "text/plain")
    objects.put("k", b"two", "text/plain")
    assert objects.download("k", first.version, tmp_path / "file")
    assert (tmp_path / "file").read_bytes() == b"one"
    reads = [*hook.of("HeadObject"), *hook.of("GetObject")]
    assert reads
    assert {asked["VersionId"] for asked in reads} == {first.version}


@pytest.mark.parametrize(
    ("code", "status", "written"),
    [("PreconditionFailed", 412, False), ("ConditionalRequestConflict", 409, None)],
)
def test_who_writes_once_asks_for_it_and_waits_for_a_writer_who_may_fail(code, status, written):
    client = boto3.client(
        "s3", "eu-central-1", aws_access_key_id="x", aws_secret_access_key="x", config=S3_CONFIG
    )
    objects = S3Objects(client, "bucket", "derived")
    with Stubber(client) as stub:
        stub.add_client_error(
            "put_object",
            service_error_code=code,
            http_status_code=status,
            expected_params={
                "Bucket": "bucket",
                "Key": "k",
                "Body": b"",
                "ContentType": "text/plain",
                "IfNoneMatch": "*",
            },
        )
        if written is None:
            with pytest.raises(Unavailable):
                objects.put_new("k", b"", "text/plain")
        else:
            assert objects.put_new("k", b"", "text/plain") is written


def test_a_refused_removal_is_an_error_though_the_call_succeeds(aws):
    client = boto3.client("s3", "eu-central-1", config=S3_CONFIG)
    objects = S3Objects(client, "bucket", "derived")
    versions = {"Versions": [{"Key": "a/1", "VersionId": "v"}], "IsTruncated": False}
    refused = {"Errors": [{"Key": "a/1", "Code": "AccessDenied", "Message": "no"}]}
    with Stubber(client) as stub:
        stub.add_response("list_object_versions", versions)
        stub.add_response("delete_objects", refused)
        with pytest.raises(ClientError):
            objects.delete_prefix("a/")


def test_keys_and_versions_are_listed_beyond_the_first_answer():
    client = boto3.client(
        "s3", "eu-central-1", aws_access_key_id="x", aws_secret_access_key="x", config=S3_CONFIG
    )
    objects = S3Objects(client, "bucket", "derived")
    with Stubber(client) as stub:
        first = {"Contents": [{"Key": "a"}], "IsTruncated": True, "NextContinuationToken": "t"}
        stub.add_response("list_objects_v2", first)
        stub.add_response("list_objects_v2", {"IsTruncated": True, "NextContinuationToken": "u"})
        stub.add_response("list_objects_v2", {"Contents": [{"Key": "b"}], "IsTruncated": False})
        assert list(objects.list_keys("")) == ["a", "b"]
