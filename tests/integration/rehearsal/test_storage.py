"""What functions see of S3 and DynamoDB has AWS's shape, under concurrent requests, too."""

from __future__ import annotations

import io
import json
import urllib.parse
import urllib.request
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest
from boto3.s3.transfer import TransferConfig
from botocore.exceptions import ClientError

from fanfold.aws.s3 import S3Objects

NAMES = [
    "plain.pdf",
    "Größe + 100% (1).pdf",
    "a/b c/%41+%2F&=?#.pdf",
    "e\u0301 decomposed 😀.pdf",
]


@pytest.fixture
def there(mini, aws):
    return aws(mini)


def arrivals(there):
    found = there.receive("Arrived", seconds=2)
    for message in found:
        there.sqs.delete_message(
            QueueUrl=there.url("Arrived"), ReceiptHandle=message["ReceiptHandle"]
        )
    return [json.loads(message["Body"]) for message in found]


@pytest.mark.parametrize("name", NAMES)
def test_an_upload_is_told_once_with_its_key_as_it_is(mini, there, name):
    put = there.s3.put_object(Bucket=mini.bucket, Key=f"inbox/{name}", Body=b"12345")

    (event,) = arrivals(there)
    assert event["detail-type"] == "Object Created"
    assert event["source"] == "aws.s3"
    assert event["resources"] == [f"arn:aws:s3:::{mini.bucket}"]
    assert event["time"].endswith("Z")
    assert event["detail"]["bucket"] == {"name": mini.bucket}
    assert event["detail"]["reason"] == "PutObject"
    thing = event["detail"]["object"]
    assert thing.pop("sequencer")
    assert thing == {
        "key": f"inbox/{name}",
        "size": 5,
        "etag": put["ETag"].strip('"'),
        "version-id": put["VersionId"],
    }


@pytest.mark.parametrize("name", NAMES)
def test_a_multipart_upload_is_told_once_with_its_whole_size(mini, there, name):
    size = 6 * 1024 * 1024
    parts = TransferConfig(multipart_threshold=1, multipart_chunksize=5 * 1024 * 1024)
    body = io.BytesIO(bytes(size))
    there.s3.upload_fileobj(body, mini.bucket, f"inbox/{name}", Config=parts)

    (event,) = arrivals(there)
    head = there.s3.head_object(Bucket=mini.bucket, Key=f"inbox/{name}")
    assert event["detail"]["reason"] == "CompleteMultipartUpload"
    assert event["detail"]["object"]["key"] == f"inbox/{name}"
    assert event["detail"]["object"]["size"] == size
    assert event["detail"]["object"]["version-id"] == head["VersionId"]


def test_sequencers_rise(mini, there):
    for _ in range(3):
        there.s3.put_object(Bucket=mini.bucket, Key="inbox/again", Body=b"x")
    events = arrivals(there)
    sequencers = [event["detail"]["object"]["sequencer"] for event in events]
    assert sequencers == sorted(set(sequencers))
    assert len(sequencers) == 3


def test_what_the_rule_does_not_name_is_not_told(mini, there):
    there.s3.put_object(Bucket=mini.bucket, Key="work/1.pdf", Body=b"x")
    assert there.receive("Arrived", seconds=0) == []


def test_a_put_of_curls_default_type_keeps_its_bytes(mini, there):
    data = b"%PDF-1.7 a=b&c=%41+\xff\x00"
    url = f"{mini.aws_url}/{mini.bucket}/uploads/{urllib.parse.quote('ä + 1.pdf')}"
    request = urllib.request.Request(url, data=data, method="PUT")
    request.add_header("Content-Type", "application/x-www-form-urlencoded")
    with urllib.request.urlopen(request) as answer:
        assert answer.status == 200
    body = there.s3.get_object(Bucket=mini.bucket, Key="uploads/ä + 1.pdf")["Body"].read()
    assert body == data


def test_one_of_many_conditional_writers_wins(mini, there):
    def write(n):
        try:
            body = str(n).encode()
            there.s3.put_object(Bucket=mini.bucket, Key="once", Body=body, IfNoneMatch="*")
        except ClientError as error:
            assert error.response["Error"]["Code"] == "PreconditionFailed"
            return False
        return True

    with ThreadPoolExecutor(8) as many:
        assert sum(many.map(write, range(24))) == 1


def test_an_object_s_owner_is_known_again(mini, there):
    objects = S3Objects(there.s3, mini.bucket, mini.bucket)
    for owner in ("d1", "d2"):
        objects.put("outbox/a.txt", owner.encode(), "text/plain", owner=owner)
    objects.copy("outbox/a.txt", "outbox/b.txt", "text/plain", owner="d1")

    objects.delete_owned("outbox/a.txt", "d2")
    objects.delete_owned("outbox/b.txt", "d1")

    assert objects.get("outbox/a.txt") == b"d1"
    assert list(objects.list_keys("outbox/")) == ["outbox/a.txt"]


