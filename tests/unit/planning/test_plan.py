from __future__ import annotations

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cli.planning import measured, plan, schedule
from cli.planning.deployment import Deployment
from cli.planning.plan import Limits, Load, forecast
from client.errors import Exit
from tests.unit.cli.test_main import call

LIMITS = Limits(page=50, split=10, heavy=5, intake=5, others=33)
loads = st.builds(
    Load,
    pages=st.integers(1, 900),
    documents=st.integers(1, 30),
    open=st.floats(0, 5),
    cut=st.floats(0.001, 0.2),
    read=st.floats(0.1, 60),
    heavy_share=st.sampled_from([0.0, 0.01, 0.2, 1.0]),
    heavy=st.floats(0.1, 60),
)
limits = st.builds(
    Limits,
    page=st.integers(2, 200),
    split=st.integers(2, 20),
    heavy=st.integers(2, 20),
    intake=st.integers(2, 10),
    others=st.just(33),
    account=st.integers(1, 300),
    pollers=st.sampled_from([None, (2, 20)]),
)


@given(loads, limits)
def test_pages_are_conserved(load, under):
    assert forecast(load, under).done == load.pages


@given(loads, limits)
def test_moments_are_in_their_order(load, under):
    found = forecast(load, under)
    assert load.open <= found.queued <= found.last <= found.folded
    assert load.open + load.read <= found.first + 1e-6
    assert found.first <= found.last


@given(loads, limits)
def test_the_last_page_is_no_sooner_than_the_work_allows(load, under):
    found = forecast(load, under)
    assert found.peak <= under.at_page.most
    assert found.last >= load.open + load.pages * load.read / under.at_page.most - 1e-6


@given(loads, limits, st.integers(1, 100))
def test_no_limit_makes_it_later_by_being_raised(load, under, more):
    now = forecast(load, under).last
    for name in ("page", "split", "heavy", "account"):
        raised = replace(under, **{name: getattr(under, name) + more})
        assert forecast(load, raised).last <= now + 1e-6


@pytest.mark.parametrize(
    ("change", "under", "bound"),
    [
        ({}, {}, "PageConcurrency"),
        ({}, {"account": 60}, "the account’s concurrency"),
        ({"cut": 5.0}, {"page": 1000}, "fan-out by split"),
        ({"read": 2.0}, {"page": 1000}, "the growth of the mapping"),
        ({"heavy_share": 0.1}, {"page": 1000}, "the heavy lane’s concurrency"),
        ({"pages": 3}, {}, "the time that a page takes"),
        ({"read": 60.0}, {"pollers": (2, 5)}, "MaximumPollers"),
    ],
)
def test_what_bounds_it_is_named(change, under, bound):
    load = replace(Load(pages=10_000), **change)
    assert plan.bound(load, replace(LIMITS, **under)) == bound


def test_ten_thousand_pages_of_eight_seconds_take_fifty_hands_1600_seconds():
    last = forecast(Load(pages=10_000), LIMITS).last
    assert 1600 < last < 1620  # opening, cutting ten pages, growing to fifty: a few seconds


def test_pages_in_many_documents_take_as_long_as_in_one():
    one, many = (forecast(Load(pages=5000, documents=n), LIMITS).last for n in (1, 50))
    assert many == pytest.approx(one, rel=0.05)


def test_every_lever_is_what_it_says():
    found = {lever.name: lever for lever in plan.levers(Load(pages=1000), LIMITS)}
    assert found["PageConcurrency"].forecast == forecast(
        Load(pages=1000), replace(LIMITS, page=100)
    )
    assert found["provisioned pollers"].change == "2 to 97"
    assert "heavy lane" not in found


def test_limits_are_those_of_the_template():
    found = schedule.limits(Deployment({"PageConcurrency": "77"}), 500, None)
    assert (found.page, found.account) == (77, 500)
    assert found.others == sum(
        step.concurrency for name, step in Deployment().steps.items() if name != "page"
    )


def test_a_page_takes_its_cpu_time_with_the_share_of_a_core_that_its_memory_brings():
    template, scan = Deployment(), measured.load().kinds["scan"]
    cpu, memory = scan.cpu["page"], template.steps["page"].memory
    assert schedule.seconds(template, scan, "page") == pytest.approx(cpu * 1769 / memory)


def test_a_document_takes_the_requests_and_the_cpu_time_that_were_measured():
    template, found = Deployment(), measured.load()
    beside = found.document("scan")
    for step, seconds in (("intake", "open"), ("split", "shard"), ("assemble", "end")):
        share = min(1.0, template.steps[step].memory / 1769)
        wanted = beside.calls[step] * 0.03 + beside.cpu[step] / share
        assert getattr(schedule.load(template, found, None), seconds) == pytest.approx(wanted)
        assert beside.calls[step] >= 2  # it was measured: each reads and writes what is known


def test_the_command_says_the_same_in_json(monkeypatch, capsys):
    arguments = ["--pages", "100", "--seconds-per-page", "8", "--account", "50", "--json"]
    assert call(monkeypatch, "plan", *arguments) == Exit.OK
    said = json.loads(capsys.readouterr().out)
    assert said["limits"]["account"] == 50
    assert said["forecast"]["done"] == 100
    assert said["bound"] == "the account’s concurrency"


def test_more_documents_than_pages_is_wrong_usage(monkeypatch, capsys):
    assert call(monkeypatch, "plan", "--pages", "3", "--documents", "4") == Exit.USAGE
    assert "do not make" in capsys.readouterr().err


SMALL = ("-p", "PageConcurrency=900", "-p", "IntakeConcurrency=20", "-p", "SplitConcurrency=20")


def folded(capsys) -> float:
    return float(json.loads(capsys.readouterr().out)["forecast"]["folded"])


def test_ten_thousand_documents_of_a_page_are_done_in_ten_minutes(monkeypatch, capsys):
    load = ("--pages", "10000", "--documents", "10000", "--seconds-per-page", "8", "--json")
    arguments = (*load, *SMALL, "-p", "AssembleConcurrency=20")
    assert call(monkeypatch, "plan", *arguments) == Exit.OK
    quick = folded(capsys)
    assert quick <= 600
    assert call(monkeypatch, "plan", *load, *SMALL) == Exit.OK
    assert folded(capsys) > quick


def test_small_documents_wait_for_intake_where_it_is_narrow(monkeypatch, capsys):
    load = ("--pages", "3000", "--documents", "3000", "--seconds-per-page", "1", "--json")
    narrow = ("-p", "PageConcurrency=900", "-p", "IntakeConcurrency=2")
    assert call(monkeypatch, "plan", *load, *narrow) == Exit.OK
    assert json.loads(capsys.readouterr().out)["bound"] == "intake’s concurrency"


def test_a_document_as_long_as_allowed_is_planned_and_one_that_no_step_can_end_refused(
    monkeypatch, capsys
):
    assert call(monkeypatch, "plan", "--pages", "50000", "--json") == Exit.OK
    capsys.readouterr()
    assert call(monkeypatch, "plan", "--pages", "400000") == Exit.USAGE
    assert "to put 400,000 pages together" in capsys.readouterr().err
    template = Deployment()
    parts = replace(schedule.load(template, measured.load(), None), pages=400_000, documents=10)
    schedule.refuse(template, parts)
    assert call(monkeypatch, "plan", "--seconds-per-page", "61") == Exit.USAGE
    assert "page takes 61 s to read a page, and has 60 s" in capsys.readouterr().err
