"""What a process that opens documents cannot do any more, whoever has taken it over. On Linux.

The zygote gives up privileges and the network for all of its children; each child is shut in with
what its own job reads and writes. Whatever the kernel, the container or the user's rights do not
give is left out: ``held`` tries what holds, and `fanfold doctor` tells.
"""

from __future__ import annotations

import ctypes
import errno
import os
import socket
import sys
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

_SET_DUMPABLE, _DROP_BOUND, _SET_SUBREAPER, _SET_NO_NEW_PRIVS, _GET_NO_NEW_PRIVS = 4, 24, 36, 38, 39
"""Of prctl(2)."""
_MAY_READ_ALL = 2
"""CAP_DAC_READ_SEARCH: root keeps it, for its programs may lie in somebody else's folder."""
_CAPABILITIES = range(64)
_CAPSET = {"x86_64": 126, "aarch64": 91}
_CAPABILITY_VERSION = 0x20080522
_NEW_USER, _NEW_NET = 0x10000000, 0x40000000
"""Of unshare(2)."""

_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446
"""Landlock's system calls, the same on all processors (landlock(7))."""
_READ = 1 << 0 | 1 << 2 | 1 << 3  # execute, read a file, list a folder
_OF_FILES = 1 << 0 | 1 << 1 | 1 << 2 | 1 << 14 | 1 << 15  # all that a file's own rule may name
_DEVICES = 1 << 6 | 1 << 11  # make devices: nobody may
_TCP = 0b11
_NETWORK_RIGHTS = 0b11  # abstract sockets and signals
_BY_ABI = {1: 1 << 13, 2: 1 << 14, 3: 1 << 15, 5: 1 << 16}
"""Which kinds of access to files are known from a version on: all bits below."""
_TCP_ABI, _OUTWARD_ABI = 4, 6

_NOWHERE = "203.0.113.1"
"""An address of RFC 5737 that nobody has."""


class _Ruleset(ctypes.Structure):
    _fields_ = (
        ("files", ctypes.c_uint64), ("network", ctypes.c_uint64), ("scoped", ctypes.c_uint64),
    )  # fmt: skip


class _Beneath(ctypes.Structure):
    _pack_ = 1
    _fields_ = (("allowed", ctypes.c_uint64), ("place", ctypes.c_int32))


def hide_environment() -> None:
    """Keep processes of our own user from reading /proc/<us>/environ, where credentials are."""
    if sys.platform == "linux":
        _prctl(_SET_DUMPABLE, 0)


def adopt_strays() -> None:
    """Become the parent of whatever loses its own below us; only Linux knows that."""
    if sys.platform == "linux":
        _prctl(_SET_SUBREAPER, 1)


def give_up_privileges() -> None:
    """Keep no right above the user's own, and gain none: not by any program that is started.

    Root without capabilities owns its files still, but cannot look into processes that have them.
    """
    if sys.platform != "linux":
        return
    if os.geteuid() == 0:
        for capability in _CAPABILITIES:
            if capability != _MAY_READ_ALL:
                _prctl(_DROP_BOUND, capability)
        _keep_capabilities(1 << _MAY_READ_ALL)
    _prctl(_SET_NO_NEW_PRIVS, 1)


def leave_network() -> None:
    """Go into a network of our own with nobody in it, where that may be done."""
    if sys.platform != "linux":
        return
    root, uid, gid = os.geteuid() == 0, os.getuid(), os.getgid()
    if _libc().unshare(_NEW_NET if root else _NEW_USER | _NEW_NET) == 0 and not root:
        with suppress(OSError):  # then we are nobody in our own eyes, and ourselves in others'
            Path("/proc/self/uid_map").write_text(f"{uid} {uid} 1")
            Path("/proc/self/setgroups").write_text("deny")
            Path("/proc/self/gid_map").write_text(f"{gid} {gid} 1")


def shut_in(reads: Iterable[str], writes: Iterable[str]) -> None:
    """Leave this process these files and folders and no others, no TCP and nobody to signal.

    Where the kernel has no Landlock nothing happens; raises OSError where it has and refuses.
    """
    if (abi := _landlock(_CREATE_RULESET, None, 0, 1)) < 1:
        return
    files = next(
        (bits - 1 for known, bits in sorted(_BY_ABI.items(), reverse=True) if abi >= known), 0
    )
    rules = _Ruleset(
        files, _TCP if abi >= _TCP_ABI else 0, _NETWORK_RIGHTS if abi >= _OUTWARD_ABI else 0
    )
    size = 8 * (1 + (abi >= _TCP_ABI) + (abi >= _OUTWARD_ABI))
    ruleset = _checked(_landlock(_CREATE_RULESET, ctypes.byref(rules), size, 0))
    try:
        for allowed, places in ((_READ, reads), (files & ~_DEVICES, writes)):
            for place in places:
                _allow(ruleset, place, allowed & files)
        _checked(_landlock(_RESTRICT_SELF, ruleset, 0))
    finally:
        os.close(ruleset)


def _allow(ruleset: int, place: str, allowed: int) -> None:
    try:
        descriptor = os.open(place, os.O_PATH | os.O_CLOEXEC)
    except OSError:  # not on this machine
        return
    try:
        if not Path(place).is_dir():
            allowed &= _OF_FILES
        rule = _Beneath(allowed, descriptor)
        _checked(_landlock(_ADD_RULE, ruleset, 1, ctypes.byref(rule), 0))
    finally:
        os.close(descriptor)


def held(parent: int) -> dict[str, bool]:
    """Try, in a child, what it must not be able to do; return which walls hold.

    ``parent`` is a process whose environment is nobody's business.
    """
    return {
        "no new privileges": _prctl(_GET_NO_NEW_PRIVS) == 1,
        "no environment of its parents": _fails(
            lambda: Path(f"/proc/{parent}/environ").read_bytes()
        ),
        "no other files": _fails(lambda: next(Path("/").iterdir())),
        "no TCP": _fails(lambda: _connect(socket.SOCK_STREAM, "127.0.0.1"), errno.ECONNREFUSED),
        "no network": _fails(lambda: _connect(socket.SOCK_DGRAM, _NOWHERE)),
        "no sockets": _fails(lambda: socket.socket(socket.AF_UNIX).close()),
    }


def _fails(attempt: object, *but: int) -> bool:
    try:
        attempt()  # type: ignore[operator]
    except OSError as error:
        return error.errno not in but
    return False


def _connect(kind: int, address: str) -> None:
    with socket.socket(socket.AF_INET, kind) as probe:
        probe.settimeout(1)
        probe.connect((address, 9))


def _keep_capabilities(kept: int) -> None:
    number = _CAPSET.get(os.uname().machine)
    if number is None:
        return
    header = (ctypes.c_uint32 * 2)(_CAPABILITY_VERSION, 0)
    data = (ctypes.c_uint32 * 6)(kept, kept, 0, 0, 0, 0)  # effective, permitted, inheritable; twice
    _libc().syscall(number, header, data)


def _landlock(number: int, *arguments: object) -> int:
    if sys.platform != "linux":
        return -1
    return int(_libc().syscall(number, *arguments))


def _prctl(option: int, value: int = 0) -> int:
    return int(_libc().prctl(option, value, 0, 0, 0))


def _checked(result: int) -> int:
    if result < 0:
        raise OSError(ctypes.get_errno(), "the child cannot be shut in")
    return result


def _libc() -> ctypes.CDLL:
    return ctypes.CDLL(None, use_errno=True)
