from __future__ import annotations

import subprocess
import sys
from contextlib import nullcontext

import pytest

from cli import main
from cli.commands import places
from client import addresses
from client.errors import Exit
from tests.unit.client.service_stand_in import EMPTY, SUCCEEDED, StandIn, pages

RUNNING = {"state": "PROCESSING", "pages": pages(0, 1)}


def call(monkeypatch, *arguments):
    monkeypatch.setattr(sys, "argv", ["fanfold", *arguments])
    monkeypatch.delenv("FANFOLD_ENDPOINT", raising=False)
    with pytest.raises(SystemExit) as caught:
        main.main()
    return caught.value.code


def test_a_missing_file_ends_in_one_line(monkeypatch, capsys):
    assert call(monkeypatch, "extract", "nope.pdf") == Exit.USAGE
    assert capsys.readouterr().err == (
        "fanfold: nope.pdf cannot be read: No such file or directory.\n"
    )


def test_an_unknown_format_is_wrong_usage(monkeypatch, capsys):
    assert call(monkeypatch, "extract", "--format", "doc", "x.pdf") == Exit.USAGE
    assert "'txt', 'md', 'json', 'pdf'" in capsys.readouterr().err


@pytest.mark.parametrize("wish", [["--print"], ["-f", "alto", "-f", "tsv"]])
def test_what_goes_with_a_folder_only_is_wrong_usage_without(wish, monkeypatch, tmp_path, capsys):
    scan = tmp_path / "scan.pdf"
    scan.write_bytes(b"%PDF")
    assert call(monkeypatch, "extract", *wish, str(scan)) == Exit.USAGE
    assert "--out DIR" in capsys.readouterr().err


def test_an_unexpected_error_ends_in_one_line(monkeypatch, capsys):
    monkeypatch.setattr("cli.serve.up", lambda *_, **__: 1 / 0)

    assert call(monkeypatch, "up") == Exit.UNEXPECTED
    assert capsys.readouterr().err == ("fanfold: unexpected ZeroDivisionError: division by zero\n")


def test_the_exit_codes_are_part_of_the_help(monkeypatch, capsys):
    assert call(monkeypatch, "extract", "--help") == Exit.OK
    assert "lacks pages" in " ".join(capsys.readouterr().out.split())


def test_help_does_not_wait_for_what_only_commands_need():
    heavy = {"boto3", "botocore", "httpx", "moto", "pydantic", "rich", "yaml"}
    program = "import sys, cli.main; print(*sys.modules)"

    run = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )

    assert "cli.main" in run.stdout.split()
    assert not heavy & set(run.stdout.split())


@pytest.mark.parametrize(
    ("endpoint", "region"),
    [
        ("https://abc.execute-api.eu-central-1.amazonaws.com/prod", "eu-central-1"),
        ("https://abc.execute-api.eu-central-1.amazonaws.com.evil.test/prod", None),
        ("http://127.0.0.1:8080", None),
        ("http://[::1", None),
    ],
)
def test_requests_to_api_gateway_are_signed_without_being_asked(endpoint, region):
    assert addresses.aws_region(endpoint) == region


@pytest.mark.parametrize(
    ("arguments", "change", "said"),
    [
        (["retry", "d0"], ("POST", "d0/retry", {"pages": "", "options": {}}), "d0  PROCESSING\n"),
        (
            ["retry", "d0", "--pages", "3", "--lang", "deu", "--mode", "ocr"],
            (
                "POST",
                "d0/retry",
                {"pages": "3", "options": {"languages": "deu", "mode": "ocr"}},
            ),
            "d0  PROCESSING\n",
        ),
        (["cancel", "d0"], ("POST", "d0/cancel", None), "d0  CANCELLED\n"),
        (["delete", "d0"], ("DELETE", "d0", None), "d0  DELETED\n"),
    ],
)
def test_a_document_is_changed_by_its_id(monkeypatch, capsys, arguments, change, said):
    stand_in = StandIn()
    monkeypatch.setattr(places, "service", lambda *_, **__: nullcontext(stand_in.service()))

    assert call(monkeypatch, *arguments) == Exit.OK
    assert (stand_in.changes, capsys.readouterr().out) == ([change], said)


@pytest.fixture
def at_hand(monkeypatch):
    """Let every command find a service in memory; return it."""
    stand_in = StandIn(results={"txt": b"words\n", "pdf": b"%PDF"})
    monkeypatch.setattr(places, "service", lambda *_, **__: nullcontext(stand_in.service()))
    return stand_in


FIRST, SECOND = f"{0:032x}", f"{1:032x}"


def test_a_result_is_fetched_by_its_document_s_id(monkeypatch, at_hand, capfdbinary):
    at_hand.names, at_hand.lives = ["a.pdf"], {"a.pdf": [SUCCEEDED]}

    assert call(monkeypatch, "get", FIRST) == Exit.OK
    assert capfdbinary.readouterr() == (b"words\n", b"")


def test_a_result_is_fetched_by_a_name_of_which_the_newest_counts(monkeypatch, at_hand, tmp_path):
    at_hand.names, at_hand.lives = ["CON.pdf", "CON.pdf"], {"CON.pdf": [SUCCEEDED]}

    assert call(monkeypatch, "get", "CON.pdf", "-f", "pdf", "--out", str(tmp_path)) == Exit.OK
    assert [path.name for path in tmp_path.iterdir()] == ["_CON.pdf"]
    assert at_hand.looks == [SECOND]


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (["nope.pdf"], "no document called nope.pdf"),
        ([FIRST, "-f", "alto"], "no result in alto; there are txt, json, pdf"),
        ([SECOND], "is PROCESSING: `fanfold follow"),
    ],
)
def test_a_result_that_is_not_there_is_wrong_usage(monkeypatch, at_hand, capsys, arguments, why):
    at_hand.names = ["a.pdf", "b.pdf"]
    at_hand.lives = {"a.pdf": [SUCCEEDED], "b.pdf": [RUNNING]}

    assert call(monkeypatch, "get", *arguments) == Exit.USAGE
    assert why in capsys.readouterr().err


def test_following_waits_for_the_end(monkeypatch, at_hand, capsys):
    at_hand.names, at_hand.lives = ["a.pdf"], {"a.pdf": [RUNNING, RUNNING, EMPTY]}

    assert call(monkeypatch, "follow", FIRST) == Exit.FAILED
    assert "EMPTY_FILE" in capsys.readouterr().out
    assert at_hand.lives["a.pdf"] == [EMPTY]


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_a_shell_learns_to_complete(monkeypatch, capsys, shell):
    assert call(monkeypatch, "completion", shell) == Exit.OK
    assert "_FANFOLD_COMPLETE" in capsys.readouterr().out


def test_options_are_completed(monkeypatch, capsys):
    monkeypatch.setenv("_FANFOLD_COMPLETE", "bash_complete")
    monkeypatch.setenv("COMP_WORDS", "fanfold extract --skip")
    monkeypatch.setenv("COMP_CWORD", "2")

    call(monkeypatch)

    assert capsys.readouterr().out == "plain,--skip-existing\n"
