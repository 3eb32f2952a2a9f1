"""Every recipe of the documentation is run as it stands, and what it promises is looked for."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import pytest

from fanfold.ocr.isolation.engine import tessdata_folder
from fanfold.settings import Engine
from tests.data import codes, forms, samples
from tests.data.samples import SAMPLES
from tests.data.tessdata import folder as tessdata
from tests.e2e.accuracy import recall

ROOT = Path(__file__).parents[3]
RECIPES = dict(
    re.findall(
        r"^### … ([^\n]+)\?\n\n```\n(.*?)^```", (ROOT / "docs/recipes.md").read_text(), re.M | re.S
    )
)
PORT = "http://127.0.0.1:8080"
SECONDS = 60
LIGHTHOUSE, INVOICE = SAMPLES["scan.pdf"].words, SAMPLES["native.pdf"].words


def wait_for(condition):
    deadline = time.monotonic() + SECONDS
    while not (found := condition()):
        assert time.monotonic() < deadline, condition
        time.sleep(0.05)
    return found


@pytest.fixture(scope="module")
def environment(tmp_path_factory):
    """Run a service that reads English, and what is English under a German name."""
    home = tmp_path_factory.mktemp("home")
    languages = tessdata(home / "tessdata", "eng", "osd")
    (languages / "deu.traineddata").symlink_to(tessdata_folder(Engine()) / "eng.traineddata")
    around = {name: value for name, value in os.environ.items() if not name.startswith("FANFOLD_")}
    around |= {"HOME": str(home), "XDG_DATA_HOME": str(home), "FANFOLD_TESSDATA": str(languages)}
    around["PATH"] = f"{Path(sys.executable).parent}:{around['PATH']}"
    command = [sys.executable, "-m", "cli", "up", "--port", "0", "--data", home / "data"]
    up = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=around, cwd=ROOT)
    try:
        url = wait_for(lambda: re.search(r"API +(http\S+)", up.stdout.readline()))[1]
        yield around | {"FANFOLD_ENDPOINT": url}
    finally:
        up.send_signal(signal.SIGINT)
        up.communicate(timeout=SECONDS)


@pytest.fixture
def folder(tmp_path):
    """Give a folder with the files that the recipes name."""
    made = samples.ensure()
    shutil.copy(made / "scan.pdf", tmp_path / "scan.pdf")
    shutil.copy(made / "native.pdf", tmp_path / "invoice.pdf")
    shutil.copy(made / "locked-user.pdf", tmp_path / "locked.pdf")
    (tmp_path / "secret.txt").write_text("tide\n")
    for name in ("receipt.png", "brief.png"):
        shutil.copy(made / "page.png", tmp_path / name)
    forms.table([["Item", "Price"], ["Lamp oil", "12.50"]]).save(tmp_path / "table.png")
    codes.scan(codes.picture("PARCEL 4711")).save(tmp_path / "parcel.png")
    (tmp_path / "archive" / "2026").mkdir(parents=True)
    shutil.copy(made / "native.pdf", tmp_path / "archive" / "2026" / "letter.pdf")
    (tmp_path / "archive" / "notes.txt").write_text("Not a document.")
    (tmp_path / "incoming").mkdir()
    return tmp_path


def bash(recipe, folder, environment, **others):
    script = RECIPES[recipe].replace(PORT, environment["FANFOLD_ENDPOINT"])
    return subprocess.Popen(
        ["bash", "-euo", "pipefail", "-c", script], cwd=folder, env=environment,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, **others,
    )  # fmt: skip


def text(folder, name):
    return (folder / name).read_text("utf-8")


def lines(folder, name):
    return [json.loads(line) for line in text(folder, name).splitlines()]


def cells(path):
    with zipfile.ZipFile(path) as packed:
        return [packed.read(name).decode("utf-8-sig") for name in packed.namelist()]


PROMISED = {
    "read one PDF": lambda f, _: recall(LIGHTHOUSE, text(f, "scan.txt")) > 0.95,
    "make a scan searchable": lambda f, _: recall(LIGHTHOUSE, found_by_poppler(f)) > 0.9,
    "read a photo or a TIFF": lambda f, _: (
        recall(SAMPLES["page.png"].words, text(f, "receipt.txt")) > 0.95
    ),
    "read a whole folder": lambda f, run: (
        recall(INVOICE, text(f, "results/2026/letter.txt")) == 1 and "notes.txt" in run.stderr
    ),
    "go on after Ctrl-C, or with what is new": lambda f, run: "1 skipped" in run.stderr,
    "read some pages only": lambda f, _: 0.5 < recall(LIGHTHOUSE, text(f, "part.txt")) < 0.9,
    "read what another program writes": lambda f, _: len(lines_of(f, "first-line.txt")) == 1,
    "read another language": lambda f, run: (
        run.stdout.split() == ["deu", "eng"]
        and recall(SAMPLES["page.png"].words, text(f, "brief.txt")) > 0.95
    ),
    "read a PDF that wants a password": lambda f, _: (
        recall(SAMPLES["locked-empty.pdf"].words, text(f, "opened.txt")) > 0.95
    ),
    "take no text layer on trust": lambda f, _: recall(INVOICE, text(f, "recognised.txt")) > 0.9,
    "get a table as CSV, or as a workbook": lambda f, _: (
        any("Lamp oil,12.50" in sheet for sheet in cells(f / "tables/table.csv.zip"))
        and zipfile.is_zipfile(f / "tables/table.xlsx")
    ),
    "get Markdown for a language model": lambda f, _: "<!-- page 2 -->" in text(f, "invoice.md"),
    "cut documents up for retrieval": lambda f, _: (
        {line["page"] for line in lines(f, "scan.chunks.jsonl")} == {1, 2, 3, 4}
    ),
    "get every word with its place": lambda f, _: (
        recall(LIGHTHOUSE, text(f, "words.txt")) > 0.95
        and re.match(r"1 \[\d+\.\d+, [\d., ]+\] \w+ [\d.]+\n", text(f, "words.txt"))
    ),
    "read barcodes and QR codes": lambda f, _: "PARCEL 4711" in text(f, "parcel.json"),
    "get what archives ask for: hOCR, ALTO": lambda f, _: (
        "ocr_page" in text(f, "for-archives/scan.hocr")
        and "<String" in text(f, "for-archives/scan.alto.xml")
    ),
    "keep a program that was written for Amazon Textract": lambda f, _: (
        json.loads(text(f, "answers/scan.textract.json"))["DocumentMetadata"] == {"Pages": 4}
    ),
    "get everything in one file": lambda f, _: zipfile.is_zipfile(f / "all.zip"),
    "know which pages to look at": lambda f, _: (
        text(f, "report.txt").count("SUCCEEDED worth a look:") == 2
    ),
    "read a page that failed once more": lambda _, run: "SUCCEEDED  4 of 4 pages" in run.stdout,
    "know what this machine reads with": lambda _, run: "tesseract" in run.stdout,
    "hand in a document over HTTP, and fetch its text": lambda f, _: (
        recall(LIGHTHOUSE, text(f, "over-http.txt")) > 0.95
    ),
    "fetch a result later": lambda f, _: (f / "later.pdf").read_bytes().startswith(b"%PDF"),
    "find a word in all documents": lambda _, run: (
        run.stdout.count("scan.pdf\t") >= 2 and "invoice.pdf\t" not in run.stdout
    ),
    "have another program told when a document is done": lambda f, run: (
        text(f, "secret.txt").startswith("whsec_") and "example.org/fanfold" in run.stdout
    ),
    "remove a document": lambda _, run: "DELETED" in run.stdout,
    "have the tab key complete commands": lambda f, _: "complete" in text(f, "completion.sh"),
    "know what it costs": lambda _, run: "break-even" in run.stdout,
    "know how long a load takes": lambda _, run: "last page" in run.stdout,
}
RUN_ON = {
    "let a scanner's folder be read": ("invoice.pdf", INVOICE),
    "read one folder's files in another language, or into other formats": (
        "letters/brief.png",
        SAMPLES["page.png"].words,
    ),
}
"""Recipes that run until somebody stops them: a file that they read, and its words."""


def found_by_poppler(folder):
    done = subprocess.run(
        ["pdftotext", folder / "searchable.pdf", "-"], capture_output=True, text=True, check=True
    )
    return done.stdout


def lines_of(folder, name):
    return text(folder, name).splitlines()


def test_every_recipe_has_its_promise():
    assert {*PROMISED, *RUN_ON} == set(RECIPES)


@pytest.mark.parametrize("recipe", PROMISED)
def test_a_recipe_does_what_it_says(recipe, folder, environment):
    with bash(recipe, folder, environment) as started:
        out, said = started.communicate(timeout=SECONDS)
    run = subprocess.CompletedProcess(recipe, started.returncode, out, said)

    assert run.returncode == 0, said
    assert PROMISED[recipe](folder, run)


@pytest.mark.parametrize("recipe", RUN_ON)
def test_a_watched_folder_is_read_until_it_is_interrupted(recipe, folder, environment):
    name, words = RUN_ON[recipe]
    with bash(recipe, folder, environment, start_new_session=True) as watching:
        try:
            if not name.startswith("letters/"):  # which the recipe itself brings
                shutil.copy(folder / name, folder / "incoming" / name)
            result = folder / "text" / f"{name}.txt"
            wait_for(result.exists)
        finally:
            os.killpg(watching.pid, signal.SIGINT)

    assert recall(words, result.read_text()) > 0.95
    assert (folder / "text" / f"{name}.json").exists() == (name == "invoice.pdf")
