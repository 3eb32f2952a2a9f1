"""Requests to addresses that strangers gave: to the public internet, by TLS, and nowhere else.

A name is looked up once, every address that it has must be a public one, and the connection goes
to one of these: so an answer that changes leads nowhere else (DNS rebinding). Redirects are answers
like others. No proxy of the environment is used.
"""

from __future__ import annotations

import socket
from collections.abc import Callable, Mapping, Sequence
from urllib.parse import urlsplit

import urllib3

from fanfold.ports import Posted
from fanfold.targets import UnfitUrl, check, is_public

_CONNECT_SECONDS, _READ_SECONDS = 5.0, 10.0
_MOST_READ = 64 * 1024
"""Bytes of an answer that are read, so that the connection ends in peace."""
_MOST_ADDRESSES = 3
"""Of one name, that are tried one after the other."""
_NEVER_SENT = (urllib3.exceptions.NewConnectionError, urllib3.exceptions.ConnectTimeoutError)
Resolve = Callable[[str, int], Sequence[str]]
"""Returns the addresses of a host; raises OSError."""


def looked_up(host: str, port: int) -> Sequence[str]:
    """Return the addresses of a host."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(one[4][0]) for one in found))


class UrlPoster:
    """The Poster of the ports.

    ``private``: addresses of the machine's own network are fine, too. ``resolve`` looks names up.
    """

    def __init__(self, *, private: bool = False, resolve: Resolve = looked_up) -> None:
        self._private = private
        self._resolve = resolve

    def post(self, url: str, headers: Mapping[str, str], body: bytes) -> Posted:
        """Send; return the status, or why there was none."""
        try:
            host, port = check(url, private=self._private)
            addresses = self._addresses(host, port)
        except UnfitUrl:
            return Posted(None, "TARGET_REFUSED")
        except (OSError, UnicodeError):
            return Posted(None, "NAME_NOT_FOUND")
        found = Posted(None, "NAME_NOT_FOUND")
        for address in addresses[:_MOST_ADDRESSES]:
            try:
                return Posted(self._sent(url, host, port, address, headers, body))
            except urllib3.exceptions.HTTPError as error:
                found = Posted(None, _why(error))
                if not isinstance(error, _NEVER_SENT):
                    break
        return found

    def _addresses(self, host: str, port: int) -> Sequence[str]:
        found = self._resolve(host, port)
        if not self._private and not all(is_public(one) for one in found):
            raise UnfitUrl("The address is not one of the public internet.")
        return found

    def _sent(
        self,
        url: str,
        host: str,
        port: int,
        address: str,
        headers: Mapping[str, str],
        body: bytes,
    ) -> int:
        parts = urlsplit(url)
        bounds = urllib3.Timeout(connect=_CONNECT_SECONDS, read=_READ_SECONDS)
        pool: urllib3.HTTPConnectionPool
        if parts.scheme == "https":
            pool = urllib3.HTTPSConnectionPool(
                address, port, timeout=bounds, server_hostname=host, assert_hostname=host
            )
        else:
            pool = urllib3.HTTPConnectionPool(address, port, timeout=bounds)
        with pool:
            answer = pool.urlopen(
                "POST",
                (parts.path or "/") + (f"?{parts.query}" if parts.query else ""),
                body=body,
                headers={"Host": parts.netloc, **headers},
                redirect=False,
                retries=False,
                preload_content=False,
            )
            answer.read(_MOST_READ)
            answer.close()
            return int(answer.status)


def _why(error: urllib3.exceptions.HTTPError) -> str:
    match error:
        case urllib3.exceptions.SSLError():
            return "TLS_FAILED"
        case urllib3.exceptions.NewConnectionError():  # which is a kind of timeout there
            return "NO_CONNECTION"
        case urllib3.exceptions.TimeoutError():
            return "TIMEOUT"
        case _:
            return "NO_CONNECTION"
