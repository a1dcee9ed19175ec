"""Sources of which only the address is known: what they are is found out, kept, and found out again when it is gone."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from pathlib import Path

import pytest

from monitor import failpoint
from monitor.app.program import Pass
from monitor.app.wiring import open_program, open_store
from monitor.clock import FixedClock
from monitor.config import Config
from monitor.model import Notice, SourceReport
from monitor.sandbox import InlineReaders
from tests.support.configuration import Configure
from tests.support.world import START, Row, World, running, squeeze

ROWS = [Row(f"District opens metaverse laboratory number {age}", f"/n/{age}.html", age=age * 60) for age in range(1, 9)]
OTHER = [
    Row(f"Mayor number {age} visits the museum of the city", f"/o/{age}.html", age=age * 60) for age in range(1, 9)
]
READER = "reader@example.org"


def show_list(world: World, path: str, rows: Sequence[Row], *feeds: str, more: str = "") -> None:
    """Return a page with a list, which declares these feeds."""
    head = "".join(f'<link rel="alternate" type="application/rss+xml" href="{feed}">' for feed in feeds)
    items = "".join(
        f"<li><a href='{row.path}'>{row.title}</a><span>{START - dt.timedelta(minutes=row.age):%F %R}</span></li>"
        for row in rows
    )
    body = f"<!doctype html><html lang=en><head><title>Notices</title>{head}</head><body><ul>{items}</ul>{more}</body>"
    world.pages[path] = ("text/html", body.encode())


def run(config: Config, minutes: int = 0) -> Pass:
    clock = FixedClock(START + dt.timedelta(minutes=minutes))
    with open_program(config, clock, command="test", readers=InlineReaders()) as program:
        return program.once([source.name for source in config.sources])


def report(config: Config) -> tuple[SourceReport, tuple[Notice, ...]]:
    with open_store(config, FixedClock(START)) as store:
        found = store.status(START)
    return found.sources[0], found.notices


def place(config: Config, world: World) -> tuple[str, str]:
    """Return what the source is read as, and where; "" is its own address."""
    found = report(config)[0].found
    assert found is not None
    return found.kind, found.url.removeprefix(world.base)


def paths(world: World) -> list[str]:
    taken, world.hits[:] = [path for path, _ in world.hits], []
    return taken


def test_a_feed_is_recognised_by_its_very_first_answer(world: World, configure: Configure) -> None:
    world.feed("/one.xml", ROWS)
    config = configure("one.xml")
    run(config)
    assert paths(world) == ["/one.xml"]
    assert place(config, world) == ("feed", "")
    assert squeeze(ROWS[0].title) in sent(world)
    run(config, 60)
    ((_, asked),) = world.hits
    assert asked is not None, "the validators of the first answer are kept"


def sent(world: World) -> str:
    return squeeze("".join(world.texts(READER)))


def test_a_page_is_read_by_the_feed_that_lists_the_same(world: World, configure: Configure) -> None:
    show_list(world, "/news/", ROWS, "/rss.xml")
    world.feed("/rss.xml", ROWS)
    config = configure("news/")
    run(config)
    assert paths(world) == ["/news/", "/rss.xml"]
    assert place(config, world) == ("feed", "/rss.xml")
    run(config, 60)
    assert paths(world) == ["/rss.xml"]


def test_the_feed_of_a_whole_site_does_not_replace_a_section(world: World, configure: Configure) -> None:
    show_list(world, "/zwgk/gggs/", ROWS, "/rss.xml")
    world.feed("/rss.xml", OTHER)
    config = configure("zwgk/gggs/")
    run(config)
    assert place(config, world) == ("page", "")
    found = report(config)[0].found
    assert found is not None
    assert "about the whole site" in found.reason
    assert squeeze(ROWS[0].title) in sent(world)
    paths(world)
    run(config, 60)
    assert paths(world) == ["/zwgk/gggs/"]


def test_a_feed_at_a_usual_address_is_found(world: World, configure: Configure) -> None:
    show_list(world, "/index.html", ROWS)
    world.feed("/atom.xml", ROWS)
    config = configure("index.html")
    run(config)
    assert place(config, world) == ("feed", "/atom.xml")


def test_a_site_that_answers_anything_is_not_asked_on(world: World, configure: Configure) -> None:
    show_list(world, "/index.html", ROWS)
    for path in ("/feed", "/rss", "/rss.xml"):
        world.pages[path] = world.pages["/index.html"]
    config = configure("index.html")
    run(config)
    assert paths(world) == ["/index.html", "/feed", "/rss"]
    assert place(config, world) == ("page", "")


def test_a_sitemap_that_robots_names_is_found_through_its_index(world: World, configure: Configure) -> None:
    world.pages["/index.html"] = ("text/html", b"<!doctype html><title>Portal</title><p>Welcome</p>")
    world.pages["/robots.txt"] = ("text/plain", b"User-agent: *\nSitemap: /maps.xml\n")
    index = f"<sitemapindex><sitemap><loc>{world.base}/news-map.xml</loc></sitemap></sitemapindex>"
    urls = "".join(f"<url><loc>{world.base}{row.path}</loc></url>" for row in ROWS)
    world.pages["/maps.xml"] = ("text/xml", index.encode())
    world.pages["/news-map.xml"] = ("text/xml", f"<urlset>{urls}</urlset>".encode())
    config = configure("index.html")
    run(config)
    assert place(config, world) == ("sitemap", "/news-map.xml")


def test_an_api_is_recognised(world: World, configure: Configure) -> None:
    world.pages["/list.json"] = ("application/json", b'{"rows": [{"title": "Metaverse plan", "url": "/a/1.html"}]}')
    config = configure("list.json")
    run(config)
    assert place(config, world) == ("api", "")


def test_rows_that_a_script_loads_fail_with_the_remedy(world: World, configure: Configure) -> None:
    world.pages["/zwgk/"] = (
        "text/html",
        b"<!doctype html><title>L</title><div id=l></div><script>$.get('/api/list.json', show)</script>",
    )
    (collected,) = run(configure("zwgk/")).collected
    assert collected.failed
    assert "rows are loaded by a script from" in collected.poll.reason
    assert 'kind = "api"' in collected.poll.reason


def test_nothing_to_read_says_what_was_tried(world: World, configure: Configure) -> None:
    world.pages["/about/"] = ("text/html", b"<!doctype html><title>About</title><p>We are many.</p>")
    config = configure("about/")
    (collected,) = run(config).collected
    assert collected.failed
    for said in (
        "no list of entries was found",
        "/about/feed and other usual",
        "robots.txt: ",
        "sitemap.xml: ",
        "find the",
    ):
        assert said in collected.poll.reason
    source, notices = report(config)
    assert source.found is None
    assert [notice.kind for notice in notices] == ["broken"]
    world.feed("/about/feed", ROWS)
    run(config, 60 * 24)
    assert place(config, world) == ("feed", "/about/feed")
    assert report(config)[1] == ()


def test_an_address_that_is_a_secret_is_looked_at_alone(world: World, configure: Configure, tmp_path: Path) -> None:
    show_list(world, "/news/?key=CANARY", ROWS, "/rss.xml?key=CANARY")
    world.feed("/rss.xml?key=CANARY", ROWS)
    (tmp_path / "address").write_text(f"{world.base}/news/?key=CANARY")
    config = configure(extra='[[source]]\nname = "s"\nurl = "file:address"\n')
    run(config)
    assert paths(world) == ["/news/?key=CANARY"]
    assert place(config, world) == ("page", "")
    assert "CANARY" not in repr(report(config))


def test_a_section_that_leads_to_the_front_is_not_given_the_feed_of_the_site(
    world: World, configure: Configure
) -> None:
    show_list(world, "/", ROWS, "/rss.xml")
    world.feed("/rss.xml", OTHER)
    world.moved["/zwgk/gggs/"] = "/"
    config = configure("zwgk/gggs/")
    run(config)
    assert place(config, world) == ("page", "")


def test_a_server_that_asks_for_rest_is_not_asked_on(world: World, configure: Configure) -> None:
    show_list(world, "/index.html", ROWS)
    world.refusals["/feed"] = 503
    config = configure("index.html")
    run(config)
    assert paths(world) == ["/index.html", "/feed"]
    assert place(config, world) == ("page", "")


def test_where_a_feed_has_moved_for_good_is_kept(world: World, configure: Configure) -> None:
    show_list(world, "/news/", ROWS, "/old.xml")
    world.feed("/new.xml", ROWS)
    world.moved["/old.xml"] = "/new.xml"
    config = configure("news/")
    run(config)
    assert place(config, world) == ("feed", "/new.xml")


def test_what_goes_to_a_source_with_a_request_does_not_go_to_the_place_found(
    world: World, configure: Configure
) -> None:
    with running() as feeds:
        show_list(world, "/news/", ROWS, f"{feeds.base}/rss.xml")
        feeds.feed("/rss.xml", ROWS)
        changed = ('name = "news/"\n', 'name = "news/"\nfull_text = true\nheaders = {X-Api-Key = "canary-01"}\n')
        config = configure("news/", replace=changed)
        run(config)
        run(config, 60)
        assert len(feeds.hits) > len(ROWS), "the feed and the pages that it lists"
        assert set(feeds.keys.values()) == {None}
    assert world.keys["/news/"] == "canary-01"


def test_what_was_found_is_kept_only_with_what_was_read(world: World, configure: Configure) -> None:
    index = f"<sitemapindex><sitemap><loc>{world.base}/1.xml</loc></sitemap></sitemapindex>"
    world.pages["/maps.xml"] = ("text/xml", index.encode())
    config = configure("maps.xml")
    assert run(config).collected[0].failed
    assert report(config)[0].found is None
    world.pages["/1.xml"] = ("text/xml", f"<urlset><url><loc>{world.base}/n/1</loc></url></urlset>".encode())
    assert not run(config, 60 * 24).collected[0].failed
    assert place(config, world) == ("sitemap", "")


# --- what was found is gone


@pytest.fixture
def fed(world: World, configure: Configure) -> Config:
    """Return a source that is read by a feed which its page declares."""
    show_list(world, "/news/", ROWS, "/rss.xml")
    world.feed("/rss.xml", ROWS)
    config = configure("news/")
    run(config)
    paths(world)
    return config


def test_a_place_that_is_gone_is_looked_for_again_and_the_operator_is_notified(world: World, fed: Config) -> None:
    del world.pages["/rss.xml"]
    run(fed, 60)
    assert paths(world)[:2] == ["/rss.xml", "/news/"]
    assert place(fed, world) == ("page", "")
    source, (notice,) = report(fed)
    assert source.health == "ok"
    assert notice.kind == "found"
    assert "404" in notice.message
    run(fed, 60 * 24 * 4)
    assert report(fed)[1] == ()


def test_a_new_place_brings_nothing_twice_and_nothing_old_but_all_that_came_between(world: World, fed: Config) -> None:
    assert len(world.texts(READER)) == 1
    late = [
        Row("Harbour plans metaverse cranes for the quays", "/p/1.html", age=-30),
        Row("Archive opens metaverse hall of old maps", "/p/2.html", age=60 * 24 * 30),
    ]
    del world.pages["/rss.xml"]
    show_list(world, "/news/", [*late, *ROWS])
    run(fed, 60)
    _, second = world.texts(READER)
    assert squeeze(late[0].title) in squeeze(second)
    assert squeeze(late[1].title) not in squeeze(second)
    assert squeeze(ROWS[0].title) not in squeeze(second)


def test_a_place_that_cannot_be_read_is_given_up_after_some_polls(world: World, fed: Config) -> None:
    world.pages["/rss.xml"] = ("text/html", b"<!doctype html><title>Moved</title>")
    outcomes = [run(fed, 60 * 24 * day).collected[0].failed for day in (1, 2, 3)]
    assert outcomes == [True, True, False]
    assert place(fed, world) == ("page", "")


def test_what_fails_for_a_while_is_kept(world: World, fed: Config) -> None:
    del world.pages["/rss.xml"]
    listing = world.pages.pop("/news/")
    (collected,) = run(fed, 60).collected
    assert collected.failed
    assert "rediscovered" in collected.poll.reason
    assert place(fed, world) == ("feed", "/rss.xml")
    world.pages["/news/"] = listing
    world.feed("/rss.xml", ROWS)
    paths(world)
    run(fed, 60 * 24)
    assert paths(world) == ["/rss.xml"]


def test_a_changed_address_is_looked_at_again(world: World, fed: Config, configure: Configure) -> None:
    world.feed("/two.xml", OTHER)
    config = configure(extra=f'[[source]]\nname = "news/"\nurl = "{world.base}/two.xml"\n')
    run(config, 60)
    assert place(config, world) == ("feed", "")


def test_a_kind_that_is_stated_ends_it(world: World, fed: Config, configure: Configure) -> None:
    config = configure("news/", replace=('name = "news/"\n', 'name = "news/"\nkind = "page"\n'))
    run(config, 60)
    assert report(config)[0].found is None
    assert report(config)[0].kind == "page"


def test_a_crash_before_the_first_record_leaves_nothing_chosen(world: World, configure: Configure) -> None:
    show_list(world, "/news/", ROWS, "/rss.xml")
    world.feed("/rss.xml", ROWS)
    config = configure("news/")
    for point in ("collect.found", "collect.matched", "collect.recorded"):
        failpoint.arm(_killing(point))
        try:
            with pytest.raises(KeyboardInterrupt):
                run(config)
        finally:
            failpoint.arm(None)
        assert report(config)[0].found is None
    run(config)
    assert place(config, world) == ("feed", "/rss.xml")
    assert len(world.texts(READER)) == 1


def _killing(point: str) -> failpoint.Action:
    def kill(name: str) -> None:
        if name == point:
            raise KeyboardInterrupt

    return kill
