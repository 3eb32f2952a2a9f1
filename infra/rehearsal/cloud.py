"""The embedded cloud as one object: start it, use its addresses, stop it."""

from __future__ import annotations

import logging
import os
import socket
import sys
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, TextIO

from fanfold.access import EVERYTHING
from infra.http.gateway import BODY_BYTES, FunctionFailed, Gateway
from infra.http.running import Running
from infra.http.serving import Server, listen, loopback_only
from infra.rehearsal.aws import EmbeddedAws
from infra.rehearsal.clients import Clients
from infra.rehearsal.memory import MemoryWatch, return_memory
from infra.rehearsal.pollers import Poller
from infra.rehearsal.process import InvocationFailed
from infra.rehearsal.resources import Builder
from infra.rehearsal.runner import Pool, environment
from infra.rehearsal.schedules import Timer
from infra.template.names import Place, physical_name
from infra.template.template import Template, load
from infra.template.wiring import Wiring, wire

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment
    from mypy_boto3_s3 import S3Client

_API_WORKERS = 2  # a slow request does not hold up the next one
_GOODBYE_SECONDS = 2.0


class Cloud(Running):
    """Runs a template on one machine, from ``with`` to its end.

    ``workers`` bounds how many workers each function may have, by default one for each CPU; the
    mappings' own MaximumConcurrency bounds it further. A port of 0 is any free one; a port that
    is asked for and taken raises PortBusy. ``environment`` is added to every function's. Workers
    write to ``log``, by default to standard error. ``watch_memory``: kill what outgrows its
    function. ``trusting``: answer who shows no token, too, as only this machine can ask. ``front``
    stands before the API, at its address. Raises TemplateError, PortBusy, AlreadyRunning.
    """

    api_url: str
    aws_url: str
    bucket: str
    """The bucket of originals, the first of ``buckets``."""
    buckets: tuple[str, ...]
    inbox_uri: str
    table: str
    outputs: Mapping[str, str]

    def __init__(  # noqa: PLR0913 - what it is started with, all but one of it optional
        self,
        template: Path,
        parameters: Mapping[str, str] | None = None,
        *,
        workers: int | None = None,
        api_port: int = 0,
        aws_port: int = 0,
        environment: Mapping[str, str] | None = None,
        log: Path | None = None,
        watch_memory: bool = True,
        trusting: bool = True,
        front: Front | None = None,
    ) -> None:
        super().__init__()
        self._path = template.resolve()
        self._parameters = dict(parameters or {})
        self._workers = workers or os.cpu_count() or 1
        self._ports = (api_port, aws_port)
        self._environment = dict(environment or {})
        self._log = log
        self._watch_memory = watch_memory
        self._trusting = trusting
        self._front = front
        self._pollers: list[Poller] = []
        self.pools: dict[str, Pool] = {}
        """The functions' workers, by function name."""

    def _start(self) -> None:
        return_memory()
        log = self._open_log()
        self._undo.callback(self._join)
        api_port, aws_port = self._ports
        aws = EmbeddedAws(listen(aws_port))
        self._undo.callback(aws.stop)
        api_socket = listen(api_port)
        self._undo.callback(api_socket.close)
        self.aws_url = aws.url
        self.api_url = "http://{}:{}".format(*api_socket.getsockname())
        place = Place(aws_url=self.aws_url)
        template = load(self._path, place, self._parameters)
        wiring = wire(template)
        self._describe(template)
        self._make_pools(wiring, place, log)
        warm = threading.Thread(target=self._warm, args=(wiring.eager,), name="warm", daemon=True)
        warm.start()
        aws.start()
        # one for each mapping's long poll and one for each message in work
        clients = Clients(place, connections=len(wiring.sources) * (self._workers + 1) + 1)
        Builder(clients, template).build()
        self._connect(wiring, place, clients, api_socket)

    def _open_log(self) -> int:
        """Return the descriptor that workers write to; our own lines go there, too."""
        if self._log is None:
            stream: TextIO = sys.stderr
        else:
            self._log.parent.mkdir(parents=True, exist_ok=True)
            stream = self._undo.enter_context(self._log.open("a", encoding="utf-8"))
        handler = logging.StreamHandler(stream)
        handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(message)s"))
        package = logging.getLogger("infra")
        package.addHandler(handler)
        self._undo.callback(package.removeHandler, handler)
        return stream.fileno()

    def _describe(self, template: Template) -> None:
        self.outputs = template.outputs()
        self.buckets = tuple(_names(template, "AWS::S3::Bucket"))
        self.bucket = next(iter(self.buckets), "")
        self.table = next(_names(template, "AWS::DynamoDB::Table"), "")
        self.inbox_uri = self.outputs.get("InboxUri", "")

    def _make_pools(self, wiring: Wiring, place: Place, log: int) -> None:
        fronted = {route.function for route in wiring.routes} | wiring.authorizers
        for name, function in wiring.functions.items():
            variables = environment(function, place, self._path, self._environment)
            limit = max(self._workers, _API_WORKERS) if name in fronted else self._workers
            self.pools[name] = Pool(function, variables, limit, log)
        for pool in self.pools.values():
            self._undo.callback(pool.join)
        for pool in self.pools.values():
            self._undo.callback(pool.close)

    def _connect(self, wiring: Wiring, place: Place, clients: Clients, api: socket.socket) -> None:
        """Let events, requests and the clock reach the functions."""
        sqs = clients.sqs()
        for source in wiring.sources:
            pool = self.pools[source.function]
            limit = min(self._workers, source.concurrency or self._workers)
            poller = Poller(source, pool, sqs, region=place.region, limit=limit)
            self._pollers.append(poller)
            self._run(poller)
        for schedule in wiring.schedules:
            self._run(Timer(schedule, self.pools[schedule.function], place))
        self._run(MemoryWatch(self.pools.values(), enforce=self._watch_memory))
        trusted = EVERYTHING if self._trusting else None
        gateway = Gateway(wiring.routes, self._invoke, place, trusted=trusted)
        self._undo.callback(gateway.close)
        application: WSGIApplication = gateway
        if self._front:
            application = front = self._front(gateway, self.api_url, clients.s3())
            self._undo.callback(front.close)
        self._run(Server(api, loopback_only(application), body_bytes=2 * BODY_BYTES))

    def _invoke(self, function: str, event: object) -> object:
        try:
            return self.pools[function].invoke(event)
        except InvocationFailed as error:  # the pool has logged it
            raise FunctionFailed from error

    def _warm(self, names: Sequence[str]) -> None:
        """Have workers import their handlers while this process imports moto.

        One after the other: all at once would take the processor from moto, which everything
        waits for.
        """
        for name in names:
            self.pools[name].prepare()

    def _run(self, part: Part) -> None:
        part.start()
        self._undo.callback(part.stop)

    def _join(self) -> None:
        for poller in self._pollers:
            poller.join(_GOODBYE_SECONDS)


class Closing(Protocol):
    """A WSGI application that ends."""

    def __call__(self, environ: WSGIEnvironment, start: StartResponse, /) -> Iterable[bytes]:
        """Answer a request."""

    def close(self) -> None:
        """End."""


Front = Callable[["WSGIApplication", str, "S3Client"], Closing]
"""Makes what stands before the API: of that, its address, and a client of the embedded S3."""


class Part(Protocol):
    """Something that runs in threads of its own."""

    def start(self) -> None:
        """Begin."""

    def stop(self) -> None:
        """End."""


def _names(template: Template, kind: str) -> Iterator[str]:
    for resource in template.resources(kind):
        yield physical_name(template.place, resource, template.value)
