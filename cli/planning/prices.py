"""The price table: prices.toml is the only place where a price stands."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from client.errors import Usage

TABLE = Path(__file__).with_name("prices.toml")


@dataclass(frozen=True, slots=True)
class Prices:
    """Dollars by ``service.unit``, as they were on a day in a region."""

    dated: str
    region: str
    dollars: Mapping[str, float]

    def __getitem__(self, name: str) -> float:
        """Return a price such as ``s3.put``."""
        return self.dollars[name]


def load(path: Path = TABLE) -> Prices:
    """Read the table; raise Usage where it is none."""
    try:
        data = tomllib.loads(path.read_text("utf-8"))
        return Prices(
            dated=str(data.pop("dated")),
            region=str(data.pop("region")),
            dollars={
                f"{service}.{unit}": float(price)
                for service, units in data.items()
                for unit, price in units.items()
            },
        )
    except (OSError, ValueError, TypeError, KeyError, AttributeError) as error:
        raise Usage(f"{path} is no price table: {error!r}.") from error
