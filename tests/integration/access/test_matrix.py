"""Every route, asked by everybody: on one machine, and through the deployed authorizer."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import httpx
import pytest

from functions.api.handler import app
from tests.data import documents
from tests.integration.access.conftest import Place
from tests.integration.machine.conftest import until
from tests.unit.test_jwts import signed

PDF = {"Content-Type": "application/pdf"}


@dataclass(frozen=True)
class Route:
    """A route, what its caller must be allowed to do, and what it answers then.

    ``abroad`` is its answer to another tenant that may do everything.
    """

    method: str
    path: str
    scope: str | None
    right: int
    abroad: int
    send: Callable[[], Mapping[str, Any]] = dict


def file() -> Mapping[str, Any]:
    return {"content": documents.native(), "headers": PDF, "params": {"mode": "native"}}


def password() -> Mapping[str, Any]:
    return {"json": {"password": "tide"}}


ROUTES = [
    Route("GET", "/health", None, 200, 200),
    Route("GET", "/", None, 200, 200),
    Route("GET", "/web/style.css", None, 200, 200),
    Route("GET", "/openapi.json", None, 200, 200),
    Route("GET", "/docs", None, 200, 200),
    Route("GET", "/v1/languages", "read", 200, 200),
    Route("GET", "/v1/schema/document.json", "read", 200, 200),
    Route("POST", "/v1/documents", "write", 200, 202, file),
    Route("GET", "/v1/documents", "read", 200, 200),
    Route("GET", "/v1/documents/{id}", "read", 200, 404),
    Route("GET", "/v1/documents/{id}?pages=1", "read", 200, 404),
    Route("GET", "/v1/documents/{id}/search?q=words", "read", 200, 404),
    Route("GET", "/v1/documents/{id}/pages/1", "read", 200, 404),
    Route("GET", "/v1/documents/{id}/pages/1/picture", "read", 200, 404),
    Route("GET", "/v1/documents/{id}/result?format=txt", "read", 303, 404),
    Route("GET", "/v1/search?q=words", "read", 200, 200),
    Route("POST", "/v1/documents/{id}/retry", "write", 409, 404),
    Route("POST", "/v1/documents/{id}/cancel", "write", 409, 404),
    Route("POST", "/v1/documents/{id}/password", "write", 409, 404, password),
    Route("DELETE", "/v1/documents/{other}", "write", 202, 404),
    Route("GET", "/v1/tokens", "admin", 200, 200),
    Route("POST", "/v1/tokens", "admin", 201, 201, lambda: {"json": {"scopes": ["read"]}}),
    Route("DELETE", "/v1/tokens/{token}", "admin", 200, 404),
]
ROUTES += [
    Route("GET", "/v1/webhooks", "admin", 200, 200),
    Route("POST", "/v1/webhooks", "admin", 400, 400, lambda: {"json": {"url": "http://a/"}}),
    Route("GET", "/v1/webhooks/{webhook}/attempts", "admin", 200, 404),
    Route("POST", "/v1/webhooks/{webhook}/secret", "admin", 201, 404),
    Route("DELETE", "/v1/webhooks/{gone}", "admin", 404, 404),
]
SCOPES = ("read", "write", "admin")


@pytest.fixture(scope="module")
def known(place: Place) -> dict[str, str]:
    """What the paths name, all of the tenant `home`; and a token for each who asks."""

    def token(tenant: str, *scopes: str) -> str:
        return place.tokens.create(tenant, "test", scopes)[0]

    right = token("home", *SCOPES)
    for_good, taken_back = place.tokens.create("home", "revoked", SCOPES)
    place.tokens.revoke(taken_back.id)
    _, spare = place.tokens.create("home", "spare", ("read",))
    signed = {"Authorization": f"Bearer {right}"}
    with httpx.Client(base_url=place.url, headers=signed, timeout=60) as http:
        wish = {**file(), "params": {"mode": "native", "pictures": "true"}}
        hook = {"url": "https://hooks.example/in", "name": "never called"}
        webhook = http.post("/v1/webhooks", json=hook).json()["id"]
        document = http.post("/v1/documents", **wish).json()["id"]
        other = http.post("/v1/documents", json={"name": "other.pdf"}).json()["id"]
        until(lambda: http.get(f"/v1/documents/{document}").json()["state"] == "SUCCEEDED")
        plain = http.post("/v1/documents", **file()).json()["id"]
        until(lambda: http.get(f"/v1/documents/{plain}").json()["state"] == "SUCCEEDED")
    return {
        "id": document,
        "other": other,
        "token": spare.id,
        "webhook": webhook,
        "gone": "0" * 16,
        "none": "",
        "wrong": "Bearer fanfold_nonsense",
        "no bearer": f"Basic {right}",
        "revoked": f"Bearer {for_good}",
        "abroad": f"Bearer {token('abroad', *SCOPES)}",
        "right": f"Bearer {right}",
        **{f"only {scope}": f"Bearer {token('home', scope)}" for scope in SCOPES},
    }


CALLERS = ["none", "wrong", "no bearer", "revoked", "abroad", *(f"only {s}" for s in SCOPES)]


def ask(place: Place, known: dict[str, str], route: Route, caller: str) -> httpx.Response:
    path = route.path.format(**known)
    sent = dict(route.send())
    headers = {**sent.pop("headers", {})}
    if known[caller]:
        headers["Authorization"] = known[caller]
    if params := sent.pop("params", {}):
        path += "?" + "&".join(f"{name}={value}" for name, value in params.items())
    return httpx.request(route.method, place.url + path, headers=headers, timeout=60, **sent)


@pytest.mark.parametrize("caller", [*CALLERS, "right"])  # who does harm comes last
@pytest.mark.parametrize("route", ROUTES, ids=lambda route: f"{route.method} {route.path}")
def test_a_route_answers_who_may_ask_and_nobody_else(place, known, route: Route, caller: str):
    answer = ask(place, known, route, caller)
    wanted = expected(route, caller)
    if route.path.startswith("/v1/search") and wanted == 200 and not place.searches:
        wanted = 404
    assert answer.status_code == wanted, answer.text
    if answer.status_code == 401:
        assert answer.headers["WWW-Authenticate"] == "Bearer"
    if answer.status_code in (401, 403, 404, 409):
        assert set(answer.json()["error"]) >= {"code", "message", "retryable"}


def expected(route: Route, caller: str) -> int:
    if route.scope is None or caller == "right":
        return route.right
    if caller == "abroad":
        return route.abroad
    if caller.startswith("only "):
        return route.right if caller == f"only {route.scope}" else 403
    return 401


def test_the_matrix_has_every_route():
    rules = [(rule.method, rule.rule) for rule in app._static_routes + app._dynamic_routes]
    asked = [(one.method, one.path.partition("?")[0]) for one in ROUTES]
    assert len(rules) > len(ROUTES) // 2
    assert {method for method, _ in rules} == {"GET", "HEAD", "POST", "DELETE"}
    for method, rule in rules:
        if method == "HEAD":  # which is as GET
            continue
        assert any(method == m and rule.fullmatch(path) for m, path in asked), rule.pattern


def test_a_tenant_lists_its_own_alone(place: Place, known):
    headers = {"Authorization": known["abroad"]}
    assert ids(place, "/v1/documents", headers).isdisjoint({known["id"], known["other"]})
    home = {token.id for token in place.tokens.listing("home")}
    listed = httpx.get(f"{place.url}/v1/tokens", headers=headers, timeout=60).json()["tokens"]
    assert {one["tenant"] for one in listed} == {"abroad"}
    assert {one["id"] for one in listed}.isdisjoint(home)
    assert known["id"] in ids(place, "/v1/documents", {"Authorization": known["right"]})


def ids(place: Place, path: str, headers: Mapping[str, str]) -> set[str]:
    return {
        one["id"]
        for one in httpx.get(place.url + path, headers=headers, timeout=60).json()["documents"]
    }


def test_a_token_made_over_http_is_told_once_and_good_for_its_tenant(place: Place, known):
    admin = {"Authorization": known["right"]}
    wish = {"name": "made", "scopes": ["read"]}
    made = httpx.post(f"{place.url}/v1/tokens", json=wish, headers=admin, timeout=60).json()
    mine = {"Authorization": f"Bearer {made['token']}"}
    assert (
        httpx.get(f"{place.url}/v1/documents/{known['id']}", headers=mine, timeout=60).status_code
        == 200
    )
    listed = httpx.get(f"{place.url}/v1/tokens", headers=admin, timeout=60)
    assert made["token"] not in listed.text
    (one,) = (one for one in listed.json()["tokens"] if one["id"] == made["id"])
    assert one["used_at"]


def test_a_large_body_is_its_sender_s(place: Place, known):
    large = documents.native() + b"\n%" + b"x" * 5_000_000
    answer = httpx.post(
        f"{place.url}/v1/documents?mode=native", content=large, timeout=60,
        headers={**PDF, "Authorization": known["abroad"]},
    )  # fmt: skip
    if answer.status_code == 413:  # as API Gateway and Lambda have it
        return
    here = f"{place.url}/v1/documents/{answer.json()['id']}"
    mine = {"Authorization": known["abroad"]}
    until(lambda: httpx.get(here, headers=mine, timeout=60).json()["state"] == "SUCCEEDED")
    assert httpx.get(here, headers={"Authorization": known["right"]}, timeout=60).status_code == 404


@pytest.mark.parametrize(
    ("route", "scope", "wanted"),
    [
        ("/v1/documents/{id}", "read", 200),
        ("/v1/documents/{id}", "write", 403),
        ("/v1/tokens", "read", 403),
        ("/v1/tokens", "admin", 200),
    ],
)
def test_another_issuer_s_token_opens_what_it_says_where_there_is_one(
    place: Place, known, route: str, scope: str, wanted: int
):
    def answered(**claims: str) -> int:
        headers = {"Authorization": f"Bearer {signed(scope=scope, **claims)}"}
        return httpx.get(place.url + route.format(**known), headers=headers, timeout=60).status_code

    assert answered(sub="home") == (wanted if place.issues else 401)
    assert answered(sub="home", aud="somebody") == 401
    if "{id}" in route and wanted == 200 and place.issues:
        assert answered(sub="abroad") == 404
