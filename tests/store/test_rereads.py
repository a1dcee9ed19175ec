"""Which pages are read again, and what is kept of that."""

from __future__ import annotations

import dataclasses
import datetime as dt
from typing import Any

import pytest

from monitor.collect.rereading import Sighting, decide_reread, record_reread
from monitor.model import Article, Difference, Source, Validators
from monitor.model.rereads import DueReread, RereadState
from monitor.rules import compile_rules
from monitor.store import Store

NOON = dt.datetime(2026, 11, 21, 12, tzinfo=dt.UTC)
HOUR = dt.timedelta(hours=1)


@pytest.fixture(autouse=True)
def asking(store: Store, world: Any) -> None:
    """Let the digest `morning` ask for changes."""
    ask(store, "morning")


def ask(store: Store, *names: str) -> None:
    sources = [Source(name, f"http://{name}.example/feed", "feed") for name in ("east", "west")]
    store.sync(sources, {"morning": ["web3", "ai"], "evening": ["web3"]}, NOON, changes=names)


def send(store: Store, world: Any, slot: str = "1", now: dt.datetime = NOON) -> None:
    edition_id = world.build(slot)
    with store.writing() as tx:
        tx.schedule_rereading("morning", edition_id, now)


def due(store: Store, at: dt.datetime = NOON + HOUR) -> list[int]:
    return [one.article_id for one in rereads(store, at)]


def rereads(store: Store, at: dt.datetime = NOON + HOUR) -> list[DueReread]:
    return [one for page in store.due_pages(at) if (one := store.due_reread(page)) is not None]


def save(store: Store, article_id: int, state: RereadState, at: dt.datetime | None) -> None:
    with store.writing() as tx:
        tx.save_reread(article_id, state, at)


def test_what_an_edition_shows_is_read_again_an_hour_after_it_was_seen(store: Store, world: Any) -> None:
    article = world.lists("east", world.change("a", "web3"))
    world.lists("east", world.change("b"))
    send(store, world)
    assert due(store, NOON + HOUR / 2) == []
    assert due(store) == [article.id]
    (one,) = rereads(store)
    assert (one.source, one.url, one.known.key, one.known.title) == ("east", "http://news.example/a", "a", "Title a")
    assert (one.article.title, one.first_seen_at, one.state) == ("Title a", NOON, RereadState())


def test_an_article_of_long_ago_is_read_again_at_its_next_turn_or_never(store: Store, world: Any) -> None:
    article = world.lists("east", world.change("a", "web3"), at=NOON - 2 * HOUR)
    world.lists("east", world.change("b", "web3"), at=NOON - 31 * 24 * HOUR)
    send(store, world)
    assert due(store, NOON + 3 * HOUR) == []
    assert due(store, NOON + 9000 * HOUR) == [article.id]


def test_nothing_is_read_again_when_no_digest_asks(store: Store, world: Any) -> None:
    world.lists("east", world.change("a", "web3"))
    send(store, world)
    ask(store)
    assert due(store) == []
    ask(store, "evening")
    assert due(store) == []


def test_nothing_is_read_again_at_a_source_that_fails_or_is_removed(store: Store, world: Any) -> None:
    article = world.lists("east", world.change("a", "web3"))
    send(store, world)
    state = store.source_state("east")
    with store.writing() as tx:
        tx.save_state(dataclasses.replace(state, failures=1))
    assert due(store) == []
    with store.writing() as tx:
        tx.save_state(dataclasses.replace(state, failures=0))
    assert due(store) == [article.id]
    store.sync([Source("west", "http://west.example/feed", "feed")], {"morning": ["web3"]}, NOON, changes=["morning"])
    assert due(store) == []


def test_the_entry_whose_page_was_read_comes_first(store: Store, world: Any) -> None:
    article = world.lists("west", world.change("a", "web3"))
    read = dataclasses.replace(world.change("a2"), page_read=True)
    world.lists("east", read, article=article)
    send(store, world)
    assert [(one.source, one.known.page_read) for one in rereads(store)] == [("east", True)]


