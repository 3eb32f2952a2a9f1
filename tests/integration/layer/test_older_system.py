"""On a system whose C library and shell are older than Amazon Linux 2023's (2.34)."""

from __future__ import annotations

import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from tests.data.samples import SAMPLES
from tests.integration.layer import room

MIRROR = Path(__file__).parents[3] / "layers" / "ocr" / "mirror.sh"
APT_HELPER = "/usr/lib/apt/apt-helper"
LIBRARIES = "/lib/x86_64-linux-gnu"
BULLSEYE = {  # path in the archive: SHA-256
    "pool/main/g/glibc/libc6_2.31-13+deb11u11_amd64.deb": (
        "05f7264da867b37f4c5ce49266b558ea1e81e05a9464f623152fca70f3550282"
    ),
    "pool/main/d/dash/dash_0.5.11+git20200708+dd9ef66-5_amd64.deb": (
        "0a4cc532fbf2c78cb4090a659fb73560981e626849532e6186f3a3ac6a45b3bc"
    ),
}


@pytest.fixture(scope="module")
def bullseye(tmp_path_factory: pytest.TempPathFactory) -> room.Room:
    """Return a room with Debian 11's shell and C library in their usual places."""
    if not Path(APT_HELPER).exists():
        pytest.skip("Debian 11 is fetched with apt-get, which is not here")
    bare = room.build("x86_64", tmp_path_factory.mktemp("room"))
    system = tmp_path_factory.mktemp("bullseye")
    mirror = subprocess.run(["sh", MIRROR, "main"], capture_output=True, text=True, check=True)
    for path, sum_ in BULLSEYE.items():
        url, package = f"{mirror.stdout.strip()}/{path}", system / Path(path).name
        command = [APT_HELPER, "-o", "APT::Sandbox::User=", "download-file", url, package]
        fetched = subprocess.run([*command, f"SHA256:{sum_}"], capture_output=True, check=False)
        if fetched.returncode:
            pytest.skip(
                "the mirror of this machine has no Debian 11 to try an older C library with"
            )
        subprocess.run(["dpkg-deb", "--extract", package, system], check=True)
    places = {
        "/bin/sh": system / "bin" / "dash",
        LIBRARIES: system / "lib" / "x86_64-linux-gnu",
        "/lib64": system / "lib64",
    }
    binds = [part for to, what in places.items() for part in ("--ro-bind", str(what), to)]
    return replace(bare, binds=(*bare.binds[3:], *binds), library_path=LIBRARIES)


def test_a_scanned_page_is_read(bullseye: room.Room, samples: Path) -> None:
    shutil.copy(samples / "fax.pdf", bullseye.folder)
    drawn = ["-r", "150", "-gray", "-singlefile"]
    bullseye.output("/opt/ocr/bin/pdftoppm", *drawn, "fax.pdf", "fax")

    text = bullseye.output("/opt/ocr/bin/tesseract", "fax.pgm", "-", "--dpi", "150", "quiet")

    words = SAMPLES["fax.pdf"].words
    assert len(set(text.split()) & set(words)) > 0.9 * len(set(words))


def test_the_systems_own_library_is_too_old_for_the_layer(bullseye: room.Room) -> None:
    """What the layer would end with if it did not bring its own."""
    loader = f"{LIBRARIES}/ld-2.31.so"
    libraries = f"{LIBRARIES}:/opt/ocr/lib"
    done = bullseye.run(loader, "--library-path", libraries, "/opt/ocr/libexec/pdftotext", "-v")
    assert b"GLIBC_2.3" in done.stderr
