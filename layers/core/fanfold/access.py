"""Who may do what: bearer tokens, of which a digest is kept and no more."""

from __future__ import annotations

import hashlib
import re
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

TENANT = "default"
"""Owner of dropped files, and of all that is sent without a token."""

TENANT_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,62}")
"""Part of keys and of queues' groups, so of few characters."""

_BITS = 256
TOKEN_PREFIX = "fanfold_"
"""By this a token is known for one where it does not belong: in a log, in a repository."""
_ID_DIGITS = 12
"""How much of the digest people say for the whole of it."""


class Scope(StrEnum):
    """What a token's holder may do with the documents of its tenant."""

    READ = "read"
    WRITE = "write"
    ADMIN = "admin"
    """Make, list and revoke tokens of the same tenant."""


@dataclass(frozen=True, slots=True)
class Token:
    """What is known of a token. Moments are milliseconds since the epoch."""

    digest: str
    tenant: str
    name: str
    scopes: tuple[Scope, ...]
    created_at: int
    used_at: int | None = None
    """About when it was last shown."""
    revoked_at: int | None = None

    @property
    def id(self) -> str:
        """What it is called in lists."""
        return self.digest[:_ID_DIGITS]


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks: the tenant whose documents they are, and what may be done with them."""

    tenant: str
    scopes: frozenset[str]


@dataclass(frozen=True, slots=True)
class Issuer:
    """Who else may say who is calling, and how that is read from its tokens.

    The keys are a JSON Web Key Set (RFC 7517), or at ``keys_url``.
    """

    name: str
    """``iss`` of its tokens, to the letter."""
    audiences: tuple[str, ...]
    """``aud`` of tokens that are meant for us; or ``client_id``, where a token has no ``aud``."""
    keys: str = ""
    keys_url: str = ""
    tenant_claim: str = "sub"
    """The claim that says the tenant; empty where all of the issuer's callers are ``default``."""
    scope_prefix: str = ""
    """What stands before ``read``, ``write`` and ``admin`` in a token's scopes."""


@dataclass(frozen=True, slots=True)
class SignIn:
    """How people get an issuer's token in a browser: OAuth 2.0's authorization code with PKCE."""

    issuer: str
    client: str
    """The web page's id with the issuer, as a client that keeps no secret."""
    url: str
    """The authorization endpoint, with what else it is to be asked in its query."""
    token_url: str
    scope: str


EVERYTHING = {"principalId": TENANT, "tenant": TENANT, "scopes": " ".join(Scope)}
"""What an authorizer would say of who asks where nobody else can: the machine's own user."""


def fresh() -> str:
    """Return a new token's text, of 256 random bits."""
    return TOKEN_PREFIX + secrets.token_urlsafe(_BITS // 8)


def digest(text: str) -> str:
    """Return what is kept of a token's text: its SHA-256. So many bits need no salt."""
    return hashlib.sha256(text.encode()).hexdigest()


def in_order(scopes: Iterable[str]) -> tuple[Scope, ...]:
    """Return scopes without repetition, in one order; raise ValueError for what is none."""
    wanted = {Scope(scope) for scope in scopes}
    return tuple(scope for scope in Scope if scope in wanted)


def token_map(token: Token) -> dict[str, Any]:
    """Write a token as a plain map, without its digest and what is not known of it."""
    said = {
        "owner": token.tenant,
        "name": token.name,
        "scopes": list(token.scopes),
        "made_at": token.created_at,
        "used_at": token.used_at,
        "revoked_at": token.revoked_at,
    }
    return {name: value for name, value in said.items() if value is not None}


def token_from(digest: str, record: Mapping[str, Any]) -> Token:
    """Read a token from its map."""

    def moment(name: str) -> int | None:
        return int(record[name]) if name in record else None

    return Token(
        digest=digest,
        tenant=str(record["owner"]),
        name=str(record["name"]),
        scopes=in_order(record["scopes"]),
        created_at=int(record["made_at"]),
        used_at=moment("used_at"),
        revoked_at=moment("revoked_at"),
    )
