"""What moto's CloudFormation cannot do. If one fails, moto has learnt it: take it away here."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from moto import mock_aws

from tests.infra.deployed import Templates
from tests.integration.cloudformation.moto_stack import LACKING, digestible, outputs, physical

pytestmark = pytest.mark.filterwarnings("ignore:Tried to parse:UserWarning", "ignore:Exception")
TEMPLATES = Templates.load()


@pytest.fixture(autouse=True)
def account(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "nobody")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    with mock_aws():
        yield


def create(resources: dict[str, Any], **more: Any) -> None:
    boto3.client("cloudformation").create_stack(
        StackName="trial", TemplateBody=json.dumps({"Resources": resources, **more})
    )


@pytest.mark.parametrize("kind", sorted(LACKING))
def test_a_type_is_not_known(kind: str) -> None:
    create({"Thing": {"Type": kind, "Properties": {}}})
    assert not physical("trial").get("Thing")


def test_every_type_that_is_left_out_is_used() -> None:
    documents = [TEMPLATES.parent, *TEMPLATES.nested.values()]
    used = {has["Type"] for document in documents for has in document["Resources"].values()}
    assert used >= LACKING


def test_outputs_of_nested_stacks_are_not_told() -> None:
    s3 = boto3.client("s3")
    s3.create_bucket(Bucket="templates")
    inner = {"Resources": {"Q": {"Type": "AWS::SQS::Queue"}}, "Outputs": {"Word": {"Value": "yes"}}}
    s3.put_object(Bucket="templates", Key="inner", Body=json.dumps(inner))
    url = "https://s3.amazonaws.com/templates/inner"
    nested = {"Type": "AWS::CloudFormation::Stack", "Properties": {"TemplateURL": url}}
    said = {"Word": {"Value": {"Fn::GetAtt": ["Nested", "Outputs.Word"]}}}
    with pytest.raises(Exception):  # noqa: B017 - moto breaks, in no particular way
        create({"Nested": nested}, Outputs=said)
        assert outputs("trial") == {"Word": "yes"}


def test_blocks_of_addresses_are_not_computed() -> None:
    block = {"Fn::Select": [0, {"Fn::Cidr": ["10.0.0.0/20", 2, 8]}]}
    with pytest.raises(KeyError):
        create({"Vpc": {"Type": "AWS::EC2::VPC", "Properties": {"CidrBlock": block}}})


def test_items_that_a_condition_takes_away_stay_as_nothing() -> None:
    document = digestible(TEMPLATES.deploy().children["NetworkStack"])
    maybe = {"Fn::If": ["ThreeZones", {"Ref": "PrivateRoutes3"}, {"Ref": "AWS::NoValue"}]}
    document["Resources"]["S3Endpoint"]["Properties"]["RouteTableIds"].append(maybe)
    with pytest.raises(Exception, match="None"):
        create(**{"resources": document.pop("Resources"), **document})


BODY = {
    "openapi": "3.0.1",
    "info": {"title": "fanfold", "version": "1"},
    "paths": {"/": {"get": {"x-amazon-apigateway-integration": {"type": "mock"}}}},
}


def test_an_api_does_not_take_its_name_from_its_body() -> None:
    with pytest.raises(KeyError, match="Name"):
        create({"Api": {"Type": "AWS::ApiGateway::RestApi", "Properties": {"Body": BODY}}})


def test_an_api_does_not_take_its_methods_from_its_body() -> None:
    kind = "AWS::ApiGateway::Deployment"
    deployment = {"Type": kind, "Properties": {"RestApiId": {"Ref": "Api"}}}
    properties = {"Body": BODY, "Name": "fanfold"}
    api = {"Type": "AWS::ApiGateway::RestApi", "Properties": properties}
    with pytest.raises(Exception, match="any methods"):
        create({"Api": api, "Deployment": deployment})


def test_a_bucket_does_not_take_its_versioning() -> None:
    properties = {"BucketName": "versions", "VersioningConfiguration": {"Status": "Enabled"}}
    create({"Bucket": {"Type": "AWS::S3::Bucket", "Properties": properties}})
    assert "Status" not in boto3.client("s3").get_bucket_versioning(Bucket="versions")


def test_a_subnets_route_table_is_not_told() -> None:
    network = TEMPLATES.deploy().children["NetworkStack"]
    document = digestible(network)
    create(document.pop("Resources"), **document)
    tables = boto3.client("ec2").describe_route_tables()["RouteTables"]
    assert not any(one.get("SubnetId") for table in tables for one in table["Associations"])
