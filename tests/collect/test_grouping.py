"""Near copies are found in the archive as they are in memory."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from monitor import events
from monitor.clock import FixedClock
from monitor.collect.apply import record_changes
from monitor.collect.grouping import BATCH_SIZE, fingerprint_archive
from monitor.events import Event, JoinTried
from monitor.model import Article, Entry, EntryChange, KnownEntry, Match, Source
from monitor.store import Store
from monitor.stories import Stories, text_key
from monitor.text.address import canonical_url
from tests.stories.articles import CHINESE, HARBOUR, LAKE, LOOKALIKES, look_alikes
from tests.support import databases

NOON = dt.datetime(2026, 11, 21, 12, tzinfo=dt.UTC)
SOURCES = ("Agency", "Post", "Courier")


@pytest.fixture(params=["sqlite", "postgresql"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    ready = databases.put_ready_file(tmp_path / "m.db") if request.param == "sqlite" else databases.shared_ready()
    store = Store(str(ready), clock=FixedClock(NOON))
    store.prepare()
    store.sync([Source(name, f"https://{name}.example", "feed") for name in SOURCES], {"all": ["r"]}, NOON)
    yield store
    store.close()


def stream() -> list[Article]:
    """Return reprints, abridgements and look-alikes in an order of chance."""
    chance = random.Random(7)
    made: list[tuple[str, str]] = []
    for sentences in (HARBOUR, LAKE):
        for number in range(6):
            kept = sorted(chance.sample(range(len(sentences)), 4 + number % 3))
            made.append(
                (f"{sentences[number][:20]} {chance.choice(['', '(update)'])}", " ".join(sentences[n] for n in kept))
            )
    for file in sorted(path.name for path in LOOKALIKES.iterdir()):
        for pair in list(look_alikes(file))[:8]:
            made += [pair.one, pair.other]
    chance.shuffle(made)
    return [
        Article(f"https://{number}.example/a", title, text, site=chance.choice(SOURCES))
        for number, (title, text) in enumerate(made)
    ]


def change(article: Article) -> EntryChange:
    address = canonical_url(article.url)
    entry = Entry(article.url, article.title, article.url)
    return EntryChange(entry, article, address, text_key(article.title, article.text), article.url, (Match("r"),))


def record(store: Store, source: str, *articles: Article, shadow: bool = False) -> None:
    with store.writing() as tx:
        changes = [change(article) for article in articles]
        record_changes(tx, changes, store.source_state(source), NOON, shadow=shadow)


def place(store: Store, article: Article) -> tuple[str, str | None]:
    trace = store.trace(article.url)
    assert trace is not None
    (member,) = (one for one in trace.members if one.article_id == trace.article_id)
    return member.relation, member.of


@pytest.mark.slow
def test_the_archive_places_articles_as_memory_does(store: Store) -> None:
    stories, articles = Stories(), stream()
    for article in articles:
        record(store, article.site or "", article)
    in_memory = [stories.add(article, NOON) for article in articles]
    copies = [one for one in in_memory if one.relation == "near_copy"]
    assert len(copies) >= 5
    assert [place(store, article)[0] == "near_copy" for article in articles] == [
        one.relation == "near_copy" for one in in_memory
    ]
    for article, one in zip(articles, in_memory, strict=True):
        if one.relation == "near_copy":
            assert place(store, article) == ("near_copy", one.of)


def test_a_near_copy_waits_with_what_it_is_a_copy_of(store: Store) -> None:
    first = Article("https://agency.example/1", "Council builds ferry terminal", " ".join(HARBOUR))
    copy = Article("https://post.example/1", "Ferry terminal: council builds", " ".join(HARBOUR[:5]))
    record(store, "Agency", first)
    record(store, "Post", copy)
    with store.reading() as look:
        one, other = look.pending("all")
    assert (one.lead_id, other.lead_id) == (one.article_id, one.article_id)
    assert [link.source for link in one.alternates] == ["Post"]
    trace = store.trace(copy.url)
    assert trace is not None
    assert "100% of its text is in https://agency.example/1" in trace.members[1].reason


def test_in_the_shadow_a_near_copy_is_recorded_and_not_joined(store: Store) -> None:
    first = Article("https://agency.example/1", "Council builds ferry terminal", " ".join(HARBOUR))
    copy = Article("https://post.example/1", "Ferry terminal: council builds", " ".join(HARBOUR[:5]))
    of_copy = replace(copy, url="https://courier.example/1", title="Terminal", text=" ".join(HARBOUR[:4]))
    heard: list[Event] = []
    events.subscribe(heard.append)
    try:
        for source, article in (("Agency", first), ("Post", copy), ("Courier", of_copy)):
            record(store, source, article, shadow=True)
    finally:
        events.unsubscribe(heard.append)
    with store.reading() as look:
        assert [(one.article.url, one.lead_id, one.story_id) for one in look.pending("all")] == [
            (first.url, 1, 1),
            (copy.url, 2, 2),
            (of_copy.url, 3, 3),
        ]
    tried = [one for one in heard if isinstance(one, JoinTried)]
    assert [(one.url, one.relation, one.of) for one in tried] == [
        (copy.url, "near_copy", first.url),
        (of_copy.url, "near_copy", copy.url),
    ]
    trace = store.trace(copy.url)
    assert trace is not None
    (member,) = trace.members
    assert (member.relation, member.shadow, member.of, member.score) == ("new", "near_copy", first.url, 1.0)
    found = store.joined_articles(None)
    assert [(one.url, one.relation, one.shadow, one.of_source) for one in found] == [
        (of_copy.url, "near_copy", True, "Post"),
        (copy.url, "near_copy", True, "Agency"),
    ]


def test_what_was_recorded_in_the_shadow_stays_so(store: Store) -> None:
    first = Article("https://agency.example/1", "Council builds ferry terminal", " ".join(HARBOUR))
    copy = Article("https://post.example/1", "Ferry terminal: council builds", " ".join(HARBOUR[:5]))
    record(store, "Agency", first)
    record(store, "Post", copy, shadow=True)
    record(store, "Courier", copy)
    assert place(store, copy) == ("new", first.url)
    other = replace(copy, url="https://courier.example/1", title="Terminal")
    record(store, "Courier", other)
    assert place(store, other)[0] == "near_copy"


def test_articles_of_one_poll_are_compared_with_each_other(store: Store) -> None:
    first = Article("https://a.example/1", "Council builds ferry terminal", " ".join(HARBOUR))
    copy = Article("https://a.example/2", "Council builds ferry terminal - Post", " ".join(HARBOUR[:5]))
    record(store, "Courier", first, copy)
    assert place(store, copy) == ("near_copy", first.url)


def test_a_revised_article_is_found_by_what_it_says_now(store: Store) -> None:
    url = "https://agency.example/1"
    record(store, "Agency", Article(url, "Council meets", "The council will meet on the new terminal soon."))
    trace = store.trace(url)
    assert trace is not None
    with store.writing() as tx:
        said = change(Article(url, "Council builds ferry terminal", " ".join(HARBOUR)))
        known = store.known_entries(store.source_state("Agency").id, [url])[url]
        record_changes(tx, [replace(said, known=known)], store.source_state("Agency"), NOON)
    copy = Article("https://post.example/1", "Council builds ferry terminal", " ".join(HARBOUR[:5]))
    record(store, "Post", copy)
    assert place(store, copy) == ("near_copy", url)


def test_a_copy_that_is_revised_is_found_by_nothing_of_its_own(store: Store) -> None:
    first = Article("https://agency.example/1", "Council builds ferry terminal", " ".join(HARBOUR))
    copy = Article("https://post.example/1", "Council builds ferry terminal", " ".join(HARBOUR[:5]))
    record(store, "Agency", first)
    record(store, "Post", copy)
    with store.writing() as tx:
        said = replace(change(replace(copy, text=f"{copy.text} {LAKE[0]}")), matches=())
        known = store.known_entries(store.source_state("Post").id, [copy.url])[copy.url]
        record_changes(tx, [replace(said, known=known)], store.source_state("Post"), NOON)
        kept = tx._connection.exec_driver_sql("SELECT count(*) FROM fingerprint").scalar()
    assert kept == 1


def test_a_copy_that_is_edited_into_something_else_waits_like_a_report(store: Store) -> None:
    first = Article("https://agency.example/1", "Council builds ferry terminal", " ".join(HARBOUR))
    copy = Article("https://post.example/1", "Council builds ferry terminal", " ".join(HARBOUR[:5]))
    record(store, "Agency", first)
    with store.writing() as tx:
        record_changes(tx, [replace(change(copy), matches=())], store.source_state("Post"), NOON)
    for text, relation in ((" ".join(HARBOUR[:4]), "near_copy"), (CHINESE, "event")):
        said = change(replace(copy, text=text))
        known = store.known_entries(store.source_state("Post").id, [copy.url])[copy.url]
        with store.writing() as tx:
            record_changes(tx, [replace(said, known=known)], store.source_state("Post"), NOON)
        assert place(store, copy)[0] == relation
    with store.reading() as look:
        assert [(one.lead_id, one.article_id) for one in look.pending("all")] == [(1, 1), (2, 2)]
    assert store.integrity() == ()


def test_articles_at_one_address_have_each_their_copies(store: Store) -> None:
    """The page of notices is the link of each of its notices."""
    url = "https://agency.example/notices"
    first = Article(
        url, "Gulls open bins", "Gulls have learned to open the lids of bins, a teacher writes in the paper."
    )
    second = Article(url, "Council builds ferry terminal", " ".join(HARBOUR))
    record(store, "Agency", first)
    record(store, "Agency", second)
    with store.writing() as tx:
        tx._connection.exec_driver_sql("UPDATE article SET story_id = (SELECT min(story_id) FROM article)")
        tx._connection.exec_driver_sql("DELETE FROM story WHERE id NOT IN (SELECT story_id FROM article)")
    copy = Article("https://post.example/1", "Council builds ferry terminal", " ".join(HARBOUR[:5]))
    record(store, "Post", copy)
    with store.reading() as look:
        assert [(one.article_id, one.lead_id) for one in look.pending("all")] == [(1, 1), (2, 2), (3, 2)]


PAGE = "https://agency.example/2026/terminal"


@pytest.mark.parametrize("page_first", [True, False])
def test_an_article_is_one_with_that_at_the_address_which_its_page_names(store: Store, *, page_first: bool) -> None:
    at = Article(PAGE, "Terminal", "Work on the quay begins in spring, the council says.")
    page = replace(at, url="https://agency.example/?p=4711", text=f"{at.text} More.", canonical=PAGE)
    third = replace(at, url=page.url)
    order = (("Agency", page), ("Post", at)) if page_first else (("Post", at), ("Agency", page))
    for source, one in order:
        record(store, source, one)
    record(store, "Courier", third)
    with store.reading() as look:
        (found,) = look.pending("all")
    assert {link.source for link in found.alternates} | {found.source} == {"Agency", "Post", "Courier"}
    assert {store.trace(url, canonical_url(url)).article_id for url in (PAGE, page.url)} == {1}  # type: ignore[union-attr]  # both are there


def test_in_the_shadow_the_address_that_a_page_names_joins_nothing(store: Store) -> None:
    at = Article(PAGE, "Terminal", "Work on the quay begins in spring, the council says.")
    record(store, "Post", at, shadow=True)
    record(store, "Agency", replace(at, url="https://agency.example/?p=4711", canonical=PAGE), shadow=True)
    with store.reading() as look:
        assert [one.lead_id for one in look.pending("all")] == [1, 2]
    (tried,) = store.joined_articles(None)
    assert (tried.shadow, tried.relation, tried.of_url) == (True, "copy", PAGE)


def test_in_the_shadow_an_exact_copy_elsewhere_is_not_joined_and_the_same_address_is(store: Store) -> None:
    first = Article("https://agency.example/1", "Terminal", " ".join(HARBOUR))
    record(store, "Agency", first, shadow=True)
    record(store, "Post", replace(first, url="https://post.example/1"), shadow=True)
    record(store, "Courier", replace(first, url="https://www.agency.example/1?utm_source=rss"), shadow=True)
    with store.reading() as look:
        assert [one.article.url for one in look.pending("all")] == [first.url, "https://post.example/1"]
    (tried,) = store.joined_articles(None)
    assert (tried.shadow, tried.relation, tried.of_url, tried.reason) == (
        True,
        "copy",
        first.url,
        "the same title and text",
    )


def test_a_template_that_names_one_address_on_all_pages_loses_no_article(store: Store) -> None:
    articles = [
        Article(f"https://agency.example/n/{n}", f"Notice {n}", f"It is about {n}.", canonical=PAGE) for n in range(8)
    ]
    for one in articles[:4]:
        record(store, "Agency", one)
    record(store, "Agency", *articles[4:])
    with store.reading() as look:
        assert len(look.pending("all")) == len(articles)
    with store.writing() as tx:
        rows = tx._connection.exec_driver_sql("SELECT count(*) FROM article_address").scalar()
    assert rows == 3, "more are not kept: it is the address of none"


def test_an_article_is_found_by_the_address_that_it_had(store: Store) -> None:
    first = Article("https://old.example/1", "Council builds ferry terminal", " ".join(HARBOUR))
    record(store, "Agency", first)
    moved = change(replace(first, url="https://new.example/web/1"))
    known = KnownEntry(first.url, first.url, 1)
    with store.writing() as tx:
        record_changes(tx, [replace(moved, known=known)], store.source_state("Agency"), NOON)
    assert place(store, first) == place(store, moved.article)


def test_an_address_that_an_article_had_may_be_that_of_another(store: Store) -> None:
    """A source whose link is always the latest one."""
    first = Article("https://agency.example/latest", "Weekly report", "Nothing was decided.")
    record(store, "Agency", first)
    moved = replace(change(replace(first, url="https://agency.example/w/1")), known=KnownEntry(first.url, first.url, 1))
    with store.writing() as tx:
        record_changes(tx, [moved], store.source_state("Agency"), NOON)
    record(store, "Agency", replace(first, text="All was decided."))
    with store.reading() as look:
        assert len(look.pending("all")) == 2


def test_an_archive_without_fingerprints_gets_them_in_batches(store: Store) -> None:
    first = Article("https://agency.example/1", "Council builds ferry terminal", " ".join(HARBOUR))
    others = [
        Article(f"https://a.example/{n}", f"Title {n}", f"Something else, number {n}.") for n in range(BATCH_SIZE)
    ]
    record(store, "Agency", *others, first)
    with store.writing() as tx:
        for table in ("fingerprint_key", "fingerprint", "site_sentence"):
            tx._connection.exec_driver_sql(f"DELETE FROM {table}")  # noqa: S608 - constants of this test
    assert not fingerprint_archive(store, pause=lambda _: False, max_batches=1)
    assert not fingerprint_archive(store, pause=lambda _: True)
    assert fingerprint_archive(store, pause=lambda _: False)
    copy = Article("https://post.example/1", "Council builds ferry terminal", " ".join(HARBOUR[:5]))
    record(store, "Post", copy)
    assert place(store, copy) == ("near_copy", first.url)
