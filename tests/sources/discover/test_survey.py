"""A document of no stated kind: what it lists, and what it names."""

from __future__ import annotations

import datetime as dt
import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.sources.discover import Survey, survey
from monitor.sources.discover.links import MAX_NAMED_FEEDS

NOW = dt.datetime(2026, 11, 21, 4, tzinfo=dt.UTC)
A = "https://a.example"
RSS = "application/rss+xml"

ROWS = "".join(
    f"<li><a href='/n/{day}.html'>District opens laboratory number {day} for tests</a><span>2026-11-{day}</span></li>"
    for day in range(10, 16)
)


def link(href: str, *, title: str = "", media: str = RSS, more: str = "") -> str:
    return f'<link rel="alternate" type="{media}" title="{title}" href="{href}" {more}>'


def page(head: str = "", body: str = f"<ul>{ROWS}</ul>", lang: str = "en") -> bytes:
    return (
        f"<!doctype html><html lang={lang}><head><title>Notices</title>{head}</head><body>{body}</body></html>".encode()
    )


def look(body: bytes, url: str = f"{A}/news/", content_type: str | None = "text/html") -> Survey:
    return survey(body, url=url, content_type=content_type, now=NOW, timezone="UTC")


def named(body: bytes, url: str = f"{A}/news/") -> list[str]:
    return [candidate.url.removeprefix(A) for candidate in look(body, url).candidates]


def test_a_page_gives_its_list_and_the_feed_that_it_declares() -> None:
    seen = look(page(link("/feed.xml", title="All news")))
    assert len(seen.reading.entries) == 6
    (candidate,) = seen.candidates
    assert (candidate.kind, candidate.url) == ("feed", f"{A}/feed.xml")
    assert candidate.reason == "the page declares this feed (“All news”)"


@pytest.mark.parametrize("media", [RSS, "application/atom+xml", "application/feed+json", "application/rdf+xml",
                                   "application/RSS+XML; charset=utf-8"])  # fmt: skip
def test_every_type_of_feed_is_one(media: str) -> None:
    assert named(page(link("f", media=media))) == ["/news/f"]


@pytest.mark.parametrize(
    "head",
    [
        pytest.param(link("/wp-json/wp/v2/posts/1", media="application/json"), id="an API"),
        pytest.param(link("/oembed", media="application/json+oembed"), id="oEmbed"),
        pytest.param(link("/zh/", media="text/html", more="hreflang=zh"), id="a translation"),
        pytest.param(f'<link rel="stylesheet" type="{RSS}" href="/x">', id="a style sheet"),
        pytest.param(link("javascript:x"), id="no address"),
        pytest.param(link("/comments/feed/", title="Site » Comments Feed"), id="comments"),
        pytest.param(link("/f?x", title="本站 » 评论 Feed"), id="评论"),
    ],
)
def test_what_is_no_feed_of_news_is_not_named(head: str) -> None:
    assert named(page(head)) == []


SAID = "The district opened a laboratory for tests of new materials on Friday. " * 3
ARTICLE = f"<p>{SAID}</p>" * 5
LD = '<script type="application/ld+json">{"@type": "NewsArticle", "headline": "x"}</script>'


@pytest.mark.parametrize(
    ("head", "body", "article"),
    [
        ("", ARTICLE, True),
        ('<meta property="og:type" content="article">', "<p>Short.</p>", True),
        ('<meta property="article:published_time" content="2026-11-20">', "<p>Short.</p>", True),
        (LD, "<p>Short.</p>", True),
        ("", "<article><p>Short.</p></article>", True),
        (LD, f"<ul>{ROWS}</ul>", False),
    ],
)
def test_an_article_is_no_list(head: str, body: str, article: bool) -> None:
    assert look(page(head, body), f"{A}/news/plan/").article is article
    assert not look(page(head, body), f"{A}/").article, "the front of a site is no article"


@pytest.mark.parametrize(
    ("path", "article"),
    [
        ("/a1", True), ("/news/t20261120_5.html", True), ("/news/city-plans-metaverse", True),
        ("/news", False), ("/news/", False), ("/news/index.html", False), ("/list_2.html", False), ("/about", False),
    ],
)  # fmt: skip
def test_where_a_page_says_nothing_its_address_tells(path: str, article: bool) -> None:
    assert look(page(body="<p>Short.</p>"), f"{A}{path}").article is article


