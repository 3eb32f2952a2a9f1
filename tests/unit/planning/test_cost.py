from __future__ import annotations

import json
import re
from dataclasses import replace

import pytest

from cli.planning import bill, cost, measured, prices, second
from cli.planning.bill import Architecture, Network, Wish
from cli.planning.deployment import Deployment, Kept
from client.errors import Exit, Usage
from infra.template import TEMPLATE
from infra.template import template as templates
from tests.unit.cli.test_main import call

DEPLOYING = TEMPLATE.parent / "docs" / "deploying.md"


def case(**wish):
    return cost.Case(Deployment(), prices.load(), measured.load(), 0.0, Wish(**wish))


def test_every_step_of_the_measurement_is_a_step_of_the_template():
    steps = Deployment().steps
    for kind in measured.load().kinds.values():
        assert kind.cpu.keys() <= steps.keys()


def test_everything_that_lies_in_the_bucket_has_a_time_to_go():
    kept = Deployment().kept
    for kind in (*measured.load().kinds.values(), *measured.load().singles.values()):
        assert kind.stored.keys() <= kept.keys()


@pytest.mark.parametrize("days", ["8", "30"])
def test_what_lies_between_costs_no_more_than_it_must(days):
    """Two objects a page, written once and read once; dollars per 1,000 scanned pages."""
    found = cost.Case(Deployment({"RetainDays": days}), prices.load(), measured.load(), 0.0, Wish())
    assert 0.0 < bill.total(found.between) * 1000 <= 0.015


def test_news_are_told_of_what_arrives_and_not_of_what_is_made_of_it():
    kept = Deployment().kept
    assert {word for word, one in kept.items() if one.told} == {
        "inbox", "uploads", "outbox", "unreadable", "done", "failed"
    }  # fmt: skip
    assert {word for word, one in kept.items() if not one.old_days} == {
        "work", "pages", "results", "secrets", "unlocked"
    }  # fmt: skip


def test_the_template_is_what_is_priced():
    assert Deployment({"RetainDays": "8"}).kept["uploads"] == Kept(8, 7, told=True)
    assert Deployment({"RetainDays": "8"}).kept["results"] == Kept(8, 0, told=False)
    assert Deployment({"PageConcurrency": "77"}).steps["page"].concurrency == 77


def test_alarms_are_counted_for_each_time_their_template_is_nested(monkeypatch, tmp_path):
    alarm = {"Type": "AWS::CloudWatch::Alarm", "Properties": {"MetricName": "x"}}
    two = {"Metrics": [{"MetricStat": {}}, {"MetricStat": {}}, {"Expression": "a/b"}]}
    nested = {"Type": "AWS::CloudFormation::Stack", "Properties": {"TemplateURL": "inner.yaml"}}
    inner = {"Resources": {"A": alarm, "B": {**alarm, "Properties": two}}}
    (tmp_path / "inner.yaml").write_text(json.dumps(inner))
    outer = {**nested, "Properties": {"TemplateURL": str(tmp_path / "outer.yaml")}}
    (tmp_path / "outer.yaml").write_text(json.dumps({"Resources": {"I": nested, "J": nested}}))
    template = Deployment()
    before = template.alarm_metrics
    template = Deployment()
    template._template.document["Resources"]["Watch"] = outer
    assert template.alarm_metrics == before + 2 * (1 + 2)


def test_the_networks_that_are_priced_are_those_of_the_template():
    declared = templates.read(TEMPLATE)["Parameters"]["Network"]
    assert [network.value for network in Network] == declared["AllowedValues"]
    assert Wish().network == declared["Default"]


def test_zones_and_gateways_are_those_of_the_parameters():
    one = replace(case(), deployed=Deployment({"Zones": "3", "NatPerZone": "true"}))
    assert one.hourly(Network.BEHIND_NAT) == pytest.approx(3 * (0.045 + 0.005 + 0.01))
    assert case().hourly(Network.BEHIND_NAT) == pytest.approx(0.045 + 0.005 + 2 * 0.01)


def test_the_manual_says_what_each_network_costs_by_the_hour():
    said = re.findall(r"^\| `([a-z-]+)`[^|]* \| ([\d.]+) \|", DEPLOYING.read_text("utf-8"), re.M)
    assert said == [(n.value, f"{case().hourly(n):.3f}") for n in Network]


def test_what_nobody_watches_costs_nothing():
    unwatched = Deployment({"Monitoring": "none"})
    assert (unwatched.metrics, unwatched.alarm_metrics, unwatched.dashboards) == (0, 0, 0)
    assert all((Deployment().metrics, Deployment().alarm_metrics, Deployment().dashboards))


@pytest.mark.parametrize("value", ["abc", "1", "1001", "-5", "2.5"])
def test_a_parameter_that_cloudformation_refuses_is_wrong_usage(value):
    with pytest.raises(Usage, match="PageConcurrency"):
        Deployment({"PageConcurrency": value})


def test_the_break_even_is_where_both_months_cost_the_same():
    even = case().break_even(Network.BEHIND_NAT)
    there = case(pages_per_day=even)
    assert there.month(network=Network.BEHIND_NAT) == pytest.approx(there.textract, rel=0.01)


def test_what_costs_more_than_textract_never_breaks_even():
    assert case(waiting=10_000).break_even(Network.BEHIND_NAT) is None


def test_a_month_is_its_pages_and_its_idle_time():
    one = case(pages_per_day=100)
    pages = bill.total(one.page()) * 100 * 730 / 24
    assert one.month() == pytest.approx(pages + bill.total(one.idle()))


def test_the_command_says_the_same_in_json(monkeypatch, capsys):
    assert call(monkeypatch, "cost", "--pages-per-day", "2000", "--json") == Exit.OK
    said = json.loads(capsys.readouterr().out)
    expected = case(pages_per_day=2000)
    for network in Network:
        for architecture in Architecture:
            month = expected.month(network=network, architecture=architecture)
            assert said["month"][network][architecture] == pytest.approx(month)


def test_a_file_that_is_no_measurement_is_wrong_usage(monkeypatch, capsys, tmp_path):
    wrong = tmp_path / "wrong.json"
    wrong.write_text("[]")
    assert call(monkeypatch, "cost", "--measured", str(wrong)) == Exit.USAGE
    assert "python -m bench.cost" in capsys.readouterr().err


def test_a_parameter_without_a_value_is_wrong_usage(monkeypatch, capsys):
    assert call(monkeypatch, "cost", "-p", "RetainDays") == Exit.USAGE
    assert "NAME=VALUE" in capsys.readouterr().err


def test_a_broken_price_table_is_named(tmp_path):
    wrong = tmp_path / "prices.toml"
    wrong.write_text("[s3]\nput = 1\n")
    with pytest.raises(Usage, match="no price table"):
        prices.load(wrong)


def test_pages_that_both_readers_read_cost_their_share_more():
    one, some = case(), replace(case(), second=0.2, native=0.5)
    both = bill.total(one.both())
    alone = bill.total(replace(some, second=0.0).page())
    assert bill.total(some.page()) == pytest.approx(alone + 0.2 * 0.5 * both)
    assert both > 0


def test_a_page_that_both_read_is_paid_at_the_memory_of_its_lane():
    found = second.load()
    line = case(waiting=0).both()[0]
    memory = Deployment().steps["page-heavy"].memory
    assert line.quantity == pytest.approx(found.cpu * memory / 1024)
