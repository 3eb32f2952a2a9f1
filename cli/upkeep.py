"""What is done with a data folder besides serving from it."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

from cli import tools
from client.errors import Exit, Unreachable, Usage
from infra.machine import data, upkeep


def doctor(folder: Path | None, *, as_json: bool) -> tuple[str, Exit]:
    """Return what this machine reads with and how its data are, and the exit code for it."""
    place, code = folder or data.default(), Exit.OK
    try:
        facts = tools.diagnosis(tools.find())
    except Unreachable as error:
        facts, code = {"engine": str(error)}, error.exit
    found = upkeep.check(place)
    if found.problems:
        code = Exit.UNEXPECTED
    if as_json:
        told = {**facts, "data": {"folder": str(place), **asdict(found)}}
        return json.dumps(told, ensure_ascii=False, indent=2), code
    facts["data"] = f"{place}: {described(found)}"
    lines = [f"{name:12}{fact}" for name, fact in facts.items()]
    return "\n".join([*lines, *(f"problem     {one}" for one in found.problems)]), code


def backup(target: Path, folder: Path | None) -> str:
    """Copy a data folder; return a line on what was copied; raise Usage."""
    try:
        upkeep.backup(folder or data.default(), target)
    except upkeep.Refused as error:
        raise Usage(str(error)) from error
    return f"{target}: {described(upkeep.check(target))}"


def restore(copy: Path, folder: Path | None) -> str:
    """Put a copy into a new data folder; return a line on what is there now; raise Usage."""
    place = folder or data.default()
    try:
        data.check_place(place)
        upkeep.restore(copy, place)
    except (upkeep.Refused, data.DataError) as error:
        raise Usage(str(error)) from error
    return f"{place}: {described(upkeep.check(place))}"


def described(found: upkeep.Checkup) -> str:
    """Return one line on what a data folder holds."""
    if found.problems:
        return f"{len(found.problems)} problems"
    if not found.format:
        return "nothing is there yet"
    left = f"; {found.leftovers} files of none (being written, or left by a crash)"
    return f"sound, format {found.format}, {found.documents} documents, {found.objects} objects" + (
        left if found.leftovers else ""
    )
