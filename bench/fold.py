"""Measure how a document as long as allowed is folded: each invocation of assemble by itself.

    python -m bench.fold [--pages 50000] [--outputs txt,md,json,pdf]

The stage, its parts and the writer of searchable PDFs are the real ones, over files; every page
has one and the same result, of 400 words, and the original is a PDF with a picture on each page.
Two parts are folded, the others are copies of the second.
Printed are, of the longest part and of the whole, CPU seconds (this process and all that it
starts), the peak of memory, temporary space, and requests to S3. The time on AWS is estimated
from these: CPU at the function's share of a core, and 25 ms a request, 8 at once.
"""

from __future__ import annotations

import argparse
import json
import os
import tarfile
import tempfile
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from io import BytesIO
from pathlib import Path
from threading import Event, Thread

import pikepdf
import psutil

from fanfold import bootstrap, keys, pagejson, pagezip, ranges, settings
from fanfold.bootstrap import SystemClock
from fanfold.disk import stores
from fanfold.disk.links import Links
from fanfold.disk.objects import DiskObjects
from fanfold.formats.searchable import layer_write
from fanfold.geometry import Turn
from fanfold.messages import AssembleMessage, decode
from fanfold.model import (
    PART_PAGES,
    Block,
    Box,
    Document,
    DoneMark,
    Line,
    Options,
    Output,
    Page,
    Shard,
    Source,
    SourceFile,
    State,
    Word,
    shard_of,
)
from fanfold.ocr.isolation.sandbox import Sandbox
from fanfold.pagezip import PageFiles
from fanfold.ports import PageReader
from fanfold.stages import build
from fanfold.stages.build import Parts
from infra.template import TEMPLATE
from infra.template.names import Place
from infra.template.template import load
from infra.template.wiring import Function, wire

FULL_CORE_MB = 1769
REQUEST_SECONDS, AT_ONCE = 0.025, 8
SIZE = (595.0, 842.0)
KEY = "uploads/default/long"
MEGABYTE = 1 << 20


@dataclass(frozen=True, slots=True)
class Spent:
    """What one invocation took; memory of the largest process, in bytes."""

    cpu: float
    memory: int
    room: int
    requests: int

    def seconds(self, function: Function) -> float:
        """Return how long that is on AWS, about."""
        share = min(1.0, function.memory / FULL_CORE_MB)
        return self.cpu / share + self.requests * REQUEST_SECONDS / AT_ONCE


class Pages(DiskObjects):
    """Objects of which every page's, with result and layer, is the same; requests are counted."""

    page = b""
    requests = 0
    room = Path()
    """The folder for temporary files."""

    def get(self, key: str) -> bytes | None:
        """Read an object."""
        self.requests += 1
        if key.startswith(keys.PAGES):
            return self.page
        return super().get(key)

    def get_many(self, keys: Iterable[str]) -> Iterator[bytes | None]:
        """Read objects."""
        return map(self.get, keys)

    def put_file(self, key: str, path: Path, media_type: str) -> None:
        """Write an object."""
        self.requests += 1
        super().put_file(key, path, media_type)

    def download(self, key: str, version: str | None, path: Path) -> bool:
        """Fetch an object."""
        self.requests += 1
        return super().download(key, version, path)


def main() -> None:
    """Read the arguments, fold, print."""
    parser = argparse.ArgumentParser(prog="python -m bench.fold", description=__doc__)
    parser.add_argument("--pages", type=int, default=50_000)
    parser.add_argument("--outputs", default=",".join(Output))
    wish = parser.parse_args()
    outputs = tuple(Output(one) for one in wish.outputs.split(","))
    function = wire(load(TEMPLATE, Place(aws_url=""), {})).functions["fanfold-AssembleFunction"]
    with tempfile.TemporaryDirectory(prefix="fold-") as folder:
        report(wish.pages, outputs, function, Path(folder))


def report(pages: int, outputs: tuple[Output, ...], function: Function, folder: Path) -> None:
    """Fold a document and print what it took."""
    spent = fold(pages, outputs, function, folder)
    print(f"{pages:,} pages, {', '.join(outputs)}; {function.memory} MB, {function.timeout} s")
    for name, one in (
        ("longest part", max(spent[1:-1], key=lambda one: one.cpu)),
        ("whole", spent[-1]),
    ):
        seconds = one.seconds(function)
        print(
            f"{name:14}{one.cpu:8.1f} s CPU {one.requests:7,} requests"
            f" {one.memory / MEGABYTE:7.0f} MB {one.room / MEGABYTE:7.0f} MB of temporary space;"
            f" about {seconds:.0f} s, {seconds / function.timeout:.0%} of the timeout"
        )


def fold(pages: int, outputs: tuple[Output, ...], function: Function, folder: Path) -> list[Spent]:
    """Return what each invocation took, in order: the one that asks, the parts, the whole."""
    environment = {
        **function.environment,
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": str(function.memory),
        "FANFOLD_WORKSPACE": str(folder / "work"),
        "FANFOLD_DATA": str(folder),
    }
    have, clock = settings.load(environment), SystemClock()
    index = stores.database(folder)
    kept = stores.build(folder, index, clock, None, durable=False)
    links = Links(b"", clock)
    objects = Pages(index, folder / "objects", links, durable=False)
    left = _page(folder)
    objects.page, layer = pagezip.pack(left), left.layer or b""
    objects.room = have.workspace
    sandbox = Sandbox(have.engine, have.workspace)
    parts = bootstrap.assembled(
        have,
        replace(kept, objects=objects),
        clock,
        lambda method: bootstrap.tool_in(sandbox, have, method),
        _nobody,
    )
    document = _document(parts, pages, outputs, folder)
    stage, queue, spent = build.assemble(parts), kept.queue("assemble"), list[Spent]()
    parts.progress.request_assembly(document)
    while received := queue.receive():
        message = decode(AssembleMessage, received.body)
        if message.part is not None and message.part > 1:
            _copy_part(parts, document, message.part, layer, folder)
        else:
            with _measured(objects, spent):
                stage(message, 1)
        queue.delete(received)
        if message.part == pages // PART_PAGES:
            parts.progress.request_assembly(document)
    sandbox.close()
    _tell(parts.store.get(document.id))
    return spent


