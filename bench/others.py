"""Read every result with other people's programs, and say what they find of its words.

    python -m bench.others FILE…                        (make interop FILES="…")

Reads each document as `fanfold extract` does, into each format, and each result with the programs
that know it. Prints by program how many documents it read without a complaint, and of the words of
document.json the shares that it has, and has in their order; for tables, of the cells. What it
complains of stands above.

hocr-spec and alto-tools are looked for in build/interop/python, where ``make interop`` puts them.
"""

from __future__ import annotations

import argparse
import csv
import importlib
import io
import json
import subprocess
import sys
import tempfile
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from difflib import SequenceMatcher
from pathlib import Path
from typing import Any

import trp
from botocore.session import Session
from botocore.validate import ParamValidator
from jsonschema import Draft202012Validator
from lxml import html
from openpyxl import load_workbook
from textractor.parsers import response_parser

from bench.readback import parted
from fanfold import schemas
from fanfold.formats.media import MEDIA
from fanfold.formats.tables import harmless
from fanfold.model import Output

PROGRAMS = Path("build/interop/python")
"""Folder of the programs that are no dependency of the project."""

_KNOWN_COMPLAINTS = ("x_size", "must have a tag name from ['p'], not 'h")
"""What hocr-spec does not know: tesseract's size of a line, and headings that are paragraphs."""

Json = dict[str, Any]
Reader = Callable[[Path, Json], Iterator[str]]
"""Yields what a program reads in a file; the document.json is at hand. Raises for complaints."""


def main() -> None:
    """Read the arguments, make the results, read them and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("files", type=Path, nargs="+")
    parser.add_argument("--lang", default="eng")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        stems = _made(options.files, options.lang, folder)
        print(f"{len(stems)} documents\n\n{'program':32} read   found    in order  of")
        for (name, output), reader in READERS.items():
            print(_line(name, output, reader, [folder / stem for stem in stems]), flush=True)


def _made(files: Sequence[Path], languages: str, folder: Path) -> list[str]:
    """Make each file's results; return their names without a suffix."""
    command = [str(Path(sys.executable).with_name("fanfold")), "extract", "--no-service"]
    outputs = {output for _, output in READERS} | {Output.JSON}
    formats = [word for output in sorted(outputs) for word in ("-f", output)]
    command += ["--lang", languages, *formats, "--out", str(folder), *map(str, files)]
    subprocess.run(command, check=False, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return sorted(path.name.removesuffix(".tsv") for path in folder.glob("*.tsv"))


def _line(name: str, output: Output, reader: Reader, stems: Sequence[Path]) -> str:
    good = wanted = found = in_order = 0
    for stem in stems:
        document = json.loads(Path(f"{stem}{MEDIA[Output.JSON].suffix}").read_text())
        words = _cells(document) if output in (Output.CSV, Output.XLSX) else _words(document)
        try:
            read = list(reader(Path(f"{stem}{MEDIA[output].suffix}"), document))
        except Exception as error:  # whatever it is, it is a complaint
            print(f"{name}: {stem.name}: {type(error).__name__}: {str(error)[:200]}")
            continue
        good += 1
        wanted += len(words)
        found += sum((Counter(words) & Counter(read)).values())
        same = SequenceMatcher(None, words, read, autojunk=False).get_matching_blocks()
        in_order += sum(block.size for block in same)
    shares = f"{found / max(1, wanted):.4f}   {in_order / max(1, wanted):.4f}   {wanted}"
    return f"{name:32} {good:4}   {shares}"


def _blocks(document: Json) -> Iterator[Json]:
    yield from (block for page in document["pages"] for block in page.get("blocks", ()))


def _words(document: Json) -> list[str]:
    lines = (line for block in _blocks(document) for line in block["lines"])
    return [word["text"] for line in lines for word in line["words"]]


def _cells(document: Json) -> list[str]:
    tables = (block["table"] for block in _blocks(document) if "table" in block)
    return [harmless(cell["text"]) for table in tables for cell in table["cells"] if cell["text"]]


def _jsonschema(path: Path, document: Json) -> Iterator[str]:
    Draft202012Validator(json.loads(schemas.text("document.json"))).validate(document)
    yield from _words(document)


def _botocore(path: Path, document: Json) -> Iterator[str]:
    shape = Session().get_service_model("textract").operation_model("GetDocumentAnalysis")
    answer = json.loads(path.read_text())
    if report := ParamValidator().validate(answer, shape.output_shape).generate_report():
        raise ValueError(report)
    yield from (block["Text"] for block in answer["Blocks"] if block["BlockType"] == "WORD")


def _trp(path: Path, document: Json) -> Iterator[str]:
    for page in trp.Document(json.loads(path.read_text())).pages:
        yield from (word.text for line in page.lines for word in line.words)


def _textractor(path: Path, document: Json) -> Iterator[str]:
    for page in response_parser.parse(json.loads(path.read_text())).pages:
        yield from (word.text for line in page.lines for word in line.words)


def _csv(path: Path, document: Json) -> Iterator[str]:
    with zipfile.ZipFile(path) as archive:
        for name in archive.namelist()[:-1]:  # the last one is the list of the others
            for row in csv.reader(io.StringIO(archive.read(name).decode("utf-8-sig"), newline="")):
                yield from filter(None, row)


def _openpyxl(path: Path, document: Json) -> Iterator[str]:
    for sheet in load_workbook(path).worksheets[1:]:
        for row in sheet.iter_rows(values_only=True):
            yield from (harmless(str(value)) for value in row if value is not None)


def _tsv(path: Path, document: Json) -> Iterator[str]:
    with path.open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        yield from (row["text"] for row in rows if row["level"] == "5")


def _hocr_spec(path: Path, document: Json) -> Iterator[str]:
    report = importlib.import_module("hocr_spec").HocrValidator("standard").validate(str(path))
    bad = [str(one) for one in report.items if one.level in ("ERROR", "FATAL")]
    if unknown := [one for one in bad if not any(known in one for known in _KNOWN_COMPLAINTS)]:
        raise ValueError(unknown[0])
    words = html.parse(str(path)).iterfind(".//span[@class='ocrx_word']")
    yield from (word.text or "" for word in words)


def _alto_tools(path: Path, document: Json) -> Iterator[str]:
    code = "from alto_tools.alto_tools import main; main()"
    command = [sys.executable, "-c", code, "-t", str(path)]
    found = subprocess.run(
        command, check=True, capture_output=True, env={"PYTHONPATH": str(PROGRAMS)}
    )
    yield from parted(found.stdout.decode().split(), _words(document))


READERS: dict[tuple[str, Output], Reader] = {
    ("jsonschema", Output.JSON): _jsonschema,
    ("botocore's model", Output.TEXTRACT): _botocore,
    ("amazon-textract-response-parser", Output.TEXTRACT): _trp,
    ("amazon-textract-textractor", Output.TEXTRACT): _textractor,
    ("Python's csv", Output.CSV): _csv,
    ("openpyxl", Output.XLSX): _openpyxl,
    ("Python's csv, tsv", Output.TSV): _tsv,
    ("hocr-spec, lxml", Output.HOCR): _hocr_spec,
    ("alto-tools", Output.ALTO): _alto_tools,
}


if __name__ == "__main__":
    sys.path.append(str(PROGRAMS))
    main()
