"""infra/terraform read as text: what can be said of it without Terraform."""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from infra.template import template as templates
from tests.infra.stack import ROOT
from tests.infra.terraform import configuration, schema
from tests.infra.terraform.configuration import Declared

DECLARED = list(configuration.declared())
FOLDERS = configuration.folders()
NETWORK = configuration.ROOT / "modules" / "network"


def name(value: object) -> str:
    if isinstance(value, Declared):
        return f"{value.path.parent.name}/{value.type}.{value.name}"
    return value.name if isinstance(value, Path) else str(value)


def variables(folder: Path) -> dict[str, dict[str, Any]]:
    return {
        label.strip('"'): body
        for _, block in configuration.blocks(folder, "variable")
        for label, body in block.items()
    }


def outputs(folder: Path) -> set[str]:
    return {
        label.strip('"')
        for _, block in configuration.blocks(folder, "output")
        for label in block
        if not label.startswith("__")
    }


def modules(folder: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    for _, block in configuration.blocks(folder, "module"):
        for label, body in block.items():
            yield label.strip('"'), body


def text(folder: Path) -> str:
    return "\n".join(path.read_text("utf-8") for path in sorted(folder.glob("*.tf")))


@pytest.mark.parametrize("declared", DECLARED, ids=name)
def test_the_provider_knows_every_argument(declared: Declared) -> None:
    assert list(schema.complaints(declared.kind, declared.type, declared.body)) == []


def test_the_excerpt_holds_what_is_used_and_nothing_else() -> None:
    for kind in ("resource", "data"):
        assert sorted(schema.excerpt()[kind]) == configuration.types(kind), (
            "python -m tests.infra.terraform.generate"
        )


@pytest.mark.parametrize(
    ("type_", "change", "complaint"),
    [
        ("aws_subnet", {"cidr": '"10.0.0.0/24"'}, "aws_subnet has no argument cidr"),
        ("aws_subnet", {"vpc_id": None}, "aws_subnet needs vpc_id"),
        ("aws_subnet", {"arn": '"x"'}, "aws_subnet.arn is the provider’s to say"),
        ("aws_subnet", {"cidr_block": ['"10.0.0.0/24"']}, "aws_subnet.cidr_block is not a list"),
        ("aws_flow_log", {"traffic_kind": '"ALL"'}, "aws_flow_log has no argument traffic_kind"),
        (
            "aws_api_gateway_domain_name",
            {"endpoint_configuration": [{"types": ['"REGIONAL"'], "ip": '"x"'}]},
            "aws_api_gateway_domain_name.endpoint_configuration has no argument ip",
        ),
        (
            "aws_api_gateway_domain_name",
            {"endpoint_configuration": [{}]},
            "aws_api_gateway_domain_name.endpoint_configuration needs types",
        ),
        (
            "aws_api_gateway_domain_name",
            {"endpoint_configuration": [{"types": '"REGIONAL"'}]},
            "aws_api_gateway_domain_name.endpoint_configuration.types is a list",
        ),
    ],
)
def test_what_the_provider_would_refuse_is_found(
    type_: str, change: dict[str, Any], complaint: str
) -> None:
    body = copy.deepcopy(next(one.body for one in DECLARED if one.type == type_))
    for key, value in change.items():
        body[key] = value
        if value is None:
            del body[key]
    assert complaint in list(schema.complaints("resource", type_, body))


def test_a_type_that_does_not_exist_is_found() -> None:
    assert list(schema.complaints("resource", "aws_nope", {})) == [
        "aws_nope is no type of the schema"
    ]


@pytest.mark.parametrize("folder", FOLDERS, ids=name)
def test_every_variable_is_used_and_every_used_one_declared(folder: Path) -> None:
    used = set(re.findall(r"\bvar\.(\w+)", text(folder)))
    assert used == variables(folder).keys()


@pytest.mark.parametrize("folder", FOLDERS, ids=name)
def test_every_variable_says_what_it_is(folder: Path) -> None:
    assert [
        v for v, has in variables(folder).items() if not {"type", "description"} <= has.keys()
    ] == []


def test_modules_get_what_they_ask_for_and_nothing_else() -> None:
    for _, call in modules(configuration.ROOT):
        folder = configuration.ROOT / call["source"].strip('"')
        asked = variables(folder)
        given = {key for key in call if not key.startswith("__")} - {"source", "count"}
        assert given <= asked.keys()
        assert {key for key, has in asked.items() if "default" not in has} <= given


def test_modules_give_what_they_are_asked_for() -> None:
    sources = {label: call["source"].strip('"') for label, call in modules(configuration.ROOT)}
    asked = re.findall(r"\bmodule\.(\w+)(?:\[[^]]+\])?\.(\w+)", text(configuration.ROOT))
    assert asked
    for module, output in asked:
        assert output in outputs(configuration.ROOT / sources[module])


@pytest.mark.parametrize(
    ("variable", "parameter"),
    [
        ("vpc_cidr", "VpcCidr"),
        ("zones", "Zones"),
        ("network", "Network"),
        ("flow_logs", "FlowLogs"),
        ("log_retention_days", "LogRetentionDays"),
        ("kms_key_arn", "KmsKeyArn"),
    ],
)
def test_defaults_are_those_of_the_template(variable: str, parameter: str) -> None:
    declared = templates.read(ROOT / "infra" / "aws" / "network.yaml")["Parameters"][parameter]
    for folder in (configuration.ROOT, NETWORK):
        default = variables(folder)[variable]["default"]
        assert str(default).strip('"') == str(declared["Default"])


def test_what_the_network_gives_are_parameters_of_the_template() -> None:
    declared = templates.read(ROOT / "template.yaml")["Parameters"]
    found = re.search(r'output "parameters" \{(.*?)\n\}', text(NETWORK), re.DOTALL)
    assert found
    given = re.findall(r"^    (\w+) +=", found[1], re.MULTILINE)
    assert set(given) == {"Network", "SubnetIds", "SecurityGroupIds"}
    assert {*given, "KmsKeyArn"} <= declared.keys()


def test_what_the_application_reads_are_outputs_of_the_template() -> None:
    application = text(configuration.ROOT / "modules" / "application")
    asked = set(re.findall(r'\.outputs\["(\w+)"\]', application))
    assert asked
    assert asked <= templates.read(ROOT / "template.yaml")["Outputs"].keys()


def test_one_resource_has_one_owner() -> None:
    theirs = {"aws_sqs_queue", "aws_lambda_function", "aws_dynamodb_table", "aws_s3_bucket"}
    assert not theirs & set(configuration.types("resource"))


def test_the_state_is_locked_and_nothing_of_it_is_committed() -> None:
    backend = (configuration.ROOT / "backend.tf").read_text("utf-8")
    assert "use_lockfile = true" in backend
    assert 'backend "s3"' in backend
    ignored = (ROOT / ".gitignore").read_text("utf-8").split()
    assert {"*.tfstate", "*.tfstate.*", "*.tfplan", ".terraform/", "backend.hcl"} <= set(ignored)


def test_the_document_names_every_variable() -> None:
    document = (ROOT / "docs" / "terraform.md").read_text("utf-8")
    assert re.findall(r"^\| `(\w+)`", document, re.MULTILINE) == list(variables(configuration.ROOT))


def test_the_excerpt_says_which_version_it_is_of() -> None:
    package = json.loads((Path(schema.FILE).parent / "package.json").read_text("utf-8"))
    document = (ROOT / "docs" / "terraform.md").read_text("utf-8")
    assert package["dependencies"]["@cdktf/provider-aws"] in document
