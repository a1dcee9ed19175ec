"""What a change of rules would do to the articles of an archive."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

import pytest

from monitor import compile_rules
from monitor.search import Effect, RuleChange, backtest, failed_examples, look_up, window
from monitor.store import Store
from tests.support.archive import NOW, Piece, write_archive

DAY = dt.timedelta(days=1)
Open = Callable[[Sequence[Piece]], Store]


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[Open]:
    stores: list[Store] = []

    def open_archive(pieces: Sequence[Piece]) -> Store:
        stores.append(write_archive(tmp_path, pieces))
        return stores[-1]

    yield open_archive
    for store in stores:
        store.close()


PIECES = [
    Piece("metaverse plan", age=20, rules=("r",)),
    Piece("metaverse game", age=9, rules=("r",)),
    Piece("blockchain plan", age=8, sources=("east", "west")),
    Piece("blockchain plan again", age=7.5, story_of="blockchain plan", sources=("west",)),
    Piece("rain", age=1),
]


def effect(
    store: Store, before: Mapping[str, str] | None, after: Mapping[str, str], *, days: float = 30, examples: int = 10
) -> Effect:
    """Return what becomes of the rule r."""
    change = RuleChange(("r",), None if before is None else compile_rules(before), compile_rules(after))
    return backtest(store, change, {"west": ("press",)}, since=NOW - days * DAY, examples=examples)["r"]


def test_what_a_change_adds_and_drops(opened: Open) -> None:
    found = effect(opened(PIECES), {"r": "metaverse"}, {"r": "(metaverse OR blockchain) -game"})
    assert (found.added, found.dropped, found.kept) == (2, 1, 1)
    assert [one.archived.article.title for one in found.examples_added] == ["blockchain plan again", "blockchain plan"]
    assert [span.term for span in found.examples_added[0].match.spans] == ["blockchain"]
    (dropped,) = found.examples_dropped
    assert dropped.archived.article.title == "metaverse game"
    assert dropped.failed == "game occurs in title, but the rule excludes it"
    assert found.has_changes


def test_stories_count_once_with_the_date_of_their_oldest_article(opened: Open) -> None:
    found = effect(opened(PIECES), {"r": "metaverse"}, {"r": "blockchain"})
    assert list(found.stories_after.values()) == [NOW - 8 * DAY]
    assert sorted(found.stories_before.values()) == [NOW - 20 * DAY, NOW - 9 * DAY]


def test_a_new_rule_only_adds_and_one_that_is_gone_only_drops(opened: Open) -> None:
    store = opened(PIECES)
    new = effect(store, {}, {"r": "metaverse"})
    assert (new.added, new.dropped, new.kept) == (2, 0, 0)
    gone = effect(store, {"r": "metaverse"}, {})
    assert (gone.added, gone.dropped, gone.kept) == (0, 2, 0)
    assert gone.examples_dropped[0].failed == "the rule is gone"


def test_the_file_is_compared_with_what_was_recorded(opened: Open) -> None:
    found = effect(opened(PIECES), None, {"r": "plan"})
    assert (found.added, found.dropped, found.kept) == (2, 1, 1)


def test_only_the_days_that_are_asked_for(opened: Open) -> None:
    found = effect(opened(PIECES), {}, {"r": "metaverse"}, days=10)
    assert found.added == 1


def test_so_many_examples_of_each_kind(opened: Open) -> None:
    found = effect(opened(PIECES), {"r": "metaverse"}, {"r": "blockchain"}, examples=1)
    assert (found.added, found.dropped) == (2, 2)
    assert [one.archived.article.title for one in found.examples_added] == ["blockchain plan again"]
    assert [one.archived.article.title for one in found.examples_dropped] == ["metaverse game"]


def test_sources_and_their_tags_are_asked(opened: Open) -> None:
    store = opened(PIECES)
    assert effect(store, {}, {"r": "tag:press plan"}).added == 2
    assert effect(store, {}, {"r": "plan source:east"}).added == 2
    hits = look_up(store, compile_rules({"x": "source:west"}), {})
    assert [hit.archived.article.title for hit in hits] == ["blockchain plan again", "blockchain plan"]


def test_the_tags_of_an_entry_are_asked(opened: Open) -> None:
    """As they were when the article came in: what held then holds in the archive."""
    store = opened([Piece("tagged", tags=("Policy", "数字经济")), Piece("untagged")])
    assert effect(store, {}, {"r": "tag:policy"}).added == 1
    hits = look_up(store, compile_rules({"x": "tag:數字經濟 tag:press"}), {"east": ("press",)})
    assert [hit.archived.article.title for hit in hits] == ["tagged"]


def test_a_rule_that_changes_nothing(opened: Open) -> None:
    found = effect(opened(PIECES), {"r": "metaverse"}, {"r": "Metaverse"})
    assert (found.has_changes, found.kept) == (False, 2)


@pytest.mark.parametrize(
    ("began", "days", "covered", "a_week"),
    [
        (None, 7, 0, None),
        (0.5, 7, 0.5, None),
        (1, 7, 1, 7.0),
        (3.5, 30, 3.5, 4.0),
        (100, 7, 7, 2.0),
        (100, 0.5, 0.5, None),
        (-1, 7, 0, None),
    ],
)
def test_alerts_a_week_are_of_the_days_that_the_archive_covers(
    began: float | None, days: float, covered: float, a_week: float | None
) -> None:
    looked_at = window(None if began is None else NOW - began * DAY, NOW, days)
    assert looked_at.end - looked_at.covered == covered * DAY
    stories = {1: NOW - 0.1 * DAY, 2: NOW - 2 * DAY, 3: NOW - 20 * DAY}
    assert looked_at.per_week(stories) == a_week


def test_weeks_are_counted_back_from_the_end_and_hold_every_story_once() -> None:
    looked_at = window(NOW - 16 * DAY, NOW, 30)
    assert [(end - start) / DAY for start, end in looked_at.weeks()] == [7, 7, 2]
    stories = dict(enumerate(NOW - age * DAY for age in (0, 6.9, 7, 7.1, 14, 16, 17)))
    assert [looked_at.count_in_week(stories, *week) for week in looked_at.weeks()] == [3, 2, 1]


def test_examples_that_fail_say_why() -> None:
    rules = compile_rules({"r": "metaverse -game"})
    assert failed_examples(rules, "r", ["Metaverse plan"], ["rain"]) == ()
    failures = failed_examples(rules, "r", ["a game"], ["metaverse"])
    assert failures == (
        'must_match "a game" fails: metaverse does not occur in title or text',
        'must_not_match "metaverse" holds',
    )
