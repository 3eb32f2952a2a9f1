from __future__ import annotations

from dataclasses import dataclass, field, replace

import pytest

from cli.planning import bill
from cli.planning.bill import Architecture, Network, Wish
from cli.planning.deployment import Kept, Step
from cli.planning.measured import Kind, Measurement, gb_seconds
from cli.planning.prices import Prices

PRICES = Prices(
    dated="2000-01-01",
    region="nowhere",
    dollars={
        "lambda.gb_second_x86_64": 2.0, "lambda.gb_second_arm64": 1.0, "lambda.request": 3.0,
        "s3.put": 5.0, "s3.get": 7.0, "s3.gb_month": 11.0, "eventbridge.opt_in_event": 13.0,
        "sqs.request": 17.0, "dynamodb.write": 19.0, "dynamodb.read": 23.0,
        "logs.ingested_gb": 29.0, "xray.trace": 31.0, "endpoint.gb": 37.0, "nat.gb": 41.0,
        "cloudwatch.alarm_metric_month": 0.1, "cloudwatch.composite_alarm_month": 0.5,
        "cloudwatch.dashboard_month": 3.0, "cloudwatch.metric_month": 0.3, "nat.hour": 0.045,
        "nat.address_hour": 0.005, "endpoint.zone_hour": 0.01, "kms.key_month": 1.0,
        "route53.zone_month": 0.5, "route53.health_check_month": 1.5,
    },
)  # fmt: skip
KIND = Kind(
    cpu={"page": 1024 / 1769, "split": 2048 / 1769}, calls={"page": 6, "split": 3}, plain_cpu=4.0,
    puts=3, gets=4, between_puts=2, between_gets=1, sends=0.5,
    messages=2, queue_bytes=1e9, storage_bytes=5e9, log_bytes=1e9 - 2200, writes=2, reads=1.5,
    stored={"work": 1e9, "uploads": 2e9}, objects={"work": 3, "uploads": 1},
)  # fmt: skip


@dataclass
class Deployed:
    mappings: int = 9
    sweeps_per_month: float = 8760
    alarm_metrics: int = 10
    composite_alarms: int = 2
    dashboards: int = 1
    metrics: int = 20
    zones: int = 2
    nat_per_zone: bool = False
    steps: dict[str, Step] = field(
        default_factory=lambda: {"split": Step(1024, 300, 10), "page": Step(512, 60, 50)}
    )
    kept: dict[str, Kept] = field(
        default_factory=lambda: {
            "work": Kept(bill.DAYS, 0.0, told=False),
            "uploads": Kept(bill.DAYS, bill.DAYS, told=True),
        }
    )


def by_item(lines):
    return {line.item: line for line in lines}


def page(**wish):
    return by_item(bill.page(KIND, Deployed(), PRICES, Wish(**wish)))


def idle(**wish):
    return by_item(bill.idle(Deployed(), PRICES, Wish(**wish)))


def test_computing_costs_the_same_at_any_memory_of_one_core_and_more_beyond():
    assert gb_seconds(1024 / 1769) == pytest.approx(1.0)
    wide = Deployed(steps={"split": Step(2 * 1769, 300, 10), "page": Step(512, 60, 50)})
    lines = by_item(bill.page(KIND, wide, PRICES, Wish()))
    assert lines["Lambda split"].quantity == pytest.approx(2 * page()["Lambda split"].quantity)


def test_only_the_page_pays_for_waiting_and_at_its_own_memory():
    lines = page(waiting=0.5)
    assert lines["Lambda split"].quantity == pytest.approx(2.0)
    assert lines["Lambda page"].quantity == pytest.approx(1.0 + 0.5 * 0.5)


@pytest.mark.parametrize(
    ("item", "dollars"),
    [
        ("Lambda split", 2.0 * 2),
        ("Lambda page", 1.0 * 2),
        ("Lambda requests", 2 * 3),
        ("S3 PUT", 3 * 5),
        ("S3 GET", 4 * 7),
        ("S3 storage", (1 * 1 + 2 * 2) * 11),  # 1 GB for a month, 2 GB for two
        ("EventBridge", 3 * 1 * 13),  # of what is told of
        ("SQS", (0.5 + 2 * 2) * 17),  # each message is received and deleted by itself
        ("DynamoDB writes", 2 * 19),
        ("DynamoDB reads", 1.5 * 23),
        ("logs", 1.0 * 29),  # with 1,100 bytes of Lambda's own per invocation
        ("endpoint data", 1.0 * 37),
        ("NAT data", 0.5 * 41),
    ],
)
def test_a_page_costs_what_one_reckons_by_hand(item, dollars):
    found = page(waiting=0, outbound_bytes=5e8, network=Network.BEHIND_NAT)[item]
    assert found.dollars == pytest.approx(dollars)


@pytest.mark.parametrize(
    ("network", "endpoint", "nat"),
    [
        (Network.BEHIND_NAT, 1.0, 0.5),
        (Network.BEHIND_NAT_SQS, 0.0, 1.5),  # messages pass the gateway, too
        (Network.SEALED, 1.0, 0.0),
        (Network.NONE, 0.0, 0.0),
    ],
)
def test_bytes_are_billed_where_they_pass(network, endpoint, nat):
    lines = page(outbound_bytes=5e8, network=network)
    assert lines["endpoint data"].quantity == pytest.approx(endpoint)
    assert lines["NAT data"].quantity == pytest.approx(nat)


