"""Hold searchable PDFs of pictures against PDFBox's validator.

    python -m bench.pdfa FILE… [--jars /usr/share/java]

They say that they are PDF/A-2b. The validator knows PDF/A-1b alone, which forbids more: it is shown
copies that say so, and one complaint does not count, of the colour profile's version, which part 2
allows. Needs a JDK, and of Debian's packages libpdfbox2-java, libfontbox2-java,
libcommons-logging-java, libcommons-io-java, libactivation-java and libjaxb-api-java. Prints how
many claim it and are sound, and each complaint.
"""

from __future__ import annotations

import argparse
import subprocess
import tempfile
from pathlib import Path

from bench.readback import made

_NEEDED = (
    "preflight", "pdfbox2", "fontbox2", "xmpbox",
    "commons-logging", "commons-io", "javax.activation", "jaxb-api",
)  # fmt: skip
_PART_2, _PART_1 = b"<pdfaid:part>2<", b"<pdfaid:part>1<"
_ALLOWED = "Invalid version of the ICCProfile"


def main() -> None:
    """Read the arguments, make the PDFs, validate and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("files", type=Path, nargs="+")
    parser.add_argument("--jars", type=Path, default=Path("/usr/share/java"))
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        files = made(options.files, "eng", Path(folder))
        claiming = [path for path in files if _PART_2 in path.read_bytes()]
        for path in claiming:
            path.write_bytes(path.read_bytes().replace(_PART_2, _PART_1))
        complaints = [line for line in _validated(claiming, options.jars) if _ALLOWED not in line]
    broken = {line.partition("\t")[0] for line in complaints}
    print(*complaints, sep="\n")
    print(f"{len(files)} PDFs, {len(claiming)} claim PDF/A-2b, {len(broken)} of them wrongly")


def _validated(files: list[Path], jars: Path) -> list[str]:
    path = ":".join(str(jars / f"{name}.jar") for name in _NEEDED)
    source = str(Path(__file__).with_name("Preflight.java"))
    command = ["java", "-cp", path, source, *map(str, files)]
    found = subprocess.run(command, check=True, capture_output=True, text=True)
    return found.stdout.splitlines()


if __name__ == "__main__":
    main()
