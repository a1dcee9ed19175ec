"""Articles are found by the keys of their fingerprints, on both databases alike."""

from __future__ import annotations

from typing import Any

import pytest

from monitor.model import Placement
from monitor.model.fingerprints import MAX_ARTICLES_PER_KEY, MAX_CANDIDATES, MAX_SENTENCE_COUNT, Fingerprint
from monitor.store import Store
from tests.store.conftest import HOUR

LEAST, MOST = -(2**63), 2**63 - 1


def kept(*keys: int, version: int = 1) -> Fingerprint:
    return Fingerprint(keys[:2], keys[2:3], keys[3:], "agency", version)


def listed(store: Store, world: Any, count: int) -> list[int]:
    """Return the ids of new articles."""
    with store.writing() as tx:
        source = world.source("east")
        return [
            tx.add_article(world.change(f"k{n}"), Placement(None, "new"), source, world.now).id for n in range(count)
        ]


def found(store: Store, *keys: int) -> list[int]:
    with store.writing() as tx:
        return [one.key for one in tx.articles_with_keys(keys)]


def test_an_article_is_found_by_any_of_its_keys_with_all_that_was_kept(store: Store, world: Any) -> None:
    article = world.lists("east", world.change("a", text="The text."))
    fingerprint = kept(LEAST, -1, 0, MOST)
    with store.writing() as tx:
        tx.save_fingerprint(article.id, "site", fingerprint)
        (one,) = tx.articles_with_keys([MOST])
    assert (one.key, one.story, one.url, one.title, one.text) == (
        article.id,
        article.story_id,
        article.url,
        "Title a",
        "The text.",
    )
    assert (one.site, one.fingerprint) == ("site", fingerprint)
    assert found(store, LEAST) == found(store, 0, 5) == [article.id]
    assert found(store, 5) == found(store) == []


def test_what_shares_most_keys_comes_first_then_the_oldest(store: Store, world: Any) -> None:
    first, second, third = listed(store, world, 3)
    with store.writing() as tx:
        tx.save_fingerprint(first, "s", kept(1, 9))
        tx.save_fingerprint(second, "s", kept(1, 2, 3))
        tx.save_fingerprint(third, "s", kept(1, 2, 8))
    assert found(store, 1, 2, 3, *range(100, 200)) == [second, third, first]
    assert found(store, 1) == [first, second, third]


def test_a_key_of_many_articles_finds_none(store: Store, world: Any) -> None:
    ids = listed(store, world, MAX_ARTICLES_PER_KEY + 1)
    with store.writing() as tx:
        for number, article_id in enumerate(ids):
            tx.save_fingerprint(article_id, "s", kept(*([1, 2] if number else [1, 3])))
    assert found(store, 1) == []
    assert found(store, 1, 3) == ids[:1]
    assert found(store, 2) == ids[1 : MAX_CANDIDATES + 1]


def test_another_fingerprint_replaces_the_one_before(store: Store, world: Any) -> None:
    (article,) = listed(store, world, 1)
    with store.writing() as tx:
        tx.save_fingerprint(article, "s", kept(1, 2, 2, 2))
        tx.save_fingerprint(article, "s", kept(2, 3))
    assert (found(store, 1), found(store, 2), found(store, 3)) == ([], [article], [article])


def test_sentences_are_counted_by_site_up_to_a_cap(store: Store, world: Any) -> None:
    with store.writing() as tx:
        for number in range(MAX_SENTENCE_COUNT + 3):
            tx.count_sentences("one", (7, LEAST) if number == 0 else (7,), 1)
        tx.count_sentences("two", (7,), 1)
        tx.count_sentences("two", (), 1)
        assert tx.sentence_counts("one", (7, LEAST, 8)) == {7: MAX_SENTENCE_COUNT, LEAST: 1}
        assert tx.sentence_counts("two", (7,)) == {7: 1}
        assert tx.sentence_counts("three", (7,)) == {}


def test_a_sentence_that_few_articles_had_long_ago_is_forgotten(store: Store, world: Any) -> None:
    with store.writing() as tx:
        for _ in range(3):
            tx.count_sentences("one", (1,), 5)
        tx.count_sentences("one", (2,), 5)
        tx.count_sentences("one", (3,), 90_000)
        tx.count_sentences("two", (2,), 5)
        tx.count_sentences("one", (4,), 100_000)
        assert set(tx.sentence_counts("one", (1, 2, 3, 4))) == {1, 3, 4}
        assert set(tx.sentence_counts("two", (2,))) == {2}


def test_articles_without_a_fingerprint_of_this_version_are_named_the_newest_first(store: Store, world: Any) -> None:
    one, two, three = listed(store, world, 3)
    first = world.lists("east", world.change("copied"))
    world.lists("west", world.change("copy"), story=first.story_id, of=first.url)
    with store.writing() as tx:
        tx.save_fingerprint(two, "s", kept(1, version=2))
        tx.save_fingerprint(three, "s", kept(1, version=1))
        named = [(article_id, source) for article_id, _, source in tx.articles_without_fingerprint(2, 10)]
        assert named == [(first.id, "east"), (three, "east"), (one, "east")]
        assert len(tx.articles_without_fingerprint(2, 1)) == 1


def test_a_packed_report_takes_the_place_of_the_text(store: Store, world: Any) -> None:
    kept, other, bare = (world.lists("east", world.change(name, "web3", text=f"Text {name}")) for name in "abc")
    with store.writing() as tx:
        tx.save_packed_report(kept.id, "form 1", b"packed", world.now - HOUR)
        tx.save_packed_report(other.id, "form 0", b"of another version", world.now - HOUR)
    with store.reports_reading() as look:
        found = look.matched_reports(0, world.now - HOUR, "form 1")
    assert [(one.article_id, one.packed, one.article.text) for one in found] == [
        (kept.id, b"packed", ""),
        (other.id, None, "Text b"),
        (bare.id, None, "Text c"),
    ]
    assert {one.article.published for one in found} == {world.article(bare.id).published}


def test_an_article_that_is_revised_has_no_packed_report(store: Store, world: Any) -> None:
    article = world.lists("east", world.change("a", "web3"))
    with store.writing() as tx:
        tx.save_packed_report(article.id, "form", b"packed", world.now - HOUR)
        tx.revise_article(article.id, world.change("a", "web3", text="Another text"), world.now)
        (one,) = tx.matched_reports(0, world.now - HOUR, "form")
    assert (one.packed, one.article.text) == (None, "Another text")


def test_packed_reports_of_old_articles_are_forgotten(
    store: Store, world: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("monitor.store.stories._SWEEP_EVERY", 1)
    old = world.lists("east", world.change("a", "web3"), at=world.now - 2 * HOUR)
    new = world.lists("east", world.change("b", "web3"))
    with store.writing() as tx:
        tx.save_packed_report(old.id, "form", b"packed", world.now - 3 * HOUR)
        tx.save_packed_report(new.id, "form", b"packed", world.now - HOUR)
        found = tx.matched_reports(0, world.now - 9 * HOUR, "form")
    assert [one.packed for one in found] == [None, b"packed"]
