"""Lists of offices and agencies: all their rows, and nothing else of the page."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.sources.page.offices import CHINESE, DAYS, ENGLISH, box, chinese, days, english, read, titles

Row = Callable[[int, str], str]


def rows(titles: tuple[str, ...], row: Row) -> str:
    return "".join(row(number, title) for number, title in enumerate(titles))


def of(row: Row, around: str = "<ul class=list>{}</ul>") -> str:
    return around.replace("{}", rows(CHINESE, row))


def iso(number: int) -> str:
    return DAYS[number].isoformat()


def han(number: int) -> str:
    day = DAYS[number]
    return f"{day.year}年{day.month}月{day.day}日"


def address(number: int) -> str:
    return f"./{DAYS[number]:%Y%m}/t{DAYS[number]:%Y%m%d}_{1000 + number}.html"


HEAD = "<tr><th>索引号</th><th>名称</th><th>文号</th><th>发文日期</th></tr>"
DATED: dict[str, str] = {
    "list, link and span": of(lambda n, t: f'<li><a href="{address(n)}" target="_blank">{t}</a><span>{iso(n)}'
        f'</span></li>'),
    "list, span and link": of(lambda n, t: f'<li><span class="date">[{iso(n)}]</span><a href="{address(n)}">{t}'
        f'</a></li>'),
    "list with gaps": of(lambda n, t: f'<li><a href={address(n)}>{t}</a><b>{iso(n)}</b></li>' + (
        "<li class=line></li>" if n % 5 == 4 else "")),
    "five to a list": of(lambda n, t: f'<li><a href={address(n)}>{t}</a><b>{iso(n)}</b></li>' + (
        "</ul><ul class=list>" if n % 5 == 4 else "")),
    "table with index numbers": of(
        lambda n, t: f"<tr><td>009275780/2026-0{n:03d}</td><td><a href={address(n)} title='{t}'>{t[:18]}...</a></td>"
        f"<td>渝经信〔2026〕{n + 3}号</td><td>{iso(n)}</td></tr>", f"<table class=zfxxgk_table>{HEAD}{{}}</table>"),
    "table in a table": of(
        lambda n, t: f"<tr><td width=20><img src=/images/dot.gif></td><td><a class=blue href={address(n)}>{t}</a></td>"
        f"<td>({iso(n)})</td></tr>", "<table><tr><td><table><tr><td><table>{}</table></td></tr></table></td>"
        "</tr></table>"),
    "a table for each row": of(
        lambda n, t: f"<table width=100%><tr><td><a href={address(n)}>{t}</a></td><td>{iso(n)}</td></tr></table>",
        "<div id=list>{}</div>"),
    "definitions": of(
        lambda n, t: f"<dl><dt>{DAYS[n]:%d}<span>{DAYS[n]:%Y-%m}</span></dt><dd><a href={address(n)}>{t}</a></dd></dl>",
        "<div class=l>{}</div>"),
    "one definition list": of(
        lambda n, t: f"<dt><a href={address(n)}>{t}</a></dt><dd class=time>{iso(n)}</dd>", "<dl>{}</dl>"),
    "boxes of day and month": of(
        lambda n, t: f"<div class=item><div class=date><b>{DAYS[n]:%d}</b><i>{DAYS[n]:%Y-%m}</i></div>"
        f"<div class=txt><h4><a href={address(n)}>{t}</a></h4>"
        f"<p>为贯彻落实市委、市政府工作部署，现将有关事项通知如下……</p></div></div>",
        "<div class=news>{}</div>"),
    "boxes of month and day": of(
        lambda n, t: f"<li><a href={address(n)}><p class=d><span>{DAYS[n]:%m-%d}</span><em>{DAYS[n]:%Y}</em></p>"
        f"<h5>{t}</h5></a></li>"),
    "day and month by number": of(
        lambda n, t: f"<li><div><h2>{DAYS[n]:%d}</h2><p>{DAYS[n].year}年{DAYS[n].month}月</p></div>"
        f"<a href={address(n)}>{t}</a></li>"),
    "day over slashed month": of(
        lambda n, t: f"<li><div><span>{DAYS[n]:%d}</span><span>{DAYS[n]:%Y/%m}</span></div>"
        f"<a href={address(n)}>{t}</a></li>"),
    "without the year": of(lambda n, t: f"<li><a href={n}.html>{t}</a><em>{DAYS[n]:%m-%d}</em></li>"),
    "year in two digits": of(lambda n, t: f"<li><a href={n}.html>{t}</a><em>{DAYS[n]:%y-%m-%d}</em></li>"),
    "dots": of(lambda n, t: f"<li><a href={n}.html>{t}</a><em>{DAYS[n]:%Y.%m.%d}</em></li>"),
    "with the hour": of(lambda n, t: f"<li><a href={n}.html>{t}</a><em>{iso(n)} 09:3{n}:00</em></li>"),
    "labelled": of(
        lambda n, t: f"<li><h3><a href={n}.html>{t}</a></h3><p>来源：<i>办公室"
        f"</i> 发布时间：{han(n)} 浏览次数：{n + 31}</p></li>"),
    "in the link": of(lambda n, t: f"<li><a href={n}.html><i>{iso(n)}</i><span>{t}</span></a></li>"),
    "cards with pictures": of(
        lambda n, t: f"<div class=card><a href={n}.html><img src=/p{n}.jpg alt='{t}'></a><div>"
        f"<a href={n}.html class=t>{t}</a>"
        f"<span>{iso(n)}</span><a href={n}.html>查看详情&gt;&gt;</a></div></div>", "<div class=grid>{}</div>"),
    "with a column's name": of(
        lambda n, t: f"<li><a href=/zwgk/c{n % 3}/>[通知公告]</a> <a href={n}.html>{t}</a> <span>{iso(n)}</span></li>"),
    "with an attachment": of(
        lambda n, t: f"<li><a href={n}.html>{t}</a> <a href=/f{n}.pdf>下载</a> <span>{iso(n)}</span></li>"),
    "breaks": of(lambda n, t: f"·<a href={n}.html>{t}</a>&nbsp;&nbsp;({iso(n)})<br>", "<div>{}</div>"),
    "paragraphs": of(lambda n, t: f"<p><span>{iso(n)}</span> <a href={n}.html>{t}</a></p>", "<div>{}</div>"),
    "articles": of(
        lambda n, t: f"<article><header><h2><a href={n}.html>{t}</a></h2>"
        f"<time datetime='{iso(n)}T09:00:00+08:00'>{han(n)}"
        "</time></header><p>摘要文字。</p></article>", "<div>{}</div>"),
    "years of the republic": of(
        lambda n, t: f"<li><a href={n}.html>{t}</a><em>{DAYS[n].year - 1911}.{DAYS[n]:%m.%d}</em></li>"),
    "opened by a script": of(
        lambda n, t: f"<li><a href='javascript:void(0)' onclick=\"openDoc('/zwgk/{n}.html')\">{t}</a>"
        f"<em>{iso(n)}</em></li>"),
    "links without quotes and hosts": of(
        lambda n, t: f"<li><a target=_blank href=//jjxxw.example.gov.cn/zwgk/tzgg/{n}.html>{t}</a><em>{iso(n)}"
        f"</em></li>"),
    "numbered": of(
        lambda n, t: f"<tr><td>{n + 1}</td><td><a href={n}.html>{t}</a></td><td>产业处</td><td>{n * 37}</td>"
        f"<td>{iso(n)}</td></tr>",
        "<table><tr><td>序号</td><td>标题</td><td>部门</td><td>点击</td><td>日期</td></tr>{}</table>"),
    "lists of blocks": of(
        lambda n, t: f"<div class=row><div class=col-9><a href={n}.html title='{t}'>{t[:14]}…</a></div>"
        f"<div class=col-3>{iso(n)}</div></div>", "<div class=list>{}</div>"),
}  # fmt: skip


@pytest.mark.parametrize("side", ["", box("right"), box("sidebar")], ids=["plain", "box", "named box"])
@pytest.mark.parametrize("name", DATED)
def test_a_list_of_an_office_is_read_whole(name: str, side: str) -> None:
    reading = read(chinese(f"<h2>通知公告</h2>{DATED[name]}", side=side))
    assert titles(reading) == list(CHINESE)
    assert days(reading) == DAYS
    assert all(entry.url.startswith("http://jjxxw.example.gov.cn/") for entry in reading.entries)
    assert reading.problems == ()


AGENCY: dict[str, Row] = {
    "list": lambda n, t: f"<li><a href=/news/{n}>{t}</a> <span>{DAYS[n]:%d %B %Y}</span></li>",
    "posted": lambda n, t: f"<div class=views-row><h3><a href=/news/{n}>{t}</a></h3>"
        f"<p>Posted: {DAYS[n]:%B %d, %Y}</p></div>",
    "cards": lambda n, t: f"<article class=card><a href=/news/{n}><img src=p.jpg alt=''><h3>{t}</h3></a>"
        f"<p>A short text about it.</p>"
                          f"<time datetime={iso(n)}>{DAYS[n]:%b %d}</time><a href=/news/{n}>Read more</a></article>",
    "table": lambda n, t: f"<tr><td>{DAYS[n]:%m/%d/%Y}</td><td><a href=/news/{n}.pdf>{t}</a> (PDF)</td>"
        f"<td>Press office</td></tr>",
    "dates first": lambda n, t: f"<p><strong>{DAYS[n]:%b. %d, %Y}</strong> &ndash; <a href=/news/{n}>{t}</a></p>",
    "kinds": lambda n, t: f"<div class=teaser><span class=type>Press release</span> | <span>{DAYS[n]:%d/%m/%Y}</span>"
                          f"<h4><a href=/news/{n}>{t}</a></h4></div>",
    "tags": lambda n, t: f"<div class=i><a href=/news/{n}>{t}</a><div>{DAYS[n]:%A, %d %B %Y}</div>"
        f"<a href=/t/a>Economy</a>"
                         "<a href=/t/b>Digital policy</a></div>",
    "in brackets": lambda n, t: f"<li><a href=/news/{n}>{t}</a> ({DAYS[n]:%B} {DAYS[n].day}, {DAYS[n].year})</li>",
}  # fmt: skip


@pytest.mark.parametrize("name", AGENCY)
def test_a_list_of_an_agency_is_read_whole(name: str) -> None:
    listed = rows(ENGLISH, AGENCY[name])
    tag = {"table": "table", "list": "ul", "in brackets": "ul"}.get(name, "div")
    reading = read(english(f"<{tag}>{listed}</{tag}>"))
    assert titles(reading) == list(ENGLISH)
    assert days(reading) == DAYS


@pytest.mark.parametrize("encoding", ["gb18030", "gbk", "big5"])
def test_old_encodings_are_read(encoding: str) -> None:
    wanted = (
        CHINESE
        if encoding != "big5"
        else ("公告第一期招標案件的開標結果", "臺北市政府公務人員甄選簡章", "訂定資料交換準則之公告")
    )
    listed = "".join(f"<li><a href={n}.html>{t}</a><span>{iso(n)}</span></li>" for n, t in enumerate(wanted))
    head = (
        f"<meta http-equiv=Content-Type content='text/html; charset={encoding if encoding != 'gb18030' else 'gb2312'}'>"
    )
    markup = f"<html><head>{head}</head><body><ul>{listed}</ul></body></html>"
    assert titles(read(markup.encode(encoding))) == list(wanted)


def test_a_title_that_is_cut_is_taken_whole_from_its_attribute() -> None:
    for cut in ("...", "…", "……", ".."):
        listed = of(lambda n, t, cut=cut: f"<li><a href={n}.html title='{t}'>{t[:9]}{cut}</a><i>{iso(n)}</i></li>")  # type: ignore[misc]
        assert titles(read(chinese(listed))) == list(CHINESE)


def test_pinned_rows_are_rows() -> None:
    pinned = (
        "<li class=top><i>[置顶]</i><a href=top.html>关于公开征集元宇宙典型案例的公告</a><span>2024-01-05</span></li>"
    )
    listed = DATED["list, link and span"].replace("<ul class=list>", f"<ul class=list>{pinned}")
    reading = read(chinese(listed))
    assert titles(reading) == ["关于公开征集元宇宙典型案例的公告", *CHINESE]
    assert f"{reading.entries[0].published.at:%F}" == "2024-01-05" if reading.entries[0].published else False


def test_tabs_with_lists_of_their_own_are_all_read() -> None:
    halves = (CHINESE[:4], CHINESE[4:])
    tabs = "".join(
        f"<div class=tab-pane id=t{k}><ul>" + "".join(
            f"<li><a href=/{k}/{n}.html>{t}</a><span>{iso(4 * k + n)}</span></li>" for n, t in enumerate(half)
        ) + "</ul></div>"
        for k, half in enumerate(halves)
    )  # fmt: skip
    reading = read(chinese(f"<div class=tabs><a href=#t0>政策文件</a><a href=#t1>公示公告</a></div>{tabs}"))
    assert titles(reading) == list(CHINESE)
    assert days(reading) == DAYS


def test_rows_without_dates_are_read_where_there_is_nothing_else() -> None:
    listed = of(lambda n, t: f"<li><a href=/content/{n}.html>{t}</a></li>")
    assert titles(read(chinese(listed))) == list(CHINESE)


def test_relative_addresses_follow_the_base() -> None:
    listed = of(lambda n, t: f"<li><a href=../a/{n}.html>{t}</a><span>{iso(n)}</span></li>")
    reading = read(chinese(listed, head="<base href='https://static.example.cn/x/y/'>"))
    assert reading.entries[1].url == "https://static.example.cn/x/a/1.html"
