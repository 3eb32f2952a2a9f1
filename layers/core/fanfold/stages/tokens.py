"""Tokens: made, listed, revoked, and what a shown one says of its holder."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from fanfold import access, names
from fanfold.access import Caller, Token
from fanfold.errors import InvalidRequest, NotFound
from fanfold.ports import Clock, TokenIssuer, TokenStore

_USE_MILLISECONDS = 5 * 60 * 1000
"""How much older than this use a noted one may be, so that not each use is a write."""


@dataclass(frozen=True, slots=True)
class Tokens:
    """Gives tokens and takes them back."""

    store: TokenStore
    clock: Clock

    def create(self, tenant: str, name: str, scopes: Collection[str]) -> tuple[str, Token]:
        """Make a token; return its text, which is kept nowhere. Raises InvalidRequest."""
        if not access.TENANT_NAME.fullmatch(tenant):
            raise InvalidRequest("A tenant is named with a-z, 0-9 and hyphens, at most 63 of them.")
        try:
            wanted = access.in_order(scopes)
        except ValueError:
            wanted = ()
        if not wanted:
            raise InvalidRequest(f"A token has some of the scopes {', '.join(access.Scope)}.")
        text = access.fresh()
        digest = access.digest(text)
        made = Token(digest, tenant, names.shown(name or tenant), wanted, self.clock.now())
        self.store.put(made)
        return text, made

    def listing(self, tenant: str | None = None) -> list[Token]:
        """Return the tokens of a tenant, or of all, the newest first; revoked ones too."""
        found = [one for one in self.store.all() if tenant in (None, one.tenant)]
        return sorted(found, key=lambda one: one.created_at, reverse=True)

    def revoke(self, token_id: str, tenant: str | None = None) -> Token:
        """Take a token back, of a tenant or of any; again is no error. Raises NotFound."""
        found = [one for one in self.listing(tenant) if one.id == token_id]
        if not found:
            raise NotFound("There is no such token.")
        return self.store.revoke(found[0], self.clock.now())

    def caller(self, text: str) -> Caller | None:
        """Return who shows this text as a token, None where it is no token or a revoked one."""
        found = self.store.get(access.digest(text))
        if found is None or found.revoked_at is not None:
            return None
        now = self.clock.now()
        if found.used_at is None or now - found.used_at > _USE_MILLISECONDS:
            self.store.used(found, now)
        return Caller(found.tenant, frozenset(found.scopes))


@dataclass(frozen=True, slots=True)
class Callers:
    """Knows who shows a token, ours or another issuer's where there is one."""

    tokens: Tokens
    issuer: TokenIssuer | None

    def caller(self, text: str) -> Caller | None:
        """Return who shows this text, None for nobody. Raises what the issuer's check does."""
        if self.issuer is None or text.startswith(access.TOKEN_PREFIX):
            return self.tokens.caller(text)
        return self.issuer.caller(text)
