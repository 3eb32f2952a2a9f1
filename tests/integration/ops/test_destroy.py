from __future__ import annotations

import io
import json
import sys

import boto3
import pytest

from infra.ops import destroy, empty
from tests.integration.ops.conftest import DATA, STACK


@pytest.fixture
def answer(monkeypatch):
    return lambda text: monkeypatch.setattr(sys, "stdin", io.StringIO(text + "\n"))


def stacks(cloudformation):
    return [one["StackName"] for one in cloudformation.describe_stacks()["Stacks"]]


def test_it_says_what_stays_and_removes_nothing_unless_the_name_is_typed(
    stack, cloudformation, answer, capsys
):
    answer("yes")
    assert destroy.main(["--stack", stack]) == 1
    said = capsys.readouterr()
    bucket = boto3.client("s3").list_buckets()["Buckets"][0]["Name"]
    assert f"AWS::S3::Bucket          {bucket}" in said.out
    assert f"aws s3api delete-bucket --bucket {bucket}" in said.out
    assert "nothing was removed" in said.err
    assert stacks(cloudformation) == [stack]


def test_the_service_goes_and_the_data_stays(stack, cloudformation, answer, capsys):
    answer(stack)
    assert destroy.main(["--stack", stack]) == 0
    assert f"{stack} is gone" in capsys.readouterr().out
    assert stacks(cloudformation) == []
    assert "QueueUrls" not in boto3.client("sqs").list_queues()


def test_a_pipeline_names_the_stack_twice(stack, cloudformation):
    assert destroy.main(["--stack", stack, "--yes", "another"]) == 1
    assert destroy.main(["--stack", stack, "--yes", stack]) == 0
    assert stacks(cloudformation) == []


def test_a_protected_stack_is_left_alone(cloudformation, capsys):
    cloudformation.create_stack(
        StackName=STACK, TemplateBody=json.dumps(DATA), EnableTerminationProtection=True
    )
    assert destroy.main(["--stack", STACK, "--yes", STACK]) == 1
    assert "--no-enable-termination-protection" in capsys.readouterr().err
    assert stacks(cloudformation) == [STACK]


def test_a_stack_that_is_not_there_is_said_so(aws, capsys):
    assert destroy.main(["--stack", "nobody"]) == 1
    assert "nobody" in capsys.readouterr().err


def test_a_bucket_is_emptied_in_all_versions_once_its_name_is_typed(aws, answer):
    s3 = boto3.client("s3")
    s3.create_bucket(Bucket="left")
    s3.put_bucket_versioning(Bucket="left", VersioningConfiguration={"Status": "Enabled"})
    for _ in range(3):
        s3.put_object(Bucket="left", Key="inbox/a", Body=b"a")
    answer("no")
    assert empty.main(["--bucket", "left"]) == 1
    assert len(s3.list_object_versions(Bucket="left")["Versions"]) == 3
    answer("left")
    assert empty.main(["--bucket", "left"]) == 0
    assert "Versions" not in s3.list_object_versions(Bucket="left")
    s3.delete_bucket(Bucket="left")
