"""Leaks planted in a running service, to see that the soak notices them.

The product knows nothing of this: a worker is given a ``sitecustomize`` beside a copy of the
template, the service has its pools' entrance wrapped.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from fanfold import workspace
from infra.rehearsal.runner import Pool

_kept: list[object] = []
_MEGABYTE = 1 << 20
_STEP = "intake"
"""The step that sees each document once."""
_CUSTOM = "from tests.soak import leaks\nleaks.in_worker({kind!r})\n"


def _descriptor() -> None:
    os.open(os.devnull, os.O_RDONLY)


def _file() -> None:
    os.close(tempfile.mkstemp()[0])


def _memory() -> None:
    _kept.append(os.urandom(_MEGABYTE))  # zeros would share one page


KINDS: dict[str, Callable[[], None]] = {
    "descriptors": _descriptor,
    "files": _file,
    "memory": _memory,
}
"""What one document leaves behind: a descriptor, a file, or a megabyte."""


def in_worker(kind: str) -> None:
    """Leak in this process with each document, if it takes documents in."""
    if _STEP not in os.environ.get("AWS_LAMBDA_FUNCTION_NAME", "").lower():
        return
    original = workspace.folder

    def folder(root: Path, **options: bool) -> Any:
        KINDS[kind]()
        return original(root, **options)

    workspace.folder = folder


def template_with(kind: str, template: Path, folder: Path) -> Path:
    """Return a copy of the template whose workers leak."""
    for path in template.parent.iterdir():
        if path.suffix != ".py" and not path.name.startswith("."):
            (folder / path.name).symlink_to(path)
    copy = folder / template.name
    copy.unlink()
    copy.write_text(template.read_text())
    (folder / "sitecustomize.py").write_text(_CUSTOM.format(kind=kind))
    return copy


@contextmanager
def in_service(kind: str) -> Iterator[None]:
    """Leak in the service's own process with each document."""
    original = Pool.invoke

    def invoke(pool: Pool, event: object) -> Any:
        if _STEP in pool.function.name.lower():
            KINDS[kind]()
        return original(pool, event)

    Pool.invoke = invoke  # type: ignore[method-assign]
    try:
        yield
    finally:
        Pool.invoke = original  # type: ignore[method-assign]
