"""The templates as people read them: block style, one property a line, no line too wide."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from tests.infra.stack import ROOT, TEMPLATE

WIDTH = 120
"""Maximum number of characters of a line."""
FLOW = 80
"""Maximum number of characters of a list in brackets or a mapping in braces."""

FILES = [TEMPLATE, *sorted((ROOT / "infra").rglob("*.yaml"))]


def unreadable(text: str) -> Iterator[str]:
    """Yield a sentence for every line that is too wide and for everything that is packed."""
    for number, line in enumerate(text.splitlines(), 1):
        if len(line) > WIDTH:
            yield f"line {number}: {len(line)} characters"
    root = yaml.compose(text)
    assert isinstance(root, yaml.MappingNode)
    for section, value in root.value:
        yield from packed(value, table=section.value == "Mappings")


def packed(node: yaml.Node, *, table: bool = False, item: bool = False) -> Iterator[str]:
    """Yield what is wrong with the lists in brackets and mappings in braces below a node.

    A row may have two properties: an item of a list, such as a tag, or a line of a ``table``.
    """
    if isinstance(node, yaml.CollectionNode) and node.flow_style:
        problems = flow(node, 2 if table or item else 1)
        yield from (f"line {node.start_mark.line + 1}: {problem}" for problem in problems)
    elif isinstance(node, yaml.SequenceNode):
        for one in node.value:
            yield from packed(one, table=table, item=True)
    elif isinstance(node, yaml.MappingNode):
        for _, value in node.value:
            yield from packed(value, table=table)


def flow(node: yaml.CollectionNode, properties: int) -> Iterator[str]:
    """Yield what is wrong with a list in brackets or a mapping in braces."""
    if node.start_mark.line != node.end_mark.line:
        yield "more than one line"
    elif node.end_mark.index - node.start_mark.index > FLOW:
        yield f"more than {FLOW} characters"
    if isinstance(node, yaml.SequenceNode):
        if has_mapping(node):
            yield "brackets around a mapping"
        return
    if len(node.value) > properties:
        yield f"more than {properties} in braces"
    if any(has_mapping(value) for _, value in node.value):
        yield "braces in braces"


def has_mapping(node: yaml.Node) -> bool:
    """Whether a node is a mapping or a list that holds one."""
    below = node.value if isinstance(node, yaml.SequenceNode) else ()
    return isinstance(node, yaml.MappingNode) or any(map(has_mapping, below))


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_template_reads_from_top_to_bottom(path: Path) -> None:
    assert list(unreadable(path.read_text("utf-8"))) == []


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (f"Description: {'x' * 120}", "line 1: 133 characters"),
        ("Properties: {Priority: 1, Action: ALLOW}", "line 1: more than 1 in braces"),
        ("Rules:\n  - {Id: a, Prefix: b, Days: 1}", "line 2: more than 2 in braces"),
        ("Rules:\n  - Id: a\n    Days: {Old: 1, New: 2}", "line 3: more than 1 in braces"),
        ("Condition: {Bool: {tls: false}}", "line 1: braces in braces"),
        ("Tags: [{Key: Name, Value: a}]", "line 1: brackets around a mapping"),
        ("Value: !If [Big, !If [Red, {A: 1}, 2], 3]", "line 1: brackets around a mapping"),
        ("Action: [sqs:SendMessage,\n  sqs:ReceiveMessage]", "line 1: more than one line"),
        (f"Action: [{'a, ' * 26}b]", "line 1: more than 80 characters"),
    ],
)
def test_what_is_packed_is_seen(text: str, problem: str) -> None:
    assert list(unreadable(text)) == [problem]


@pytest.mark.parametrize(
    "text",
    [
        "Zones: [1, 2]",
        "Value: !If [InVpc, !Select [0, !Ref Ids], !Ref AWS::NoValue]",
        "Events: {bucket: [!Ref Bucket]}",
        "Tags:\n  - {Key: Name, Value: !Ref Name}",
        "Mappings:\n  PrefixLists:\n    eu-west-1: {s3: pl-1, dynamodb: pl-2}",
    ],
)
def test_short_values_stand_on_one_line(text: str) -> None:
    assert list(unreadable(text)) == []
