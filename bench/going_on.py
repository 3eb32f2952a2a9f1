"""How soon a service that was killed reads on."""

from __future__ import annotations

import time
from contextlib import closing
from pathlib import Path

import httpx
import pikepdf

from bench.endtoend import started
from client.service import Service

_PAGES = 300
"""Of one document: more than are read before somebody looks at it."""
_PAUSE = 0.05


def long(source: Path, target: Path) -> Path:
    """Write a document that repeats the first page of another."""
    with pikepdf.open(source) as pdf:
        pdf.pages.extend([pdf.pages[0]] * (_PAGES - 1))
        pdf.save(target)
    return target


def after_kill(document: Path, data: Path) -> float:
    """Kill a service that reads; return the seconds from its next start to the next page."""
    command = ("up", "--data", str(data), "--port", "0")
    with started(*command) as (url, process):
        with closing(Service(url)) as client:
            client.submit(document, {"mode": "native"})
        _wait_for_more(url, 0)
        process.kill()
        process.wait()
    began = time.monotonic()
    with started(*command) as (url, _):
        _wait_for_more(url, _done(url))
        return time.monotonic() - began


def _wait_for_more(url: str, pages: int) -> None:
    while _done(url) <= pages:
        time.sleep(_PAUSE)


def _done(url: str) -> int:
    with httpx.Client(base_url=url, timeout=120) as client:
        (document,) = client.get("/v1/documents").json()["documents"]
        return int(client.get(f"/v1/documents/{document['id']}").json()["pages"]["done"])
