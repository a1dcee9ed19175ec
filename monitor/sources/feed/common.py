"""What the formats of feeds have in common once they are taken apart."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from monitor.model import Entry
from monitor.sources.keys import keyed
from monitor.sources.plain import one_line, unescape

_TAG = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{1,8}){0,4}")


def finished(
    drafts: Sequence[Entry], former: Sequence[Entry] | None = None
) -> tuple[tuple[Entry, ...], tuple[str, ...]]:
    """Return the entries under their keys, and the problems found on the way.

    `former` are the drafts as an earlier version read them. An entry that says nothing at all is dropped.
    """
    spoken = [at for at, entry in enumerate(drafts) if entry.title or entry.url or entry.summary or entry.content]
    silent = len(drafts) - len(spoken)
    entries = keyed([drafts[at] for at in spoken], former and [former[at] for at in spoken])
    return entries, ((f"{silent} entries have neither title, address nor text",) if silent else ())


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
