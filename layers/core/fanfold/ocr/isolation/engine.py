"""What the installed tesseract and poppler are and can read."""

from __future__ import annotations

import re
import shutil
from functools import cache
from pathlib import Path

from fanfold.model import NOT_LANGUAGES
from fanfold.ocr.isolation import programs
from fanfold.ocr.isolation.handle import environment
from fanfold.settings import Engine

_MAXIMUM_SECONDS = 10.0
"""Maximum of seconds for a program to say what it is."""

_POPPLER = ("pdfinfo", "pdftoppm", "pdftotext", "pdfimages", "pdfseparate")

_NAMED = re.compile(r'"([^"]+)"')
_LANGUAGE_NAME = re.compile(r"[A-Za-z]\w*(?:/[A-Za-z]\w*)?")


def installed_languages(engine: Engine) -> tuple[str, ...]:
    """Return the languages that tesseract has data for, sorted; raise OSError without tesseract."""
    lines = _languages(engine).splitlines()[1:]
    names = (line.strip() for line in lines)
    return tuple(sorted(n for n in names if _LANGUAGE_NAME.fullmatch(n) and n not in NOT_LANGUAGES))


def tessdata_folder(engine: Engine) -> Path:
    """Return the folder that tesseract takes its languages from; raise OSError without it."""
    head = _languages(engine).partition("\n")[0]
    named = _NAMED.search(head)
    if named is None:
        raise FileNotFoundError("tesseract does not say where its languages are")
    return Path(named[1])


def versions(engine: Engine) -> dict[str, str]:
    """Return the versions of ``tesseract`` and ``poppler``; raise OSError where one is missing."""
    outputs = {
        "tesseract": _output(engine, [engine.tesseract, "--version"]),
        "poppler": _output(engine, [programs.poppler(engine.poppler, "pdftoppm"), "-v"]),
    }
    return {name: output.partition("\n")[0].split()[-1] for name, output in outputs.items()}


def missing(engine: Engine) -> tuple[str, ...]:
    """Return the programs that cannot be found."""
    names = [engine.tesseract, *(programs.poppler(engine.poppler, name) for name in _POPPLER)]
    return tuple(name for name in names if shutil.which(name) is None)


def _languages(engine: Engine) -> str:
    return _listed(shutil.which(engine.tesseract) or engine.tesseract, engine.tessdata)


def look_again() -> None:
    """Forget which languages there are: some were installed, or removed."""
    _listed.cache_clear()


@cache  # it is asked twice for each function
def _listed(tesseract: str, tessdata: Path | None) -> str:
    engine = Engine(tesseract=tesseract, tessdata=tessdata)
    return _output(engine, [tesseract, "--list-langs"])


def _output(engine: Engine, command: list[str]) -> str:
    """Return what a program says of itself: poppler and old versions of tesseract as a complaint.

    Raises OSError where it is missing or says nothing in time.
    """
    done = programs.run(command, environment=environment(engine), seconds=_MAXIMUM_SECONDS)
    return done.printed or done.complaint
