"""What is asked, checked against botocore's model of Textract."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from infra.textract.errors import TextractError, invalid

TARGET = "Textract."
"""How the header X-Amz-Target begins."""
FEATURES = ("TABLES", "LAYOUT")
_REFUSED = (
    *("HumanLoopConfig", "AdaptersConfig", "QueriesConfig", "NotificationChannel", "KMSKeyId"),
)
"""Parameters that would change what happens, and are nothing here."""

_HERE = "is not what this service does"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a document lies: an S3Object."""

    bucket: str
    name: str
    version: str | None = None


@dataclass(frozen=True, slots=True)
class Request:
    """An operation's name and its parameters, each of the type that Textract says."""

    operation: str
    parameters: Mapping[str, Any]

    def document(self) -> bytes | Place:
        """Return the document to be read at once; raise TextractError."""
        given = self.parameters["Document"]
        if ("Bytes" in given) == ("S3Object" in given):
            raise invalid("Document has either Bytes or S3Object.")
        if "S3Object" in given:
            return _place(given["S3Object"])
        return _bytes(given["Bytes"])

    def location(self) -> Place:
        """Return where the document of a job lies; raise TextractError."""
        return _place(self.parameters["DocumentLocation"].get("S3Object") or {})

    def features(self) -> tuple[str, ...]:
        """Return the features that an analysis is asked for; raise TextractError for others."""
        asked = self.parameters.get("FeatureTypes", ())
        if others := [one for one in asked if one not in FEATURES]:
            raise invalid(f"FeatureTypes are {' and '.join(FEATURES)}: {others[0]} {_HERE}.")
        return tuple(one for one in FEATURES if one in asked)


def read(target: str, body: bytes) -> Request:
    """Return the request of a target and a body; raise TextractError."""
    operation = target.removeprefix(TARGET)
    known = _model()
    if operation not in known.operation_names:
        raise TextractError("UnknownOperationException", f"There is no operation {operation}.")
    try:
        parameters: Any = json.loads(body or b"{}")
    except (ValueError, RecursionError):
        parameters = None
    if not isinstance(parameters, dict):
        raise TextractError("SerializationException", "The body is not a JSON object.")
    _check(known.operation_model(operation).input_shape, parameters)
    return Request(operation, parameters)


def _check(shape: Any, parameters: Mapping[str, Any]) -> None:  # noqa: ANN401 - botocore's
    from botocore.validate import ParamValidator  # noqa: PLC0415 - a quarter of a second

    report = ParamValidator().validate(parameters, shape)
    if report.has_errors():
        raise invalid(report.generate_report())
    if unknown := sorted(parameters.keys() - shape.members.keys()):
        raise invalid(f"{unknown[0]} is no parameter.")
    for name in _REFUSED:
        if name in parameters:
            raise invalid(f"{name} {_HERE}.")


@cache
def _model() -> Any:  # noqa: ANN401
    import botocore.session  # noqa: PLC0415 - with its model of Textract, for those who call it

    return botocore.session.Session().get_service_model("textract")


def _bytes(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise invalid("Bytes are not base64.") from None


def _place(given: Mapping[str, str]) -> Place:
    if not (given.get("Bucket") and given.get("Name")):
        raise invalid("S3Object has a Bucket and a Name.")
    return Place(given["Bucket"], given["Name"], given.get("Version"))
