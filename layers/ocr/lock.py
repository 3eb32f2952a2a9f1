"""Pin the Debian packages of the OCR layer: versions, SHA-256 sums and the libraries taken.

    python3 lock.py x86_64 arm64

Writes packages.<architecture>.lock, for which build.sh needs nothing but downloads, and
tesseract.lock, the sources that tesseract.sh compiles. The packages
come from the suite named here and its security updates, through a private apt state whose indices
apt verifies with Debian's archive keyring; root is not needed. Needs apt, dpkg and readelf.

A line of the lock: name, version, SHA-256, bytes, path in the archive, and the shared libraries
taken from the package, by soname (``-`` for none).
"""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from email.parser import HeaderParser
from pathlib import Path

SUITE = "trixie"
PROGRAMS = ("tesseract-ocr", "poppler-utils")
DATA = (
    "base-files",  # the texts of common licences
    "fonts-dejavu-core",
    "fonts-droid-fallback",
    "fonts-liberation",
    "fonts-nanum",
    "poppler-data",
)
SOURCES = ("tesseract", "leptonlib")
BINARIES = ("tesseract", "pdfimages", "pdfinfo", "pdftoppm", "pdftotext")
DEBIAN_ARCHITECTURE = {"x86_64": "amd64", "arm64": "arm64"}
KEYRING = Path("/usr/share/keyrings/debian-archive-keyring.gpg")

_HERE = Path(__file__).parent
_LANGUAGE = re.compile(r"tesseract-ocr-(?!all$|script-)\S+")
_NEEDED = re.compile(r"\(NEEDED\).*\[(?P<soname>[^]]+)\]")
_TARBALL = re.compile(r"(?P<sha256>[0-9a-f]{64}) (?P<size>\d+) (?P<file>\S+\.orig\.tar\.\w+)$")
_SONAME_FILE = re.compile(r"(lib.+|ld-linux.*)\.so(\.\d+)*")


@dataclass(frozen=True, slots=True)
class Package:
    """One line of the lock, without its libraries."""

    name: str
    version: str
    sha256: str
    size: str
    path: str


@dataclass(frozen=True, slots=True)
class Library:
    """A shared library and the package that it comes from."""

    package: str
    file: Path


class Apt:
    """An apt of our own: another suite and architecture than the host's, nothing installed."""

    def __init__(self, folder: Path, architecture: str) -> None:
        self.folder = folder
        for name in ("lists/partial", "archives/partial", "downloads", "unpacked"):
            (folder / name).mkdir(parents=True)
        (folder / "status").touch()
        (folder / "sources.list").write_text(_sources())
        options = {
            "APT::Architecture": architecture,
            "APT::Architectures": architecture,
            "APT::Sandbox::User": "",
            "Acquire::Languages": "none",
            "Dir::State": folder,
            "Dir::State::status": folder / "status",
            "Dir::Cache": folder,
            "Dir::Etc::sourcelist": folder / "sources.list",
            "Dir::Etc::sourceparts": "/dev/null",
        }
        self._options = [
            part for key, value in options.items() for part in ("-o", f"{key}={value}")
        ]

    def get(self, *arguments: str) -> str:
        """Run apt-get in the folder of downloads and return what it prints."""
        return _output(["apt-get", *self._options, *arguments], self.folder / "downloads")

    def closure(self, names: Iterable[str]) -> tuple[str, ...]:
        """Return the packages that installing ``names`` into an empty system would install."""
        plan = self.get("-s", "-q", "--no-install-recommends", "install", *names)
        return tuple(line.split()[1] for line in plan.splitlines() if line.startswith("Inst "))

    def languages(self) -> tuple[str, ...]:
        """Return the packages of tesseract's languages."""
        names = _output(["apt-cache", *self._options, "pkgnames", "tesseract-ocr-"])
        return tuple(sorted(filter(_LANGUAGE.fullmatch, names.split())))

    def packages(self, names: Iterable[str]) -> Iterator[Package]:
        """Look the newest version of each package up."""
        command = ["apt-cache", *self._options, "show", "--no-all-versions", *names]
        for paragraph in _output(command).strip().split("\n\n"):
            entry = HeaderParser().parsestr(paragraph)
            keys = ("Package", "Version", "SHA256", "Size", "Filename")
            yield Package(*(entry[key] for key in keys))

    def source(self, name: str) -> Package:
        """Look the upstream tarball of a source package up."""
        shown = _output(["apt-cache", *self._options, "showsrc", "--only-source", name])
        entry = HeaderParser().parsestr(shown.strip().split("\n\n")[-1].lstrip())
        for line in entry["Checksums-Sha256"].split("\n"):
            if match := _TARBALL.search(line):
                path = f"{entry['Directory']}/{match['file']}"
                return Package(name, entry["Version"], match["sha256"], match["size"], path)
        raise LookupError(name)

    def unpack(self, names: Iterable[str]) -> dict[str, Path]:
        """Download and unpack packages; return the folder of each by its name."""
        self.get("-q", "download", *names)
        folders = {}
        for archive in sorted((self.folder / "downloads").glob("*.deb")):
            name = archive.name.partition("_")[0]
            folders[name] = self.folder / "unpacked" / name
            _output(["dpkg-deb", "--extract", str(archive), str(folders[name])])
        return folders


