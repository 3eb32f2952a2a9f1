"""What lies in a package is named with its licence and its pins, and nothing else may lie there."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

from infra.supply import __main__ as supply
from infra.supply import bom, notice, parts
from infra.supply.parts import Part, Unpinned

SHA = "a" * 64
LOCK = f"one-thing==1.0 \\\n    --hash=sha256:{SHA} \\\n    --hash=sha256:{'b' * 64}\n    # via x\n"


def wheel(folder: Path, name: str, version: str, *told: str) -> None:
    info = folder / f"{name}-{version}.dist-info"
    info.mkdir(parents=True)
    lines = ["Metadata-Version: 2.4", f"Name: {name}", f"Version: {version}", *told]
    (info / "METADATA").write_text("\n".join(lines) + "\n")


@pytest.fixture
def lock(tmp_path: Path) -> Path:
    path = tmp_path / "lock"
    path.write_text(LOCK)
    return path


@pytest.mark.parametrize(
    ("told", "licence"),
    [
        (["License-Expression: MIT"], "MIT"),
        (["License: BSD", "Classifier: License :: OSI Approved :: MIT License"], "BSD"),
        ([f"License: {'x' * 99}", "Classifier: License :: OSI Approved :: Zlib"], "Zlib"),
        ([], "see its licence file"),
    ],
)
def test_a_wheel_tells_its_licence(tmp_path: Path, lock: Path, told: list[str], licence: str):
    wheel(tmp_path / "python", "One_Thing", "1.0", *told)
    (part,) = parts.wheels(tmp_path / "python", lock)
    assert part == Part("one-thing", "1.0", "pkg:pypi/one-thing@1.0", licence, (SHA, "b" * 64))


@pytest.mark.parametrize(("name", "version"), [("one-thing", "1.1"), ("another", "1.0")])
def test_what_no_lock_names_is_refused(tmp_path: Path, lock: Path, name: str, version: str):
    wheel(tmp_path / "python", name, version)
    with pytest.raises(Unpinned, match=version):
        list(parts.wheels(tmp_path / "python", lock))


def ocr_layer(folder: Path, packages: str = "libpng16-16t64 1.6+deb13u1\nplain 1-1\n") -> Path:
    layer = folder / "OcrLayer" / "ocr"
    (layer / "licences").mkdir(parents=True)
    (layer / "packages").write_text(packages)
    (layer / "licences" / "libpng16-16t64").write_text(
        "License: libpng\n\nLicense: GPL-2+\n text\n"
    )
    (layer / "licences" / "plain").write_text("It may be used.\n")
    return layer


def test_debians_packages_tell_theirs(tmp_path: Path):
    lock = tmp_path / "packages.lock"
    lock.write_text(f"libpng16-16t64 1.6+deb13u1 {SHA} 1 pool -\nplain 1-1 {SHA} 1 pool -\n")
    first, second = parts.debian(ocr_layer(tmp_path), lock, "arm64")
    assert first.licence == "GPL-2+, libpng"
    assert first.purl == ("pkg:deb/debian/libpng16-16t64@1.6%2Bdeb13u1?arch=arm64&distro=trixie")
    assert second.licence == "see licences/plain"
    lock.write_text(f"plain 1-1 {SHA} 1 pool -\n")
    with pytest.raises(Unpinned, match="libpng"):
        list(parts.debian(tmp_path / "OcrLayer" / "ocr", lock, "arm64"))


def test_the_wheel_is_named_with_all_that_it_is_installed_with():
    names = {part.name for part in supply.wheel().parts}
    assert {"boto3", "botocore", "pikepdf", "lxml", "httpx", "h11"} <= names  # and what they need
    assert not names & {"fanfold", "moto", "pytest"}


def test_a_bill_is_valid_and_the_same_each_time():
    found = [
        Part("a", "1", "pkg:pypi/a@1", "MIT", (SHA,)),
        Part("b", "1", "pkg:pypi/b@1", "their own, GPL-2+", ()),
    ]
    told = bom.render("thing", "0.1", found)
    assert told == bom.render("thing", "0.1", found)
    assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(told) is None
    bill = json.loads(told)
    assert [one["purl"] for one in bill["components"]] == ["pkg:pypi/a@1", "pkg:pypi/b@1"]
    licences = [one["licenses"][0]["license"] for one in bill["components"]]
    assert licences == [{"id": "MIT"}, {"name": "their own, GPL-2+"}]


def test_a_notice_names_each_part_and_where_the_texts_lie():
    told = notice.render("CoreLayer", [Part("a", "1", "", "MIT", ())], "python/*.dist-info")
    assert "a 1: MIT" in told.splitlines()
    assert "python/*.dist-info" in told
    assert "nothing of others" in notice.render("ApiFunction", [], "")


def test_every_package_of_a_build_gets_both(tmp_path: Path, capsys):
    build, out = tmp_path / "build", tmp_path / "out"
    (build / "ApiFunction").mkdir(parents=True)
    (build / "template.yaml").write_text("")
    assert supply.main(["--build", str(build), "--out", str(out)]) == 0
    assert sorted(path.name for path in out.iterdir()) == [
        "ApiFunction.NOTICE.txt", "ApiFunction.cdx.json", "fanfold.NOTICE.txt", "fanfold.cdx.json",
    ]  # fmt: skip
    assert (build / "ApiFunction" / "ApiFunction.cdx.json").is_file()
    wheel(build / "CoreLayer" / "python", "stowaway", "1")
    assert supply.main(["--build", str(build), "--out", str(out)]) == 1
    assert "stowaway 1 is not in" in capsys.readouterr().err


def test_the_web_page_s_library_is_named_by_the_function_that_has_it_and_by_the_wheel():
    (found,) = parts.scripts(supply.ROOT / "functions")
    assert (found.name, found.licence) == ("oauth4webapi", "MIT")
    assert found.purl == f"pkg:npm/oauth4webapi@{found.version}"
    assert found in supply.wheel().parts
    kept = supply.ROOT / "functions" / "api" / "static" / "oauth4webapi.js"
    assert "Copyright (c)" in kept.read_text("utf-8")[:200]
