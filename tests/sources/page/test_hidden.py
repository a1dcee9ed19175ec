"""Lists that no selector reaches, and those that are not on the page."""

from __future__ import annotations

import datetime as dt

import pytest

from monitor import sources
from monitor.model import Reading
from monitor.sources.page.literals import arrays_of_records, string_values, unquote

NOW = dt.datetime(2026, 11, 21, 4, 0, tzinfo=dt.UTC)
URL = "https://www.example.gov.cn/col/list.html"
NAVIGATION = "<ul>" + "".join(f"<li><a href=/c{n}/>Commission section number {n}</a></li>" for n in range(8)) + "</ul>"
TITLES = ["关于发布元宇宙产业行动计划的通知", "关于公开招聘工作人员的公告", "关于道路施工的公告"]
ROWS = [f'<li><a href="/art/{n}.html">{title}</a><span>2026-11-1{n}</span></li>' for n, title in enumerate(TITLES)]


def read(markup: str) -> Reading:
    body = f"<html><title>通知</title><body>{NAVIGATION}{markup}</body></html>".encode()
    return sources.read(body, url=URL, kind="page", now=NOW, timezone="Asia/Shanghai")


def cdata(rows: list[str]) -> str:
    return "<recordset>" + "".join(f"<record><![CDATA[{row}]]></record>" for row in rows) + "</recordset>"


FIELDS = "".join(
    f"urls[i]='./{n}.html';headers[i]=\"{title}\";year[i]='2026';month[i]='11';day[i]='1{n}';i++;"
    for n, title in enumerate(TITLES)
)
OBJECTS = ",".join(
    f'{{"id":{n},"title":"{title}","url":"/art/{n}.html","pubDate":"2026-11-1{n}"}}' for n, title in enumerate(TITLES)
)
LOOSE = ",".join(
    f"{{id: {n}, docTitle: '{title}', linkUrl: 'art/{n}.html', publishTime: '2026/11/1{n}', top: false,}}"
    for n, title in enumerate(TITLES)
)

TEXTS = ",".join(
    f'{{"id":{n},"docTitle":"{title}","docPubUrl":"/art/{n}.html","publishedTimeStr":"2026-11-1{n} 09:00"}}'
    for n, title in enumerate(TITLES)
)
ESCAPED = OBJECTS.replace('"', "&quot;")
BOX = "<div class=right><ul>" + "".join(
    f"<li><a href=/box/{n}.html>{text}</a><i>2026-11-0{n + 1}</i></li>" for n, text in enumerate(
        ("市领导调研软件和信息服务业发展情况", "全市工业经济运行分析会召开"))) + "</ul></div>"  # fmt: skip

PLACES = {
    "comment": f"<!-- <ul>{''.join(ROWS)}</ul> -->",
    "records in a script": f'<script type="text/xml"><datastore>{cdata(ROWS)}</datastore></script>',
    "records in the page": f"<div><datastore><totalrecord>3</totalrecord>{cdata(ROWS)}</datastore></div>",
    "document.write": "<script>" + "".join(f"document.write('{row}');" for row in ROWS) + "</script>",
    "escaped markup": '<script>var html = "' + "".join(ROWS).replace('"', '\\"').replace("/", "\\/") + '";</script>',
    "fields": f"<script>var i=0; {FIELDS}</script>",
    "json in an element": f"<abbr id=json style='display:none'>[{OBJECTS}]</abbr>",
    "json in a script": f'<script type="application/json">{{"page": {{"rows": [{OBJECTS}]}}}}</script>',
    "json within records": f'<script>var d = [{{"name": "通知", "list": [{OBJECTS}]}}];</script>',
    "loose objects": f"<script>/* rows */ const rows = [ // all\n{LOOSE}, ];</script>",
    "dates as texts": f'<abbr id=json>{{"data": {{"list": [{TEXTS}]}}}}</abbr>',
    "tuples": "<script>var rows = ["
    + ",".join(f"['{title}', './{n}.html', '2026-11-1{n}']" for n, title in enumerate(TITLES))
    + "];</script>",
    "arrays made new": "<script>"
    + "".join(f"list[{n}] = new Array('{title}', '/art/{n}.html', '2026-11-1{n}');" for n, title in enumerate(TITLES))
    + "</script>",
    "pushes": "<script>"
    + "".join(
        f"rows.push({{title: '{title}', url: '/art/{n}.html', date: '2026-11-1{n}'}});"
        for n, title in enumerate(TITLES)
    )
    + "</script>",
    "json in an attribute": f'<list-view :data="[{ESCAPED}]"></list-view>',
    "json in a string": '<script>var d = JSON.parse("[' + OBJECTS.replace('"', '\\"') + ']")</script>',
    "markup in a field": f"<textarea style='display:none'><ul>{''.join(ROWS)}</ul></textarea>",
    "markup in a script": f"<script type='text/html'><ul>{''.join(ROWS)}</ul></script>",
    "json in a field": "<input type=hidden value='[" + OBJECTS + "]'>",
}