def main() -> None:
    """Write the locks of each architecture named on the command line."""
    for architecture in sys.argv[1:] or DEBIAN_ARCHITECTURE:
        with tempfile.TemporaryDirectory() as folder:
            apt = Apt(Path(folder), DEBIAN_ARCHITECTURE[architecture])
            apt.get("-q", "update")
            _write(f"packages.{architecture}.lock", layer(apt))
            _write("tesseract.lock", compiled(apt))


def compiled(apt: Apt) -> Iterator[str]:
    """Yield the lines of what our own tesseract is made of."""
    for each in map(apt.source, SOURCES):
        yield _line(each, [])


def layer(apt: Apt) -> Iterator[str]:
    """Yield the lines of what the layer is made of."""
    unpacked = apt.unpack(apt.closure((*PROGRAMS, *DATA)))
    binaries = [_find(unpacked.values(), f"usr/bin/{name}") for name in BINARIES]
    taken: dict[str, list[str]] = {}
    for soname, library in closure(binaries, libraries(unpacked)).items():
        taken.setdefault(library.package, []).append(soname)
    names = {*PROGRAMS, *DATA, *apt.languages(), *taken}
    names |= {package for name in taken for package in _licence(name, unpacked[name])}
    for each in apt.packages(sorted(names)):
        yield _line(each, taken.get(each.name, []))


def libraries(unpacked: dict[str, Path]) -> dict[str, Library]:
    """Return every shared library of the unpacked packages by its file name."""
    return {
        file.name: Library(package, file)
        for package, folder in unpacked.items()
        for file in folder.glob("**/lib/*-linux-gnu/*.so*")
        if _SONAME_FILE.fullmatch(file.name)
    }


def closure(programs: Iterable[Path], known: dict[str, Library]) -> dict[str, Library]:
    """Return the libraries that ``programs`` need, and those that these need, by soname."""
    found: dict[str, Library] = {}
    waiting = list(programs)
    while waiting:
        for soname in _needed(waiting.pop()):
            if soname not in found:
                found[soname] = known[soname]
                waiting.append(known[soname].file)
    return found


def _line(each: Package, sonames: list[str]) -> str:
    taken = ",".join(sorted(sonames)) or "-"
    return " ".join((each.name, each.version, each.sha256, each.size, each.path, taken))


def _write(name: str, lines: Iterable[str]) -> None:
    text = "".join(f"{line}\n" for line in sorted(lines))
    (_HERE / name).write_text(text)
    sys.stderr.write(f"{name}: {text.count(chr(10))} lines\n")


def _needed(file: Path) -> list[str]:
    return _NEEDED.findall(_output(["readelf", "--dynamic", str(file.resolve())]))


def _licence(name: str, folder: Path) -> list[str]:
    """Return the package whose licence is that of ``name`` too, if there is one."""
    documents = folder / "usr/share/doc" / name
    return [documents.readlink().name] if documents.is_symlink() else []


def _find(folders: Iterable[Path], path: str) -> Path:
    return next(folder / path for folder in folders if (folder / path).exists())


def _sources() -> str:
    key = f"[signed-by={KEYRING}] " if KEYRING.exists() else ""
    archives = (("main", SUITE), ("security", f"{SUITE}-security"))
    return "".join(
        f"{kind} {key}{_mirror(archive)} {suite} main\n"
        for archive, suite in archives
        for kind in ("deb", "deb-src")
    )


def _mirror(archive: str) -> str:
    return _output(["sh", str(_HERE / "mirror.sh"), archive]).strip()


def _output(command: list[str], folder: Path | None = None) -> str:
    return subprocess.run(command, cwd=folder, stdout=subprocess.PIPE, text=True, check=True).stdout


if __name__ == "__main__":
    main()
