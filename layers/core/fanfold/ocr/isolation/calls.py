"""What a process that opens documents cannot ask the kernel for: sockets and other ways out. Linux.

Reading a page takes none of these calls, whichever program does it: so they are refused to the
zygote, its children and all that those start, for good. Landlock and namespaces know files, TCP and
a network of one's own; this is for what goes past them.
"""

from __future__ import annotations

import ctypes
import errno
import os
import sys
from typing import NamedTuple

_SET_SECCOMP, _FILTER = 22, 2
"""Of prctl(2)."""
_NUMBER, _ARCHITECTURE = 0, 4
"""Where a filter finds these in struct seccomp_data."""
_LOAD, _EQUAL, _AT_LEAST, _RETURN = 0x20, 0x15, 0x35, 0x06
"""Of classic BPF: a word into the accumulator, compare it and jump, and the verdict."""
_GRANTED, _NO_ACCESS = 0x7FFF0000, 0x00050000 | errno.EACCES
_OTHER_ABI = 0x40000000
"""From which on x86_64 counts calls anew (x32)."""


class _Processor(NamedTuple):
    """What the kernel calls a processor, and the numbers of calls there (its unistd.h)."""

    name: int
    calls: tuple[int, ...]


_PROCESSORS = {
    # socket; shmget, semget, msgget, mq_open; add_key, request_key, keyctl; ptrace,
    # process_vm_readv, process_vm_writev, pidfd_getfd; open_by_handle_at; io_uring_setup
    "x86_64": _Processor(
        0xC000003E, (41, 29, 64, 68, 240, 248, 249, 250, 101, 310, 311, 438, 304, 425)
    ),
    "aarch64": _Processor(
        0xC00000B7, (198, 194, 190, 186, 180, 217, 218, 219, 117, 270, 271, 438, 265, 425)
    ),
}


class _Step(ctypes.Structure):
    _fields_ = (
        ("code", ctypes.c_uint16), ("yes", ctypes.c_uint8), ("no", ctypes.c_uint8),
        ("value", ctypes.c_uint32),
    )  # fmt: skip


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_uint16), ("steps", ctypes.POINTER(_Step)))


def refuse_ways_out() -> None:
    """Refuse these calls to this process, without privileges, and to those that it starts.

    Nothing happens where the kernel has no filters, or on a processor whose numbers are not known.
    """
    processor = _PROCESSORS.get(os.uname().machine) if sys.platform == "linux" else None
    if processor is None:
        return
    steps = _steps(processor)
    program = _Program(len(steps), (_Step * len(steps))(*steps))
    ctypes.CDLL(None).prctl(_SET_SECCOMP, _FILTER, ctypes.byref(program), 0, 0)


def _steps(processor: _Processor) -> list[_Step]:
    """Return the filter: another processor's calls are refused as a whole, as is another ABI."""
    calls = processor.calls
    compared = [_Step(_EQUAL, len(calls) - n, 0, call) for n, call in enumerate(calls)]
    return [
        _Step(_LOAD, 0, 0, _ARCHITECTURE),
        _Step(_EQUAL, 0, len(calls) + 3, processor.name),
        _Step(_LOAD, 0, 0, _NUMBER),
        _Step(_AT_LEAST, len(calls) + 1, 0, _OTHER_ABI),
        *compared,
        _Step(_RETURN, 0, 0, _GRANTED),
        _Step(_RETURN, 0, 0, _NO_ACCESS),
    ]
