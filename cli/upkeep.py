"""What is done with a data folder besides serving from it."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

from cli import tools
from client.errors import Exit, Unreachable
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