def test_a_page_that_is_still_to_be_read_is_not_read_again(store: Store, world: Any) -> None:
    world.lists("east", dataclasses.replace(world.change("a", "web3"), page_due=NOON, page_reason="timeout"))
    send(store, world)
    assert due(store) == []


def test_what_is_known_of_a_page_is_kept(store: Store, world: Any) -> None:
    article = world.lists("east", world.change("a", "web3"))
    send(store, world)
    state = RereadState(2, Validators(b'"x"', b"Sat", "hash"), "Its own title", NOON)
    save(store, article.id, state, NOON + HOUR)
    assert [one.state for one in rereads(store)] == [state]
    save(store, article.id, state, None)
    assert due(store, NOON + 9000 * HOUR) == []
    trace = store.trace("http://news.example/a")
    assert trace is not None
    assert (trace.reread_times, trace.reread_due_at) == (2, None)


def test_an_article_is_watched_once(store: Store, world: Any) -> None:
    world.configure({"morning": ["web3"], "evening": ["web3"]})
    ask(store, "morning", "evening")
    article = world.lists("east", world.change("a", "web3"))
    send(store, world)
    edition_id = world.build("1", digest="evening")
    with store.writing() as tx:
        tx.schedule_rereading("evening", edition_id, NOON)
    assert due(store) == [article.id]


def test_a_withdrawn_article_keeps_its_text_and_waits_for_the_digest(store: Store, world: Any) -> None:
    article = world.lists("east", world.change("a", "web3"))
    send(store, world)
    before = world.article(article.id)
    with store.writing() as tx:
        tx.mark_changes_done("morning")
        tx.withdraw_article(article.id, "its page is gone (404)", NOON + HOUR)
    assert world.article(article.id) == before
    with store.reading() as look:
        (change,) = look.pending_changes("morning")
    assert change.differences == (Difference("withdrawn", "", "its page is gone (404)"),)


def test_an_article_is_unchanged_until_it_is_revised_or_its_page_is_due(store: Store, world: Any) -> None:
    article = world.lists("east", world.change("a", "web3"))
    send(store, world)
    (one,) = rereads(store)
    with store.writing() as tx:
        assert tx.is_unchanged(one)
        tx.postpone_page(world.source("east"), "a", NOON, 1, "timeout")
        assert not tx.is_unchanged(one)
        tx.postpone_page(world.source("east"), "a", None, 1, "")
        assert tx.is_unchanged(one)
        tx.revise_article(article.id, world.change("a", text="another"), NOON)
        assert not tx.is_unchanged(one)


def test_an_entry_that_another_article_has_now_is_not_unchanged(store: Store, world: Any) -> None:
    world.lists("east", world.change("a", "web3"))
    other = world.lists("east", world.change("b"))
    send(store, world)
    (one,) = rereads(store)
    page = store.due_pages(NOON + HOUR)[0]
    world.lists("east", world.change("a"), article=other)
    with store.writing() as tx:
        assert not tx.is_unchanged(one)
    assert store.due_reread(page) is None


def test_an_entry_whose_content_was_edited_is_not_unchanged(store: Store, world: Any) -> None:
    article = world.lists("east", world.change("a", "web3"))
    send(store, world)
    (one,) = rereads(store)
    world.lists("east", dataclasses.replace(world.change("a"), content_hash="edited"), article=article)
    with store.writing() as tx:
        assert not tx.is_unchanged(one)


def test_a_page_is_not_mixed_with_that_of_another_source(store: Store, world: Any) -> None:
    """What is known of a page, as its title and its validators, says nothing of the page of another source."""
    article = world.lists("west", world.change("a", "web3"))
    world.lists("east", world.change("a2"), article=article)
    send(store, world)
    assert [one.source for one in rereads(store)] == ["west"]
    with store.writing() as tx:
        tx.save_state(dataclasses.replace(store.source_state("west"), failures=1))
    assert rereads(store) == []


