"""A stack is deployed, a parameter changed, and deployed again: versions come where they must.

``tests/infra/test_versions.py`` says for every parameter which version ids SAM makes; here they
go through CloudFormation, and what counts is which versions stand in the stack afterwards. (That
moto publishes them before it changes the function, AWS after it, is left out.)
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

import boto3
import pytest
from moto import mock_aws

from tests.infra import stack
from tests.infra.deployed import Templates
from tests.infra.test_releases import translated
from tests.integration.cloudformation.moto_stack import STACK, Deployer, physical

ALL = {
    *("Intake", "Split", "Page", "PageHeavy", "Assemble", "Notify"),
    *("Api", "Authorize", "Lost", "Sweep"),
}
CODE = '"S3Bucket": "placeholder", "S3Key": "code.zip"'
CHANGES: list[tuple[str, str, set[str]]] = [
    ("MaxPages", "60000", ALL),
    ("PageConcurrency", "60", set()),
    ("RetainDays", "31", ALL),
    ("HeavyConcurrency", "9", set()),
    ("AssembleConcurrency", "9", set()),
    ("Languages", "eng", ALL),
    ("MonthlyBudget", "50", set()),
]
"""A parameter, its new value, and the functions that read it. Changes add up."""


def templates(given: dict[str, str]) -> Templates:
    """Return the templates as SAM makes them of these parameters, with code that is there."""
    plain = json.dumps(translated(given))
    code = re.sub(r'"S3Bucket": "[^"]+", "S3Key": "[^"]+"', CODE, plain)
    whole = json.loads(code)
    for has in whole["Resources"].values():
        if has["Type"] == "AWS::Lambda::Function":
            del has["Properties"]["Layers"]  # with them moto cannot update a function
    return Templates(whole, stack.nested())


@pytest.fixture(scope="module")
def deployed() -> Iterator[Deployer]:
    with pytest.MonkeyPatch.context() as patch, mock_aws():
        for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
            patch.setenv(name, "nobody")
        patch.setenv("AWS_DEFAULT_REGION", "us-east-1")
        patch.delenv("AWS_ENDPOINT_URL", raising=False)
        deployer = Deployer({"Network": "none"}, templates({"Network": "none"}))
        deployer.run()
        yield deployer


def published() -> dict[str, str]:
    """Return the version that stands in the stack, of every function."""
    made = [one for one in physical(STACK) if "FunctionVersion" in one]
    found = {one.partition("FunctionVersion")[0]: one for one in made}
    assert len(made) == len(found) == len(ALL)
    return found


def test_a_changed_parameter_publishes_the_functions_that_read_it_and_no_others(
    deployed: Deployer,
) -> None:
    given, before = {"Network": "none"}, published()
    deployed.again(templates(given), given)
    assert published() == before  # nothing was changed
    for name, value, readers in CHANGES:
        given |= {name: value}
        deployed.again(templates(given), given)
        after = published()
        assert {one for one in ALL if after[one] != before[one]} == readers, name
        before = after
    variables = boto3.client("lambda").get_function_configuration(
        FunctionName=physical(STACK)["PageFunction"]
    )["Environment"]["Variables"]
    assert (str(variables["FANFOLD_MAX_PAGES"]), variables["FANFOLD_LANGUAGES"]) == ("60000", "eng")
