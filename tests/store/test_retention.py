"""Old texts are removed, and everything else about their articles stays, on both databases alike."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select, update

from monitor.app.retention import remove_old_texts
from monitor.model import DayOfPolls, Difference, IndexWord, Match, Placement, Span
from monitor.model.fingerprints import Fingerprint
from monitor.model.suppressed import FIRST_POLL_OLD, TOO_MANY_NEW
from monitor.store import Store, retention
from monitor.store.backfill import NOT_RELEASED
from monitor.store.fulltext.check import index_problems, is_sound
from monitor.store.schema import article, article_index, digest, entry, reread

DAY = dt.timedelta(days=1)
TEXT = "Chongqing opens a metaverse park."


def old(world: Any, key: str = "a", *rules: str, days: int = 100, text: str = TEXT, reason: str | None = None) -> int:
    """List an article that was first seen so many days ago; return its id."""
    change = world.change(key, *rules, text=text, reason=reason)
    spans = (Span("title", 0, 5, "t"), Span("text", 0, 9, "c"))
    matches = tuple(Match(rule, spans) for rule in rules)
    found: int = world.lists("east", dataclasses.replace(change, matches=matches), at=world.now - days * DAY).id
    return found


def remove(world: Any, days: int = 60) -> int:
    found: int = world.store.remove_texts(world.now - days * DAY, world.now)
    return found


def text_of(world: Any, article_id: int) -> str:
    found: str = world.article(article_id).text
    return found


def test_only_texts_that_are_old_enough_are_removed(world: Any) -> None:
    one, other = old(world, "a", days=61), old(world, "b", days=59)
    assert world.store.texts_removed_until() is None
    assert (remove(world), remove(world)) == (1, 0)
    assert (text_of(world, one), text_of(world, other)) == ("", TEXT)
    assert world.store.texts_removed_until() == world.now - 61 * DAY


@pytest.mark.parametrize(
    ("ago", "failed", "removed"),
    [
        ((13,), 0, 1),
        ((7, 0), 0, 1),
        ((7, 0), 1, 0),  # no answer: a machine without a network may have the wrong time, too
        ((0, 1, 6), 0, 0),  # since the clock jumped
        ((14,), 0, 0),  # the first run after it jumped
        ((-900, -907), 0, 0),  # the clock was ahead
        ((), 0, 0),
    ],
)
def test_no_text_is_removed_by_a_clock_that_was_not_there_a_week_ago(
    world: Any, ago: tuple[int, ...], failed: int, removed: int
) -> None:
    one = old(world)
    days = tuple(DayOfPolls((world.now - number * DAY).date().isoformat(), 1, failed) for number in sorted(ago)[::-1])
    with world.store.writing() as writer:
        writer.save_state(dataclasses.replace(world.store.source_state("east"), days=days))
    assert remove_old_texts(world.store, 60 * DAY, world.now, pause=lambda _: False) == removed
    assert bool(text_of(world, one)) == (not removed)


def test_a_batch_is_bounded_and_the_oldest_come_first(world: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retention, "BATCH_SIZE", 2)
    found = [old(world, f"k{days}", days=days) for days in (70, 90, 80)]
    assert remove(world) == 2
    assert [bool(text_of(world, one)) for one in found] == [True, False, False]
    assert (remove(world), remove(world)) == (1, 0)


def test_what_recognises_and_explains_an_article_stays(world: Any) -> None:
    one = old(world, "a", "web3")
    world.build()
    with world.store.writing() as tx:
        tx.save_fingerprint(one, "east", Fingerprint((1, 2), (), (), "agency", 1))
    assert remove(world) == 1
    trace = world.store.trace("http://news.example/a")
    assert (trace.article.title, trace.article.url, trace.article.text) == ("Title a", "http://news.example/a", "")
    assert trace.text_removed_at == world.now
    assert [entry.key for entry in trace.entries] == ["a"]
    assert [edition.window.slot for edition in trace.editions] == ["1"]
    ((rule, spans),) = [(found.match.rule, found.match.spans) for found in trace.matches]
    assert (rule, [span.field for span in spans]) == ("web3", ["title"])
    with world.store.writing() as tx:
        (known,) = tx.candidates(["http://news.example/a"], [])
        (earlier,) = tx.articles_with_keys([1])
    assert (known.id, known.text_key, known.text_removed) == (one, f"text:{TEXT}:a", True)
    assert (earlier.key, earlier.text, earlier.fingerprint.sentences) == (one, None, (1, 2))


def test_the_index_gives_up_the_words_of_the_text_and_keeps_those_of_the_title(world: Any) -> None:
    one, other = old(world, "a"), old(world, "b", days=1)
    assert remove(world) == 1

    def found(word: str) -> list[int]:
        return [candidate.id for candidate in world.store.articles_with(IndexWord(word))]

    assert (found("metaverse"), found("title")) == ([other], [other, one])
    assert [(one.id, one.text_removed) for one in world.store.articles_with(None)] == [(other, False), (one, True)]
    with world.store._transaction() as connection:
        assert index_problems(connection, sound=is_sound(connection)) == ()


def awaited_by_a_digest(world: Any) -> int:
    return old(world, "a", "web3")


def held_by_a_storm(world: Any) -> int:
    return old(world, "a", "nobody-asks", reason=TOO_MANY_NEW)


def held_by_a_backfill(world: Any) -> int:
    return old(world, "a", "nobody-asks", reason=NOT_RELEASED)


def page_to_be_read(world: Any) -> int:
    one = old(world)
    with world.store._transaction() as connection:
        connection.execute(update(entry).values(page_due_at=world.now))
    return one


def page_to_be_read_again(world: Any) -> int:
    one = old(world)
    with world.store._transaction() as connection:
        connection.execute(reread.insert().values(article_id=one, due_at=world.now, times=0, title=""))
    return one


def change_to_be_sent(world: Any) -> int:
    one = old(world)
    with world.store._transaction() as connection:
        connection.execute(update(digest).values(changes_after=0))
    with world.store.writing() as tx:
        tx.revise_article(one, world.change("a", text="Another text."), world.now)
    return one


def words_of_another_version(world: Any) -> int:
    one = old(world)
    with world.store._transaction() as connection:
        connection.execute(update(article_index).values(version=0))
    return one


@pytest.mark.parametrize(
    "make",
    [
        awaited_by_a_digest,
        held_by_a_storm,
        held_by_a_backfill,
        page_to_be_read,
        page_to_be_read_again,
        change_to_be_sent,
        words_of_another_version,
    ],
)
def test_a_text_that_is_still_needed_stays(world: Any, make: Callable[[Any], int]) -> None:
    one = make(world)
    assert remove(world) == 0
    assert text_of(world, one) != ""


@pytest.mark.parametrize("sent", [True, False])
def test_a_text_goes_when_it_was_sent_or_will_never_be(world: Any, sent: bool) -> None:
    one = old(world, "a", "web3", reason=None if sent else FIRST_POLL_OLD)
    world.build()
    assert remove(world) == 1
    assert text_of(world, one) == ""


def test_a_copy_of_what_was_sent_is_not_awaited(world: Any) -> None:
    first = world.lists("east", world.change("a", "web3", text=TEXT), at=world.now - 100 * DAY)
    world.build()
    copy = world.change("b", "web3", text=TEXT)
    world.lists("west", copy, story=first.story_id, of="http://news.example/a", at=world.now - 99 * DAY)
    assert remove(world) == 2


def test_texts_of_revisions_are_removed_and_what_changed_is_still_known(world: Any) -> None:
    one = old(world)
    edited = dataclasses.replace(
        world.change("a", text="It opens two parks."),
        differences=(Difference("number", "one", "two", "It opens one park.", "It opens two parks."),),
    )
    with world.store.writing() as tx:
        tx.revise_article(one, edited, world.now)
    assert remove(world) == 1
    (revision,) = world.store.trace("http://news.example/a").revisions
    assert revision.text == ""
    ((difference),) = revision.differences
    assert (difference.before, difference.after, difference.said, difference.says) == ("one", "two", "", "")


def test_a_text_that_comes_again_is_no_edit_and_goes_again(world: Any) -> None:
    one = old(world)
    remove(world)
    with world.store.writing() as tx:
        tx.revise_article(one, world.change("a", text="The text, as another source has it."), world.now)
    trace = world.store.trace("http://news.example/a")
    assert (trace.article.text, trace.revisions) == ("The text, as another source has it.", ())
    (candidate,) = world.store.articles_with(IndexWord("another"))
    assert not candidate.text_removed
    assert remove(world) == 1
    assert text_of(world, one) == ""


def test_a_fingerprint_of_an_earlier_version_is_kept_where_the_text_is_gone(world: Any, store: Store) -> None:
    gone, there = old(world, "a"), old(world, "b", days=1)
    with store.writing() as tx:
        for one in (gone, there):
            tx.save_fingerprint(one, "east", Fingerprint((one, 7), (), (), "agency", 1))
    remove(world)

    def missing(version: int) -> list[int]:
        with store.writing() as tx:
            return [found for found, *_ in tx.articles_without_fingerprint(version, 9)]

    assert missing(2) == [there]
    assert missing(1) == []
    with store.writing() as tx:
        tx.save_fingerprint(there, "east", Fingerprint((there, 7), (), (), "agency", 2))
    assert missing(2) == []


def test_a_new_article_at_the_address_is_the_same_by_its_title(world: Any) -> None:
    old(world)
    remove(world)
    with world.store.writing() as tx:
        (known,) = tx.candidates([], [f"text:{TEXT}:a"])
    assert known.text_removed, "an exact copy is found by the hash of its text"
    with world.store._reading() as connection:
        assert connection.execute(select(article.c.text_key)).scalar() == f"text:{TEXT}:a"


def test_an_article_without_a_text_is_never_looked_at_again(world: Any) -> None:
    old(world, text="")
    assert remove(world) == 0
    assert world.store.trace("http://news.example/a").text_removed_at is None


def test_a_placement_refers_to_an_article_whose_text_is_gone(world: Any) -> None:
    first = world.lists("east", world.change("a", text=TEXT), at=world.now - 100 * DAY)
    remove(world)
    with world.store.writing() as tx:
        placed = Placement(first.story_id, "copy", of="http://news.example/a", of_number=first.id)
        copy = tx.add_article(world.change("b", text=TEXT), placed, world.source("west"), world.now)
    assert copy.story_id == first.story_id


def test_texts_that_are_gone_or_young_are_not_looked_at_again(world: Any) -> None:
    """A pass every few minutes asks this: what was removed in years must not make it slower."""
    with world.store._reading() as connection:
        if connection.dialect.name == "sqlite":
            query = retention._removable(connection, world.now).compile(
                connection, compile_kwargs={"literal_binds": True}
            )
            plan = [row[3] for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {query}")]
            assert any("USING INDEX ix_article_kept_text" in step for step in plan), plan


def test_every_other_column_of_an_article_stays_as_it_was(world: Any) -> None:
    for days, text in ((100, TEXT), (90, ""), (80, "元宇宙 \u2028 'quoted'"), (1, TEXT)):
        old(world, f"k{days}", "web3", days=days, text=text)
    world.build()
    kept = ", ".join(f'"{name}"' for name in article.c.keys() if name not in ("text", "text_removed_at"))  # noqa: SIM118 - no mapping

    query = f"SELECT {kept} FROM article ORDER BY id"  # noqa: S608 - the names are our own

    def rows() -> list[tuple[Any, ...]]:
        with world.store._reading() as connection:
            return [tuple(row) for row in connection.exec_driver_sql(query)]

    before = rows()
    assert remove(world) == 2
    assert rows() == before
    assert world.store.integrity() == ()


def test_the_room_of_texts_can_be_used_again(world: Any) -> None:
    for number in range(40):
        old(world, f"k{number}", text=f"{number} " + "metaverse " * 350)  # a page of SQLite each
    with world.store._reading() as connection:
        if connection.dialect.name != "sqlite":
            return
        before: int = connection.exec_driver_sql("PRAGMA freelist_count").scalar()
    assert remove(world) == 40
    with world.store._reading() as connection:
        assert connection.exec_driver_sql("PRAGMA freelist_count").scalar() - before >= 30
