"""What a person splits is sent where it was left out, what they join is one story, and nothing is sent twice."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from monitor import events, failpoint
from monitor.app.stories import RegroupResult, join, joined_articles, split
from monitor.clock import FixedClock
from monitor.collect.apply import record_changes
from monitor.collect.grouping import fingerprint_archive
from monitor.deliver.editions import EditionBuilder
from monitor.digest import Digest, build_edition, dump, parse_schedule
from monitor.digest.subscription import Follow
from monitor.errors import UsageError
from monitor.events import Event, StoryJoined, StorySplit
from monitor.model import Article, Coverage, Edition, Entry, EntryChange, KnownEntry, Match, Placement, Source, Window
from monitor.model.reports import Trace
from monitor.store import Store
from monitor.stories import text_key
from monitor.text.address import canonical_url
from tests.stories.articles import HARBOUR, LAKE
from tests.support import databases

NOON = dt.datetime(2026, 11, 21, 12, tzinfo=dt.UTC)
SOURCES = ("Agency", "Post", "Courier")
FIRST = Article("https://agency.example/1", "Council builds ferry terminal", " ".join(HARBOUR))
COPY = Article("https://post.example/1", "Ferry terminal: council builds", " ".join(HARBOUR[:5]))
EXACT = replace(COPY, url="https://courier.example/1")
OTHER = Article("https://courier.example/2", "东湖治理启动", "".join(LAKE))


@pytest.fixture(params=["sqlite", "postgresql"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    ready = databases.put_ready_file(tmp_path / "m.db") if request.param == "sqlite" else databases.shared_ready()
    store = Store(str(ready), clock=FixedClock(NOON))
    store.prepare()
    sources = [Source(name, f"https://{name}.example", "feed") for name in SOURCES]
    store.sync(sources, {"all": ["r"], "post": ["only"]}, NOON)
    yield store
    assert store.integrity() == ()
    store.close()


def change(article: Article, *rules: str) -> EntryChange:
    entry = Entry(article.url, article.title, article.url)
    key = text_key(article.title, article.text)
    matches = tuple(Match(rule) for rule in rules or ("r",))
    return EntryChange(entry, article, canonical_url(article.url), key, f"{article.title} {article.text}", matches)


def record(store: Store, source: str, *articles: Article, rules: tuple[str, ...] = ("r",)) -> None:
    with store.writing() as tx:
        record_changes(tx, [change(article, *rules) for article in articles], store.source_state(source), NOON)


def report(store: Store, source: str, article: Article, *, of: Article) -> None:
    """Record an article as another report of the event of `of`."""
    with store.writing() as tx:
        source_id = store.source_state(source).id
        first = trace(store, of)
        placement = Placement(first.story_id, "event", of.url, 0.7, "alike", of_number=first.article_id)
        known = tx.add_article(change(article), placement, source_id, NOON)
        tx.link_entries(source_id, [(change(article), known.id)], NOON)
        tx.add_matches(known.id, [Match("r")], NOON, None)


def send(store: Store, slot: str, digest: str = "all", *, official: str = "", follow: Follow = "lines") -> Edition:
    """Build an edition of all that waits for a digest."""
    wanted = Digest(
        digest,
        ("r", "only"),
        parse_schedule("now"),
        "UTC",
        ("mail",),
        follow=follow,
        official=frozenset({official}),
    )
    with store.writing() as tx:
        pending = tx.pending(digest)
        edition = build_edition(wanted, Window(NOON, NOON, slot), pending, Coverage(3), NOON)
        tx.add_edition(edition, dump(edition), pending, [])
    return edition


def sent(edition: Edition) -> list[str]:
    """Return the addresses of what an edition shows in words of its own."""
    return sorted(url for item in edition.items for url in (item.url, *(report.url for report in item.reports)))


def trace(store: Store, article: Article) -> Trace:
    found = store.trace(article.url, canonical_url(article.url))
    assert found is not None
    return found


def story_of(store: Store, article: Article) -> list[str]:
    return [member.url for member in trace(store, article).members]


def test_a_split_copy_is_sent_once_and_what_led_is_not_sent_again(store: Store) -> None:
    record(store, "Agency", FIRST)
    record(store, "Post", COPY)
    assert sent(send(store, "1")) == [FIRST.url]
    done = split(store, COPY.url, NOON)
    assert (done.other_url, done.digests) == (FIRST.url, ("all",))
    assert sent(send(store, "2")) == [COPY.url]
    assert sent(send(store, "3")) == []


def test_a_copy_that_came_after_the_edition_is_sent_after_the_split(store: Store) -> None:
    record(store, "Agency", FIRST)
    send(store, "1")
    record(store, "Post", COPY)
    assert sent(send(store, "2")) == []
    split(store, COPY.url, NOON)
    assert sent(send(store, "3")) == [COPY.url]


def test_where_the_copy_led_the_other_one_is_sent(store: Store) -> None:
    record(store, "Agency", FIRST)
    record(store, "Post", COPY)
    assert sent(send(store, "1", official="Post")) == [COPY.url]
    split(store, COPY.url, NOON)
    assert sent(send(store, "2")) == [FIRST.url]
    assert sent(send(store, "3")) == []


def test_a_digest_whose_rules_the_copy_alone_met_does_not_send_it_again(store: Store) -> None:
    record(store, "Agency", FIRST, rules=("r",))
    record(store, "Post", COPY, rules=("only",))
    assert sent(send(store, "1", "post")) == [COPY.url]
    assert sent(send(store, "1", "all")) == [FIRST.url]
    assert split(store, COPY.url, NOON).digests == ()
    assert sent(send(store, "2", "post")) == sent(send(store, "2", "all")) == []


def test_its_own_copies_go_with_it_and_those_of_the_other_stay(store: Store) -> None:
    record(store, "Agency", FIRST)
    record(store, "Post", COPY)
    record(store, "Courier", EXACT, replace(FIRST, url="https://courier.example/3"))
    assert split(store, COPY.url, NOON).copies == 1
    assert story_of(store, COPY) == [COPY.url, EXACT.url]
    assert story_of(store, FIRST) == [FIRST.url, "https://courier.example/3"]
    assert sent(send(store, "1")) == [FIRST.url, COPY.url]


def test_a_sent_copy_that_is_edited_into_something_else_is_sent_as_a_report_of_its_own(store: Store) -> None:
    record(store, "Agency", FIRST)
    record(store, "Post", COPY)
    assert sent(send(store, "1")) == [FIRST.url]
    known = KnownEntry(COPY.url, "hash", trace(store, COPY).article_id, ())
    edited = change(replace(COPY, title="Council stops ferry terminal", text="".join(LAKE)))
    with store.writing() as tx:
        record_changes(tx, [replace(edited, known=known)], store.source_state("Post"), NOON)
    assert sent(send(store, "2")) == [COPY.url]
    assert sent(send(store, "3")) == []


def test_later_copies_join_the_one_of_the_two_that_they_are_more_like(store: Store) -> None:
    record(store, "Agency", FIRST)
    record(store, "Post", COPY)
    split(store, COPY.url, NOON)
    of_copy = Article("https://courier.example/4", "The council builds", " ".join(HARBOUR[:5]))
    of_first = Article("https://courier.example/5", "Ferries, nets and a roof", " ".join(HARBOUR))
    record(store, "Courier", of_copy, of_first)
    assert story_of(store, COPY) == [COPY.url, of_copy.url]
    assert story_of(store, FIRST) == [FIRST.url, of_first.url]


def test_a_split_article_stays_where_it_is_when_it_is_listed_again_or_revised(store: Store) -> None:
    record(store, "Agency", FIRST)
    record(store, "Post", COPY)
    split(store, COPY.url, NOON)
    send(store, "1")
    record(store, "Courier", COPY)  # another source lists the same address
    source = store.source_state("Post")
    known = store.known_entries(source.id, [COPY.url])[COPY.url]
    revised = replace(COPY, text=FIRST.text)
    with store.writing() as tx:
        record_changes(tx, [replace(change(revised), known=known)], source, NOON)
    assert fingerprint_archive(store, pause=lambda _: False)
    assert story_of(store, COPY) == [COPY.url]
    assert sent(send(store, "2")) == []


def test_a_report_of_an_event_is_split_without_being_sent_again(store: Store) -> None:
    record(store, "Agency", FIRST)
    report(store, "Courier", OTHER, of=FIRST)
    assert sent(send(store, "1")) == [FIRST.url, OTHER.url]
    split(store, OTHER.url, NOON)
    assert story_of(store, OTHER) == [OTHER.url]
    assert sent(send(store, "2")) == []


def test_a_report_that_a_digest_does_not_follow_is_sent_after_the_split(store: Store) -> None:
    record(store, "Agency", FIRST)
    report(store, "Courier", OTHER, of=FIRST)
    assert sent(send(store, "1", follow="none")) == [FIRST.url]
    split(store, OTHER.url, NOON)
    assert sent(send(store, "2", follow="none")) == [OTHER.url]


def test_the_first_article_of_an_event_leaves_with_its_copies(store: Store) -> None:
    record(store, "Agency", FIRST)
    record(store, "Post", COPY)
    report(store, "Courier", OTHER, of=FIRST)
    split(store, FIRST.url, NOON)
    assert story_of(store, FIRST) == [FIRST.url, COPY.url]
    assert story_of(store, OTHER) == [OTHER.url]


@pytest.mark.parametrize("copied", [True, False])
def test_what_has_nothing_to_be_split_from_is_an_error_with_a_remedy(store: Store, copied: bool) -> None:
    record(store, "Agency", FIRST)
    if copied:
        record(store, "Post", COPY)
    with pytest.raises(UsageError, match=f"monitor split {COPY.url}" if copied else "alone in its story"):
        split(store, FIRST.url, NOON)
    with pytest.raises(UsageError, match="no source has listed this address"):
        split(store, "https://nowhere.example/", NOON)


def test_what_an_edition_left_out_that_was_not_sent_is_counted_by_the_next_one(store: Store) -> None:
    wanted = Digest("all", ("r",), parse_schedule("now"), "UTC", (), follow="none", sources=frozenset())

    def build(minutes: int) -> tuple[int, int, int]:
        built = EditionBuilder(store, {}).build(wanted, NOON + dt.timedelta(minutes=minutes))
        assert built is not None
        return len(built.edition.items), built.edition.left_out, built.edition.left_out_before

    record(store, "Agency", FIRST)
    assert build(1) == (1, 0, 0)
    for number in range(2):
        report(store, "Courier", replace(OTHER, url=f"https://courier.example/{number}"), of=FIRST)
        assert build(2 + number) == (0, 1, number)
    (found, _) = store.status(NOON).digests
    assert (found.name, found.left_out) == ("all", 2)
    record(store, "Post", Article("https://post.example/7", "Gulls open bins", "Gulls have learned to open bins."))
    preview = EditionBuilder(store, {}).preview(wanted, NOON)
    assert preview is not None
    assert preview.left_out_before == 2
    assert build(4) == (1, 0, 2)
    record(store, "Post", Article("https://post.example/9", "Bakers strike", "There is no bread in the city today."))
    assert build(5) == (1, 0, 0)
    assert store.status(NOON).digests[0].left_out == 0


def test_a_joined_article_is_a_report_of_the_other_story_and_later_copies_follow_it(store: Store) -> None:
    record(store, "Agency", FIRST)
    record(store, "Courier", OTHER)
    assert sent(send(store, "1")) == [FIRST.url, OTHER.url]
    join(store, OTHER.url, FIRST.url, NOON)
    later = Article("https://post.example/9", "东湖今日开工", "".join(LAKE))
    record(store, "Post", later, COPY)
    assert story_of(store, FIRST) == [FIRST.url, OTHER.url, later.url, COPY.url]
    assert [member.relation for member in trace(store, FIRST).members] == ["new", "event", "near_copy", "near_copy"]
    assert sent(send(store, "2")) == []
    with pytest.raises(UsageError, match="both are in story 1 already"):
        join(store, FIRST.url, later.url, NOON)
    with pytest.raises(UsageError, match="are one article; name two"):
        join(store, FIRST.url, FIRST.url, NOON)


def test_what_is_joined_before_it_is_sent_is_a_line_of_the_story(store: Store) -> None:
    record(store, "Agency", FIRST)
    record(store, "Courier", OTHER)
    assert join(store, OTHER.url, FIRST.url, NOON).digests == ("all",)
    (item,) = send(store, "1").items
    assert [line.url for line in item.reports] == [OTHER.url]


def test_a_copy_joined_elsewhere_is_no_copy_any_more(store: Store) -> None:
    record(store, "Agency", FIRST)
    record(store, "Post", COPY)
    record(store, "Courier", OTHER)
    send(store, "1")
    join(store, COPY.url, OTHER.url, NOON)
    assert story_of(store, OTHER) == [COPY.url, OTHER.url]
    (item,) = send(store, "2").items
    assert (item.url, item.more_on) == (COPY.url, OTHER.title)


def test_the_last_decision_about_a_pair_holds_and_the_trace_has_it(store: Store) -> None:
    record(store, "Agency", FIRST)
    record(store, "Post", COPY)
    split(store, COPY.url, NOON)
    assert [(one.verdict, one.url) for one in trace(store, COPY).decisions] == [("apart", FIRST.url)]
    join(store, COPY.url, FIRST.url, NOON)
    assert [(one.verdict, one.url) for one in trace(store, FIRST).decisions] == [("together", COPY.url)]
    reason = trace(store, COPY).members[1].reason
    assert reason.startswith(f"joined by hand to {FIRST.url}; it was new: split by hand from {FIRST.url}")
    assert "100% of its text" in reason
    split(store, COPY.url, NOON)
    assert [one.verdict for one in trace(store, COPY).decisions] == ["apart"]
    assert sent(send(store, "1")) == [FIRST.url, COPY.url]


def test_each_change_is_an_event(store: Store) -> None:
    heard: list[Event] = []
    record(store, "Agency", FIRST)
    record(store, "Post", COPY)
    events.subscribe(heard.append)
    try:
        apart = split(store, COPY.url, NOON)
        again = join(store, COPY.url, FIRST.url, NOON)
    finally:
        events.unsubscribe(heard.append)
    assert heard == [
        StorySplit(COPY.url, apart.story, again.story, "all"),
        StoryJoined(COPY.url, FIRST.url, again.story, apart.story, "all"),
    ]


def test_what_was_joined_is_listed_with_the_worst_evidence_first(store: Store) -> None:
    record(store, "Agency", FIRST)
    report(store, "Courier", OTHER, of=FIRST)
    record(store, "Post", COPY)
    found = joined_articles(store, NOON, 30)
    assert [(one.url, one.relation, one.of_url) for one in found] == [
        (OTHER.url, "event", FIRST.url),
        (COPY.url, "near_copy", FIRST.url),
    ]
    assert [one.score for one in found] == [0.7, 1.0]
    assert list(joined_articles(store, NOON + dt.timedelta(days=31), 30)) == []
    assert len(joined_articles(store, NOON, 1e300)) == 2


def test_of_several_articles_at_one_address_one_is_named_by_its_number(store: Store) -> None:
    record(store, "Agency", FIRST)
    notices = [replace(OTHER, title=f"Notice {n}", text=f"It is about {n}.") for n in range(2)]
    for notice in notices:
        report(store, "Courier", notice, of=FIRST)
    with pytest.raises(UsageError, match=r"name one by its number: 2 \(Notice 0\); 3 \(Notice 1\)"):
        split(store, OTHER.url, NOON)
    done = split(store, "3", NOON)
    assert (done.title, trace(store, FIRST).story_id) == ("Notice 1", 1)
    found = store.trace("3")
    assert found is not None
    assert (found.article.title, found.at_its_address) == ("Notice 1", {})
    assert trace(store, OTHER).at_its_address == {3: "Notice 1"}
    assert join(store, "3", "2", NOON).story == 1
    with pytest.raises(UsageError, match="no source has listed"):
        split(store, "4", NOON)


class Died(Exception):
    """Ends a process at a failpoint."""


@pytest.mark.parametrize("point", ["store.before_commit", "store.after_commit"])
@pytest.mark.parametrize("act", [split, join], ids=["split", "join"])
def test_what_ends_while_it_splits_or_joins_has_done_all_of_it_or_nothing(
    store: Store, point: str, act: Callable[..., RegroupResult]
) -> None:
    record(store, "Agency", FIRST)
    record(store, "Post", COPY)
    record(store, "Courier", OTHER)
    assert sent(send(store, "1")) == sorted([FIRST.url, OTHER.url])
    arguments = (COPY.url,) if act is split else (COPY.url, OTHER.url)
    before = trace(store, COPY)

    def die(name: str) -> None:
        if name == point:
            raise Died

    failpoint.arm(die)
    try:
        with pytest.raises(Died):
            act(store, *arguments, NOON)
    finally:
        failpoint.arm(None)
    if point == "store.before_commit":
        assert trace(store, COPY) == before
        act(store, *arguments, NOON)
    assert trace(store, COPY).story_id != before.story_id
    assert len(trace(store, COPY).decisions) == 1
    assert sent(send(store, "2")) == [COPY.url]
    assert sent(send(store, "3")) == []


def test_an_exact_copy_is_listed_too(store: Store) -> None:
    record(store, "Agency", FIRST)
    copy = replace(FIRST, url="https://post.example/the-same")
    record(store, "Post", copy)
    (one,) = joined_articles(store, NOON, 30)
    assert (one.relation, one.url, one.of_url) == ("copy", copy.url, FIRST.url)