def test_the_base_of_the_page_counts() -> None:
    assert named(page(f"<base href='{A}/base/'>" + link("f.xml"))) == ["/base/f.xml"]


def test_the_main_feed_comes_before_others_as_the_site_has_it() -> None:
    assert named(page(link("/main.xml") + link("/sport.xml")), f"{A}/") == ["/main.xml", "/sport.xml"]


def test_the_feed_of_the_section_comes_first() -> None:
    head = link("/feed/", title="Site") + link("/comments/feed/", title="Comments") + link("/news/feed/", title="News")
    assert named(page(head)) == ["/news/feed/", "/feed/"]


@pytest.mark.parametrize(
    ("lang", "url", "first"),
    [("zh-CN", f"{A}/zh/news/", "/zh/f.xml"), ("en", f"{A}/en/news/", "/en/f.xml"), ("en", f"{A}/news/", "/zh/f.xml")],
)
def test_the_feed_in_the_language_of_the_page_comes_first(lang: str, url: str, first: str) -> None:
    assert named(page(link("/zh/f.xml") + link("/en/f.xml"), lang=lang), url)[0] == first


def test_the_language_that_is_stated_counts() -> None:
    head = link("/1.xml", more="hreflang=en") + link("/2.xml", more="hreflang=zh-CN")
    assert named(page(head, lang="zh")) == ["/2.xml", "/1.xml"]


@pytest.mark.parametrize("href", ["/rss.xml", "/rss/", "/feed", "/x/feed.rss", "/news_rss.xml", "/atom.aspx", "/a.rdf"])
def test_a_feed_that_readers_see_a_link_to_is_named_after_those_declared(href: str) -> None:
    body = f"<ul>{ROWS}</ul><a href='{href}'>订阅</a>"
    assert named(page(link("/declared.xml"), body)) == ["/declared.xml", href]


@pytest.mark.parametrize("href", ["https://b.example/rss.xml", "/feedback", "/rss-explained.html", "/atomic", "#feed"])
def test_links_that_only_look_like_feeds_are_none(href: str) -> None:
    assert named(page(body=f"<ul>{ROWS}</ul><a href='{href}'>x</a>")) == []


def test_a_page_may_not_send_us_anywhere_many_times() -> None:
    assert len(named(page("".join(link(f"/{number}.xml") for number in range(500))))) == MAX_NAMED_FEEDS


def test_one_feed_is_named_once() -> None:
    assert named(page(link("/f.xml") + link("/f.xml#x") + link("http://www.a.example/f.xml"))) == ["/f.xml"]


def test_rows_that_a_script_loads_are_reported() -> None:
    script = "<div id=list></div><script>$.ajax({url: '/api/list.json', success: show})</script>"
    assert look(page(body=script)).loads_rows_by_script
    assert not look(page()).loads_rows_by_script


def test_an_index_of_sitemaps_names_those_of_news_then_the_newest() -> None:
    maps = "".join(
        f"<sitemap><loc>{A}/{name}.xml</loc><lastmod>{day}</lastmod></sitemap>"
        for name, day in [("old", "2020-01-01"), ("new", "2026-11-20"), ("news", "2025-01-01")]
    )
    seen = look(f"<sitemapindex>{maps}</sitemapindex>".encode(), f"{A}/sitemap.xml", "text/xml")
    assert [candidate.url for candidate in seen.candidates] == [f"{A}/news.xml", f"{A}/new.xml"]


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ("<rss version='2.0'><channel><item><title>A</title></item></channel></rss>", "feed"),
        (f"<urlset><url><loc>{A}/1</loc></url></urlset>", "sitemap"),
        ('[{"title": "A plan", "url": "/a/1"}]', "api"),
    ],
)
def test_what_is_a_source_itself_names_nothing(body: str, kind: str) -> None:
    seen = look(body.encode())
    assert (seen.reading.kind, seen.candidates) == (kind, ())


PIECES = st.sampled_from(
    [
        *("<link rel=alternate type=application/rss+xml href=", "'", ">", "<html>", "<a href=/rss", "\x00", "http://["),
        *("<base href=http://[>", "重", "<li>", "<!--", "feed"),
    ]
)


@given(st.lists(PIECES, max_size=20))
def test_no_markup_raises(pieces: list[str]) -> None:
    seen = look("".join(pieces).encode(), content_type=None)
    assert pickle.loads(pickle.dumps(seen)) == seen  # noqa: S301 - written here
