"""A fresh database for each test, on both kinds, and a world that is set up in short sentences."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest

from monitor.clock import FixedClock
from monitor.model import (
    Article,
    Edition,
    Entry,
    EntryChange,
    Group,
    Item,
    KnownArticle,
    Match,
    Moment,
    NewDelivery,
    Payload,
    Pending,
    Placement,
    Relation,
    Source,
    Span,
    Window,
)
from monitor.store import Store
from tests.support import databases

NOON = dt.datetime(2026, 11, 21, 12, tzinfo=dt.UTC)
HOUR = dt.timedelta(hours=1)


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(NOON)


@pytest.fixture(params=["sqlite", "postgresql"])
def backend(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def empty_url(backend: str, tmp_path: Path) -> Iterator[str]:
    """Yield a database without tables."""
    if backend == "sqlite":
        yield f"sqlite:///{tmp_path / 'monitor.db'}"
        return
    url = databases.create()
    yield url
    databases.drop(url)


@pytest.fixture
def url(backend: str, tmp_path: Path) -> str:
    """Return a database with the schema of the program, which the test leaves as it is, and no rows."""
    return str(databases.put_ready_file(tmp_path / "monitor.db") if backend == "sqlite" else databases.shared_ready())


@pytest.fixture
def opened(clock: FixedClock) -> Iterator[Callable[[str], Store]]:
    """Open stores that are closed after the test."""
    stores: list[Store] = []

    def open_store(url: str) -> Store:
        stores.append(Store(url, clock=clock))
        return stores[-1]

    yield open_store
    for store in stores:
        store.close()


@pytest.fixture
def store(url: str, opened: Callable[[str], Store]) -> Store:
    store = opened(url)
    store.prepare()
    return store


class World:
    """A store with sources `east` and `west` and a digest `morning` of the rules `web3` and `ai`."""

    now = NOON

    def __init__(self, store: Store) -> None:
        self.store = store
        self.configure({"morning": ["web3", "ai"]})

    def configure(self, subscriptions: dict[str, Sequence[str]], sources: Sequence[str] = ("east", "west")) -> None:
        configured = [Source(name, f"http://{name}.example/feed", "feed") for name in sources]
        self.store.sync(configured, subscriptions, self.now)

    def source(self, name: str) -> int:
        return self.store.source_state(name).id

    @staticmethod
    def change(
        key: str = "a", *rules: str, reason: str | None = None, text: str = "text", url: str = ""
    ) -> EntryChange:
        url = url or f"http://news.example/{key}"
        return EntryChange(
            entry=Entry(key, f"Title {key}", url),
            article=Article(url, f"Title {key}", text, Moment(NOON, "day"), "en", "News", ("Ann", "Bo")),
            address=url,
            text_key=f"text:{text}:{key}",
            content_hash=f"hash:{text}",
            matches=tuple(Match(rule, (Span("title", 0, 5, rule),)) for rule in rules),
            suppressed_reason=reason,
        )

    def lists(
        self,
        source: str,
        change: EntryChange,
        *,
        story: int | None = None,
        of: str | None = None,
        relation: Relation = "copy",
        at: dt.datetime | None = None,
        article: KnownArticle | None = None,
    ) -> KnownArticle:
        """List an entry in a source; its article is new, unless it is given."""
        at = at or self.now
        trace = None if of is None else self.store.trace(of)
        number = None if trace is None else trace.article_id
        placement = Placement(story, "new" if story is None else relation, of, 0.9, "same words", of_number=number)
        source_id = self.source(source)
        with self.store.writing() as writer:
            article = article or writer.add_article(change, placement, source_id, at)
            writer.link_entries(source_id, [(change, article.id)], at)
            writer.add_matches(article.id, change.matches, at, change.suppressed_reason)
        return article

    def article(self, article_id: int) -> Article:
        return self.store.articles([article_id])[article_id]

    def reads(self, *sources: str) -> None:
        """Record that the sources were read, and all was well."""
        with self.store.writing() as writer:
            for name in sources:
                writer.save_state(dataclasses.replace(self.store.source_state(name), last_success_at=self.now))

    def pending(self, digest: str = "morning") -> tuple[Pending, ...]:
        with self.store.writing() as writer:
            return writer.pending(digest)

    def build(
        self, slot: str = "1", recipients: Sequence[str] = (), parts: int = 1, digest: str = "morning", hours: int = 1
    ) -> int:
        """Build an edition of all that is pending, for each of the recipients in so many parts."""
        end = self.now + HOUR * hours
        with self.store.writing() as writer:
            bound = writer.pending(digest)
            items = tuple(
                Item(one.story_id, one.article_id, one.article.title, one.article.url, one.source, one.seen)
                for one in bound
            )
            edition = Edition(digest, Window(end - HOUR, end, slot), self.now, "UTC", (Group("web3", items),))
            deliveries = [
                NewDelivery("mail", to, f"<{digest}.{slot}.{to}.{part}@x>", Payload(f"body {part}", part))
                for to in recipients
                for part in range(1, parts + 1)
            ]
            return writer.add_edition(edition, f"encoded {slot}", bound, deliveries)


@pytest.fixture
def world(store: Store) -> World:
    return World(store)
