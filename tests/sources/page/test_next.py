"""The next page of a list: where it is said, or unmistakable."""

from __future__ import annotations

import datetime as dt

import pytest

from monitor import sources

NOW = dt.datetime(2026, 11, 21, 4, 0, tzinfo=dt.UTC)
URL = "https://a.example/list/index.html"
ROWS = "".join(
    f'<li><a href="/doc/{n}.html">An announcement with the number {n}</a><span>2026-11-{n:02d}</span></li>'
    for n in range(1, 8)
)


def following(paging: str, url: str = URL, head: str = "", **options: str) -> str | None:
    body = f"<html><head>{head}</head><body><ul>{ROWS}</ul>{paging}</body></html>"
    return sources.read(body.encode(), url=url, kind="page", options=options, now=NOW).next_url


@pytest.mark.parametrize(
    ("paging", "found"),
    [
        ('<a href="index_2.html">下一页</a>', "https://a.example/list/index_2.html"),
        ('<a href="index_2.html">下页&gt;&gt;</a>', "https://a.example/list/index_2.html"),
        ('<a href="?page=2"><span>[下一頁]</span></a>', "https://a.example/list/index.html?page=2"),
        ('<p class="x"><a href="?p=2">Next ›</a><a href="?p=2">next page</a></p>', f"{URL}?p=2"),
        ('<a href="/page/2/">« Older posts</a>', "https://a.example/page/2/"),
        ('<div class="pager"><a href="?p=2">»</a></div>', f"{URL}?p=2"),
        ('<a rel="nofollow next" href="/l/2">more</a>', "https://a.example/l/2"),
        ('<a title="下一页" href="/l/2"><img src=x.png></a>', "https://a.example/l/2"),
        ("<a href=\"javascript:go('/l/3.html')\">下一页</a>", "https://a.example/l/3.html"),
        ("<script>createPageHTML(20, 0, 'index', 'html');</script>", "https://a.example/list/index_1.html"),
        ('<script>createPageHTML(20,19,"index","html")</script>', None),
        ("<script>createPageHTML('bar',20,1,'index','shtml',400)</script>", "https://a.example/list/index_2.shtml"),
        ("<script>createPageHTML('bar',20,20,'index','shtml',400)</script>", None),
        ("<script>createPageHTML(pages, 0, 'index', 'html');</script>", None),
        ("", None),
        ('<div class="carousel"><a href="?p=2">›</a></div>', None),
        ('<a href="?p=2">Next</a><a href="/other">Next</a>', None),
        ('<a href="/doc/9.html">Next year brings a laboratory to the district</a>', None),
        ('<a class="disabled" href="?p=2">下一页</a>', None),
        ('<li class="next off"><a href="?p=2">下一页</a></li>', None),
        ('<a aria-disabled="true" href="?p=2">下一页</a>', None),
        ('<a href="#">下一页</a>', None),
        ('<a href="index.html#top">下一页</a>', None),
        ('<a href="https://b.example/2">下一页</a>', None),
        ('<a href="mailto:a@b.example">下一页</a>', None),
    ],
)
def test_paging_is_followed_where_it_is_unmistakable(paging: str, found: str | None) -> None:
    assert following(paging) == found


def test_a_link_in_the_head_names_it() -> None:
    assert following("", head='<link rel="next" href="/l/2">') == "https://a.example/l/2"


@pytest.mark.parametrize(
    ("selector", "found"),
    [
        ("a.on", "https://a.example/l/2"),
        ("div.on", "https://a.example/l/4"),
        ("a.on@href", "https://a.example/l/2"),
        ("b@data-to", "https://a.example/l/3"),
        ("i", None),
    ],
)
def test_a_selector_goes_before_what_is_found(selector: str, found: str | None) -> None:
    links = '<a class=on href="/l/2">x</a><a href="/l/9">下一页</a>'
    paging = f'{links}<b data-to="/l/3"></b><div class=on><a href="/l/4">x</a></div>'
    assert following(paging, next=selector) == found


def test_a_folder_counts_on_from_itself() -> None:
    paging = "<script>createPageHTML(20, 1, 'index', 'html');</script>"
    assert following(paging, "https://a.example/list/index_1.html") == "https://a.example/list/index_2.html"


@pytest.mark.parametrize(
    ("answer", "stated", "found"),
    [
        ('{"items": [{"title": "a"}], "next": "/api?page=2"}', "next", "https://a.example/api?page=2"),
        (
            '{"items": [{"title": "a"}], "page": {"after": 7}}',
            "/api?after={page.after}",
            "https://a.example/api?after=7",
        ),
        ('{"items": [{"title": "a"}], "page": {}}', "/api?after={page.after}", None),
        ('{"items": [{"title": "a"}], "next": null}', "next", None),
    ],
)
def test_an_api_says_what_follows(answer: str, stated: str, found: str | None) -> None:
    reading = sources.read(answer.encode(), url="https://a.example/api", kind="api", options={"next": stated}, now=NOW)
    assert reading.next_url == found
