"""A root file system that holds a layer, a static shell and nothing else."""

from __future__ import annotations

import platform
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest

LAYERS = Path(__file__).parents[3] / "build" / "layers"
SECONDS = 120
_POISON = "libc.so.6 libm.so.6 libpoppler.so.147 libstdc++.so.6 libleptonica.so.6 libtesseract.so.5"
_EMULATED = '#!/bin/sh\nexec /emulator /loader "$@"\n'


@dataclass(frozen=True, slots=True)
class Room:
    """Where the programs of one layer run; ``folder`` appears as /work inside."""

    layer: Path
    folder: Path
    binds: tuple[str, ...]
    library_path: str = "/foreign"

    def run(self, *command: str) -> subprocess.CompletedProcess[bytes]:
        """Run a command of the layer, with LD_LIBRARY_PATH full of foreign libraries."""
        empty = ["--unshare-all", "--die-with-parent", "--clearenv", "--tmpfs", "/"]
        empty += ["--dev", "/dev", "--bind", str(self.folder), "/work", "--chdir", "/work"]
        foreign = ["--setenv", "LD_LIBRARY_PATH", self.library_path]
        return subprocess.run(
            ["bwrap", *empty, *self.binds, *foreign, *command],
            capture_output=True,
            timeout=SECONDS,
            check=False,
        )

    def output(self, *command: str) -> str:
        """Run a command that has to succeed without a complaint, and return what it prints."""
        done = self.run(*command)
        assert (done.returncode, done.stderr.decode()) == (0, "")
        return done.stdout.decode()


def build(architecture: str, folder: Path) -> Room:
    """Make the room of a layer in ``folder``, or skip where something is not installed."""
    layer = LAYERS / architecture / "ocr"
    if not layer.exists():
        pytest.skip(f"no layer built: make layer ARCH={architecture}")
    for name in ("work", "foreign"):
        (folder / name).mkdir()
    for name in _POISON.split():
        (folder / "foreign" / name).write_text("not a library")
    binds = {
        "/bin/sh": _installed("busybox", "busybox-static"),
        "/opt/ocr": layer,
        "/foreign": folder / "foreign",
    }
    if platform.machine() != {"arm64": "aarch64"}.get(architecture, architecture):
        binds |= _emulation(layer, folder)
    _installed("bwrap", "bubblewrap")
    arguments = [part for to, what in binds.items() for part in ("--ro-bind", str(what), to)]
    return Room(layer, folder / "work", tuple(arguments))


def _emulation(layer: Path, folder: Path) -> dict[str, Path]:
    """Put qemu in front of the layer's loader, as the kernel would with binfmt_misc."""
    shim = folder / "ld.so"
    shim.write_text(_EMULATED)
    shim.chmod(0o755)
    loader = layer / "lib" / "ld.so"
    emulator = _installed("qemu-aarch64-static", "qemu-user-static")
    return {"/emulator": emulator, "/loader": loader, "/opt/ocr/lib/ld.so": shim}


def _installed(program: str, package: str) -> Path:
    found = shutil.which(program)
    if found is None:
        pytest.skip(f"{program} is not installed: apt-get install {package}")
    return Path(found)
