"""A stand-in for the AWS provider: the real one's arguments, no cloud behind it.

    python provider.py schema.json

Terraform starts it as `terraform-provider-aws`. It serves the excerpt of the schema, so Terraform
finds arguments that do not exist, are missing or of another type. What AWS would make up at apply
(ids, ARNs) is made up here, and so are the answers of data sources: three zones, one account.
Runs in .venv-terraform (scripts/terraform.sh), whose packages are requirements/terraform.in.
"""

from __future__ import annotations

import json
import sys
from itertools import count
from pathlib import Path
from typing import Any

import grpc
import msgpack
from tf import provider, runner
from tf.gen import tfplugin_pb2 as pb

ACCOUNT, REGION = "123456789012", "eu-central-1"
_UNKNOWN = msgpack.ExtType(0, b"\0")
_NESTING = pb.Schema.NestedBlock
_NESTINGS = {"list": _NESTING.LIST, "set": _NESTING.SET, "single": _NESTING.SINGLE}
_ANSWERS: dict[str, dict[str, Any]] = {
    "aws_region": {"region": REGION, "name": REGION},
    "aws_caller_identity": {"account_id": ACCOUNT},
    "aws_partition": {"partition": "aws", "dns_suffix": "amazonaws.com"},
    "aws_availability_zones": {"names": [f"{REGION}{zone}" for zone in "abc"]},
}
_MADE: dict[str, dict[str, Any]] = {
    "aws_cloudformation_stack": {
        "outputs": {
            "ApiUrl": f"https://abc123.execute-api.{REGION}.amazonaws.com/api",
            "BucketName": "the-bucket",
            "TableName": "the-table",
        }
    },
    "aws_acm_certificate": {
        "domain_validation_options": [
            {
                "domain_name": "fanfold.example.org",
                "resource_record_name": "_x.fanfold.example.org.",
                "resource_record_type": "CNAME",
                "resource_record_value": "_y.acm-validations.aws.",
            }
        ]
    },
}
_number = count(1)


def main() -> None:
    """Serve until Terraform hangs up."""
    Provider.schema = json.loads(Path(sys.argv[1]).read_text("utf-8"))
    provider.ProviderServicer = Provider
    runner.run_provider(Application(), [])


class Application:
    """What the runner asks of a provider besides its calls."""

    def full_name(self) -> str:
        """Return the address that Terraform knows it under."""
        return "registry.terraform.io/hashicorp/aws"


