"""Articles get another place, and digests what they have bound of them."""

from __future__ import annotations

from typing import Any

from monitor.model.stories import BoundArticle
from monitor.store import Store
from monitor.store.regroup import NewPlace


def pairs(store: Store, *articles: int) -> tuple[tuple[int, int], ...]:
    with store.writing() as tx:
        return tx.pairs_kept_apart(articles)


def test_a_moved_group_gets_a_story_of_its_time_and_the_old_one_stays(store: Store, world: Any) -> None:
    first = world.lists("east", world.change("a", "web3"))
    copy = world.lists("west", world.change("b", "web3"), story=first.story_id, of="http://news.example/a")
    with store.writing() as tx:
        story = tx.move([copy.id], NewPlace(None, copy.id, "new", None, "by hand"))
        (moved,) = tx.story_articles(story)
        (stayed,) = tx.story_articles(first.story_id)
    assert (moved.id, moved.lead_id, moved.relation, moved.of_article, moved.reason) == (
        copy.id,
        copy.id,
        "new",
        None,
        "by hand",
    )
    assert stayed.id == first.id
    assert [one.lead_id for one in world.pending()] == [first.id, copy.id]
    assert store.integrity() == ()


def test_a_story_without_articles_is_gone(store: Store, world: Any) -> None:
    first, other = (world.lists("east", world.change(key)) for key in "ab")
    with store.writing() as tx:
        assert tx.move([other.id], NewPlace(first.story_id, other.id, "event", first.id, "")) == first.story_id
        assert tx.story_articles(other.story_id) == ()
    assert store.integrity() == ()


def test_a_group_waits_again_in_that_digest_alone_which_is_said_to_have_sent_nothing(store: Store, world: Any) -> None:
    world.configure({"morning": ["web3"], "evening": ["web3"]})
    article = world.lists("east", world.change("a", "web3"))
    edition = world.build("1")
    evening = world.build("1", digest="evening")
    with store.writing() as tx:
        assert tx.bound_articles([article.id]) == (
            BoundArticle("evening", article.id, evening),
            BoundArticle("morning", article.id, edition),
        )
        tx.rebind("morning", article.id, [article.id], None)
        tx.rebind("evening", article.id, [article.id], evening)
        assert tx.waiting_digests([article.id]) == ("morning",)
        assert tx.waiting_digests([article.id + 1]) == ()
    assert [one.article_id for one in world.pending()] == [article.id]
    assert world.pending("evening") == ()


def test_an_article_is_found_by_its_address_or_an_entrys(store: Store, world: Any) -> None:
    known = world.lists("east", world.change("a"))
    with store.writing() as tx:
        (found,) = tx.find_placed("http://news.example/a", "")
        assert (found.id, found.source, found.article.title) == (known.id, "east", "Title a")
        assert tx.find_placed("http://news.example/b", "") == ()


def test_the_last_decision_about_a_pair_is_kept_in_either_order(store: Store, world: Any) -> None:
    one, two, three = (world.lists("east", world.change(key)).id for key in "abc")
    with store.writing() as tx:
        tx.record_decision(two, [one, three], "apart", world.now)
    assert pairs(store, one, two, three) == ((one, two), (two, three))
    assert pairs(store, one, three) == pairs(store) == ()
    with store.writing() as tx:
        tx.record_decision(one, [two], "together", world.now)
    assert pairs(store, one, two, three) == ((two, three),)
    with store.writing() as tx:
        tx.forget_decision(three, [one, two, three])
        tx.record_decision(one, [], "apart", world.now)
    assert pairs(store, one, two, three) == ()
