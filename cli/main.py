"""The command line: the commands together, and the one place where errors become exit codes.

What takes long to import is imported by the command that needs it: `extract` of one page must not
wait for anything else.
"""

from __future__ import annotations

import sys

import click

from cli.commands import documents, planning, running, tokens, upkeep
from cli.commands.extract import extract
from client.errors import CliError, Exit
from fanfold import __version__

_EXIT_CODES = """\
Exit codes: 0 every page was read; 1 unexpected error; 2 wrong usage, an input that cannot be
opened, or a request that was refused; 3 at least one document lacks pages; 4 at least one
document failed; 5 the service could not be reached or started; 130 interrupted."""


class _InOrder(click.Group):
    """Lists commands as they were added, what people need first at the top."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of all commands."""
        return list(self.commands)


@click.group(
    cls=_InOrder, epilog=_EXIT_CODES, context_settings={"help_option_names": ["-h", "--help"]}
)
@click.version_option(
    __version__, prog_name="fanfold", help="Print the version.", message="%(prog)s %(version)s"
)
def app() -> None:
    """Turn documents into text, page by page."""


extract.epilog = _EXIT_CODES
for _command in (
    extract,
    running.up,
    running.watch,
    running.cloud,
    documents.status,
    documents.retry,
    documents.cancel,
    documents.delete,
    documents.list_,
    documents.languages,
    tokens.token,
    upkeep.doctor,
    upkeep.backup,
    upkeep.restore,
    planning.cost,
    planning.plan,
):
    app.add_command(_command)


def main() -> None:
    """Run the command line."""
    try:
        code = app(prog_name="fanfold", standalone_mode=False)
    except click.ClickException as error:  # wrong usage
        error.show()
        code = error.exit_code
    except CliError as error:
        code = _told(str(error), error.exit)
    except click.Abort:
        code = _told("interrupted", Exit.INTERRUPTED)
    except Exception as error:
        code = _told(f"unexpected {type(error).__name__}: {error}", Exit.UNEXPECTED)
    sys.exit(code or Exit.OK)


def _told(message: str, code: Exit) -> Exit:
    click.echo(f"fanfold: {message}", err=True)
    return code
