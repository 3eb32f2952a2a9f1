"""What a page was measured to take: ``python -m bench.cost`` writes the file that is read here."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

from client.errors import Usage

MEASURED = Path(__file__).with_name("measured.json")
FULL_CORE_MB = 1769
"""Lambda gives CPU in proportion to memory, this much for one core (AWS Lambda developer guide,
“Configure Lambda function memory”). So CPU seconds cost the same GB-seconds at any memory up to
it: CPU s × 1,769 / 1,024, which is why a measurement needs no Lambda."""


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of page, everything per page of a document of ``Measurement.pages`` pages."""

    cpu: Mapping[str, float]
    """CPU seconds by step, of the worker and all that it started."""
    calls: Mapping[str, float]
    """Requests to AWS by step, whatever the service."""
    plain_cpu: float
    """CPU seconds of ``pdftoppm -r 300 | tesseract`` on the same pages in the same run."""
    puts: float
    gets: float
    between_puts: float
    """Of ``puts``, those of what lies between original and results: ``work/`` and ``pages/``."""
    between_gets: float
    sends: float
    """Requests to SQS that send; one carries up to ten messages."""
    messages: float
    queue_bytes: float
    storage_bytes: float
    """What went to S3 and came from there, as the functions saw it."""
    log_bytes: float
    writes: float
    """DynamoDB's write units, as DynamoDB Local bills them."""
    reads: float
    stored: Mapping[str, float]
    """Bytes left in the buckets, by the first word of the key."""
    objects: Mapping[str, float]
    """Objects left there, likewise."""


@dataclass(frozen=True, slots=True)
class Measurement:
    """One run of the benchmark. Ratios travel between machines, CPU seconds do not."""

    dated: str
    machine: str
    engine: str
    """Version of the tesseract that ``Kind.plain_cpu`` is of."""
    reader: str
    """Who read, a value of the template's parameter Engine."""
    pages: int
    kinds: Mapping[str, Kind]
    """By name, per page of a document of ``pages`` pages."""
    singles: Mapping[str, Kind]
    """By the same names, per page of documents of one page."""

    def dump(self) -> str:
        """Return the file's text."""
        return json.dumps(asdict(self), indent=2, sort_keys=True) + "\n"

    def mixed(self, share: Mapping[str, float], pages: float | None = None) -> Kind:
        """Return the page between kinds, in documents of so many pages; shares add up to 1."""
        weighted = [(weight, self.kinds[name]) for name, weight in share.items()]
        if pages is not None:
            more = 1 / pages - 1 / self.pages
            weighted += [(weight * more, self.document(name)) for name, weight in share.items()]
        return _mixed(weighted)

    def document(self, name: str) -> Kind:
        """Return what a document takes beside its pages, whatever their number."""
        part = 1 / (1 - 1 / self.pages)
        return _mixed([(part, self.singles[name]), (-part, self.kinds[name])])

    def page(self, name: str) -> Kind:
        """Return what a page takes beside its share of what its document does."""
        return _mixed([(1, self.kinds[name]), (-1 / self.pages, self.document(name))])


def load(path: Path = MEASURED) -> Measurement:
    """Read a measurement; raise Usage where it is none."""
    try:
        data: dict[str, Any] = json.loads(path.read_text("utf-8"))
        kinds, singles = (
            {name: Kind(**kind) for name, kind in data.pop(part).items()}
            for part in ("kinds", "singles")
        )
        return Measurement(kinds=kinds, singles=singles, **data)
    except (OSError, ValueError, TypeError, KeyError, AttributeError) as error:
        raise Usage(f"{path} is no measurement (python -m bench.cost writes one).") from error


def gb_seconds(cpu: float) -> float:
    """Return what CPU seconds are billed as at any memory up to one core's."""
    return cpu * FULL_CORE_MB / 1024


def _mixed(weighted: list[tuple[float, Kind]]) -> Kind:
    """Return a sum of kinds; nothing becomes less than nothing by what measuring leaves open."""
    mixed: dict[str, Any] = {}
    for field in fields(Kind):
        found = [(weight, getattr(kind, field.name)) for weight, kind in weighted]
        if isinstance(found[0][1], Mapping):
            keys = sorted({key for _, values in found for key in values})
            mixed[field.name] = {
                key: max(0.0, sum(weight * values.get(key, 0.0) for weight, values in found))
                for key in keys
            }
        else:
            mixed[field.name] = max(0.0, sum(weight * value for weight, value in found))
    return Kind(**mixed)
