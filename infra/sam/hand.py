"""One call after the other, for somebody who runs them by hand: python -m infra.sam --by-hand.

For each function it writes the event, and a script that gives it the way to the embedded AWS.
"""

from __future__ import annotations

import json
import shlex
from collections.abc import Iterable, Mapping
from pathlib import Path

from infra import ROOT
from infra.sam.flow import Call
from infra.sam.invoke import Sam

FOLDER = ROOT / "build/sam"

_SCRIPT = """#!/bin/sh
# {path} FUNCTION EVENT: one function as SAM runs it, against the embedded AWS that wrote this.
{environment}
export TMPDIR={temporary}
function=$1 event=$2
shift 2
exec {command} "$@"
"""


def steps(sam: Sam, calls: Iterable[Call], folder: Path = FOLDER) -> None:
    """Write each call's event and say how to run it, until Enter says that it has run."""
    script = write(sam, folder)
    for number, call in enumerate(calls, start=1):
        event = folder / f"{call.event}.json"
        event.write_text(json.dumps(call.payload, indent=2), encoding="utf-8")
        print(f"\n{number}. {shown(script)} {call.function} {shown(event)}")
        input("   Enter when it has run ")


def write(sam: Sam, folder: Path) -> Path:
    """Write the variables of all functions and the script that calls one; return the script."""
    folder.mkdir(parents=True, exist_ok=True)
    variables, script = folder / "variables.json", folder / "invoke"
    variables.write_text(json.dumps(sam.variables, indent=2), encoding="utf-8")
    # The shell's own words stay as they are: they stand for what it is called with.
    words = sam.command('"$function"', Path('"$event"'), variables)
    command = " ".join(word if word.startswith('"$') else shlex.quote(word) for word in words)
    text = _SCRIPT.format(
        path=shown(script),
        environment=_exports(sam.surroundings),
        temporary=shlex.quote(str(sam.folder)),
        command=command,
    )
    script.write_text(text, encoding="utf-8")
    script.chmod(0o755)
    return script


def shown(path: Path) -> str:
    """Return a path as somebody in the checkout types it."""
    return str(path.relative_to(ROOT)) if path.is_relative_to(ROOT) else str(path)


def _exports(variables: Mapping[str, str]) -> str:
    return "\n".join(f"export {name}={shlex.quote(value)}" for name, value in variables.items())
