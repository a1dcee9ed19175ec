"""Configurations of html2rss (https://github.com/html2rss/html2rss): one feed, or a file with several in `feeds`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from monitor.interchange.base import CandidateBuilder, ParsedFile, SourceCandidate, Unmapped, UnreadableFile
from monitor.interchange.yamls import documents

_FITS: Final = re.compile(r"^(?:channel|feeds|selectors|auto_source):", re.MULTILINE)
_SLOT: Final = re.compile(r"%<(\w+)>[sd]|%\{(\w+)\}")
_FIRST: Final = re.compile(r":first(?![\w-])")

_FIELDS: Final = {
    "title": "title",
    "url": "link",
    "link": "link",
    "description": "summary",
    "published_at": "date",
    "updated": "date",
    "updated_at": "date",
}
_CHANNEL: Final = {"url", "title", "time_zone", "ttl", "headers", "description", "language", "json"}
_NEEDLESS: Final = {"parse_time", "parse_uri", "sanitize_html", "html_to_markdown", "markdown_to_html"}
"""Steps that the program does in any case: dates and addresses are read, and mark-up becomes text."""

_WHY_NOT: Final = {
    "categories": "tags are those of the source",
    "enclosure": "attachments are not read from lists",
    "guid": "entries are identified by their addresses",
    "author": "authors are read from the page of an article",
    "enhance": "missing fields are found automatically",
    "comments": "this program has no equivalent",
}


def fits(text: str) -> bool:
    """Return whether `text` is such a configuration."""
    return not text.lstrip().startswith("<") and len(set(_FITS.findall(text))) > (0 if "\nfeeds:" in f"\n{text}" else 1)


def parse(text: str) -> ParsedFile:
    """Return the feeds of `text`. Raises Unreadable."""
    candidates: list[SourceCandidate] = []
    unmapped: list[Unmapped] = []
    for document in documents(text):
        if not isinstance(document.value, dict):
            raise UnreadableFile(
                document.line, 1, "this is not a configuration of html2rss", "it must begin with channel: or feeds:"
            )
        for where, config in _configs(f"line {document.line}", document.value):
            read = _feed(where, config)
            if isinstance(read, SourceCandidate):
                candidates.append(read)
            else:
                unmapped.append(read)
    return ParsedFile(tuple(candidates), tuple(unmapped))


def _configs(where: str, data: Mapping[str, Any]) -> list[tuple[str, Mapping[str, Any]]]:
    """Return the feeds of a file; keys of the file itself (`headers`, `strategy`) hold for feeds without such a key."""
    feeds = data.get("feeds")
    if not isinstance(feeds, dict):
        return [(where, data)]
    common = {key: data[key] for key in ("headers", "strategy", "parameters") if key in data}
    return [
        (f"feeds.{name}", {**common, **config, "_name": str(name)})
        for name, config in feeds.items()
        if isinstance(config, dict)
    ]


def _feed(where: str, config: Mapping[str, Any]) -> SourceCandidate | Unmapped:
    channel = _table(config.get("channel"))
    read = CandidateBuilder(where)
    url = _filled(read, str(channel.get("url") or ""), _table(config.get("parameters")), "channel.url")
    if url is None:
        missing = ", ".join(first or second for first, second in _SLOT.findall(str(channel["url"])))
        return Unmapped(where, str(channel["url"]), f"its address has parameters without a default: {missing}")
    headers = {**_table(config.get("headers")), **_table(channel.get("headers"))}
    if channel.get("json") or any(
        str(key).lower() == "accept" and "json" in str(value) for key, value in headers.items()
    ):
        return Unmapped(where, url or "the feed", 'its selectors read JSON as if it were HTML; write kind = "api"')
    title = _filled(None, str(channel.get("title") or ""), _table(config.get("parameters")), "") or ""
    read.table |= {"name": title or str(config.get("_name") or ""), "url": url, "kind": "page"}
    _channel(read, channel, _table(config.get("headers")))
    _selectors(read, _table(config.get("selectors")))
    if config.get("strategy") not in (None, "faraday", "auto"):
        read.leave_out(f"strategy: {config['strategy']}", "scripts are not run")
    if config.get("stylesheets"):
        read.leave_out("stylesheets", "this program has no equivalent")
    return read.candidate()


def _table(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _filled(read: CandidateBuilder | None, text: str, parameters: Mapping[str, Any], key: str) -> str | None:
    """Return `text` with the defaults of its parameters; None if one has no default."""
    used: list[str] = []

    def value(slot: re.Match[str]) -> str:
        name = slot[1] or slot[2]
        default = _table(parameters.get(name)).get("default")
        used.append(f"{name} = {default}")
        return "\0" if default is None else str(default)

    filled = _SLOT.sub(value, text)
    if "\0" in filled:
        return None
    if used and read is not None:
        read.leave_out(key, f"its parameters are set to their defaults: {', '.join(used)}")
    return filled


def _channel(read: CandidateBuilder, channel: Mapping[str, Any], common: Mapping[str, Any]) -> None:
    if zone := channel.get("time_zone"):
        read.table["timezone"] = str(zone)
    ttl = channel.get("ttl")
    if isinstance(ttl, int) and ttl > 0:
        read.table["every"] = f"{ttl}m"
    read.send({**common, **_table(channel.get("headers"))})
    for key in map(str, channel):
        if key not in _CHANNEL:
            read.leave_out(f"channel.{key}", "this program has no equivalent")


def _selectors(read: CandidateBuilder, selectors: Mapping[str, Any]) -> None:
    items = selectors.get("items")
    item = _table(items).get("selector") if isinstance(items, dict) else items
    if isinstance(item, str):
        read.table["item"] = _first(item)
    for key in ("order", "pagination"):
        if isinstance(items, dict) and items.get(key):
            read.leave_out(f"selectors.items.{key}", "entries are found and sorted automatically")
    for name, field in selectors.items():
        target = _FIELDS.get(str(name))
        if target is None or target in read.table:
            if name != "items":
                read.leave_out(f"selectors.{name}", _WHY_NOT.get(str(name), "this program has no equivalent"))
        elif isinstance(field, dict):
            _field(read, str(name), target, field)


def _field(read: CandidateBuilder, name: str, target: str, field: Mapping[str, Any]) -> None:
    """Read one field. Without a selector it means the row itself, which is the default anyway."""
    if _steps(read, name, target, field):
        return
    selector, extractor = str(field.get("selector") or ""), str(field.get("extractor") or "text")
    attribute = {"href": "href", "attribute": str(field.get("attribute") or "")}.get(extractor, "")
    if extractor == "static":
        read.leave_out(f"selectors.{name}", "it is the same for every entry")
    elif attribute and (selector or target != "link"):
        read.table[target] = f"{_first(selector)}@{attribute}"
    elif selector:
        read.table[target] = _first(selector)
    elif target == "link" and attribute:
        read.table[target] = f"@{attribute}"


def _steps(read: CandidateBuilder, name: str, target: str, field: Mapping[str, Any]) -> bool:
    """Note the steps without an equivalent. Return whether one of them produces the whole value."""
    steps = field.get("post_process")
    lost = False
    for step in steps if isinstance(steps, list) else [steps]:
        kind = str(_table(step).get("name") or "")
        if not kind or kind in _NEEDLESS:
            continue
        lost = lost or (kind == "template" and (target == "link" or not field.get("selector")))
        read.leave_out(f"selectors.{name}.post_process.{kind}", "the text is used as the page has it")
    return lost


def _first(selector: str) -> str:
    """Return the selector without Nokogiri's `:first`: the first of several elements is used anyway."""
    return _FIRST.sub("", selector).strip()
