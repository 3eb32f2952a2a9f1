"""Run poppler's small programs and read what they print. Only in the child."""

from __future__ import annotations

import subprocess

from fanfold.errors import PageError
from fanfold.ocr import verdict


def output(command: list[str], crash: type[PageError]) -> str:
    """Return what ``command`` prints; raise the PageError that its end means.

    poppler goes on after most errors in a file and exits with 0, so a status counts and a
    complaint does not. Time is limited by the sandbox.
    """
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, check=False)
    if done.returncode:
        words = done.stderr.decode("utf-8", "replace")
        raise verdict.of_program(done.returncode, words, crash)
    return done.stdout.decode("utf-8", "replace")
