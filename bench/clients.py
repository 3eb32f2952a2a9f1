"""Many clients at once: what a service answers them, and how fast, while it reads."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

import httpx
import psutil

from fanfold.model import State
from tests.chaos.deaths import Sent, documents

_PAUSE = 0.2
"""Seconds between two looks of a client at its document, and of the one that asks for health."""
_TIMEOUT = 120.0
_ENDS = {state.value for state in State if not state.live}


@dataclass(slots=True)
class Log:
    """Seconds that requests took, by their kind, and how documents ended, by their names."""

    seconds: dict[str, list[float]] = field(default_factory=dict)
    ends: dict[str, str] = field(default_factory=dict)

    def ask(
        self, kind: str, client: httpx.Client, method: str, path: str, **more: object
    ) -> httpx.Response:
        """Make a request and note how long it took; raise what httpx does for a refusal."""
        began = time.perf_counter()
        answer = client.request(method, path, **more)  # type: ignore[arg-type]
        self.seconds.setdefault(kind, []).append(time.perf_counter() - began)
        return answer.raise_for_status()

    def percentile(self, kind: str, share: float) -> float:
        """Return the seconds that so many requests of a kind did not exceed."""
        found = sorted(self.seconds[kind])
        return found[min(len(found) - 1, int(len(found) * share))]


def play(url: str, clients: int, count: int) -> Log:
    """Have so many clients send so many documents in all, each waiting for one before the next."""
    log, over = Log(), threading.Event()
    sent = documents(count)
    watch = threading.Thread(target=_ask_for_health, args=(url, log, over), daemon=True)
    watch.start()
    with ThreadPoolExecutor(clients) as pool:
        shares = [sent[number::clients] for number in range(clients)]
        for done in [pool.submit(_client, url, share, log) for share in shares]:
            done.result()
    over.set()
    watch.join()
    return log


def wrong(url: str, log: Log, count: int) -> Iterator[str]:
    """Yield what is not as it should be: lost, doubled, or ended otherwise than it must."""
    with httpx.Client(base_url=url, timeout=_TIMEOUT) as client:
        there = Counter(_names(client))
    for one in documents(count):
        wanted = State.FAILED if one.kind == "no document" else State.SUCCEEDED
        if there[one.name] != 1:
            yield f"{one.name} is there {there[one.name]} times"
        if log.ends.get(one.name) != wanted:
            yield f"{one.name} ended as {log.ends.get(one.name)}"


def memory(family: psutil.Process) -> float:
    """Return the PSS of a process and all below it, in MB."""
    processes = [family, *family.children(recursive=True)]
    return sum(float(one.memory_full_info().pss) for one in processes) / 1e6


def _client(url: str, share: list[Sent], log: Log) -> None:
    with httpx.Client(base_url=url, timeout=_TIMEOUT) as client:
        for one in share:
            told = log.ask(
                "post", client, "POST", "/v1/documents", params={"name": one.name},
                content=one.data, headers={"Content-Type": "application/pdf"},
            ).json()  # fmt: skip
            while told["state"] not in _ENDS:
                time.sleep(_PAUSE)
                told = log.ask("status", client, "GET", f"/v1/documents/{told['id']}").json()
            log.ends[one.name] = told["state"]


def _ask_for_health(url: str, log: Log, over: threading.Event) -> None:
    with httpx.Client(base_url=url, timeout=_TIMEOUT) as client:
        while not over.wait(_PAUSE):
            log.ask("health", client, "GET", "/health")


def _names(client: httpx.Client) -> Iterator[str]:
    asked = {"limit": "100"}
    while True:
        told = client.get("/v1/documents", params=asked).raise_for_status().json()
        yield from (one["name"] for one in told["documents"])
        if not told["cursor"]:
            return
        asked["cursor"] = told["cursor"]
