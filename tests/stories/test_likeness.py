"""How alike two reports are: symmetric, highest for itself, higher for one event than for its neighbours."""

from __future__ import annotations

from dataclasses import astuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.stories.likeness import Probe
from monitor.stories.reports import Report, read_report
from tests.stories.event_articles import ELSEWHERE, TUNNEL, TUNNEL_AGAIN, TUNNEL_OTHER_SUM, article


def compare(one: Report, other: Report) -> tuple[float, ...]:
    return astuple(Probe.of(one).compare(other))


def score(one: Report, other: Report) -> float:
    return Probe.of(one).compare(other).score


texts = st.text(alphabet="Abc 12 月亿港口 xyz.,", max_size=60)


@given(texts, texts, texts, texts)
def test_likeness_is_symmetric_and_between_0_and_1(a: str, b: str, c: str, d: str) -> None:
    one, other = read_report(article(a, b)), read_report(article(c, d))
    assert compare(one, other) == pytest.approx(compare(other, one), abs=1e-5)
    assert all(-1e-6 <= part <= 1 + 1e-5 for part in compare(one, other))


def test_one_event_is_more_alike_than_a_neighbour_and_a_neighbour_than_another_topic() -> None:
    here, again, neighbour, other = map(read_report, (TUNNEL, TUNNEL_AGAIN, TUNNEL_OTHER_SUM, ELSEWHERE))
    assert score(here, here) > score(here, again) > score(here, neighbour) > score(here, other)


def test_an_empty_report_is_like_nothing() -> None:
    likeness = Probe.of(read_report(article(""))).compare(read_report(TUNNEL))
    assert likeness.cosine == likeness.larger_title_share == likeness.titles == likeness.names == likeness.figures == 0


def test_things_counted_otherwise_speak_against_one_event() -> None:
    first = read_report(article("Quay", "It has 30 berths and 50 cranes."))
    second = read_report(article("Quay", "It has 12 berths and 9 cranes."))
    assert Probe.of(first).compare(second).quantities > 0
    assert Probe.of(first).compare(first).quantities == 0
