"""Lists found by themselves."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest

from monitor import sources
from monitor.model import Entry, Reading

NOW = dt.datetime(2026, 11, 21, 4, 0, tzinfo=dt.UTC)
URL = "https://www.example.gov.cn/xxgk/index.html"
TITLES = (
    "关于发布元宇宙产业行动计划的通知",
    "关于节假日安排的通知",
    "关于道路施工的公告",
    "关于公开招聘工作人员的公告",
    "关于征集互联网3.0应用场景的通告",
)
NAVIGATION = "<div class=nav>" + "".join(
    f"<a href=/{name}/>{name}</a>" for name in ("首页", "新闻中心", "政务公开", "办事服务", "互动交流", "关于我们")
) + "</div>"  # fmt: skip


def read(markup: str, url: str = URL) -> Reading:
    return sources.read(markup.encode(), url=url, kind="page", now=NOW, timezone="Asia/Shanghai")


def page(rows: str, *, before: str = NAVIGATION, after: str = "") -> str:
    return f"<html><head><title>通知公告</title></head><body>{before}{rows}{after}</body></html>"


def days(reading: Reading) -> list[str]:
    return [f"{entry.published.at:%m-%d}" if entry.published else "" for entry in reading.entries]


def titles(reading: Reading) -> list[str]:
    return [entry.title for entry in reading.entries]


def rows(each: Callable[[int, str], str]) -> str:
    return "".join(each(number, title) for number, title in enumerate(TITLES))


SHAPES = {
    "list": "<ul>" + rows(lambda n, t: f"<li><a href=/n{n}.html>{t}</a><span>2026-11-1{n}</span></li>") + "</ul>",
    "table": "<table>" + rows(
        lambda n, t: f"<tr><td>{n}<td><a href='n{n}.html'>{t}</a><td>2026年11月1{n}日</tr>") + "</table>",
    "paragraphs": rows(lambda n, t: f"<p>· <a href=n{n}.html>{t}</a> [11-1{n}]</p>"),
    "breaks": "<div>" + rows(lambda n, t: f"<a href=n{n}.html>{t}</a> (2026-11-1{n})<br>") + "</div>",
    "dates first": "<div>" + rows(lambda n, t: f"<span>2026-11-1{n}</span> <a href=n{n}.html>{t}</a><br>") + "</div>",
    "definitions": "<dl>" + rows(lambda n, t: f"<dt><a href=n{n}.html>{t}</a></dt><dd>2026-11-1{n}</dd>") + "</dl>",
    "cards": "<div>" + rows(lambda n, t: f"<a href=n{n}.html><div>11-1{n}</div><h3>{t}</h3><p>摘要</p></a>") + "</div>",
    "day and month in boxes": "<ul>" + rows(
        lambda n, t: f"<li><div><b>1{n}</b><i>2026-11</i></div><a href=n{n}.html>{t}</a></li>") + "</ul>",
    "day, month, then year": "<ul>" + rows(
        lambda n, t: f"<li><em>11-1{n}</em><i>2026</i><a href=n{n}.html>{t}</a></li>") + "</ul>",
    "month by name": "<ul>" + rows(
        lambda n, t: f"<li><b>1{n}</b><i>Nov 2026</i><a href=n{n}.html>{t}</a></li>") + "</ul>",
    "date in the link": "<ul>" + rows(
        lambda n, t: f"<li><a href=n{n}.html><span>2026-11-1{n}</span>{t}</a></li>") + "</ul>",
    "date behind the title": "<ul>" + rows(
        lambda n, t: f"<li><a href=n{n}.html>{t}（2026-11-1{n}）</a></li>") + "</ul>",
    "date in the address": "<ul>" + rows(
        lambda n, t: f"<li><a href=./202611/t2026111{n}_{n}.html>{t}</a></li>") + "</ul>",
    "a list for each day": rows(
        lambda n, t: f"<h4>2026年11月1{n}日</h4><ul><li><a href=n{n}.html>{t}</a></li></ul>"),
    "two lists": "<ul>" + rows(
        lambda n, t: f"<li><a href=n{n}.html>{t}</a><i>2026-11-1{n}</i></li>" + ("</ul><hr><ul>" if n == 2 else "")
    ) + "</ul>",
    "picture and more": "<div>" + rows(
        lambda n, t: f"<div class=item><a href=n{n}.html><img src=p></a><h3><a href=n{n}.html>{t}</a></h3>"
        f"<p>2026-11-1{n}</p><a href=n{n}.html>查看详情</a></div>") + "</div>",
    "label before the title": "<ul>" + rows(
        lambda n, t: f"<li><a href=/dept{n % 2}/>[经济和信息化委员会]</a><a href=n{n}.html>{t}</a><i>11-1{n}</i></li>"
    ) + "</ul>",
    "title beside the link": "<table>" + rows(
        lambda n, t: f"<tr><td>{t}</td><td>2026-11-1{n}</td><td><a href=n{n}.html>查看</a></td></tr>") + "</table>",
    "headings": rows(
        lambda n, t: f"<h1><div><a href=/n{n}>{t}</a></div><span>2026-11-1{n}</span></h1>"),
    "cells without a table": rows(
        lambda n, t: f"<ul><li><div>{n}</div><div><a href=/n{n}>{t}</a></div><div>渝文〔2026〕{n}号</div>"
        f"<div>2026-11-1{n}</div></li></ul>"),
    "dates with labels": "<ul>" + rows(
        lambda n, t: f"<li><a href=/n{n}>{t}</a><p><i>成文日期：2026-10-0{n + 1}</i>"
        f"<i>发布日期：2026-11-1{n}</i></p></li>"
    ) + "</ul>",
    "rows between lines": "<table>" + rows(
        lambda n, t: f"<tr><td><img src=dot></td><td><a href=/n{n}><font>{t}</font></a></td><td>(11-1{n})</td></tr>"
        "<tr><td colspan=3 background=line.gif></td></tr>") + "</table>",
    "opened by a click": "<ul>" + rows(
        lambda n, t: f"<li onclick=\"open('/xxgk/n{n}.html')\">{t}<i>2026-11-1{n}</i></li>") + "</ul>",
}  # fmt: skip


@pytest.mark.parametrize("shape", SHAPES)
def test_a_list_is_found_whatever_its_shape(shape: str) -> None:
    reading = read(page(SHAPES[shape], before=f"{NAVIGATION}<h2>通知公告</h2>", after="<p>版权所有 © 2026</p>"))
    assert reading.readable
    assert reading.title == "通知公告"
    assert [title.removesuffix(f"（2026-11-1{n}）") for n, title in enumerate(titles(reading))] == list(TITLES)
    assert days(reading) == ["11-10", "11-11", "11-12", "11-13", "11-14"]
    assert all(entry.url.startswith("https://www.example.gov.cn/") for entry in reading.entries)
    assert len({entry.key for entry in reading.entries}) == len(TITLES)


def test_navigation_side_boxes_and_related_pages_are_no_entries() -> None:
    box = "<div class=sidebar><ul>" + "".join(
        f"<li><a href=/hot{n}.html>热点新闻第{n}条的标题也是这么长的</a><i>2026-11-0{n}</i></li>" for n in range(1, 8)
    ) + "</ul></div>"  # fmt: skip
    footer = (
        "<footer>"
        + "".join(f"<p><a href=/f{n}>Office of the Commission number {n}</a></p>" for n in range(9))
        + "</footer>"
    )
    assert titles(read(page(SHAPES["list"], before=NAVIGATION + box, after=footer))) == list(TITLES)


@pytest.mark.parametrize(
    "markup",
    [
        page(""),
        page("<p>Please sign in.</p>"),
        page("<form><a href=/login>Sign in</a> <a href=/register>Register</a></form>"),
        page("<ul class=menu><li><a href=/a>About the commission and its members</a><li>"
             "<a href=/b>What the commission does</a><li><a href=/c>Where the commission can be found</a></ul>"),
    ],
)  # fmt: skip
def test_a_page_without_a_list_is_not_readable_and_says_so(markup: str) -> None:
    reading = read(markup)
    assert not reading.readable
    assert reading.entries == ()
    assert reading.problems == ("no list of entries was found on the page (“通知公告”)",)


@pytest.mark.parametrize("mark", ["", "[置顶]", "【置顶】 ", "<span>置顶</span>", "<em>[顶]</em>", "[Top] "])
def test_pinned_rows_and_rows_without_a_date_are_entries_too(mark: str) -> None:
    pinned = f"<li><b><font color=red><a href=top.html>{mark}关于征求意见稿的公告</a></font></b></li>"
    reading = read(page(SHAPES["list"].replace("<ul>", f"<ul>{pinned}")))
    assert titles(reading) == ["关于征求意见稿的公告", *TITLES]
    assert days(reading)[0] == ""


def test_a_day_without_a_year_is_the_latest_that_is_not_in_the_future() -> None:
    reading = read(page("<ul>" + rows(lambda n, t: f"<li><a href=n{n}.html>{t}</a><i>12-0{n + 1}</i></li>") + "</ul>"))
    assert {entry.published.at.year for entry in reading.entries if entry.published} == {2025}


def one(row: str, *, head: str = "") -> Entry:
    """Return the entry that a row gives, in a list with others."""
    listed = SHAPES["list"].replace("<ul>", f"<ul><li>{row}<i>2026-11-20</i></li>")
    markup = f"<html><head>{head}</head><body>{listed}</body></html>"
    return read(markup).entries[0]


@pytest.mark.parametrize(
    ("row", "title"),
    [
        ("<a href=a.html title='关于发布元宇宙产业行动计划（2026—2028年）的通知'>关于发布元宇宙产业行动计划...</a>",
         "关于发布元宇宙产业行动计划（2026—2028年）的通知"),
        ("<a href=a.html title='关于发布元宇宙产业行动计划（2026—2028年）的通知'>关于发布元宇宙产业行动计划…</a>",
         "关于发布元宇宙产业行动计划（2026—2028年）的通知"),
        ("<a href=a.html title='在新窗口打开'>关于发布元宇宙产业行动计划的通知</a>",
         "关于发布元宇宙产业行动计划的通知"),
        ("<a href=a.html title='关于发布元宇宙产业行动计划的通知'><img src=x></a>", "关于发布元宇宙产业行动计划的通知"),
        ("<a href=a.html><img src=x alt='关于发布元宇宙产业行动计划的通知'></a>", "关于发布元宇宙产业行动计划的通知"),
        ("<a href=a.html>• 关于<b>元宇宙</b>产业\n 行动计划的通知</a>", "关于元宇宙产业 行动计划的通知"),
        ("<a href=a.html>A &amp;amp; B publish a joint programme</a>", "A & B publish a joint programme"),
    ],
)  # fmt: skip
def test_titles_are_whole(row: str, title: str) -> None:
    assert one(row).title == title


@pytest.mark.parametrize(
    ("link", "head", "url"),
    [
        ("href=./202611/a.html", "", "https://www.example.gov.cn/xxgk/202611/a.html"),
        ("href=//cdn.example.cn/a.html", "", "https://cdn.example.cn/a.html"),
        ("href=a.html", "<base href='/other/'>", "https://www.example.gov.cn/other/a.html"),
        ("href='javascript:void(0)' onclick=\"window.open('/a.html')\"", "", "https://www.example.gov.cn/a.html"),
    ],
)
def test_addresses_are_absolute(link: str, head: str, url: str) -> None:
    assert one(f"<a {link}>关于发布元宇宙产业行动计划的通知</a>", head=head).url == url


@pytest.mark.parametrize(
    "heads",
    [
        ("标题", "文号", "成文日期", "发布日期"),
        ("Title", "No.", "Argued", "Decided"),
        ("Title", "No.", "Date", "Posted"),
    ],
)
def test_the_head_of_a_table_says_which_date_counts(heads: tuple[str, ...]) -> None:
    head = "<tr>" + "".join(f"<th>{text}</th>" for text in heads) + "</tr>"
    listed = rows(
        lambda n, t: (
            f"<tr><td><a href=/n{n}>{t}</a></td><td>{n}</td><td>2026-10-0{n + 1}</td><td>2026-11-1{n}</td></tr>"
        )
    )
    assert days(read(page(f"<table>{head}{listed}</table>"))) == ["11-10", "11-11", "11-12", "11-13", "11-14"]
    assert days(read(page(f"<table>{listed}</table>"))) == ["10-01", "10-02", "10-03", "10-04", "10-05"]


def test_a_sentence_next_to_the_title_is_the_summary() -> None:
    text = "该计划提出到2028年培育一批元宇宙龙头企业，建设若干产业园区，并在教育、文旅、制造等领域形成示范应用。"
    assert one(f"<a href=a.html>关于发布元宇宙产业行动计划的通知</a><p>{text}</p>").summary == text


def test_a_row_of_two_lists_is_one_entry_under_the_fuller_title() -> None:
    newest = "<div><h2><a href=/n0.html>关于发布元宇宙产业行动计划</a></h2><i>2026-11-10</i></div>" * 2
    reading = read(page(SHAPES["list"], before=newest))
    assert sorted(titles(reading)) == sorted(TITLES)


@pytest.mark.parametrize("encoding", ["gb18030", "utf-8", "big5"])
def test_pages_are_read_in_their_encoding(encoding: str) -> None:
    markup = page(SHAPES["list"]).replace("<head>", f"<head><meta charset={encoding}>")
    body = markup.encode(encoding, "replace")
    reading = sources.read(body, url=URL, kind="page", now=NOW)
    assert len(reading.entries) == len(TITLES)
    if encoding != "big5":
        assert titles(reading) == list(TITLES)


def test_keys_are_addresses_as_those_of_feeds() -> None:
    reading = read(page(SHAPES["list"].replace(".html>", ".html?utm_source=list>")))
    assert reading.entries[0].key == "https://example.gov.cn/n0.html"


def test_a_feed_is_read_with_a_hint() -> None:
    feed = "<?xml version='1.0'?><rss version='2.0'><channel><item><title>t</title><link>http://a.example/1</link></item></channel></rss>"
    reading = read(feed)
    assert titles(reading) == ["t"]
    assert reading.kind == "page"
    assert reading.problems[0] == 'it is a feed: use kind = "feed"'


def test_rows_in_preformatted_text_have_the_lines_behind_their_links() -> None:
    text = "".join(
        f"<a href=/{n}.pdf>{n}.pdf</a>  11/1{n}/2026  Commission v. Company {n} Limited\n   Court of Appeals\n\n"
        for n in range(4)
    )
    reading = sources.read(f"<pre>{text}</pre>".encode(), url=URL, kind="page", now=NOW)
    assert days(reading) == ["11-10", "11-11", "11-12", "11-13"]
    assert "Company 2 Limited" in titles(reading)[2]


def test_deep_markup_is_read_in_little_time() -> None:
    nested = "<div>" * 20_000 + "<a href=/a>x</a>" * 500
    assert not read(page(nested)).readable
