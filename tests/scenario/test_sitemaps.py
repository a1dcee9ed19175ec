"""Indexes of sitemaps: the sitemaps that have something new are read in the same poll."""

from __future__ import annotations

import datetime as dt
import gzip
from typing import Any

import pytest

from monitor.app.inspect import Inspection, inspect_source
from monitor.app.wiring import fetch_settings, open_program
from monitor.clock import FixedClock
from monitor.collect import Collected, sitemaps
from monitor.config import Config
from monitor.fetch import Answer, FetchError, Gate
from monitor.model.suppressed import OLD_SITEMAP_OLD, OLD_SITEMAP_UNDATED
from monitor.sandbox import InlineReaders
from monitor.store import Store
from tests.support.configuration import Configure
from tests.support.world import START, World

Map = tuple[str, str]


def day(text: str) -> str:
    return f"<lastmod>{text}</lastmod>" if text else ""


def index(world: World, *maps: Map, base: str = "") -> None:
    said = "".join(f"<sitemap><loc>{base or world.base}{path}</loc>{day(at)}</sitemap>" for path, at in maps)
    world.pages["/index.xml"] = ("application/xml", f"<sitemapindex>{said}</sitemapindex>".encode())


def sitemap(world: World, path: str, *urls: Map, end: str = "</urlset>") -> None:
    said = "".join(f"<url><loc>{world.base}{url}</loc>{day(at)}</url>" for url, at in urls)
    body = f"<urlset>{said}{end}".encode()
    world.pages[path] = ("application/xml", gzip.compress(body, mtime=0) if path.endswith(".gz") else body)


@pytest.fixture
def config(world: World, configure: Configure) -> Config:
    return configure(
        extra=f'[[source]]\nname = "map"\nurl = "{world.base}/index.xml"\nkind = "sitemap"\n',
        replace=("'@web3 OR metaverse OR blockchain'", "'url:blockchain'"),
    )


def poll(config: Config, minutes: int = 0) -> Collected:
    clock = FixedClock(START + dt.timedelta(minutes=minutes))
    with open_program(config, clock, command="test", readers=InlineReaders()) as program:
        return program.once(("map",), send=False).collected[0]


def notices(config: Config) -> list[str]:
    store = Store(config.database_url.reveal(), clock=FixedClock(START))
    try:
        return [f"{notice.kind}: {notice.message}" for notice in store.status(START).notices]
    finally:
        store.close()


def pending(config: Config) -> list[str]:
    store = Store(config.database_url.reveal(), clock=FixedClock(START))
    try:
        with store.reading() as reads:
            return sorted(one.article.url.rpartition("/")[2] for one in reads.pending("flash"))
    finally:
        store.close()


def reason(config: Config, url: str) -> str | None:
    """Return why the match of an article is not sent; None if it is."""
    store = Store(config.database_url.reveal(), clock=FixedClock(START))
    try:
        trace = store.trace(url)
    finally:
        store.close()
    assert trace is not None
    return trace.matches[0].held


def asked(world: World) -> list[str]:
    """Return which sitemaps were asked for since the last question."""
    paths = [path for path, _ in world.hits if path != "/index.xml"]
    world.hits.clear()
    return sorted(paths)


def test_a_first_poll_reads_what_changed_lately(world: World, config: Config) -> None:
    index(world, ("/2024.xml", "2024-12-31"), ("/new.xml.gz", "2026-11-20T10:00:00+08:00"), ("/2025.xml", "2025-12-31"))
    sitemap(
        world, "/new.xml.gz", ("/blockchain-1", "2026-11-20"), ("/blockchain-2", "2026-10-01"), ("/blockchain-3", "")
    )
    done = poll(config).poll
    assert (done.outcome, done.entries) == ("ok", 3)
    assert asked(world) == ["/new.xml.gz"]
    assert pending(config) == ["blockchain-1"]


def test_an_index_of_old_sitemaps_only_is_read_at_its_newest(world: World, config: Config) -> None:
    index(world, ("/2024.xml", "2024-12-31"), ("/2025.xml", "2025-12-31"))
    sitemap(world, "/2025.xml", ("/blockchain-1", "2025-12-30"))
    poll(config)
    assert asked(world) == ["/2025.xml"]
    assert pending(config) == []


