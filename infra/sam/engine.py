"""Docker: the image of the runtime, and a way for its containers to reach the embedded AWS."""

from __future__ import annotations

import logging
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import docker
from docker.errors import APIError, DockerException, ImageNotFound

from infra import ROOT
from infra.sam import relay as relay_module

logger = logging.getLogger(__name__)

_STAND_IN = "scripts/stand-in-image.sh"
_STAND_IN_LABEL = "fanfold.stand-in"
_PORT = 4566
_READY_SECONDS = 10.0


class Unavailable(Exception):
    """Something that this needs is not on this machine; says what to do."""


@dataclass(frozen=True, slots=True)
class Network:
    """A network of containers on which ``address`` (an IP) and ``port`` lead to a server."""

    name: str
    address: str
    port: int


class Engine:
    """The Docker engine that SAM uses, too. Raises Unavailable where none runs."""

    def __init__(self) -> None:
        try:
            self.client = docker.from_env()
            self.client.ping()
        except DockerException as error:
            raise Unavailable(
                "Docker does not run here. Start it (sudo dockerd &) or name it in DOCKER_HOST."
            ) from error

    def provide(self, image: str) -> str:
        """Have ``image`` here, pulled or else made; return what it is in words."""
        if not self._has(image) and not self._pull(image):
            made = subprocess.run([ROOT / _STAND_IN, image], check=False, cwd=ROOT)
            if made.returncode:
                raise Unavailable(f"{image} can neither be pulled nor made here.")
        labels = self.client.images.get(image).labels
        stand_in = f"a stand-in for AWS's image ({_STAND_IN})"
        return stand_in if _STAND_IN_LABEL in labels else "AWS's image"

    def _has(self, image: str) -> bool:
        try:
            self.client.images.get(image)
        except ImageNotFound:
            return False
        return True

    def _pull(self, image: str) -> bool:
        try:
            self.client.images.pull(image)
        except APIError as error:
            logger.warning("%s cannot be pulled: %s", image, error.explanation)
            return False
        return True

    @contextmanager
    def reaching(self, address: str, image: str) -> Iterator[Network]:
        """Give containers a way to ``address`` (HOST:PORT) on this machine's loopback.

        The network is closed: what is on it reaches nothing but that server.
        """
        with tempfile.TemporaryDirectory(prefix="fanfold-sam-") as folder:
            meeting = Path(folder) / "aws.sock"
            inner = subprocess.Popen([sys.executable, relay_module.__file__, meeting, address])
            name = Path(folder).name
            network = self.client.networks.create(name, internal=True)
            try:
                with self._relay_container(image, network.name, meeting) as container:
                    _wait_for(meeting)
                    yield Network(name, _address(container, name), _PORT)
            finally:
                network.remove()
                inner.terminate()
                inner.wait()

    @contextmanager
    def _relay_container(self, image: str, network: str, meeting: Path) -> Iterator[Any]:
        program = "/relay.py"
        container = self.client.containers.run(
            image,
            entrypoint=["python3", program, f"0.0.0.0:{_PORT}", str(meeting)],
            volumes={
                relay_module.__file__: {"bind": program, "mode": "ro"},
                str(meeting.parent): {"bind": str(meeting.parent), "mode": "ro"},
            },
            network=network,
            user=f"{os.getuid()}:{os.getgid()}",
            cap_drop=["ALL"],
            read_only=True,
            detach=True,
        )
        try:
            yield container
        finally:
            container.remove(force=True)


def _address(container: Any, network: str) -> str:  # noqa: ANN401 - the SDK has no types
    container.reload()
    return str(container.attrs["NetworkSettings"]["Networks"][network]["IPAddress"])


def _wait_for(path: Path) -> None:
    end = time.monotonic() + _READY_SECONDS
    while not path.exists():
        if time.monotonic() > end:
            raise Unavailable(f"Nothing listens on {path}.")
        time.sleep(0.02)
