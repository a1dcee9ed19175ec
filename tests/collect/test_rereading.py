"""What follows from reading the page of a sent article again."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from itertools import pairwise

import pytest

from monitor.collect.rereading import (
    MAX_PER_HOST,
    MAX_PER_ROUND,
    MAX_REREADS,
    MIN_GONE_PERIOD,
    Sighting,
    _chosen,
    decide_reread,
)
from monitor.collect.withdrawals import leads_home
from monitor.model import Article, Difference, KnownEntry, Source, Validators
from monitor.model.rereads import REREAD_DELAYS, DuePage, DueReread, RereadState, next_reread
from monitor.rules import compile_rules

NOON = dt.datetime(2026, 11, 21, 12, tzinfo=dt.UTC)
HOUR = dt.timedelta(hours=1)
SOURCE = Source("bank", "https://bank.example/feed", "feed", full_text=True)
RULES = compile_rules({"web3": "blockchain", "metaverse": "metaverse"})
URL = "https://bank.example/7"
TEXT = "The bank lends 500 million yuan to blockchain firms.\nThey can apply at the town hall."
TAGS = Validators(b'"1"', None, "hash")


def due(text: str = TEXT, state: RereadState | None = None, *, title: str = "Bank supports firms") -> DueReread:
    known = KnownEntry("7", "hash", 1, (), NOON, title, page_read=True)
    return DueReread(1, Article(URL, title, text), NOON, "bank", known, URL, state or RereadState())


def page(text: str, title: str = "Bank supports firms") -> Sighting:
    return Sighting(Article(URL, title, text), TAGS)


@pytest.mark.parametrize(
    ("age", "wait"), [(0, 1), (1, 6), (2, 6), (6, 24), (30, 72), (72, 168), (200, 720), (720, None), (9000, None)]
)
def test_the_schedule(age: int, wait: int | None) -> None:
    found = next_reread(NOON, NOON + age * HOUR)
    assert found == (None if wait is None else NOON + wait * HOUR)


def test_the_intervals_grow() -> None:
    gaps = [later - sooner for sooner, later in pairwise(REREAD_DELAYS)]
    assert gaps == sorted(gaps)


def test_the_same_page_changes_nothing_and_is_due_later() -> None:
    found = decide_reread(due(), page(TEXT), SOURCE, RULES, NOON + HOUR)
    assert (found.change, found.withdrawn, found.due) == (None, "", NOON + 6 * HOUR)
    assert found.state == RereadState(1, TAGS, "Bank supports firms")


def test_an_edit_has_its_differences_and_rules() -> None:
    edited = TEXT.replace("500", "300").replace("town hall", "metaverse")
    change = decide_reread(due(), page(edited), SOURCE, RULES, NOON + HOUR).change
    assert change is not None
    assert change.article == Article(URL, "Bank supports firms", edited)
    assert change.differences == (Difference("number", "500", "300 million yuan"),)
    assert [match.rule for match in change.matches] == ["metaverse"]
    assert [match.rule for match in change.refreshed] == ["web3"]
    assert change.known is not None
    assert (change.page_read, change.page_due) == (True, None)


def test_the_summary_of_the_list_stays_before_the_text_of_the_page() -> None:
    old = f"Credit for firms.\n\nSays the bank's own summary.\n\n{TEXT}"
    same = decide_reread(due(old), page(TEXT), SOURCE, RULES, NOON + HOUR)
    assert same.change is None
    edited = decide_reread(due(old), page(TEXT.replace("town", "city")), SOURCE, RULES, NOON + HOUR).change
    assert edited is not None
    assert edited.article.text == old.replace("town", "city")
    opening = decide_reread(due(old), page(TEXT.replace("500", "300")), SOURCE, RULES, NOON + HOUR).change
    assert opening is not None
    assert opening.article.text == old.replace("500", "300")


def test_a_title_is_compared_with_what_the_page_had_before() -> None:
    first = decide_reread(due(), page(TEXT, "Credit: the bank's page"), SOURCE, RULES, NOON + HOUR)
    assert first.change is None
    later = due(state=first.state)
    second = decide_reread(later, page(TEXT, "Bank stops credit"), SOURCE, RULES, NOON + 6 * HOUR).change
    assert second is not None
    assert second.differences == (Difference("title", "Credit: the bank's page", "Bank stops credit"),)
    assert second.article.title == "Bank stops credit"


def test_gone_once_is_looked_at_again_and_twice_is_withdrawn() -> None:
    gone = Sighting(gone="its page is gone (410)")
    first = decide_reread(due(), gone, SOURCE, RULES, NOON + HOUR)
    assert (first.withdrawn, first.due, first.state.gone_since) == ("", NOON + HOUR + MIN_GONE_PERIOD, NOON + HOUR)
    too_soon = decide_reread(due(state=first.state), gone, SOURCE, RULES, NOON + HOUR + MIN_GONE_PERIOD / 2)
    assert (too_soon.withdrawn, too_soon.due) == ("", NOON + HOUR + MIN_GONE_PERIOD)
    second = decide_reread(due(state=first.state), gone, SOURCE, RULES, NOON + HOUR + MIN_GONE_PERIOD)
    assert (second.withdrawn, second.due) == ("its page is gone (410)", None)


def test_gone_after_the_last_look_is_looked_at_again_too() -> None:
    found = decide_reread(due(), Sighting(gone="its page is gone (404)"), SOURCE, RULES, NOON + 721 * HOUR)
    assert found.due == NOON + 721 * HOUR + MIN_GONE_PERIOD


def test_a_failure_says_nothing_and_keeps_what_is_known() -> None:
    state = RereadState(2, TAGS, "Bank supports firms")
    found = decide_reread(due(state=state), Sighting(failed="timeout"), SOURCE, RULES, NOON + 7 * HOUR)
    assert (found.change, found.state, found.due) == (None, replace(state, times=3), NOON + 24 * HOUR)


def test_a_page_that_fails_while_it_is_gone_is_not_asked_for_ever() -> None:
    state = RereadState(0, TAGS, "", NOON + HOUR)
    at: dt.datetime | None = NOON + HOUR
    for _ in range(MAX_REREADS):
        if at is not None:
            found = decide_reread(due(state=state), Sighting(failed="timeout"), SOURCE, RULES, at)
            assert found.due is None or found.due > at
            state, at = found.state, found.due
    assert at is None


@pytest.mark.parametrize(
    ("url", "landed", "home"),
    [
        ("https://bank.example/news/7", "https://bank.example/", True),
        ("https://bank.example/news/7", "https://www.bank.example/index.html", True),
        ("https://bank.example/?id=7", "https://bank.example/", True),
        ("https://bank.example/news/7", "https://bank.example/news/7/", False),
        ("https://bank.example/news/7", "https://bank.example/?p=7", False),
        ("https://bank.example/news/7", "https://bank.example/news/", False),
        ("https://bank.example/news/7", "https://parking.example/", False),
        ("https://bank.example/", "https://bank.example/index.html", False),
    ],
)
def test_the_way_home(url: str, landed: str, home: bool) -> None:
    assert leads_home(url, landed) is home


def test_a_round_reads_a_few_pages_of_each_host() -> None:
    waiting = [DuePage(number, number, "bank", f"https://host{number % 30}.example/{number}") for number in range(300)]
    waiting.insert(0, replace(waiting[0], source="removed"))
    assert len(list(_chosen(waiting, {"bank": SOURCE}))) == MAX_PER_ROUND
    hosts = [one.url.split("/")[2] for one in list(_chosen(waiting[:1] + waiting[1:301:30], {"bank": SOURCE}))]
    assert hosts == ["host0.example"] * MAX_PER_HOST


def test_no_host_keeps_the_others_waiting() -> None:
    waiting = [DuePage(number, number, "bank", f"https://many.example/{number}") for number in range(3_000)]
    waiting.append(DuePage(3_000, 3_000, "bank", "https://few.example/1"))
    assert [one.article_id for one in _chosen(waiting, {"bank": SOURCE})] == [0, 1, 3_000]
