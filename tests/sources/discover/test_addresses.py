"""Addresses: what they make likely, and how they lie to one another."""

from __future__ import annotations

import pytest

from monitor.sources.discover import robots_url, sitemaps_in_robots, usual_feeds, usual_sitemap
from monitor.sources.discover.addresses import (
    MAX_SITEMAPS_IN_ROBOTS,
    folder_of,
    is_below,
    is_front_page,
    is_in_section,
    is_same_host,
    language_of_path,
)

A = "https://a.example"


@pytest.mark.parametrize(
    ("path", "front"),
    [
        ("", True), ("/", True), ("/index.html", True), ("/index_en.htm", True), ("/en/", True), ("/zh-cn/", True),
        ("/en/index.shtml", True), ("/home", True),
        ("/?cat=3", False), ("/zwgk/", False), ("/zwgk/gggs/", False), ("/news.html", False), ("/en/news/", False),
    ],
)  # fmt: skip
def test_a_front_is_the_root_of_a_site_or_of_a_language(path: str, front: bool) -> None:
    assert is_front_page(A + path) is front


@pytest.mark.parametrize(
    ("url", "page", "belongs"),
    [
        ("/zwgk/gggs/rss.xml", "/zwgk/gggs/", True),
        ("/zwgk/gggs.xml", "/zwgk/gggs/", True),
        ("/zwgk/gggs/rss.xml", "/zwgk/gggs/index.html", True),
        ("/zwgk/gggs/feed", "/zwgk/gggs", True),
        ("/zwgk/gggs_rss.xml", "/zwgk/gggs.html", True),
        ("/zwgk/rss.xml", "/zwgk/gggs/", False),
        ("/zwgk/rss.xml", "/zwgk/gggs.html", False),
        ("/zwgk/gggs2/rss.xml", "/zwgk/gggs/", False),
        ("/rss.xml", "/zwgk/gggs/", False),
        ("/rss.xml", "/", False),
        ("/en/rss.xml", "/en/", False),
        ("/list/rss.xml", "/list/?cat=3", False),
    ],
)
def test_a_place_belongs_to_a_section_by_its_path(url: str, page: str, belongs: bool) -> None:
    assert is_in_section(A + url, A + page) is belongs


def test_a_section_of_another_site_is_another_one() -> None:
    assert not is_in_section("https://b.example/news/rss", f"{A}/news/")
    assert is_in_section("http://www.a.example/news/rss", f"{A}/news/")


@pytest.mark.parametrize(
    ("url", "folder"),
    [("/a/b.html", "/a/"), ("/a/b/", "/a/b/"), ("/a/b", "/a/b/"), ("", "/"), ("/x.html", "/")],
)
def test_the_folder_of_an_address(url: str, folder: str) -> None:
    assert folder_of(A + url) == A + folder
    assert is_below(A + folder + "x", A + folder)


@pytest.mark.parametrize(
    ("path", "language"),
    [("/en/x", "en"), ("/english/", "en"), ("/zh-cn/x", "zh"), ("/big5/x", "zh"), ("/news/en", ""), ("/", "")],
)
def test_the_language_of_an_address(path: str, language: str) -> None:
    assert language_of_path(A + path) == language


def _paths(url: str, *, listed: bool) -> list[str]:
    return [candidate.url.removeprefix(A) for candidate in usual_feeds(A + url, has_list=listed)]


def test_a_section_with_a_list_is_not_given_the_feed_of_its_site() -> None:
    assert "/zwgk/gggs/rss.xml" in _paths("/zwgk/gggs/", listed=True)
    assert "/rss.xml" not in _paths("/zwgk/gggs/", listed=True)
    assert _paths("/zwgk/gggs/", listed=False)[-1] == "/feed.xml"


def test_a_front_is_asked_for_the_feed_of_its_site_once() -> None:
    assert _paths("/", listed=True) == _paths("/", listed=False)
    assert _paths("/", listed=True) == ["/feed", "/rss", "/rss.xml", "/atom.xml", "/index.xml", "/feed.xml"]


def test_usual_places_are_of_the_same_origin() -> None:
    places = [
        *usual_feeds("http://a.example:8080/x/y.html?q#f", has_list=False),
        usual_sitemap("http://a.example:8080/x"),
    ]
    assert all(place.url.startswith("http://a.example:8080/") for place in places)
    assert robots_url("http://a.example:8080/x?y") == "http://a.example:8080/robots.txt"


def test_robots_names_sitemaps_those_of_news_first() -> None:
    body = b"User-agent: *\r\nDisallow: /x\r\nSitemap: /sitemap.xml\r\nsitemap:https://a.example/News-Sitemap.xml \r\n"
    assert [place.url for place in sitemaps_in_robots(body, f"{A}/robots.txt")] == [
        f"{A}/News-Sitemap.xml",
        f"{A}/sitemap.xml",
    ]


@pytest.mark.parametrize("body", [b"", b"\xff\xfe\x00", b"<html>Sitemap</html>", b"Sitemap: javascript:x\nSitemap:"])
def test_what_is_no_robots_names_nothing(body: bytes) -> None:
    assert sitemaps_in_robots(body, f"{A}/robots.txt") == ()


def test_robots_may_not_send_us_anywhere_many_times() -> None:
    body = "".join(f"Sitemap: https://a.example/{number}.xml\n" for number in range(1000)).encode()
    assert len(sitemaps_in_robots(body, f"{A}/robots.txt")) == MAX_SITEMAPS_IN_ROBOTS


def test_www_is_the_same_site() -> None:
    assert is_same_host("https://www.a.example/", "http://a.example/x")
    assert not is_same_host("https://a.example/", "https://b.example/")
