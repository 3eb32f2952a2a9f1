"""`fanfold extract`: from the wish of a call to results, messages and an exit code."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from cli import output, render
from cli.extract import exit_code, read_all
from cli.progress import Meter
from client.answers import Status
from client.errors import Exit, Usage
from client.reader import Reader
from fanfold.model import USUAL_OUTPUTS, Codes, Mode, Output, Readers


@dataclass(frozen=True, slots=True)
class Wish:
    """What a call asks for.

    No ``formats`` mean text on standard output, the usual ones in a folder; ``show`` prints the
    text besides writing files.
    """

    paths: Sequence[Path]
    formats: Sequence[Output]
    folder: Path | None
    show: bool
    options: Mapping[str, str]

    def __post_init__(self) -> None:
        """Raise Usage for what goes with a folder only."""
        if self.folder is None and self.show:
            raise Usage("--print goes with --out DIR; without it the text is printed anyway.")
        if self.folder is None and len(self.formats) > 1:
            raise Usage("Several formats go with --out DIR; standard output takes one.")

    def outputs(self) -> tuple[Output, ...]:
        """Return the formats that the service has to make."""
        if self.folder is None:
            return (self.printed,)
        wanted = {*self.files, *([Output.TEXT] if self.show else [])}
        return tuple(output for output in Output if output in wanted)

    @property
    def files(self) -> tuple[Output, ...]:
        """The formats that are written into the folder."""
        return tuple(self.formats) or USUAL_OUTPUTS

    @property
    def printed(self) -> Output:
        """The format on standard output."""
        return Output.TEXT if self.folder or not self.formats else self.formats[0]


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


def extract(service: Reader, wish: Wish, meter: Meter) -> Exit:
    """Read every document and return the worst end."""
    sinks = _sinks(service, wish)
    wished = {**wish.options, "outputs": [o.value for o in wish.outputs()]}
    worst = Exit.OK
    for path, status in read_all(service, wish.paths, wished, meter):
        meter.aside(partial(_deliver, sinks, wish, path, status))
        worst = max(worst, exit_code(status))
    return worst


def _sinks(service: Reader, wish: Wish) -> list[output.Sink]:
    sinks: list[output.Sink] = []
    several = len(wish.paths) > 1
    if wish.folder is None or wish.show:
        stream = output.standard_output(wish.printed, len(wish.paths))
        titles = several and wish.printed is Output.TEXT
        sinks.append(output.Stream(service, wish.printed, stream, titles))
    if wish.folder is not None:
        stems = output.plan(wish.paths, wish.folder)
        sinks.append(output.Folder(service, wish.folder, wish.files, stems))
    return sinks


def _deliver(sinks: list[output.Sink], wish: Wish, path: Path, status: Status) -> None:
    files = [file for sink in sinks for file in sink.take(path, status)]
    missing = [o for o in wish.outputs() if status.results and o not in status.results]
    lines = render.troubles(str(path), status)
    lines += [f"{path}: there is no {form} result" for form in missing]
    lines += [f"{path}: {render.written(files)}"] if files else []
    for line in lines:
        sys.stderr.write(f"{line}\n")
