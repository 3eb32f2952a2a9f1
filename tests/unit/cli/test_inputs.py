from __future__ import annotations

import io

import pytest

from cli import inputs
from client.errors import Usage


class Piped(io.StringIO):
    """Standard input with bytes behind it."""

    def __init__(self, content: bytes) -> None:
        super().__init__()
        self.buffer = io.BytesIO(content)


def found(*paths):
    with inputs.found(paths) as found:
        return [item.path for item in found.inputs]


def test_a_file_named_twice_is_read_once(tmp_path):
    scan = tmp_path / "scan.pdf"
    scan.touch()

    assert found(scan, scan, tmp_path) == [scan]


def test_a_missing_file_is_said_before_anything_starts(tmp_path):
    with pytest.raises(Usage, match="No such file"):
        found(tmp_path / "nope.pdf")


def test_an_input_that_cannot_be_opened_is_said_before_anything_starts(tmp_path):
    (tmp_path / "scan.pdf").touch()

    with pytest.raises(Usage, match="Not a directory"):
        found(tmp_path / "scan.pdf" / "page.pdf")


def test_a_folder_without_documents_is_wrong_usage(tmp_path):
    (tmp_path / "notes.txt").touch()

    with pytest.raises(Usage, match="nothing to read"):
        found(tmp_path)


def test_a_broken_pdf_in_a_folder_is_not_passed_over(tmp_path):
    (tmp_path / "empty.PDF").touch()

    assert found(tmp_path) == [tmp_path / "empty.PDF"]


def test_standard_input_is_a_document_like_any_other(monkeypatch, tmp_path):
    monkeypatch.setattr("sys.stdin", Piped(b"%PDF-1.7"))

    with inputs.found([inputs.Path("-")]) as given:
        [item] = given.inputs
        assert item.path.read_bytes() == b"%PDF-1.7"
        assert str(item.place) == "stdin"
    assert not item.path.exists()


def test_a_terminal_pipes_nothing_in(monkeypatch):
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)

    with pytest.raises(Usage, match="piped in"):
        found(inputs.Path("-"))
