"""Read configurations of html2rss (https://github.com/html2rss/html2rss), with one feed or with several in `feeds`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from monitor.interchange.base import CandidateBuilder, ParsedFile, SourceCandidate, Unmapped, UnreadableFile
from monitor.interchange.yamls import documents

_TOP_KEY: Final = re.compile(r"^(?:channel|feeds|selectors|auto_source):", re.MULTILINE)
_PARAMETER: Final = re.compile(r"%<(\w+)>[sd]|%\{(\w+)\}")
_FIRST_PSEUDO_CLASS: Final = re.compile(r":first(?![\w-])")

_OPTION_OF_FIELD: Final = {
    "title": "title",
    "url": "link",
    "link": "link",
    "description": "summary",
    "published_at": "date",
    "updated": "date",
    "updated_at": "date",
}
_KNOWN_CHANNEL_KEYS: Final = {"url", "title", "time_zone", "ttl", "headers", "description", "language", "json"}
_UNNEEDED_STEPS: Final = {"parse_time", "parse_uri", "sanitize_html", "html_to_markdown", "markdown_to_html"}
"""Post-processing steps that are not needed: this program always parses dates and addresses, and removes mark-up."""

_REASONS_LEFT_OUT: Final = {
    "categories": "tags are those of the source",
    "enclosure": "attachments are not read from lists",
    "guid": "entries are identified by their addresses",
    "author": "authors are read from the page of an article",
    "enhance": "missing fields are found automatically",
    "comments": "this program has no equivalent",
}


def fits(text: str) -> bool:
    """Return whether `text` looks like a configuration of html2rss."""
    return not text.lstrip().startswith("<") and len(set(_TOP_KEY.findall(text))) > (
        0 if "\nfeeds:" in f"\n{text}" else 1
    )


def parse(text: str) -> ParsedFile:
    """Return the feeds in `text`. Raises UnreadableFile if it is not a configuration of html2rss."""
    candidates: list[SourceCandidate] = []
    unmapped: list[Unmapped] = []
    for document in documents(text):
        if not isinstance(document.value, dict):
            raise UnreadableFile(
                document.line, 1, "this is not a configuration of html2rss", "it must begin with channel: or feeds:"
            )
        for where, config in _feed_configs(f"line {document.line}", document.value):
            outcome = _read_feed(where, config)
            if isinstance(outcome, SourceCandidate):
                candidates.append(outcome)
            else:
                unmapped.append(outcome)
    return ParsedFile(tuple(candidates), tuple(unmapped))


def _feed_configs(where: str, data: Mapping[str, Any]) -> list[tuple[str, Mapping[str, Any]]]:
    """Return the feeds of a file. Top-level `headers` and `strategy` apply to feeds that do not have these keys."""
    feeds = data.get("feeds")
    if not isinstance(feeds, dict):
        return [(where, data)]
    common = {key: data[key] for key in ("headers", "strategy", "parameters") if key in data}
    return [
        (f"feeds.{name}", {**common, **config, "_name": str(name)})
        for name, config in feeds.items()
        if isinstance(config, dict)
    ]


def _read_feed(where: str, config: Mapping[str, Any]) -> SourceCandidate | Unmapped:
    channel = _as_table(config.get("channel"))
    builder = CandidateBuilder(where)
    url = _fill_parameters(builder, str(channel.get("url") or ""), _as_table(config.get("parameters")), "channel.url")
    if url is None:
        missing = ", ".join(first or second for first, second in _PARAMETER.findall(str(channel["url"])))
        return Unmapped(where, str(channel["url"]), f"its address has parameters without a default: {missing}")
    headers = {**_as_table(config.get("headers")), **_as_table(channel.get("headers"))}
    if channel.get("json") or any(
        str(key).lower() == "accept" and "json" in str(value) for key, value in headers.items()
    ):
        return Unmapped(where, url or "the feed", 'its selectors read JSON as if it were HTML; write kind = "api"')
    title = _fill_parameters(None, str(channel.get("title") or ""), _as_table(config.get("parameters")), "") or ""
    builder.table |= {"name": title or str(config.get("_name") or ""), "url": url, "kind": "page"}
    _read_channel(builder, channel, _as_table(config.get("headers")))
    _read_selectors(builder, _as_table(config.get("selectors")))
    if config.get("strategy") not in (None, "faraday", "auto"):
        builder.leave_out(f"strategy: {config['strategy']}", "scripts are not run")
    if config.get("stylesheets"):
        builder.leave_out("stylesheets", "this program has no equivalent")
    return builder.build()


def _as_table(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _fill_parameters(
    builder: CandidateBuilder | None, text: str, parameters: Mapping[str, Any], key: str
) -> str | None:
    """Return `text` with its parameters replaced by their defaults; None if a parameter has no default."""
    used: list[str] = []

    def value(slot: re.Match[str]) -> str:
        name = slot[1] or slot[2]
        default = _as_table(parameters.get(name)).get("default")
        used.append(f"{name} = {default}")
        return "\0" if default is None else str(default)

    filled = _PARAMETER.sub(value, text)
    if "\0" in filled:
        return None
    if used and builder is not None:
        builder.leave_out(key, f"its parameters are set to their defaults: {', '.join(used)}")
    return filled


def _read_channel(builder: CandidateBuilder, channel: Mapping[str, Any], common: Mapping[str, Any]) -> None:
    if zone := channel.get("time_zone"):
        builder.table["timezone"] = str(zone)
    ttl = channel.get("ttl")
    if isinstance(ttl, int) and ttl > 0:
        builder.table["every"] = f"{ttl}m"
    builder.add_headers({**common, **_as_table(channel.get("headers"))})
    for key in map(str, channel):
        if key not in _KNOWN_CHANNEL_KEYS:
            builder.leave_out(f"channel.{key}", "this program has no equivalent")


def _read_selectors(builder: CandidateBuilder, selectors: Mapping[str, Any]) -> None:
    items = selectors.get("items")
    item = _as_table(items).get("selector") if isinstance(items, dict) else items
    if isinstance(item, str):
        builder.table["item"] = _without_first(item)
    for key in ("order", "pagination"):
        if isinstance(items, dict) and items.get(key):
            builder.leave_out(f"selectors.items.{key}", "entries are found and sorted automatically")
    for name, field in selectors.items():
        target = _OPTION_OF_FIELD.get(str(name))
        if target is None or target in builder.table:
            if name != "items":
                builder.leave_out(
                    f"selectors.{name}", _REASONS_LEFT_OUT.get(str(name), "this program has no equivalent")
                )
        elif isinstance(field, dict):
            _read_field(builder, str(name), target, field)


def _read_field(builder: CandidateBuilder, name: str, option: str, field: Mapping[str, Any]) -> None:
    """Read one field. A field without a selector means the row itself, which is also our default."""
    if _note_steps(builder, name, option, field):
        return
    selector, extractor = str(field.get("selector") or ""), str(field.get("extractor") or "text")
    attribute = {"href": "href", "attribute": str(field.get("attribute") or "")}.get(extractor, "")
    if extractor == "static":
        builder.leave_out(f"selectors.{name}", "it is the same for every entry")
    elif attribute and (selector or option != "link"):
        builder.table[option] = f"{_without_first(selector)}@{attribute}"
    elif selector:
        builder.table[option] = _without_first(selector)
    elif option == "link" and attribute:
        builder.table[option] = f"@{attribute}"


def _note_steps(builder: CandidateBuilder, name: str, option: str, field: Mapping[str, Any]) -> bool:
    """Note the post-processing steps that have no equivalent. Return whether one of them produces the whole value."""
    steps = field.get("post_process")
    replaces_value = False
    for step in steps if isinstance(steps, list) else [steps]:
        kind = str(_as_table(step).get("name") or "")
        if not kind or kind in _UNNEEDED_STEPS:
            continue
        replaces_value = replaces_value or (kind == "template" and (option == "link" or not field.get("selector")))
        builder.leave_out(f"selectors.{name}.post_process.{kind}", "the text is used as the page has it")
    return replaces_value


def _without_first(selector: str) -> str:
    """Return the selector without Nokogiri's `:first`, since this program always uses the first of several elements."""
    return _FIRST_PSEUDO_CLASS.sub("", selector).strip()
