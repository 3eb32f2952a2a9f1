"""`fanfold extract`: from the wish of a call to results, messages and an exit code."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from cli import output, render
from cli.answers import Status
from cli.extract import exit_code, read_all
from cli.outcome import Exit
from cli.progress import Meter
from cli.service import Service
from fanfold.model import Codes, Mode, Output


@dataclass(frozen=True, slots=True)
class Wish:
    """What a call asks for.

    ``output`` None means text on standard output, every format in a folder; ``show`` prints the
    text besides writing files.
    """

    paths: Sequence[Path]
    output: Output | None
    folder: Path | None
    show: bool
    options: Mapping[str, str]

    def outputs(self) -> tuple[Output, ...]:
        """Return the formats that the service has to make."""
        if self.folder is None:
            return (self.output or Output.TEXT,)
        wanted = {self.output} if self.output else set(Output)
        return tuple(o for o in Output if o in wanted or (self.show and o is Output.TEXT))


def options(pages: str, languages: str, mode: Mode, codes: Codes | None = None) -> dict[str, str]:
    """Return the service's options, leaving out what nobody set."""
    given = {"pages": pages, "languages": languages, "mode": mode.value}
    given["codes"] = codes.value if codes else ""
    return {name: value for name, value in given.items() if value}


def extract(service: Service, wish: Wish, meter: Meter) -> Exit:
    """Read every document and return the worst end."""
    sinks = _sinks(service, wish)
    wished = {**wish.options, "outputs": [o.value for o in wish.outputs()]}
    worst = Exit.OK
    for path, status in read_all(service, wish.paths, wished, meter):
        meter.aside(partial(_deliver, sinks, wish, path, status))
        worst = max(worst, exit_code(status))
    return worst


def _sinks(service: Service, wish: Wish) -> list[output.Sink]:
    sinks: list[output.Sink] = []
    several = len(wish.paths) > 1
    if wish.folder is None or wish.show:
        form = Output.TEXT if wish.folder else wish.output or Output.TEXT
        stream = output.standard_output(form, len(wish.paths))
        sinks.append(output.Stream(service, form, stream, several and form is Output.TEXT))
    if wish.folder is not None:
        wanted = (wish.output,) if wish.output else tuple(Output)
        stems = output.plan(wish.paths, wish.folder)
        sinks.append(output.Folder(service, wish.folder, wanted, stems))
    return sinks


def _deliver(sinks: list[output.Sink], wish: Wish, path: Path, status: Status) -> None:
    files = [file for sink in sinks for file in sink.take(path, status)]
    missing = [o for o in wish.outputs() if status.results and o not in status.results]
    lines = render.troubles(str(path), status)
    lines += [f"{path}: there is no {form} result" for form in missing]
    lines += [f"{path}: {render.written(files)}"] if files else []
    for line in lines:
        sys.stderr.write(f"{line}\n")
