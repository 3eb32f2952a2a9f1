from __future__ import annotations

from pathlib import Path, PurePath

import pytest

from cli import output
from cli.inputs import Input
from client.errors import Usage
from fanfold.model import Output


def given(*names):
    return [Input(Path(name), name, PurePath(Path(name).stem)) for name in names]


def stems(planned):
    return [path.name.removesuffix(".txt") for files in planned.values() for path in files.values()]


def test_inputs_of_one_name_do_not_overwrite_one_another(tmp_path):
    inputs = given("a/scan.pdf", "b/scan.pdf", "b/scan.png", "b/other.png")

    planned = output.plan(inputs, [Output.TEXT], tmp_path)

    assert stems(planned) == ["scan", "scan-2", "scan-3", "other"]


def test_names_that_differ_only_in_case_do_not_meet(tmp_path):
    planned = output.plan(given("a/Scan.pdf", "b/scan.pdf"), [Output.TEXT], tmp_path)

    assert stems(planned) == ["Scan", "scan-2"]


def test_a_result_never_overwrites_an_input(tmp_path):
    (tmp_path / "scan.pdf").touch()

    planned = output.plan(given(str(tmp_path / "scan.pdf")), [Output.TEXT], tmp_path)

    assert stems(planned) == ["scan-2"]


@pytest.mark.parametrize(
    ("name", "form"),
    [("a.txt", Output.TEXT), ("a.ALTO.xml", Output.ALTO), ("a.csv.zip", Output.CSV), ("a.d", None)],
)
def test_a_file_s_name_says_its_format(name, form):
    assert output.format_of(Path(name)) is form


def test_several_pdfs_do_not_fit_into_one_stream():
    with pytest.raises(Usage, match="--out"):
        output.standard_output(Output.PDF, 2)


def test_a_pdf_is_not_written_to_a_terminal(monkeypatch):
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)

    with pytest.raises(Usage, match="terminal"):
        output.standard_output(Output.PDF, 1)
