"""`fanfold extract`: from the wish of a call to results, messages and an exit code."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from pathlib import Path

from cli import output
from cli.extract import Batch, exit_code, read_all
from cli.inputs import Input
from cli.progress import Meter
from cli.report import Report
from cli.wishes import Wish
from client.answers import Status
from client.errors import ClosedPipe, Exit, Interrupted
from client.reader import Reader
from fanfold.model import Output


def extract(service: Reader, wish: Wish, meter: Meter, report: Report) -> Exit:
    """Read every document and return the worst end.

    What cannot be written fails alone; raise Interrupted, which says how to go on, after Ctrl-C.
    """
    batch = Batch(wish.inputs)
    wished = {**wish.options, "outputs": [o.value for o in wish.outputs()]}
    ended = read_all(service, batch, wished, meter, in_order=wish.printed is not None)
    try:
        return deliver(service, wish, report, ended, meter)
    except KeyboardInterrupt:
        left = [(batch.inputs[place].shown, status.id) for place, status in batch.live.items()]
        raise Interrupted(report.left(left, len(batch.waiting), lasting=service.lasting)) from None


def deliver(
    service: Reader,
    wish: Wish,
    report: Report,
    ended: Iterable[tuple[Input, Status]],
    meter: Meter,
) -> Exit:
    """Give on the results of documents as they end; return the worst end.

    Raise ClosedPipe where nobody reads them any more.
    """
    sinks, worst = list(_sinks(service, wish)), Exit.OK
    for item, status in ended:
        ends = [exit_code(status)]
        meter.aside(partial(_give, sinks, wish, report, item, status, ends))
        worst = max(worst, *ends)
    return worst


def _sinks(service: Reader, wish: Wish) -> Iterator[output.Sink]:
    if wish.printed:
        stream = output.standard_output(wish.printed, len(wish.inputs))
        titles = len(wish.inputs) > 1 and wish.printed is Output.TEXT
        yield output.Stream(service, wish.printed, stream, titles)
    if wish.planned:
        yield output.Kept(service, wish.planned)


def _give(
    sinks: Sequence[output.Sink],
    wish: Wish,
    report: Report,
    item: Input,
    status: Status,
    ends: list[Exit],
) -> None:
    files: dict[Output, Path] = {}
    failure = None
    try:
        for sink in sinks:
            files |= sink.take(item, status)
    except BrokenPipeError as error:
        raise ClosedPipe from error
    except OSError as error:
        failure = error
        ends.append(Exit.UNWRITABLE)
    missing = [o for o in wish.outputs() if status.results and o not in status.results]
    report.ended(item.shown, status, files, missing, failure)
