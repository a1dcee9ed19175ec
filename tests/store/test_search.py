"""The archive read newest first, with and without the index of words."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, select

from monitor.model import AllOf, AnyOf, Candidate, IndexWord, Moment, Need, Placement
from monitor.rules import RuleSet, compile_rules
from monitor.store.fulltext import index
from monitor.store.fulltext import search as reading
from monitor.store.schema import article, article_index
from monitor.text.words import WORD_OF_OVERSIZED_TEXT, index_words

DAY = dt.timedelta(days=1)
WEB3 = IndexWord("web3")


def ids(found: Iterator[Candidate]) -> list[int]:
    return [one.id for one in found]


def write(world: Any, *texts: str, source: str = "east") -> list[int]:
    """Articles of these texts, each a day older than the one before."""
    written = []
    for number, text in enumerate(texts):
        change = world.change(f"{source}-{number}", text=text)
        moment = Moment(world.now - DAY * number, "second")
        bare = dataclasses.replace(change.article, title="", published=moment)
        change = dataclasses.replace(change, article=bare, text_key=None)
        written.append(world.lists(source, change).id)
    return written


@pytest.mark.parametrize(
    ("need", "found"),
    [
        (None, [0, 1, 2, 3]),
        (IndexWord("web3"), [0, 2]),
        (IndexWord("web"), []),
        (IndexWord("web", prefix=True), [0, 2]),
        (IndexWord("重庆"), [1, 2]),
        (IndexWord("庆", prefix=True), [1, 2]),
        (AllOf((IndexWord("web3"), IndexWord("重庆"))), [2]),
        (AnyOf((IndexWord("web3"), IndexWord("重庆"))), [0, 1, 2]),
        (AllOf((AnyOf((IndexWord("cafe"), IndexWord("web3"))), IndexWord("in"))), [0, 3]),
    ],
)
def test_the_index_finds_words_and_their_beginnings(world: Any, need: Need | None, found: list[int]) -> None:
    written = write(world, "Web3 in", "重慶发布", "重庆Web3", "in a café")
    assert ids(world.store.articles_with(need)) == [written[number] for number in found]


def test_an_article_comes_with_what_rules_are_asked_with(world: Any) -> None:
    (written,) = write(world, "Web3")
    (found,) = world.store.articles_with(WEB3)
    assert (found.id, found.sources, found.article.text) == (written, ("east",), "Web3")
    assert found.first_seen_at == found.dated_at == world.now


def test_tags_are_those_of_all_its_entries_each_once(world: Any) -> None:
    change = world.change("a", text="web3")
    tagged = [dataclasses.replace(change, entry=dataclasses.replace(change.entry, tags=tags)) for tags in ("pq", "qr")]
    written = world.lists("east", tagged[0])
    with world.store.writing() as writer:
        writer.link_entries(world.store.source_state("west").id, [(tagged[1], written.id)], world.now)
    (found,) = world.store.articles_with(WEB3)
    assert (found.sources, found.tags) == (("east", "west"), ("p", "q", "r"))


def test_newest_is_what_was_published_last_but_never_ahead_of_when_it_was_seen(world: Any) -> None:
    def add(key: str, published: dt.datetime | None) -> int:
        change = world.change(key, text="web3")
        moment = Moment(published, "second") if published else None
        return int(
            world.lists(
                "east", dataclasses.replace(change, article=dataclasses.replace(change.article, published=moment))
            ).id
        )

    old = add("old", world.now - DAY)
    undated = add("undated", None)
    ahead = add("ahead", world.now + 900 * DAY)
    older = add("older", world.now - 2 * DAY)
    assert ids(world.store.articles_with(WEB3)) == [ahead, undated, old, older]
    assert ids(world.store.articles_with(None)) == [ahead, undated, old, older]
    assert ids(world.store.articles_with(WEB3, since=world.now - DAY)) == [ahead, undated, old]


def test_sources_narrow(world: Any) -> None:
    (east,) = write(world, "web3")
    (west,) = write(world, "web3 too", source="west")
    for need in (None, WEB3):
        assert ids(world.store.articles_with(need, sources=["west"])) == [west]
        assert set(ids(world.store.articles_with(need, sources=["west", "east"]))) == {east, west}
        assert ids(world.store.articles_with(need, sources=["nobody"])) == []
    assert world.store.source_names() == ("east", "west")


def test_every_page_is_read_once(world: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whether the findings of the index are few or many, and however long the pages are."""
    written = write(world, *["web3"] * 23)
    monkeypatch.setattr(reading, "_FIRST_PAGE", 2)
    monkeypatch.setattr(reading, "_MAX_PAGE", 5)
    monkeypatch.setattr(reading, "_ARTICLES_AT_ONCE", 3)
    for few in (5, 22, 23):
        monkeypatch.setattr(reading, "_MAX_SORTED", few)
        assert ids(world.store.articles_with(WEB3)) == written
    assert ids(world.store.articles_with(None)) == written


