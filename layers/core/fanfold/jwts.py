"""Access tokens of another issuer: signed JSON Web Tokens (RFC 7519, RFC 9068), checked by PyJWT.

Imported where there is an issuer: only the authorizer's layer has the library.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from typing import Any

import jwt
from jwt import PyJWK

from fanfold.access import TENANT, TENANT_NAME, Caller, Issuer, Scope

ALGORITHMS = (
    "RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA",
)  # fmt: skip
"""Signatures by a private key. With ``none`` or a shared secret whoever knows the public keys
could make tokens (RFC 8725, 2.1)."""

_LEEWAY = 30
"""Seconds by which clocks may differ."""
_FETCH_SECONDS = 4.0
"""Maximum of a wait for the issuer's keys, of the authorizer's ten."""
_OTHER_TENANT = "jwt-"
_JWS = re.compile(r"[\w-]+\.[\w-]+\.[\w-]+", re.ASCII)


class UnfitIssuer(ValueError):
    """The settings of an issuer lack something, or are none."""


class JwtVerifier:
    """Knows the callers of one issuer."""

    def __init__(self, issuer: Issuer) -> None:
        """Read or prepare to fetch the keys; raise UnfitIssuer."""
        if not issuer.name or not issuer.audiences:
            raise UnfitIssuer("An issuer needs its name and an audience.")
        if bool(issuer.keys) == bool(issuer.keys_url):
            raise UnfitIssuer("An issuer's keys are given, or where they are: one of both.")
        self._issuer = issuer
        self._set = _Given(issuer.keys) if issuer.keys else _Fetched(issuer.keys_url)

    def caller(self, text: str) -> Caller | None:
        """Return who shows this text, None where it is no valid token.

        Raises ConnectionError when the keys cannot be fetched: nothing is known of the token.
        """
        claims = self._claims(text)
        if claims is None or not self._is_for_us(claims):
            return None
        tenant = self._tenant(claims)
        return Caller(tenant, self._scopes(claims)) if tenant else None

    def _claims(self, text: str) -> dict[str, Any] | None:
        if not _JWS.fullmatch(text):
            return None
        try:
            key = self._set.key(jwt.get_unverified_header(text).get("kid"))
            return jwt.decode(
                text,
                key,
                algorithms=_fitting(key),
                issuer=self._issuer.name,
                leeway=_LEEWAY,
                options={
                    "require": ["exp", "iss"],
                    "verify_aud": False,
                    "enforce_minimum_key_length": True,
                },
            )
        except jwt.PyJWTError:
            return None

    def _is_for_us(self, claims: Mapping[str, Any]) -> bool:
        """Compare audiences as API Gateway's own JWT authorizers do: Amazon Cognito has none."""
        said = claims.get("aud", claims.get("client_id"))
        return any(one in self._issuer.audiences for one in _several(said))

    def _tenant(self, claims: Mapping[str, Any]) -> str:
        """Return a tenant's name; one of the issuer's that we cannot use goes by its digest.

        The owner of dropped files is nobody's by a claim: users may choose what some claims say.
        """
        if not self._issuer.tenant_claim:
            return TENANT
        said = claims.get(self._issuer.tenant_claim)
        if not isinstance(said, str) or not said:
            return ""
        plain = TENANT_NAME.fullmatch(said) and not said.startswith(_OTHER_TENANT)
        if plain and said != TENANT:
            return said
        return _OTHER_TENANT + hashlib.sha256(said.encode()).hexdigest()[:40]

    def _scopes(self, claims: Mapping[str, Any]) -> frozenset[str]:
        said = {one for name in ("scope", "scp") for one in _several(claims.get(name))}
        return frozenset(str(s) for s in Scope if self._issuer.scope_prefix + s in said)


class _Given:
    """Keys that the settings hold."""

    def __init__(self, text: str) -> None:
        try:
            self._keys = jwt.PyJWKSet.from_json(text).keys
        except (ValueError, AttributeError, jwt.PyJWTError) as error:
            raise UnfitIssuer(f"The issuer's keys are no JSON Web Key Set: {error}") from None

    def key(self, kid: str | None) -> PyJWK:
        """Return the key of this id, or the only one for a token that names none."""
        for key in self._keys:
            if key.public_key_use in ("sig", None) and key.key_id == kid:
                return key
        if kid is None and len(self._keys) == 1:
            return self._keys[0]
        raise jwt.InvalidKeyError("The issuer has no such key.")


class _Fetched:
    """Keys that the issuer shows; fetched again after five minutes, or for an id unknown so far."""

    def __init__(self, url: str) -> None:
        self._client = jwt.PyJWKClient(url, timeout=_FETCH_SECONDS)

    def key(self, kid: str | None) -> PyJWK:
        """Return the key of this id."""
        if not kid:
            raise jwt.InvalidKeyError("A token of this issuer names its key.")
        try:
            self._client.get_signing_keys()
        except (ValueError, jwt.PyJWTError) as error:
            raise ConnectionError("The issuer's keys could not be fetched.") from error
        try:
            return self._client.get_signing_key(kid)
        except (ValueError, jwt.PyJWKClientConnectionError) as error:
            raise ConnectionError("The issuer's keys could not be fetched again.") from error


def _fitting(key: PyJWK) -> list[str]:
    """Return the one algorithm that this key is for; none for a shared secret."""
    return [name for name in ALGORITHMS if name == key.algorithm_name]


def _several(said: object) -> list[str]:
    """Return a claim's words: a list, or one text in which spaces part them."""
    if isinstance(said, str):
        return said.split()
    return [one for one in said if isinstance(one, str)] if isinstance(said, list) else []
