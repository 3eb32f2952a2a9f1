"""A picture of 9,000 by 9,000 pixels through the whole flow, within template.yaml's limits."""

from __future__ import annotations

import pytest
from PIL import Image

from fanfold.model import Output, State
from tests.data import pictures, prose
from tests.hostile import lanes
from tests.hostile.memory import Gauge
from tests.hostile.trial import Trial

SIDE = 9000
SMALL = 1500


@pytest.fixture
def gauge():
    gauge = Gauge()
    yield gauge
    gauge.stop()


def test_a_page_of_9000_by_9000_is_read_within_its_lanes_memory(tmp_path, gauge, capsys):
    small = pictures.bilevel(prose.NOTICE, (SMALL, SMALL))
    data = pictures.encode(small.resize((SIDE, SIDE), Image.Resampling.NEAREST), "PNG")
    with lanes.opened(tmp_path, 120.0) as opened:
        house = Trial(tmp_path / "work", opened, "")
        document = house.take(data)
        most = sum(lane.engine.memory_bytes for lane in (opened.intake, opened.split))
        most += opened.heavy.engine.memory_bytes
    failed = house.store.shards(document)[0].failed
    assert (document.state, failed) == (State.SUCCEEDED, {})
    assert "reading room" in house.result(document, Output.TEXT)
    assert gauge.peak < most
    with capsys.disabled():
        print(f" [peak {gauge.peak >> 20} MB]", end="")
