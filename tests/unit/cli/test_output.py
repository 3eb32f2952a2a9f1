from __future__ import annotations

from pathlib import Path

import pytest

from cli import output
from client.errors import Usage
from fanfold.model import Output


def test_inputs_of_one_name_do_not_overwrite_one_another(tmp_path):
    paths = [Path("a/scan.pdf"), Path("b/scan.pdf"), Path("b/scan.png"), Path("b/other.png")]

    stems = output.plan(paths, tmp_path)

    assert list(stems.values()) == ["scan", "scan-2", "scan-3", "other"]


def test_names_that_differ_only_in_case_do_not_meet(tmp_path):
    stems = output.plan([Path("a/Scan.pdf"), Path("b/scan.pdf")], tmp_path)

    assert list(stems.values()) == ["Scan", "scan-2"]


def test_a_result_never_overwrites_an_input(tmp_path):
    scan = tmp_path / "scan.pdf"
    scan.touch()

    assert output.plan([scan], tmp_path) == {scan: "scan-2"}


def test_a_file_named_twice_is_read_once(tmp_path):
    scan = tmp_path / "scan.pdf"
    scan.touch()

    assert output.readable([scan, scan]) == [scan]


def test_a_missing_file_is_said_before_anything_starts(tmp_path):
    with pytest.raises(Usage, match="No such file"):
        output.readable([tmp_path / "nope.pdf"])


def test_a_folder_is_no_file(tmp_path):
    with pytest.raises(Usage, match="is a folder"):
        output.readable([tmp_path])


def test_an_input_that_cannot_be_opened_is_said_before_anything_starts(tmp_path):
    (tmp_path / "scan.pdf").touch()

    with pytest.raises(Usage, match="Not a directory"):
        output.readable([tmp_path / "scan.pdf" / "page.pdf"])


def test_several_pdfs_do_not_fit_into_one_stream():
    with pytest.raises(Usage, match="--out"):
        output.standard_output(Output.PDF, 2)


def test_a_pdf_is_not_written_to_a_terminal(monkeypatch):
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)

    with pytest.raises(Usage, match="terminal"):
        output.standard_output(Output.PDF, 1)
