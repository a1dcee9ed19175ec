"""What a rule means, as the database knows it, and what a rule that is new finds in the archive."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Sequence
from typing import Any

import pytest

from monitor import failpoint
from monitor.model import Article, Match, Source, Span
from monitor.model.backfill import BackfillArticle, BackfillBatch, BackfillJob, LateMatch, RuleVersion
from monitor.store import Store
from monitor.store.backfill import NOT_RELEASED

NOON = dt.datetime(2026, 11, 21, 12, tzinfo=dt.UTC)
DAY = dt.timedelta(days=1)
WEEK = 7 * DAY


class Rules:
    """A world whose rules are configured, and asked of the archive."""

    def __init__(self, world: Any) -> None:
        self.world, self.store = world, world.store

    def configure(self, *rules: RuleVersion, asked: Sequence[str] = ("web3", "ai"), now: dt.datetime = NOON) -> None:
        sources = [Source(name, f"http://{name}.example/feed", "feed") for name in ("east", "west")]
        self.store.sync(sources, {"morning": list(asked)}, now, rules)

    def job(self, rule: str = "web3") -> BackfillJob:
        found: BackfillJob
        (found,) = [job for job in self.store.backfill_jobs() if job.rule == rule]
        return found

    def all(self) -> tuple[BackfillArticle, ...]:
        found: tuple[BackfillArticle, ...] = self.store.articles_between(above=0, below=10**6, limit=100)
        return found

    def find(self, *articles: BackfillArticle, rule: str = "web3", done: bool = True, backfilled: bool = True) -> Any:
        """Record one batch of a rule that finds these articles."""
        job = self.job(rule)
        found = tuple(LateMatch(one, Match(rule, (Span("title", 0, 5, rule),)), backfilled) for one in articles)
        reached = None if done else min(one.id for one in articles)
        return self.store.record_backfill(BackfillBatch((job,), found, (reached,)), NOON)


@pytest.fixture
def rules(world: Any) -> Rules:
    return Rules(world)


WEB3 = RuleVersion("web3", "m1", WEEK)


def test_a_new_rule_looks_back_as_far_as_it_says(rules: Rules, world: Any) -> None:
    added = world.lists("east", world.change("a"))
    rules.configure(WEB3, RuleVersion("ai", "m2"))
    job = rules.job()
    assert (job.meaning, job.floor, job.since) == ("m1", added.id, NOON - WEEK)
    assert job.below > added.id
    assert rules.job("ai").since is None


def test_a_rule_whose_meaning_is_known_starts_no_other_backfill(rules: Rules) -> None:
    rules.configure(WEB3)
    rules.find()
    for version in (WEB3, dataclasses.replace(WEB3, backfill=30 * DAY), dataclasses.replace(WEB3, backfill=0 * DAY)):
        rules.configure(version)
        assert rules.store.backfill_jobs() == ()


def test_a_rule_that_means_something_else_looks_back(rules: Rules, world: Any) -> None:
    rules.configure(WEB3)
    rules.find()
    added = world.lists("east", world.change("a"))
    rules.configure(dataclasses.replace(WEB3, meaning="m2"), now=NOON + DAY)
    job = rules.job()
    assert (job.meaning, job.floor, job.since) == ("m2", added.id, NOON + DAY - WEEK)


def test_a_rule_that_went_and_comes_back_is_new(rules: Rules) -> None:
    rules.configure(WEB3)
    rules.find()
    rules.configure()
    assert rules.store.backfill_jobs() == ()
    rules.configure(WEB3)
    assert rules.job().since == NOON - WEEK


def test_a_rule_that_is_older_than_this_knowledge_is_taken_as_it_is(rules: Rules) -> None:
    with rules.store._transaction() as connection:
        connection.exec_driver_sql("INSERT INTO rule (name, meaning, floor) VALUES ('web3', '', 0)")
    rules.configure(WEB3)
    assert rules.store.backfill_jobs() == ()
    rules.configure(dataclasses.replace(WEB3, meaning="m2"))
    assert rules.job().meaning == "m2"


def test_a_rule_that_changes_while_it_looks_back_keeps_its_floor(rules: Rules, world: Any) -> None:
    """What was recorded since the first change is news to the second one, too."""
    rules.configure(WEB3)
    world.lists("east", world.change("a"))
    rules.configure(dataclasses.replace(WEB3, meaning="m2"))
    assert rules.job().floor == 0


def test_what_the_archive_gives_comes_at_once_and_marked(rules: Rules, world: Any) -> None:
    for key in "ab":
        world.lists("east", world.change(key))
    rules.configure(WEB3)
    second, first = rules.all()
    assert rules.find(second, done=False) == {}
    assert world.pending() == ()
    assert rules.job().below == second.id
    assert rules.find(first) == {"web3": 2}
    assert [(one.article_id, one.backfilled) for one in world.pending()] == [(first.id, True), (second.id, True)]
    assert rules.store.backfill_jobs() == ()
    assert rules.store.integrity() == ()


def test_what_was_recorded_since_comes_like_any_other(rules: Rules, world: Any) -> None:
    rules.configure(WEB3)
    world.lists("east", world.change("a"))
    assert rules.find(*rules.all(), done=False, backfilled=False) == {}
    (pending,) = world.pending()
    assert not pending.backfilled


def test_an_article_with_one_fresh_match_is_news(rules: Rules, world: Any) -> None:
    world.lists("east", world.change("a", "ai"))
    rules.configure(WEB3)
    rules.find(*rules.all())
    (pending,) = world.pending()
    assert [match.rule for match in pending.matches] == ["ai", "web3"]
    assert not pending.backfilled


def test_what_the_rule_had_found_stays_as_it_is(rules: Rules, world: Any) -> None:
    world.lists("east", world.change("a", "web3"))
    before = world.pending()
    rules.configure(WEB3)
    assert rules.find(*rules.all()) == {"web3": 0}
    assert world.pending() == before


def test_what_a_digest_has_bound_does_not_come_again(rules: Rules, world: Any) -> None:
    first = world.lists("east", world.change("a", "ai"))
    world.build("1")
    world.lists("west", world.change("b"), story=first.story_id)
    rules.configure(WEB3)
    rules.find(*rules.all())
    assert world.pending() == ()


def test_what_was_held_back_as_baseline_gives_way(rules: Rules, world: Any) -> None:
    world.lists("east", world.change("a", "web3", reason="baseline"))
    rules.configure(WEB3)
    (one,) = rules.all()
    assert one.baseline
    assert rules.find(one) == {"web3": 1}
    assert [pending.backfilled for pending in world.pending()] == [True]


def test_an_article_that_a_second_source_lists_as_news_is_no_baseline(rules: Rules, world: Any) -> None:
    added = world.lists("east", world.change("a", reason="baseline"))
    world.lists("west", world.change("a"), article=added)
    (one,) = rules.all()
    assert (one.sources, one.baseline) == (("east", "west"), False)
    assert one.article == world.article(added.id)


def test_a_batch_that_is_written_again_changes_nothing(rules: Rules, world: Any) -> None:
    for key in "ab":
        world.lists("east", world.change(key))
    rules.configure(WEB3)
    second, _ = rules.all()
    job = rules.job()
    late = LateMatch(second, Match("web3"), backfilled=True)
    batch = BackfillBatch((job,), (late,), (second.id,))
    rules.store.record_backfill(batch, NOON)
    rules.store.record_backfill(batch, NOON)
    assert rules.find(second) == {"web3": 1}


def test_a_batch_of_a_rule_that_changed_meanwhile_is_dropped(rules: Rules, world: Any) -> None:
    world.lists("east", world.change("a"))
    rules.configure(WEB3)
    old, (one,) = rules.job(), rules.all()
    rules.configure(dataclasses.replace(WEB3, meaning="m2"))
    late = LateMatch(one, Match("web3"), backfilled=True)
    assert rules.store.record_backfill(BackfillBatch((old,), (late,), (None,)), NOON) == {}
    assert world.pending() == ()
    assert rules.job().meaning == "m2"


@pytest.mark.parametrize("after", [(dataclasses.replace(WEB3, meaning="m2"),), ()])
def test_what_a_former_meaning_found_and_was_not_let_go_is_taken_back(
    rules: Rules, world: Any, after: tuple[RuleVersion, ...]
) -> None:
    for key in "ab":
        world.lists("east", world.change(key))
    rules.configure(WEB3)
    second, first = rules.all()
    rules.find(second, done=False)
    rules.configure(*after)
    with rules.store._reading() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM match").scalar() == 0
    if after:
        assert rules.find(first) == {"web3": 1}


def test_matches_never_point_into_words_that_were_replaced(rules: Rules, world: Any) -> None:
    added = world.lists("east", world.change("a"))
    rules.configure(WEB3)
    (one,) = rules.all()
    with rules.store.writing() as writer:
        writer.revise_article(added.id, world.change("a", text="other words"), NOON)
    assert rules.find(one) is None
    assert rules.job().below > added.id
    assert rules.find(*rules.all()) == {"web3": 1}


def test_a_poll_that_finds_the_rule_meanwhile_makes_it_news(rules: Rules, world: Any) -> None:
    added = world.lists("east", world.change("a"))
    rules.configure(WEB3)
    rules.find(*rules.all(), done=False)
    world.lists("east", world.change("a", "web3"), article=added)
    (pending,) = world.pending()
    assert not pending.backfilled
    rules.find()
    assert len(world.pending()) == 1


def test_a_digest_that_asks_later_does_not_get_it(rules: Rules, world: Any) -> None:
    world.lists("east", world.change("a"))
    rules.configure(WEB3, asked=["ai"])
    rules.find(*rules.all())
    rules.configure(WEB3)
    assert world.pending() == ()


@pytest.mark.parametrize("point", ["store.before_commit", "store.after_commit"])
def test_a_batch_is_written_with_its_place_or_not_at_all(rules: Rules, world: Any, point: str) -> None:
    for key in "ab":
        world.lists("east", world.change(key))
    rules.configure(WEB3)
    second, first = rules.all()

    def stop(name: str) -> None:
        if name == point:
            raise ZeroDivisionError

    failpoint.arm(stop)
    try:
        with pytest.raises(ZeroDivisionError):
            rules.find(second, done=False)
    finally:
        failpoint.arm(None)
    written = point == "store.after_commit"
    assert (rules.job().below == second.id) is written
    assert rules.find(*([first] if written else [second, first])) == {"web3": 2}
    assert len(world.pending()) == 2


def test_why_tells_that_a_match_is_of_the_archive(rules: Rules, world: Any, store: Store) -> None:
    world.lists("east", world.change("a"))
    rules.configure(WEB3)
    rules.find(*rules.all(), done=False)
    found = store.trace("http://news.example/a", "http://news.example/a")
    assert found is not None
    assert [(one.backfilled, one.held) for one in found.matches] == [(True, NOT_RELEASED)]


def test_articles_come_between_the_bounds_newest_first(rules: Rules, world: Any) -> None:
    ids = [world.lists("east", world.change(key)).id for key in "abcd"]
    found = rules.store.articles_between(above=ids[0], below=ids[3], limit=10)
    assert [one.id for one in found] == [ids[2], ids[1]]
    assert [one.id for one in rules.store.articles_between(above=0, below=10**6, limit=1)] == [ids[3]]
    assert isinstance(found[0].article, Article)