@pytest.mark.parametrize("box", ["", BOX], ids=["alone", "beside a box"])
@pytest.mark.parametrize("place", PLACES)
def test_rows_are_read_without_running_scripts(place: str, box: str) -> None:
    reading = read(PLACES[place] + box)
    assert reading.readable
    assert [entry.title for entry in reading.entries] == TITLES
    assert [f"{entry.published.at:%d}" for entry in reading.entries if entry.published] == ["10", "11", "12"]
    assert all(entry.url.startswith("https://www.example.gov.cn/") for entry in reading.entries)


@pytest.mark.parametrize(
    ("script", "address"),
    [
        ("$.ajax({type: 'post', url: '/api/list.json', data: {}})", "https://www.example.gov.cn/api/list.json"),
        ("fetch(`/search/query?page=1`).then(show)", "https://www.example.gov.cn/search/query?page=1"),
        ("$.getJSON('data.json', show)", "https://www.example.gov.cn/col/data.json"),
        ("x.open('GET', '//api.example.cn/news')", "https://api.example.cn/news"),
        ("$.get('/count.do'); axios.get('/portal/articleList.do')", "https://www.example.gov.cn/portal/articleList.do"),
    ],
)
def test_rows_that_a_script_loads_are_said_and_navigation_is_no_news(script: str, address: str) -> None:
    reading = read(f"<div id=list></div><script>{script}</script>")
    assert not reading.readable
    assert reading.entries == ()
    assert reading.problems == (f'rows are loaded by a script from {address}: use kind = "api"',)


def test_a_list_that_is_seen_goes_before_what_a_script_may_load() -> None:
    reading = read(f"<ul>{''.join(ROWS)}</ul><script>$.get('/api/list.json')</script>")
    assert [entry.title for entry in reading.entries] == TITLES


def test_what_is_commented_out_and_not_dated_is_no_list() -> None:
    reading = read(
        "<!--" + "".join(f"<p><a href=/o{n}>An old line that was taken away {n}</a></p>" for n in range(4)) + "-->"
    )
    assert not any("old line" in entry.title for entry in reading.entries)


def test_moments_may_be_counted_from_1970() -> None:
    rows = ",".join(
        f'{{"title":"{title}","url":"/{n}.html","date":{1_763_000_000_000 + n}}}' for n, title in enumerate(TITLES)
    )
    rows += ',{"title":"关于未来的公告","url":"/f.html","date":1999999999},{"title":"无","date":1763000000}'
    reading = read(f"<script>var rows = [{rows}]</script>")
    assert [entry.published is not None for entry in reading.entries] == [True, True, True, False]


def test_records_without_titles_or_addresses_are_no_rows() -> None:
    reading = read(
        '<script>var menu = [{"id": 1, "open": true}, {"id": 2}]; var s = [{"title": "短", "url": "/a"}]</script>'
    )
    assert reading.entries == ()


@pytest.mark.parametrize(
    ("script", "found"),
    [
        ("", []),
        ("[{", []),
        ("x = [{a: 1}]", [[{"a": 1}]]),
        ("[{'a': 'it\\'s', b: undefined, c: [1, 2,],}]", [[{"a": "it's", "b": None, "c": [1, 2]}]]),
        ('[{"a": "]}"}]; [{"b": 1}]', [[{"a": "]}"}], [{"b": 1}]]),
        ("[{bad: }] [{b: true}]", [[{"b": True}]]),
        ("t[0]='a';t[1]='b';", [[{"t": "a"}, {"t": "b"}]]),
    ],
)
def test_arrays_of_scripts(script: str, found: list[object]) -> None:
    assert list(arrays_of_records(script)) == found


def test_strings_of_scripts() -> None:
    assert string_values(r"""f("a\n\"b\"", 'c\u4e2d\x41\/')""") == ['a\n"b"', "c中A/"]
    assert unquote("''") == ""


@pytest.mark.slow
def test_much_nesting_and_many_brackets_end() -> None:
    assert list(arrays_of_records("[{" * 200_000)) == []
    assert list(arrays_of_records('[{"a":' * 5_000)) == []


def test_patterns_for_rows_are_no_rows() -> None:
    pattern = "".join(f"<li><a href='/{n}/{{{{url}}}}.html'>{{{{title}}}} of the row {n}</a></li>" for n in range(4))
    assert not read(f"<script type='text/template'><ul>{pattern}</ul></script>").readable
