"""How long an answer stays fresh, as its server states it (RFC 9111, 4.2). Pure."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from typing import Final

from monitor.fetch.reply import Reply, parse_http_date

_MAX_DIGITS: Final = 9  # of a number of seconds: more would be decades
_DIRECTIVE: Final = re.compile(r'([a-z-]+)(?:\s*=\s*(?:"([^"]*)"|([^\s,"]*)))?')


def fresh_for(reply: Reply, now: Callable[[], dt.datetime]) -> dt.timedelta | None:
    """Return how long an answer stays fresh from now on; None if the server states nothing usable.

    `max-age` overrules `Expires`, which counts from the server's `Date`, because the clocks may differ. A directive
    such as `no-cache` means that the answer is never fresh. The time that it spent in caches (`Age`) is subtracted.
    """
    directives = _cache_control(reply)
    if directives.keys() & {"no-cache", "no-store"}:
        return None
    lifetime = _seconds(directives["max-age"]) if "max-age" in directives else _until_expires(reply, now)
    age = _seconds(_text(reply, b"age"))
    left = None if lifetime is None else lifetime - (age or dt.timedelta())
    return left if left is not None and left > dt.timedelta() else None


def _cache_control(reply: Reply) -> dict[str, str]:
    """Return the directives of `Cache-Control` with their values. The first one of each name counts."""
    found: dict[str, str] = {}
    text = b",".join(reply.values(b"cache-control")).decode("latin-1").lower()
    for name, quoted, plain in _DIRECTIVE.findall(text):
        found.setdefault(name, quoted or plain)
    return found


def _until_expires(reply: Reply, now: Callable[[], dt.datetime]) -> dt.timedelta | None:
    expires = parse_http_date(_text(reply, b"expires"))
    return None if expires is None else expires - (parse_http_date(_text(reply, b"date")) or now())


def _text(reply: Reply, name: bytes) -> str:
    return (reply.first(name) or b"").decode("latin-1").strip()


def _seconds(text: str) -> dt.timedelta | None:
    if not re.fullmatch(r"[0-9]+", text, re.ASCII):
        return None
    return dt.timedelta(seconds=int(text) if len(text) <= _MAX_DIGITS else 10**_MAX_DIGITS)
