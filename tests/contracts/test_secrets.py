"""What everything must do that keeps passwords."""

from __future__ import annotations

import boto3
import pytest

from fanfold.disk.secrets import DiskSecrets
from tests.fakes.world import MemoryObjects


def test_what_was_put_last_is_kept_for_each_run_until_it_is_forgotten(secrets):
    assert secrets.get("secrets/d/1") is None
    secrets.put("secrets/d/1", "ebb")
    secrets.put("secrets/d/1", "Gezeitenstrom ⚓")
    secrets.put("secrets/d/2", "tide")
    assert (secrets.get("secrets/d/1"), secrets.get("secrets/d/2")) == ("Gezeitenstrom ⚓", "tide")
    secrets.forget("secrets/d/1")
    secrets.forget("secrets/d/1")
    assert (secrets.get("secrets/d/1"), secrets.get("secrets/d/2")) == (None, "tide")
    assert secrets.get("secrets/other/2") is None


@pytest.mark.parametrize("secrets", ["s3"], indirect=True)
def test_on_s3_kms_encrypts_them(secrets):
    secrets.put("secrets/d/1", "tide")
    told = boto3.client("s3").head_object(Bucket="derived", Key="secrets/d/1")
    assert told["ServerSideEncryption"] == "aws:kms"


def test_under_another_key_there_is_none(clock):
    objects = MemoryObjects(clock)
    DiskSecrets(objects, lambda: b"one").put("secrets/d/1", "tide")
    assert DiskSecrets(objects, lambda: b"another").get("secrets/d/1") is None
    assert DiskSecrets(objects, lambda: b"one").get("secrets/d/1") == "tide"
