"""Authors, site, origin, address and documents."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from monitor.model import Article

Extract = Callable[..., Article]

Page = Callable[..., bytes]
LD = '<script type="application/ld+json">'
URL = "https://a.example/news/4711"


@pytest.mark.parametrize(
    ("head", "authors"),
    [
        ('<meta name="author" content="By Ann Lee, Bo Li and Cy Young">', ("Ann Lee", "Bo Li", "Cy Young")),
        (f'{LD}{{"@type":"Article","author":[{{"name":"Ann"}},"Bo",{{"name":"Ann"}}]}}</script>', ("Ann", "Bo")),
        ('<script type="application/ld+json">{"@type":"Article","author":{"name":"Ann"}}</script>', ("Ann",)),
        ('<meta name="author" content="https://a.example/ann">', ()),
        ('<meta name="author" content="104363">', ()),
        ('<meta name="author" content="admin">', ()),
        ("", ()),
    ],
)
def test_authors(head: str, authors: tuple[str, ...], page: Page, read: Extract) -> None:
    assert read(page(head=head)).authors == authors


@pytest.mark.parametrize(
    ("head", "site"),
    [
        ('<meta property="og:site_name" content="The Site">', "The Site"),
        ('<meta name="SiteName" content="重庆市人民政府">', "重庆市人民政府"),
        ('<script type="application/ld+json">{"@type":"Article","publisher":{"name":"P"}}</script>', "P"),
        ("", None),
    ],
)
def test_site(head: str, site: str | None, page: Page, read: Extract) -> None:
    assert read(page(head=head)).site == site


@pytest.mark.parametrize(
    ("window", "site"),
    [
        ("某某行动计划正式发布_通知公告_重庆两江新区管理委员会", "重庆两江新区管理委员会"),
        ("某某行动计划正式发布--时政--人民网", "人民网"),
        ("某某行动计划正式发布-半月谈网", "半月谈网"),
        ("某某行动计划正式发布_中国_哀悼_前往", None),
        ("某某行动计划正式发布 - Coin-Desk", "Coin-Desk"),
        ("某某行动计划正式发布 | Live | Coin Desk", "Coin Desk"),
        ("某某行动计划正式发布 - By Ann Lee", None),
        ("某某行动计划正式发布", None),
        ("人民网", None),
    ],
)
def test_without_its_word_the_site_is_what_follows_the_title(
    window: str, site: str | None, page: Page, read: Extract
) -> None:
    body = page("<h1>某某行动计划正式发布</h1>", f"<title>{window}</title>")
    assert read(body, url="https://www.coindesk.example/a").site == site


@pytest.mark.parametrize(
    ("body", "origin"),
    [
        ("<p>来源：新华社 作者：张三</p>", "新华社"),
        ("<p>2026-03-08 10:00 来源: 两江新区管委会</p>", "两江新区管委会"),
        ("<p>信息来源：市经济信息委2026-03-08</p>", "市经济信息委"),
        ("<p>Source: Xinhua | Editor: huaxia</p>", "Xinhua"),
        ("<p>来源：</p><p>作者：李四</p>", None),
        ("<p>来源：互联网</p>", None),
        ("<p>The sources: unclear.</p>", None),
    ],
)
def test_origin(body: str, origin: str | None, page: Page, read: Extract) -> None:
    assert read(page(body)).origin == origin


def test_an_official_origin_goes_first(page: Page, read: Extract) -> None:
    head = '<meta name="ContentSource" content="重庆日报">'
    assert read(page("<p>来源：新华社</p>", head)).origin == "重庆日报"


@pytest.mark.parametrize(
    ("head", "url", "address"),
    [
        ('<link rel=canonical href="/news/4711">', f"{URL}?utm_source=x", URL),
        (
            '<link rel=canonical href="https://www.a.example/news/4711">',
            "https://m.a.example/news/4711",
            "https://www.a.example/news/4711",
        ),
        (
            '<meta property="og:url" content="https://a.example/news/a-long-slug">',
            "http://a.example/amp/news/a-long-slug/",
            "https://a.example/news/a-long-slug",
        ),
        ('<link rel=canonical href="https://a.example/">', URL, URL),
        ('<link rel=canonical href="https://a.example/news/4712">', URL, URL),
        ('<link rel=canonical href="https://a.example/news">', URL, URL),
        ('<link rel=canonical href="https://other.example/news/4711">', URL, URL),
        ('<link rel=canonical href="javascript:alert(4711)">', URL, URL),
        ("", URL, URL),
    ],
)
def test_only_an_address_that_can_be_the_pages_own_is_believed(
    head: str, url: str, address: str, page: Page, read: Extract
) -> None:
    assert read(page(head=head), url=url).url == address


@pytest.mark.parametrize(
    ("head", "url", "canonical"),
    [
        (
            '<link rel=canonical href="/2026/fund-opens">',
            "https://a.example/?p=4711",
            "https://a.example/2026/fund-opens",
        ),
        ('<link rel=canonical href="https://www.a.example/f">', "http://m.a.example/4711", "https://www.a.example/f"),
        ('<meta property="og:url" content="/fund">', URL, "https://a.example/fund"),
        ('<link rel=canonical href="/one"><meta property="og:url" content="/two">', URL, "https://a.example/one"),
        ('<base href="/news/"><link rel=canonical href="fund">', URL, "https://a.example/news/fund"),
        ('<link rel=canonical href="https://www.a.example/#top">', URL, ""),
        ('<link rel=canonical href="https://a.example:443/?utm_source=x">', URL, ""),
        ('<link rel=canonical href="https://b.example/fund">', URL, ""),
        ('<link rel=canonical href="https://b.example/1"><meta property="og:url" content="/two">', URL, ""),
        ('<link rel=canonical href="mailto:a@a.example">', URL, ""),
        ("", URL, ""),
    ],
)
def test_the_address_that_a_page_names_is_kept_if_it_is_of_the_same_site(
    head: str, url: str, canonical: str, page: Page, read: Extract
) -> None:
    assert read(page(head=head), url=url).canonical == canonical


def test_documents_are_listed_once_and_absolute(page: Page, read: Extract) -> None:
    links = '<a href="a.pdf">1</a><a href="/b.DOCX?x=1">2</a><a href="a.pdf#p2">3</a><a href="c.html">4</a><a>5</a>'
    listed = read(page(links)).attachments
    assert listed[:2] == ("https://a.example/news/a.pdf", "https://a.example/b.DOCX?x=1")


def test_documents_are_relative_to_the_base(page: Page, read: Extract) -> None:
    assert read(page('<a href="a.pdf">1</a>', '<base href="/files/">')).attachments == (
        "https://a.example/files/a.pdf",
    )


def test_there_is_an_end_to_documents(page: Page, read: Extract) -> None:
    assert len(read(page("".join(f'<a href="{n}.pdf">x</a>' for n in range(200)))).attachments) == 50
