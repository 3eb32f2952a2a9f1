"""The API's description is what its operations say, is OpenAPI, and is read without help."""

from __future__ import annotations

import re

import pytest
from jsonschema import ValidationError
from openapi_spec_validator import validate

from functions.api.operations import allowed
from functions.api.routes import OPERATIONS
from infra.contract.__main__ import STATIC, files
from tests import contract


@pytest.mark.parametrize("name", ["openapi.json", "docs.html"])
def test_what_is_kept_is_what_the_operations_say(name: str):
    assert (STATIC / name).read_text("utf-8") == files()[name], "run `make contract`"


def test_it_is_openapi_3_1():
    assert contract.description()["openapi"].startswith("3.1")
    validate(contract.description())


def test_every_operation_is_described_once_and_says_who_may():
    described = {
        (method.upper(), path): has
        for path, methods in contract.description()["paths"].items()
        for method, has in methods.items()
    }
    assert set(described) == {(one.method, one.path) for one in OPERATIONS}
    assert len(described) == len(OPERATIONS)
    for one in OPERATIONS:
        assert ("security" in described[one.method, one.path]) == bool(one.scope)
        assert one.summary.endswith(".")
    assert all(one.scope for one in OPERATIONS if one.path.startswith("/v1/"))


def test_the_page_needs_nothing_from_elsewhere():
    html = files()["docs.html"]
    loaded = re.findall(r'(?:src|href)="(?!#)([^"]+)"', html)
    assert loaded
    assert not [one for one in loaded if "//" in one]
    assert "<script" not in html
    assert " style=" not in html


def test_an_answer_that_is_not_described_is_found_out():
    contract.check("GET", "/v1/languages", 200, "application/json", {"languages": ["eng"]})
    with pytest.raises(ValidationError):
        contract.check("GET", "/v1/languages", 200, "application/json", {"languages": "eng"})
    with pytest.raises(AssertionError, match="418"):
        contract.check("GET", "/v1/languages", 418, "application/json", {})


@pytest.mark.parametrize(
    ("path", "methods"),
    [
        ("/v1/documents", ["GET", "HEAD", "POST"]),
        ("/v1/documents/x", ["DELETE", "GET", "HEAD"]),
        ("/v1/documents/x/cancel", ["POST"]),
        ("/v1/documents/x/y", []),
        ("/nowhere", []),
    ],
)
def test_a_path_knows_its_methods(path: str, methods: list[str]):
    assert allowed(path) == methods
