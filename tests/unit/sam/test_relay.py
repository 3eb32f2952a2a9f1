"""Bytes pass both ways, and an end on one side is an end on the other."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import pytest

from infra.sam.relay import relay


async def shout(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Answer in capitals once everything has been said."""
    writer.write((await reader.read()).upper())
    await writer.drain()
    writer.close()


@asynccontextmanager
async def relayed(near: Path, far: Path) -> AsyncIterator[None]:
    task = asyncio.create_task(relay(str(near), str(far)))
    while not near.exists():
        assert not task.done(), task.exception()
        await asyncio.sleep(0)
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def say(near: Path, words: bytes) -> bytes:
    reader, writer = await asyncio.open_unix_connection(near)
    writer.write(words)
    with suppress(OSError):
        writer.write_eof()
    answer = await reader.read()
    writer.close()
    return answer


@pytest.fixture
def room() -> Iterator[Path]:
    """A folder with a short name, whatever TMPDIR says: a socket's path may have 107 bytes."""
    with tempfile.TemporaryDirectory(dir="/tmp") as folder:
        yield Path(folder)


@pytest.mark.parametrize("words", [b"hello", b"x" * 1_000_000], ids=["few", "many"])
def test_what_one_side_says_reaches_the_other_and_its_answer_comes_back(
    room: Path, words: bytes
) -> None:
    async def scene() -> bytes:
        async with (
            await asyncio.start_unix_server(shout, room / "far"),
            relayed(room / "near", room / "far"),
        ):
            return await say(room / "near", words)

    assert asyncio.run(scene()) == words.upper()


def test_many_talk_at_once(room: Path) -> None:
    async def scene() -> list[bytes]:
        async with (
            await asyncio.start_unix_server(shout, room / "far"),
            relayed(room / "near", room / "far"),
        ):
            return await asyncio.gather(*(say(room / "near", b"%d a" % n) for n in range(20)))

    assert asyncio.run(scene()) == [b"%d A" % n for n in range(20)]


def test_who_cannot_be_put_through_is_told_by_the_end_of_the_connection(room: Path) -> None:
    async def scene() -> bytes:
        async with relayed(room / "near", room / "nobody"):
            return await say(room / "near", b"")

    assert asyncio.run(scene()) == b""
