"""The command line: the commands together, and the one place where errors become exit codes.

What takes long to import is imported by the command that needs it: `extract` of one page must not
wait for anything else.
"""

from __future__ import annotations

import errno
import sys

import click

from cli import output
from cli.commands import documents, planning, results, running, shell, tokens, upkeep, webhooks
from cli.commands.backfill import backfill
from cli.commands.extract import extract
from client.errors import CliError, ClosedPipe, Exit, Unwritable
from fanfold import __version__

_EXIT_CODES = """\
Exit codes: 0 every page was read; 1 unexpected error; 2 wrong usage, an input that cannot be
opened, or a request that was refused; 3 at least one document lacks pages; 4 at least one
document failed; 5 the service could not be reached or started; 6 a result could not be written;
7 nothing was found; 130 interrupted; 141 nobody reads the output any more."""

_UNWRITABLE = (
    *(errno.EACCES, errno.EPERM, errno.EROFS),
    *(errno.ENOSPC, errno.EDQUOT, errno.EFBIG),
)
"""What keeps a result from being written, and a person can do something about."""


class _InOrder(click.Group):
    """Lists commands as they were added, what people need first at the top."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of all commands."""
        return list(self.commands)

    def invoke(self, ctx: click.Context) -> object:
        """Run a command; what it cannot write is an error with an exit code of its own."""
        try:
            code = super().invoke(ctx)
            sys.stdout.flush()
        except BrokenPipeError as error:
            raise ClosedPipe from error
        except OSError as error:
            if error.errno not in _UNWRITABLE:
                raise
            where = error.filename or "The output"
            raise Unwritable(f"{where}: {error.strerror or error}.") from error
        return code


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
    results.get,
    results.follow,
    results.search,
    running.up,
    running.watch,
    running.cloud,
    documents.status,
    documents.retry,
    documents.unlock,
    documents.cancel,
    documents.delete,
    documents.list_,
    documents.languages,
    tokens.token,
    webhooks.webhook,
    upkeep.doctor,
    upkeep.backup,
    upkeep.restore,
    backfill,
    planning.cost,
    planning.plan,
    shell.completion,
):
    app.add_command(_command)


def main() -> None:
    """Run the command line."""
    try:
        code = app(prog_name="fanfold", standalone_mode=False)
    except click.ClickException as error:  # wrong usage
        error.show()
        code = error.exit_code
    except ClosedPipe as error:
        output.close_standard_output()
        code = error.exit
    except Unwritable as error:
        output.close_standard_output()
        code = _told(str(error), error.exit)
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
