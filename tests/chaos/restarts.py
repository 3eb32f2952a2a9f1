"""One machine is killed before and after each call of a port, and started anew: SIGKILL, on disk.

The points are what a calm run called. Each is played by a process that dies there for real; the
next one finds what it left, goes on, and has to come to what the calm run came to.

    python -m tests.chaos.restarts
"""

from __future__ import annotations

import json
import os
import signal
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from fanfold import bootstrap, keys
from fanfold.disk.queues import release_all
from fanfold.model import Output, State
from fanfold.ports import Posted
from fanfold.webhooks import Event, Webhook, fresh_secret
from infra.machine.steps import Setup, Steps
from infra.machine.worker import Worker
from tests.fakes.world import FakeReader, FakeTool

PAGES = ("plain one", "plain two", "BROKEN", "plain four")
_NAME = "letter.pdf"
_SECONDS = 60.0


class Killer:
    """Counts calls, and kills this process at one of them: 2n before, 2n + 1 after the n-th."""

    def __init__(self, at: int | None) -> None:
        self._at = at
        self.calls: list[str] = []

    def around(self, name: str, call: Callable[[], Any]) -> Any:
        number = 2 * len(self.calls)
        self.calls.append(name)
        self._die(number)
        answer = call()
        self._die(number + 1)
        return answer

    def _die(self, number: int) -> None:
        if number == self._at:
            os.kill(os.getpid(), signal.SIGKILL)


class Guarded:
    """A port whose calls a killer sees."""

    def __init__(self, port: object, killer: Killer, name: str) -> None:
        self._port, self._killer, self._name = port, killer, name

    def __getattr__(self, name: str) -> Any:
        method = getattr(self._port, name)
        if not callable(method):
            return method
        return lambda *given, **named: self._killer.around(
            f"{self._name}.{name}", lambda: method(*given, **named)
        )


