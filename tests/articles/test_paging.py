"""Where an article goes on: its own next page, never the next article."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import html

from monitor.articles.joining import append_page
from monitor.articles.paging import is_page_of, next_page
from monitor.model import Article

HOST = "https://a.example"


def found(url: str, body: str) -> str | None:
    tree = html.document_fromstring(f"<html><body><p>Text.</p>{body}</body></html>")
    address = next_page(tree, HOST + url, HOST + url)
    return address.removeprefix(HOST) if address else address


@pytest.mark.parametrize(
    ("url", "links", "leads_to"),
    [
        ("/c/content.html", "<a href=content_2.html>下一页</a>", "/c/content_2.html"),
        ("/c/t2026_4711.html", "<a href=./t2026_4711_1.html>下页</a>", "/c/t2026_4711_1.html"),
        ("/c/t2026_4711_1.html", "<a href=t2026_4711_2.html>下一页</a>", "/c/t2026_4711_2.html"),
        ("/c/", "<a href=index_1.html>[下一页]</a>", "/c/index_1.html"),
        ("/c/index.html", "<a href=index_1.html> 下一頁 ></a>", "/c/index_1.html"),
        ("/story/4711", "<a href=/story/4711/2>Next page</a>", "/story/4711/2"),
        ("/story/4711/", "<a href=/story/4711/page/2/>Next »</a>", "/story/4711/page/2/"),
        ("/story.html", "<a href=?page=2>›</a>", "/story.html?page=2"),
        ("/show?id=4711", "<a href='/show?page=2&id=4711'>2</a>", "/show?page=2&id=4711"),
        ("/show?id=4711&page=2", "<a href='/show?id=4711&page=3'>下一页</a>", "/show?id=4711&page=3"),
        ("/c/1.html", "<a href=1_2.html>2</a><a href=1_3.html>3</a>", "/c/1_2.html"),
        ("/c/1_2.html", "<a href=1.html>1</a><a href=1_3.html>3</a><a href=1_4.html>4</a>", "/c/1_3.html"),
        ("/c/1_1.html", "<a href=1.html>1</a><a href=1_1.html>2</a><a href=1_2.html>3</a>", "/c/1_2.html"),
        ("/c/1_1.html", "<a href=1_2.html>2</a><a href=1_2.html>></a>", "/c/1_2.html"),
        ("/s/4711/2", "<a href=/s/4711>1</a><a href=/s/4711/3>Next page</a>", "/s/4711/3"),
        ("/story-7.html", "<a href=/story-7-page-2.html>Next page</a>", "/story-7-page-2.html"),
        ("/c/a.html", "<a href=a_2.html title=下一页><img src=x></a>", "/c/a_2.html"),
        ("/c/a.html", "<a href=a_2.html#top>下一页</a>", "/c/a_2.html"),
        ("/c/a.html", "<script>createPageHTML(3, 0, 'a', 'html');</script>", "/c/a_1.html"),
        ("/c/a_1.html", '<script>createPageHTML(3,1,"a","html")</script>', "/c/a_2.html"),
        ("/story", "<link rel=next href=/story/2>", "/story/2"),
        ("/c/a.shtml", "<a onclick=\"javascript:location.href='/c/a_2.shtml';\">下一页</a>", "/c/a_2.shtml"),
    ],
)
def test_the_articles_own_next_page_is_found(url: str, links: str, leads_to: str) -> None:
    assert found(url, links) == leads_to


@pytest.mark.parametrize(
    ("url", "links"),
    [
        ("/c/4711.html", "<a href=4712.html>下一篇</a>"),
        ("/c/4711.html", "<a href=4712.html>下一页</a>"),
        ("/c/4711.html", "<a href=4711_2.html>下一篇：标题</a>"),
        ("/a/story", "<link rel=next href=/a/another-story>"),
        ("/a/story", "<a rel=next href=/a/another-story>Next</a>"),
        ("/news/11", "<a href=/news/12>Next page</a><a href=/news/10>Previous</a>"),
        ("/c/art_1.html", "<a href=art_2.html>Next</a>"),
        ("/story", "<a href=/story/comment-page-2>Next page</a>"),
        ("/story", "<a href=https://b.example/story/2>Next page</a>"),
        ("/story", "<a href=http://a.example/story/2>Next page</a>"),
        ("/story", "<a href=/story/3>3</a>"),
        ("/story", "<a href=/story/1>1</a>"),
        ("/story/2?x=1", "<a href=/story/3?x=2>Next page</a>"),
        ("/?p=11", "<a href=/?p=12>Next page</a>"),
        ("/c/a.html", "<script>createPageHTML(1, 0, 'a', 'html');</script>"),
        ("/c/a.html", "<script>createPageHTML(3, 0, 'index', 'html');</script>"),
        ("/c/a.html", "<a href='javascript:next(2)'>下一页</a><a>下一页</a>"),
        ("/c/a_3.html", "<a href=a_2.html>上一页</a><a href=a_3.html>下一页</a>"),
    ],
)
def test_what_is_no_next_page_of_the_article_is_left_alone(url: str, links: str) -> None:
    assert found(url, links) is None


def test_a_page_without_an_address_has_no_next() -> None:
    assert next_page(html.document_fromstring("<a href=/x_2.html>下一页</a>"), "", "") is None


@pytest.mark.parametrize(
    ("first", "other", "one"),
    [
        ("/c/a.html", "/c/a_2.html", True),
        ("/c/a_1.html", "/c/a_2.html", True),
        ("/c/12", "/c/12/2", True),
        ("/c/12", "/c/13", False),
        ("/c/a.html", "/c/b_2.html", False),
        ("/c/a.html", "/c/a.html", False),
    ],
)
def test_a_page_belongs_to_the_article_that_it_goes_on(first: str, other: str, one: bool) -> None:
    assert is_page_of(HOST + first, HOST + other) is one
    assert not is_page_of(HOST + first, "https://b.example" + other)


@given(st.text(max_size=60), st.text(max_size=60), st.text(max_size=20))
def test_hostile_links_never_raise_nor_lead_elsewhere(url: str, href: str, label: str) -> None:
    tree = html.document_fromstring("<p>x</p>")
    link = html.Element("a")
    link.text = "".join(c for c in label if c.isprintable())
    link.set("href", "".join(c for c in href if c.isprintable()))
    tree.append(link)
    address = next_page(tree, f"{HOST}/{url}", f"{HOST}/{url}")
    assert address is None or address.startswith(f"{HOST}/")


def test_the_next_page_is_in_the_article(page: Callable[..., bytes], read: Callable[..., Article]) -> None:
    body = page("<a href=4711_2.html>下一页</a>")
    assert read(body, url=f"{HOST}/news/4711.html").next_url == f"{HOST}/news/4711_2.html"


# --- joining

SAID = "A sentence that is long enough to tell."


def test_pages_are_joined_without_what_they_repeat() -> None:
    first = Article(
        f"{HOST}/1", "A title", f"By us\nYes.\n{SAID}", attachments=("a", "b"), next_url="2", problems=("x",)
    )
    page = Article(f"{HOST}/2", "", f"A title (2)\nBy us\nNew.\n{SAID}\nYes.\n\nEnd.", attachments=("b", "c"))
    whole = append_page(first, page)
    assert whole is not None
    assert whole.text == f"By us\nYes.\n{SAID}\n\nNew.\nYes.\n\nEnd."
    assert whole.attachments == ("a", "b", "c")
    assert whole.next_url is None
    assert whole.problems == ("x",)


def test_a_page_that_only_repeats_ends_the_article() -> None:
    first = Article(f"{HOST}/1", "A title", SAID)
    assert append_page(first, Article(f"{HOST}/2", "A title", f"A title\n{SAID}", next_url="3")) is None
    assert append_page(first, Article(f"{HOST}/2", "A title", "")) is None


def test_a_first_page_of_pictures_alone_is_continued() -> None:
    whole = append_page(Article(f"{HOST}/1", "", ""), Article(f"{HOST}/2", "", SAID))
    assert whole is not None
    assert whole.text == SAID
