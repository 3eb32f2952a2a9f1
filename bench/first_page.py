"""How soon somebody sees something: a page's text after the drop, its picture after its end.

    python -m bench.first_page FILE [--pages 30]

The first pages of FILE are sent to the API of a service of their own, and put into the inbox of
another; whoever waits asks twenty times a second. The page is the first that is done. The seconds
are wall time: they are worth something where nothing else runs.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import httpx
import pikepdf

from bench.endtoend import started

_TEXT_SECONDS, _PICTURE_SECONDS = 3.0, 1.0
"""What is aimed at: from the drop to the first text, and from a page's end to its picture."""
_PAUSE = 0.05
_PATIENCE = 300.0

Way = Callable[[httpx.Client, Path, Path], tuple[float, float | None]]
Found = TypeVar("Found")


def main() -> None:
    """Measure, print, and exit with 1 where it takes longer than is aimed at."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path)
    parser.add_argument("--pages", type=int, default=30)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        document = _beginning(options.file, options.pages, Path(name) / "document.pdf")
        found = [_row(way, document) for way in (_sent, _dropped)]
    for way, (text, picture) in zip(("API", "inbox"), found, strict=True):
        _print(f"first text, by the {way}", text, _TEXT_SECONDS)
        if picture is not None:
            _print("picture of that page, after its end", picture, _PICTURE_SECONDS)
    print(f"load average {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
    over = [text > _TEXT_SECONDS or (picture or 0) > _PICTURE_SECONDS for text, picture in found]
    sys.exit(any(over))


def _row(way: Way, document: Path) -> tuple[float, float | None]:
    """Return the seconds of one way, on a service of its own."""
    with tempfile.TemporaryDirectory() as name:
        data, inbox = Path(name) / "data", Path(name) / "in"
        command = ("up", "--data", str(data), "--inbox", str(inbox), "--port", "0")
        with started(*command) as (url, _), httpx.Client(base_url=url, timeout=60) as client:
            return way(client, document, inbox)


def _print(what: str, seconds: float, aim: float) -> None:
    print(f"{what:38}{seconds:7.2f}{aim:7.2f} s {'ok' if seconds <= aim else 'OVER'}")


def _beginning(source: Path, pages: int, target: Path) -> Path:
    with pikepdf.open(source) as pdf:
        del pdf.pages[pages:]
        pdf.save(target)
    return target


def _sent(client: httpx.Client, document: Path, inbox: Path) -> tuple[float, float | None]:
    """Send a document; return the seconds to a page's text, and from its end to its picture."""
    began = time.monotonic()
    client.post(
        "/v1/documents",
        content=document.read_bytes(),
        headers={"Content-Type": "application/pdf"},
        params={"name": "sent.pdf", "pictures": "true"},
    ).raise_for_status()
    page = _until(lambda: _done(client))
    ended = time.monotonic()  # to one look
    _until(lambda: client.get(f"{page}?format=txt").is_success)
    text = time.monotonic() - began
    _until(lambda: client.get(f"{page}/picture").is_success)
    return text, time.monotonic() - ended + _PAUSE


def _dropped(client: httpx.Client, document: Path, inbox: Path) -> tuple[float, float | None]:
    """Put a document into the inbox; its pages have no pictures, for nobody asked for them."""
    began = time.monotonic()
    shutil.copyfile(document, inbox / "dropped.pdf")
    page = _until(lambda: _done(client))
    _until(lambda: client.get(f"{page}?format=txt").is_success)
    return time.monotonic() - began, None


def _done(client: httpx.Client) -> str:
    """Return the address of a page that has been read, of the one document; empty without any."""
    for document in client.get("/v1/documents").json()["documents"]:
        address = f"/v1/documents/{document['id']}"
        for one in client.get(address).json()["page_states"]:
            if one["state"] == "done":
                return f"{address}/pages/{one['page']}"
    return ""


def _until(condition: Callable[[], Found]) -> Found:
    """Return what a condition says as soon as it says something."""
    until = time.monotonic() + _PATIENCE
    while not (found := condition()):
        if time.monotonic() > until:
            raise SystemExit(f"nothing was seen within {_PATIENCE:g} s")
        time.sleep(_PAUSE)
    return found


if __name__ == "__main__":
    main()
