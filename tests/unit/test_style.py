"""Sizes that reviews would argue about: CONTRIBUTING.md names them."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
FOLDERS = ("bench", "cli", "functions", "infra", "layers", "tests")
LONGEST_FUNCTION = 40
LONGEST_HANDLER = 40


def too_long(source: str, name: str) -> Iterator[str]:
    """Yield functions that have more lines than they may, decorators left out."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.end_lineno:
            lines = node.end_lineno - node.lineno + 1
            if lines > LONGEST_FUNCTION:
                yield f"{name}:{node.lineno} {node.name} has {lines} lines"


def test_no_function_is_longer_than_a_screen():
    listed = [path for folder in FOLDERS for path in (ROOT / folder).rglob("*.py")]
    found = [line for path in listed for line in too_long(path.read_text("utf-8"), str(path))]
    assert len(listed) > 100
    assert found == []


def test_a_function_that_is_longer_is_found():
    body = "\n".join(["    pass"] * LONGEST_FUNCTION)
    assert list(too_long(f"def f():\n{body}\n", "a.py")) == ["a.py:1 f has 41 lines"]
    assert list(too_long(f"def f():\n{body[9:]}\n", "a.py")) == []


def test_no_handler_does_more_than_hand_on():
    handlers = {path: path.read_text("utf-8") for path in ROOT.glob("functions/*/handler.py")}
    assert len(handlers) > 5
    assert [p for p, text in handlers.items() if len(text.splitlines()) > LONGEST_HANDLER] == []
