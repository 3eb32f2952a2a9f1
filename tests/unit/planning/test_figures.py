from __future__ import annotations

import pytest

from bench import figures

BLOCKS = [
    pytest.param(path, command, lines, id=f"{path.name}: fanfold {command}")
    for path in figures.documents()
    for command, lines in figures.shown(path)
]


@pytest.mark.parametrize(("path", "command", "lines"), BLOCKS)
def test_the_documents_show_what_the_command_prints(path, command, lines):
    assert lines == figures.printed(command), f"{path.name} is out of date: make figures"


def test_there_are_figures_in_the_documents():
    assert {path.name for path in figures.documents()} == {"capacity.md", "cost.md"}
