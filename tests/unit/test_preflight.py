"""What an account lacks is said before a deployment, with what to set."""

from __future__ import annotations

import io
import json
from dataclasses import replace

import boto3
import pytest
from botocore.awsrequest import AWSResponse
from moto import mock_aws

from infra.ops.preflight import __main__ as preflight
from infra.ops.preflight import account, wanted
from infra.ops.preflight.account import Account, Zone
from infra.ops.preflight.advice import findings
from infra.template.intrinsics import TemplateError

OURS = Account(
    region="eu-central-1",
    concurrency=1000,
    zones=tuple(Zone(f"eu-central-1{letter}", f"euc1-az{n}") for n, letter in enumerate("abc", 1)),
    sqs_zones=frozenset({"eu-central-1a", "eu-central-1b", "eu-central-1c"}),
    log_role="",
    linked_roles=frozenset({"AWSServiceRoleForAPIGateway"}),
)


def stops(has, **parameters):
    return [one.do for one in findings(has, wanted.read(parameters)) if one.stops]


def test_an_account_that_lacks_nothing_is_ready():
    assert stops(OURS) == []


def test_a_new_account_is_told_to_ask_for_concurrency_and_what_to_set_until_then():
    [do] = stops(replace(OURS, concurrency=10))
    assert "PageConcurrency=2" in do
    assert "request-service-quota-increase" in do


def test_pages_are_as_many_as_the_account_has_room_for():
    others = wanted.read({}).others
    [do] = stops(replace(OURS, concurrency=100), PageConcurrency="200")
    assert f"PageConcurrency={100 - others}" in do
    assert stops(replace(OURS, concurrency=100), PageConcurrency=str(100 - others)) == []


def test_zones_without_an_endpoint_for_sqs_are_passed_over():
    has = replace(OURS, sqs_zones=OURS.sqs_zones - {"eu-central-1a"})
    assert stops(has) == ["set ZoneNames=eu-central-1b,eu-central-1c"]
    assert stops(has, ZoneNames="eu-central-1b,eu-central-1c") == []
    assert stops(has, Network="behind-nat-sqs") == []  # which has no endpoint
    [do] = stops(has, Zones="3")
    assert "another region" in do


def test_zones_without_lambda_are_passed_over_under_every_network():
    zones = (Zone("us-east-1a", "use1-az3"), Zone("us-east-1b", "use1-az1"))
    zones += (Zone("us-east-1c", "use1-az2"),)
    has = replace(
        OURS, region="us-east-1", zones=zones, sqs_zones=frozenset(zone.name for zone in zones)
    )
    for network in ("behind-nat", "behind-nat-sqs", "sealed"):
        assert stops(has, Network=network) == ["set ZoneNames=us-east-1b,us-east-1c"]


@pytest.mark.parametrize(
    "named", ["eu-central-1a,eu-central-1x", "eu-central-1a,eu-central-1b,eu-central-1c"]
)
def test_zones_that_do_not_fit_are_seen(named):
    assert stops(OURS, ZoneNames=named) == ["set ZoneNames=eu-central-1a,eu-central-1b"]


@pytest.mark.parametrize(
    "given",
    [
        {"Network": "none"},
        {"VpcId": "vpc-1", "SubnetIds": "a,b", "EndpointGroupId": "sg-1"},
        {"SubnetIds": "a,b", "SecurityGroupIds": "sg-1"},
    ],
)
def test_who_makes_no_subnets_needs_no_zones(given):
    assert stops(replace(OURS, zones=()), **given) == []


def test_a_region_without_prefix_lists_is_seen():
    [do] = stops(replace(OURS, region="mx-central-1"))
    assert "docs/network.md" in do


def test_the_role_of_the_account_for_logs_is_not_replaced():
    has = replace(OURS, log_role="arn:aws:iam::1:role/theirs")
    assert stops(has, ApiLogRole="create") == ["set ApiLogRole=existing"]
    assert stops(OURS, ApiLogRole="existing") == ["set ApiLogRole=create"]
    assert stops(has, ApiLogRole="existing") == stops(OURS, ApiLogRole="create") == []
    notes = {one.do for one in findings(has, wanted.read({}))}
    assert notes == {"ApiLogRole=existing turns that on"}


def test_a_role_that_a_service_makes_for_itself_is_a_note():
    has = replace(OURS, linked_roles=frozenset())
    name = {"DomainName": "fanfold.example.org", "HostedZoneId": "Z1"}
    notes = [one.do for one in findings(has, wanted.read(name)) if not one.stops]
    assert any("create-service-linked-role" in do for do in notes)
    assert stops(has, **name) == []
    assert not any("linked" in one.do for one in findings(has, wanted.read({})))


@pytest.mark.parametrize(
    "given", [{"Nope": "1"}, {"Network": "open"}, {"PageConcurrency": "many"}], ids=str
)
def test_what_the_template_does_not_take_is_refused(given):
    with pytest.raises(TemplateError, match=next(iter(given))):
        wanted.read(given)


class Answer(io.BytesIO):
    """A body as urllib3 gives it."""

    def stream(self, **_):
        yield self.getvalue()


def limits(request, **_):
    """Answer what moto does not know."""
    body = {"AccountLimit": {"UnreservedConcurrentExecutions": 10}}
    return AWSResponse(request.url, 200, {}, Answer(json.dumps(body).encode()))


@pytest.fixture
def aws(monkeypatch):
    """An account as moto has it, with the limit of a new one."""

    class Session(boto3.Session):
        def __init__(self, **given):
            super().__init__(**given)
            self.events.register_first("before-send.lambda.GetAccountSettings", limits)

    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "nobody")
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    with mock_aws():
        monkeypatch.setattr(boto3, "Session", Session)
        yield Session(region_name="us-east-1")


def test_an_account_is_read_as_aws_tells_of_it(aws):
    found = account.read(aws)
    assert (found.region, found.concurrency, found.log_role) == ("us-east-1", 10, "")
    assert {zone.name for zone in found.zones} == found.sqs_zones
    assert found.zones[0] == Zone("us-east-1a", "use1-az6")
    assert found.linked_roles == frozenset()


def test_a_role_that_is_there_is_found(aws):
    for name in account.LINKED_ROLES:
        aws.client("iam").create_role(RoleName=name, AssumeRolePolicyDocument="{}")
    assert account.read(aws).linked_roles == frozenset(account.LINKED_ROLES)


def test_the_command_says_what_to_set_and_whether_it_stops(aws, capsys):
    assert preflight.main(["--region", "us-east-1"]) == 1
    said = capsys.readouterr().out
    assert "PageConcurrency=2" in said
    assert said.endswith("preflight: 1 to mend before the deployment\n")
    assert preflight.main(["--region", "us-east-1", "-p", "Network=open"]) == 2
    assert "Network cannot be" in capsys.readouterr().err
