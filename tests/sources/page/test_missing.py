"""Boxes next to the place of a list that a script fills, or that is empty: they are not its list without a word."""

from __future__ import annotations

import pytest

from tests.sources.page.offices import CHINESE, chinese, read, titles

ROW_TITLES = list(CHINESE[:5])
ROWS = "".join(
    f"<li><a href=/art/{n}.html>{title}</a><i>2026-11-{10 + n}</i></li>" for n, title in enumerate(ROW_TITLES)
)
LIST = f"<div class=main><ul>{ROWS}</ul></div>"
BOX = f"<div class=right><ul>{ROWS}</ul></div>"
NAMED_BOX = f"<div class=hot-news><ul>{ROWS}</ul></div>"
PLACE = "<div class=main><ul id=rows></ul></div>"
ASKS = "$.ajax({url: '/api/article/list', success: function (d) { $('#rows').html(show(d)) }})"
PATTERN = "<div v-for='row in rows'><a :href='row.url'>{{ row.title }}</a></div>"
API = "http://jjxxw.example.gov.cn/api/article/list"


def page(markup: str, script: str = "") -> str:
    return chinese(markup + (f"<script>{script}</script>" if script else ""))


@pytest.mark.parametrize(
    "script",
    [
        ASKS,
        ASKS.replace("$('#rows').html(", "document.getElementById('rows').innerHTML = ("),
        "new Vue({el: '#rows', created() { axios.get('/api/article/list') }})",
        "fetch('/api/article/list').then(d => document.querySelector(\"#rows\").append(d))",
    ],
)
def test_a_box_next_to_the_place_of_a_loaded_list_is_reported(script: str) -> None:
    reading = read(page(PLACE + BOX, script))
    assert titles(reading) == ROW_TITLES
    (problem,) = reading.problems
    assert problem.startswith(f"the page has an empty place that a script fills from {API}: if these entries are not")


def test_what_is_named_a_box_is_not_given_for_the_list_that_is_loaded() -> None:
    reading = read(page(PLACE + NAMED_BOX, ASKS))
    assert (reading.entries, reading.readable) == ((), False)
    assert reading.problems == (f'rows are loaded by a script from {API}: use kind = "api"',)


@pytest.mark.parametrize(("box", "count"), [(BOX, 5), (NAMED_BOX, 0), ("", 0)])
def test_a_pattern_of_rows_is_reported_where_no_request_is_seen(box: str, count: int) -> None:
    reading = read(page(PATTERN + box + "<script src=/app.js></script>"))
    assert len(reading.entries) == count
    assert len(reading.problems) == 1
    assert "script" in reading.problems[0]
    assert 'kind = "api"' in reading.problems[0]


@pytest.mark.parametrize("root", ["<div id=app></div>", "<div id=root> Loading… </div>"])
def test_a_page_that_a_script_builds_says_so(root: str) -> None:
    reading = read(f"<html><title>Office</title><body>{root}<script src=/static/main.js></script></body></html>")
    assert not reading.readable
    assert reading.problems[0].startswith("rows are loaded by a script from an address that is not on the page")


@pytest.mark.parametrize(
    "markup",
    [
        LIST,
        f"{LIST}<div id=visits></div>",
        f"{LIST}<div id=rows><img src=/wait.gif></div>",
        f"{LIST}<ul id=rows><li><a href=/more>more</a></li></ul>",
        f"<div id=rows>{ROWS}</div>",
    ],
)
def test_a_list_whose_page_has_no_empty_place_for_rows_is_read_without_a_word(markup: str) -> None:
    reading = read(page(markup, ASKS))
    assert titles(reading) == ROW_TITLES
    assert reading.problems == ()


@pytest.mark.parametrize(
    "words", ["暂无数据", "对不起，没有找到相关信息！", "暂无相关公告。", "No records found.", "查無資料"]
)
def test_an_empty_list_is_reported_and_no_named_box_replaces_it(words: str) -> None:
    empty = f"<div class=main><ul><li>{words}</li></ul></div>"
    with_box = read(page(empty + BOX))
    assert titles(with_box) == ROW_TITLES
    assert words in with_box.problems[0]
    boxed = read(page(empty + NAMED_BOX))
    assert (boxed.entries, boxed.problems) == ((), (f"the list is empty: the page says “{words}”",))


@pytest.mark.parametrize("words", ["没有更多了", "暂无评论", "No news is good news"])
def test_other_words_say_nothing_of_the_list(words: str) -> None:
    assert read(page(f"{LIST}<p>{words}</p>")).problems == ()


def test_a_long_list_needs_no_such_look() -> None:
    rows = "".join(f"<li><a href=/a/{n}.html>{title}</a><i>2026-11-0{n % 9 + 1}</i></li>" for n, title in enumerate(
        [f"{title}（{part}）" for part in "一二三" for title in ROW_TITLES]))  # fmt: skip
    reading = read(page(f"<div class=main><ul>{rows}</ul></div>{PLACE}", ASKS))
    assert (len(reading.entries), reading.problems) == (15, ())


@pytest.mark.parametrize(
    ("markup", "address"),
    [
        ("<iframe src='/frame.html'></iframe>", "http://jjxxw.example.gov.cn/frame.html"),
        ("<meta http-equiv=Refresh content='0; URL=../new/'>", "http://jjxxw.example.gov.cn/zwgk/new/"),
        ("<iframe src='https://player.example/v'></iframe><iframe src='list.html'></iframe>",
         "http://jjxxw.example.gov.cn/zwgk/tzgg/list.html"),
    ],
)  # fmt: skip
def test_a_page_without_a_list_says_what_it_shows_or_leads_on_to(markup: str, address: str) -> None:
    (problem,) = read(page(markup)).problems
    assert problem.endswith(f"; it shows or redirects to {address}: try that address as url")
