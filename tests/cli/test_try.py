"""`monitor try` without a kind, and with that of an article."""

from __future__ import annotations

import datetime as dt
import gzip
import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from monitor.app.inspect import inspect_source
from monitor.clock import SystemClock
from monitor.fetch import FetchError
from monitor.model import Source
from tests.support.commands import Monitor
from tests.support.configuration import Write
from tests.support.world import Row, World

pytestmark = pytest.mark.slow

ROWS = [Row(f"District opens laboratory number {age} for tests", f"/n/{age}.html", age=age * 60) for age in range(1, 9)]
ITEMS = "".join(f"<li><a href='{row.path}'>{row.title}</a><span>2026-11-20</span></li>" for row in ROWS)
LIST = f"<!doctype html><html><head><title>Notices</title></head><body><ul>{ITEMS}</ul></body></html>"
URLSET = "<urlset><url><loc>https://a.example/1</loc></url></urlset>"
SENTENCE = "两江新区启动第三代互联网实验室建设，首批二十三家企业入驻产业园。"
ARTICLE = f"""<!doctype html><html lang="zh-CN"><head><title>两江新区启动实验室建设</title>
<meta property="article:published_time" content="2026-11-20T09:30:00+08:00">
<meta property="og:site_name" content="两江新区">
</head><body><h1>两江新区启动实验室建设</h1><div>来源：重庆日报</div>
<article>{"".join(f"<p>第{number}段。{SENTENCE * 3}</p>" for number in range(5))}
<p><a href="/files/plan.pdf">附件：方案</a></p></article></body></html>"""


@pytest.mark.parametrize(
    ("name", "body", "kind"),
    [
        ("saved.xml", "<rss version='2.0'><channel><item><title>A</title></item></channel></rss>", "feed"),
        ("saved.html", LIST, "page"),
        ("saved", URLSET, "sitemap"),
        ("saved.json", '{"rows": [{"title": "A plan", "url": "/a/1.html"}]}', "api"),
    ],
)
def test_a_file_is_recognised(monitor: Monitor, tmp_path: Path, name: str, body: str, kind: str) -> None:
    (tmp_path / name).write_text(body)
    ended = monitor("try", name, "--url", "https://a.example/", "--json")
    assert ended.status == 0
    assert json.loads(ended.out)["reading"]["kind"] == kind


def test_a_packed_file_is_recognised(monitor: Monitor, tmp_path: Path) -> None:
    (tmp_path / "map.xml.gz").write_bytes(gzip.compress(URLSET.encode()))
    assert "sitemap: " in monitor("try", "map.xml.gz").out


def test_an_address_shows_what_was_chosen_and_why(monitor: Monitor, write: Write, world: World) -> None:
    write()
    world.pages["/news/"] = ("text/html", LIST.replace("</head>", "<link rel=alternate type=application/rss+xml "
                                                       "href=/rss.xml></head>").encode())  # fmt: skip
    world.feed("/rss.xml", [Row("Museum extends opening hours", "/o/1")], title="Portal")
    ended = monitor("try", f"{world.base}/news/")
    assert ended.status == 0
    assert "page: Notices: 8 entries" in ended.out
    assert "found: page at this address: the list is on the page itself" in ended.out
    assert f"tried: {world.base}/rss.xml: a feed about another subject" in ended.out
    document = json.loads(monitor("try", f"{world.base}/news/", "--json").out)
    assert document["found"]["kind"] == "page"
    assert len(document["tried"]) == 1
    assert monitor("check", "--live").status == 1, "the configured source is not there"


def test_nothing_to_read_ends_1_and_says_what_was_tried(monitor: Monitor, write: Write, world: World) -> None:
    write()
    world.pages["/x/"] = ("text/html", b"<!doctype html><title>Welcome</title>")
    ended = monitor("try", f"{world.base}/x/")
    assert ended.status == 1
    assert "robots.txt" in ended.err


def test_an_article_is_shown_from_an_address(monitor: Monitor, write: Write, world: World) -> None:
    write()
    world.pages["/a/1.html"] = ("text/html", ARTICLE.encode())
    ended = monitor("try", f"{world.base}/a/1.html", "--kind", "article")
    assert ended.status == 0, ended.err
    for text in (
        "article: 两江新区启动实验室建设", "2026-11-20 09:30 (to the ", ", by ", "重庆日报", "zh", "两江新区",
        f"{world.base}/files/plan.pdf", SENTENCE,
    ):  # fmt: skip
        assert text in ended.out


