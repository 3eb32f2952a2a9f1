"""What others made of a thing that is shipped, found in what the build has put there.

A wheel tells by its metadata, Debian's packages by the list and the licences that stand in the
layer. Hashes are those of the locks, from which the build takes nothing else.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib.metadata import Distribution, distribution, distributions
from pathlib import Path

from packageurl import PackageURL
from packaging.requirements import Requirement

_PIN = re.compile(r"^(?P<name>[A-Za-z0-9][\w.-]*)==(?P<version>[^\s;\\]+)")
_HASH = re.compile(r"--hash=sha256:([0-9a-f]{64})")
_LICENCE = re.compile(r"^License:[ \t]*(\S.*)$", re.MULTILINE)
_BANNER = re.compile(r"/\*! (\S+) (\S+) \| (\S+)\n")
_FREE_TEXT = 60
"""Maximum of characters of a licence's name; what is longer is the licence itself."""
_DEBIAN = "trixie"
_MACHINES = {"x86_64": "amd64", "arm64": "arm64"}


class Unpinned(Exception):
    """Something lies in a package that no lock names."""


@dataclass(frozen=True, slots=True, order=True)
class Part:
    """A component; ``licence`` in its maker's words, ``sha256`` of the files it may come as."""

    name: str
    version: str
    purl: str
    licence: str
    sha256: tuple[str, ...]


def wheels(folder: Path, lock: Path) -> Iterator[Part]:
    """Yield the Python packages in a folder; raise Unpinned where a lock lacks one."""
    pins = pinned(lock)
    for found in distributions(path=[str(folder)]):
        name = _normal(found.name)
        if (name, found.version) not in pins:
            raise Unpinned(f"{found.name} {found.version} is not in {lock}.")
        yield of_python(name, found.version, _licence(found), pins[name, found.version])


def required(lock: Path) -> Iterator[Part]:
    """Yield what this package is installed with here, without extras; raise Unpinned."""
    pins = pinned(lock)
    for name, found in _closure("fanfold").items():
        if name == "fanfold":
            continue
        if (name, found.version) not in pins:
            raise Unpinned(f"{found.name} {found.version} is not in {lock}.")
        yield of_python(name, found.version, _licence(found), pins[name, found.version])


def _closure(root: str) -> Mapping[str, Distribution]:
    """Return the installed packages that a package needs, itself among them, by name."""
    found: dict[str, Distribution] = {}
    seen, todo = set[tuple[str, str]](), [(root, "")]
    while todo:
        name, extra = todo.pop()
        if (name, extra) in seen:
            continue
        seen.add((name, extra))
        found[name] = distribution(name)
        for needed in map(Requirement, found[name].requires or ()):
            if needed.marker is None or needed.marker.evaluate({"extra": extra}):
                todo += [(_normal(needed.name), one) for one in ("", *needed.extras)]
    return found


def of_python(name: str, version: str, licence: str, sha256: tuple[str, ...]) -> Part:
    """Return a Python package as a part."""
    return Part(name, version, PackageURL("pypi", None, name, version).to_string(), licence, sha256)


def scripts(folder: Path) -> Iterator[Part]:
    """Yield the libraries among a folder's scripts: such a file begins with who made it."""
    for path in sorted(folder.rglob("*.js")):
        found = _BANNER.match(path.read_text("utf-8"))
        if found:
            name, version, licence = found.groups()
            purl = PackageURL("npm", None, name, version).to_string()
            digest = hashlib.sha256(path.read_bytes()).hexdigest()
            yield Part(name, version, purl, licence, (digest,))


def debian(layer: Path, lock: Path, architecture: str) -> Iterator[Part]:
    """Yield Debian's packages in an OCR layer; raise Unpinned where a lock lacks one."""
    rows = [line.split() for line in lock.read_text("utf-8").splitlines() if line]
    pins = {(name, version): sha256 for name, version, sha256, *_ in rows}
    for line in (layer / "packages").read_text("utf-8").splitlines():
        name, version = line.split()
        if (name, version) not in pins:
            raise Unpinned(f"{name} {version} is not in {lock}.")
        place = {"arch": _MACHINES[architecture], "distro": _DEBIAN}
        purl = PackageURL("deb", "debian", name, version, place).to_string()
        told = (layer / "licences" / name).read_text("utf-8", "replace")
        licences = ", ".join(sorted(set(_LICENCE.findall(told)))) or f"see licences/{name}"
        yield Part(name, version, purl, licences, (pins[name, version],))


def pinned(lock: Path) -> Mapping[tuple[str, str], tuple[str, ...]]:
    """Return the hashes of a lock's packages by name and version."""
    found: dict[tuple[str, str], tuple[str, ...]] = {}
    for block in re.split(r"\n(?=\S)", lock.read_text("utf-8")):
        if pin := _PIN.match(block):
            found[_normal(pin["name"]), pin["version"]] = tuple(sorted(_HASH.findall(block)))
    return found


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def _licence(found: Distribution) -> str:
    """Return a wheel's licence: its expression, else its name, else what it is filed under."""
    metadata = found.metadata.json
    said = str(metadata.get("license_expression") or metadata.get("license") or "")
    if said and len(said) <= _FREE_TEXT and "\n" not in said:
        return said
    filed = [
        one for one in found.metadata.get_all("Classifier") or () if one.startswith("License ::")
    ]
    return ", ".join(one.rpartition(" :: ")[2] for one in filed) or "see its licence file"