def _tell(ended: Document | None) -> None:
    assert ended, "nothing is left of it"
    print(f"{ended.state}: {ended.pages_done:,} pages, {', '.join(ended.results)}")


def _copy_part(parts: Parts, document: Document, number: int, layer: bytes, folder: Path) -> None:
    """Put there what a part like the second one is folded into."""
    first = keys.part(document.id, 1, 1, "")
    for key in parts.objects.list_keys(first):
        parts.objects.copy(key, keys.part(document.id, 1, number, key.removeprefix(first)), "")
    bundle = folder / "layers.tar"
    with tarfile.open(bundle, "w") as target:
        for page in range(
            number * PART_PAGES, min(document.pages_total + 1, (number + 1) * PART_PAGES)
        ):
            entry = tarfile.TarInfo(f"{page:05}.pdf")
            entry.size = len(layer)
            target.addfile(entry, BytesIO(layer))
    parts.objects.put_file(keys.part(document.id, 1, number, "layers.tar"), bundle, "")


def _nobody() -> PageReader:
    raise NotImplementedError("no page is read here")


def _page(folder: Path) -> PageFiles:
    """Return what a page of 400 words leaves: its result and its layer."""
    lines = tuple(_line(50.0 + 18 * row) for row in range(40))
    block = Block(lines, Box.around(line.box for line in lines))
    page = Page(1, *SIZE, Source.OCR, "no text layer", (block,), dpi=200, languages="eng")
    layer_write.write(folder / "layer.pdf", page.blocks, Turn.none(SIZE), 1.0)
    result = json.dumps(pagejson.dump(page)).encode()
    return PageFiles(result, (folder / "layer.pdf").read_bytes())


def _line(top: float) -> Line:
    words = [
        Word(f"word{n}", Box(50.0 + 45 * n, top, 90.0 + 45 * n, top + 12), 91.5) for n in range(10)
    ]
    return Line(tuple(words), Box.around(word.box for word in words))


def _document(parts: Parts, pages: int, outputs: tuple[Output, ...], folder: Path) -> Document:
    """Write a document whose pages are all read."""
    parts.objects.put_file(KEY, _original(pages, folder), "application/pdf")
    numbers = range(1, pages + 1)
    document = Document(
        id="0" * 32,
        tenant="default",
        state=State.ASSEMBLING,
        name="long.pdf",
        created_at=1,
        updated_at=1,
        options=Options(outputs=outputs),
        source=SourceFile(KEY, None, 1, "0" * 64, "application/pdf"),
        document_pages=pages,
        pages_total=pages,
        selection=ranges.compress(numbers),
        shards_total=shard_of(pages) + 1,
    )
    parts.store.create(document)
    for number in range(document.shards_total):
        some = tuple(page for page in numbers[number * 100 : number * 100 + 100])
        done = dict.fromkeys(some, DoneMark(1, Source.OCR, 91, 2_000))
        parts.store.open_shard(Shard(document.id, number, 1, some, done))
    return document


def _original(pages: int, folder: Path) -> Path:
    """Write a PDF with a picture of 10 KB on each page."""
    path, picture = folder / "original.pdf", os.urandom(10_000)
    with pikepdf.new() as pdf:
        for _ in range(pages):
            page = pdf.add_blank_page(page_size=SIZE)
            image = pikepdf.Stream(
                pdf,
                picture,
                Type=pikepdf.Name.XObject,
                Subtype=pikepdf.Name.Image,
                Width=100,
                Height=100,
                ColorSpace=pikepdf.Name.DeviceGray,
                BitsPerComponent=8,
            )
            page.obj.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(I=image))
            page.contents_add(b"q 595 0 0 842 0 0 cm /I Do Q")
        pdf.save(path)
    return path


@contextmanager
def _measured(objects: Pages, spent: list[Spent]) -> Iterator[None]:
    """Add to ``spent`` what happens within took."""
    watch = _Watch(objects.room)
    before, asked = _cpu(), objects.requests
    watch.start()
    yield
    watch.stopped.set()
    watch.join()
    cpu = _cpu() - before - watch.cpu
    spent.append(Spent(cpu, watch.memory, watch.room, objects.requests - asked))


def _cpu() -> float:
    """Return the CPU seconds of this process and of all that it started, ended or not."""
    times = [one.cpu_times() for one in _family()]
    return sum(t.user + t.system + t.children_user + t.children_system for t in times)


def _family() -> list[psutil.Process]:
    here = psutil.Process()
    return [here, *here.children(recursive=True)]


class _Watch(Thread):
    """Looks at memory and temporary space twice a second; its own time is not counted."""

    def __init__(self, folder: Path) -> None:
        super().__init__(daemon=True)
        self.stopped = Event()
        self.memory = self.room = 0
        self.cpu = 0.0
        self._folder = folder

    def run(self) -> None:
        """Look until it is stopped."""
        while not self.stopped.wait(0.5):
            with suppress(psutil.Error, OSError):
                self.memory = max(self.memory, *(one.memory_info().rss for one in _family()))
                files = (path for path in self._folder.rglob("*") if path.is_file())
                self.room = max(self.room, sum(path.stat().st_blocks * 512 for path in files))
        self.cpu = time.thread_time()


if __name__ == "__main__":
    main()
