"""Which edits wait for a digest."""

from __future__ import annotations

import dataclasses
import datetime as dt
from typing import Any

from monitor.model import Difference, Source
from monitor.store import Store
from tests.store.conftest import World

NOON = dt.datetime(2026, 11, 21, 12, tzinfo=dt.UTC)
HOUR = dt.timedelta(hours=1)
LESS = Difference("number", "500", "300 million yuan")
LATER = Difference("date", "25", "28 August")


def ask(store: Store, *names: str) -> None:
    """Let the digests of these names ask for changes."""
    sources = [Source(name, f"http://{name}.example/feed", "feed") for name in ("east", "west")]
    store.sync(sources, {"morning": ["web3", "ai"], "evening": ["web3"]}, NOON, changes=names)


def edit(store: Store, article_id: int, key: str, *differences: Difference, text: str = "another text") -> None:
    change = dataclasses.replace(World.change(key, text=text), differences=differences)
    with store.writing() as tx:
        tx.revise_article(article_id, change, NOON + HOUR)


def waiting(store: Store, digest: str = "morning") -> list[tuple[int, tuple[Difference, ...]]]:
    with store.reading() as look:
        found = look.pending_changes(digest)
        assert look.has_changes(digest) == bool(found)
    return [(one.article_id, one.differences) for one in found]


def build(store: Store, world: Any, slot: str, digest: str = "morning") -> None:
    world.build(slot, digest=digest)
    with store.writing() as tx:
        tx.mark_changes_done(digest)


def test_an_edit_of_what_was_sent_waits_until_the_next_edition(store: Store, world: Any) -> None:
    ask(store, "morning")
    article = world.lists("east", world.change("a", "web3"))
    build(store, world, "1")
    assert waiting(store) == []
    edit(store, article.id, "a", LESS)
    assert waiting(store) == [(article.id, (LESS,))]
    build(store, world, "2")
    assert waiting(store) == []


def test_several_edits_of_one_article_wait_together(store: Store, world: Any) -> None:
    ask(store, "morning")
    article = world.lists("east", world.change("a", "web3"))
    build(store, world, "1")
    edit(store, article.id, "a", LESS, text="one")
    edit(store, article.id, "a", text="with a comma")
    edit(store, article.id, "a", LATER, text="two")
    assert waiting(store) == [(article.id, (LESS, LATER))]


def test_an_edit_before_the_article_is_sent_is_none_of_it(store: Store, world: Any) -> None:
    ask(store, "morning")
    article = world.lists("east", world.change("a", "web3"))
    edit(store, article.id, "a", LESS)
    build(store, world, "1")
    assert waiting(store) == []


def test_an_edit_of_what_was_never_sent_does_not_wait(store: Store, world: Any) -> None:
    ask(store, "morning", "evening")
    article = world.lists("east", world.change("a", "ai"))
    build(store, world, "1")
    edit(store, article.id, "a", LESS)
    assert (waiting(store), waiting(store, "evening")) == ([(article.id, (LESS,))], [])


def test_a_digest_that_begins_to_ask_gets_only_later_edits(store: Store, world: Any) -> None:
    ask(store)
    article = world.lists("east", world.change("a", "web3"))
    build(store, world, "1")
    edit(store, article.id, "a", LESS, text="one")
    assert waiting(store) == []
    ask(store, "morning")
    assert waiting(store) == []
    edit(store, article.id, "a", LATER, text="two")
    ask(store, "morning")
    assert waiting(store) == [(article.id, (LATER,))]
    ask(store)
    ask(store, "morning")
    assert waiting(store) == []


def test_a_digest_that_is_removed_and_put_back_goes_on_where_it_stopped(store: Store, world: Any) -> None:
    ask(store, "morning")
    article = world.lists("east", world.change("a", "web3"))
    build(store, world, "1")
    store.sync([Source("east", "http://east.example/feed", "feed")], {}, NOON)
    edit(store, article.id, "a", LESS)
    ask(store, "morning")
    assert waiting(store) == [(article.id, (LESS,))]


def test_each_digest_gets_an_edit_by_itself(store: Store, world: Any) -> None:
    ask(store, "morning", "evening")
    article = world.lists("east", world.change("a", "web3"))
    build(store, world, "1")
    build(store, world, "1", "evening")
    edit(store, article.id, "a", LESS)
    build(store, world, "2")
    assert (waiting(store), waiting(store, "evening")) == ([], [(article.id, (LESS,))])


def test_an_edited_copy_of_what_was_sent_waits_too(store: Store, world: Any) -> None:
    ask(store, "morning")
    first = world.lists("east", world.change("a", "web3"))
    copy = world.lists("west", world.change("b", "web3"), story=first.story_id)
    build(store, world, "1")
    edit(store, copy.id, "b", LESS)
    with store.reading() as look:
        assert [(one.lead_id, one.article_id) for one in look.pending_changes("morning")] == [(first.id, copy.id)]


def test_an_edited_copy_that_is_a_report_of_its_own_now_is_sent_as_one(store: Store, world: Any) -> None:
    ask(store, "morning")
    first = world.lists("east", world.change("a", "web3"))
    copy = world.lists("west", world.change("b", "web3"), story=first.story_id)
    build(store, world, "1")
    edit(store, copy.id, "b", LESS)
    with store.writing() as tx:
        tx.turn_copy_into_report(copy.id, "edited")
    assert (waiting(store), [one.article_id for one in world.pending()]) == ([], [copy.id])
    assert store.integrity() == ()


def test_a_report_that_the_digest_left_out_was_not_sent(store: Store, world: Any) -> None:
    ask(store, "morning")
    article = world.lists("east", world.change("a", "web3"))
    build(store, world, "1")
    with store._transaction() as connection:
        connection.exec_driver_sql("UPDATE edition_item SET headline = NULL")
    edit(store, article.id, "a", LESS)
    assert waiting(store) == []


def test_the_trace_has_the_differences(store: Store, world: Any) -> None:
    article = world.lists("east", world.change("a", "web3"))
    edit(store, article.id, "a", LESS)
    edit(store, article.id, "a", text="a typo less")
    trace = store.trace("http://news.example/a")
    assert trace is not None
    assert [one.differences for one in trace.revisions] == [(LESS,), ()]
