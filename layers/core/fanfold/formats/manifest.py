"""manifest.json: what was asked for, what came out, what is missing and why.

    {"format": "fanfold-manifest/1", "document": {…},
     "files": [{"format": "txt", "name": "text.txt", "media_type": …, "size": …, "sha256": …}],
     "failed_pages": [{"page": 7, "state": "failed", "error": {…}}],
     "unseen_pages": [3]}

``unseen_pages`` have words in their text layer that nobody can see. No result has them as text, but
the searchable PDF is the original and holds them. The key is there only if there are such pages.
It is written last, and once: when it is there, all files that it names are there, too.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from fanfold.formats import facts
from fanfold.formats.media import MEDIA
from fanfold.formats.outcome import FailedPage
from fanfold.model import Document, DoneMark, Output

FORMAT = "fanfold-manifest/1"


@dataclass(frozen=True, slots=True)
class ResultFile:
    """One result: ``name`` as in its key, ``size`` in bytes, ``sha256`` in hexadecimal."""

    output: Output
    name: str
    size: int
    sha256: str


def describe(output: Output, name: str, path: Path) -> ResultFile:
    """Return the facts of the result in the file ``path``."""
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return ResultFile(output, name, path.stat().st_size, digest)


def render(
    document: Document,
    done: Mapping[int, DoneMark],
    files: Iterable[ResultFile],
    failed: Iterable[FailedPage],
) -> bytes:
    """Return the manifest of ``document`` as it ends; the same facts give the same bytes.

    ``done`` holds the marks of the pages that were read.
    """
    body: dict[str, object] = {
        "format": FORMAT,
        "document": facts.document(document, done),
        "files": [
            {
                "format": file.output.value,
                "name": file.name,
                "media_type": MEDIA[file.output].type,
                "size": file.size,
                "sha256": file.sha256,
            }
            for file in sorted(files, key=lambda file: file.name)
        ],
        "failed_pages": [
            facts.failed(page) for page in sorted(failed, key=lambda page: page.number)
        ],
    }
    if unseen := sorted(page for page, mark in done.items() if mark.unseen):
        body["unseen_pages"] = unseen
    return json.dumps(body, ensure_ascii=False, indent=2).encode("utf-8", "backslashreplace")
