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


PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_somewhere(page):
    for target in re.findall(r"\]\((?!https?:)([^)#]+)", page.read_text()):
        assert (page.parent / target).exists(), target


DECISIONS = ROOT / "docs/decisions"
INDEX = (DECISIONS / "README.md").read_text()


def test_every_decision_has_its_line_in_the_index():
    listed = re.findall(r"^\| \[(\d+)\]\((\d{4}-[\w-]+\.md)\) \| \S.* \|$", INDEX, re.M)
    assert sorted(name for _, name in listed) == sorted(p.name for p in DECISIONS.glob("0*.md"))
    assert all(int(number) == int(name[:4]) for number, name in listed)


def test_every_page_is_found_from_the_index():
    linked = set(re.findall(r"\]\((\S+?\.md)\)", (ROOT / "docs" / "README.md").read_text()))
    pages = {page.name for page in (ROOT / "docs").glob("*.md")} - {"README.md"}
    assert pages == {target for target in linked if "/" not in target}
    assert "(docs/README.md)" in (ROOT / "README.md").read_text()


@pytest.mark.parametrize("page", ["README.md", "CONTRIBUTING.md"])
def test_the_decisions_are_found_from(page):
    assert "(docs/decisions/README.md)" in (ROOT / page).read_text()


def test_a_decision_bears_its_own_number():
    for path in DECISIONS.glob("0*.md"):
        assert path.read_text().startswith(f"# {int(path.name[:4])}. "), path.name


SUPERSEDED = re.compile(r"^\*\*Superseded\*\* by \[decision (\d+)\]\((\S+)\)", re.M)


def test_superseded_decisions_say_by_what_and_so_does_the_index():
    said = {p.name: found.groups() for p in DECISIONS.glob("0*.md")
            if (found := SUPERSEDED.search(p.read_text()))}  # fmt: skip
    line = r"\]\(([\w-]+\.md)\) \| superseded by \[(\d+)\]\((\S+)\)"
    assert {name: (number, page) for name, number, page in re.findall(line, INDEX)} == said


SOURCES = [
    path.as_posix()
    for folder in ("bench", "cli", "client", "functions", "infra", "layers", "tests")
    for path in (ROOT / folder).rglob("*.py")
]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_modules_that_are_named_are_there(page):
    named = re.findall(r"`([\w/]+\.py)(?:::\w+)?`", page.read_text())
    gone = [name for name in named if not any(path.endswith(f"/{name}") for path in SOURCES)]
    assert gone == [] or SUPERSEDED.search(page.read_text())
