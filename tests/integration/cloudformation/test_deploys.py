"""The templates deploy, and what they make is wired as the embedded cloud reads it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from moto import mock_aws

from infra.template.names import Place
from infra.template.template import load
from infra.template.wiring import Wiring, wire
from tests.infra.stack import TEMPLATE
from tests.integration.cloudformation.moto_stack import (
    LEFT_OUT,
    STACK,
    Deployer,
    outputs,
    physical,
)

NAMELESS = {
    # made, but moto does not say under which name
    "AWS::EC2::SecurityGroupIngress",
    "AWS::Lambda::LayerVersion",
    "AWS::Lambda::Permission",
    "AWS::Lambda::Version",
}
PLACE = Place("https://sqs.us-east-1.amazonaws.com")


@pytest.fixture(scope="module")
def deployed() -> Iterator[Deployer]:
    with pytest.MonkeyPatch.context() as patch, mock_aws():
        for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
            patch.setenv(name, "nobody")
        patch.setenv("AWS_DEFAULT_REGION", PLACE.region)
        patch.delenv("AWS_ENDPOINT_URL", raising=False)
        route53 = boto3.client("route53")
        zone = route53.create_hosted_zone(Name="example.org", CallerReference="once")
        deployer = Deployer(
            {
                "NatPerZone": "true",
                "OutboundNames": "hooks.example.org",
                "DomainName": "fanfold.example.org",
                "DomainRouting": "primary",
                "HostedZoneId": zone["HostedZone"]["Id"].rpartition("/")[2],
            }
        )
        deployer.run()
        yield deployer


@pytest.fixture(scope="module")
def read() -> Wiring:
    """What the embedded cloud reads of the template."""
    return wire(load(TEMPLATE, PLACE, {"OutboundNames": "hooks.example.org"}))


def test_everything_is_made_but_what_moto_lacks(deployed: Deployer) -> None:
    for name, plan in {"": deployed.plan, **deployed.plan.children}.items():
        made = physical(f"{STACK}-{name}" if name else STACK)
        wanted = {one: kind for one, kind in plan.made().items() if kind not in LEFT_OUT}
        assert made.keys() == wanted.keys()
        assert {wanted[one] for one, known in made.items() if not known} <= NAMELESS


def test_functions_are_as_the_embedded_cloud_runs_them(deployed: Deployer, read: Wiring) -> None:
    made = physical(STACK)
    names = {
        made[one]: f"{STACK}-{one}" for one in made if one in ("Bucket", "DerivedBucket", "Table")
    }
    for function in read.functions.values():
        has = boto3.client("lambda").get_function_configuration(FunctionName=made[function.id])
        assert has["Handler"] == function.handler
        assert (has["MemorySize"], has["Timeout"]) == (function.memory, function.timeout)
        variables = has["Environment"]["Variables"]
        assert {key: _known(value, names) for key, value in variables.items()} == {
            key: _known(value, names) for key, value in function.environment.items()
        }


def _known(value: object, names: dict[str, str]) -> str:
    """Return a value with planned names for real ones, and of a queue's URL its name."""
    text = str(value)
    if text.startswith("https://sqs."):
        return text.rpartition("/")[2]
    return names.get(text, text).lower()


def test_functions_stand_in_the_private_subnets_and_have_their_role(deployed: Deployer) -> None:
    network, roles = outputs(f"{STACK}-NetworkStack"), outputs(f"{STACK}-Permissions")
    functions = boto3.client("lambda").list_functions()["Functions"]
    others = {"DeployRole", "PipeRole"}  # CodeDeploy's, and that of a pipe
    own = {role for name, role in roles.items() if name not in others}
    assert {has["Role"] for has in functions} == own
    for has in functions:
        assert has["VpcConfig"]["SubnetIds"] == network["PrivateSubnets"].split(",")
        group = "OutboundGroup" if "-NotifyFunction" in has["FunctionName"] else "SealedGroup"
        assert has["VpcConfig"]["SecurityGroupIds"] == [network[group]], has["FunctionName"]


def test_functions_take_from_the_queues_that_they_take_from_here(
    deployed: Deployer, read: Wiring
) -> None:
    made = {known: f"{STACK}-{name}" for name, known in physical(STACK).items()}
    mappings = boto3.client("lambda").list_event_source_mappings()["EventSourceMappings"]
    assert {
        (
            made[one["FunctionArn"].partition(":function:")[2].partition(":")[0]],
            one["EventSourceArn"],
            one["BatchSize"],
        )
        for one in mappings
    } == {(one.function, one.queue_arn, one.batch_size) for one in read.sources}


def test_queues_hide_and_redrive_as_here(deployed: Deployer) -> None:
    template, sqs = load(TEMPLATE, PLACE), boto3.client("sqs")
    for queue in template.resources("AWS::SQS::Queue"):
        has = sqs.get_queue_attributes(QueueUrl=physical(STACK)[queue.id], AttributeNames=["All"])[
            "Attributes"
        ]
        assert has["VisibilityTimeout"] == str(queue.properties["VisibilityTimeout"])
        wanted = template.value(queue.properties.get("RedrivePolicy"))
        assert json.loads(has.get("RedrivePolicy", "null")) == wanted


def test_arrivals_go_to_the_intake_queue(deployed: Deployer) -> None:
    events = boto3.client("events")
    [rule] = [one for one in events.list_rules()["Rules"] if "ArrivalRule" in one["Name"]]
    [target] = events.list_targets_by_rule(Rule=rule["Name"])["Targets"]
    assert target["Arn"] == PLACE.arn("sqs", f"{STACK}-intake")
    assert json.loads(rule["EventPattern"])["detail"]["bucket"] == {
        "name": [outputs(STACK)["BucketName"]]
    }


def test_states_are_kept_as_here(deployed: Deployer) -> None:
    said = outputs(STACK)
    table = boto3.client("dynamodb").describe_table(TableName=said["TableName"])["Table"]
    [wanted] = load(TEMPLATE, PLACE).resources("AWS::DynamoDB::Table")
    assert table["KeySchema"] == wanted.properties["KeySchema"]
    indexes = {one["IndexName"]: one["KeySchema"] for one in table["GlobalSecondaryIndexes"]}
    assert indexes == {
        one["IndexName"]: one["KeySchema"] for one in wanted.properties["GlobalSecondaryIndexes"]
    }


def test_each_private_subnet_leads_to_the_nat_of_its_zone(deployed: Deployer) -> None:
    ec2, made = boto3.client("ec2"), physical(f"{STACK}-NetworkStack")
    tables = {
        one["RouteTableId"]: [route for route in one["Routes"] if _is_default(route)]
        for one in ec2.describe_route_tables()["RouteTables"]
    }
    zones = {one["SubnetId"]: one["AvailabilityZone"] for one in ec2.describe_subnets()["Subnets"]}
    nats = {
        one["NatGatewayId"]: zones[one["SubnetId"]]
        for one in ec2.describe_nat_gateways()["NatGateways"]
    }
    for number in "12":
        [way] = tables[made[f"PrivateRoutes{number}"]]
        assert nats[way["NatGatewayId"]] == zones[made[f"PrivateSubnet{number}"]]
    [way] = tables[made["PublicRoutes"]]
    assert way["GatewayId"] == made["InternetGateway"]


def _is_default(route: Any) -> bool:
    return bool(route.get("DestinationCidrBlock") == "0.0.0.0/0")
