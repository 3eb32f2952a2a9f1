"""How soon somebody sees something: a page's text after the drop, its picture after its end.

    python -m bench.first_page FILE [--pages 30]

A service of its own takes the first pages of FILE, once by the API and once by its inbox; whoever
waits asks twenty times a second. The seconds are wall time: they are worth something where nothing
else runs.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import httpx
import pikepdf

from bench.endtoend import started

_TEXT_SECONDS, _PICTURE_SECONDS = 3.0, 1.0
"""What is aimed at: from the drop to the first text, and from a page's end to its picture."""
_PAUSE = 0.05
_PATIENCE = 300.0


def main() -> None:
    """Measure, print, and exit with 1 where it takes longer than is aimed at."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path)
    parser.add_argument("--pages", type=int, default=30)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        document = _beginning(options.file, options.pages, folder / "document.pdf")
        inbox = folder / "in"
        with (
            started("up", "--data", str(folder / "data"), "--inbox", str(inbox), "--port", "0") as (
                url,
                _,
            ),
            httpx.Client(base_url=url, timeout=60) as client,
        ):
            found = [
                ("first text, by the API", _sent(client, document), _TEXT_SECONDS),
                ("its picture, after its end", _picture(client), _PICTURE_SECONDS),
                (
                    "first text, put into the inbox",
                    _dropped(client, document, inbox),
                    _TEXT_SECONDS,
                ),
            ]
    for what, seconds, aim in found:
        print(f"{what:34}{seconds:7.2f}{aim:7.2f} s {'ok' if seconds <= aim else 'OVER'}")
    print(f"load average {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
    sys.exit(any(seconds > aim for _, seconds, aim in found))


def _beginning(source: Path, pages: int, target: Path) -> Path:
    with pikepdf.open(source) as pdf:
        del pdf.pages[pages:]
        pdf.save(target)
    return target


def _sent(client: httpx.Client, document: Path) -> float:
    began = time.monotonic()
    client.post(
        "/v1/documents",
        content=document.read_bytes(),
        headers={"Content-Type": "application/pdf"},
        params={"name": "sent.pdf", "pictures": "true"},
    ).raise_for_status()
    _until(lambda: _some_text(client, _newest(client)))
    return time.monotonic() - began


def _dropped(client: httpx.Client, document: Path, inbox: Path) -> float:
    before, began = _newest(client), time.monotonic()
    inbox.mkdir(exist_ok=True)
    (inbox / "dropped.pdf").write_bytes(document.read_bytes())
    _until(lambda: (newest := _newest(client)) != before and _some_text(client, newest))
    return time.monotonic() - began


def _picture(client: httpx.Client) -> float:
    began, newest = time.monotonic(), _newest(client)
    _until(lambda: client.get(f"/v1/documents/{newest}/pages/1/picture").is_success)
    return time.monotonic() - began


def _newest(client: httpx.Client) -> str:
    documents = client.get("/v1/documents", params={"limit": 1}).json()["documents"]
    return str(documents[0]["id"]) if documents else ""


def _some_text(client: httpx.Client, document: str) -> bool:
    """Whether any of the first pages has been read."""
    told = client.get(f"/v1/documents/{document}").json()
    done = [one["page"] for one in told["page_states"] if one["state"] == "done"]
    return (
        bool(done)
        and client.get(
            f"/v1/documents/{document}/pages/{done[0]}", params={"format": "txt"}
        ).is_success
    )


def _until(condition: Callable[[], bool]) -> None:
    until = time.monotonic() + _PATIENCE
    while not condition():
        if time.monotonic() > until:
            raise SystemExit(f"nothing was seen within {_PATIENCE:g} s")
        time.sleep(_PAUSE)


if __name__ == "__main__":
    main()
