"""What a reading brings: new entries, revisions, and other articles under old keys."""

from __future__ import annotations

import datetime as dt

import pytest

from monitor.collect.finds import find_of, news_in
from monitor.model import Article, Entry, Find, KnownEntry, Moment, Reading, Source
from monitor.model.articles import Precision
from monitor.rules import compile_rules

NOON = dt.datetime(2026, 11, 21, 12, tzinfo=dt.UTC)
DAY = dt.timedelta(days=1)
RULES = compile_rules({"web3": "web3", "fund": "fund"})
SOURCE = Source("one", "https://one.example/feed", "feed")
OLD = Article("https://one.example/p/1", "Web3 first", "Words.")


def found(entry: Entry, *, old: Article | None = None, fresh: bool = False, source: Source = SOURCE) -> Find:
    reading = Reading("feed", (entry,))
    known = {entry.key: KnownEntry(entry.key, "before", 7)} if old else {}
    (news,) = news_in(reading, known)
    archive = {7: old} if old else {}
    return find_of(news, source, reading, archive=archive, rules=RULES, now=NOON, fresh=fresh)


def rules(matches: tuple[object, ...]) -> list[str]:
    return sorted(getattr(match, "rule", "") for match in matches)


def test_what_is_known_as_it_is_is_no_news() -> None:
    entry = Entry("1", "Web3 first", "https://one.example/p/1", summary="Words.")
    (news,) = news_in(Reading("feed", (entry,)), {})
    assert news_in(Reading("feed", (entry,)), {"1": KnownEntry("1", news.content_hash, 7)}) == ()


def test_a_new_entry_is_found_with_all_that_matches() -> None:
    find = found(Entry("1", "Web3 fund", "https://one.example/p/1?utm_source=rss"))
    assert (find.known, find.held, find.address) == (None, None, "https://one.example/p/1")
    assert (rules(find.matches), rules(find.refreshed)) == (["fund", "web3"], [])


@pytest.mark.parametrize(
    ("title", "url"),
    [
        ("Web3 first, with a fund", "https://one.example/p/1"),
        ("WEB3  first", "https://one.example/moved"),
        ("Web3 fund", ""),
    ],
    ids=["another title", "another address", "no address"],
)
def test_one_of_title_and_address_changed_is_a_revision(title: str, url: str) -> None:
    old = Article(url, OLD.title, OLD.text) if not url else OLD
    find = found(Entry("1", title, url, summary="Other words."), old=old)
    assert find.known is not None
    assert rules(find.refreshed) == ["web3"]
    assert rules(find.matches) == (["fund"] if "fund" in title else [])


def test_a_key_that_leads_to_another_title_and_address_is_a_new_entry() -> None:
    find = found(Entry("1", "Web3 second", "https://one.example/p/2"), old=OLD)
    assert find.known is None
    assert (rules(find.matches), rules(find.refreshed)) == (["web3"], [])


@pytest.mark.parametrize(
    ("age", "precision", "held"),
    [
        (2 * DAY, "second", None),
        (3.5 * DAY, "second", "baseline"),
        (3.5 * DAY, "day", None),
        (9 * DAY, "month", None),
        (None, "second", "baseline"),
    ],
)
def test_a_first_poll_holds_back_what_is_older_than_the_backfill(
    age: dt.timedelta | None, precision: Precision, held: str | None
) -> None:
    moment = None if age is None else Moment(NOON - age, precision)
    entry = Entry("1", "Web3", "https://one.example/p/1", published=moment)
    assert found(entry, fresh=True).held == held
    assert found(entry).held is None


def test_no_backfill_holds_everything_back() -> None:
    entry = Entry("1", "Web3", "https://one.example/p/1", published=Moment(NOON, "second"))
    assert found(entry, fresh=True, source=Source("one", "https://x/", "feed", backfill=dt.timedelta())).held
