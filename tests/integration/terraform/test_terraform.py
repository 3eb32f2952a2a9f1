"""Terraform itself, on a stand-in for its provider: format, validation, plan, apply and tests."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.infra.terraform import configuration, from_state, offline, record, things
from tests.infra.terraform.cases import CASES

MISSING = offline.why_not()
pytestmark = pytest.mark.skipif(bool(MISSING), reason=MISSING)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return offline.copy(tmp_path_factory.mktemp("ours"))


@pytest.fixture
def changed(folder, tmp_path):
    """A copy in which a text may be replaced by another, so that it breaks."""

    def change(file: str, old: str, new: str) -> Path:
        target = tmp_path / "changed"
        shutil.copytree(folder, target, ignore=shutil.ignore_patterns("*.tfstate*"))
        path = target / file
        text = path.read_text("utf-8")
        assert old in text
        path.write_text(text.replace(old, new), encoding="utf-8")
        return target

    return change


def test_it_is_formatted():
    offline.must(configuration.ROOT, "fmt", "-check", "-recursive", "-diff")


def test_it_is_valid(folder):
    offline.must(folder, "validate", "-no-color")


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("vpc_id            = aws_vpc.this.id", "vpc = aws_vpc.this.id", "Unsupported argument"),
        ("aws_vpc.this.id", "aws_vpc.other.id", "Reference to undeclared resource"),
        ("aws_vpc.this.id", "aws_vpc.this.idd", "Unsupported attribute"),
        ('resource "aws_vpc" "this"', 'resource "aws_vpcs" "this"', "Invalid resource type"),
        ("= var.vpc_cidr\n", '= ["10.0.0.0/20"]\n', "Incorrect attribute value type"),
    ],
)
def test_what_the_provider_refuses_is_refused(changed, old, new, said):
    broken = changed("modules/network/main.tf", old, new)
    done = offline.run(broken, "validate", "-no-color")
    assert done.returncode == 1
    assert said in done.stderr


@pytest.mark.parametrize("name", CASES)
def test_an_apply_of_the_plan_makes_what_was_written_down(folder, name):
    made = offline.facts(folder, CASES[name].variables)
    assert things.differences(record.recorded()[name], made) == [], "make terraform-facts"


@pytest.mark.parametrize(
    ("file", "old", "new", "fact"),
    [
        ("main.tf", '"0.0.0.0/0"\n  nat_gateway_id', '"10.0.0.0/8"\n  nat_gateway_id', "routes of"),
        (
            "endpoints.tf",
            "private_dns_enabled = true",
            "private_dns_enabled = false",
            "endpoint sqs",
        ),
        ("endpoints.tf", '"s3:GetObject", ', '"s3:*", ', "endpoint s3: policy"),
    ],
)
def test_terraform_changed_alone_is_noticed(changed, file, old, new, fact):
    case = "as it comes"
    broken = changed(f"modules/network/{file}", old, new)
    found = things.differences(
        record.recorded()[case], offline.facts(broken, CASES[case].variables)
    )
    assert found
    assert all(difference.startswith(fact) for difference in found)


def test_its_own_tests_pass(tmp_path):
    # In a folder of their own: they would read the variables that a case left.
    assert "0 failed" in offline.must(offline.copy(tmp_path), "test", "-no-color")


def test_what_was_made_can_be_taken_away(folder):
    offline.applied(
        folder, {**CASES["as it comes"].variables, "template_url": "", "domain_name": ""}
    )
    offline.must(folder, "destroy", "-auto-approve", "-input=false", "-no-color")


def test_the_stack_gets_the_network_and_parameters_of_ones_own(folder):
    variables = {**CASES["as it comes"].variables, "parameters": {"PageConcurrency": "200"}}
    made = from_state.state(offline.applied(folder, variables))
    (stack,) = made.values("aws_cloudformation_stack")
    private = (has for has in made.values("aws_subnet") if "-private-" in has["tags"]["Name"])
    subnets = sorted(subnet["id"] for subnet in private)
    groups = {group["tags"]["Name"]: group["id"] for group in made.values("aws_security_group")}
    assert sorted(stack["parameters"].pop("SubnetIds").split(",")) == subnets
    assert stack["parameters"] == {
        "Network": "behind-nat",
        "SecurityGroupIds": groups["fanfold-sealed"],
        "KmsKeyArn": "",
        "PageConcurrency": "200",
    }


def test_the_stack_with_the_documents_cannot_be_taken_away(folder):
    offline.applied(folder, CASES["as it comes"].variables)
    done = offline.run(folder, "destroy", "-auto-approve", "-input=false", "-no-color")
    assert done.returncode == 1
    assert "prevent_destroy" in done.stderr


def test_a_stack_that_sam_makes_gets_the_network_as_parameters(folder):
    state = offline.applied(folder, {})
    said = state["values"]["outputs"]["parameter_overrides"]["value"]
    assert set(dict(pair.split("=") for pair in said.split())) == {
        "Network", "SubnetIds", "SecurityGroupIds"
    }  # fmt: skip
    modules = state["values"]["root_module"]["child_modules"]
    assert [module["address"] for module in modules] == ["module.network"]
