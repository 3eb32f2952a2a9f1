"""Read one page: its text layer if that can be trusted, its picture otherwise. In the child."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from fanfold import damage, pagejson
from fanfold.errors import PageDamaged
from fanfold.model import AUTO_LANGUAGES, Page
from fanfold.ocr.document import condition, elsewhere
from fanfold.ocr.isolation import programs
from fanfold.ocr.isolation.task import Stopwatch, Task
from fanfold.ocr.passes import leaving_out, review
from fanfold.ocr.recognise import auto_language, language_id, models
from fanfold.ocr.ways import checks, native, recognised, shown
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
            page = _examined(Task(**arguments), watch)
    except auto_language.Wanted as missing:
        return {"wanted": missing.language}
    return pagejson.dump(replace(page, timings=watch.laps))


def _examined(task: Task, watch: Stopwatch) -> Page:
    """Read the page, and say what is broken of it and why somebody should look at it.

    Raises PageDamaged for a broken page without words.
    """
    leaving_out.check(task.without)
    with programs.listening() as complaints:
        with watch.lap("native"):
            seen = look(task, watch)
        checked = _checked(seen)
        page = _read(seen, checked)
    shown.leave(seen)
    broken = damage.of(seen.paper.damage | condition.heard(complaints))
    if broken and not page.words and not page.codes:
        raise PageDamaged
    inked = page.dpi > 0 and page.reason != recognised.NOTHING and not page.codes
    place = seen.paper.elsewhere or elsewhere.asks_to_wait(" ".join(w.text for w in page.words))
    undrawn = checked.undrawn if checked.judgement.trusted else 0
    concerns, why = review.why(page, inked=inked, undrawn=undrawn, place=place)
    told = "; ".join(filter(None, [why, *(one.message for one in broken)]))
    return replace(page, damage=broken, concerns=concerns, review=told)


def _checked(seen: Look) -> checks.Checked:
    if seen.task.tessdata:
        os.environ["TESSDATA_PREFIX"] = seen.task.tessdata
    return checks.checked(seen)


def _read(seen: Look, checked: checks.Checked) -> Page:
    if checked.judgement.trusted:
        return native.read(checked)
    page = recognised.read(seen, checked.judgement.reason)
    layer = checked.look.layer
    return replace(page, layer_text=layer.text if layer.legible else "")
