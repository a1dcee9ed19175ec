"""Which articles a new rule is matched against, and how far a backfill comes in one batch."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import pytest

from monitor.collect import backfill
from monitor.collect.backfill import run_backfill
from monitor.model import Article, Moment, Source
from monitor.model.articles import Precision
from monitor.model.backfill import BackfillArticle, BackfillBatch, BackfillJob
from monitor.rules import compile_rules

NOW = dt.datetime(2026, 11, 21, 12, tzinfo=dt.UTC)
DAY = dt.timedelta(days=1)
SINCE = NOW - 7 * DAY
RULES = compile_rules({"web3": "web3", "press": "tag:press", "east": "source:east"})
SOURCES = {"east": Source("east", "http://east.example/", "feed", tags=("press",))}
NEWEST = 1000


def job(rule: str = "web3", floor: int = 50, since: dt.datetime | None = SINCE, below: int = NEWEST) -> BackfillJob:
    return BackfillJob(rule, RULES.meanings[rule], floor, since, below)


def archived(
    number: int,
    *,
    text: str = "web3",
    days: float = 1,
    dated: float | None = None,
    precision: Precision = "second",
    baseline: bool = False,
    sources: tuple[str, ...] = ("west",),
) -> BackfillArticle:
    """Return an article that was first seen so many days ago, and is dated so many days ago."""
    published = None if dated is None else Moment(NOW - dated * DAY, precision)
    article = Article(f"http://news.example/{number}", "title", text, published)
    return BackfillArticle(number, article, NOW - days * DAY, sources, baseline=baseline)


@dataclass
class Archive:
    """A store that holds these articles and remembers the batches."""

    articles: list[BackfillArticle]
    jobs: list[BackfillJob]
    batches: list[BackfillBatch] = field(default_factory=list)
    revised: int = 0

    def backfill_jobs(self) -> tuple[BackfillJob, ...]:
        return tuple(self.jobs)

    def articles_between(self, *, above: int, below: int, limit: int) -> tuple[BackfillArticle, ...]:
        between = [one for one in self.articles if above < one.id < below]
        return tuple(sorted(between, key=lambda one: -one.id)[:limit])

    def record_backfill(self, batch: BackfillBatch, now: dt.datetime) -> Mapping[str, int] | None:
        if self.revised:
            self.revised -= 1
            return None
        self.batches.append(batch)
        reached = {job.rule: place for job, place in zip(batch.jobs, batch.reached, strict=True)}
        moved = [(one, reached.get(one.rule, one.below)) for one in self.jobs]
        self.jobs = [replace(one, below=place) for one, place in moved if place is not None]
        return {rule: 1 for rule, place in reached.items() if place is None}

    def found(self) -> list[tuple[int, str, bool]]:
        return [(late.archived.id, late.match.rule, late.backfilled) for batch in self.batches for late in batch.found]


def run(articles: list[BackfillArticle], *jobs: BackfillJob) -> Archive:
    archive = Archive(articles, list(jobs))
    run_backfill(archive, RULES, SOURCES, NOW, stopping=lambda: False)
    assert archive.jobs == []
    return archive


@pytest.mark.parametrize(
    ("how", "sent"),
    [
        ({"days": 1}, True),
        ({"days": 8}, False),
        ({"days": 1, "dated": 6.9}, True),
        ({"days": 1, "dated": 7.1}, False),
        ({"days": 1, "dated": 7.9, "precision": "day"}, True),
        ({"days": 8, "dated": 1}, False),
        ({"days": 1, "baseline": True}, False),
        ({"days": 1, "dated": 5, "baseline": True}, True),
        ({"days": 1, "dated": 9, "baseline": True}, False),
        ({"days": 1, "text": "another"}, False),
    ],
)
def test_an_article_of_the_archive_counts_by_its_date_else_by_when_it_was_seen(how: dict[str, Any], sent: bool) -> None:
    assert run([archived(7, **how)], job()).found() == ([(7, "web3", True)] if sent else [])


@pytest.mark.parametrize("since", [SINCE, None])
@pytest.mark.parametrize(
    ("how", "sent"), [({"days": 30}, True), ({"baseline": True}, False), ({"dated": 1, "baseline": True}, False)]
)
def test_what_was_recorded_since_is_news_of_any_age_but_for_a_baseline(
    how: dict[str, Any], sent: bool, since: dt.datetime | None
) -> None:
    assert run([archived(51, **how)], job(since=since)).found() == ([(51, "web3", False)] if sent else [])


def test_without_backfill_the_archive_is_not_even_read() -> None:
    archive = run([archived(50), archived(49)], job(since=None))
    assert archive.found() == []
    assert len(archive.batches) == 1


def test_the_tags_and_names_of_all_sources_that_list_it_count() -> None:
    both = archived(7, sources=("west", "east"))
    assert run([both], job("press"), job("east")).found() == [(7, "press", True), (7, "east", True)]
    assert run([archived(7)], job("press"), job("east")).found() == []
    assert run([replace(archived(7), tags=("press",))], job("press")).found() == [(7, "press", True)]


def test_it_runs_in_batches_from_the_newest_down(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(backfill, "BATCH_SIZE", 3)
    archive = run([archived(number) for number in range(1, 11)], job())
    assert [number for number, *_ in archive.found()] == list(range(10, 0, -1))
    assert [batch.reached for batch in archive.batches] == [(8,), (5,), (2,), (1,), (None,)]


def test_it_ends_where_the_archive_is_older(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(backfill, "BATCH_SIZE", 3)
    archive = run([archived(number, days=11 - number) for number in range(1, 11)], job())
    assert [number for number, *_ in archive.found()] == [10, 9, 8, 7, 6, 5, 4]
    assert len(archive.batches) == 4


def test_backfills_that_start_at_different_articles_run_together(monkeypatch: pytest.MonkeyPatch) -> None:
    """One was stopped on its way, one begins, one wants nothing of the archive."""
    monkeypatch.setattr(backfill, "BATCH_SIZE", 4)
    articles = [archived(number, sources=("east",)) for number in range(1, 9)]
    archive = run(articles, job("web3", below=5), job("press"), job("east", floor=6, since=None))
    found = archive.found()
    assert [number for number, rule, _ in found if rule == "web3"] == [4, 3, 2, 1]
    assert [number for number, rule, _ in found if rule == "press"] == [8, 7, 6, 5, 4, 3, 2, 1]
    assert [number for number, rule, _ in found if rule == "east"] == [8, 7]


def test_a_batch_whose_articles_were_revised_meanwhile_is_repeated() -> None:
    archive = Archive([archived(7)], [job()], revised=2)
    run_backfill(archive, RULES, SOURCES, NOW, stopping=lambda: False)
    assert archive.found() == [(7, "web3", True)]


def test_a_rule_that_means_something_else_by_now_is_left_alone() -> None:
    archive = Archive([archived(7)], [replace(job(), meaning="other"), replace(job(), rule="gone")])
    run_backfill(archive, RULES, SOURCES, NOW, stopping=lambda: False)
    assert archive.batches == []


def test_it_stops_between_two_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(backfill, "BATCH_SIZE", 1)
    archive = Archive([archived(7), archived(6)], [job()])
    run_backfill(archive, RULES, SOURCES, NOW, stopping=lambda: bool(archive.batches))
    assert len(archive.batches) == 1
    assert archive.jobs[0].below == 7
