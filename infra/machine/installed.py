"""The languages of this machine, which people install and remove while the service runs."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from fanfold.ocr.isolation import engine
from fanfold.settings import Engine
from infra.machine.steps import Setup


def stamp(folder: str) -> int:
    """Return when names in the folder of languages last changed, in nanoseconds; 0 without one."""
    try:
        return Path(folder).stat().st_mtime_ns if folder else 0
    except OSError:
        return 0


def followed(setup: Setup, tesseract: Engine) -> Setup:
    """Return a setup that knows where its languages lie, and since when they do."""
    try:
        folder = str(engine.tessdata_folder(tesseract))
    except OSError:
        return setup
    return replace(setup, tessdata=folder, changed_at=stamp(folder))


def renewed(setup: Setup, tesseract: Engine) -> Setup | None:
    """Return the setup with the languages that are there now; None where nothing has changed."""
    now = stamp(setup.tessdata)
    if now == setup.changed_at:
        return None
    engine.look_again()
    languages = "+".join(engine.installed_languages(tesseract))
    return replace(setup, languages=languages or setup.languages, changed_at=now)


def is_old(setup: Setup) -> bool:
    """Return whether languages have changed since a setup was made."""
    return bool(setup.tessdata) and stamp(setup.tessdata) != setup.changed_at
