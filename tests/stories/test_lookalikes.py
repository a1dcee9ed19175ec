"""Announcements that look alike and are two are never taken for copies, whichever comes first."""

from __future__ import annotations

import datetime as dt

import pytest

from monitor.stories import Stories, find_near
from monitor.stories.near import MIN_SHARE
from tests.stories.articles import NOON, LookAlike, article, later, look_alikes

HELD_OUT = list(look_alikes("held_out.txt"))
TUNED = list(look_alikes("tuned.txt"))
LEADS = {"en": "Here is what you need to know, as our partners report: ", "zh": "据多家媒体报道，"}


def joined(first: tuple[str, str], second: tuple[str, str], site: str = "Post") -> bool:
    stories = Stories()
    stories.add(article(*first, "Agency"), NOON)
    return stories.add(article(*second, site), NOON + dt.timedelta(hours=1)).relation in {"copy", "near_copy"}


@pytest.mark.parametrize("pairs", [HELD_OUT, TUNED], ids=["held out", "tuned"])
def test_no_look_alike_is_a_copy(pairs: list[LookAlike]) -> None:
    wrong = [(pair.kind, pair.language, "") for pair in pairs if joined(pair.one, pair.other)]
    wrong += [
        (pair.kind, pair.language, "reversed") for pair in pairs if not pair.adds and joined(pair.other, pair.one)
    ]
    assert wrong == []


@pytest.mark.parametrize("pairs", [HELD_OUT, TUNED], ids=["held out", "tuned"])
def test_a_lead_in_front_makes_none_a_copy(pairs: list[LookAlike]) -> None:
    led = [(pair, (pair.other[0], LEADS[pair.language] + pair.other[1])) for pair in pairs]
    assert [(pair.kind, pair.language) for pair, other in led if joined(pair.one, other)] == []


@pytest.mark.parametrize("pairs", [HELD_OUT, TUNED], ids=["held out", "tuned"])
def test_one_site_has_both(pairs: list[LookAlike]) -> None:
    assert [(pair.kind, pair.language) for pair in pairs if joined(pair.one, pair.other, "Agency")] == []


def test_they_do_look_alike() -> None:
    """Most of them share enough to be copies: it is the vetoes that keep them apart."""
    alike = 0
    for pair in HELD_OUT + TUNED:
        stories = Stories()
        stories.add(article(*pair.one, "Agency"), NOON)
        refused = find_near(later(*pair.other), stories._near).refused_verdict
        alike += refused is not None and refused.share >= MIN_SHARE
    assert len(HELD_OUT) >= 30
    assert len(TUNED) >= 30
    assert len({pair.kind for pair in HELD_OUT}) >= 12
    assert alike / len(HELD_OUT + TUNED) > 0.85
