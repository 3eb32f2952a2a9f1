"""What `make sam-local` invokes, here with the embedded cloud's workers instead of containers."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from cli import tools
from infra.rehearsal.runner import Pool, environment
from infra.sam import flow, house
from infra.sam.house import House
from infra.template.names import Place

ROOT = Path(__file__).parents[3]
TEMPLATE = ROOT / "template.yaml"
Invoke = Callable[[flow.Call], Any]


@pytest.fixture
def place() -> Iterator[House]:
    with house.opened(TEMPLATE) as place:
        yield place


@pytest.fixture
def invoke(place: House) -> Iterator[Invoke]:
    functions = house.functions(TEMPLATE, place.url, {})
    extra = tools.find().environment
    pools: dict[str, Pool] = {}

    def invoke(call: flow.Call) -> Any:
        function = functions[call.function]
        if call.function not in pools:
            variables = environment(function, Place(place.url), TEMPLATE, extra)
            del variables["FANFOLD_DELIVERY"]  # the template says nothing of it
            pools[call.function] = Pool(function, variables, 1, log)
        return pools[call.function].invoke(call.payload)

    log = os.open(os.devnull, os.O_WRONLY)
    yield invoke
    for pool in pools.values():
        pool.close()
    for pool in pools.values():
        pool.join()
    os.close(log)


def sample(folder: Path) -> flow.Sample:
    data = (folder / "scan.pdf").read_bytes()
    return flow.Sample(data, first=("lighthouse",), second=("scaffolding,",))


def test_every_function_takes_every_event(place: House, invoke: Invoke, samples: Path) -> None:
    invoked = []
    for call in flow.calls(place, sample(samples)):
        invoked.append(call)
        assert call.check(invoke(call)) == "", call.event
    assert {call.event for call in invoked} == {p.stem for p in (ROOT / "events").glob("*.json")}
    assert {call.function for call in invoked} == set(house.functions(TEMPLATE, place.url, {}))


def test_a_function_that_passes_nothing_on_is_found_out(place: House, samples: Path) -> None:
    calls = flow.calls(place, sample(samples))
    assert next(calls).function == "IntakeFunction"
    with pytest.raises(flow.Stuck, match="0 messages wait for SplitFunction"):
        next(calls)


def test_a_page_that_says_something_else_is_found_out(
    place: House, invoke: Invoke, samples: Path
) -> None:
    wrong = flow.Sample(sample(samples).data, ("aeroplane",), ())
    for call in flow.calls(place, wrong):
        if call.function == "PageFunction":
            assert call.check(invoke(call)).endswith("does not say aeroplane")
            return
        invoke(call)


def test_a_refused_request_is_found_out() -> None:
    assert flow.answers(200)({"statusCode": 200}) == ""
    assert "503" in flow.answers(200)({"statusCode": 503})
    assert flow.done({"batchItemFailures": [{"itemIdentifier": "1"}]})
    assert flow.nothing({})


def test_a_function_that_fails_is_told_by_its_reason_alone() -> None:
    answer = {"errorType": "KeyError", "errorMessage": "'TABLE'", "stackTrace": ["…"]}
    assert flow.done(answer) == "KeyError: 'TABLE'"
