"""Read lists of web spiders in JSON: one object or several, each with an address and Scrapy's selectors.

{"name": "…", "list_url": "https://…", "list_selectors": {"item": "li", "title": "a::text", "href": "a::attr(href)"}}
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any, Final

from monitor.interchange.base import CandidateBuilder, ParsedFile, SourceCandidate, Unmapped, UnreadableFile

_SCRAPY_PSEUDO_ELEMENT: Final = re.compile(r"::(?:text|attr\(([\w-]+)\))")
_OPTION_OF_SELECTOR: Final = {"item": "item", "title": "title", "href": "link", "date": "date", "summary": "summary"}
_EVERY_OF_FREQUENCY: Final = {"hourly": "1h", "daily": "1d", "weekly": "7d"}
_TAG_KEYS: Final = ("category", "region", "department")
_KEYS_TO_SKIP: Final = {"source_id", "notes", "note", "request_interval_min", "request_interval_max"}
_KNOWN_KEYS: Final = {
    "name",
    "list_url",
    "mode",
    "frequency",
    "list_selectors",
    "detail_selectors",
    *_TAG_KEYS,
    *_KEYS_TO_SKIP,
}
_REASONS: Final = {
    "render_js": "scripts are not run",
    "list_render_js": "scripts are not run",
    "max_pages": "further pages are followed where a selector says how",
}


def is_spider_list(text: str) -> bool:
    """Return whether `text` looks like JSON that contains `list_url`."""
    return text.lstrip()[:1] in ("{", "[") and '"list_url"' in text


def parse(text: str) -> ParsedFile:
    """Return the spiders in `text`. Raises UnreadableFile if it is not JSON."""
    try:
        data: Any = json.loads(text)
    except json.JSONDecodeError as wrong:
        raise UnreadableFile(
            wrong.lineno, wrong.colno, f"this is not valid JSON: {wrong.msg}", "fix it there"
        ) from None
    except RecursionError:
        raise UnreadableFile(0, 0, "this is nested too deeply", "check that it is the right file") from None
    candidates: list[SourceCandidate] = []
    unmapped: list[Unmapped] = []
    for number, spider in enumerate(data if isinstance(data, list) else [data], start=1):
        where = f"item {number}"
        if isinstance(spider, dict) and isinstance(spider.get("list_url"), str):
            candidates.append(_read_spider(where, spider))
        else:
            unmapped.append(Unmapped(where, "the item", "it has no list_url"))
    return ParsedFile(tuple(candidates), tuple(unmapped))


def _read_spider(where: str, spider: Mapping[str, Any]) -> SourceCandidate:
    builder = CandidateBuilder(where)
    feed = spider.get("mode") == "rss"
    builder.table |= {
        "name": str(spider.get("name") or ""),
        "url": spider["list_url"],
        "kind": "feed" if feed else "page",
    }
    if tags := [str(spider[key]) for key in _TAG_KEYS if spider.get(key)]:
        builder.table["tags"] = list(dict.fromkeys(tags))
    if every := _EVERY_OF_FREQUENCY.get(str(spider.get("frequency"))):
        builder.table["every"] = every
    if not feed:
        _read_selectors(builder, spider)
    if not feed and spider.get("mode") not in (None, "html"):
        builder.leave_out(f"mode = {spider['mode']}", "scripts are not run")
    for key, value in spider.items():
        if key not in _KNOWN_KEYS and (value is True or value not in (None, False, "", 0, 1)):
            builder.leave_out(key, _REASONS.get(key, "this program has no equivalent"))
    return builder.build()


def _read_selectors(builder: CandidateBuilder, spider: Mapping[str, Any]) -> None:
    stated = spider.get("list_selectors")
    for key, value in (stated if isinstance(stated, dict) else {}).items():
        if key in _OPTION_OF_SELECTOR and isinstance(value, str):
            builder.table[_OPTION_OF_SELECTOR[key]] = translate_css(value)
        else:
            builder.leave_out(f"list_selectors.{key}", "this program has no equivalent")
    detail = spider.get("detail_selectors")
    for key, value in (detail if isinstance(detail, dict) else {}).items():
        if key == "content" and isinstance(value, str):
            builder.table |= {"full_text": True, "content": translate_css(value)}
        else:
            builder.leave_out(f"detail_selectors.{key}", "it is read from the article's page without a selector")


def translate_css(scrapy_selector: str) -> str:
    """Translate Scrapy's `a::attr(href)` and `a::text` into `a@href` and `a`."""
    found = _SCRAPY_PSEUDO_ELEMENT.search(scrapy_selector)
    selector = _SCRAPY_PSEUDO_ELEMENT.sub("", scrapy_selector).strip()
    return f"{selector}@{found[1]}" if found and found[1] else selector
