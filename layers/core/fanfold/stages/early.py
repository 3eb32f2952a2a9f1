"""What the ordinary lane has read of a page that the heavy lane can read better.

It lies under ``work/``, in one object. The heavy lane goes on with what tesseract has read, and the
page as it was read stands where that lane fails.
"""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fanfold import keys, pagejson
from fanfold.messages import PageMessage
from fanfold.model import Options, Shard
from fanfold.ports import DocumentStore, ObjectStore, PageRead
from fanfold.stages.kept import Kept


@dataclass(frozen=True, slots=True)
class Early:
    """Keeps pages for the heavy lane."""

    store: DocumentStore
    objects: ObjectStore

    def leave(self, message: PageMessage, read: PageRead, left: Path) -> None:
        """Keep a page that was read, and what the heavy lane goes on with."""
        kept = Kept.of(read)
        data = {
            "page": pagejson.dump(kept.page),
            "layer": _text(kept.layer),
            "picture": _text(kept.picture),
            "left": json.loads(left.read_bytes()),
        }
        body = json.dumps(data, ensure_ascii=False, separators=(",", ":")).encode()
        self.objects.put(_key(message), body, "application/json")

    def given(self, message: PageMessage, folder: Path) -> Path | None:
        """Write what the ordinary lane has left of a page to a file in ``folder``, if anything."""
        data = self._get(message)
        if data is None:
            return None
        path = folder / "given.json"
        path.write_text(json.dumps(data["left"]), encoding="utf-8")
        return path

    def stands(self, message: PageMessage, options: Options) -> Shard | None:
        """Mark a page as the ordinary lane has read it; None if it has not, or not in this run."""
        data = self._get(message)
        if data is None:
            return None
        page = pagejson.load(data["page"])
        kept = Kept(page, _bytes(data["layer"]), _bytes(data["picture"]))
        kept.put(self.objects, message, options)
        mark = kept.mark(message.run, options, page.timings.get("total", 0))
        return self.store.mark_done(message.document, message.run, message.page, mark)

    def _get(self, message: PageMessage) -> dict[str, Any] | None:
        data = self.objects.get(_key(message))
        return None if data is None else dict(json.loads(data))


def _key(message: PageMessage) -> str:
    return keys.early_page(message.document, message.run, message.page)


def _text(data: bytes | None) -> str:
    return base64.b64encode(data or b"").decode()


def _bytes(text: str) -> bytes | None:
    return base64.b64decode(text) or None
