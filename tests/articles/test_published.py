"""When an article was published, and what says so."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest

from monitor.model import Article

Extract = Callable[..., Article]

Page = Callable[..., bytes]

LD = '<script type="application/ld+json">{"@type":"NewsArticle","datePublished":"2026-03-04T05:06:07+08:00"}</script>'
META = '<meta property="article:published_time" content="2026-03-05T01:00:00Z">'


@pytest.mark.parametrize(
    ("head", "body", "says"),
    [
        (LD + META, "", ("2026-03-04", "JSON-LD datePublished")),
        (
            '<script type="application/ld+json">{oops "datePublished": "2026-03-04"</script>',
            "",
            ("2026-03-04", "JSON-LD"),
        ),
        (META, '<time itemprop="datePublished" datetime="2026-03-09">', ("2026-03-05", "meta article:published_time")),
        ('<meta name="PubDate" content="2026-03-06 10:00">', "", ("2026-03-06", "meta pubdate")),
        (
            "",
            '<time class="entry-date" datetime="2026-03-07">x</time><p>发布时间：2026-03-08</p>',
            ("2026-03-07", "<time>"),
        ),
        ("", "<p>发布时间：2026年3月8日 10:11</p>", ("2026-03-08", "the text 发布时间")),
        ("", "<p>Published: 8 March 2026</p>", ("2026-03-08", "the text Published")),
        ("", "<p>Veröffentlicht am 8. März 2026</p>", ("2026-03-08", "the text Veröffentlicht am")),
        ("", "<time datetime=2026-03-09>on Monday</time>", ("2026-03-09", "<time>")),
        ("", "<time datetime='2026-03-29'>Publié le 9 mars 2026</time>", ("2026-03-09", "the text Publié le")),
        ("", "<time datetime='2026-03-29'>9 mars 2026</time>", ("2026-03-09", "<time>, its text")),
        (
            "<title>A headline</title>",
            "<h1>A headline</h1><p>Chongqing, 9. Dezember 2025</p>",
            ("2025-12-09", "the head"),
        ),
        ('<meta name="date" content="2026-03-10">', "", ("2026-03-10", "meta date")),
    ],
)
def test_sources_of_the_date_are_trusted_in_their_order(
    head: str, body: str, says: tuple[str, str], page: Page, read: Extract
) -> None:
    day, by = says
    article = read(page(body, head))
    assert article.published is not None
    assert article.published.at.date().isoformat() == day
    assert article.dated_by.startswith(by)


@pytest.mark.parametrize(
    ("url", "day"),
    [
        ("https://a.example/2026/03/11/a", "2026-03-11"),
        ("http://a.gov.cn/art/202603/t20260311_12.html", "2026-03-11"),
        ("https://a.example/art/2026/3/11/art_12_3.html", "2026-03-11"),
        ("https://a.example/12345678/2026", None),
        ("https://a.example/id/92026031155", None),
    ],
)
def test_the_address_dates_a_page_that_says_nothing(url: str, day: str | None, page: Page, read: Extract) -> None:
    article = read(page(), url=url)
    assert (article.published.at.date().isoformat() if article.published else None) == day


@pytest.mark.parametrize(
    "body",
    [
        "<p>页面生成时间：2026-03-08 10:11:12</p>",
        "<p>打印时间：2026-03-08</p>",
        "<footer>Copyright © 2019 Example</footer>",
        "<p>截止时间：2026-03-08</p>",
        "<p>版权所有 2011-2019</p>",
    ],
)
def test_a_date_that_is_something_else_is_none(body: str, page: Page, read: Extract) -> None:
    assert read(page(body)).published is None


def test_of_two_that_name_the_same_day_the_more_exact_is_taken(page: Page, read: Extract) -> None:
    head = '<meta name="publishdate" content="2026-03-08"><title>Headline of it</title>'
    article = read(page("<h1>Headline of it</h1><p>2026年03月08日08:18</p>", head), timezone="Asia/Shanghai")
    assert article.published is not None
    assert article.published.at == dt.datetime(2026, 3, 8, 8, 18, tzinfo=dt.timezone(dt.timedelta(hours=8)))
    assert article.published.precision == "minute"
    assert article.dated_by == "meta publishdate, its time by the head of the article"


@pytest.mark.parametrize("label", ["Last modified: ", "Updated on ", "最后更新：", "Letzte Aktualisierung: "])
def test_a_change_dates_only_a_page_without_another_date_and_is_named(label: str, page: Page, read: Extract) -> None:
    text = "".join(f"<p>Line {number} of what the page says.</p>" for number in range(40))
    changed = f"{text}<p>{label}2026-03-09</p>"
    assert read(page(changed)).dated_by == "its last change, the only date on the page"
    other = read(page(f"<p>2026-03-08</p>{changed}")).published
    assert other is not None
    assert f"{other.at:%F}" == "2026-03-08"


def test_a_time_of_an_update_dates_nothing(page: Page, read: Extract) -> None:
    update = '<time class="updated" datetime="2026-03-09">9 March</time>'
    assert read(page(update)).published is None
    assert read(page(update + "<p>发布时间：2026-03-08</p>")).dated_by == "the text 发布时间"


def test_many_times_around_the_article_date_nothing(page: Page, read: Extract) -> None:
    others = "".join(f"<aside><time datetime=2026-03-{day:02}>then</time></aside>" for day in range(1, 9))
    article = read(page(others + "<main><time datetime=2026-04-01>then</time></main>"))
    assert article.published is not None
    assert article.published.at.date() == dt.date(2026, 4, 1)


@pytest.mark.parametrize(
    ("body", "by"),
    [
        ("<p>更新时间：2026-03-09 10:00</p><p>发布时间：2026-03-05</p>", "the text 发布时间"),
        ("<p>更新时间：2026-03-09 10:00 发布时间：2026-03-05</p>", "the text 发布时间"),
        ("<p>活动时间：2026-03-09</p><p>发布时间：2026-03-05</p>", "the text 发布时间"),
        ("<p>时间：2026-03-05 点击：12</p><p>更新时间：2026-03-09</p>", "the text 时间"),
        (
            "<table><tr><td>成文日期：</td><td>2026年3月1日</td><td>发布日期：</td><td>2026年3月5日</td></tr></table>",
            "the text 发布日期",
        ),
        ("<dl><dt>公开日期</dt><dd>2026年3月5日</dd></dl>", "the text 公开日期"),
        ("<p>成文日期：2026-03-05</p>", "the text 成文日期"),
        ("<div>Published</div><div>March 5, 2026</div>", "the text Published"),
        ("<p>This entry was posted on Thursday, March 5th, 2026 at 10:00 am</p>", "the text posted on"),
        ("<p>Dieser Beitrag wurde am Donnerstag, 5. März 2026 veröffentlicht</p>", "the text Beitrag wurde am"),
        ("<p>Der Artikel wurde am 5. März 2026 um 23:03 geschrieben</p>", "the text wurde am"),
    ],
)
def test_of_labels_the_plainest_counts_wherever_its_date_is(body: str, by: str, page: Page, read: Extract) -> None:
    article = read(page(body))
    assert article.published is not None
    assert (article.published.at.date(), article.dated_by) == (dt.date(2026, 3, 5), by)


@pytest.mark.parametrize("text", ["会议时间：2026-03-05", "Er wurde am 5. März 1999 geboren", "报名时间：2026-03-05"])
def test_a_moment_of_something_else_is_no_label(text: str, page: Page, read: Extract) -> None:
    assert not read(page(f"<p>{text}</p>")).dated_by.startswith("the text")


def test_times_that_say_nothing_for_machines_are_distinguished_by_their_text(page: Page, read: Extract) -> None:
    others = "".join(f"<p><time>2026-03-0{day}</time></p>" for day in range(1, 9))
    assert read(page(others)).dated_by != "<time>"
    assert read(page("<p><time>2026-03-01</time></p>")).dated_by == "<time>"


@pytest.mark.parametrize("ending", ["}", ",}"])
def test_what_a_page_states_for_baidu_is_read_even_where_it_is_no_json(ending: str, page: Page, read: Extract) -> None:
    stated = f'"@context":"https://ziyuan.baidu.com/contexts/cambrian.jsonld","pubDate":"2026-03-05T11:10:52"{ending}'
    head = f'<script type="application/ld+json">{{{stated}</script>'
    article = read(page("<p>发布时间：2026-03-08</p>", head), timezone="Asia/Shanghai")
    assert article.published is not None
    assert article.published.at.isoformat() == "2026-03-05T11:10:52+08:00"
    assert article.dated_by == "JSON-LD pubDate"


def test_a_byline_dates_a_page_that_says_nothing_else(page: Page, read: Extract) -> None:
    article = read(page('<div class="postmeta">am 12. August 2025 von Anna</div>'))
    assert article.published is not None
    assert article.published.at.date() == dt.date(2025, 8, 12)
    assert article.dated_by == "a date on the page"


@pytest.mark.parametrize(("text", "day"), [("on 1 June 2025", "2025-06-01"), ("in June 2025 or so", None)])
def test_a_first_of_a_month_must_be_written(text: str, day: str | None, page: Page, read: Extract) -> None:
    article = read(page(f'<div class="post-meta">{text}</div>'))
    assert (article.published.at.date().isoformat() if article.published else None) == day


@pytest.mark.parametrize(
    ("stated", "at"),
    [("18-03-0823:16", "2018-03-08T23:16"), ("2018-03-0823:16", "2018-03-08T23:16"), ("18-03-08", "2018-03-08T00:00")],
)
def test_short_years_and_glued_times_behind_a_label(stated: str, at: str, page: Page, read: Extract) -> None:
    published = read(page(f"<p>发布时间：{stated}</p>")).published
    assert published is not None
    assert published.at.isoformat()[:16] == at