def test_an_article_is_shown_from_a_file_and_as_json(monitor: Monitor, tmp_path: Path) -> None:
    (tmp_path / "a.html").write_bytes(ARTICLE.encode("gb18030"))
    base = ("--url", "https://a.example/x/", "--content-type", "text/html; charset=gbk")
    ended = monitor("try", "a.html", "--kind", "article", *base, "--json")
    article = json.loads(ended.out)["article"]
    assert article["url"] == "https://a.example/x/"
    assert article["attachments"] == ["https://a.example/files/plan.pdf"]
    assert article["published"]["at"] == "2026-11-20T09:30:00+08:00"
    assert article["origin"] == "重庆日报"
    assert SENTENCE in article["text"]


def test_what_is_no_article_says_so(monitor: Monitor, tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text("<html></html>")
    ended = monitor("try", "a.html", "--kind", "article")
    assert ended.status == 1
    assert ended.err


def test_the_status_shows_what_was_found_out(monitor: Monitor, write: Write, world: World) -> None:
    write()
    world.feed("/one.xml", ROWS)
    monitor("once", "--no-send")
    assert f"feed at {world.base}/one.xml: the address is a feed" in monitor("status").out
    (source,) = json.loads(monitor("status", "--json").out)["sources"]
    assert (source["kind"], source["found"]["kind"]) == ("feed", "feed")


DATED = (
    "<rss version='2.0'><channel><title>F</title><item><title>A</title>"
    "<pubDate>Fri, 20 Nov 2026 20:30:00 GMT</pubDate></item></channel></rss>"
)


def test_times_are_those_of_the_source_s_zone_which_is_named_once(
    monitor: Monitor, write: Write, tmp_path: Path
) -> None:
    write()
    (tmp_path / "saved.xml").write_text(DATED)
    lines = monitor("try", "saved.xml").out.splitlines()
    assert lines[0] == "feed: F: 1 entries; times in Asia/Shanghai"
    assert "  2026-11-21 04:30  A" in lines


def test_what_has_no_dates_is_said_to_send_nothing_at_first(monitor: Monitor, tmp_path: Path) -> None:
    (tmp_path / "saved.xml").write_text("<rss version='2.0'><channel><item><title>A</title></item></channel></rss>")
    out = monitor("try", "saved.xml", "--url", "https://a.example/").out
    assert out.count("no entry has a date: the first poll sends none of them") == 1
    assert "times in" not in out


def test_what_cannot_be_read_is_reported_once(monitor: Monitor, tmp_path: Path) -> None:
    (tmp_path / "saved.json").write_text("[" * 10)
    ended = monitor("try", "saved.json", "--kind", "api")
    assert ended.status == 1
    assert ended.out == ""
    assert ended.err.count("not JSON that can be read") == 1


def test_an_address_without_its_scheme_is_recognised(monitor: Monitor) -> None:
    for target in ("www.gov.cn", "gov.cn/list/", "a.example:8080/x"):
        ended = monitor("try", target)
        assert ended.status == 2
        assert f'did you mean "https://{target}"?' in ended.err


@pytest.mark.parametrize(
    "words",
    [("try",), ("try", "--json"), ("add", "--dry-run"), ("add", "--json"), ("add", "--kind", "rss")],
    ids=" ".join,
)
@pytest.mark.parametrize("path", ["/one.xml", "/nosuch.xml"])
def test_no_secret_of_the_argument_is_printed(
    monitor: Monitor, write: Write, world: World, words: tuple[str, ...], path: str
) -> None:
    write()
    world.feed("/one.xml", ROWS)
    address = f"{world.base}{path}?key=CANARY9".replace("//", "//me:CANARY99@")
    ended = monitor(*words, address)
    assert "CANARY" not in ended.out + ended.err
    assert ended.out + ended.err


def test_a_server_that_asks_to_wait_is_reported_with_its_time() -> None:
    error = FetchError("http", "the server answered 429", 429, dt.timedelta(hours=1))
    gate = SimpleNamespace(get=lambda *_, **__: error)
    readers: Any = None
    look = inspect_source(Source("s", "https://a.example/", "feed"), cast("Any", gate), readers, SystemClock())
    assert look.error == "the server answered 429; it asks to wait 1h"