def test_concurrent_updates_of_one_item_are_all_kept(mini, there):
    def mark(n):
        there.dynamodb.update_item(
            TableName=mini.table,
            Key={"pk": {"S": "one"}},
            UpdateExpression="ADD marks :one SET #n = :n",
            ExpressionAttributeNames={"#n": f"d{n}"},
            ExpressionAttributeValues={":one": {"N": "1"}, ":n": {"N": str(n)}},
        )

    with ThreadPoolExecutor(8) as many:
        list(many.map(mark, range(64)))
    item = there.dynamodb.get_item(TableName=mini.table, Key={"pk": {"S": "one"}})["Item"]
    assert item["marks"] == {"N": "64"}
    assert len([name for name in item if name.startswith("d")]) == 64


def test_messages_sent_while_others_are_deleted_are_all_kept(mini, there):
    url = there.url("Dead")

    def send(n):
        there.sqs.send_message(QueueUrl=url, MessageBody=str(n))

    def drain(_):
        found = there.receive("Dead", seconds=1)
        for message in found:
            there.sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
        return [message["Body"] for message in found]

    with ThreadPoolExecutor(8) as many:
        sent = [many.submit(send, n) for n in range(60)]
        received = [body for bodies in many.map(drain, range(8)) for body in bodies]
        assert all(future.result() is None for future in sent)
    while more := drain(0):
        received += more
    assert sorted(map(int, received)) == list(range(60))


@pytest.mark.parametrize(
    "header",
    [
        ("Origin", "http://evil.example"),
        ("Host", "evil.example"),
        ("Sec-Fetch-Site", "cross-site"),
    ],
)
def test_no_web_page_from_elsewhere_reads_the_bucket(mini, there, header):
    there.s3.put_object(Bucket=mini.bucket, Key="secret", Body=b"x")
    where = {"Bucket": mini.bucket, "Key": "secret"}
    link = there.s3.generate_presigned_url("get_object", Params=where)
    assert httpx.get(link).content == b"x"
    assert httpx.get(link, headers=[header]).status_code == 403


@pytest.mark.parametrize(
    "path",
    [
        "/moto-api/",
        "/moto-api/data.json",
        "/moto-api/recorder/start-recording",
        "/moto-api/recorder/download-recording",
        "/latest/meta-data/iam/security-credentials/",
        "/favicon.ico",
    ],
)
def test_nobody_looks_into_the_embedded_cloud_or_records_it(there, path):
    place = there.s3.meta.endpoint_url
    assert httpx.get(place + path).status_code == 404
    assert httpx.post(place + path).status_code in (404, 412)  # nothing there, or no such form


def form(there, mini, key="uploads/default/1", **more):
    return there.s3.generate_presigned_post(
        mini.bucket,
        key,
        Fields={"Content-Type": "application/pdf"},
        Conditions=[{"Content-Type": "application/pdf"}, ["content-length-range", 1, 100]],
        **more,
    )


def post(form, size=10, **fields):
    upload = {"file": ("Größe + 100% (1).pdf", bytes(size), "application/pdf")}
    return httpx.post(form["url"], data=form["fields"] | fields, files=upload)


def test_a_presigned_upload_is_stored_as_sent(mini, there):
    assert post(form(there, mini, key="inbox/Größe + 100%.pdf")).status_code == 204
    found = there.s3.get_object(Bucket=mini.bucket, Key="inbox/Größe + 100%.pdf")
    assert found["Body"].read() == bytes(10)
    assert found["ContentType"] == "application/pdf"
    (event,) = arrivals(there)
    assert event["detail"]["object"]["size"] == 10
    assert event["detail"]["reason"] == "POST Object"


@pytest.mark.parametrize(
    ("change", "status", "code"),
    [
        ({"size": 101}, 400, "EntityTooLarge"),
        ({"size": 0}, 400, "EntityTooSmall"),
        ({"key": "../../evil"}, 403, "AccessDenied"),
        ({"Content-Type": "text/html"}, 403, "AccessDenied"),
        ({"acl": "public-read"}, 403, "AccessDenied"),
        ({"policy": "bm8="}, 403, "SignatureDoesNotMatch"),
    ],
)
def test_an_upload_that_its_policy_does_not_allow_is_refused(mini, there, change, status, code):
    answer = post(form(there, mini), **change)
    assert answer.status_code == status
    assert f"<Code>{code}</Code>" in answer.text


def test_an_expired_policy_is_refused(mini, there):
    answer = post(form(there, mini, ExpiresIn=-1))
    assert answer.status_code == 403
    assert "Policy expired" in answer.text


@pytest.mark.parametrize("odd", ["\x1b[2J", "\x07&<>", "\t", "+ %41"])
def test_what_people_put_under_any_key_can_be_removed(mini, there, odd):
    objects, key = S3Objects(there.s3, mini.bucket, mini.bucket), f"odd/{odd}.pdf"
    for text in (b"first", b"second"):
        objects.put(key, text, "application/pdf")
    objects.put(f"odd/{odd}.pdf.txt", b"x", "application/pdf")
    objects.delete(key)
    left = there.s3.list_object_versions(Bucket=mini.bucket, Prefix=key)
    assert [one["Key"] for one in left["Versions"]] == [f"odd/{odd}.pdf.txt"]
