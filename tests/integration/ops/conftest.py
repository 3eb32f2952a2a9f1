"""An AWS on loopback with a CloudFormation that has a stack, and a shell that talks to it."""

from __future__ import annotations

import json
import os

import boto3
import pytest
from moto.cloudformation.responses import CloudFormationResponse
from moto.core.responses import ActionResult

from infra.http.serving import listen
from infra.rehearsal.aws import SERVICES, EmbeddedAws

STACK = "fanfold-staging"
DATA = {
    "Resources": {
        "Bucket": {"Type": "AWS::S3::Bucket", "DeletionPolicy": "Retain"},
        "Table": {
            "Type": "AWS::DynamoDB::Table",
            "DeletionPolicy": "Retain",
            "Properties": {
                "BillingMode": "PAY_PER_REQUEST",
                "AttributeDefinitions": [{"AttributeName": "pk", "AttributeType": "S"}],
                "KeySchema": [{"AttributeName": "pk", "KeyType": "HASH"}],
            },
        },
        "Queue": {"Type": "AWS::SQS::Queue", "Properties": {"QueueName": f"{STACK}-page"}},
    },
    "Outputs": {"BucketName": {"Value": {"Ref": "Bucket"}}},
}


def point_at(url, patch):
    """Lead this process, its children and their AWS CLI to the AWS at ``url``."""
    for name, value in {
        "AWS_ENDPOINT_URL": url,
        "AWS_ACCESS_KEY_ID": "testing",
        "AWS_SECRET_ACCESS_KEY": "testing",
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
    }.items():
        patch.setenv(name, value)
    patch.delenv("AWS_SESSION_TOKEN", raising=False)
    patch.setattr(boto3, "DEFAULT_SESSION", None)


OPERATED = SERVICES | {"cloudformation", "cloudwatch", "sns", "sts"}
"""What those who operate a stack ask, besides what the functions do."""


@pytest.fixture
def aws(monkeypatch):
    """Run AWS on loopback for this process and its children."""
    running = EmbeddedAws(listen(0), OPERATED)
    running.start()
    point_at(running.url, monkeypatch)
    monkeypatch.setattr(
        CloudFormationResponse, "update_termination_protection", _protect, raising=False
    )
    yield running.url
    running.stop()


def _protect(self):
    """Do what moto does not know."""
    stack = self.cloudformation_backend.get_stack(self._get_param("StackName"))
    wanted = self._get_param("EnableTerminationProtection")
    stack.enable_termination_protection = str(wanted).lower() == "true"
    return ActionResult({"StackId": stack.stack_id})


@pytest.fixture
def cloudformation(aws):
    return boto3.client("cloudformation")


@pytest.fixture
def stack(cloudformation):
    cloudformation.create_stack(StackName=STACK, TemplateBody=json.dumps(DATA))
    return STACK
