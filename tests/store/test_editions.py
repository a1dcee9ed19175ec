"""What waits for a digest, and what binds it."""

from __future__ import annotations

import dataclasses
import datetime as dt
from typing import Any

import pytest
from sqlalchemy.exc import IntegrityError

from monitor.errors import StoreError
from monitor.model import (
    AlternateLink,
    Coverage,
    DigestState,
    Edition,
    NewDelivery,
    Notice,
    NoticeKind,
    Payload,
    Placement,
    PollRecord,
    SourceIssue,
    Window,
)
from monitor.model.polling import PollOutcome
from monitor.store import Store

NOON = dt.datetime(2026, 11, 21, 12, tzinfo=dt.UTC)
MINUTE = dt.timedelta(minutes=1)
HOUR = dt.timedelta(hours=1)


def edition(digest: str, slot: str) -> Edition:
    return Edition(digest, Window(NOON, NOON + MINUTE, slot), NOON, "UTC")


def test_pending_is_what_the_rules_of_the_digest_found(store: Store, world: Any) -> None:
    change = world.change("a", "web3", "ai", "energy")
    added = world.lists("east", change)
    world.lists("east", world.change("b", "energy"))
    (pending,) = world.pending()
    assert (pending.article_id, pending.story_id, pending.source, pending.seen) == (
        added.id,
        added.story_id,
        "east",
        NOON,
    )
    assert pending.article == change.article
    assert pending.matches == change.matches[:2]
    assert pending.alternates == ()


def test_an_article_is_bound_once_in_each_digest(store: Store, world: Any) -> None:
    world.configure({"morning": ["web3"], "evening": ["web3", "ai"]})
    world.lists("east", world.change("a", "web3"))
    world.build("1")
    assert world.pending() == ()
    assert len(world.pending("evening")) == 1
    world.build("1", digest="evening")
    assert world.pending("evening") == ()
    assert store.integrity() == ()


def test_a_match_found_after_the_edition_does_not_send_the_article_again(store: Store, world: Any) -> None:
    article = world.lists("east", world.change("a", "web3"))
    world.build("1")
    world.lists("east", world.change("a", "ai"), article=article)
    assert world.pending() == ()


def test_a_copy_of_a_bound_article_is_left_out(store: Store, world: Any) -> None:
    first = world.lists("east", world.change("a", "web3"))
    world.build("1")
    world.lists("west", world.change("b", "web3"), story=first.story_id)
    assert world.pending() == ()


def test_a_bound_article_that_moves_to_another_story_is_not_sent_again(store: Store, world: Any) -> None:
    world.lists("east", world.change("a", "web3"))
    world.build("1")
    other = world.lists("west", world.change("b"))
    with store._transaction() as connection:
        connection.exec_driver_sql(f"UPDATE article SET story_id = {other.story_id}")  # noqa: S608 - a number of ours
    assert world.pending() == ()


def test_a_copy_of_an_article_that_did_not_match_is_sent(store: Store, world: Any) -> None:
    first = world.lists("east", world.change("a"))
    world.build("1")
    second = world.lists("west", world.change("b", "web3"), story=first.story_id)
    assert [one.article_id for one in world.pending()] == [second.id]


def test_pending_comes_in_the_order_in_which_stories_were_seen(store: Store, world: Any) -> None:
    late = world.lists("east", world.change("late", "web3"), at=NOON + MINUTE)
    early = world.lists("east", world.change("early", "web3"), at=NOON - MINUTE)
    joins = world.lists("west", world.change("joins", "web3"), at=NOON + 2 * MINUTE, story=early.story_id)
    assert [one.article_id for one in world.pending()] == [early.id, joins.id, late.id]


def test_also_names_every_other_place_of_the_story_once(store: Store, world: Any) -> None:
    first = world.lists("east", world.change("a", "web3"))
    world.lists("west", world.change("a2", url="http://west.example/a?from=feed"), article=first, at=NOON + MINUTE)
    world.lists("west", world.change("a3", url="http://west.example/a?from=feed"), article=first, at=NOON + MINUTE)
    world.lists("east", world.change("a4", url="http://east.example/again"), article=first, at=NOON + MINUTE)
    world.lists("west", world.change("b"), story=first.story_id, at=NOON + 2 * MINUTE)
    world.lists("west", dataclasses.replace(world.change("c", "web3")), at=NOON)
    pending, _ = world.pending()
    assert pending.alternates == (
        AlternateLink("Title a", "http://west.example/a?from=feed", "west"),
        AlternateLink("Title b", "http://news.example/b", "west"),
    )


def test_a_mention_without_an_address_of_its_own_has_the_article_s(store: Store, world: Any) -> None:
    change = world.change("a", "web3")
    first = world.lists("east", change)
    bare = dataclasses.replace(change, entry=dataclasses.replace(change.entry, url=""))
    world.lists("west", bare, article=first)
    assert world.pending()[0].alternates == (AlternateLink("Title a", first.url, "west"),)


