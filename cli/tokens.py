"""`fanfold token`: the tokens of a deployed stack, or of a data folder."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from client.errors import Refused, Unreachable, Usage
from fanfold.errors import RequestError, Unavailable
from infra.machine import data

if TYPE_CHECKING:
    from fanfold.access import Token
    from fanfold.stages.tokens import Tokens


@contextmanager
def at(stack: str | None, folder: Path | None) -> Iterator[Tokens]:
    """Give what knows the tokens of a place; turn its errors into those of commands."""
    if stack and folder:
        raise Usage("A token is one of a stack, or of a data folder: name one of them.")
    try:
        with _of_stack(stack) if stack else _of_folder(folder or data.default()) as tokens:
            yield tokens
    except RequestError as error:
        raise Refused(error.code, str(error)) from error
    except Unavailable as error:
        raise Unreachable(str(error)) from error


@contextmanager
def _of_stack(stack: str) -> Iterator[Tokens]:
    try:
        from infra.ops import tokens  # noqa: PLC0415 - imports boto3
        from infra.ops.stacks import NoSuchStack  # noqa: PLC0415 - as above
    except ImportError as error:
        raise Unreachable("A stack's tokens need more: pip install 'fanfold[cloud]'") from error
    try:
        found = tokens.of_stack(stack)
    except NoSuchStack as error:
        raise Unreachable(str(error)) from error
    yield found


@contextmanager
def _of_folder(folder: Path) -> Iterator[Tokens]:
    from infra.machine import tokens  # noqa: PLC0415 - imports the stages

    try:
        with tokens.opened(folder) as found:
            yield found
    except data.DataError as error:
        raise Usage(str(error)) from error


def table(tokens: list[Token]) -> str:
    """Return a line for each token: id, tenant, scopes, name, when it was made and used."""
    return "\n".join(map(line, tokens)) or "There are no tokens."


def line(token: Token) -> str:
    """Describe a token on one line."""
    last = f"used {_day(token.used_at)}" if token.used_at else "never used"
    state = f"revoked {_day(token.revoked_at)}" if token.revoked_at else last
    return "  ".join(
        [
            token.id,
            f"{token.tenant:12}",
            f"{'+'.join(token.scopes):16}",
            f"made {_day(token.created_at)}, {state}",
            token.name,
        ]
    )


def _day(moment: int) -> str:
    return datetime.fromtimestamp(moment / 1000, UTC).strftime("%Y-%m-%d")
