"""`sam local invoke`: one function, one event, in a container of its own."""

from __future__ import annotations

import json
import os
import re
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from infra import ROOT

_MAXIMUM_SECONDS = 600.0
"""Maximum of seconds for an image to be built and a function to run into its timeout."""
_DURATION = re.compile(r"\bREPORT RequestId: .*?(?<!Init )(?<!Billed )Duration: ([\d.]+) ms")


class NoAnswer(Exception):
    """SAM ended without an answer of the function; the text is what it said at last."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a function answered, and for how long it ran (None if nothing says so)."""

    answer: Any
    milliseconds: float | None


@dataclass(frozen=True, slots=True)
class Sam:
    """SAM's command line for one built template.

    ``variables``: environment by function; ``host``: the AWS that SAM itself asks;
    ``options`` go to every call; ``folder`` holds temporary files.
    """

    template: Path
    variables: Mapping[str, Mapping[str, str]]
    host: str
    region: str
    options: Sequence[str]
    folder: Path

    def invoke(self, function: str, event: Mapping[str, Any]) -> Outcome:
        """Invoke a function; raise NoAnswer."""
        event_file, variables = self.folder / "event.json", self.folder / "variables.json"
        event_file.write_text(json.dumps(event), encoding="utf-8")
        variables.write_text(json.dumps(self.variables), encoding="utf-8")
        try:
            done = subprocess.run(
                self.command(function, event_file, variables),
                env=self._environment(),
                capture_output=True,
                text=True,
                check=False,
                timeout=_MAXIMUM_SECONDS,
            )
        except subprocess.TimeoutExpired:
            raise NoAnswer(f"SAM is not done after {_MAXIMUM_SECONDS} s.") from None
        return outcome(done.stdout, done.stderr)

    def command(self, function: str, event: Path, variables: Path) -> list[str]:
        """Return the command that invokes a function."""
        return [
            *(str(ROOT / "scripts/sam.sh"), "local", "invoke", function),
            *("--template", str(self.template), "--event", str(event)),
            *("--env-vars", str(variables), "--region", self.region, "--skip-pull-image"),
            *self.options,
        ]

    @property
    def surroundings(self) -> dict[str, str]:
        """What SAM is told of AWS, in place of the user's own configuration."""
        return {
            "AWS_ACCESS_KEY_ID": "local",
            "AWS_SECRET_ACCESS_KEY": "local",
            "AWS_CONFIG_FILE": os.devnull,
            "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
            "AWS_EC2_METADATA_DISABLED": "true",
            "AWS_ENDPOINT_URL": self.host,
        }

    def _environment(self) -> dict[str, str]:
        """Nothing of the user's own AWS configuration reaches SAM or, through it, a function."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
        return {
            **kept,
            **self.surroundings,
            # A build of an image that was interrupted leaves a lock there, and the next one waits.
            "TMPDIR": str(self.folder),
        }


def outcome(output: str, log: str) -> Outcome:
    """Read what SAM printed: the answer is the last line of its output, all else is a log."""
    lines = output.strip().splitlines()
    try:
        answer = json.loads(lines[-1])
    except (IndexError, ValueError):
        raise NoAnswer(log.strip()) from None
    durations = _DURATION.findall(log)
    return Outcome(answer, float(durations[-1]) if durations else None)
