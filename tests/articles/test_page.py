"""A whole page → the article."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import monitor
from monitor.articles.page import extract
from monitor.model import Article

Extract = Callable[..., Article]
SENTENCE = "The district opened a laboratory for the third generation of the web and hired forty people for it. "
CHINESE = "两江新区今日发布互联网3.0产业行动计划，提出到二〇二七年建成示范园区，并设立专项资金支持企业研发。"
NOW = dt.datetime(2026, 11, 21, 4, tzinfo=dt.UTC)

Page = Callable[..., bytes]


def test_the_public_name_is_the_function() -> None:
    assert monitor.extract is extract, "although the package behind it is loaded"
    assert "extract" in monitor.__all__
    with pytest.raises(AttributeError):
        _ = monitor.articles.nosuch


def test_the_text_is_that_of_the_article_alone(page: Page, read: Extract) -> None:
    menu = "<nav><ul><li><a href=/1>Home</a><li><a href=/2>Sport</a></ul></nav>"
    foot = "<footer><p>Copyright © 2026 Site</p><p>Follow us on Telegram</p></footer>"
    head = "<title>A long day in court</title>"
    text = read(page(f"{menu}<h1>A long day in court</h1>{foot}", head)).text
    assert text.split("\n\n") == [f"{SENTENCE * 3}{number}" for number in range(4)]


@pytest.mark.parametrize(("most", "said"), [(3, "only the first 3 of 4 paragraphs of its page were read"), (4, "")])
def test_of_too_many_paragraphs_the_first_are_read_and_the_article_says_so(
    page: Page, read: Extract, monkeypatch: pytest.MonkeyPatch, most: int, said: str
) -> None:
    monkeypatch.setattr("monitor.articles.tree.MAX_PARAGRAPHS", most)
    article = read(page())
    assert article.text.split("\n\n") == [f"{SENTENCE * 3}{number}" for number in range(most)]
    assert article.shortened == said


def test_a_short_chinese_page_is_read(read: Extract) -> None:
    body = (
        f"<html><body><div class=nav><a href=/>首页</a></div><div class=c><p>{CHINESE}</p></div></body></html>".encode()
    )
    article = read(body)
    assert article.text == CHINESE
    assert article.language == "zh"


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "big5", "utf-16"])
@pytest.mark.parametrize("declared", ["gb2312", "utf-8"])
def test_the_encoding_is_what_the_bytes_are(encoding: str, declared: str, read: Extract) -> None:
    plan = "第三代互聯網行動計劃" if encoding == "big5" else "第三代互联网行动计划"
    text = f"今日公布{plan}，提出建成一片新的天地，支持大家共同努力，一起走向未来。" * 4
    body = f"<html><head><meta charset={declared}><title>{plan}</title></head><body><p>{text}</p></body></html>"
    article = read(body.encode(encoding, "replace"))
    assert article.title == plan
    assert plan in article.text


def test_a_selector_says_where_the_text_is(page: Page, read: Extract) -> None:
    article = read(page("<div id=zoom><p>One.</p><p>Two.</p></div>"), content="#zoom")
    assert article.text == "One.\n\nTwo."
    assert article.problems == ()


@pytest.mark.parametrize(
    ("selector", "problem"),
    [("#nowhere", "`content`: '#nowhere' finds no text on the page"), ("p[", "`content`: 'p[' is not a CSS selector")],
)
def test_a_selector_that_finds_nothing_is_said_and_the_text_found_by_itself(
    selector: str, problem: str, page: Page, read: Extract
) -> None:
    article = read(page(), content=selector)
    assert article.problems == (problem,)
    assert SENTENCE.strip() in article.text


@pytest.mark.parametrize(
    ("body", "what"),
    [(b"%PDF-1.7 \xff", "a PDF document"), (b"PK\x03\x04..", "a document"), (b"\x89PNG\r\n", "an image")],
)
def test_what_is_no_page_is_listed_and_not_read(body: bytes, what: str, read: Extract) -> None:
    article = read(body, url="https://a.example/x.pdf")
    assert article.text == ""
    assert article.problems[0].startswith(f"it is {what}")
    assert bool(article.attachments) is not body.startswith(b"\x89")


def test_plain_text_is_taken_as_it_is(read: Extract) -> None:
    assert read(b"One line.\nAnd <b>another</b>.", content_type="text/plain").text == "One line.\nAnd <b>another</b>."


def test_a_page_in_columns_is_completed_by_what_it_gives_to_machines(page: Page, read: Extract) -> None:
    whole = "\\n".join(f"Paragraph {number} of the text. {SENTENCE * 3}" for number in range(9))
    script = f'<script type="application/ld+json">{{"@type":"Article","articleBody":"{whole}"}}</script>'
    assert read(page(head=script)).text.count("Paragraph") == 9


def test_a_standfirst_that_readers_see_opens_the_text(page: Page, read: Extract) -> None:
    intro = "Forty people will work in the new laboratory, which opens its doors in the spring of next year"
    head = f'<meta property="og:description" content="{intro}"><title>A laboratory</title>'
    assert read(page(f"<header><h2>{intro}</h2></header>", head)).text.startswith(intro)
    assert intro not in read(page("", head)).text


def test_an_empty_page_says_so(read: Extract) -> None:
    assert read(b"").problems == ("the document has no HTML in it",)
    assert read(b"<html><body></body></html>").problems == ("no text of an article was found on it",)


def test_a_naive_time_is_refused() -> None:
    with pytest.raises(ValueError, match="zone"):
        extract(b"", url="https://a.example/", now=dt.datetime(2026, 1, 1))  # noqa: DTZ001 - it is the point


@given(st.binary(max_size=400))
@settings(max_examples=150, deadline=None)
def test_no_bytes_raise(body: bytes) -> None:
    extract(body, url="https://a.example/1", now=NOW)


_PIECES = st.sampled_from(
    [
        "<p>",
        "</p>",
        "<div class='",
        "'>",
        "<table><tr><td>",
        "<script type=application/ld+json>",
        '{"@type":"Article",',
        "</script>",
        '"datePublished":"',
        '"author":[{"name":null}',
        "<!--",
        "-->",
        "<time datetime=",
        "<title>",
        "<h1>",
        "<base href=",
        "http://[",
        "发布时间：",
        "2026年13月45日",
        "来源：",
        "<link rel=canonical href=",
        "<meta name=pubdate content=",
        "&#x110000;",
        "\x00",
        "\ud800",
        "<svg><style>",
        "<template>",
        "}",
        "]",
        '"',
        "a" * 50,
        CHINESE,
        SENTENCE,
    ]
)


@given(st.lists(_PIECES, max_size=40))
@settings(max_examples=150, deadline=None)
def test_no_page_raises(pieces: list[str]) -> None:
    extract("".join(pieces).encode("utf-8", "replace"), url="https://a.example/1", now=NOW)


@pytest.mark.parametrize("url", ["", "http://[", "not an address", "https://a.example/%ff%zz", "\ud800"])
def test_no_address_raises(url: str, page: Page) -> None:
    extract(page('<a href="x.pdf">', '<link rel=canonical href="//[">'), url=url, now=NOW)


def test_ends_of_the_page_in_its_midst_are_none(page: Page, read: Extract) -> None:
    text = read(page("<div class=head>Menu</div></body></html>")).text
    assert SENTENCE.strip() in text
