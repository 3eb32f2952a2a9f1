from __future__ import annotations

import re
from pathlib import Path

import pytest

from fanfold import errors

ROOT = Path(__file__).parents[2]
CONFIGURATION = (ROOT / "docs/configuration.md").read_text()
API = (ROOT / "docs/api.md").read_text()


def variables():
    source = (ROOT / "layers/core/fanfold/settings.py").read_text()
    return sorted(set(re.findall(r'"(FANFOLD_\w+)"', source)))


def parameters():
    section = (ROOT / "template.yaml").read_text().partition("\nParameters:\n")[2]
    return re.findall(r"^  (\w+):", re.split(r"^\w", section, maxsplit=1, flags=re.M)[0], re.M)


def codes(kind=errors.FanfoldError):
    yield kind.code
    for child in kind.__subclasses__():
        yield from codes(child)


@pytest.mark.parametrize("name", variables())
def test_every_variable_is_documented(name):
    assert f"`{name}`" in CONFIGURATION


@pytest.mark.parametrize("name", parameters())
def test_every_template_parameter_is_documented(name):
    assert f"`{name}`" in CONFIGURATION


def test_no_parameter_is_documented_that_does_not_exist():
    section = CONFIGURATION.partition("## Template parameters")[2].partition("\n## ")[0]
    assert re.findall(r"^\| `(\w+)`", section, re.M) == parameters()


INNER = {"INTERNAL", "BAD_MESSAGE", "DOCUMENT_FAILED", "PAGE_FAILED"}


@pytest.mark.parametrize("code", sorted(set(codes()) - INNER))
def test_every_error_code_is_documented(code):
    assert f"`{code}`" in API


@pytest.mark.parametrize("page", sorted([ROOT / "README.md", *(ROOT / "docs").rglob("*.md")]))
def test_links_lead_somewhere(page):
    for target in re.findall(r"\]\((?!https?:)([^)#]+)", page.read_text()):
        assert (page.parent / target).exists(), target
