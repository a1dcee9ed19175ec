"""Jobs of urlwatch: what a job becomes, and what is said of the rest."""

from __future__ import annotations

import pytest

from monitor.interchange.base import ParsedFile, UnreadableFile
from monitor.interchange.urlwatch import is_job_list, parse

URL = "url: https://example.org/news\n"


def one(job: str) -> tuple[dict[str, object], list[str]]:
    """Return the table of a job without its address, and what is left out of it."""
    (candidate,) = parse(job).candidates
    table = dict(candidate.table)
    table.pop("url")
    table.pop("name")
    return table, [left.what for left in candidate.unmapped]


@pytest.mark.parametrize(
    ("job", "table", "left"),
    [
        ("", {}, []),
        ("tags: [a, b]\n", {"tags": ["a", "b"]}, []),
        ("tags: a\n", {"tags": ["a"]}, []),
        ("filter: html2text,strip\n", {}, []),
        ("filter:\n- css: ul.news > li\n- html2text\n- strip:\n", {"kind": "page", "item": "ul.news > li"}, []),
        ("filter:\n- css: '#main'\n", {"kind": "page", "link": "#main a@href"}, []),
        ("filter: css:.release h4>a,html2text\n", {"kind": "page", "link": ".release h4>a@href"}, []),
        ("filter:\n- css: {selector: body, exclude: .ad}\n", {}, []),
        ("filter:\n- element-by-id: main\n", {"kind": "page", "link": '[id="main"] a@href'}, []),
        ("filter:\n- element-by-class: row\n- css: li\n", {"kind": "page", "link": ".row a@href"}, ["filter css"]),
        ("filter:\n- element-by-tag: tr\n", {"kind": "page", "item": "tr"}, []),
        ("filter:\n- element-by-id: 'a b'\n", {}, ["filter element-by-id"]),
        ("filter:\n- xpath: //ul/li/a\n", {"kind": "page", "link": "ul > li > a@href"}, []),
        ("filter:\n- xpath: {path: //tr, maxitems: 1}\n", {"kind": "page", "item": "tr"}, []),
        ("filter:\n- xpath: (//h1//a)[1]\n", {"kind": "page", "link": "h1 a@href"}, ["filter xpath"]),
        ("filter:\n- xpath: //ul/li[1]/a/@href\n", {"kind": "page", "link": "ul > li:nth-of-type(1) > a@href"}, []),
        ("filter:\n- xpath: //img/@src\n", {}, ["filter xpath"]),
        ("filter:\n- xpath: //li[last()]\n", {}, ["filter xpath"]),
        ("filter:\n- xpath: //channel/item[1]/guid\n", {"kind": "feed"}, ["filter xpath"]),
        ("filter:\n- xpath: //entry/title\n", {"kind": "feed"}, []),
        ("filter:\n- css: article:nth-child(-n+2)\n", {"kind": "page", "item": "article"}, ["filter css"]),
        ("filter:\n- css: 'h2, h3'\n", {}, ["filter css"]),
        ("filter:\n- css: 'ul.a li, ul.b li'\n", {"kind": "page", "item": "ul.a li, ul.b li"}, []),
        ("filter:\n- grep: x\n- re.sub: y\n", {}, ["filter grep", "filter re.sub"]),
        ("filter: {grepi: x}\n", {}, ["filter grepi"]),
        ("ssl_no_verify: true\n", {"verify": False}, []),
        ("user_agent: x\n", {"user_agent": "x"}, []),
        ("headers: {User-Agent: x, A: 1}\n", {"user_agent": "x", "headers": {"A": "1"}}, []),
        ("data: {a: b c}\n", {"kind": "api", "method": "POST", "body": "a=b+c"}, []),
        ("data: '{}'\nmethod: put\n", {"kind": "api", "method": "PUT", "body": "{}"}, []),
        ("max_tries: 2\nuser_visible_url: x\nenabled: true\n", {}, []),
        ("timeout: 3\nwhatever: 4\n", {}, ["timeout", "whatever"]),
    ],
)
def test_a_job_becomes_a_source(job: str, table: dict[str, object], left: list[str]) -> None:
    assert one(URL + job) == (table, left)


def test_the_kind_is_seen_by_the_address() -> None:
    assert one("url: https://example.org/rss.xml\n")[0] == {"kind": "feed"}
    assert one("url: https://example.org/rss.xml\nfilter:\n- css: li\n")[0] == {"kind": "page", "item": "li"}


def test_a_browser_is_reported() -> None:
    table, left = one("navigate: https://example.org\n")
    assert (table, left) == ({}, ["navigate"])


@pytest.mark.parametrize(
    ("job", "reason"),
    [
        ("command: date\n", "it runs a command; commands are not run"),
        ("name: x\n", "it has no address"),
        ("url: 'https://e.org/{{ x }}'\n", "its address is a template"),
        (URL + "enabled: false\n", "it is switched off"),
        (URL + "kind: scraper\n", "its kind, scraper, needs another program"),
        (URL + "filter: pdf2text\n", "it watches a document, not a list of entries"),
        ("url: https://e.org/a.pdf?x\n", "it watches a document, not a list of entries"),
        ("url: https://e.org/a.ics\n", "it watches a calendar"),
        ("- just text\n", "this is not a job"),
    ],
)
def test_what_is_no_source_is_reported(job: str, reason: str) -> None:
    parsed = parse(job)
    assert parsed.candidates == ()
    assert [left.reason for left in parsed.unmapped] == [reason]


def places(parsed: ParsedFile) -> list[str]:
    return [candidate.where for candidate in parsed.candidates]


def test_each_job_has_its_place() -> None:
    assert places(parse(f"{URL}---\n{URL}---\n")) == ["line 1", "line 3"]
    assert places(parse(f"jobs:\n- {URL}- {URL}")) == ["line 1, item 1", "line 1, item 2"]


def test_a_template_for_a_name_is_no_name() -> None:
    (candidate,) = parse(URL + "name: '{{TITLE}}'\n").candidates
    assert candidate.table["name"] == ""


def test_without_its_body_it_would_be_another_source() -> None:
    (candidate,) = parse(URL + "data: x\n").candidates
    assert candidate.needs == {"method", "body"}


def test_a_broken_file_is_reported() -> None:
    with pytest.raises(UnreadableFile):
        parse("url: [\n")


@pytest.mark.parametrize(
    ("text", "jobs"), [(URL, True), ("jobs:\n  - url: x\n", True), ("a: b\n", False), ("<url:", False)]
)
def test_jobs_are_known_by_their_keys(text: str, jobs: bool) -> None:
    assert is_job_list(text) is jobs
