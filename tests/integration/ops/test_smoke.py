"""The smoke test, on a stack whose outputs lead to the embedded cloud."""

from __future__ import annotations

import json
from functools import partial

import boto3
import pytest

from cli import tools
from infra.ops import smoke, tokens
from infra.rehearsal import cloud as rehearsal
from infra.rehearsal.aws import EmbeddedAws
from infra.rehearsal.cloud import Cloud
from tests.integration.ops.conftest import OPERATED, point_at

TEMPLATE = smoke.Path(__file__).parents[3] / "template.yaml"
TOOLS = tools.find()


@pytest.fixture(scope="module")
def cloud(tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(rehearsal, "EmbeddedAws", partial(EmbeddedAws, services=OPERATED))
        with Cloud(
            TEMPLATE,
            parameters={"Languages": "eng"},
            workers=1,
            environment=TOOLS.environment,
            log=tmp_path_factory.mktemp("cloud") / "fanfold.log",
            trusting=False,
        ) as running:
            point_at(running.aws_url, patch)
            outputs = {
                "ApiUrl": running.api_url,
                "ApiAuth": "token",
                "BucketName": running.bucket,
                "TableName": running.table,
            }
            for name, told in {"fanfold": outputs, "mute": {}}.items():
                boto3.client("cloudformation").create_stack(
                    StackName=name, TemplateBody=json.dumps(template(name, told))
                )
            yield running


def template(name, outputs):
    return {
        "Resources": {name: {"Type": "AWS::SNS::Topic"}},
        "Outputs": {key: {"Value": value} for key, value in outputs.items()},
    }


def test_a_stack_that_reads_passes_and_nothing_is_left(cloud, capsys):
    assert smoke.main(["--stack", "fanfold"]) == 0
    assert capsys.readouterr().out.splitlines()[-1] == "smoke: fanfold reads documents"
    next(pool for name, pool in cloud.pools.items() if "Sweep" in name).invoke({})
    left = boto3.client("s3").list_objects_v2(Bucket=cloud.bucket).get("Contents", [])
    drops = [one["Key"] for one in left if one["Key"].startswith(("inbox/", "outbox/", "uploads/"))]
    assert drops == []
    assert all(token.revoked_at for token in tokens.of_stack("fanfold").listing())


def test_one_that_does_not_read_in_time_fails(cloud, capsys):
    assert smoke.main(["--stack", "fanfold", "--seconds", "0"]) == 1
    assert "Waited 0 s in vain" in capsys.readouterr().err


def test_one_that_reads_something_else_fails(cloud, capsys, monkeypatch):
    monkeypatch.setattr(smoke, "WORDS", ("Smoke",))
    drawn = smoke.draw
    monkeypatch.setattr(smoke, "draw", lambda path: (drawn(path), expect(monkeypatch, "Fire")))
    assert smoke.main(["--stack", "fanfold"]) == 1
    assert "The text lacks “Fire”" in capsys.readouterr().err


def expect(monkeypatch, *words):
    monkeypatch.setattr(smoke, "WORDS", words)


@pytest.mark.parametrize(
    ("stack", "complaint"),
    [("mute", "The stack mute has no output 'ApiAuth'"), ("nobody", "nobody")],
)
def test_a_stack_that_is_not_fanfold_is_said_so(cloud, capsys, stack, complaint):
    assert smoke.main(["--stack", stack]) == 1
    assert complaint in capsys.readouterr().err
