"""Folders of tesseract's data that hold the languages a test names, whatever is installed."""

from __future__ import annotations

from pathlib import Path

from fanfold.ocr.isolation.engine import tessdata_folder
from fanfold.settings import Engine

_SETTINGS = ("configs", "tessconfigs", "pdf.ttf")
"""What tesseract wants beside its languages."""


def folder(target: Path, *languages: str) -> Path:
    """Make ``target`` a folder of links to these languages, which must be installed."""
    installed = tessdata_folder(Engine())
    target.mkdir(parents=True)
    for name in (*_SETTINGS, *(f"{language}.traineddata" for language in languages)):
        if (installed / name).exists():
            (target / name).symlink_to(installed / name)
    missing = [name for name in languages if not (target / f"{name}.traineddata").exists()]
    assert not missing, f"tests read {missing}, which {installed} does not have"
    return target