def test_later_only_what_changed_is_read(world: World, config: Config) -> None:
    index(world, ("/a.xml", "2026-11-20"), ("/b.xml", "2026-11-19"), ("/old.xml", "2020-01-01"))
    sitemap(world, "/a.xml", ("/blockchain-1", "2026-11-20"))
    sitemap(world, "/b.xml", ("/blockchain-2", "2026-11-19"))
    poll(config)
    assert asked(world) == ["/a.xml", "/b.xml"]
    assert poll(config, 30).poll.outcome == "not_modified"
    index(world, ("/a.xml", "2026-11-21T00:40:00Z"), ("/b.xml", "2026-11-19"), ("/old.xml", "2020-01-01"))
    sitemap(world, "/a.xml", ("/blockchain-1", "2026-11-20"), ("/blockchain-4", ""))
    assert poll(config, 60).poll.new == 1
    assert asked(world) == ["/a.xml"]
    assert pending(config) == ["blockchain-1", "blockchain-2", "blockchain-4"]


def test_what_an_old_sitemap_lists_is_no_news_when_it_is_first_read(world: World, config: Config) -> None:
    index(world, ("/a.xml", "2026-11-20"), ("/old.xml", "2020-01-01"))
    sitemap(world, "/a.xml", ("/x", "2026-11-20"))
    poll(config)
    index(world, ("/a.xml", "2026-11-20"), ("/old.xml", "2026-11-21"))
    sitemap(world, "/old.xml", ("/blockchain-1", ""), ("/blockchain-2", "2019-12-31"), ("/blockchain-3", "2026-11-21"))
    poll(config, 60)
    assert pending(config) == ["blockchain-3"]
    held = [reason(config, f"{world.base}/blockchain-{number}") for number in (1, 2, 3)]
    assert held == [OLD_SITEMAP_UNDATED, OLD_SITEMAP_OLD, None]


def test_a_new_sitemap_is_all_news_but_for_what_is_dated_before(world: World, config: Config) -> None:
    index(world, ("/a.xml", "2026-11-20"))
    sitemap(world, "/a.xml", ("/x", "2026-11-20"))
    poll(config)
    index(world, ("/a.xml", "2026-11-20"), ("/b.xml", ""), ("/c.xml", "2026-11-21"))
    sitemap(world, "/b.xml", ("/blockchain-1", ""))
    sitemap(world, "/c.xml", ("/blockchain-2", ""), ("/blockchain-3", "2019-12-31"))
    poll(config, 60)
    assert pending(config) == ["blockchain-1", "blockchain-2"]


def test_sitemaps_without_a_time_are_asked_for_conditionally(world: World, config: Config) -> None:
    index(world, ("/a.xml", ""), ("/b.xml", ""))
    sitemap(world, "/a.xml", ("/blockchain-1", ""))
    sitemap(world, "/b.xml", ("/blockchain-2", ""))
    poll(config)
    sitemap(world, "/b.xml", ("/blockchain-2", ""), ("/blockchain-3", ""))
    world.hits.clear()
    assert poll(config, 60).poll.new == 1
    tags = {path: tag for path, tag in world.hits if path != "/index.xml"}
    assert tags.keys() == {"/a.xml", "/b.xml"}
    assert all(tags.values())
    assert pending(config) == ["blockchain-3"]


def test_a_poll_reads_so_many_and_the_next_goes_on(
    world: World, config: Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sitemaps, "MAX_SITEMAPS", 2)
    names = [f"/{number}.xml" for number in range(5)]
    index(world, *((name, f"2026-11-{15 + number}") for number, name in enumerate(names)))
    for name in names:
        sitemap(world, name, (f"/blockchain{name}", "2026-11-20"))
    seen = []
    for hours in range(4):
        poll(config, 60 * hours)
        seen.append(asked(world))
    assert seen == [["/3.xml", "/4.xml"], ["/2.xml"], [], []]
    assert pending(config) == ["2.xml", "3.xml", "4.xml"]


def test_a_sitemap_that_fails_is_said_and_read_with_the_next_poll(world: World, config: Config) -> None:
    index(world, ("/a.xml", "2026-11-20"), ("/b.xml", "2026-11-19"))
    sitemap(world, "/a.xml", ("/blockchain-1", "2026-11-20"))
    done = poll(config).poll
    assert (done.outcome, done.new) == ("ok", 1)
    (said,) = notices(config)
    assert said.startswith("gap: entries may be missing: 1 of its sitemaps could not be read (the server answered 404")
    sitemap(world, "/b.xml", ("/blockchain-2", "2026-11-19"), ("/blockchain-3", "2026-01-01"))
    asked(world)
    assert poll(config, 60).poll.new == 2
    assert asked(world) == ["/b.xml"]
    assert pending(config) == ["blockchain-1", "blockchain-2"]
    assert poll(config, 120).poll.outcome == "not_modified"


