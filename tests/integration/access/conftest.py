"""A service that wants a token of everybody: on one machine, and as it is deployed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from cli import tools
from fanfold.aws.sdk import CONFIG
from fanfold.aws.table import Table
from fanfold.aws.tokens import DynamoTokens
from fanfold.bootstrap import SystemClock
from fanfold.stages.tokens import Tokens
from infra.machine import tokens as of_folder
from infra.rehearsal.clients import isolated
from infra.rehearsal.cloud import Cloud
from tests.aws import create_table
from tests.chaos import dynamodb
from tests.integration.machine.conftest import Service
from tests.unit.test_jwts import ISSUER

TEMPLATE = Path(__file__).parents[3] / "template.yaml"
EVERYBODY = "127.0.0.2"
"""An address of this machine that is not the one which needs no token."""

ANOTHER_ISSUER = {
    "ApiAuth": "jwt",
    "JwtIssuer": ISSUER.name,
    "JwtAudience": ", ".join(ISSUER.audiences),
    "JwtKeys": ISSUER.keys,
}


class Place:
    """Where a service answers, and what knows its tokens; what one machine or AWS alone has.

    ``searches``: through all documents; ``issues``: it knows another issuer's tokens.
    """

    def __init__(self, url: str, tokens: Tokens, *, searches: bool, issues: bool) -> None:
        self.url, self.tokens, self.searches, self.issues = url, tokens, searches, issues


@pytest.fixture(scope="module", params=["machine", "rehearsal", "dynamodb-local"])
def place(request, tmp_path_factory) -> Iterator[Place]:
    folder = tmp_path_factory.mktemp(request.param)
    with ExitStack() as end:
        if request.param == "machine":
            service = Service(folder / "data", "--host", EVERYBODY)
            end.callback(service.stop)
            tokens = end.enter_context(of_folder.opened(folder / "data"))
            yield Place(service.url, tokens, searches=True, issues=False)
            return
        environment = dict(tools.find().environment)
        if request.param == "dynamodb-local":
            if reason := dynamodb.why_not():
                pytest.skip(reason)
            address = end.enter_context(dynamodb.running())
            environment["AWS_ENDPOINT_URL_DYNAMODB"] = address
        cloud = Cloud(
            TEMPLATE,
            parameters={"Languages": "eng", "OutboundNames": "*", **ANOTHER_ISSUER},
            workers=2,
            environment=environment,
            log=folder / "fanfold.log",
            trusting=False,
        )
        end.enter_context(cloud)
        there = isolated("us-east-1").resource(
            "dynamodb",
            endpoint_url=environment.get("AWS_ENDPOINT_URL_DYNAMODB", cloud.aws_url),
            config=CONFIG,
        )
        if request.param == "dynamodb-local":
            create_table(cloud.table, there)
        table = Table(there, cloud.table)
        yield Place(
            cloud.api_url, Tokens(DynamoTokens(table), SystemClock()), searches=False, issues=True
        )
