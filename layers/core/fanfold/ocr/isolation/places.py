"""Where on this machine lies what a child needs to read a document: programs, libraries, data."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import fanfold
from fanfold.settings import Engine

_SYSTEM = (
    "/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/opt", "/nix/store", "/gnu/store",
    "/home/linuxbrew/.linuxbrew", "/var/lang", "/var/runtime", "/var/cache/fontconfig",
    "/etc/alternatives", "/etc/fonts", "/etc/ld.so.cache", "/etc/ld.so.conf", "/etc/ld.so.conf.d",
    "/etc/localtime", "/etc/papersize", "/dev/random", "/dev/urandom", "/dev/zero",
    "/proc/cpuinfo", "/proc/meminfo", "/proc/sys/vm/overcommit_memory", "/sys/devices/system/cpu",
)  # fmt: skip
_BESIDE_PROGRAMS = ("etc", "lib", "lib64", "libexec", "share", "tessdata")
"""Folders beside ``bin`` with what its programs need."""
_SEARCH_VARIABLES = ("LD_LIBRARY_PATH", "FONTCONFIG_FILE", "FONTCONFIG_PATH")


def of_modules() -> tuple[str, ...]:
    """Return the folders that modules come from; ours may be known to a hook of imports only."""
    ours = str(Path(fanfold.__file__).parent.parent)
    return tuple(dict.fromkeys(str(Path(place).resolve()) for place in (*sys.path, ours)))


@cache
def of_engine(engine: Engine) -> tuple[Path, ...]:
    """Return all that a child may read beside its document; what is not there does no harm."""
    python = (sys.prefix, sys.base_prefix, sys.exec_prefix)
    found = (*_SYSTEM, *python, *of_modules(), *_of_programs(engine))
    return tuple(Path(place) for place in dict.fromkeys(found))


def _of_programs(engine: Engine) -> Iterator[str]:
    for name in _SEARCH_VARIABLES:
        yield from filter(None, os.environ.get(name, "").split(os.pathsep))
    for data in (engine.tessdata, engine.library and Path(engine.library)):
        if data:
            yield str(data)
    tesseract = shutil.which(engine.tesseract)
    folders = [Path(tesseract).parent] if tesseract else []
    folders += [engine.poppler] if engine.poppler else []
    for folder in {each for bin_ in folders for each in (bin_, bin_.resolve())}:
        yield str(folder)
        if folder.name == "bin":
            yield from (str(folder.parent / name) for name in _BESIDE_PROGRAMS)
