"""The routes of the HTTP API, who is asked for whom, and what API Gateway says by itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from infra.template.names import physical_name
from infra.template.template import Template

_SIGNED, _OPEN = "AWS_IAM", "NONE"


@dataclass(frozen=True, slots=True)
class Authorizer:
    """A function that is asked who shows a token in ``header``; its answer is kept ``seconds``."""

    function: str
    header: str
    seconds: float


@dataclass(frozen=True, slots=True)
class OwnAnswer:
    """What API Gateway says by itself: its status, if another one, headers, a template of JSON."""

    status: int | None
    headers: Mapping[str, str]
    template: str


@dataclass(frozen=True, slots=True)
class Route:
    """A method and path of the HTTP API; ``binary`` are the API's binary media types.

    ``authorizer`` is None where nobody has to show a token. ``own`` are API Gateway's own answers
    by their kind.
    """

    function: str
    method: str
    path: str
    stage: str
    binary: tuple[str, ...]
    authorizer: Authorizer | None = None
    own: Mapping[str, OwnAnswer] = field(default_factory=dict)


def route(template: Template, function: str, event: Mapping[str, Any]) -> Route:
    """Read the route that an event of a function describes."""
    properties = event["Properties"]
    api = properties.get("RestApiId")
    body = template.resource(api["Ref"]).properties if isinstance(api, dict) else {}
    return Route(
        function=function,
        method=str(template.value(properties["Method"])).upper(),
        path=str(template.value(properties["Path"])),
        stage=str(template.value(body.get("StageName", "Prod"))),
        binary=tuple(
            media.replace("~1", "/") for media in template.value(body.get("BinaryMediaTypes", []))
        ),
        authorizer=_authorizer(template, body.get("Auth") or {}, properties.get("Auth") or {}),
        own=_own(template.value(body.get("GatewayResponses") or {})),
    )


def _authorizer(
    template: Template, auth: Mapping[str, Any], own: Mapping[str, Any]
) -> Authorizer | None:
    """Return who is asked, None where nobody is, or for a signature: those are not looked at."""
    name = template.value(own.get("Authorizer", auth.get("DefaultAuthorizer", _OPEN)))
    if name in (_SIGNED, _OPEN):
        return None
    has = auth["Authorizers"][name]
    identity = template.value(has.get("Identity") or {})
    alias = str(has["FunctionArn"]["Ref"])
    return Authorizer(
        physical_name(template.place, template.resource(alias.partition(".")[0]), template.value),
        str(identity.get("Header", "Authorization")),
        float(identity.get("ReauthorizeEvery", 300)),
    )


def _own(answers: Mapping[str, Any]) -> dict[str, OwnAnswer]:
    return {
        kind: OwnAnswer(
            int(has["StatusCode"]) if "StatusCode" in has else None,
            _headers(has.get("ResponseParameters") or {}),
            str(has["ResponseTemplates"]["application/json"]),
        )
        for kind, has in answers.items()
    }


def _headers(parameters: Mapping[str, Any]) -> dict[str, str]:
    """Return the headers that are set to words, which stand in quotation marks."""
    given = parameters.get("Headers") or {}
    return {name: str(value).strip("'") for name, value in given.items()}
