"""What a page costs beyond its own price that the heavy lane's second reader reads, too."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from cli.planning.bill import Deployed, Line, Wish
from cli.planning.measured import FULL_CORE_MB, gb_seconds
from cli.planning.prices import Prices

MEASURED = Path(__file__).with_name("second.json")

LANE = "page-heavy"

_UNITS = 2.0
"""DynamoDB's write units of the note that the heavy lane began: those of a page's mark."""

_READS = 1.5
"""Its read units: those of the document and, where that is asked, the shard."""


@dataclass(frozen=True, slots=True)
class Measured:
    """Per page: CPU seconds in the heavy lane and of ``pdftoppm -r 300 | tesseract``.

    ``left_bytes`` is what the ordinary lane leaves for the other; ``pages`` how many were measured.
    """

    dated: str
    pages: int
    cpu: float
    plain_cpu: float
    left_bytes: float


def load(path: Path = MEASURED) -> Measured:
    """Read what ``python -m bench.second`` wrote."""
    return Measured(**json.loads(path.read_text("utf-8")))


def page(deployed: Deployed, prices: Prices, wish: Wish) -> list[Line]:
    """Return the lines of such a page, beyond what any scan costs."""
    found, memory = load(), deployed.steps[LANE].memory
    # One thread reads: what is above one core's memory waits beside it, and is paid as well.
    computing = gb_seconds(found.cpu) * max(1.0, memory / FULL_CORE_MB)
    waiting = wish.waiting * memory / 1024
    return [
        Line(
            f"Lambda {LANE}", computing + waiting, "GB-s",
            prices[f"lambda.gb_second_{wish.architecture}"],
        ),
        Line("Lambda requests", 1, "requests", prices["lambda.request"]),
        Line("S3 PUT", 1, "requests", prices["s3.put"]),
        Line("S3 GET", 2, "requests", prices["s3.get"]),
        Line("SQS", 3, "requests", prices["sqs.request"]),
        Line("DynamoDB writes", _UNITS, "units", prices["dynamodb.write"]),
        Line("DynamoDB reads", _READS, "units", prices["dynamodb.read"]),
    ]  # fmt: skip
