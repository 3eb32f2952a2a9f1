"""What stays of a page that was read: its result, its text layer, its picture, and its mark."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import NamedTuple

from fanfold import keys, pagejson, pagezip
from fanfold.messages import PageMessage
from fanfold.model import AUTO_LANGUAGES, DoneMark, Options, Page
from fanfold.pagezip import PageFiles
from fanfold.ports import ObjectStore, PageRead


class Kept(NamedTuple):
    """A page, its invisible text layer and a small picture of it, where there are any."""

    page: Page
    layer: bytes | None = None
    picture: bytes | None = None

    @classmethod
    def of(cls, read: PageRead) -> Kept:
        """Return what stays of a page that was read just now."""
        layer, picture = (
            path.read_bytes() if path else None for path in (read.layer, read.picture)
        )
        return cls(read.page, layer, picture)

    def put(self, objects: ObjectStore, message: PageMessage, options: Options) -> None:
        """Write it where the API and the fold look for it."""
        page = self.page if options.unseen else replace(self.page, unseen=())
        data = json.dumps(pagejson.dump(page), ensure_ascii=False, separators=(",", ":"))
        files = PageFiles(data.encode(), self.layer, self.picture)
        key = keys.page_result(message.document, message.run, message.page)
        objects.put(key, pagezip.pack(files), pagezip.MEDIA_TYPE)

    def mark(self, run: int, options: Options, milliseconds: int) -> DoneMark:
        """Return the page's mark."""
        page = self.page
        return DoneMark(
            run=run,
            source=page.source,
            confidence=page.confidence,
            milliseconds=milliseconds,
            review=bool(page.review),
            concerns=tuple(page.concerns),
            languages=page.languages if options.languages == AUTO_LANGUAGES else "",
            unseen=bool(page.unseen),
            damage=tuple(one.code for one in page.damage),
        )