def test_if_none_can_be_read_the_poll_fails(world: World, config: Config) -> None:
    index(world, ("/a.xml", "2026-11-20"))
    done = poll(config).poll
    assert done.outcome == "failed"
    assert "none could be read: the server answered 404" in done.reason


def test_if_none_can_be_read_the_index_rests_as_long_as_its_server_asks(
    world: World, config: Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    index(world, ("/a.xml", "2026-11-20"))
    get = Gate.get

    def busy(self: Gate, url: str, **options: Any) -> Answer:
        if url.endswith("/a.xml"):
            return FetchError("http", "the server answered 429", 429, dt.timedelta(hours=9))
        return get(self, url, **options)

    monkeypatch.setattr(Gate, "get", busy)
    assert poll(config).poll.outcome == "failed"
    monkeypatch.undo()
    store = Store(config.database_url.reveal(), clock=FixedClock(START))
    try:
        (source,) = store.status(START).sources
        assert source.next_poll_at == START + dt.timedelta(hours=9)
    finally:
        store.close()


def test_half_a_sitemap_is_read_and_asked_for_again(world: World, config: Config) -> None:
    index(world, ("/a.xml", "2026-11-20"))
    sitemap(world, "/a.xml", ("/blockchain-1", "2026-11-20"), end="<url><loc>http")
    poll(config)
    assert notices(config)[0].startswith("broken: entries may be missing: ")
    sitemap(world, "/a.xml", ("/blockchain-1", "2026-11-20"), ("/blockchain-2", "2026-11-20"))
    assert poll(config, 60).poll.new == 1


def test_sitemaps_of_other_sites_and_nested_indexes_are_left_out(world: World, config: Config) -> None:
    index(world, ("/a.xml", "2026-11-20"), base="http://stranger.example")
    done = poll(config).poll
    assert "1 of its sitemaps are on other sites and left out" in done.reason
    index(world, ("/index.xml?again", "2026-11-20"))
    world.pages["/index.xml?again"] = world.pages["/index.xml"]
    assert "a sitemap is an index itself" in poll(config, 60).poll.reason


def test_the_end_of_the_program_while_reading_sitemaps_records_nothing(world: World, config: Config) -> None:
    index(world, ("/a.xml", "2026-11-20"))
    with open_program(config, FixedClock(START), command="test", readers=InlineReaders()) as program:
        get = program.gate.get

        def stopping(url: str, **more: object) -> object:
            if url.endswith("/a.xml"):
                program.halt()
            return get(url, **more)  # type: ignore[arg-type]  # what collecting gives

        object.__setattr__(program.collector, "gate", type("Gate", (), {"get": staticmethod(stopping)})())
        assert program.poll(program.due_sources())[0].stopped
        assert program.store.source_state("map").polls == 0


def look(config: Config) -> Inspection:
    with Gate(fetch_settings(config)) as gate:
        return inspect_source(config.sources[0], gate, InlineReaders(), FixedClock(START))  # type: ignore[arg-type]  # reads here


def test_a_look_at_an_index_shows_its_newest_sitemap(world: World, config: Config) -> None:
    index(world, ("/a.xml", "2026-11-20"), ("/b.xml", "2026-11-19"))
    found = look(config).reading
    assert found is not None
    assert found.problems[-1].startswith("the newest could not be read: the server answered 404")
    sitemap(world, "/a.xml", ("/blockchain-1", "2026-11-20"))
    found = look(config).reading
    assert found is not None
    assert (len(found.entries), found.parts) == (1, ())
    index(world, ("/a.xml", "2026-11-20"), base="http://stranger.example")
    found = look(config).reading
    assert found is not None
    assert (found.entries, found.parts) == ((), ())


@pytest.mark.parametrize(
    ("url", "other", "same"),
    [
        ("https://www.a.example/x", "http://maps.a.example:8080/", True),
        ("https://a.example/", "https://b.example/", False),
        ("https://www.cq.gov.cn/", "https://www.bj.gov.cn/", False),
        ("https://www.cq.gov.cn/", "https://maps.cq.gov.cn/", True),
        ("http://127.0.0.1/", "http://10.0.0.1/", False),
        ("http://[::1]/", "http://[::2]/", False),
        ("http://localhost/", "http://localhost:81/", True),
    ],
)
def test_a_site_is_what_was_registered(url: str, other: str, *, same: bool) -> None:
    assert sitemaps.same_registered_site(url, other) is same
