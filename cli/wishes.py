"""What a call asks for, and where its results go."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from cli import output
from cli.inputs import Input
from client.errors import Usage
from client.reader import PASSWORD
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
        wanted |= set(USUAL_OUTPUTS) if wanted == {Output.ZIP} else set()  # for it to hold
        return tuple(output for output in Output if output in wanted)


def wish(
    inputs: Sequence[Input],
    formats: Sequence[Output],
    out: Path | None,
    options: Mapping[str, str],
    *,
    show: bool = False,
    skip: bool = False,
) -> Wish:
    """Work out where results go; raise Usage where they cannot.

    ``out`` is a folder, or a file whose name says its format. No ``formats`` mean text on standard
    output, the usual ones in a folder; ``show`` prints the text besides writing files;
    ``skip`` leaves out inputs that have all of their results.
    """
    if out is None:
        if show:
            raise Usage("--print goes with --out DIR; without it the text is printed anyway.")
        if skip:
            raise Usage("--skip-existing goes with --out: it looks for results there.")
        if len(formats) > 1:
            raise Usage("Several formats go with --out DIR; standard output takes one.")
        return Wish(inputs, formats[0] if formats else Output.TEXT, {}, options)
    planned = _planned(inputs, formats, out)
    if skip:
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


def options(  # noqa: PLR0913 - each is one of the command line
    pages: str,
    languages: str,
    mode: Mode,
    codes: Codes | None = None,
    engine: Readers | None = None,
    *,
    unseen: bool = False,
    password: str = "",
) -> dict[str, str]:
    """Return the service's options, leaving out what nobody set."""
    given = {"pages": pages, "languages": languages, "mode": mode.value}
    given["codes"] = codes.value if codes else ""
    given["engine"] = engine.value if engine else ""
    given["unseen"] = "true" if unseen else ""
    given[PASSWORD] = password
    return {name: value for name, value in given.items() if value}
