"""Join stream sockets byte by byte: python relay.py LISTEN CONNECT.

An address is HOST:PORT or the path of a Unix socket. Only the standard library is used, because
one of two relays runs in the functions' own image. Together they let containers reach a server
that listens on loopback, and nothing of the host listens anywhere else:

    function ── network of the containers ── relay ── Unix socket ── relay ── 127.0.0.1
"""

from __future__ import annotations

import asyncio
import sys
from contextlib import suppress
from pathlib import Path

_CHUNK = 65536


async def relay(listen: str, connect: str) -> None:
    """Serve until cancelled."""

    async def join(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            far_reader, far_writer = await _open(connect)
        except OSError:
            writer.close()
            return
        await asyncio.gather(_pump(reader, far_writer), _pump(far_reader, writer))
        for each in (writer, far_writer):
            each.close()
            with suppress(OSError):
                await each.wait_closed()

    if _is_path(listen):
        server = await asyncio.start_unix_server(join, listen)
    else:
        server = await asyncio.start_server(join, *_host_and_port(listen))
    async with server:
        await server.serve_forever()


async def _open(address: str) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    if _is_path(address):
        return await asyncio.open_unix_connection(address)
    return await asyncio.open_connection(*_host_and_port(address))


async def _pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Copy until the end, then end the other side's stream, too."""
    with suppress(OSError):
        while data := await reader.read(_CHUNK):
            writer.write(data)
            await writer.drain()
        if writer.can_write_eof():
            writer.write_eof()


def _is_path(address: str) -> bool:
    return Path(address).is_absolute()


def _host_and_port(address: str) -> tuple[str, int]:
    host, _, port = address.rpartition(":")
    return host, int(port)


if __name__ == "__main__":
    with suppress(KeyboardInterrupt):
        asyncio.run(relay(*sys.argv[1:3]))
