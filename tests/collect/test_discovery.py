"""Searches whose servers, readers or program give up on the way."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any

import pytest

from monitor.collect.discovery import MAX_REQUESTS, Discovery, DiscoveryFailed, discover
from monitor.errors import ReaderFailed, Stopped
from monitor.fetch import Answer, Fetched, FetchError, NotModified
from monitor.model import DEFAULT_REQUEST, Request, Source, Validators
from monitor.sandbox import InlineReaders
from monitor.text.walls import Wall, WallKind

NOW = dt.datetime(2026, 11, 21, 4, tzinfo=dt.UTC)
A = "https://a.example"
LISTLESS = b"<!doctype html><title>Portal</title><p>Welcome</p>"
RSS = b"<rss version='2.0'><channel><item><title>A</title><link>/a</link></item></channel></rss>"
ITEMS = "".join(
    f"<li><a href='/n/{day}.html'>District opens laboratory number {day} for tests</a><span>2026-11-{day}</span></li>"
    for day in range(10, 16)
)
MAPS = f"<sitemapindex><sitemap><loc>{A}/1.xml</loc></sitemap><sitemap><loc>{A}/2.xml</loc></sitemap></sitemapindex>"
URLSET = f"<urlset><url><loc>{A}/x</loc></url></urlset>".encode()


class Door:
    """A gate before which these answers lie; at any other address there is nothing."""

    def __init__(self, answers: Mapping[str, bytes | Answer]) -> None:
        self.answers = answers
        self.asked: list[str] = []

    def get(self, url: str, *, validators: Validators, accept: str, request: Request = DEFAULT_REQUEST) -> Answer:
        assert validators == Validators()
        assert request.trusted_url is not None, "headers are for the address itself"
        assert accept
        self.asked.append(url.removeprefix(A))
        found = self.answers.get(url.removeprefix(A), FetchError("http", "the server answered 404", 404))
        return Fetched(url, 200, found, None, Validators()) if isinstance(found, bytes) else found


class Failing(InlineReaders):
    """Readers that give up on some documents."""

    def __init__(self, on: bytes, reason: str) -> None:
        self._on, self._reason = on, reason

    def run(self, function: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Any:
        if args[0] == self._on:
            raise ReaderFailed(self._reason)
        return function(*args, **kwargs)


def search(
    answers: Mapping[str, bytes | Answer], readers: InlineReaders | None = None
) -> tuple[Discovery | DiscoveryFailed, list[str]]:
    door = Door(answers)
    return discover(Source("s", f"{A}/", ""), door, readers or InlineReaders(), NOW), door.asked


def missed(answers: Mapping[str, bytes | Answer], readers: InlineReaders | None = None) -> DiscoveryFailed:
    found, _ = search(answers, readers)
    assert isinstance(found, DiscoveryFailed)
    return found


def page(*feeds: str, listed: bool = False) -> bytes:
    links = "".join(f'<link rel="alternate" type="application/rss+xml" href="{feed}">' for feed in feeds)
    return f"<!doctype html><html><head><title>P</title>{links}</head><ul>{ITEMS if listed else ''}</ul>".encode()


def test_an_address_that_cannot_be_fetched_says_how_it_failed() -> None:
    error = FetchError("http", "the server answered 429", 429, dt.timedelta(hours=1))
    assert missed({"/": error}) == DiscoveryFailed("the server answered 429", error=error)


def test_an_answer_that_is_none_is_a_failure() -> None:
    assert "had no conditions" in missed({"/": NotModified(304, Validators())}).reason


class Stopping(Door):
    """A gate that is aborted when it is asked for one address."""

    def __init__(self, answers: Mapping[str, bytes | Answer], at: str) -> None:
        super().__init__(answers)
        self.at = at

    def get(self, url: str, *, validators: Validators, accept: str, request: Request = DEFAULT_REQUEST) -> Answer:
        if url.removeprefix(A) == self.at:
            raise Stopped
        return super().get(url, validators=validators, accept=accept, request=request)


@pytest.mark.parametrize("at", ["/", "/rss.xml", "/robots.txt"])
def test_a_search_ends_with_the_program(at: str) -> None:
    with pytest.raises(Stopped):
        discover(Source("s", f"{A}/", ""), Stopping({"/": page("/rss.xml")}, at), InlineReaders(), NOW)


def test_a_search_ends_with_its_readers() -> None:
    class Aborted(InlineReaders):
        def run(self, function: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Any:
            raise Stopped

    with pytest.raises(Stopped):
        search({"/": LISTLESS}, Aborted())


def test_an_address_that_is_too_much_for_the_reader_says_so() -> None:
    assert missed({"/": LISTLESS}, Failing(LISTLESS, "took too long")).reason == "reading it took too long"


def test_places_that_are_too_much_for_the_reader_are_passed_over() -> None:
    found, asked = search({"/": page("/1.xml", "/2.xml"), "/1.xml": b"bomb", "/2.xml": RSS}, Failing(b"bomb", "died"))
    assert isinstance(found, Discovery)
    assert found.endpoint.url == f"{A}/2.xml"
    assert found.tried == (f"{A}/1.xml: reading it died",)
    assert asked == ["/", "/1.xml", "/2.xml"]


def test_from_an_article_the_feed_of_the_site_is_offered_and_not_taken() -> None:
    head = '<link rel="alternate" type="application/rss+xml" href="/rss.xml">'
    body = f"<!doctype html><html><head><title>Plan</title>{head}</head><p>The plan was adopted.</p>".encode()
    door = Door({"/news/plan.html": body, "/rss.xml": RSS, "/sitemap.xml": URLSET})
    found = discover(Source("s", f"{A}/news/plan.html", ""), door, InlineReaders(), NOW)
    assert isinstance(found, DiscoveryFailed)
    assert found.reason == (
        f"this is an article, not a list; if you want the news of its site, give the address of its feed: {A}/rss.xml"
    )
    assert door.asked == ["/news/plan.html", "/rss.xml"]
    listing = RSS.replace(b"/a</link>", b"/news/plan.html</link>")
    taken = discover(
        Source("s", f"{A}/news/plan.html", ""),
        Door({"/news/plan.html": body, "/rss.xml": listing}),
        InlineReaders(),
        NOW,
    )
    assert isinstance(taken, Discovery)
    assert taken.endpoint.url == f"{A}/rss.xml"


def test_robots_that_are_too_much_for_the_reader_are_passed_over() -> None:
    answers = {"/": LISTLESS, "/robots.txt": b"bomb", "/sitemap.xml": URLSET}
    found, _ = search(answers, Failing(b"bomb", "died"))
    assert isinstance(found, Discovery)
    assert found.endpoint.kind == "sitemap"
    assert f"{A}/robots.txt: reading it died" in found.tried


def test_robots_that_name_nothing_leave_the_usual_place() -> None:
    found, _ = search({"/": LISTLESS, "/robots.txt": b"User-agent: *", "/sitemap.xml": URLSET})
    assert isinstance(found, Discovery)
    assert f"{A}/robots.txt: it names no sitemap" in found.tried


def test_an_index_at_the_address_is_read_as_it_is() -> None:
    found, asked = search({"/": MAPS.encode()})
    assert isinstance(found, Discovery)
    assert (found.endpoint.kind, found.endpoint.url, asked) == ("sitemap", "", ["/"])


def test_an_index_that_robots_names_is_read_whole_or_by_its_news() -> None:
    robots = b"Sitemap: /maps.xml"
    whole, _ = search({"/": LISTLESS, "/robots.txt": robots, "/maps.xml": MAPS.encode()})
    assert isinstance(whole, Discovery)
    assert whole.endpoint.url == f"{A}/maps.xml"
    maps = MAPS.replace("/2.xml", "/news.xml").encode()
    news, _ = search({"/": LISTLESS, "/robots.txt": robots, "/maps.xml": maps, "/news.xml": URLSET})
    assert isinstance(news, Discovery)
    assert news.endpoint.url == f"{A}/news.xml"


def test_an_index_that_names_itself_ends() -> None:
    maps = MAPS.replace("/2.xml", "/news.xml").encode()
    found, asked = search({"/": LISTLESS, "/robots.txt": b"Sitemap: /news.xml", "/news.xml": maps, "/1.xml": b"x"})
    assert isinstance(found, DiscoveryFailed)
    assert len(asked) < MAX_REQUESTS


@pytest.mark.parametrize(
    ("error", "asked"),
    [
        (FetchError("timeout", "took too long"), ["/", "/1.xml"]),
        (FetchError("http", "the server answered 503", 503), ["/", "/1.xml"]),
        (FetchError("http", "the server answered 404", 404), ["/", "/1.xml", "/2.xml"]),
        (FetchError("too_large", "too large"), ["/", "/1.xml", "/2.xml"]),
    ],
)
def test_a_server_that_is_slow_or_asked_for_rest_is_not_asked_on(error: FetchError, asked: list[str]) -> None:
    assert search({"/": page("/1.xml", "/2.xml", listed=True), "/1.xml": error})[1] == asked


def test_what_another_server_does_says_nothing_of_this_one() -> None:
    slow = FetchError("timeout", "took too long")
    found, asked = search(
        {"/": page("https://b.example/1.xml", "/2.xml"), "https://b.example/1.xml": slow, "/2.xml": RSS}
    )
    assert isinstance(found, Discovery)
    assert asked == ["/", "https://b.example/1.xml", "/2.xml"]


def test_no_site_is_asked_without_end() -> None:
    door = Door({"/a/b/": LISTLESS, "/robots.txt": b"\n".join(b"Sitemap: /%d.xml" % n for n in range(100))})
    assert isinstance(discover(Source("s", f"{A}/a/b/", ""), door, InlineReaders(), NOW), DiscoveryFailed)
    assert len(door.asked) <= MAX_REQUESTS
    assert len(set(door.asked)) == len(door.asked)


def test_enough_is_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("monitor.collect.discovery.MAX_REQUESTS", 3)
    found, asked = search({"/": LISTLESS})
    assert isinstance(found, DiscoveryFailed)
    assert len(asked) == 3


@pytest.mark.parametrize(("kind", "asked"), [("challenge", 1), ("block", 1), ("region", 1), ("error", 2), ("login", 2)])
def test_a_site_that_sends_walls_is_not_asked_for_more_feeds(kind: WallKind, asked: int) -> None:
    wall = FetchError("wall", "the server answered 200 with a wall", 200, wall=Wall(kind))
    feeds = [f"/{number}.xml" for number in range(5)]
    found, addresses = search({"/": page(*feeds, listed=True), **dict.fromkeys(feeds, wall)})
    assert isinstance(found, Discovery)
    assert found.endpoint.kind == "page"
    assert len(addresses) == 1 + asked
    assert "the server answered 200 with a wall" in found.tried[0]


def test_a_wall_at_the_address_itself_is_the_reason_and_nothing_else_is_asked() -> None:
    wall = FetchError("wall", "the server answered 403 with a challenge", 403, wall=Wall("challenge", "Akamai"))
    found, asked = search({"/": wall})
    assert isinstance(found, DiscoveryFailed)
    assert (found.reason, found.error, asked) == (wall.reason, wall, ["/"])
