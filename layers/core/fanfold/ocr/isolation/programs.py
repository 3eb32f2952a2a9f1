"""Run poppler's small programs and read what they print. Only in the child."""

from __future__ import annotations

import subprocess
from typing import NamedTuple

from fanfold.errors import PageError
from fanfold.ocr.isolation import verdict


class Done(NamedTuple):
    """How a program ended: its status as in ``subprocess``, what it printed and complained of."""

    status: int
    printed: str
    complaint: str


def run(command: list[str]) -> Done:
    """Run ``command`` to its end. Time is limited by the sandbox."""
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, check=False)
    printed, complaint = (said.decode("utf-8", "replace") for said in (done.stdout, done.stderr))
    return Done(done.returncode, printed, complaint)


def output(command: list[str], crash: type[PageError]) -> str:
    """Return what ``command`` prints; raise the PageError that its end means.

    poppler goes on after most errors in a file and exits with 0, so a status counts and a
    complaint does not.
    """
    done = run(command)
    if done.status:
        raise verdict.of_program(done.status, done.complaint, crash)
    return done.printed
