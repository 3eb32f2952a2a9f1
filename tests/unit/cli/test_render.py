from __future__ import annotations

from pathlib import Path

import pytest
from rich.console import Console

from cli import render, serve
from cli.progress import Tally, describe
from client import answers
from client.answers import Counts, FailedPage, Status
from fanfold.model import Reason, State


def document(state=State.PROCESSING, **more):
    return Status("d0", "scan.pdf", state, **more)


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (document(pages=Counts(532, 153)), "153 of 532 pages"),
        (document(pages=Counts(1, 0, 1)), "0 of 1 page, 1 failed"),
        (document(), "not opened yet"),
        (document(State.FAILED), "no pages"),
    ],
)
def test_how_far_a_document_is_in_words(status, words):
    assert render.pages(status) == words


def test_many_failed_pages_are_not_listed_one_by_one():
    failed = [FailedPage(page, Reason("TIMEOUT", "Too long.")) for page in range(1, 31)]

    lines = render.failures(failed)

    assert len(lines) == 11
    assert lines[-1] == "  and pages 11-30"


def test_a_name_cannot_break_a_row():
    row = render.rows([document(created_at="now", pages=Counts(2, 1))])[0]
    evil = render.rows([Status("d1", "a\tb\nc.pdf", State.FAILED)])[0]

    assert row.split("\t") == ["d0", "PROCESSING", "1", "2", "now", "scan.pdf"]
    assert len(evil.split("\t")) == 6
    assert "\n" not in evil


def test_brackets_in_a_name_are_no_markup_on_a_terminal():
    console = Console(width=200)
    with console.capture() as shown:
        console.print(render.table([Status("d1", "[bold]a[/bold][link=x]b.pdf", State.FAILED)]))

    assert "[bold]a[/bold][link=x]b.pdf" in shown.get()


@pytest.mark.parametrize(
    ("tally", "words"),
    [
        (Tally(1, 0, 0, 0, 0), "opening"),
        (Tally(1, 0, 532, 153, 0), "153 of 532 pages"),
        (Tally(5, 2, 40, 31, 1), "2 of 5 documents · 31 of 40 pages · 1 failed"),
    ],
)
def test_the_progress_bar_speaks_in_pages(tally, words):
    assert describe(tally) == words


def test_the_welcome_names_every_folder_and_the_token_once():
    folders = (Path("/in"), Path("/out"), Path("/data"))

    text = serve.welcome("http://api", folders, "secret")

    assert "http://api/v1/documents?name=scan.pdf" in text
    assert all(f"  {folder}\n" in text for folder in folders)
    assert text.count("secret") == 1
    assert "token" not in serve.welcome("http://api", folders, None)


def test_the_rehearsal_names_every_address():
    text = serve.rehearsed("http://api", "http://aws", "s3://bucket/inbox/")

    assert "http://api/v1/documents?name=scan.pdf" in text
    assert "aws --endpoint-url http://aws s3 cp scan.pdf s3://bucket/inbox/" in text
    assert "s3://bucket/outbox/scan.pdf.txt" in text


def test_pages_worth_a_look_are_named_though_the_document_succeeded():
    status = answers.status({"id": "d1", "state": "SUCCEEDED", "review": [3, 7, 8, 9]})
    assert render.troubles("a.pdf", status) == ["a.pdf: worth a look: pages 3,7-9"]
    assert render.description(status)[-1] == "  worth a look: pages 3,7-9"
