"""Every command in the documentation is one: of the AWS CLI, of fanfold, of infra/ops."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import botocore.session
import pytest
from botocore import xform_name

from cli.main import app

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]

TEXT = "".join(page.read_text("utf-8") for page in PAGES)

GLOBAL = {"endpoint-url", "output", "query", "region", "profile", "no-cli-pager"}
_COPY = {"recursive", "metadata-directive", "sse"}
CUSTOM = {
    "s3 cp": _COPY,
    "s3 ls": _COPY,
    "s3 sync": _COPY,
    "cloudformation deploy": {"template-file", "stack-name", "parameter-overrides", "capabilities"},
    "cloudformation wait": {"stack-name"},
    "dynamodb wait": {"table-name"},
}
"""What the AWS CLI adds to the services' own operations, and the options used of it."""

_FENCE = re.compile(r"^```\n(.*?)^```", re.DOTALL | re.MULTILINE)
_INLINE = re.compile(r"`(aws [^`]+)`")
_INNER = re.compile(r"\$\((aws [^()]*(?:\([^()]*\)[^()]*)*)\)")


def commands(text: str) -> Iterator[str]:
    """Yield the AWS commands of a page, those inside others as well, each on one line."""
    blocks = [block.replace("\\\n", " ") for block in _FENCE.findall(text)]
    lines = [line for block in blocks for line in block.splitlines()]
    lines += [found.replace("\n", " ") for found in _INLINE.findall(_FENCE.sub("", text))]
    for line in lines:
        start = re.search(r"(?:^|[\s(])(aws\s+(?:--\S+\s+\S+\s+)*[a-z0-9]+(?:-[a-z]+)*\s.*)", line)
        if start and not line.lstrip().startswith("curl"):
            yield from _whole(start[1])


def _whole(line: str) -> Iterator[str]:
    for inner in _INNER.findall(line):
        yield from _whole(inner)
    yield _INNER.sub("INNER", line)


_OWN = re.compile(r"(?:\.venv/bin/)?fanfold ([a-z]+)([^`|>#\n]*)")


def own(text: str) -> Iterator[tuple[str, str]]:
    """Yield subcommand and the rest of every call of fanfold."""
    plain = text.replace("\\\n", " ")
    for block in [*_FENCE.findall(plain), *re.findall(r"`([^`]+)`", _FENCE.sub("", plain))]:
        for line in block.splitlines():
            found = _OWN.match(line.strip())
            if found:
                yield found[1], found[2]


OWN = sorted({(page.name, *one) for page in PAGES for one in own(page.read_text("utf-8"))})
COMMANDS = sorted({(page.name, one) for page in PAGES for one in commands(page.read_text("utf-8"))})


@cache
def operations(service: str) -> dict[str, str]:
    model = botocore.session.get_session().get_service_model(service)
    return {xform_name(name, "-"): name for name in model.operation_names}


def complaints(command: str) -> Iterator[str]:
    words = [word for word in shlex.split(command, comments=True) if word != "…"]
    assert words.pop(0) == "aws"
    while words[0].startswith("--"):
        words = words[2:]
    service, operation, *rest = words
    given = [word[2:].partition("=")[0] for word in rest if re.match(r"--[a-z]", word)]
    if f"{service} {operation}" in CUSTOM:
        unknown = set(given) - GLOBAL - CUSTOM[f"{service} {operation}"]
        yield from (f"{one} is no option of {service} {operation}" for one in sorted(unknown))
        return
    known = operations({"s3api": "s3"}.get(service, service))
    if operation not in known:
        yield f"{service} has no operation {operation}"
        return
    yield from _options({"s3api": "s3"}.get(service, service), known[operation], given)


def _options(service: str, operation: str, given: list[str]) -> Iterator[str]:
    model = botocore.session.get_session().get_service_model(service).operation_model(operation)
    shape = model.input_shape
    members = shape.members if shape else {}
    options = {xform_name(name, "-"): member for name, member in members.items()}
    for one in given:
        plain = one.removeprefix("no-")
        boolean = plain in options and options[plain].type_name == "boolean"
        if one not in options and one not in GLOBAL and not (one.startswith("no-") and boolean):
            yield f"{operation} has no option --{one}"
    for name in shape.required_members if shape else ():
        wanted = xform_name(name, "-")
        if wanted not in given and f"no-{wanted}" not in given:
            yield f"{operation} needs --{wanted}"


@pytest.mark.parametrize(("page", "command"), COMMANDS)
def test_a_command_of_the_documentation_exists(page, command):
    assert list(complaints(command)) == []


def test_there_are_commands_to_check():
    assert len(COMMANDS) > 20
    assert len(OWN) > 10


@pytest.mark.parametrize(("page", "command", "rest"), OWN)
def test_a_command_of_fanfold_is_one(page, command, rest):
    known = app.commands
    assert command in known
    declared = {"--help", *_declared(known[command])}
    assert {word.partition("=")[0] for word in rest.split() if word.startswith("--")} <= declared


def _declared(command):
    for parameter in command.params:
        yield from parameter.opts
    for inner in getattr(command, "commands", {}).values():
        yield from _declared(inner)


@pytest.mark.parametrize("module", sorted(set(re.findall(r"infra\.ops\.(\w+)", TEXT))))
def test_a_tool_for_operators_is_there(module):
    assert (ROOT / "infra" / "ops" / f"{module}.py").is_file()


@pytest.mark.parametrize(
    "wrong",
    [
        "aws sqs redrive --queue-url URL",
        "aws sqs delete-message --queue-url URL",
        "aws lambda update-alias --function-name F --name live --version 3",
        "aws dynamodb wait table-exists --table T",
        "aws lambda update-event-source-mapping --uuid U --no-batch-size",
    ],
)
def test_a_command_that_does_not_exist_is_found(wrong):
    assert list(complaints(wrong))
