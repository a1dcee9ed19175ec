"""Articles, entries and matches, as polls record them."""

from __future__ import annotations

import dataclasses
import datetime as dt
import threading
from collections.abc import Callable
from typing import Any

import pytest

from monitor.errors import StoreError
from monitor.model import KnownArticle, Match, Placement, Span
from monitor.store import Store

NOON = dt.datetime(2026, 11, 21, 12, tzinfo=dt.UTC)
MINUTE = dt.timedelta(minutes=1)


def test_candidates_have_one_of_the_addresses_or_of_the_texts(store: Store, world: Any) -> None:
    a, b, _ = (world.lists("east", world.change(key)) for key in "abc")
    with store.writing() as writer:
        found = writer.candidates([a.address, "http://unknown/", ""], [b.text_key, "unknown"])
        assert [one.id for one in found] == [a.id, b.id]
        assert writer.candidates([], []) == ()
        assert len(writer.candidates([f"http://news.example/{n}" for n in range(20_000)] + [a.address], [])) == 1


def test_a_candidate_names_every_source_that_lists_it_the_first_one_first(store: Store, world: Any) -> None:
    article = world.lists("west", world.change("a"))
    world.lists("east", world.change("b"), article=article)
    world.lists("west", world.change("c"), article=article)
    with store.writing() as writer:
        assert writer.candidates([article.address], []) == (
            KnownArticle(
                article.id,
                article.story_id,
                article.address,
                article.text_key,
                "Title a",
                article.url,
                ("west", "east"),
                "text",
            ),
        )


def test_articles_without_an_address_are_not_the_same(store: Store, world: Any) -> None:
    world.lists("east", dataclasses.replace(world.change("a"), address=""))
    with store.writing() as writer:
        assert writer.candidates([""], [""]) == ()


def test_an_article_without_a_story_begins_one_and_another_joins_it(store: Store, world: Any) -> None:
    a, b = world.lists("east", world.change("a")), world.lists("east", world.change("b"))
    c = world.lists("west", world.change("c"), story=a.story_id, of=a.url)
    assert a.story_id != b.story_id
    assert c.story_id == a.story_id
    with store.writing() as writer:
        known = writer.candidates([a.address, c.address], [])
    assert [article.sources for article in known] == [("east",), ("west",)]


def test_an_article_is_like_one_of_its_own_story_only(store: Store, world: Any) -> None:
    a, b = world.lists("east", world.change("a")), world.lists("east", world.change("b"))
    world.lists("west", world.change("c"), story=a.story_id, of=b.url)
    world.lists("west", world.change("d"), story=a.story_id, of="")
    trace = store.trace(a.url)
    assert trace is not None
    assert [member.of for member in trace.members] == [None, None, None]


def test_a_revision_keeps_what_was_said_before(store: Store, world: Any) -> None:
    article = world.lists("east", world.change("a", text="old words"))
    new = world.change("a", text="new words")
    with store.writing() as writer:
        writer.revise_article(article.id, new, NOON + MINUTE)
    assert world.article(article.id) == new.article
    trace = store.trace(article.url)
    assert trace is not None
    assert [(one.text, one.replaced_at) for one in trace.revisions] == [("old words", NOON + MINUTE)]
    with store.writing() as writer:
        assert [one.id for one in writer.candidates([], ["text:new words:a"])] == [article.id]
        assert writer.candidates([], ["text:old words:a"]) == ()


def test_an_article_that_does_not_exist_cannot_be_revised(store: Store, world: Any) -> None:
    with pytest.raises(StoreError, match="no article 5"), store.writing() as writer:
        writer.revise_article(5, world.change(), NOON)


def test_an_entry_that_says_something_new_is_changed_not_doubled(store: Store, world: Any) -> None:
    article = world.lists("east", world.change("a"))
    changed = dataclasses.replace(world.change("a"), content_hash="new", suppressed_reason="baseline")
    world.lists("east", changed, article=article, at=NOON + MINUTE)
    assert store.known_entries(world.source("east"), ["a"])["a"].content_hash == "new"
    trace = store.trace(article.url)
    assert trace is not None
    (entry,) = trace.entries
    assert (entry.first_seen_at, entry.changed_at, entry.baseline) == (NOON, NOON + MINUTE, False)


