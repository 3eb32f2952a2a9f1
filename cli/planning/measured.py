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
    plain_cpu: float
    """CPU seconds of ``pdftoppm -r 300 | tesseract`` on the same pages in the same run."""
    puts: float
    gets: float
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
    """Bytes left in the bucket, by the first word of the key."""
    objects: float
    """Objects left in the bucket."""


@dataclass(frozen=True, slots=True)
class Measurement:
    """One run of the benchmark. Ratios travel between machines, CPU seconds do not."""

    dated: str
    machine: str
    engine: str
    """Version of the tesseract that ``Kind.plain_cpu`` is of."""
    pages: int
    kinds: Mapping[str, Kind]

    def dump(self) -> str:
        """Return the file's text."""
        return json.dumps(asdict(self), indent=2, sort_keys=True) + "\n"

    def mixed(self, share: Mapping[str, float]) -> Kind:
        """Return the page between kinds; shares add up to 1."""
        return _mixed([(weight, self.kinds[name]) for name, weight in share.items()])


def load(path: Path = MEASURED) -> Measurement:
    """Read a measurement; raise Usage where it is none."""
    try:
        data: dict[str, Any] = json.loads(path.read_text("utf-8"))
        kinds = {name: Kind(**kind) for name, kind in data.pop("kinds").items()}
        return Measurement(kinds=kinds, **data)
    except (OSError, ValueError, TypeError, KeyError, AttributeError) as error:
        raise Usage(f"{path} is no measurement (python -m bench.cost writes one).") from error


def gb_seconds(cpu: float) -> float:
    """Return what CPU seconds are billed as at any memory up to one core's."""
    return cpu * FULL_CORE_MB / 1024


def _mixed(weighted: list[tuple[float, Kind]]) -> Kind:
    mixed: dict[str, Any] = {}
    for field in fields(Kind):
        found = [(weight, getattr(kind, field.name)) for weight, kind in weighted]
        if isinstance(found[0][1], Mapping):
            keys = sorted({key for _, values in found for key in values})
            mixed[field.name] = {
                key: sum(weight * values.get(key, 0.0) for weight, values in found) for key in keys
            }
        else:
            mixed[field.name] = sum(weight * value for weight, value in found)
    return Kind(**mixed)
