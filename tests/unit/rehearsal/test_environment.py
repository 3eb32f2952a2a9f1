from __future__ import annotations

from pathlib import Path

from infra.rehearsal.runner import environment
from infra.template.names import Place
from infra.template.wiring import Function

COUNTING = {"POWERTOOLS_METRICS_DISABLED": "false"}


def of(variables, **extra):
    function = Function("F", "fanfold-F", "arn", "m.handler", 1.0, 128, variables)
    return environment(function, Place("http://127.0.0.1"), Path("template.yaml"), extra)


def test_counts_do_not_spill_into_the_log_of_one_machine():
    assert of(COUNTING)["POWERTOOLS_METRICS_DISABLED"] == "true"


def test_whoever_wants_them_may_have_them():
    assert of({}, **COUNTING)["POWERTOOLS_METRICS_DISABLED"] == "false"


def test_nothing_is_traced_on_one_machine(monkeypatch):
    monkeypatch.setenv("_X_AMZN_TRACE_ID", "Root=1-5e1b4151-5ac6c58a;Sampled=1")
    assert "_X_AMZN_TRACE_ID" not in of({})