def test_more_articles_than_a_statement_takes_are_pending_and_bound(
    store: Store, world: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("monitor.store.values._CHUNK_SIZE", 10)
    with store.writing() as writer:
        source = world.source("east")
        for number in range(25):
            change = world.change(f"k{number}", "web3")
            article = writer.add_article(change, Placement(None, "new"), source, NOON)
            writer.link_entries(source, [(change, article.id)], NOON)
            writer.add_matches(article.id, change.matches, NOON, None)
    assert len(world.pending()) == 25
    world.build("1")
    assert world.pending() == ()


def test_another_report_of_a_bound_story_is_pending_and_knows_what_was_sent(store: Store, world: Any) -> None:
    first = world.lists("east", world.change("a", "web3"))
    world.build("1")
    second = world.lists("west", world.change("b", "web3"), story=first.story_id, relation="event", of=first.url)
    third = world.lists("east", world.change("c", "web3"), story=first.story_id, of=second.url)
    assert [(one.article_id, one.lead_id, one.sent_as) for one in world.pending()] == [
        (second.id, second.id, "Title a"),
        (third.id, second.id, "Title a"),
    ]
    world.build("2")
    assert world.pending() == ()
    world.lists("west", world.change("d", "web3"), story=first.story_id, of=third.url)
    assert world.pending() == ()
    assert store.integrity() == ()


def test_the_other_places_of_a_report_are_those_of_its_copies(store: Store, world: Any) -> None:
    first = world.lists("east", world.change("a", "web3"))
    second = world.lists("west", world.change("b", "web3"), story=first.story_id, relation="event", of=first.url)
    world.lists("west", world.change("c"), story=first.story_id, of=first.url)
    world.lists("east", world.change("d"), story=first.story_id, of=second.url)
    east, west = world.pending()
    assert ([link.title for link in east.alternates], east.sent_as) == (["Title c"], None)
    assert [link.title for link in west.alternates] == ["Title d"]


def test_two_copies_are_bound_together(store: Store, world: Any) -> None:
    first = world.lists("east", world.change("a", "web3"))
    world.lists("west", world.change("b", "web3"), story=first.story_id)
    assert len(world.pending()) == 2
    world.build("1")
    assert world.pending() == ()
    assert store.integrity() == ()


def test_a_second_edition_of_a_slot_raises_and_leaves_nothing(store: Store, world: Any) -> None:
    world.build("1")
    world.lists("east", world.change("a", "web3"))
    with pytest.raises(StoreError, match="has an edition of 1"):
        world.build("1", ["ann"])
    assert len(world.pending()) == 1
    assert store.due_deliveries(NOON) == ()
    world.configure({"morning": ["web3"], "evening": ["web3"]})
    world.build("1", digest="evening")


def test_what_a_digest_has_bound_cannot_be_bound_again(store: Store, world: Any) -> None:
    world.lists("east", world.change("a", "web3"))
    pending = world.pending()
    world.build("1")
    with pytest.raises(IntegrityError), store.writing() as writer:
        writer.add_edition(edition("morning", "2"), "x", pending, [])
    assert [kept.window.slot for kept in store.editions_in("morning", NOON, NOON + 9 * HOUR)] == ["1"]


def test_an_edition_of_an_unknown_digest_cannot_be_written(store: Store, world: Any) -> None:
    with pytest.raises(IntegrityError), store.writing() as writer:
        writer.add_edition(edition("unknown", "1"), "x", [], [])


def test_a_part_is_rendered_once_for_all_recipients(store: Store, world: Any) -> None:
    world.build("1", ["ann", "bob"], parts=2)
    with store._reading() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM payload").scalar() == 2
        assert connection.exec_driver_sql("SELECT count(*) FROM delivery").scalar() == 4
    differing = [NewDelivery("mail", to, f"<{to}>", Payload(f"for {to}")) for to in ("ann", "bob")]
    with pytest.raises(ValueError, match="rendered once"), store.writing() as writer:
        writer.add_edition(edition("morning", "2"), "x", [], differing)


def test_a_digest_knows_where_its_last_window_ended(store: Store, world: Any) -> None:
    with store.writing() as writer:
        assert writer.digest_state("morning") == DigestState("morning", NOON, None)
    world.build("2", hours=2)
    world.build("1", hours=1)
    with store.writing() as writer:
        assert writer.digest_state("morning") == DigestState("morning", NOON, NOON + 120 * MINUTE)


def test_the_frozen_text_of_an_edition_comes_back(store: Store, world: Any) -> None:
    ids = [world.build(str(hours), hours=hours) for hours in (1, 2, 3)]
    newest = store.editions_in("morning", NOON + HOUR, NOON + 9 * HOUR)
    assert [(one.id, one.encoded) for one in newest] == [(ids[2], "encoded 3"), (ids[1], "encoded 2")]
    assert newest[0].window == Window(NOON + 120 * MINUTE, NOON + 180 * MINUTE, "3")
    assert store.editions_in("unknown", NOON, NOON + 9 * HOUR) == ()


def test_editions_in_a_time_share_some_of_it(store: Store, world: Any) -> None:
    for hours in (1, 2, 3):
        world.build(str(hours), hours=hours)
    hour = 60 * MINUTE
    within = store.editions_in("morning", NOON + hour, NOON + 2 * hour)
    assert [one.window.slot for one in within] == ["2"]
    assert len(store.editions_in("morning", NOON, NOON + 9 * hour)) == 3
    assert store.editions_in("morning", NOON - hour, NOON) == ()


def test_coverage_names_the_sources_that_were_not_read_and_since_when(store: Store, world: Any) -> None:
    visits: list[tuple[int, PollOutcome]] = [(-9, "failed"), (-8, "ok"), (-7, "failed"), (-6, "failed")]
    world.reads("east", "west")
    with store.writing() as writer:
        east, west = store.source_state("east"), store.source_state("west")
        assert writer.coverage(NOON - 6 * MINUTE) == Coverage(2)
        for minutes, outcome in visits:
            writer.record_poll(east.id, PollRecord(NOON + minutes * MINUTE, outcome, "timed out"))
        saved = dataclasses.replace(east, failures=2, last_error="timed out", last_success_at=NOON - 8 * MINUTE)
        writer.save_state(saved)
        writer.save_state(dataclasses.replace(west, paused="answered 410"))
        assert writer.coverage(NOON - 6 * MINUTE) == Coverage(
            2, (SourceIssue("east", "timed out", NOON - 7 * MINUTE, blind=True), SourceIssue("west", "answered 410"))
        )
    world.configure({}, sources=["west"])
    with store.reading() as reader:
        assert reader.coverage(NOON - 6 * MINUTE) == Coverage(1, (SourceIssue("west", "answered 410"),))


def test_coverage_says_that_the_database_was_restored_within_the_window(store: Store, world: Any) -> None:
    world.reads("east", "west")
    with store.hold("monitor db restore"):
        restored = store._clock.now()
    with store.reading() as reader:
        assert reader.coverage(restored - MINUTE).restored_at == restored
        assert reader.coverage(restored).restored_at is None


def test_coverage_names_the_sources_that_were_never_read(store: Store, world: Any) -> None:
    world.reads("east")
    with store.reading() as reader:
        assert reader.coverage(NOON - 6 * MINUTE) == Coverage(2, (SourceIssue("west", "not read yet"),))


@pytest.mark.parametrize("kind", ["broken", "wall", "gap"])
def test_coverage_names_each_source_whose_problem_the_list_of_problems_leaves_to_it(
    store: Store, world: Any, kind: NoticeKind
) -> None:
    world.reads("east", "west")
    with store.writing() as writer:
        writer.raise_notice(Notice(kind, "west", "a page came instead"), NOON)
        assert writer.open_problems() == ()
        (issue,) = writer.coverage(NOON - 6 * MINUTE).issues
    assert (issue.source, issue.reason, issue.since) == ("west", "a page came instead", NOON)


def test_coverage_names_the_gaps_that_are_open(store: Store, world: Any) -> None:
    world.reads("east", "west")
    with store.writing() as writer:
        writer.raise_notice(Notice("gap", "west", "all 9 entries were new"), NOON)
        writer.raise_notice(Notice("moved", "east", "it moved"), NOON)
        assert writer.coverage(NOON - 6 * MINUTE) == Coverage(
            2, (SourceIssue("west", "all 9 entries were new", NOON, gap=True),)
        )
        writer.resolve_notice("gap", "west", NOON + MINUTE, reason="well")
        assert writer.coverage(NOON - 6 * MINUTE) == Coverage(2)


def test_a_digest_has_something_pending_or_not(store: Store, world: Any) -> None:
    def has() -> bool:
        with store.reading() as reader:
            return reader.has_pending("morning")

    assert not has()
    world.lists("east", world.change("a", "energy"))
    assert not has()
    world.lists("east", world.change("b", "web3", "ai"))
    assert has()
    world.build("1")
    assert not has()


def test_what_an_edition_would_be_can_be_read_without_writing(store: Store, world: Any) -> None:
    world.lists("east", world.change("a", "web3"))
    with store.reading() as reader:
        assert reader.pending("morning") == world.pending()
        assert reader.digest_state("morning").born_at == NOON
    assert len(world.pending()) == 1


def test_the_open_problems_are_those_that_the_coverage_has_not(store: Store, world: Any) -> None:
    raised = [("broken", "east"), ("late", "channel mail"), ("config", "file"), ("channel", "channel mail")]
    with store.writing() as writer:
        for kind, subject in raised:
            writer.raise_notice(Notice(kind, subject, "503"), NOON)
        writer.raise_notice(Notice("crash", "west", "over"), NOON)
        writer.resolve_notice("crash", "west", NOON, reason="well")
        assert writer.open_problems() == ("channel mail: 503", "file: 503")
