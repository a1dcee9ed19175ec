"""Recognise feeds of RSSHub instances, and write them as `rsshub://ROUTE`, which is the same at every instance."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final
from urllib.parse import parse_qsl, urlencode, urlsplit

_SECRET_PARAMETERS: Final = ("key", "code")  # access to one instance: https://docs.rsshub.app/deploy/config


def rsshub_route(table: Mapping[str, Any]) -> tuple[str, str]:
    """Return the RSSHub host of a feed, and the feed as `rsshub://ROUTE`. For other sources, return "" twice.

    An instance is recognised by the first part of its host: `rsshub.app`, a mirror such as `rsshub.example.org`, or a
    container such as `rsshub:1200`.
    """
    url = table.get("url")
    try:
        split = urlsplit(url if isinstance(url, str) and table.get("kind", "feed") == "feed" else "")
        host = (split.hostname or "").lower()
    except ValueError:
        return "", ""
    route = split.path.strip("/")
    if split.scheme not in ("http", "https") or "rsshub" not in host.partition(".")[0] or not route:
        return "", ""
    kept = [pair for pair in parse_qsl(split.query, keep_blank_values=True) if pair[0] not in _SECRET_PARAMETERS]
    return host, f"rsshub://{route}" + (f"?{urlencode(kept)}" if kept else "")


def rsshub_advice(hosts: Sequence[str]) -> list[str]:
    """Return advice on how to read these feeds from an instance of one's own. `hosts` has the host of each feed."""
    if not hosts:
        return []
    hosts_text = ", ".join(dict.fromkeys(hosts))
    lines = f"{len(hosts)} of these feeds are made by RSSHub at {hosts_text}"
    remedy = 'write rsshub = "https://…" under [fetch] before you import them'
    return [f"{lines}; to read them from an instance of yours {remedy}"]
