"""The web page's files: read from beside this module, sent with a policy that lets in no others."""

from __future__ import annotations

import html
import json
from collections.abc import Iterable
from dataclasses import asdict
from http import HTTPStatus
from pathlib import Path
from urllib.parse import urlsplit

from aws_lambda_powertools.event_handler import Response

from fanfold.access import SignIn
from fanfold.errors import NotFound

_FOLDER = Path(__file__).with_name("static")
_TYPES = {
    "index.html": "text/html; charset=utf-8",
    "style.css": "text/css; charset=utf-8",
    "app.js": "text/javascript; charset=utf-8",
    "api.js": "text/javascript; charset=utf-8",
    "found.js": "text/javascript; charset=utf-8",
    "ranges.js": "text/javascript; charset=utf-8",
    "uploads.js": "text/javascript; charset=utf-8",
    "view.js": "text/javascript; charset=utf-8",
    "docs.html": "text/html; charset=utf-8",
    "docs.css": "text/css; charset=utf-8",
    "oauth4webapi.js": "text/javascript; charset=utf-8",
    "openapi.json": "application/json",
    "signin.js": "text/javascript; charset=utf-8",
}
_UNTOLD = '<meta name="sign-in" content="">'
_PAGE_HEADERS = {
    "Cache-Control": "no-cache",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
}
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src data: blob:;"
    " connect-src {connect}; form-action 'none'; base-uri 'none'; frame-ancestors 'none'"
)


def asset(name: str) -> Response[str]:
    """Return what a page is made of; raise NotFound for any other name."""
    if name not in _TYPES:
        raise NotFound
    return file(name)


def file(name: str, origins: Iterable[str] = ()) -> Response[str]:
    """Return one of the files here, by its name; it may speak with ``origins``, too."""
    return _sent(name, (_FOLDER / name).read_text(encoding="utf-8"), origins)


def page(origins: Iterable[str], sign_in: SignIn | None) -> Response[str]:
    """Return the web page; where people can sign in with an issuer, it knows that one."""
    text = (_FOLDER / "index.html").read_text(encoding="utf-8")
    if sign_in:
        told = html.escape(json.dumps(asdict(sign_in)))
        text = text.replace(_UNTOLD, _UNTOLD.replace('""', f'"{told}"'))
        origins = (*origins, _origin(sign_in.token_url))
    return _sent("index.html", text, origins)


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def _sent(name: str, text: str, origins: Iterable[str]) -> Response[str]:
    policy = _POLICY.format(connect=" ".join(("'self'", *origins)))
    headers = {**_PAGE_HEADERS, "Content-Security-Policy": policy}
    return Response(HTTPStatus.OK, _TYPES[name], text, headers=headers)
