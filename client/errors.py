"""Why a call of the service has no answer, and the exit code that a program ends with then.

CliError                    exits 1
├── Usage                   exits 2   the call cannot be carried out as it was written
├── Refused                 exits 2   the service understood the request and said no
├── Unreachable             exits 5   there is no service, or it does not work
├── Unwritable              exits 6   a result cannot be written
├── Interrupted             exits 130 somebody pressed Ctrl-C
└── ClosedPipe              exits 141 nobody reads the output any more
"""

from __future__ import annotations

from enum import IntEnum
from typing import ClassVar


class Exit(IntEnum):
    """Exit codes; of several documents the highest one counts."""

    OK = 0
    UNEXPECTED = 1
    USAGE = 2
    PARTIAL = 3
    FAILED = 4
    UNREACHABLE = 5
    UNWRITABLE = 6
    NOTHING_FOUND = 7
    INTERRUPTED = 130
    CLOSED_PIPE = 141


class CliError(Exception):
    """An end with one line for people and no traceback."""

    exit: ClassVar[Exit] = Exit.UNEXPECTED


class Usage(CliError):
    """The call cannot be carried out as it was written."""

    exit = Exit.USAGE


class Refused(CliError):
    """The service answered with a typed error; ``code`` and ``retryable`` as it said them."""

    exit = Exit.USAGE

    def __init__(self, code: str, message: str, *, retryable: bool = False) -> None:
        super().__init__(message)
        self.code = code
        self.retryable = retryable


class Unreachable(CliError):
    """The service does not answer, may not be used, or cannot be started."""

    exit = Exit.UNREACHABLE


class Unwritable(CliError):
    """A result cannot be written where it should go."""

    exit = Exit.UNWRITABLE


class Interrupted(CliError):
    """Somebody pressed Ctrl-C; says what is left undone."""

    exit = Exit.INTERRUPTED


class ClosedPipe(CliError):
    """Nobody reads standard output any more, which `head` does on purpose: nothing is said."""

    exit = Exit.CLOSED_PIPE
