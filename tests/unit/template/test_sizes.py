"""What is built is weighed before Lambda does it."""

from __future__ import annotations

import sys

import pytest

from infra.template import sizes
from infra.template.names import Place
from infra.template.template import load

TEMPLATE = """
Globals:
  Function: {Layers: [!Ref CoreLayer]}
Resources:
  CoreLayer: {Type: AWS::Serverless::LayerVersion}
  OcrLayer: {Type: AWS::Serverless::LayerVersion}
  SmallFunction: {Type: AWS::Serverless::Function, Properties: {Handler: a.b}}
  LargeFunction: {Type: AWS::Serverless::Function, Properties: {Layers: [!Ref OcrLayer]}}
"""


@pytest.fixture
def built(tmp_path):
    """Write what was built; files are holes and take no room."""

    def built(**files):
        for folder, size in files.items():
            path = tmp_path / folder / "deep" / "file"
            path.parent.mkdir(parents=True)
            path.touch()
            with path.open("r+b") as file:
                file.truncate(size)
        path = tmp_path / "template.yaml"
        path.write_text(TEMPLATE)
        return path

    return built


def test_a_function_weighs_what_its_layers_do(built):
    path = built(SmallFunction=1, LargeFunction=2, CoreLayer=30, OcrLayer=400)
    assert dict(sizes.parts(load(path, Place("http://127.0.0.1")))) == {
        "SmallFunction": {"SmallFunction": 1, "CoreLayer": 30},
        "LargeFunction": {"LargeFunction": 2, "CoreLayer": 30, "OcrLayer": 400},
    }


@pytest.mark.parametrize(("size", "code"), [(249_999_998, 0), (249_999_999, 1)])
def test_what_lambda_would_refuse_ends_the_build(built, monkeypatch, capsys, size, code):
    path = built(CoreLayer=1, OcrLayer=size)
    monkeypatch.setattr(sys, "argv", ["sizes", "--template", str(path)])
    monkeypatch.setenv("ARCHITECTURE", "arm64")
    assert sizes.main() == code
    assert "arm64" in capsys.readouterr().out
