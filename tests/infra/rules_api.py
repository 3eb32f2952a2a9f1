"""What holds for the HTTP API."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from fanfold.aws.tokens import _TOKENS
from tests.infra.stack import Broken, Stack

ANY = "x-amazon-apigateway-any-method"
OPEN = {(path, ANY) for path in ("/health", "/", "/web/{name}", "/openapi.json", "/docs")}
CACHED_SECONDS = 60
UPLOADED = {
    "application/pdf",
    "image/*",
    "multipart/form-data",
    "application/octet-stream",
}


def every_route_but_what_is_nobody_s_asks_who_is_calling(stack: Stack) -> Iterator[str]:
    for path, method, route in _routes(stack):
        closed = route.get("security") == [{"token": []}]
        if closed == ((path, method) in OPEN):
            yield f"{method} {path} is {'closed' if closed else 'open'}"


def a_token_is_looked_up_at_least_once_a_minute(stack: Stack) -> Iterator[str]:
    definitions = stack.properties("Api")["Body"]["components"]["securitySchemes"]
    asked = definitions["token"]["x-amazon-apigateway-authorizer"]
    if not 0 <= asked["authorizerResultTtlInSeconds"] <= CACHED_SECONDS:
        yield "a revoked token is good for too long"
    if definitions["token"]["name"] != "Authorization":
        yield "the token is not where clients put it"


def who_asks_for_tokens_reads_nothing_else_of_the_table(stack: Stack) -> Iterator[str]:
    for policy in stack.properties("AuthorizeRole")["Policies"]:
        for statement in policy["PolicyDocument"]["Statement"]:
            only = statement.get("Condition", {}).get("ForAllValues:StringEquals", {})
            touches = statement["Resource"] == {"Ref": "TableArn"}
            if touches and only != {"dynamodb:LeadingKeys": [_TOKENS]}:
                yield "the authorizer can read documents"


def what_the_gateway_says_itself_is_typed(stack: Stack) -> Iterator[str]:
    said = stack.properties("Api")["Body"]["x-amazon-apigateway-gateway-responses"]
    for kind in ("UNAUTHORIZED", "ACCESS_DENIED"):
        if said[kind]["statusCode"] != "401":
            yield f"{kind} is no 401"
    for kind, answer in said.items():
        if '{"error": {"code": ' not in answer["responseTemplates"]["application/json"]:
            yield f"{kind} has another shape than our errors"


def callers_need_no_right_to_the_function(stack: Stack) -> Iterator[str]:
    for path, method, route in _routes(stack):
        if "credentials" in route["x-amazon-apigateway-integration"]:
            yield f"{method} {path} calls the function as the caller"


def _routes(stack: Stack) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, methods in stack.properties("Api")["Body"]["paths"].items():
        for method, route in methods.items():
            yield path, method, route


def files_arrive_with_their_bytes_intact(stack: Stack) -> Iterator[str]:
    types = stack.properties("Api")["Body"].get("x-amazon-apigateway-binary-media-types", [])
    for missing in UPLOADED - set(types):
        yield f"{missing} arrives as text"


def calls_are_bounded_and_written_down(stack: Stack) -> Iterator[str]:
    [(_, stage)] = stack.of("AWS::ApiGateway::Stage")
    for setting in stage.get("MethodSettings", [{}]):
        if not setting.get("ThrottlingRateLimit") or not setting.get("ThrottlingBurstLimit"):
            yield "one caller can use up the account's requests"
    chosen = stage.get("AccessLogSetting", {}).get("Fn::If", [""])
    if chosen[0] != "LogsAccesses" or not chosen[1].get("DestinationArn"):
        yield "nobody sees who called, though he wants to"
    if stage.get("TracingEnabled") is not True:
        yield "calls leave no trace"


def the_role_of_the_account_is_set_only_where_somebody_says_so(stack: Stack) -> Iterator[str]:
    for name, resource in stack.resources.items():
        of_the_account = resource["Type"] == "AWS::ApiGateway::Account" or name == "ApiLogsRole"
        if of_the_account and resource.get("Condition") != "CreatesApiLogRole":
            yield f"{name} takes the place of what the account has"
    if stack.properties("Permissions")["Parameters"]["ApiLogRole"] != {"Ref": "ApiLogRole"}:
        yield "nobody is asked for the role"


_BODY = "Api/Properties/Body"
_ANYTHING = f"{_BODY}/paths/~1{{proxy+}}/x-amazon-apigateway-any-method"

BROKEN: list[Broken] = [
    (
        who_asks_for_tokens_reads_nothing_else_of_the_table,
        "AuthorizeRole/Properties/Policies/0/PolicyDocument/Statement/0/Condition",
        None,
    ),
    (
        every_route_but_what_is_nobody_s_asks_who_is_calling,
        f"{_ANYTHING}/security",
        [{"NONE": []}],
    ),
    (
        every_route_but_what_is_nobody_s_asks_who_is_calling,
        f"{_ANYTHING}/security",
        None,
    ),
    (
        every_route_but_what_is_nobody_s_asks_who_is_calling,
        f"{_BODY}/paths/~1health/{ANY}/security",
        [{"token": []}],
    ),
    (
        a_token_is_looked_up_at_least_once_a_minute,
        f"{_BODY}/components/securitySchemes/token/x-amazon-apigateway-authorizer"
        "/authorizerResultTtlInSeconds",
        300,
    ),
    (
        a_token_is_looked_up_at_least_once_a_minute,
        f"{_BODY}/components/securitySchemes/token/name",
        "X-Token",
    ),
    (
        what_the_gateway_says_itself_is_typed,
        f"{_BODY}/x-amazon-apigateway-gateway-responses/ACCESS_DENIED/statusCode",
        "403",
    ),
    (
        what_the_gateway_says_itself_is_typed,
        f"{_BODY}/x-amazon-apigateway-gateway-responses/THROTTLED/responseTemplates",
        {"application/json": "{}"},
    ),
    (
        callers_need_no_right_to_the_function,
        f"{_ANYTHING}/x-amazon-apigateway-integration",
        {"credentials": "arn:aws:iam::*:user/*"},
    ),
    (
        files_arrive_with_their_bytes_intact,
        f"{_BODY}/x-amazon-apigateway-binary-media-types/0",
        "text/plain",
    ),
    (calls_are_bounded_and_written_down, "ApiapiStage/Properties/MethodSettings/0", {}),
    (calls_are_bounded_and_written_down, "ApiapiStage/Properties/AccessLogSetting", None),
    (calls_are_bounded_and_written_down, "ApiapiStage/Properties/TracingEnabled", False),
    (
        the_role_of_the_account_is_set_only_where_somebody_says_so,
        "ApiLogAccount/Condition",
        "UsesKey",
    ),
    (
        the_role_of_the_account_is_set_only_where_somebody_says_so,
        "Permissions/Properties/Parameters/ApiLogRole",
        "create",
    ),
]
