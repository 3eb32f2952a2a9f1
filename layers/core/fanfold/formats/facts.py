"""What results say about their document, as JSON values.

These are settled before the results are written, and no time of writing is among them: two workers
that assemble the same run write the same bytes.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fanfold import damage, quality
from fanfold.formats.outcome import FailedPage
from fanfold.model import Document, DoneMark, Reason, SourceFile


def document(ending: Document, done: Mapping[int, DoneMark]) -> dict[str, Any]:
    """Return the facts of a document as it ends: ``state`` and counts are the final ones.

    ``done`` holds the marks of the pages that were read.
    """
    read = quality.of(done)
    return {
        "id": ending.id,
        "run": ending.run,
        "state": ending.state.value,
        "name": ending.name,
        "document_pages": ending.document_pages,
        "selection": ending.selection,
        "pages": {
            "total": ending.pages_total,
            "done": ending.pages_done,
            "failed": ending.pages_failed,
        },
        "confidence": read.confidence,
        "review": list(read.review),
        "damage": damage.counts(ending.damage, done),
        **quality.signature(ending, done),
        **quality.active_content(ending),
        "concerns": dict(read.concerns),
        "languages": dict(read.languages),
        "source": _source(ending.source) if ending.source else None,
        "options": {
            "languages": ending.options.languages,
            "mode": ending.options.mode.value,
            "pages": ending.options.pages,
            "outputs": [output.value for output in ending.options.outputs],
            "codes": ending.options.codes.value,
            "unseen": ending.options.unseen,
            "pictures": ending.options.pictures,
            "engine": ending.options.engine.value,
        },
    }


def failed(page: FailedPage) -> dict[str, Any]:
    """Return a page that could not be read."""
    return {"page": page.number, "state": "failed", "error": error(page.reason)}


def error(reason: Reason) -> dict[str, Any]:
    """Return a reason as the API writes it; ``hint`` only where there is one."""
    data = {"code": reason.code, "message": reason.message, "retryable": reason.retryable}
    return data | ({"hint": reason.hint} if reason.hint else {})


def _source(file: SourceFile) -> dict[str, Any]:
    return {"sha256": file.sha256, "media_type": file.media_type, "size": file.size}