class Told:
    """A Poster that writes down what it is sent, for the lives to come."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / "told"

    def post(self, url: str, headers: Mapping[str, str], body: bytes) -> Posted:
        with self._path.open("ab") as file:
            file.write(body + b"\n")
        return Posted(200)


def live(folder: Path, killer: Killer) -> None:
    """Be a machine over a data folder until there is nothing left to do."""
    bootstrap._poster = lambda _: Guarded(Told(folder), killer, "poster")  # type: ignore[assignment, return-value]
    bootstrap.tool_in = lambda *_: Guarded(FakeTool(), killer, "tool")  # type: ignore[assignment]
    bootstrap.reader_in = lambda *_: Guarded(FakeReader(), killer, "reader")  # type: ignore[assignment]
    steps = Steps(Setup(folder, "eng"), folder / "workspace", ready=False)
    release_all(steps.database, steps.clock)
    real = steps.stores
    steps.stores = replace(
        real,
        documents=Guarded(real.documents, killer, "documents"),  # type: ignore[arg-type]
        objects=Guarded(real.objects, killer, "objects"),  # type: ignore[arg-type]
        webhooks=Guarded(real.webhooks, killer, "webhooks"),  # type: ignore[arg-type]
        queue=lambda step: Guarded(real.queue(step), killer, step),  # type: ignore[arg-type, return-value]
    )
    steps.by_queue = {
        name: replace(step, queue=Guarded(step.queue, killer, name))  # type: ignore[type-var]
        for name, step in steps.by_queue.items()
    }
    worker = Worker(steps, "worker")
    ends = time.monotonic() + _SECONDS
    while time.monotonic() < ends:
        if worker.work():
            continue
        if real.documents.due(2**53, 1) == [] and not _left(steps):
            return
        time.sleep(0.01)
    raise AssertionError("it never came to rest")


def _left(steps: Steps) -> int:
    with steps.database.reading() as connection:
        (count,) = connection.execute("SELECT count(*) FROM messages").fetchone()
    return int(count)


def outcome(folder: Path) -> tuple[object, ...]:
    """Return what became of the document: state, text, JSON but for its times, what is shown.

    And what its webhook was told: each once, for what comes twice is the same to whoever hears it.
    """
    steps = Steps(Setup(folder, "eng", outbox=folder / "outbox"), folder / "workspace")
    (document,) = steps.stores.documents.list("default", state=None, cursor=None, limit=9).documents
    objects = steps.stores.objects
    shown = sorted(objects.list_keys(keys.OUTBOX))
    made = [
        objects.get(keys.result(document.id, 1, keys.RESULT_FILES[one]))
        for one in (Output.TEXT, Output.JSON)
    ]
    told = json.loads(made[1] or b"{}")
    for moment in ("created_at", "ended_at", "updated_at", "milliseconds"):
        told.get("document", {}).pop(moment, None)
    pages = [{k: v for k, v in page.items() if k != "milliseconds"} for page in told["pages"]]
    marks = [(s.done.keys(), s.failed.keys()) for s in steps.stores.documents.shards(document)]
    steps.database.close()
    said = (json.loads(line) for line in (folder / "told").read_text().splitlines())
    heard = {json.dumps({**one["data"], "document": ""}, sort_keys=True) for one in said}
    return document.state, made[0], pages, shown, marks, sorted(heard)


def drop(folder: Path) -> None:
    """Put the document where it begins."""
    steps = Steps(Setup(folder, "eng"), folder / "workspace")
    hook = Webhook("a" * 16, "default", "https://hooks.example/", tuple(Event), "", 0)
    steps.stores.webhooks.put(hook)
    secret = json.dumps([{"secret": fresh_secret()}])
    steps.stores.secrets.put(keys.webhook(hook.tenant, hook.id), secret)
    steps.stores.objects.put(keys.INBOX + _NAME, "\n".join(PAGES).encode(), "application/pdf")
    steps.database.close()  # or the next database that is made in its file's place is taken for it


def in_a_process(job: Callable[[], None]) -> int:
    """Run a job in a process of its own; return how it ended: minus the signal, or its status."""
    pid = os.fork()
    if pid == 0:
        status = 1
        try:
            job()
            status = 0
        finally:
            os._exit(status)
    _, status = os.waitpid(pid, 0)
    return os.waitstatus_to_exitcode(status)


def play(at: int | None) -> tuple[object, ...]:
    """Die at a point, go on, and return what it came to."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        drop(folder)
        if at is not None:
            ended = in_a_process(lambda: live(folder, Killer(at)))
            assert ended == -signal.SIGKILL, f"point {at} was not reached: {ended}"
        assert in_a_process(lambda: live(folder, Killer(None))) == 0
        return outcome(folder)


def points() -> list[str]:
    """Return the calls of a calm run."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        drop(folder)
        killer = Killer(None)
        told = folder / "calls"

        def calm() -> None:
            live(folder, killer)
            told.write_text(json.dumps(killer.calls))

        assert in_a_process(calm) == 0
        return list(json.loads(told.read_text()))


def sweep(every: int = 1) -> Iterator[tuple[str, str]]:
    """Kill at every point, or every ``every``-th; yield each with what was wrong there."""
    calm, calls = play(None), points()
    assert calm[0] is State.PARTIAL, calm
    assert len(calm[-1]) == len(PAGES) + 1, calm  # type: ignore[arg-type]
    for at in range(0, 2 * len(calls), every):
        name = f"{'after' if at % 2 else 'before'} call {at // 2}, {calls[at // 2]}"
        try:
            found = play(at)
        except AssertionError as error:
            yield name, str(error)
        else:
            yield name, "" if found == calm else f"{found} instead of {calm}"


def main() -> int:
    """Sweep, print, and return the exit code."""
    began = time.monotonic()
    swept = list(sweep())
    wrong = [(name, why) for name, why in swept if why]
    for name, why in wrong:
        print(f"{name}: {why}")
    seconds = time.monotonic() - began
    print(f"{len(swept)} deaths of a machine at its calls, {len(wrong)} wrong; {seconds:.0f} s")
    return 1 if wrong else 0


if __name__ == "__main__":
    raise SystemExit(main())
