from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cli.planning import ramp
from cli.planning.ramp import Pollers, serve
from client.errors import Usage

arrivals = st.lists(st.floats(0, 600), min_size=1, max_size=150).map(sorted)
seconds = st.floats(0.1, 120)
pollers = st.builds(Pollers, st.integers(1, 20), st.integers(1, 1000), st.integers(1, 60)).map(
    lambda p: Pollers(min(p.start, p.most), p.per_minute, p.most)
)


def at_once(served, moment):
    return sum(start <= moment < end for start, end in zip(served.starts, served.ends, strict=True))


def allowed(mapping, since):
    return sum(mapping.reached(n) <= since + 1e-6 for n in range(1, mapping.most + 1))


@given(arrivals, seconds, pollers)
def test_every_message_is_served_once_and_not_before_it_came(times, took, mapping):
    served = serve(times, took, mapping)
    assert len(served.starts) == len(served.ends) == len(times)
    assert all(start >= time for start, time in zip(served.starts, times, strict=True))


@given(arrivals, seconds, pollers)
def test_no_more_run_at_once_than_the_mapping_has_grown_to(times, took, mapping):
    served = serve(times, took, mapping)
    assert served.peak <= mapping.most
    for start in served.starts:
        assert at_once(served, start) <= allowed(mapping, start - times[0])


@given(arrivals, seconds, pollers)
def test_nobody_waits_while_there_is_room(times, took, mapping):
    served = serve(times, took, mapping)
    for arrival, start in zip(times, served.starts, strict=True):
        if start > arrival + 1e-6:
            just_before = start - 1e-6
            room = sum(mapping.reached(n) <= just_before - times[0] for n in range(1, 61))
            assert at_once(served, just_before) >= min(room, mapping.most)


@given(arrivals, seconds, pollers, st.integers(1, 40))
def test_more_concurrency_is_never_later(times, took, mapping, more):
    wider = Pollers(mapping.start, mapping.per_minute, mapping.most + more)
    faster = Pollers(mapping.start, mapping.per_minute + more, mapping.most)
    now = serve(times, took, mapping).ends
    for other in (wider, faster):
        assert all(
            then <= end + 1e-6
            for then, end in zip(serve(times, took, other).ends, now, strict=True)
        )


@given(arrivals, seconds, pollers)
def test_the_end_is_no_sooner_than_work_divided_by_hands(times, took, mapping):
    served = serve(times, took, mapping)
    assert served.ends[-1] - times[0] >= len(times) * took / mapping.most - 1e-6
    assert served.ends[-1] >= times[-1] + took - 1e-6


@given(arrivals, seconds, pollers)
def test_messages_are_begun_in_order(times, took, mapping):
    assert all(one <= other for one, other in pairwise(serve(times, took, mapping).starts))


def test_standard_mode_begins_with_five_and_adds_three_hundred_a_minute():
    mapping = ramp.standard(1000)
    assert [mapping.reached(n) for n in (5, 6, 305, 1000)] == [0, 0.2, 60, 199]
    assert mapping.reached(1001) == float("inf")


def test_standard_mode_ends_at_1250_whatever_is_asked_for():
    assert ramp.standard(10_000).most == 1250


def test_provisioned_mode_begins_with_ten_for_each_poller_and_adds_a_thousand_a_minute():
    mapping = ramp.provisioned(2, 200, 10_000)
    assert (mapping.start, mapping.most) == (20, 2000)
    assert mapping.reached(1020) == 60


def test_the_account_bounds_provisioned_mode_too():
    assert ramp.provisioned(200, 2000, 900) == Pollers(900, 1000, 900)


def test_five_hands_for_ten_messages_take_two_turns():
    served = serve([0.0] * 10, 8.0, Pollers(5, 1, 5))
    assert served.ends == [8.0] * 5 + [16.0] * 5
    assert served.peak == 5


@pytest.mark.parametrize("given_", ["5", "1:10", "2:2001", "201:300", "20:10", "a:b", "2:3:4"])
def test_pollers_that_lambda_refuses_are_wrong_usage(given_):
    with pytest.raises(Usage, match="LEAST:MOST"):
        ramp.parse_pollers(given_)


def test_pollers_are_read():
    assert ramp.parse_pollers("2:200") == (2, 200)
    assert ramp.parse_pollers("") is None
