"""Entries of a source that moved are known again; under a known key another article is not lost as an edit."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from monitor.model import Article, Entry, KnownEntry, Moment, Precision
from monitor.stories import is_other_article, known_by_title

NOON = dt.datetime(2026, 11, 20, 12, tzinfo=dt.UTC)
OLD, NEW = "https://old.example/news/", "https://new.example/web/news?id="
TITLES = [f"Council announces plan number {number}" for number in range(6)]


def recorded(key: str, article: int = 1) -> KnownEntry:
    return KnownEntry(key, "hash", article)


def article(
    title: str, url: str, *, text: str = "", at: dt.datetime | None = NOON, exact: Precision = "second"
) -> Article:
    return Article(url, title, text, Moment(at, exact) if at else None)


def moved(titles: list[str]) -> list[Entry]:
    return [Entry(f"{NEW}{number}", title, f"{NEW}{number}") for number, title in enumerate(titles)]


def listed(titles: list[str]) -> list[tuple[str, str, KnownEntry]]:
    keys = [f"{OLD}{number}" for number in range(len(titles))]
    return [(title, key, recorded(key, number)) for number, (title, key) in enumerate(zip(titles, keys, strict=True))]


# --- titles


def test_a_source_that_moved_is_known_by_its_titles() -> None:
    entries = moved([*TITLES[1:], "Something quite new happened"])
    known = known_by_title(entries, {}, listed(TITLES))
    assert {entry.title: known[entry.key].key for entry in entries if entry.key in known} == {
        title: f"{OLD}{number}" for number, title in enumerate(TITLES) if number
    }


@pytest.mark.parametrize("count", range(6))
def test_most_titles_have_to_be_known_and_more_than_two(count: int) -> None:
    entries = moved([*TITLES[:count], *(f"Something quite new happened {number}" for number in range(6 - count))])
    assert len(known_by_title(entries, {}, listed(TITLES))) == (count if count > 3 else 0)
    assert len(known_by_title(moved(TITLES[:count]), {}, listed(TITLES))) == (count if count > 2 else 0)


def test_a_source_whose_keys_are_known_did_not_move() -> None:
    """It repeats titles, under new addresses: those are new announcements."""
    entries = [*moved(TITLES[:2]), *(Entry(f"{OLD}{number}", title, "") for number, title in enumerate(TITLES[2:], 2))]
    known = {entry.key: recorded(entry.key) for entry in entries[2:]}
    assert known_by_title(entries, known, listed(TITLES)) == {}


@pytest.mark.parametrize("count", [1, 2])
def test_few_titles_are_known_again_only_at_their_addresses(count: int) -> None:
    there = [(f"Notice {number}", f"{OLD}{number}", recorded(f"{number}", number)) for number in range(count)]
    again = [Entry(f"urn:{number}", f"Notice {number}", f"{OLD}{number}") for number in range(count)]
    assert known_by_title(again, {}, there) == {f"urn:{one.key}": one for _, _, one in there}
    assert known_by_title([replace(entry, url="https://old.example/") for entry in again], {}, there) == {}


def test_titles_that_occur_twice_or_are_short_tell_nothing() -> None:
    assert (
        known_by_title(moved(["Weekly report of the office"] * 5), {}, listed(["Weekly report of the office"] * 5))
        == {}
    )
    assert (
        known_by_title(moved(["Notice 1", "Notice 2", "Notice 3"]), {}, listed(["Notice 1", "Notice 2", "Notice 3"]))
        == {}
    )
    assert (
        len(
            known_by_title(
                moved(["关于通知", "任免公告", "今日要闻"]), {}, listed(["关于通知", "任免公告", "今日要闻"])
            )
        )
        == 3
    )


def test_titles_are_compared_as_texts_are() -> None:
    shouted = [title.upper() + "\u00a0" for title in TITLES]
    assert len(known_by_title(moved(shouted), {}, listed(TITLES))) == len(TITLES)


# --- another article under one key

A, B = "https://a.example/1", "https://a.example/2"


@pytest.mark.parametrize("exact", ["second", "minute", "hour", "day"])
@pytest.mark.parametrize("at", [NOON, NOON + dt.timedelta(seconds=1), None])
@pytest.mark.parametrize("title", ["One", "Two"])
@pytest.mark.parametrize("url", [A, B])
def test_title_and_address_changed_is_another_article_unless_the_date_is_the_same_to_the_second(
    title: str, url: str, at: dt.datetime | None, exact: Precision
) -> None:
    old, now = article("One", A, exact=exact), article(title, url, at=at, exact=exact)
    both = title != "One" and url != A
    assert is_other_article(now, old, same_title=title == "One", is_only_entry=False) is (
        both and not (at == NOON and exact == "second")
    )


@pytest.mark.parametrize("hours", [0, 8, -5])
def test_midnight_is_a_day_and_no_second(hours: int) -> None:
    """Programs that know the day only write `Mon, 16 Nov 2026 00:00:00 GMT`."""
    midnight = dt.datetime(2026, 11, 16, tzinfo=dt.timezone(dt.timedelta(hours=hours)))
    old = article("One", A, at=midnight.astimezone(dt.UTC))
    assert is_other_article(article("Two", B, at=midnight), old, same_title=False, is_only_entry=False)
    assert is_other_article(article("Two", A, at=midnight), old, same_title=False, is_only_entry=True)


def test_an_address_that_is_only_written_otherwise_did_not_change() -> None:
    assert not is_other_article(
        article("Two", f"{A}?utm_source=x", at=None), article("One", A), same_title=False, is_only_entry=False
    )


@pytest.mark.parametrize(
    ("title", "text", "at", "another"),
    [
        ("Two", "b", NOON + dt.timedelta(days=1), True),
        ("Two", "a", NOON + dt.timedelta(days=1), True),
        ("Two", "b", None, True),
        ("One", "b", NOON + dt.timedelta(days=1), True),
        ("One", "a", NOON + dt.timedelta(days=1), False),
        ("One", "b", None, False),
        ("Two", "b", NOON, False),
        ("One", "b", NOON, False),
    ],
)
def test_the_only_entry_of_a_source_under_a_constant_address(
    title: str, text: str, at: dt.datetime | None, *, another: bool
) -> None:
    old, now = article("One", A, text="a"), article(title, A, text=text, at=at)
    assert is_other_article(now, old, same_title=title == "One", is_only_entry=True) is another
    assert not is_other_article(now, old, same_title=title == "One", is_only_entry=False)


@pytest.mark.parametrize(
    ("title", "shared", "address", "another"),
    [("Two", True, A, True), ("Two", False, A, False), ("One", True, A, False), ("Two", False, "", True)],
    ids=["another title", "an address of its own", "the same title", "no address, another date"],
)
def test_a_title_names_an_article_where_the_address_names_none(
    title: str, address: str, *, shared: bool, another: bool
) -> None:
    old, now = article("One", address, at=NOON), article(title, address, at=NOON + dt.timedelta(days=1))
    assert (
        is_other_article(now, old, same_title=title == "One", is_only_entry=False, has_shared_address=shared) is another
    )
    assert not is_other_article(
        replace(now, published=old.published), old, same_title=False, is_only_entry=False, has_shared_address=shared
    )
