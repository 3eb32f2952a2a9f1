"""`fanfold extract`: from the wish of a call to results, messages and an exit code."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from cli import output
from cli.extract import Batch, exit_code, read_all
from cli.inputs import Input
from cli.progress import Meter
from cli.report import Report
from client.answers import Status
from client.errors import ClosedPipe, Exit, Interrupted, Usage
from client.reader import Reader
from fanfold.model import USUAL_OUTPUTS, Codes, Mode, Output, Readers


@dataclass(frozen=True, slots=True)
class Wish:
    """What a call asks for.

    ``printed`` is the format on standard output, None where it is left alone; ``planned`` has the
    files of every input.
    """

    inputs: Sequence[Input]
    printed: Output | None
    planned: Mapping[Input, output.Files]
    options: Mapping[str, str]

    def outputs(self) -> tuple[Output, ...]:
        """Return the formats that the service has to make."""
        wanted = {output for files in self.planned.values() for output in files}
        wanted |= {self.printed} if self.printed else set()
        return tuple(output for output in Output if output in wanted)


def wish(
    inputs: Sequence[Input],
    formats: Sequence[Output],
    out: Path | None,
    options: Mapping[str, str],
    *,
    show: bool = False,
    skip_existing: bool = False,
) -> Wish:
    """Work out where results go; raise Usage where they cannot.

    ``out`` is a folder, or a file whose name says its format. No ``formats`` mean text on standard
    output, the usual ones in a folder; ``show`` prints the text besides writing files;
    ``skip_existing`` leaves out inputs that have all of their results.
    """
    if out is None:
        if show:
            raise Usage("--print goes with --out DIR; without it the text is printed anyway.")
        if skip_existing:
            raise Usage("--skip-existing goes with --out: it looks for results there.")
        if len(formats) > 1:
            raise Usage("Several formats go with --out DIR; standard output takes one.")
        return Wish(inputs, formats[0] if formats else Output.TEXT, {}, options)
    planned = _planned(inputs, formats, out)
    if skip_existing:
        planned = {item: files for item, files in planned.items() if not _all_there(files)}
    output.check(path for files in planned.values() for path in files.values())
    return Wish(tuple(planned), Output.TEXT if show else None, planned, options)


def _planned(
    inputs: Sequence[Input], formats: Sequence[Output], out: Path
) -> dict[Input, dict[Output, Path]]:
    named = None if out.is_dir() else output.format_of(out)
    if named is None:
        if out.exists() and not out.is_dir():
            raise Usage(f"{out} is there already and no folder, and its name says no format.")
        return output.plan(inputs, tuple(formats) or USUAL_OUTPUTS, out)
    if len(inputs) > 1:
        raise Usage(f"{out} is one file, and there are {len(inputs)} to read; name a folder.")
    if any(chosen is not named for chosen in formats):
        raise Usage(f"{out.name} is the name of a result in {named}; leave out --format.")
    if out.resolve() == inputs[0].path.resolve():
        raise Usage(f"{out} would be overwritten; give its result another name.")
    return {inputs[0]: {named: out}}


def _all_there(files: output.Files) -> bool:
    return all(path.exists() for path in files.values())


def options(
    pages: str,
    languages: str,
    mode: Mode,
    codes: Codes | None = None,
    engine: Readers | None = None,
    *,
    unseen: bool = False,
) -> dict[str, str]:
    """Return the service's options, leaving out what nobody set."""
    given = {"pages": pages, "languages": languages, "mode": mode.value}
    given["codes"] = codes.value if codes else ""
    given["engine"] = engine.value if engine else ""
    given["unseen"] = "true" if unseen else ""
    return {name: value for name, value in given.items() if value}


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
