"""The archive, article by article, as an export takes it."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from monitor.model.rules import RuleReport
from monitor.store import Store, archived

NOON = dt.datetime(2026, 11, 21, 12, tzinfo=dt.UTC)
DAY = dt.timedelta(days=1)


def test_an_article_comes_with_all_that_was_found_about_it(store: Store, world: Any) -> None:
    change = world.change("a", "web3", "ai")
    article = world.lists("west", change)
    world.lists("east", change, article=article, at=NOON + DAY)
    (one,) = store.archived_articles()
    assert (one.address, one.sources, one.rules) == ("http://news.example/a", ("west", "east"), ("web3", "ai"))
    assert (one.article, one.first_seen_at, one.story_id) == (change.article, NOON, article.story_id)


@pytest.mark.parametrize("page", [1, 2, 3, 500])
def test_the_last_comes_first_however_many_there_are(
    store: Store, world: Any, page: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(archived, "_PAGE_SIZE", page)
    for key in "abcde":
        world.lists("east", world.change(key))
    assert [one.article.title[-1] for one in store.archived_articles()] == list("edcba")


def test_what_comes_in_meanwhile_is_not_among_them(store: Store, world: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archived, "_PAGE_SIZE", 1)
    for key in "ab":
        world.lists("east", world.change(key))
    found = []
    for one in store.archived_articles():
        found.append(one.address[-1])
        world.lists("east", world.change(f"new{len(found)}"))
    assert found == ["b", "a"]


def test_by_time_and_by_rule(store: Store, world: Any) -> None:
    world.lists("east", world.change("old", "web3"), at=NOON - DAY)
    world.lists("east", world.change("new", "web3"))
    world.lists("east", world.change("other", "ai"))
    assert [one.address[-3:] for one in store.archived_articles(since=NOON)] == ["her", "new"]
    assert [one.address[-3:] for one in store.archived_articles(rule="web3")] == ["new", "old"]
    assert [one.address[-3:] for one in store.archived_articles(since=NOON, rule="web3")] == ["new"]
    assert list(store.archived_articles(rule="none")) == []


def test_rules_are_reported_with_what_they_matched_lately_in_all_and_last(store: Store, world: Any) -> None:
    world.lists("east", world.change("a", "web3"), at=NOON - 9 * DAY)
    world.lists("east", world.change("b", "web3", "ai"), at=NOON - 7 * DAY)
    world.lists("east", world.change("c"), at=NOON)
    assert store.rule_reports(NOON - 7 * DAY) == {
        "ai": RuleReport("ai", 1, 1, NOON - 7 * DAY),
        "web3": RuleReport("web3", 1, 2, NOON - 7 * DAY),
    }


def test_articles_are_those_that_exist(store: Store, world: Any) -> None:
    first, second = (world.lists("east", world.change(key)) for key in "ab")
    found = store.articles([second.id, 999, first.id])
    assert {article_id: one.title for article_id, one in found.items()} == {first.id: "Title a", second.id: "Title b"}
    assert store.articles([]) == {}
