"""A bucket's documents go into the drop folder once, whenever the copying is interrupted."""

from __future__ import annotations

import sys

import boto3
import pytest
from moto import mock_aws

from cli import backfill, main
from client.errors import Exit, Unreachable, Usage

THOUSAND = 1000


@pytest.fixture(autouse=True)
def s3(monkeypatch):
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"):
        monkeypatch.setenv(name, "testing")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    monkeypatch.delenv("AWS_PROFILE", raising=False)
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    with mock_aws():
        client = boto3.client("s3")
        client.create_bucket(Bucket="archive")
        client.create_bucket(Bucket="deployed")
        client.put_bucket_versioning(
            Bucket="deployed", VersioningConfiguration={"Status": "Enabled"}
        )
        yield client


def put(s3, *paths, body=b"%PDF"):
    for path in paths:
        s3.put_object(Bucket="archive", Key=f"scans/{path}", Body=body)


def versions(s3):
    """Return the keys of the drop folder, each as often as it was written."""
    pages = s3.get_paginator("list_object_versions").paginate(Bucket="deployed", Prefix="inbox/")
    return [one["Key"] for page in pages for one in page.get("Versions", ())]


def call(monkeypatch, *arguments):
    monkeypatch.setattr(sys, "argv", ["fanfold", "backfill", *arguments])
    with pytest.raises(SystemExit) as caught:
        main.main()
    return caught.value.code


def test_what_was_interrupted_goes_on_and_nothing_is_copied_twice(monkeypatch, s3, capsys):
    names = [f"{number:04}/Größe & {number}.pdf" for number in range(THOUSAND)]
    put(s3, *names)
    first = backfill.Backfill("s3://archive/scans/", "deployed", "old", rate=1e6)
    outcome = backfill.Outcome()

    for _ in first.run(outcome):
        if outcome.copied > THOUSAND / 3:
            break  # as an interruption does
    assert THOUSAND / 3 < len(versions(s3)) < THOUSAND

    again = call(
        monkeypatch, "s3://archive/scans/", "--bucket=deployed", "--folder=old", "--rate=1000000"
    )

    assert again == Exit.OK
    assert sorted(versions(s3)) == sorted(f"inbox/old/{name}" for name in names)
    assert f"{outcome.copied} there already" in capsys.readouterr().err


def test_a_dry_run_says_what_would_be_copied_and_copies_nothing(monkeypatch, s3, capsys):
    put(s3, "a.pdf", "Thumbs.db", ".hidden.pdf", "folder/")

    assert call(monkeypatch, "s3://archive/scans/", "--bucket=deployed", "--dry-run") == Exit.OK

    out, said = capsys.readouterr()
    assert out == "a.pdf\n"
    assert said == "1 to be copied (0.0 MB), 0 there already, 3 no documents, 0 failed\n"
    assert versions(s3) == []


def test_what_has_changed_since_is_copied_again(monkeypatch, s3):
    put(s3, "a.pdf", "b.pdf")
    call(monkeypatch, "s3://archive/scans/", "--bucket=deployed")
    put(s3, "b.pdf", body=b"%PDF, longer")

    call(monkeypatch, "s3://archive/scans/", "--bucket=deployed")

    assert sorted(versions(s3)) == ["inbox/a.pdf", "inbox/b.pdf", "inbox/b.pdf"]


def test_what_cannot_be_copied_is_named_and_the_rest_goes_on(monkeypatch, s3, capsys):
    put(s3, "a.pdf", "frozen.pdf")
    s3.copy_object(
        Bucket="archive", Key="scans/frozen.pdf", StorageClass="DEEP_ARCHIVE",
        CopySource={"Bucket": "archive", "Key": "scans/frozen.pdf"},
    )  # fmt: skip

    assert call(monkeypatch, "s3://archive/scans/", "--bucket=deployed") == Exit.FAILED

    assert versions(s3) == ["inbox/a.pdf"]
    assert "frozen.pdf: " in capsys.readouterr().err


@pytest.mark.parametrize("source", ["archive/scans", "s3:///scans", "http://archive/scans"])
def test_what_is_no_place_of_s3_is_wrong_usage(source):
    with pytest.raises(Usage, match="is no s3://bucket/prefix"):
        list(backfill.Backfill(source, "deployed").wanted(backfill.Outcome()))


@pytest.mark.parametrize("source", ["s3://deployed", "s3://deployed/inbox/old/"])
def test_a_drop_folder_is_not_copied_into_itself(source):
    with pytest.raises(Usage, match="holds the drop folder"):
        list(backfill.Backfill(source, "deployed", "old").wanted(backfill.Outcome()))


def test_a_bucket_that_is_not_there_is_said():
    with pytest.raises(Unreachable, match="cannot be listed"):
        list(backfill.Backfill("s3://nowhere/", "deployed").wanted(backfill.Outcome()))
