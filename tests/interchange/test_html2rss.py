"""Configurations of html2rss: what a feed becomes, and what is said of the rest."""

from __future__ import annotations

import pytest

from monitor.interchange.base import UnreadableFile
from monitor.interchange.html2rss import fits, parse

CHANNEL = "channel:\n  url: https://example.org/news\n"


JSON = 'its selectors read JSON as if it were HTML; write kind = "api"'


def one(text: str) -> tuple[dict[str, object], list[str]]:
    """Return the table of a feed without name, address and kind, and what is left out of it."""
    (candidate,) = parse(text).candidates
    table = {key: value for key, value in candidate.table.items() if key not in ("name", "url", "kind")}
    return table, [left.what for left in candidate.unmapped]


@pytest.mark.parametrize(
    ("rest", "table", "left"),
    [
        ("", {}, []),
        ("  time_zone: Europe/Berlin\n  ttl: 120\n  language: de\n", {"timezone": "Europe/Berlin", "every": "120m"},
         []),
        ("  headers: {A: 1}\nheaders: {B: 2}\n", {"headers": {"B": "2", "A": "1"}}, []),
        ("  author: x\n", {}, ["channel.author"]),
        ("strategy: browserless\n", {}, ["strategy: browserless"]),
        ("strategy: faraday\nstylesheets: [x]\n", {}, ["stylesheets"]),
        ("selectors:\n  items: {selector: li, enhance: false}\n", {"item": "li"}, []),
        ("selectors:\n  items: li\n", {"item": "li"}, []),
        ("selectors:\n  items: {selector: li, order: reverse}\n", {"item": "li"}, ["selectors.items.order"]),
        ("selectors:\n  title: {selector: h2}\n  url: {selector: 'a:first', extractor: href}\n",
         {"title": "h2", "link": "a@href"}, []),
        ("selectors:\n  link: {extractor: href}\n  title: {extractor: text}\n", {"link": "@href"}, []),
        ("selectors:\n  published_at: {selector: time, extractor: attribute, attribute: datetime}\n",
         {"date": "time@datetime"}, []),
        ("selectors:\n  updated: {selector: time, post_process: {name: parse_time}}\n", {"date": "time"}, []),
        ("selectors:\n  published_at: {selector: time}\n  updated: {selector: b}\n",
         {"date": "time"}, ["selectors.updated"]),
        ("selectors:\n  description: {selector: p, extractor: html, post_process: [{name: html_to_markdown}]}\n",
         {"summary": "p"}, []),
        ("selectors:\n  title: {selector: h2, post_process: [{name: template, string: x}]}\n",
         {"title": "h2"}, ["selectors.title.post_process.template"]),
        ("selectors:\n  url: {selector: b, post_process: [{name: template, string: x}]}\n",
         {}, ["selectors.url.post_process.template"]),
        ("selectors:\n  title: {extractor: static, static: x}\n", {}, ["selectors.title"]),
        ("selectors:\n  categories: [a]\n  a: {selector: b}\n", {}, ["selectors.categories", "selectors.a"]),
        ("selectors:\n  title: h2\n", {}, []),
    ],
)  # fmt: skip
def test_a_feed_becomes_a_page(rest: str, table: dict[str, object], left: list[str]) -> None:
    assert one(CHANNEL + rest) == (table, left)


def test_parameters_are_set_to_their_defaults_and_reported() -> None:
    text = "parameters:\n  a: {default: x}\nchannel:\n  url: 'https://e.org/%<a>s/%{a}'\n  title: 'About %<a>s'\n"
    (candidate,) = parse(text).candidates
    assert (candidate.table["name"], candidate.table["url"]) == ("About x", "https://e.org/x/x")
    assert [left.reason for left in candidate.unmapped] == ["its parameters are set to their defaults: a = x, a = x"]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("channel:\n  url: 'https://e.org/%<a>s'\n", "its address has parameters without a default: a"),
        (CHANNEL + "  json: true\n", JSON),
        (CHANNEL + "headers: {accept: application/json}\n", JSON),
    ],
)  # fmt: skip
def test_what_is_no_page_is_reported(text: str, reason: str) -> None:
    parsed = parse(text)
    assert parsed.candidates == ()
    assert [left.reason for left in parsed.unmapped] == [reason]


def test_a_file_with_several_feeds() -> None:
    feeds = "  one:\n    channel: {url: https://e.org/1}\n  two: {channel: {url: https://e.org/2}}\n  x: 1\n"
    found = parse("headers: {A: 1}\nfeeds:\n" + feeds).candidates
    assert [(candidate.where, candidate.table["name"], candidate.table["headers"]) for candidate in found] == [
        ("feeds.one", "one", {"A": "1"}),
        ("feeds.two", "two", {"A": "1"}),
    ]


def test_a_list_is_not_a_configuration() -> None:
    with pytest.raises(UnreadableFile, match="not a configuration of html2rss"):
        parse("- a\n")


@pytest.mark.parametrize(
    ("text", "is_one"),
    [(f"{CHANNEL}selectors:\n", True), ("feeds:\n  a: b\n", True), (CHANNEL, False), ("a: b", False),
     ("<feeds:", False)],
)  # fmt: skip
def test_a_configuration_is_known_by_its_keys(text: str, is_one: bool) -> None:
    assert fits(text) is is_one