def test_the_whole_is_the_sum_of_its_parts():
    lines = bill.page(KIND, Deployed(), PRICES, Wish())
    assert bill.total(lines) == pytest.approx(sum(line.dollars for line in lines))


def test_arm_is_priced_as_arm():
    intel, arm = page(), page(architecture=Architecture.ARM64)
    assert intel["Lambda page"].dollars == 2 * arm["Lambda page"].dollars
    assert intel["S3 PUT"].dollars == arm["S3 PUT"].dollars


def test_every_trace_is_recorded_while_there_is_less_than_one_a_second():
    assert bill.traced(1000) == 1000
    assert bill.traced(730 * 3600 + 1000) == 730 * 3600 + 50


@pytest.mark.parametrize(
    ("network", "hour", "hour_per_zone"),
    [
        (Network.BEHIND_NAT, 0.045 + 0.005 + 3 * 0.01, 3 * (0.045 + 0.005 + 0.01)),
        (Network.BEHIND_NAT_SQS, 0.045 + 0.005, 3 * (0.045 + 0.005)),
        (Network.SEALED, 3 * 0.01, 3 * 0.01),
        (Network.NONE, 0, 0),
    ],
)
def test_a_network_costs_by_the_hour(network, hour, hour_per_zone):
    wish = Wish(network=network)
    for each, dollars in ((False, hour), (True, hour_per_zone)):
        deployed = Deployed(zones=3, nat_per_zone=each)
        found = bill.total(bill.network(deployed, PRICES, wish, hours=1))
        assert found == pytest.approx(dollars)


def test_an_idle_month_holds_its_network():
    parts = {"interface endpoints": 14.6, "NAT gateways": 32.85, "NAT addresses": 3.65}
    found = {item: line.dollars for item, line in idle().items() if item in parts}
    assert found == {item: pytest.approx(value) for item, value in parts.items()}
    assert not parts.keys() & idle(network=Network.NONE).keys()


def test_idle_queues_are_polled_all_the_same():
    # nine mappings, five pollers each, three polls a minute, 43,800 minutes
    assert idle()["SQS polling"].quantity == 9 * 5 * 3 * 43_800


def test_watching_is_billed_by_metric_alarm_and_board():
    lines = idle()
    assert lines["alarms"].dollars == pytest.approx(1.0)
    assert lines["alarms over alarms"].dollars == pytest.approx(1.0)
    assert lines["dashboards"].dollars == pytest.approx(3.0)
    assert lines["custom metrics"].dollars == pytest.approx(6.0)


def test_what_is_not_there_has_no_line():
    assert not {"hosted zone", "health check", "KMS keys"} & idle().keys()
    assert {"hosted zone", "health check", "KMS keys"} <= idle(
        domain=True, health_check=True, keys=1
    ).keys()


@pytest.mark.parametrize(
    ("kept", "dollars"),
    [
        (Kept(bill.DAYS, 0.0, told=False), 2 * 5 + 1 * 7),
        (Kept(bill.DAYS, bill.DAYS, told=True), 2 * 5 + 1 * 7 + 3 * 3 * 13 + 1 * 11),
    ],
)
def test_what_lies_between_costs_requests_and_what_its_bucket_adds(kept, dollars):
    deployed = Deployed(kept={"work": kept, "pages": kept})
    assert bill.total(bill.between(KIND, deployed, PRICES)) == pytest.approx(dollars)


def measurement(kinds, singles=None, pages=20):
    return Measurement("", "", "", "", pages, kinds, singles or kinds)


@pytest.mark.parametrize(("pages", "puts"), [(20, 3.0), (1, 22.0), (100, 2.2), (10, 4.0)])
def test_what_a_document_takes_is_shared_by_its_pages(pages, puts):
    """2 a page and 20 a document."""
    found = measurement({"a": replace(KIND, puts=3)}, {"a": replace(KIND, puts=22)})
    assert found.mixed({"a": 1.0}, pages).puts == pytest.approx(puts)
    assert found.document("a").puts == pytest.approx(20)
    assert found.page("a").puts == pytest.approx(2)


def test_a_document_of_one_page_that_measured_less_takes_no_less_than_nothing():
    found = measurement({"a": replace(KIND, puts=3)}, {"a": replace(KIND, puts=1)})
    assert found.document("a").puts == 0.0


def test_pages_between_kinds_cost_what_lies_between():
    light = replace(KIND, cpu={"page": 0.0}, puts=1, stored={})
    both = measurement({"a": KIND, "b": light}).mixed({"a": 0.25, "b": 0.75})
    assert both.puts == pytest.approx(0.25 * 3 + 0.75 * 1)
    assert both.cpu == {
        "page": pytest.approx(0.25 * 1024 / 1769), "split": pytest.approx(0.25 * 2048 / 1769)
    }  # fmt: skip
    assert both.stored["uploads"] == pytest.approx(0.25 * 2e9)
