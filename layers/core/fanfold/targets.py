"""Which addresses may be called that strangers gave: those of the public internet, by TLS."""

from __future__ import annotations

import ipaddress
import socket
from ipaddress import IPv4Address, IPv6Address
from urllib.parse import urlsplit

HTTPS_PORT, HTTP_PORT = 443, 80
_EMBEDDING = tuple(map(ipaddress.ip_network, ("64:ff9b::/96", "2002::/16", "2001::/32")))
"""IPv6 addresses that lead to IPv4 ones (NAT64, 6to4, Teredo)."""


class UnfitUrl(ValueError):
    """An address that no event is sent to; says why."""


def is_public(address: str) -> bool:
    """Return whether an address is one of the public internet's, for one receiver."""
    try:
        ip = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(ip, IPv6Address):
        if ip.ipv4_mapped:
            return is_public(str(ip.ipv4_mapped))
        if any(ip in network for network in _EMBEDDING):
            return False
    return ip.is_global and not ip.is_multicast and not _is_odd(ip)


def _is_odd(ip: IPv4Address | IPv6Address) -> bool:
    return ip.is_reserved or ip.is_unspecified or ip.is_loopback or ip.is_link_local


def check(url: str, *, private: bool) -> tuple[str, int]:
    """Return host and port of an address that may be sent to; raise UnfitUrl.

    Only by its looks: where a name leads is seen when it is called. ``private``: plain HTTP, other
    ports and private addresses are fine.
    """
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError as error:
        raise UnfitUrl(f"This is no address: {error}.") from None
    if parts.scheme not in (("https", "http") if private else ("https",)):
        raise UnfitUrl("An address begins with https://.")
    if not host or parts.username is not None or parts.fragment or not url.isprintable():
        raise UnfitUrl("An address has a host, no user and no fragment.")
    port = port or (HTTPS_PORT if parts.scheme == "https" else HTTP_PORT)
    if not private and port != HTTPS_PORT:
        raise UnfitUrl("An address has port 443.")
    if not private and ((_is_number(host) and not is_public(host)) or _is_local(host)):
        raise UnfitUrl("The address is not one of the public internet.")
    return host, port


def _is_local(host: str) -> bool:
    bare = host.rstrip(".").lower()
    return bare == "localhost" or bare.endswith((".localhost", ".local", ".internal"))


def _is_number(host: str) -> bool:
    """Whether a host is an address, also as old programs write it (``0x7f.1``, ``2130706433``)."""
    try:
        socket.inet_aton(host)
    except (OSError, UnicodeError):
        return ":" in host
    return True