def test_an_edit_that_a_poll_got_in_the_way_of_is_read_again(store: Store, world: Any) -> None:
    text = "The bank lends 500 million yuan to firms. They apply at the town hall."
    article = world.lists("east", dataclasses.replace(world.change("a", "web3", text=text), page_read=True))
    send(store, world)
    (one,) = rereads(store)
    page = Article(one.url, "Title a", text.replace("500", "300"))
    seen = Sighting(page, Validators(b'"2"', None, "h"))
    source, rules = Source("east", "http://east.example/feed", "feed"), compile_rules({"web3": "bank"})
    with store.writing() as tx:
        tx.revise_article(article.id, world.change("a", text=f"{text} Thanks."), NOON + HOUR)
    record_reread(store, one, decide_reread(one, seen, source, rules, NOON + HOUR), NOON + HOUR)
    (later,) = rereads(store)
    assert (later.state, later.article.text) == (RereadState(times=1), f"{text} Thanks.")
    record_reread(store, later, decide_reread(later, seen, source, rules, NOON + HOUR), NOON + HOUR)
    assert "300 million" in world.article(article.id).text
    assert rereads(store) == []


RULES = compile_rules({"web3": "bank"})
GONE = Sighting(gone="its page is gone (404)")
THERE = Sighting(validators=Validators(b'"1"', None, "h"))


def send_articles(store: Store, world: Any, number: int) -> None:
    for key in "abcdefgh"[:number]:
        world.lists("east", world.change(key, "web3"))
    send(store, world)
    with store.writing() as tx:
        tx.mark_changes_done("morning")


def see(store: Store, one: DueReread, seen: Sighting, at: dt.datetime) -> None:
    source = Source("east", "http://east.example/feed", "feed")
    record_reread(store, one, decide_reread(one, seen, source, RULES, at), at)


def changes(store: Store) -> int:
    with store.reading() as look:
        return len(look.pending_changes("morning"))


def open_notices(store: Store, at: dt.datetime) -> list[str]:
    return [notice.kind for notice in store.status(at).notices]


def test_a_page_that_is_gone_lets_others_of_its_host_be_read_soon(store: Store, world: Any) -> None:
    send_articles(store, world, 3)
    first, *others = rereads(store)
    for one in others:
        see(store, one, THERE, NOON + HOUR)
    see(store, first, GONE, NOON + HOUR)
    assert due(store) == [one.article_id for one in others]


def test_pages_of_a_host_that_are_gone_all_at_once_were_not_withdrawn(store: Store, world: Any) -> None:
    send_articles(store, world, 5)
    for hours in (1, 2, 6, 24, 72, 168, 720):
        for one in rereads(store, NOON + hours * HOUR):
            see(store, one, GONE, NOON + hours * HOUR)
    assert changes(store) == 0
    assert open_notices(store, NOON + 720 * HOUR) == ["reread"]


def test_one_page_of_several_that_is_gone_was_withdrawn(store: Store, world: Any) -> None:
    send_articles(store, world, 5)
    gone = rereads(store)[1].article_id
    for hours in (1, 2, 3):
        for one in rereads(store, NOON + hours * HOUR):
            see(store, one, GONE if one.article_id == gone else THERE, NOON + hours * HOUR)
    assert (changes(store), open_notices(store, NOON + 3 * HOUR)) == (1, [])


def test_a_page_that_is_gone_after_the_others_are_back_was_withdrawn(store: Store, world: Any) -> None:
    send_articles(store, world, 4)
    gone = rereads(store)[0].article_id
    for hours, seen in ((1, GONE), (2, GONE), (6, THERE), (24, THERE)):
        for one in rereads(store, NOON + hours * HOUR):
            see(store, one, GONE if one.article_id == gone else seen, NOON + hours * HOUR)
    assert changes(store) == 1


def test_pages_of_which_none_can_be_read_again_are_a_notice_until_one_is(store: Store, world: Any) -> None:
    send_articles(store, world, 5)
    for one in rereads(store):
        assert open_notices(store, NOON + HOUR) == []
        see(store, one, Sighting(failed="refused"), NOON + HOUR)
    assert open_notices(store, NOON + HOUR) == ["reread"]
    see(store, rereads(store, NOON + 6 * HOUR)[0], THERE, NOON + 6 * HOUR)
    assert open_notices(store, NOON + 6 * HOUR) == []
