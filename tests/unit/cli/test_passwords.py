"""Where a password comes from that does not stand on the command line."""

from __future__ import annotations

from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

from cli.commands import options


@click.command()
@options.password_file
def said(*, password_file: str) -> None:
    """Say what was understood."""
    click.echo(f"[{password_file}]")


def run(*arguments: str, typed: str = "") -> Result:
    return CliRunner().invoke(said, arguments, input=typed)


def test_a_password_is_the_first_line_of_a_file_with_its_blanks(tmp_path: Path):
    (tmp_path / "secret").write_bytes(" hôtel tide \r\nno more\n".encode())
    assert run("--password-file", str(tmp_path / "secret")).stdout == "[ hôtel tide ]\n"


def test_a_password_that_is_asked_for_is_not_among_the_results():
    asked = run("--password-file", "-", typed="tide\n")
    assert asked.stdout == "[tide]\n"
    assert "Password" in asked.stderr


def test_nothing_is_asked_of_who_names_no_file():
    assert run().stdout == "[]\n"


@pytest.mark.parametrize("held", [None, b"", b"\ntide", b"\xff"])
def test_a_file_without_a_password_is_refused(tmp_path: Path, held: bytes | None):
    if held is not None:
        (tmp_path / "secret").write_bytes(held)
    refused = run("--password-file", str(tmp_path / "secret"))
    assert refused.exit_code == 2
    assert "tide" not in refused.output
