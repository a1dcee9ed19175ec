"""Pages that are no lists: what is around them is not news, and the problem says what the page is."""

from __future__ import annotations

import pytest

from tests.sources.page.offices import BOX, CHINESE, ENGLISH, chinese, english, read, titles

PARAGRAPHS = "".join(
    f"<p>{text}。各区县有关部门要高度重视，加强组织领导，明确责任分工，结合本地区实际，"
    "认真抓好贯彻落实，"
    "确保各项工作任务按期完成，重要情况及时报告市经济信息委。</p>"
    for text in ("为深入贯彻党的二十大精神", "现将有关事项通知如下", "一是突出重点领域", "二是强化要素保障",
                 "三是优化发展环境", "四是加强宣传引导", "五是做好统计监测", "六是严格督促检查")
)  # fmt: skip
SENTENCES = "".join(
    f"<p>The commission said in its {name} report that <a href=/topic/{n}123>the programme for open data</a> had been "
    f"extended, and that <a href=/org/{n}456>the agency for digital government</a> would publish its own figures "
    "before the end of the year, as the act requires it to do.</p>"
    for n, name in enumerate(("annual", "second", "third", "interim", "final", "latest"))
)
SHARES = "".join(
    f"<a href='https://{host}?url=x'>{name}</a> "
    for host, name in (
        ("www.facebook.com/sharer.php", "Share this article on Facebook"),
        ("twitter.com/intent/tweet", "Share this article on Twitter"),
        ("service.weibo.com/share/share.php", "Share this article on Weibo"),
    )
)
MENU = "<ul>" + "".join(f"<li><a href=/s/{n}/>{text}</a></li>" for n, text in enumerate((
    "About the Commission", "Press and Media Centre", "Publications and Reports", "Laws and Regulations",
    "Public Consultations", "Careers at the Commission"))) + "</ul>"  # fmt: skip
RELATED = "<div><h3>相关新闻</h3><ul>" + "".join(
    f"<li><a href=/dt/{n}001.html>{text}</a><span>2026-11-1{n}</span></li>" for n, text in enumerate(BOX)
) + "</ul></div>"  # fmt: skip

PAGES = {
    "an article": chinese(f"<h1>{CHINESE[0]}</h1><p>发布时间：2026-11-20 来源：办公室</p>{PARAGRAPHS}"),
    "an article with related news": chinese(f"<h1>{CHINESE[0]}</h1><p>2026-11-20</p>{PARAGRAPHS}{RELATED}"),
    "an article with links in its text": english(f"<h1>{ENGLISH[0]}</h1><p>20 November 2026</p>{SENTENCES}"),
    "an article to share": english(f"<h1>{ENGLISH[0]}</h1><p>20 November 2026</p><p>It is short.</p><p>{SHARES}</p>"),
    "an error": english("<h2>404: this page is not here</h2><p>Try one of these:</p>" + MENU),
    "an error in Chinese": chinese("<h2>您访问的页面不存在或已删除</h2><p><a href=/>返回首页</a></p>", title="404"),
    "no results": chinese("<ul class=list></ul><p>暂无数据</p>"),
    "a login": english("<form action=/login><input name=u><input type=password name=p></form>"
                       "<p><a href=/forgot>Forgotten your password?</a> <a href=/register>Create an account</a></p>"),
    "a parked domain": "<html><head><title>example.com is for sale</title></head><body>" + "".join(
        f"<div class=ad><a href=/search?q={n}>{text}</a></div>" for n, text in enumerate((
            "Business Class Flights", "Online Degree Courses", "Cheap Car Insurance", "Credit Card Offers"))
    ) + "</body></html>",
    "a way to the page": english(
        '<script type="application/ld+json">{"@type":"BreadcrumbList","itemListElement":['
        '{"@type":"ListItem","position":1,"name":"Press and Media Centre","item":"https://a.example/press/"},{"@type":"ListItem","position":2,'
        '"name":"Releases of the Commission","item":"https://a.example/press/releases/"}]}</script>'),
}  # fmt: skip


@pytest.mark.parametrize("name", PAGES)
def test_what_is_around_is_no_news(name: str) -> None:
    reading = read(PAGES[name])
    assert titles(reading) == []
    assert not reading.readable
    assert reading.problems[0].startswith("no list of entries was found on the page")


def test_a_list_with_an_introduction_is_a_list() -> None:
    listed = "".join(f"<li><a href=/n{n}.html>{t}</a><span>2026-11-0{n + 1}</span></li>" for n, t in enumerate(CHINESE))
    introduction = PARAGRAPHS[: PARAGRAPHS.index("一是")].rsplit("<p>", 1)[0]
    assert titles(read(chinese(f"{introduction}<ul>{listed}</ul>"))) == list(CHINESE)


def test_rows_with_long_summaries_are_a_list() -> None:
    listed = "".join(
        f"<div class=i><h3><a href=/n{n}.html>{t}</a></h3><p>{PARAGRAPHS[3:120]}</p></div>"
        for n, t in enumerate(CHINESE)
    )
    assert titles(read(chinese(listed))) == list(CHINESE)


def test_dates_of_the_page_do_not_make_its_menu_a_list() -> None:
    assert not read(english(f"<p>Friday, 20 November 2026</p>{MENU}")).readable


LOADED = {
    "ajax": "$.ajax({{url: '{}', type: 'get', dataType: 'json', success: show}});",
    "post": "$.post('{}', {{page: 1}}, function (d) {{ $('#list').html(d); }});",
    "axios": "axios.get(\"{}\").then(r => this.rows = r.data)",
    "axios by table": "axios({{ method: 'post', url: '{}', data: q }})",
    "fetch": "fetch('{}').then(r => r.json())",
    "request": "var x = new XMLHttpRequest(); x.open('POST', '{}', true);",
    "named": "var listUrl = '{}'; load(listUrl);",
    "jquery load": "$('#list').load('{}');",
}  # fmt: skip


@pytest.mark.parametrize("how", LOADED)
def test_a_page_whose_rows_a_script_loads_says_from_where(how: str) -> None:
    script = LOADED[how].format("/common/search/e2f1?_isAgg=true&_pageSize=20&channelid=1")
    reading = read(chinese(f"<div id=list>正在加载…</div><script>{script}</script>"))
    assert titles(reading) == []
    assert reading.problems[0] == (
        "rows are loaded by a script from http://jjxxw.example.gov.cn/common/search/e2f1?_isAgg=true&_pageSize=20&channelid=1"
        ': use kind = "api"'
    )
