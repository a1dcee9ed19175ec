"""Find answers that are read without a fault and are doubtful all the same. Pure.

All entries have one title, text or date; or the server says "not modified" although its content has changed.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from typing import Final

from monitor.collect.articles import Pages
from monitor.collect.documents import Snapshot, Unchanged
from monitor.collect.locate import PollContext
from monitor.collect.result import RaiseNotice, ResolveNotice
from monitor.model import Entry
from monitor.model.times import local_time
from monitor.notices.alike import ALIKE, alike_notice
from monitor.notices.stale import stale_validators_notice
from monitor.text.fold import fold_text

MIN_ALIKE: Final = 5
"""Minimum number of entries that can be alike by a fault."""

_MIN_TEXT: Final = 20  # characters; shorter texts, such as a place or a category, are often the same
_EXACT: Final = ("second", "minute")  # of one day, or of its midnight, many entries may be
_MAX_SHOWN: Final = 60  # characters of a title or text in a message


def after_doubts(
    context: PollContext, outcome: Snapshot | Unchanged, pages: Pages, new: int
) -> tuple[RaiseNotice | ResolveNotice, ...]:
    """Return the notices about an answer that is doubtful. `new` is the number of new entries.

    Entries that were not read again have no title and no text. So the entries are compared only if all were read.
    """
    if isinstance(outcome, Unchanged):
        return ()
    name, changes = context.source.name, list[RaiseNotice | ResolveNotice]()
    listed = () if outcome.unread else outcome.reading.entries
    if parts := (*_same_parts(listed), *_same_pages(pages)):
        changes.append(RaiseNotice(alike_notice(name, parts), "all entries are alike"))
    elif len(listed) >= MIN_ALIKE:
        changes.append(ResolveNotice(ALIKE.kind, name, ALIKE.closed_when))
    validator, since = _same_validator(context, outcome), context.state.unmodified_since
    if new and validator and since is not None:
        notice = stale_validators_notice(name, validator, local_time(since, context.zone), new)
        changes.append(RaiseNotice(notice, "new entries, and the same validator"))
    return tuple(changes)


def _same_validator(context: PollContext, snapshot: Snapshot) -> str:
    """Return the header that is the same as in the answer before; "" if there is none.

    An ETag is the name of one content (RFC 9110, 8.8.3). Last-Modified decides only if there is no ETag.
    """
    before, now = context.state.validators, snapshot.validators
    if now.etag or before.etag:
        return "ETag" if now.etag == before.etag else ""
    return "Last-Modified" if now.last_modified and now.last_modified == before.last_modified else ""


def _same_parts(entries: Iterable[Entry]) -> Iterator[str]:
    """Yield in words which parts are the same in all entries. Entries of the same address are one entry."""
    listed = list({entry.url or entry.key: entry for entry in entries}.values())
    if len(listed) < MIN_ALIKE:
        return
    yield from _same_text("entries have the title", [entry.title for entry in listed], 1)
    texts = [entry.content or entry.summary for entry in listed]
    yield from _same_text("entries have the text", [text for text in texts if text], _MIN_TEXT)
    moments = {entry.published or entry.updated for entry in listed}
    moment = next(iter(moments))
    if len(moments) == 1 and moment is not None and moment.precision in _EXACT and moment.at.time() != dt.time():
        yield f"all {len(listed)} entries have the date {moment.at:%Y-%m-%d %H:%M:%S}"


def _same_pages(pages: Pages) -> Iterator[str]:
    """Yield in words that the pages of all new articles have the same text, if that is so."""
    texts = [page.article.text for page in pages.read if page.article is not None]
    yield from _same_text("article pages have the text", [text for text in texts if text], _MIN_TEXT)


def _same_text(what: str, texts: list[str], shortest: int) -> Iterator[str]:
    """Yield in words that all `texts` are the same, if they are, and are `shortest` characters long or longer."""
    if len(texts) >= MIN_ALIKE and len(texts[0]) >= shortest and len(set(map(fold_text, texts))) == 1:
        shown = texts[0] if len(texts[0]) <= _MAX_SHOWN else f"{texts[0][:_MAX_SHOWN]}…"
        yield f'all {len(texts)} {what} "{" ".join(shown.split())}"'
