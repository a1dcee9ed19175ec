"""Catalogues of spiders in JSON."""

from __future__ import annotations

import json
from typing import Any

import pytest

from monitor.interchange.base import UnreadableFile
from monitor.interchange.spiders import is_spider_list, parse

PAGE = {
    "source_id": "x", "name": "深圳市工信局", "category": "市级", "region": "", "list_url": "https://e.org/",
    "list_selectors": {"item": "div.a li", "title": "a::attr(title)", "href": "a::attr(href)", "date": "span::text"},
    "detail_selectors": {"title": "h1", "content": ".text"}, "frequency": "daily", "max_pages": 1, "render_js": False,
}  # fmt: skip


def one(spider: dict[str, Any]) -> tuple[dict[str, Any], list[str]]:
    (candidate,) = parse(json.dumps(spider)).candidates
    return dict(candidate.table), [left.what for left in candidate.unmapped]


def test_a_spider_becomes_a_page() -> None:
    assert one(PAGE) == (
        {
            "name": "深圳市工信局", "url": "https://e.org/", "kind": "page", "tags": ["市级"], "every": "1d",
            "item": "div.a li", "title": "a@title", "link": "a@href", "date": "span", "full_text": True,
            "content": ".text",
        },
        ["detail_selectors.title"],
    )  # fmt: skip


def test_a_feed_needs_no_selectors() -> None:
    assert one({**PAGE, "mode": "rss"})[0]["kind"] == "feed"
    assert "item" not in one({**PAGE, "mode": "rss"})[0]


def test_what_has_no_counterpart_is_reported() -> None:
    spider = {
        "list_url": "https://e.org/",
        "mode": "playwright",
        "max_pages": 3,
        "render_js": True,
        "list_selectors": {"x": "y"},
    }
    assert one(spider)[1] == ["list_selectors.x", "mode = playwright", "max_pages", "render_js"]


def test_a_list_of_them() -> None:
    parsed = parse(json.dumps([PAGE, {"list_url": 1}, "x"]))
    assert [candidate.where for candidate in parsed.candidates] == ["item 1"]
    assert [left.where for left in parsed.unmapped] == ["item 2", "item 3"]


@pytest.mark.parametrize(("text", "said"), [("{,", "this is not valid JSON"), ("[" * 100_000, "nested too deeply")])
def test_what_cannot_be_read_is_reported(text: str, said: str) -> None:
    with pytest.raises(UnreadableFile, match=said):
        parse(text)


@pytest.mark.parametrize(("text", "is_one"), [(json.dumps(PAGE), True), ("{}", False), ('"list_url"', False)])
def test_a_catalogue_is_known_by_its_key(text: str, is_one: bool) -> None:
    assert is_spider_list(text) is is_one
