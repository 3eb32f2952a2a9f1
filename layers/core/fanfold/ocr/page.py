"""Read one page: its text layer if that can be trusted, its picture otherwise. In the child."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from fanfold import pagejson
from fanfold.errors import PageError
from fanfold.model import AUTO_LANGUAGES, Mode, Page
from fanfold.ocr.isolation.task import Stopwatch, Task
from fanfold.ocr.layer import text, trust
from fanfold.ocr.layer.text import Judgement
from fanfold.ocr.passes import review
from fanfold.ocr.recognise import auto_language, language_id, models
from fanfold.ocr.ways import native, recognised
from fanfold.ocr.ways.look import Look, look


def prepare(
    library: str,
    tessdata: str | None,
    languages: str,
    candidates: Sequence[str] = (),
    expected: str = "",
    **_rest: object,
) -> None:
    """Load what reading will need, before the fork: of what is installed, not of the document."""
    if languages == AUTO_LANGUAGES:
        language_id.model()
        languages = auto_language.default(candidates)
    for each in filter(None, (expected, languages)):
        models.get(library, tessdata, each)


def read(**arguments: Any) -> dict[str, Any]:  # noqa: ANN401
    """Read the page that ``arguments``, the fields of a Task, describe; return it as JSON.

    Where a language must be fetched first, that is ``{"wanted": "pol"}``.
    Raises PageError subclasses.
    """
    watch = Stopwatch()
    try:
        with watch.lap("total"):
            page = _read(Task(**arguments), watch)
    except auto_language.Wanted as missing:
        return {"wanted": missing.language}
    inked = page.dpi > 0 and page.reason != recognised.NOTHING and not page.codes
    concerns, why = review.why(page, inked=inked)
    page = replace(page, concerns=concerns, review=why)
    return pagejson.dump(replace(page, timings=watch.laps))


def _read(task: Task, watch: Stopwatch) -> Page:
    with watch.lap("native"):
        seen = look(task, watch)
        judgement = text.judge(Mode(task.mode), seen.layer)
    if (
        judgement.trusted
        and task.mode == Mode.AUTO
        and trust.doubted(seen.layer, seen.pictures.share)
    ):
        with watch.lap("trust"):
            judgement = _judged_by_ink(seen)
    if task.tessdata:
        os.environ["TESSDATA_PREFIX"] = task.tessdata
    if judgement.trusted:
        return native.read(seen, judgement)
    page = recognised.read(seen, judgement.reason)
    return replace(page, layer_text=seen.layer.text if seen.layer.legible else "")


def _judged_by_ink(seen: Look) -> Judgement:
    """Judge a legible layer by the page's ink; what cannot be drawn cannot be recognised."""
    task, share = seen.task, seen.pictures.share
    try:
        evidence = trust.look(task.source, task.poppler, seen.sheet, seen.layer, task.pixels)
    except PageError as error:
        seen.leave_to_the_heavy_lane(error)
        return Judgement(True, "text layer; the page could not be drawn")
    return trust.judge(evidence, share)