def test_only_what_is_asked_for_is_read(world: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    write(world, *["web3"] * 9)
    monkeypatch.setattr(reading, "_ARTICLES_AT_ONCE", 2)
    read: list[Sequence[int]] = []
    real = reading._read_articles

    def noted(connection: Connection, wanted: Sequence[int]) -> list[Candidate]:
        read.append(wanted)
        return real(connection, wanted)

    monkeypatch.setattr(reading, "_read_articles", noted)
    next(world.store.articles_with(WEB3))
    assert [len(one) for one in read] == [2]


def test_an_edited_article_is_found_by_what_it_says_now(world: Any) -> None:
    (written,) = write(world, "web3 metaverse")
    change = world.change("east-0", text="blockchain metaverse")
    with world.store.writing() as writer:
        writer.revise_article(written, change, world.now)
    assert ids(world.store.articles_with(WEB3)) == []
    assert ids(world.store.articles_with(IndexWord("blockchain"))) == [written]
    assert ids(world.store.articles_with(IndexWord("metaverse"))) == [written]
    assert world.store.integrity() == ()


def test_an_edit_that_is_undone_leaves_the_index_as_it_was(world: Any) -> None:
    (written,) = write(world, "web3")
    with suppress(ZeroDivisionError), world.store.writing() as writer:
        writer.revise_article(written, world.change("east-0", text="other"), world.now)
        raise ZeroDivisionError
    assert ids(world.store.articles_with(WEB3)) == [written]


def test_a_text_of_too_many_words_is_always_a_candidate(world: Any) -> None:
    large, _ = write(world, " ".join(f"w{number}" for number in range(100_000)), "small")
    assert ids(world.store.articles_with(WEB3)) == [large]
    assert ids(world.store.articles_with(IndexWord(WORD_OF_OVERSIZED_TEXT))) == [large]


def test_texts_that_no_database_takes_are_indexed_as_they_are_kept(world: Any) -> None:
    (written,) = write(world, "a\x00web3\ud800b")
    assert ids(world.store.articles_with(WEB3)) == [written]
    with world.store.writing() as writer:
        writer.revise_article(written, world.change("east-0", text="c\x00web3 d\udfff"), world.now)
    assert ids(world.store.articles_with(WEB3)) == [written]


def _make_stale(world: Any, *written: int) -> None:
    """Index these articles as another version would have: with none of the words that this one looks for."""
    with world.store._transaction() as connection:
        writer = index.IndexWriter(connection)
        for article_id, title, text in connection.execute(select(article.c.id, article.c.title, article.c.text)).all():
            if article_id in written:
                writer._words.remove(article_id, index_words(title, text))
                writer._words.put([(article_id, {"formerly"})])
        connection.execute(article_index.update().where(article_index.c.article_id.in_(written)).values(version=1))


def test_an_index_of_another_version_hides_nothing_and_is_renewed(world: Any) -> None:
    written = write(world, "web3", "other", "web3 again")
    _make_stale(world, *written)
    assert not world.store.index_is_current()
    assert ids(world.store.articles_with(WEB3)) == written
    assert world.store.integrity() == ()
    assert world.store.renew_index() == 3
    assert world.store.renew_index() == 0
    assert world.store.index_is_current()
    assert world.store.integrity() == ()
    assert ids(world.store.articles_with(WEB3)) == [written[0], written[2]]


def test_what_is_not_renewed_yet_is_found_together_with_what_is(world: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(index, "_RENEWAL_BATCH", 2)
    written = write(world, "web3", "other", "web3 again", "and more", "web3 at last")
    _make_stale(world, *written)
    for renewed, left in ((2, 3), (2, 1), (1, 0)):
        assert world.store.renew_index() == renewed
        found = ids(world.store.articles_with(WEB3))
        assert set(found) >= {written[0], written[2], written[4]}
        assert len(found) <= 3 + left
        assert found == sorted(found, key=written.index)
    assert world.store.renew_index() == 0


def test_a_new_article_is_found_by_its_words_while_others_are_of_another_version(world: Any) -> None:
    old = write(world, "other", "web3")
    _make_stale(world, *old)
    new = write(world, "web3 now", "something else", source="west")
    assert ids(world.store.articles_with(WEB3)) == [new[0], *old]


@pytest.mark.parametrize("after", ["web3", "web3 in"])
def test_an_article_of_another_version_that_is_revised_has_its_words(world: Any, after: str) -> None:
    (written,) = write(world, "web3")
    _make_stale(world, written)
    with world.store.writing() as writer:
        writer.revise_article(written, world.change("east-0", text=after), world.now)
    with world.store.writing() as writer:  # a revision that changes no word of the text
        writer.revise_article(written, world.change("east-0", text=after), world.now)
    world.store.renew_index()
    assert world.store.index_is_current()
    assert ids(world.store.articles_with(WEB3)) == [written]


def _lose_the_words(world: Any, written: int) -> None:
    with world.store._transaction() as connection:
        if connection.dialect.name == "sqlite":
            connection.exec_driver_sql("DELETE FROM article_words_data WHERE id > 10")
        else:
            connection.exec_driver_sql("DELETE FROM article_words")


def _lose_a_row(world: Any, written: int) -> None:
    with world.store._transaction() as connection:
        connection.execute(article_index.delete().where(article_index.c.article_id == written))


@pytest.mark.parametrize("harm", [_lose_the_words, _lose_a_row])
def test_a_damaged_index_is_found_and_can_be_repaired(world: Any, harm: Callable[[Any, int], None]) -> None:
    written = write(world, "web3", "重庆")
    assert world.store.integrity() == ()
    harm(world, written[0])
    problems = world.store.integrity()
    assert problems
    assert all("monitor db reindex" in problem for problem in problems if "search index" in problem)
    assert any("search index" in problem for problem in problems)
    world.store.reindex()
    assert world.store.integrity() == ()
    assert ids(world.store.articles_with(WEB3)) == written[:1]


PIECES = (
    "web3",
    "Web 3.0",
    "web30",
    "重庆",
    "重慶",
    "庆",
    "AI",
    "ai白",
    "café",
    "cafe\u0301",
    "chain",
    "C++",
    "元宇宙",
    "ก",
    "。",
    " ",
)
EXPRESSIONS = st.recursive(
    st.sampled_from(
        (
            "web3",
            "重庆",
            "庆",
            "AI",
            "café",
            "*chain",
            "w*",
            "/web\\s?3/",
            '"C++"',
            "title:元",
            "source:east",
            "ก",
            '"web 3.0"',
        )
    ),
    lambda parts: st.one_of(
        st.tuples(parts, parts).map(lambda two: f"({two[0]} {two[1]})"),
        st.tuples(parts, parts).map(lambda two: f"({two[0]} OR {two[1]})"),
        st.tuples(parts, parts).map(lambda two: f"({two[0]} NOT ({two[1]}))"),
        st.tuples(parts, parts, parts).map(lambda three: f"2 OF ({', '.join(three)})"),
    ),
    max_leaves=5,
)


def _rules(expression: str) -> RuleSet | None:
    from monitor import RuleError

    try:
        return compile_rules({"r": expression})
    except RuleError:
        return None


@pytest.mark.slow
@given(
    texts=st.lists(
        st.lists(st.sampled_from(PIECES) | st.characters(), max_size=6).map("".join), min_size=1, max_size=8
    ),
    expressions=st.lists(EXPRESSIONS.map(_rules).filter(lambda rules: rules is not None), min_size=1, max_size=8),
)
@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
def test_the_index_loses_nothing(world: Any, texts: list[str], expressions: list[RuleSet]) -> None:
    """What is found with the index is what is found without it. The examples share a database, each a day newer."""
    _days.append(DAY)
    today = _FIRST_DAY + sum(_days, DAY)
    with world.store.writing() as writer:
        for number, text in enumerate(texts):
            change = world.change(f"{len(_days)}-{number}", text=text)
            dated = dataclasses.replace(change.article, published=Moment(today, "day"))
            placed = dataclasses.replace(change, article=dated)
            writer.add_article(placed, Placement(None, "new"), world.source("east"), world.now)

    def found(rules: RuleSet, need: Need | None) -> list[int]:
        some = world.store.articles_with(need, since=today)
        return [one.id for one in some if rules.match(one.article, source="east")]

    for rules in expressions:
        assert found(rules, rules.need()) == found(rules, None)


_FIRST_DAY = dt.datetime(1800, 1, 1, tzinfo=dt.UTC)
_days: list[dt.timedelta] = []
