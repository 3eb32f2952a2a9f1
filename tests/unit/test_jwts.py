"""Tokens of another issuer, made here with keys of its own: who is let in, and who is not."""

from __future__ import annotations

import json
import time
from dataclasses import replace
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from fanfold.access import Caller, Issuer
from fanfold.jwts import JwtVerifier, UnfitIssuer

NAME, AUDIENCE = "https://people.example/", "https://fanfold.example"
KEY, OTHER = (rsa.generate_private_key(65537, 2048) for _ in range(2))
KEYS = {"one": KEY, "other": OTHER}


def public(key: rsa.RSAPrivateKey, kid: str, **more: str) -> dict[str, Any]:
    return {
        **jwt.algorithms.RSAAlgorithm.to_jwk(key.public_key(), as_dict=True),
        "kid": kid,
        **more,
    }


SET = json.dumps({"keys": [public(KEY, "one", use="sig"), public(OTHER, "sealing", use="enc")]})
ISSUER = Issuer(NAME, (AUDIENCE, "another"), SET)


def signed(
    key: Any = "one", algorithm: str = "RS256", kid: str | None = "one", **changed: Any
) -> str:
    claims = {
        "iss": NAME, "aud": AUDIENCE, "sub": "acme", "scope": "openid read write",
        "exp": time.time() + 300, **changed,
    }  # fmt: skip
    claims = {name: value for name, value in claims.items() if value is not None}
    return jwt.encode(claims, KEYS.get(key, key), algorithm, headers={"kid": kid} if kid else None)


def caller(text: str, **issuer: Any) -> Caller | None:
    return JwtVerifier(replace(ISSUER, **issuer)).caller(text)


def test_a_valid_token_says_tenant_and_scopes() -> None:
    assert caller(signed()) == Caller("acme", frozenset({"read", "write"}))


@pytest.mark.parametrize(
    "changed",
    [
        {"exp": 1_000_000_000},
        {"exp": None},
        {"nbf": 9_000_000_000},
        {"iss": "https://people.example"},
        {"iss": None},
        {"aud": "https://somebody.example"},
        {"aud": None},
        {"aud": None, "client_id": "somebody"},
        {"sub": ""},
        {"sub": None},
        {"sub": 7},
        {"kid": "unknown"},
        {"kid": "sealing", "key": "other"},
        {"kid": None},
        {"key": "other"},
        {"algorithm": "RS512"},
    ],
    ids=str,
)
def test_others_are_nobody(changed: dict[str, Any]) -> None:
    assert caller(signed()) is not None
    assert caller(signed(**changed)) is None


def test_a_key_that_everybody_knows_signs_nothing() -> None:
    known = KEY.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    claims = {"iss": NAME, "aud": AUDIENCE, "sub": "acme", "exp": time.time() + 300}
    hmac = jwt.get_algorithm_by_name("HS256")
    head, body, _ = signed().split(".")
    forged = jwt.utils.base64url_encode(b'{"alg":"HS256","kid":"one","typ":"JWT"}').decode()
    signature = hmac.sign(f"{forged}.{body}".encode(), known)
    assert caller(f"{forged}.{body}.{jwt.utils.base64url_encode(signature).decode()}") is None
    assert caller(jwt.encode(claims, "", "none", headers={"kid": "one"})) is None
    assert caller(f"{head}.{body}.") is None
    shared = json.dumps({"keys": [{"kty": "oct", "kid": "one", "k": "c2hhcmVk" * 8}]})
    text = jwt.encode(claims, b"shared" * 8, "HS256", headers={"kid": "one"})
    assert caller(text, keys=shared) is None


@pytest.mark.parametrize("text", ["", "x", "a.b.c", "a.b", "ü.b.c", "fanfold_abc", "a.b.c.d.e"])
def test_what_is_no_token_is_nobody(text: str) -> None:
    assert caller(text) is None


def test_elliptic_curves_do_as_well_and_one_key_needs_no_name() -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    shown = jwt.algorithms.ECAlgorithm.to_jwk(key.public_key(), as_dict=True)
    keys = json.dumps({"keys": [shown]})
    assert caller(signed(key, "ES256", None), keys=keys) is not None


def test_an_audience_may_be_one_of_several_or_a_client() -> None:
    assert caller(signed(aud=["x", "another"])) is not None
    assert caller(signed(aud=None, client_id="another")) is not None


def test_scopes_have_a_prefix_and_may_be_a_list() -> None:
    found = caller(signed(scope=None, scp=["docs/read", "admin"]), scope_prefix="docs/")
    assert found == Caller("acme", frozenset({"read"}))
    assert caller(signed(scope=None)) == Caller("acme", frozenset())


def test_a_tenant_is_named_by_its_claim_or_by_its_digest_and_never_the_default_one() -> None:
    def tenant(**claims: Any) -> str:
        found = caller(signed(**claims), tenant_claim="org")
        assert found
        return found.tenant

    assert tenant(org="acme-2") == "acme-2"
    named = tenant(org="auth0|65A1")
    assert named.startswith("jwt-")
    assert named == tenant(org="auth0|65A1") != tenant(org="auth0|65a1")
    assert tenant(org="default").startswith("jwt-")
    assert tenant(org=named) != named  # nobody takes another's by saying it
    assert caller(signed(), tenant_claim="org") is None
    everybody = caller(signed(sub=None), tenant_claim="")
    assert everybody
    assert everybody.tenant == "default"


@pytest.mark.parametrize(
    "changed",
    [
        {"keys": ""},
        {"keys_url": "https://people.example/keys"},
        {"keys": "{}"},
        {"keys": "no set"},
        {"keys": '{"keys": []}'},
        {"name": ""},
        {"audiences": ()},
    ],
    ids=str,
)
def test_settings_that_are_no_issuer_are_told_at_the_start(changed: dict[str, Any]) -> None:
    with pytest.raises(UnfitIssuer):
        JwtVerifier(replace(ISSUER, **changed))
