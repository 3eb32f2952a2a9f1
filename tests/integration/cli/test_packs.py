"""Languages go from Debian's packages into the bucket, under the names to ask for."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import boto3
import pytest
from moto import mock_aws

from cli import packs
from client.errors import Unreachable, Usage


@pytest.fixture(autouse=True)
def bucket(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"):
        monkeypatch.setenv(name, "testing")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    with mock_aws():
        boto3.client("s3").create_bucket(Bucket="the-bucket")
        yield "the-bucket"


@pytest.fixture
def build(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[[str], None]:
    """Put a script in the place of the one that fetches packages."""

    def write(body: str) -> None:
        script = tmp_path / "build.sh"
        script.write_text(body)
        monkeypatch.setattr(packs, "_BUILD", script)

    return write


def test_what_the_packages_hold_lies_under_the_names_to_ask_for(build, bucket):
    build(
        '[ "$PACKS" = yes ] && [ "$LANGUAGES" = "pol frk" ] || exit 1\n'
        'echo pol >"$OUT/pol.traineddata"; mkdir "$OUT/script"\n'
        'echo frk >"$OUT/script/Fraktur.traineddata"; touch "$OUT/readme"\n'
    )
    assert list(packs.add(["pol", "frk"], bucket)) == ["pol", "script/Fraktur"]
    listed = boto3.client("s3").list_objects_v2(Bucket=bucket)["Contents"]
    assert [thing["Key"] for thing in listed] == [
        "tessdata/pol.traineddata",
        "tessdata/script/Fraktur.traineddata",
    ]


def test_a_language_without_a_package_is_said_before_anything_is_written(build, bucket):
    build("echo 'there is no language xyz' >&2; exit 69")
    with pytest.raises(Usage, match="there is no language xyz"):
        list(packs.add(["xyz"], bucket))
    assert "Contents" not in boto3.client("s3").list_objects_v2(Bucket=bucket)


def test_a_bucket_that_is_not_there_is_said(build):
    build('echo pol >"$OUT/pol.traineddata"')
    with pytest.raises(Unreachable, match="nobodys-bucket"):
        list(packs.add(["pol"], "nobodys-bucket"))
