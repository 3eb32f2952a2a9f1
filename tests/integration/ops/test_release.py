"""The pipeline's script: what was packaged is deployed into a stage, and protected there."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
from pathlib import Path

import pytest

from tests.integration.ops.conftest import DATA, STACK

ROOT = Path(__file__).parents[3]
needs_sam = pytest.mark.skipif(
    not (ROOT / ".venv-sam/bin/sam").exists(), reason="SAM is not installed: make validate"
)


def release(*arguments, **environment):
    return subprocess.run(
        [ROOT / "infra/pipeline/release.sh", *map(str, arguments)],
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )


@pytest.fixture
def package(tmp_path):
    """A package as `release.sh package` leaves it, of a small template that moto can deploy."""
    parameters = {"Architecture": {"Type": "String"}, "RetainDays": {"Type": "String"}}
    parameters["LogRetentionDays"] = {"Type": "String"}
    template = {**DATA, "Parameters": parameters}
    (tmp_path / "template.yaml").write_text(json.dumps(template))
    (tmp_path / "release.txt").write_text("commit 1234567\narchitecture arm64\n")
    names = ("template.yaml", "release.txt")
    digests = {name: hashlib.sha256((tmp_path / name).read_bytes()).hexdigest() for name in names}
    lines = [f"{digest}  {name}\n" for name, digest in digests.items()]
    (tmp_path / "SHA256SUMS").write_text("".join(lines))
    return tmp_path


@pytest.fixture
def used_by_sam(cloudformation):
    """Have SAM's own bucket in the account: moto forgets the tags that SAM would give it."""
    bucket = {"Type": "AWS::S3::Bucket", "Properties": {"BucketName": "sams-own"}}
    template = {"Resources": {"B": bucket}, "Outputs": {"SourceBucket": {"Value": {"Ref": "B"}}}}
    cloudformation.create_stack(
        StackName="aws-sam-cli-managed-default",
        TemplateBody=json.dumps(template),
        Tags=[{"Key": "ManagedStackSource", "Value": "AwsSamCli"}],
    )


@needs_sam
def test_a_package_goes_to_its_stage_with_the_stages_settings_and_is_protected(
    package, cloudformation, used_by_sam
):
    # moto looks for templates behind an address of AWS's, or behind localhost.
    address = os.environ["AWS_ENDPOINT_URL"].replace("127.0.0.1", "localhost")
    deployed = release("deploy", "staging", package, AWS_ENDPOINT_URL=address)
    assert deployed.returncode == 0, deployed.stdout + deployed.stderr
    [stack] = cloudformation.describe_stacks(StackName=STACK)["Stacks"]
    told = {one["ParameterKey"]: one["ParameterValue"] for one in stack["Parameters"]}
    assert told == {"Architecture": "arm64", "RetainDays": "8", "LogRetentionDays": "7"}
    assert stack["EnableTerminationProtection"]
    policy = cloudformation.get_stack_policy(StackName=STACK)["StackPolicyBody"]
    assert json.loads(policy) == json.loads((ROOT / "infra/aws/stack-policy.json").read_text())
    assert "commit" not in deployed.stderr
    assert "1234567 goes to staging" in deployed.stderr


def test_a_package_that_was_changed_since_is_not_deployed(package):
    (package / "template.yaml").write_text("{}")
    refused = release("deploy", "staging", package)
    assert refused.returncode == 1
    assert "is not as it was packaged" in refused.stderr


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        ((), "usage"),
        (("deploy", "moon", "PACKAGE"), "samconfig.toml has no deploy for the stage moon"),
        (("package",), "the bucket that takes the package"),
        (("smoke", "moon"), "samconfig.toml has no global for the stage moon"),
    ],
)
def test_what_is_missing_is_said_before_anything_happens(package, arguments, complaint):
    given = [package if one == "PACKAGE" else one for one in arguments]
    refused = release(*given, ARTIFACTS="")
    assert refused.returncode != 0
    assert complaint in refused.stderr
