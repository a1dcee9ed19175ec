"""What the formats of feeds have in common once they are taken apart."""

from __future__ import annotations

import re
from collections.abc import Iterable

from monitor.model import Entry
from monitor.sources.keys import keyed
from monitor.sources.plain import one_line, unescape

_TAG = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{1,8}){0,4}")


def finished(drafts: list[Entry]) -> tuple[tuple[Entry, ...], tuple[str, ...]]:
    """The entries under their keys, and the problems found on the way. An entry that says nothing at all is dropped."""
    spoken = [entry for entry in drafts if entry.title or entry.url or entry.summary or entry.content]
    silent = len(drafts) - len(spoken)
    return keyed(spoken), ((f"{silent} entries have neither title, address nor text",) if silent else ())


def language_tag(stated: str) -> str | None:
    """A BCP 47 tag, if `stated` is one (`zh_CN` is taken for `zh-CN`)."""
    tag = stated.strip().replace("_", "-")
    return tag if _TAG.fullmatch(tag) else None


def names(stated: Iterable[object]) -> tuple[str, ...]:
    """Names and keywords: plain, none twice, none empty, in their order."""
    lines = (one_line(unescape(name)) for name in stated if isinstance(name, str))
    return tuple(dict.fromkeys(filter(None, lines)))


def longest(*texts: str) -> str:
    """The longest of `texts`; of equals the first."""
    return max(texts, key=len, default="")
