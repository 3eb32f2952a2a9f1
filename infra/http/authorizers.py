"""API Gateway's token authorizers: who shows a token, asked once and kept for a while."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from typing import Any

from infra.http.refusals import Refusal, Refused
from infra.template.names import Place
from infra.template.routes import Authorizer, Route

_MOST = 1_000
"""Maximum of tokens that are remembered at once."""

Holder = Mapping[str, Any]
"""What the function is told of a caller: ``requestContext.authorizer``."""


class Authorizers:
    """Asks a route's authorizer, or remembers what it said.

    ``trusted`` is told of who shows no token, where anybody may come without one. ``invoke`` and
    ``now`` call a function and tell the time in seconds.
    """

    def __init__(
        self,
        invoke: Callable[[str, dict[str, Any]], object],
        place: Place,
        trusted: Holder | None = None,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self._invoke = invoke
        self._place = place
        self._trusted = trusted
        self._now = now
        self._lock = threading.Lock()
        self._known: dict[tuple[str, str], tuple[float, Holder | None]] = {}

    def holder(self, route: Route, headers: Mapping[str, str], path: str) -> Holder | None:
        """Return who is calling a route, None where nobody asks; raise Refused.

        ``headers`` have small letters in their names.
        """
        asked = route.authorizer
        if asked is None:
            return None
        token = headers.get(asked.header.lower(), "")
        if not token:
            if self._trusted is None:
                raise Refused(Refusal.UNAUTHORIZED)
            return self._trusted
        found = self._remembered(asked, token) or self._ask(asked, token, route, path)
        if found[1] is None:
            raise Refused(Refusal.ACCESS_DENIED)
        return found[1]

    def _remembered(self, asked: Authorizer, token: str) -> tuple[float, Holder | None] | None:
        with self._lock:
            found = self._known.get((asked.function, token))
        return found if found and found[0] > self._now() else None

    def _ask(
        self, asked: Authorizer, token: str, route: Route, path: str
    ) -> tuple[float, Holder | None]:
        arn = self._place.arn("execute-api", f"local/{route.stage}/{route.method}{path}")
        event = {"type": "TOKEN", "methodArn": arn, "authorizationToken": token}
        found = (self._now() + asked.seconds, _understood(self._invoke(asked.function, event)))
        with self._lock:
            if len(self._known) >= _MOST:
                self._known.clear()
            self._known[asked.function, token] = found
        return found


def _understood(answer: object) -> Holder | None:
    """Return whom an authorizer lets in, None where it denies."""
    if not isinstance(answer, dict):
        raise Refused(Refusal.AUTHORIZER_FAILURE)
    (statement,) = answer["policyDocument"]["Statement"]
    if statement["Effect"] != "Allow":
        return None
    return {"principalId": answer["principalId"], **(answer.get("context") or {})}
