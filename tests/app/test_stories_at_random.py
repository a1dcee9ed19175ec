"""Nothing is lost and nothing sent twice, whatever a person splits and joins between which editions."""

from __future__ import annotations

import datetime as dt
import random
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from monitor.app.stories import join, split
from monitor.clock import FixedClock
from monitor.digest import Digest, build_edition, dump, parse_schedule
from monitor.digest.subscription import Follow
from monitor.errors import UsageError
from monitor.model import Article, Coverage, Entry, EntryChange, Match, Placement, Relation, Source, Window
from monitor.model.reports import Trace
from monitor.store import Store
from tests.support import databases

NOON = dt.datetime(2026, 11, 21, 12, tzinfo=dt.UTC)
SOURCES = ("Agency", "Post", "Courier")
DIGESTS = {"all": ["a", "b"], "some": ["b"]}
STEPS = 60


@pytest.fixture(params=["sqlite", "postgresql"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    ready = databases.put_ready_file(tmp_path / "m.db") if request.param == "sqlite" else databases.shared_ready()
    store = Store(str(ready), clock=FixedClock(NOON))
    store.prepare()
    store.sync([Source(name, f"https://{name}.example", "feed") for name in SOURCES], DIGESTS, NOON)
    yield store
    store.close()


class Stream:
    """Articles, editions, splits and joins in an order of chance, and what the editions showed."""

    def __init__(self, store: Store, seed: int, follows: tuple[Follow, ...]) -> None:
        self.store = store
        self.chance = random.Random(seed)
        self.follows = follows
        self.urls: list[str] = []
        self.shown: Counter[tuple[str, int]] = Counter()
        self.left_out: set[tuple[str, int]] = set()
        self.done: Counter[str] = Counter()
        self.editions = 0

    def step(self) -> None:
        kinds = ["add"] * 5 + ["edition"] * 2 + ["split", "split", "join"]
        kind = self.chance.choice(kinds if len(self.urls) > 1 else ["add"])
        with suppress(UsageError):
            getattr(self, kind)()
            self.done[kind] += 1

    def add(self) -> None:
        url, source = f"https://site.example/{len(self.urls)}", self.chance.choice(SOURCES)
        relations: list[Relation] = ["new", "copy", "near_copy", "near_copy", "event", "event"]
        relation = self.chance.choice(relations) if self.urls else "new"
        article = Article(url, f"Title {len(self.urls)}", f"Text {len(self.urls)}.")
        rules = self.chance.choice([("a",), ("b",), ("a", "b")])
        change = EntryChange(Entry(url, article.title, url), article, url, None, url, tuple(map(Match, rules)))
        placement = Placement(None, "new")
        if relation != "new":
            of = self.chance.choice(self.urls)
            trace = self._trace(of)
            placement = Placement(trace.story_id, relation, of, of_number=trace.article_id)
        source_id = self.store.source_state(source).id
        with self.store.writing() as tx:
            known = tx.add_article(change, placement, source_id, NOON)
            tx.link_entries(source_id, [(change, known.id)], NOON)
            tx.add_matches(known.id, change.matches, NOON, None)
        self.urls.append(url)

    def edition(self, digest: str = "", follow: Follow | None = None) -> None:
        digest = digest or self.chance.choice(list(DIGESTS))
        official = frozenset(self.chance.sample(SOURCES, self.chance.randint(0, 1)))
        chosen: Follow = self.chance.choice(self.follows)
        wanted = Digest(
            digest, ("a", "b"), parse_schedule("now"), "UTC", ("mail",), follow=follow or chosen, official=official
        )
        self.editions += 1
        with self.store.writing() as tx:
            pending = tx.pending(digest)
            window = Window(NOON, NOON, str(self.editions))
            edition = build_edition(wanted, window, pending, Coverage(3), NOON)
            tx.add_edition(edition, dump(edition), pending, [])
        for item in edition.items:
            self.shown.update(
                (digest, number) for number in (item.article_id, *(one.article_id for one in item.reports))
            )
        if edition.left_out:
            self.left_out.update((digest, one.article_id) for one in pending)

    def split(self) -> None:
        split(self.store, self.chance.choice(self.urls), NOON)

    def join(self) -> None:
        one, other = self.chance.sample(self.urls, 2)
        join(self.store, one, other, NOON)

    def groups(self, digest: str) -> dict[int, list[int]]:
        """Return the articles that the digest asks for, by the first of their copies."""
        found: dict[int, list[int]] = defaultdict(list)
        with self.store.writing() as tx:
            for url in self.urls:
                (one,) = tx.find_placed(url, url)
                if {found.match.rule for found in self._trace(url).matches} & set(DIGESTS[digest]):
                    found[one.lead_id].append(one.id)
        return found

    def _trace(self, url: str) -> Trace:
        found = self.store.trace(url, url)
        assert found is not None
        return found


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(2))
@pytest.mark.parametrize("follows", [("lines", "all"), ("lines", "none", "all")], ids=["all followed", "some left out"])
def test_each_group_of_copies_is_shown_exactly_once_in_each_digest(
    store: Store, seed: int, follows: tuple[Follow, ...]
) -> None:
    stream = Stream(store, seed, follows)
    for _ in range(STEPS):
        stream.step()
    for digest in DIGESTS:
        stream.edition(digest, "lines")
        stream.edition(digest, "all")
        for lead, articles in stream.groups(digest).items():
            shown = [number for number in articles if stream.shown[digest, number]]
            left_out = any((digest, number) in stream.left_out for number in articles)
            assert len(shown) == 1 or (not shown and left_out), (
                f"{digest}: {articles}, copies of {lead}, shown: {shown}"
            )
    assert store.integrity() == ()
    assert set(stream.shown.values()) == {1}
    assert min(stream.done[kind] for kind in ("add", "edition", "split", "join")) >= 1