class Provider(provider.ProviderServicer):  # type: ignore[misc]
    """Terraform's plugin protocol; every method answers one call of it."""

    schema: dict[str, Any]

    def __init__(self, _: Application) -> None:
        """Nothing to hold."""

    def GetMetadata(self, request: Any, context: Any) -> Any:
        context.set_code(grpc.StatusCode.UNIMPLEMENTED)
        return pb.GetMetadata.Response()

    def GetProviderSchema(self, request: Any, context: Any) -> Any:
        def all_of(kind: str) -> dict[str, Any]:
            return {name: _schema(block) for name, block in self.schema[kind].items()}

        return pb.GetProviderSchema.Response(
            provider=_schema(self.schema["provider"]["aws"]),
            resource_schemas=all_of("resource"),
            data_source_schemas=all_of("data"),
            server_capabilities=pb.ServerCapabilities(),
        )

    def ValidateProviderConfig(self, request: Any, context: Any) -> Any:
        return pb.ValidateProviderConfig.Response()

    def ValidateResourceConfig(self, request: Any, context: Any) -> Any:
        return pb.ValidateResourceConfig.Response()

    def ValidateDataResourceConfig(self, request: Any, context: Any) -> Any:
        return pb.ValidateDataResourceConfig.Response()

    def ConfigureProvider(self, request: Any, context: Any) -> Any:
        return pb.ConfigureProvider.Response()

    def UpgradeResourceState(self, request: Any, context: Any) -> Any:
        state = json.loads(request.raw_state.json)
        for name, has in self.schema["resource"][request.type_name]["attributes"].items():
            if has["type"] == "dynamic" and state.get(name):
                # a state file writes type and value by name, the protocol one after the other
                state[name] = [json.dumps(state[name]["type"]).encode(), state[name]["value"]]
        return pb.UpgradeResourceState.Response(upgraded_state=_encode(state))

    def ReadResource(self, request: Any, context: Any) -> Any:
        return pb.ReadResource.Response(new_state=request.current_state)

    def PlanResourceChange(self, request: Any, context: Any) -> Any:
        proposed = _decode(request.proposed_new_state)
        if proposed is not None and _decode(request.prior_state) is None:
            for name in self._made_up(request.type_name):
                if proposed.get(name) is None:
                    proposed[name] = _UNKNOWN
        return pb.PlanResourceChange.Response(
            planned_state=_encode(proposed), legacy_type_system=True
        )

    def ApplyResourceChange(self, request: Any, context: Any) -> Any:
        planned = _decode(request.planned_state)
        if planned is not None:
            attributes = self.schema["resource"][request.type_name]["attributes"]
            for name, value in planned.items():
                if value == _UNKNOWN:
                    planned[name] = _make_up(request.type_name, name, attributes[name]["type"])
        return pb.ApplyResourceChange.Response(new_state=_encode(planned), legacy_type_system=True)

    def ReadDataSource(self, request: Any, context: Any) -> Any:
        answer = {"id": "x", **_ANSWERS[request.type_name]}
        asked = _decode(request.config)
        return pb.ReadDataSource.Response(state=_encode({**asked, **answer}))

    def GetFunctions(self, request: Any, context: Any) -> Any:
        return pb.GetFunctions.Response()

    def StopProvider(self, request: Any, context: Any) -> Any:
        return pb.StopProvider.Response()

    def _made_up(self, type_: str) -> list[str]:
        """Return what only AWS knows; an argument that nobody gave stays empty."""
        attributes = self.schema["resource"][type_]["attributes"]
        return [name for name, has in attributes.items() if name == "id" or "computed_only" in has]


def _schema(block: dict[str, Any]) -> Any:
    return pb.Schema(version=0, block=_block(block))


def _block(block: dict[str, Any]) -> Any:
    return pb.Schema.Block(
        attributes=[_attribute(name, has) for name, has in block["attributes"].items()],
        block_types=[_nested(name, has) for name, has in block["blocks"].items()],
    )


def _attribute(name: str, has: dict[str, Any]) -> Any:
    only = has.get("computed_only", False)
    return pb.Schema.Attribute(
        name=name,
        type=json.dumps(has["type"]).encode(),
        required=has["required"],
        optional=not has["required"] and not only,
        computed=only or has.get("computed", False),
    )


def _nested(name: str, has: dict[str, Any]) -> Any:
    listed = has["nest"] in ("list", "set")
    return _NESTING(
        type_name=name,
        block=_block(has["block"]),
        nesting=_NESTINGS[has["nest"]],
        min_items=int(listed and has["required"]),
        max_items=int(listed and has["single"]),
    )


def _make_up(resource: str, name: str, type_: Any) -> Any:
    """Return what AWS might: names that say where they come from, and nothing else."""
    if name in _MADE.get(resource, {}):
        made = _MADE[resource][name]
        return _dynamic(made) if type_ == "dynamic" else made
    number = next(_number)
    if type_ == "string":
        arn = f"arn:aws:made-up:{REGION}:{ACCOUNT}:{resource}/{number}"
        return arn if name.endswith("arn") else f"{resource}.{name}.{number}"
    if type_ == "dynamic":
        return None
    return {"number": 0, "bool": False}.get(str(type_), {} if type_[0] == "map" else [])


def _dynamic(value: Any) -> list[Any]:
    """Return a value whose type travels with it."""
    return [json.dumps(_type_of(value)).encode(), value]


def _type_of(value: Any) -> Any:
    if isinstance(value, dict):
        return ["object", {name: _type_of(item) for name, item in value.items()}]
    if isinstance(value, list):
        return ["tuple", [_type_of(item) for item in value]]
    return "string"


def _decode(value: Any) -> Any:
    if not value.msgpack:
        return None
    return msgpack.unpackb(value.msgpack, ext_hook=lambda *_: _UNKNOWN, strict_map_key=False)


def _encode(value: Any) -> Any:
    return pb.DynamicValue(msgpack=msgpack.packb(value))


if __name__ == "__main__":
    main()
