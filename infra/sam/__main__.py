"""Run every function by `sam local invoke`: python -m infra.sam.

Needs what `sam build` made, and Docker. Ends with 0 if every function did what it should, 1 if
one did not, 69 (EX_UNAVAILABLE) where something is missing.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path

from infra import ROOT
from infra.sam import flow, hand, house, report
from infra.sam.engine import Engine, Network, Unavailable
from infra.sam.invoke import NoAnswer, Sam
from infra.sam.memory import PeakMemory
from infra.sam.report import Result
from infra.template.names import REGION

_BUILT = ROOT / ".aws-sam/build/template.yaml"
SAMPLE = ROOT / "tests/data/generated/scan.pdf"
FIRST_PAGE = ("lighthouse", "numbered", "causeway")
SECOND_PAGE = ("scaffolding,", "memory,", "granite.")
"""Words of the sample's first two pages."""
_IMAGE = "public.ecr.aws/lambda/python:3.13-{}"
_HOST = "aws.localhost"
"""The embedded AWS answers to names of this machine only; a bucket's is BUCKET.aws.localhost."""
_UNAVAILABLE = 69
_INTERRUPTED = 130


def main() -> int:
    """Invoke, print the table, return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m infra.sam", description=__doc__)
    parser.add_argument("--template", type=Path, default=_BUILT, help="what `sam build` made")
    parser.add_argument("--by-hand", action="store_true", help="say what to run, one by one")
    asked = parser.parse_args()
    results: list[Result] = []
    stuck = False
    try:
        with ExitStack() as stack:
            for result in _results(asked.template.resolve(), stack, by_hand=asked.by_hand):
                results.append(result)
    except Unavailable as error:
        _say(str(error))
        return _UNAVAILABLE
    except (KeyboardInterrupt, EOFError):
        return _INTERRUPTED
    except flow.Stuck as error:
        _say(str(error))
        stuck = True
    if not asked.by_hand:
        print(report.table(results))
    return 1 if stuck or any(result.problem for result in results) else 0


def _results(template: Path, stack: ExitStack, *, by_hand: bool) -> Iterator[Result]:
    """Yield what came of each call; what runs for that ends with ``stack``."""
    if not template.exists():
        raise Unavailable(f"{template} is not there. Run: make build")
    architecture = os.environ.get("ARCHITECTURE", "x86_64")
    image = _IMAGE.format(architecture)
    engine = Engine()
    _say(f"{image} is {engine.provide(image)}")
    place = stack.enter_context(house.opened(template))
    network = stack.enter_context(engine.reaching(place.url.partition("//")[2], image))
    parameters = {"Architecture": architecture, "AwsEndpointUrl": f"http://{_HOST}:{network.port}"}
    functions = house.functions(template, parameters["AwsEndpointUrl"], parameters)
    sam = Sam(
        template=template,
        variables={name: function.environment for name, function in functions.items()},
        host=place.url,
        region=REGION,
        options=(
            *_network_options(network, place.bucket, place.derived),
            *_parameter_options(parameters),
        ),
        folder=Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="fanfold-sam-"))),
    )
    calls = flow.calls(place, sample())
    if by_hand:
        hand.steps(sam, calls)
        return
    for call in calls:
        yield _invoke(engine, sam, call, functions[call.function].memory)


def _invoke(engine: Engine, sam: Sam, call: flow.Call, limit: int) -> Result:
    _say(f"{call.function} takes events/{call.event}.json")
    watch = PeakMemory(engine.client, call.function)
    watch.start()
    try:
        outcome = sam.invoke(call.function, call.payload)
    except NoAnswer as error:
        print(error, file=sys.stderr)
        return Result(call.function, call.event, limit, watch.end(), None, "no answer")
    peak = watch.end()
    problem = call.check(outcome.answer)
    return Result(call.function, call.event, limit, peak, outcome.milliseconds, problem)


def _network_options(network: Network, *buckets: str) -> Iterator[str]:
    yield from ("--docker-network", network.name)
    for name in (_HOST, *(f"{bucket}.{_HOST}" for bucket in buckets)):
        yield from ("--add-host", f"{name}:{network.address}")


def _parameter_options(parameters: Mapping[str, str]) -> Iterator[str]:
    yield "--parameter-overrides"
    yield from (f"{name}={value}" for name, value in parameters.items())


def sample() -> flow.Sample:
    """Return the document that is sent on its way, generated if need be."""
    if not SAMPLE.exists():
        make = (sys.executable, str(ROOT / "tests/data/samples.py"))
        subprocess.run(make, check=True, stdout=subprocess.DEVNULL)
    return flow.Sample(SAMPLE.read_bytes(), FIRST_PAGE, SECOND_PAGE)


def _say(text: str) -> None:
    print(f"sam-local: {text}", file=sys.stderr)


if __name__ == "__main__":
    sys.exit(main())
