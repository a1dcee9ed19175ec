"""Other reports of an event join its story in the archive, whatever process wrote them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from monitor.app.stories import join, split
from monitor.clock import FixedClock
from monitor.collect.apply import record_changes
from monitor.collect.reports import RecentReports
from monitor.deliver.editions import EditionBuilder
from monitor.digest import Digest, parse_schedule
from monitor.model import Article, Entry, EntryChange, Match, Moment, Source
from monitor.model.reports import StoryMember
from monitor.store import Store
from monitor.stories import reports, text_key
from monitor.stories.idf import ExtraCounts
from monitor.stories.reports import Report
from monitor.text.address import canonical_url
from tests.stories import event_articles
from tests.support import databases

NOON = dt.datetime(2026, 3, 2, 12, tzinfo=dt.UTC)
HOUR = dt.timedelta(hours=1)
SOURCES = ("Harbour Post", "Coast Gazette", "Northern Wire", "Dredgers Weekly")


class Surprise(Exception):
    """Undoes a transaction."""


@pytest.fixture(params=["sqlite", "postgresql"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    ready = databases.put_ready_file(tmp_path / "m.db") if request.param == "sqlite" else databases.shared_ready()
    store = Store(str(ready), clock=FixedClock(NOON))
    store.prepare()
    store.sync([Source(name, f"https://{n}.example", "feed") for n, name in enumerate(SOURCES)], {"all": ["r"]}, NOON)
    yield store
    store.close()


def at(number: int, article: Article) -> Article:
    """Return the article as a source lists it: without the name of its site."""
    return replace(article, url=f"https://site.example/{number}", site=None)


FIRST = at(1, event_articles.TUNNEL)
SECOND = at(2, event_articles.TUNNEL_AGAIN)
THIRD = at(3, event_articles.TUNNEL_THIRD)
STARTS = at(4, event_articles.TUNNEL_STARTS)


def record(
    store: Store,
    reports: RecentReports,
    source: str,
    article: Article,
    *,
    now: dt.datetime = NOON,
    rules: tuple[str, ...] = ("r",),
    fails: bool = False,
    shadow: bool = False,
) -> None:
    key = text_key(article.title, article.text)
    entry, matches = Entry(article.url, article.title, article.url), tuple(map(Match, rules))
    change = EntryChange(entry, article, canonical_url(article.url), key, article.url, matches)
    with store.writing() as tx:
        record_changes(tx, [change], store.source_state(source), now, reports, shadow=shadow)
        if fails:
            raise Surprise


def build_and_bind(store: Store, digest: Digest) -> None:
    assert EditionBuilder(store, {}).build(digest, NOON) is not None


def member(store: Store, article: Article) -> StoryMember:
    trace = store.trace(article.url)
    assert trace is not None
    return next(one for one in trace.members if one.article_id == trace.article_id)


def test_another_outlet_s_report_joins_the_story_and_says_why(store: Store) -> None:
    reports = RecentReports()
    record(store, reports, "Harbour Post", FIRST)
    record(store, reports, "Coast Gazette", SECOND, now=NOON + HOUR)
    found = member(store, SECOND)
    assert (found.relation, found.of) == ("event", FIRST.url)
    assert "another outlet's report has" in found.reason
    with store.reading() as look:
        one, other = look.pending("all")
    assert one.story_id == other.story_id
    assert (one.lead_id, other.lead_id) == (one.article_id, other.article_id)


@pytest.mark.parametrize(("source", "article"), [("Harbour Post", SECOND), ("Dredgers Weekly", STARTS)])
def test_a_second_report_of_a_source_and_a_follow_up_have_a_story_of_their_own(
    store: Store, source: str, article: Article
) -> None:
    reports = RecentReports()
    record(store, reports, "Harbour Post", FIRST)
    record(store, reports, source, article, now=NOON + HOUR)
    assert member(store, article).relation == "new"


def test_what_is_related_and_not_joined_is_kept_with_the_reason(store: Store) -> None:
    reports = RecentReports()
    record(store, reports, "Harbour Post", FIRST)
    record(store, reports, "Dredgers Weekly", STARTS, now=NOON + HOUR)
    for article, other in ((STARTS, FIRST), (FIRST, STARTS)):
        trace = store.trace(article.url)
        assert trace is not None
        (found,) = trace.related
        assert (found.url, bool(found.likeness)) == (other.url, True)
        assert found.reason in member(store, STARTS).reason


def test_the_later_of_two_related_articles_names_the_earlier_one(store: Store) -> None:
    reports = RecentReports()
    record(store, reports, "Harbour Post", FIRST)
    record(store, reports, "Dredgers Weekly", STARTS, now=NOON + HOUR)
    with store.reading() as look:
        one, other = look.pending("all")
    assert (one.article.url, one.see_also) == (FIRST.url, ())
    assert [(found.article_id, found.url, found.source) for found in other.see_also] == [
        (one.article_id, FIRST.url, "Harbour Post")
    ]


def test_an_article_names_a_related_one_that_its_digest_has_sent_and_no_other(store: Store) -> None:
    reports = RecentReports()
    store.sync(
        [Source(name, f"https://{n}.example", "feed") for n, name in enumerate(SOURCES)],
        {"all": ["r"], "few": ["s"]},
        NOON,
    )
    record(store, reports, "Harbour Post", FIRST)
    digest = Digest("all", ("r",), parse_schedule("now"), "UTC", ())
    build_and_bind(store, digest)
    record(store, reports, "Dredgers Weekly", STARTS, now=NOON + HOUR, rules=("r", "s"))
    with store.reading() as look:
        assert [[other.url for other in one.see_also] for one in look.pending("all")] == [[FIRST.url]]
        assert [one.see_also for one in look.pending("few")] == [()]


def test_what_a_person_joined_is_not_related(store: Store) -> None:
    reports = RecentReports()
    record(store, reports, "Harbour Post", FIRST)
    record(store, reports, "Dredgers Weekly", STARTS, now=NOON + HOUR)
    join(store, STARTS.url, FIRST.url, NOON)
    with store.reading() as look:
        assert [one.see_also for one in look.pending("all")] == [(), ()]


def test_a_new_process_knows_the_reports_of_the_last_days(store: Store) -> None:
    record(store, RecentReports(), "Harbour Post", FIRST)
    later = RecentReports()
    record(store, later, "Coast Gazette", SECOND, now=NOON + HOUR)
    record(store, later, "Northern Wire", THIRD, now=NOON + 2 * HOUR)
    assert [member(store, one).relation for one in (SECOND, THIRD)] == ["event", "event"]


def test_a_new_process_does_not_read_them_again(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    record(store, RecentReports(), "Harbour Post", FIRST)
    read: list[str] = []

    def read_report(article: Article, counts: ExtraCounts) -> Report:
        read.append(article.url)
        return reports.read_report(article, counts)

    monkeypatch.setattr("monitor.stories.events.read_report", read_report)
    record(store, RecentReports(), "Coast Gazette", SECOND, now=NOON + HOUR)
    assert read == [SECOND.url]
    assert member(store, SECOND).relation == "event"


def test_what_another_process_wrote_meanwhile_is_known(store: Store) -> None:
    mine = RecentReports()
    record(store, mine, "Dredgers Weekly", at(9, event_articles.LAKE))
    record(store, RecentReports(), "Harbour Post", FIRST)
    record(store, mine, "Coast Gazette", SECOND, now=NOON + HOUR)
    assert member(store, SECOND).relation == "event"


def test_a_report_whose_transaction_was_undone_is_forgotten(store: Store) -> None:
    reports = RecentReports()
    with pytest.raises(Surprise):
        record(store, reports, "Harbour Post", FIRST, fails=True)
    record(store, reports, "Northern Wire", at(9, event_articles.LAKE))
    record(store, reports, "Coast Gazette", SECOND, now=NOON + HOUR)
    assert member(store, SECOND).relation == "new"
    assert store.integrity() == ()


def test_in_the_shadow_a_report_is_recorded_and_not_joined(store: Store) -> None:
    reports = RecentReports()
    record(store, reports, "Harbour Post", FIRST, shadow=True)
    record(store, reports, "Coast Gazette", SECOND, now=NOON + HOUR, shadow=True)
    found = member(store, SECOND)
    assert (found.relation, found.shadow, found.of) == ("new", "event", FIRST.url)
    assert 0.5 < found.score <= 1
    with store.reading() as look:
        assert len({one.story_id for one in look.pending("all")}) == 2


def test_later_reports_follow_an_article_that_was_moved_by_hand(store: Store) -> None:
    reports, lake = RecentReports(), at(9, event_articles.LAKE)
    record(store, reports, "Harbour Post", FIRST)
    record(store, reports, "Dredgers Weekly", lake)
    record(store, reports, "Coast Gazette", SECOND, now=NOON + HOUR)
    split(store, SECOND.url, NOON + HOUR)
    join(store, FIRST.url, lake.url, NOON + HOUR)  # the story in which it was is gone
    record(store, reports, "Northern Wire", THIRD, now=NOON + 2 * HOUR)
    found = member(store, THIRD)
    assert found.relation == "event"
    assert found.of in (FIRST.url, SECOND.url)
    with store.reading() as look:
        stories = {one.article.url: one.story_id for one in look.pending("all")}
    assert stories[FIRST.url] == stories[lake.url] != stories[SECOND.url]
    assert stories[THIRD.url] == stories[found.of]
    assert store.integrity() == ()


def test_a_report_that_was_undone_is_forgotten_also_when_a_person_moved_articles(store: Store) -> None:
    reports, lake = RecentReports(), at(9, event_articles.LAKE)
    record(store, reports, "Harbour Post", lake)
    with store.writing() as tx:
        tx.record_decision(1, [1], "apart", NOON)
    with pytest.raises(Surprise):
        record(store, reports, "Harbour Post", FIRST, fails=True)
    with store.writing() as tx:
        tx.record_decision(1, [1], "apart", NOON)
    record(store, reports, "Coast Gazette", SECOND, now=NOON + HOUR)
    assert member(store, SECOND).relation == "new"


def test_a_later_report_obeys_what_a_person_decided(store: Store) -> None:
    reports, lake = RecentReports(), at(9, event_articles.LAKE)
    record(store, reports, "Harbour Post", lake)
    record(store, reports, "Dredgers Weekly", FIRST)
    join(store, FIRST.url, lake.url, NOON)
    record(store, reports, "Coast Gazette", SECOND, now=NOON + HOUR)
    found = member(store, SECOND)
    assert (found.relation, found.of) == ("event", FIRST.url)
    with store.reading() as look:
        assert len({one.story_id for one in look.pending("all")}) == 1


def test_the_reports_that_are_there_are_read_before_a_transaction(store: Store) -> None:
    record(store, RecentReports(), "Harbour Post", FIRST)
    reports = RecentReports()
    reports.fill(store, NOON)
    assert list(reports._reports) == [1]
    record(store, reports, "Coast Gazette", SECOND, now=NOON + HOUR)
    reports.fill(store, NOON)
    assert member(store, SECOND).relation == "event"


def test_what_no_rule_matched_is_compared_with_nothing(store: Store) -> None:
    reports = RecentReports()
    record(store, reports, "Harbour Post", FIRST, rules=())
    record(store, reports, "Coast Gazette", SECOND, now=NOON + HOUR)
    record(store, reports, "Northern Wire", THIRD, now=NOON + HOUR, rules=())
    assert [member(store, one).relation for one in (FIRST, SECOND, THIRD)] == ["new", "new", "new"]


def test_reports_are_of_one_event_only_if_they_came_out_within_days(store: Store) -> None:
    reports = RecentReports()
    old = replace(FIRST, published=Moment(NOON - dt.timedelta(days=5), "day"))
    record(store, reports, "Harbour Post", old)
    record(store, reports, "Coast Gazette", SECOND)
    assert member(store, SECOND).relation == "new"
    record(store, RecentReports(), "Northern Wire", THIRD, now=NOON + dt.timedelta(days=4))
    assert member(store, THIRD).relation == "new"


def test_reports_that_left_the_window_take_no_room(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("monitor.collect.reports._PRUNE_ABOVE", 2)
    reports = RecentReports()
    for number in range(5):
        article = Article(f"https://a.example/{number}", f"Number {number} on its own", f"Text {number}.")
        record(store, reports, "Harbour Post", article, now=NOON + number * dt.timedelta(days=4))
    assert len(reports._reports) <= 3


def test_a_report_in_the_window_is_known_after_a_long_pause(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """The window ends with the newest date, and a machine that slept sees an old one."""
    monkeypatch.setattr("monitor.collect.reports._PRUNE_ABOVE", 0)
    reports, day = RecentReports(), dt.timedelta(days=1)
    record(store, reports, "Harbour Post", replace(FIRST, published=Moment(NOON, "second")))
    late = replace(SECOND, published=Moment(NOON + HOUR, "second"))
    record(store, reports, "Coast Gazette", late, now=NOON + 8 * day)
    assert member(store, late).relation == "event"