def test_a_known_match_stays_as_it_is(store: Store, world: Any) -> None:
    article = world.lists("east", world.change("a", "web3"))
    with store.writing() as writer:
        before = writer.pending("morning")
        again = [Match("web3", (Span("text", 9, 10, "x"),)), Match("ai"), Match("ai")]
        assert writer.add_matches(article.id, again, NOON + MINUTE, None) == 1
        (after,) = writer.pending("morning")
    assert after.matches == (*before[0].matches, Match("ai"))


def test_a_known_match_is_not_suppressed_afterwards(store: Store, world: Any) -> None:
    article = world.lists("east", world.change("a", "web3"))
    with store.writing() as writer:
        assert writer.add_matches(article.id, [Match("web3")], NOON, "baseline") == 0
    assert len(world.pending()) == 1


def test_a_suppressed_match_is_not_sent_until_it_is_released(store: Store, world: Any) -> None:
    article = world.lists("east", world.change("a", "web3", reason="baseline"))
    assert world.pending() == ()
    world.configure({"morning": ["web3", "ai"], "late": ["web3"]})  # its floor is above the suppressed match
    with store.writing() as writer:
        assert writer.add_matches(article.id, [Match("web3")], NOON, "baseline") == 0
        assert writer.add_matches(article.id, [Match("web3")], NOON + MINUTE, None) == 1
    for digest in ("morning", "late"):
        assert [one.article_id for one in world.pending(digest)] == [article.id]
    trace = store.trace(article.url)
    assert trace is not None
    assert [(one.matched_at, one.held) for one in trace.matches] == [(NOON + MINUTE, None)]


def test_matches_point_into_the_new_words_and_those_that_no_longer_hold_nowhere(store: Store, world: Any) -> None:
    article = world.lists("east", world.change("a", "web3", "ai"))
    world.lists("east", world.change("b", "web3"))
    fresh = Match("web3", (Span("text", 3, 7, "Web3"),))
    with store.writing() as writer:
        writer.refresh_matches(article.id, [fresh, Match("unknown")])
        first, other = writer.pending("morning")
        assert first.matches == (fresh, Match("ai"))
        assert other.matches[0].spans[0].field == "title"
        writer.refresh_matches(article.id, [])
        assert writer.pending("morning")[0].matches == (Match("web3"), Match("ai"))


def test_two_threads_that_find_one_address_make_one_article(
    store: Store, world: Any, url: str, opened: Callable[[str], Store]
) -> None:
    other = opened(url)
    barrier = threading.Barrier(2, timeout=30)
    placed: list[str] = []

    def group(own: Store, source: str) -> None:
        change, source_id = world.change("same"), own.source_state(source).id
        barrier.wait()
        with own.writing() as writer:
            known = writer.candidates([change.address], [])
            placed.append("known" if known else "new")
            article = known[0] if known else writer.add_article(change, Placement(None, "new"), source_id, NOON)
            writer.link_entries(source_id, [(change, article.id)], NOON)

    threads = [threading.Thread(target=group, args=pair) for pair in ((store, "east"), (other, "west"))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(placed) == ["known", "new"]
    with store.writing() as writer:
        (article,) = writer.candidates(["http://news.example/same"], [])
    assert sorted(article.sources) == ["east", "west"]


def test_many_threads_of_one_store_write_one_after_the_other(store: Store, world: Any) -> None:
    threads = [
        threading.Thread(target=world.lists, args=("east", world.change(f"k{number}", "web3"))) for number in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert len(world.pending()) == 8


def test_a_revision_moves_the_article_to_its_new_address(store: Store, world: Any) -> None:
    article = world.lists("east", world.change("a"))
    moved = world.change("a", url="http://news.example/moved")
    with store.writing() as writer:
        now = writer.revise_article(article.id, moved, NOON + MINUTE)
        assert writer.candidates(["http://news.example/moved"], []) == (now,)
        assert writer.candidates([article.address], []) == ()
    assert (now.id, now.story_id, now.sources, now.url) == (article.id, article.story_id, ("east",), moved.address)
    assert world.article(article.id).url == moved.address


def test_what_says_the_same_is_no_revision(store: Store, world: Any) -> None:
    article = world.lists("east", world.change("a", text="nul \0"))
    with store.writing() as writer:
        writer.revise_article(article.id, world.change("a", text="nul \0", url="http://news.example/a2"), NOON)
    trace = store.trace("http://news.example/a2")
    assert trace is not None
    assert trace.revisions == ()
