"""Polls recorded one after the other in a real database: what each article is, and what waits to be sent."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from monitor.clock import FixedClock
from monitor.collect.apply import apply
from monitor.collect.articles import NO_PAGE, Pages
from monitor.collect.decide import decide
from monitor.collect.diff import diff_entries, read_recorded_state
from monitor.collect.documents import Snapshot
from monitor.collect.locate import PollContext
from monitor.collect.result import Collected, PollResult, PostponedPage, RaiseNotice, ResolveNotice
from monitor.collect.schedule import Limits
from monitor.model import (
    Entry,
    Notice,
    Pending,
    PollRecord,
    Reading,
    SitemapState,
    Source,
    Validators,
)
from monitor.model.reports import Trace
from monitor.rules import compile_rules
from monitor.store import Store

NOON = dt.datetime(2026, 11, 21, 12, tzinfo=dt.UTC)
BASE = "https://news.example"
RULES = compile_rules({"web3": "web3"})
GAP = RaiseNotice(Notice("gap", "one", "entries may be missing"), "no entry was known")
LONG = "The programme runs for three years and names the agencies in charge of each of its parts."


class World:
    """The sources `one` and `two`, which were read before, and a digest of all that is about Web3."""

    def __init__(self, file: Path) -> None:
        self.store = Store(f"sqlite:///{file}", clock=FixedClock(NOON))
        self.store.prepare()
        self.sources = {name: Source(name, f"https://{name}.example/feed", "feed") for name in ("one", "two")}
        self.store.sync(self.sources.values(), {"all": ["web3"]}, NOON)

    def poll(self, name: str, *rows: tuple[str, str, str, str]) -> int:
        """List rows in a source: of key, title, path and text. Returns how many matches are new."""
        reading = Reading(
            "feed", tuple(Entry(key, title, BASE + path, summary=text) for key, title, path, text in rows)
        )
        context = PollContext(self.sources[name], self.store.source_state(name), NOON, self.sources[name])
        context = replace(context, state=replace(context.state, last_success_at=NOON))
        snapshot = Snapshot(reading, Validators())
        before = read_recorded_state(context, snapshot, self.store)
        changes = diff_entries(context, snapshot, before)
        pages = Pages((NO_PAGE,) * len(changes))
        result = decide(context, snapshot, changes, pages, before, rules=RULES, limits=Limits(), jitter=0.5)
        return self.apply(result).poll.matches

    def apply(self, result: PollResult) -> Collected:
        with self.store.writing() as tx:
            return apply(tx, result)

    def pending(self) -> tuple[Pending, ...]:
        with self.store.reading() as look:
            return look.pending("all")

    def pending_items(self) -> list[tuple[str, str]]:
        """Return the titles and paths of what waits to be sent."""
        return [(one.article.title, one.article.url.removeprefix(BASE)) for one in self.pending()]

    def trace(self, path: str) -> Trace:
        trace = self.store.trace(BASE + path)
        assert trace is not None
        return trace


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    world = World(tmp_path / "monitor.db")
    yield world
    assert world.store.integrity() == ()
    world.store.close()


def test_keys_that_are_places_lose_nothing_and_repeat_nothing(world: World) -> None:
    world.poll("one", ("1", "Web3 first", "/p/1", ""), ("2", "Other", "/p/0", ""))
    world.poll("one", ("1", "Web3 second", "/p/2", ""), ("2", "Web3 first", "/p/1", ""))
    world.poll(
        "one", ("1", "Web3 third", "/p/3", ""), ("2", "Web3 second", "/p/2", ""), ("3", "Web3 first", "/p/1", "")
    )
    assert world.pending_items() == [("Web3 first", "/p/1"), ("Web3 second", "/p/2"), ("Web3 third", "/p/3")]
    assert [entry.key for entry in world.trace("/p/1").entries] == ["3"]


def test_an_entry_that_moves_is_sent_with_its_new_address(world: World) -> None:
    world.poll("one", ("1", "Web3 first", "/p/1", ""))
    world.poll("one", ("1", "Web3 first", "/moved", ""))
    assert world.pending_items() == [("Web3 first", "/moved")]
    assert world.trace("/moved").revisions == ()
    world.poll("two", ("x", "Web3 first", "/moved", ""))
    assert [entry.source for entry in world.trace("/moved").entries] == ["one", "two"]


def test_two_sources_with_notices_on_one_page_lose_none(world: World) -> None:
    world.poll("one", ("a", "Web3 notice one", "/notices.html", ""))
    world.poll("two", ("b", "Web3 notice two, another", "/notices.html", ""))
    assert [title for title, _ in world.pending_items()] == ["Web3 notice one", "Web3 notice two, another"]


def marked(world: World) -> list[str]:
    """Return the words that the spans of what is pending point to."""
    (one,) = world.pending()
    text = {"title": one.article.title, "text": one.article.text}
    return [text[span.field][span.start : span.end] for match in one.matches for span in match.spans]


def test_spans_point_into_the_words_of_the_source_that_matched(world: World) -> None:
    world.poll("one", ("a", "About Web3", "/p/1", "Short."))
    world.poll("two", ("b", "ABOUT  Web3", "/p/1?utm_source=two", "Shorter."))
    assert marked(world) == ["Web3"]
    assert world.pending_items() == [("ABOUT  Web3", "/p/1")]
    assert [one.text for one in world.trace("/p/1").revisions] == ["Short."]


def test_a_short_text_by_which_a_rule_begins_to_hold_is_stored_with_its_spans(world: World) -> None:
    world.poll("one", ("a", "City news", "/p/1", "Nothing."))
    world.poll("two", ("b", "City news", "/p/1", "All about Web3."))
    assert marked(world) == ["Web3"]


@pytest.mark.slow
def test_two_wordings_in_one_poll_are_compared_with_what_is_stored_by_then(world: World) -> None:
    world.poll("one", ("a", "City news", "/p/1", "Nothing."))
    world.poll("two", ("b", "City news", "/p/1", "All about Web3."), ("c", "City news", "/p/1", "All about Web3."))
    assert [one.text for one in world.trace("/p/1").revisions] == ["Nothing."]
    assert marked(world) == ["Web3"]


def test_of_two_wordings_in_one_poll_the_last_holds_with_its_spans(world: World) -> None:
    world.poll("one", ("a", "About Web3", "/p/1", "Web3 here."), ("b", "About Web3", "/p/1", "And there is Web3."))
    assert world.pending()[0].article.text == "And there is Web3."
    assert marked(world) == ["Web3", "Web3"]


def test_the_last_of_two_entries_of_one_key_holds(world: World) -> None:
    world.poll("one", ("a", "Web3 first", "/p/1", ""), ("a", "Web3 second", "/p/2", ""))
    assert [title for title, _ in world.pending_items()] == ["Web3 first", "Web3 second"]
    assert [entry.key for entry in world.trace("/p/2").entries] == ["a"]


def test_the_same_words_at_another_source_are_no_revision(world: World) -> None:
    world.poll("one", ("a", "About Web3", "/p/1", LONG))
    world.poll("two", ("b", "About Web3", "/p/1", LONG))
    assert world.trace("/p/1").revisions == ()


def test_why_an_entry_was_joined_to_a_known_article_is_kept(world: World) -> None:
    world.poll("one", ("k", "Web3 plan", "/a", LONG))
    world.poll("two", ("other", "Web3 plan", "/a", LONG))
    first, second = world.trace("/a").entries
    assert first.decision is not None
    assert (first.decision.kind, first.decision.reason) == ("new", "its key was not recorded before")
    assert second.decision is not None
    assert second.decision.kind == "known"
    assert second.decision.reason.startswith("the same address, and the same title or text; its key was not recorded")


def test_an_entry_of_another_title_under_a_revised_address_is_compared_with_the_new_title(world: World) -> None:
    world.poll("one", ("a", "Web3 version 1", "/notes", ""))
    world.poll("one", ("a", "Web3 version 2", "/notes", ""), ("b", "Web3 version 1", "/notes", ""))
    assert sorted(title for title, _ in world.pending_items()) == ["Web3 version 1", "Web3 version 2"]


def test_the_record_of_a_poll_counts_the_matches_that_are_new(world: World) -> None:
    assert world.poll("one", ("a", "About Web3", "/p/1", LONG)) == 1
    assert world.poll("two", ("b", "About Web3", "/p/1", LONG), ("c", "More about Web3", "/p/2", "")) == 1


def test_a_result_is_written_whole(world: World) -> None:
    world.poll("one", ("a", "About Web3", "/p/1", LONG))
    state = replace(world.store.source_state("one"), polls=7, validators=Validators(b'"tag"'), next_poll_at=NOON)
    result = PollResult(
        "one",
        state,
        PollRecord(NOON, "not_modified", "not modified"),
        postponed=(PostponedPage("a", NOON, 2, "the server answers 403"),),
        sitemaps={"key": SitemapState("2026-11-20")},
        notices=(GAP,),
    )
    assert world.apply(result) == Collected("one", result.record)
    assert world.store.source_state("one") == state
    assert world.store.sitemaps(state.id) == {"key": SitemapState("2026-11-20")}
    (late,) = world.store.page_retries(state.id, NOON, 9)
    assert (late.known.key, late.tries) == ("a", 2)
    assert [notice.kind for notice in world.store.status(NOON).notices] == ["gap"]


@pytest.mark.parametrize(("quiet_for", "open_"), [(dt.timedelta(), []), (dt.timedelta(days=1), ["gap"])])
def test_a_cure_waits_until_a_notice_was_quiet_for_long_enough(
    world: World, quiet_for: dt.timedelta, open_: list[str]
) -> None:
    state, record = world.store.source_state("one"), PollRecord(NOON, "ok", "read")
    world.apply(PollResult("one", state, record, notices=(GAP,)))
    world.apply(PollResult("one", state, record, notices=(ResolveNotice("gap", "one", "well", quiet_for),)))
    assert [notice.kind for notice in world.store.status(NOON).notices] == open_


def test_of_a_cure_and_a_notice_the_last_holds(world: World) -> None:
    state, record = world.store.source_state("one"), PollRecord(NOON, "ok", "read")
    both = (GAP, ResolveNotice("gap", "one", "well"))
    world.apply(PollResult("one", state, record, notices=both))
    assert world.store.status(NOON).notices == ()
    world.apply(PollResult("one", state, record, notices=both[::-1]))
    assert [notice.kind for notice in world.store.status(NOON).notices] == ["gap"]
