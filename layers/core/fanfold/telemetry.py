"""What the service says of itself: log lines, counts and traces, joined by the same keys.

Counts are lines of CloudWatch's embedded metric format (EMF) on standard output; the keys of the
log lines stand in them, too, but never as dimensions: those are few and bounded. Never document
text, names, links or tokens, and so never an exception's message either: S3's denials spell out
the key they are about, and a key below inbox/ is a name.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from typing import Any

from aws_lambda_powertools import Logger, Tracer
from aws_lambda_powertools.metrics import EphemeralMetrics, MetricUnit
from aws_lambda_powertools.utilities.typing import LambdaContext

from fanfold import errors, settings
from fanfold.model import Reason, Source, State

NAMESPACE = "Fanfold"
"""Of all metrics here; their dimension ``service`` is the stack's name."""

logger = Logger()

_Values = dict[str, tuple[MetricUnit, float]]
_SAME_CAUSE = 8  # deep enough for every chain that there is


class EmfMeter:
    """The Meter of the ports. docs/operations.md lists its metrics and their dimensions."""

    def page_done(self, source: Source, milliseconds: int) -> None:
        """Count a page that was read, and how long that took."""
        took = (MetricUnit.Milliseconds, milliseconds)
        _emit("source", source, {"PagesDone": _ONE, "PageMilliseconds": took})

    def page_failed(self, code: str) -> None:
        """Count a page that could not be read."""
        _emit("reason", _known(code), {"PagesFailed": _ONE})

    def ended(self, state: State, reason: Reason | None = None) -> None:
        """Count a document that came to its end."""
        _emit("state", state, {"DocumentsEnded": _ONE})
        if state is State.FAILED and reason:
            _emit("reason", _known(reason.code), {"DocumentsFailed": _ONE})

    def resumed(self, state: State) -> None:
        """Count a document that stood still and was taken up again."""
        _emit("state", state, {"DocumentsResumed": _ONE})

    def record_failed(self, step: str) -> None:
        """Count a message that has to be delivered again; Lambda's own Errors do not see it."""
        _emit("step", step, {"RecordsFailed": _ONE})

    def worked(self, step: str, gigabyte_seconds: float) -> None:
        """Count what an invocation took, as Lambda bills it but for the time to start."""
        took = (MetricUnit.NoUnit, round(gigabyte_seconds, 4))
        _emit("step", step, {"GigabyteSeconds": took})


_ONE = (MetricUnit.Count, 1)
meter = EmfMeter()


def _emit(dimension: str, value: str, metrics: _Values) -> None:
    blob = EphemeralMetrics(namespace=NAMESPACE)
    blob.add_dimension(dimension, value)
    for name, (unit, amount) in metrics.items():
        blob.add_metric(name, unit, amount)
    for name, key in _keys.items():
        blob.add_metadata(name, key)
    blob.flush_metrics()


def _known(code: str) -> str:
    """Return a code of the error tree, so that what is in the table cannot make dimensions."""
    return errors.by_code(code).code


_keys: dict[str, str | int] = {}


def note(**keys: str | int) -> None:
    """Put keys on every line, count and trace until the work at hand ends."""
    _keys.update(keys)
    logger.append_keys(**keys)


@contextmanager
def work(step: str, **keys: str | int) -> Iterator[None]:
    """Put keys on everything that is said within, and make it a part of the trace of its own.

    An error passes through; the trace says that there was one, not what it said.
    """
    before = dict(_keys)
    note(step=step, **keys)
    failure: Exception | None = None
    with _part(step, keys) as mark_failed:
        try:
            yield
        except Exception as error:
            mark_failed()
            failure = error
    logger.remove_keys(_keys.keys() - before.keys())
    _keys.clear()
    _keys.update(before)
    logger.append_keys(**before)
    if failure:
        raise failure


@contextmanager
def _part(step: str, keys: Mapping[str, str | int]) -> Iterator[Callable[[], None]]:
    """Make a part of the trace, if there is one; yield what marks it as failed."""
    if not settings.traced():
        yield lambda: None
        return
    part: Any
    with _tracer().provider.in_subsegment(f"## {step}") as part:
        for name, value in keys.items():
            part.put_annotation(name, value)
        yield part.add_fault_flag


@cache
def _tracer() -> Tracer:
    """Return X-Ray's recorder. It makes two clients of AWS: only who is traced waits for that.

    Nothing is patched: the SDK's patch of botocore writes S3 keys, and so names, into the traces.
    """
    return Tracer(auto_patch=False)


@contextmanager
def invocation(step: str, context: LambdaContext) -> Iterator[None]:
    """Measure an invocation of a function, and name it on every line."""
    begun = time.monotonic()
    note(function_request_id=context.aws_request_id)
    try:
        yield
    finally:
        gigabytes = int(context.memory_limit_in_mb) / 1024
        meter.worked(step, (time.monotonic() - begun) * gigabytes)


def failed(message: str, error: BaseException) -> None:
    """Log an error by what kind it was and where, without a word of what it said."""
    logger.error(message, errors=list(_causes(error)), where=_where(error))


def _causes(error: BaseException | None) -> Iterator[str]:
    for _ in range(_SAME_CAUSE):
        if error is None:
            return
        yield _kind(error)
        error = error.__cause__ or error.__context__


def _kind(error: BaseException) -> str:
    operation: str | None = getattr(error, "operation_name", None)
    if operation:  # an error of AWS; one machine has no such library
        answer: Mapping[str, Any] = getattr(error, "response", {})
        return f"{answer.get('Error', {}).get('Code')} of {operation}"
    if isinstance(error, errors.FanfoldError):
        return error.code
    return type(error).__name__


def _where(error: BaseException) -> str:
    """Return the innermost line of ours and the innermost of all, as module:line."""
    places, trace = [], error.__traceback__
    while trace:
        name: Mapping[str, Any] = trace.tb_frame.f_globals
        places.append(f"{name.get('__name__')}:{trace.tb_lineno}")
        trace = trace.tb_next
    ours = [place for place in places if place.startswith(("fanfold.", "functions."))]
    return " > ".join(dict.fromkeys([*ours[-1:], *places[-1:]]))
