r"""document.json: every page with its lines, words, boxes and confidences.

    {"format": "fanfold/1",
     "document": {"id": …, "state": "PARTIAL", "pages": {"total": 3, "done": 2, "failed": 1}, …},
     "pages": [
    {"page": 1, "width": …, "blocks": [...]},
    {"page": 2, "state": "failed", "error": {"code": "TIMEOUT", "message": …, "retryable": true}},
    {"page": 3, …}
    ]}

One page a line, so that line tools can take it apart. Pages are written as ``pagejson`` has them.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from fanfold import pagejson
from fanfold.formats import facts
from fanfold.formats.outcome import FailedPage, Outcome
from fanfold.formats.series import Series
from fanfold.model import Document, DoneMark

FORMAT = "fanfold/1"


def series(document: Document, done: Mapping[int, DoneMark]) -> Series:
    """Return how ``document`` is written; give it as it ends, with its final state and counts.

    ``done`` holds the marks of the pages that were read.
    """
    head = f'{{"format": {_json(FORMAT)},\n"document": {_json(facts.document(document, done))},\n'
    return Series(page, before=head + '"pages": [\n', between=",\n", after="\n]}\n")


def page(outcome: Outcome) -> str:
    """Return a page as one line of JSON."""
    if isinstance(outcome, FailedPage):
        return _json(facts.failed(outcome))
    return _json(pagejson.dump(outcome))


def _json(value: dict[str, Any] | str) -> str:
    return json.dumps(value, ensure_ascii=False)
