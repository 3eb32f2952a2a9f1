"""The built layer of the second reader: for the right processor, and for Lambda's C library."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.infra.stack import ROOT

BUILT = {"x86_64": ROOT / ".aws-sam/build", "arm64": ROOT / ".aws-sam/arm64"}
MACHINES = {"x86_64": 62, "arm64": 183}
"""What an ELF file calls processors."""
_MACHINE_AT = 18
LAMBDA = {"GLIBC": (2, 34), "GLIBCXX": (3, 4, 29), "CXXABI": (1, 3, 13)}
"""The latest versions that Amazon Linux 2023 knows: glibc 2.34 and the libstdc++ of GCC 11."""
_VERSION = re.compile(rb"\0(GLIBC|GLIBCXX|CXXABI)_([0-9.]+)(?=\0)")


@pytest.fixture(scope="module", params=BUILT)
def layer(request: pytest.FixtureRequest) -> tuple[str, Path]:
    folder = BUILT[request.param] / "NeuralLayer" / "python"
    if not folder.exists():
        pytest.skip(f"nothing built for {request.param}: make test-layer")
    return request.param, folder


def test_it_holds_the_library_two_models_and_licences(layer: tuple[str, Path]) -> None:
    files = {str(path.relative_to(layer[1])) for path in layer[1].rglob("*") if path.is_file()}
    library = {name for name in files if name.startswith("onnxruntime/capi/")}
    assert len(library) == 1
    assert {name for name in files - library if ".dist-info/" not in name} == {
        "onnxruntime/__init__.py",
        "onnxruntime/LICENSE",
        "onnxruntime/ThirdPartyNotices.txt",
        "rapidocr/__init__.py",
        "rapidocr/models/PP-OCRv6_det_small.onnx",
        "rapidocr/models/PP-OCRv6_rec_small.onnx",
    }


def test_its_library_is_one_that_lambda_can_load(layer: tuple[str, Path]) -> None:
    (library,) = (layer[1] / "onnxruntime" / "capi").iterdir()
    data = library.read_bytes()
    assert data[:4] == b"\x7fELF"
    assert int.from_bytes(data[_MACHINE_AT : _MACHINE_AT + 2], "little") == MACHINES[layer[0]]
    wanted = {
        (kind.decode(), tuple(map(int, version.decode().split("."))))
        for kind, version in _VERSION.findall(data)
    }
    assert {kind for kind, _ in wanted} == set(LAMBDA)
    assert [one for one in wanted if one[1] > LAMBDA[one[0]]] == []
