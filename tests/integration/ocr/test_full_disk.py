"""A disk that fills up while a page is read: the page is read whole, or says DISK_FULL.

The stage, the sandbox, poppler and tesseract are real, and so is the disk: a small tmpfs.
"""

from __future__ import annotations

import subprocess

import pytest

from fanfold import keys
from fanfold.errors import DiskFull, Unavailable
from fanfold.model import Limits, Mode, Options, Readers, Source
from fanfold.ocr.isolation.reader import SandboxedReader
from fanfold.ocr.isolation.sandbox import Sandbox
from fanfold.ocr.isolation.tessdata import Tessdata
from fanfold.ocr.isolation.tool import SandboxedTool
from fanfold.settings import WHEEL, Engine
from tests.data import pdfs, prose
from tests.fakes.house import House
from tests.integration.ocr.conftest import is_root

KIBIBYTE = 1024
DRAWN = 760 * KIBIBYTE
"""What the picture of the page takes, with which it is recognised."""


@pytest.fixture
def disk(tmp_path):
    """Mount a disk of so many bytes."""
    if not is_root():
        pytest.skip("only root can mount a disk of a chosen size: run the tests as root")
    place = tmp_path / "disk"
    place.mkdir()

    def mount(size):
        command = ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(place)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode:
            pytest.skip(f"this machine mounts no disks: {done.stderr.strip()}")
        return place

    yield mount
    subprocess.run(["umount", str(place)], capture_output=True, check=False)


@pytest.fixture
def read(tmp_path):
    """Read a page in both lanes with temporary files in a place; return what became of it."""
    opened = []

    def read(place, engine):
        opened.append(sandbox := Sandbox(engine, place))
        options = Options(mode=Mode.OCR, engine=Readers.TESSERACT)
        house = House(tmp_path / "elsewhere", defaults=options)
        event, body = house.page_message()
        house.objects.put(keys.work_page(house.document(event).id, 1, 1), PAGE, "application/pdf")
        house.temporary = place / "work"
        house.reader = SandboxedReader(sandbox, engine, Tessdata(engine, tmp_path / "packs"))
        house.read(body)
        for again in house.heavy_queue.take():
            house.read(again, heavy=True)
        return house.store.shard(house.document(event).id, 0)

    yield read
    for sandbox in opened:
        sandbox.close()


LARGE = pdfs.save(pdfs.typed((prose.NOTICE,) * 60))
PAGE = pdfs.save(pdfs.typed((prose.NOTICE,), (0, 0, 595, 300)))
ENGINES = {"program": Engine(), "library": Engine(library=WHEEL)}


@pytest.mark.parametrize(
    ("size", "engine"),
    [
        (4 * KIBIBYTE, "program"),
        (DRAWN // 2, "program"),
        (DRAWN + 4 * KIBIBYTE, "program"),
        (DRAWN // 2, "library"),
    ],
    ids=[
        "before it is drawn",
        "while it is drawn",
        "by the program",
        "while it is drawn for the library",
    ],
)
def test_a_disk_that_fills_up_is_the_reason(disk, read, size, engine):
    place = disk(size)
    shard = read(place, ENGINES[engine])
    assert {page: mark.code for page, mark in shard.failed.items()} == {1: DiskFull.code}
    assert list((place / "work").iterdir()) == list((place / "children").iterdir()) == []


def test_a_full_disk_is_not_called_a_damaged_file(disk, tmp_path):
    place, source = disk(16 * KIBIBYTE), tmp_path / "source.pdf"
    source.write_bytes(LARGE)
    sandbox = Sandbox(Engine(), place)
    try:
        with pytest.raises(Unavailable):
            SandboxedTool(sandbox, Engine(), Limits()).graft(source, {}, place / "whole.pdf")
    finally:
        sandbox.close()


def test_a_disk_that_just_suffices_is_enough(disk, read):
    assert read(disk(DRAWN + 64 * KIBIBYTE), ENGINES["library"]).done[1].source == Source.OCR
