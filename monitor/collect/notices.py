"""What an operator should know after a poll, as values. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Final

from monitor.collect.articles import Pages
from monitor.collect.documents import Failure, Snapshot, Unchanged
from monitor.collect.locate import PollContext
from monitor.collect.result import Cure, Raise
from monitor.model import FoundPlace, Notice, Source

GONE: Final = 410
"""The status by which a server says that a resource is gone for good (RFC 9110, 15.5.11)."""

GAP_SHOWN: Final = dt.timedelta(days=3)
"""For how long a gap stays a notice: it is over when it is seen, but an operator must have time to see it."""

MANY: Final = 5
"""A source that listed as many entries, and now lists none, has something to explain."""

PAGES_IN_VAIN: Final = 5
"""Article pages in a row that could not be read: then it is the site, or how it is asked, and no single page."""


def after_answer(
    context: PollContext, snapshot: Snapshot | Unchanged, *, new: int, last_listed: int
) -> tuple[Raise | Cure, ...]:
    """Say what an operator should know of a source that answered: moved, missing, redesigned, empty, read in part.

    `new` counts the entries that are; `last_listed` those of the answer before, if there are none now.
    """
    source, found = context.source, context.state.found
    changes: list[Raise | Cure] = [
        Cure("gap", source.name, GAP_SHOWN),
        Cure("found", source.name, GAP_SHOWN),
        *(Cure(kind, source.name) for kind in ("broken", "gone", "crash")),
    ]
    if isinstance(snapshot, Unchanged):
        return tuple(changes)
    moved, changed = snapshot.moved_to, snapshot.relocated
    changes.append(Cure("moved", source.name) if moved is None else _moved(source, moved))
    overlap = snapshot.overlap or context.rediscovered
    if snapshot.failure or (new and not overlap and context.state.last_new_at is not None):
        changes.append(_gap(context, snapshot, new))
    changes.append(Cure("changed", source.name) if changed is None else Raise(changed, "the page was changed"))
    if snapshot.reading.entries:
        changes.append(Cure("empty", source.name))
    elif last_listed >= MANY and not snapshot.reading.parts:
        changes.append(_empty(source, last_listed))
    if context.lost_reason and found is not None:
        changes.append(_rediscovered(source, found, context.lost_reason))
    if not snapshot.reading.complete:
        changes.append(_incomplete(source, snapshot.reading.problems))
    return tuple(changes)


def _gap(context: PollContext, snapshot: Snapshot, new: int) -> Raise:
    """Say that entries may have passed between two polls."""
    source, state = context.source, context.state
    if snapshot.failure:
        message = f"entries may be missing: {snapshot.failure}"
        remedy = f'the next polls try again; see what it gives: monitor try "{source.name}"'
        return Raise(Notice("gap", source.name, message, remedy), "a further document could not be read")
    message = f"all {new} entries were new: others may have come and gone since {state.last_success_at:%F %H:%M} UTC"
    remedy = "poll it more often: set `every` in its table"
    return Raise(Notice("gap", source.name, message, remedy), "no entry was known")


def _moved(source: Source, moved_to: str) -> Raise:
    reason = "the server moved it for good"
    if not moved_to:  # its address is a secret, and so may be the new one
        remedy = f"ask for its new address, and change {source.shown_url}"
        return Raise(Notice("moved", source.name, "it moved for good", remedy), reason)
    remedy = f'put url = "{moved_to}" into its table'
    return Raise(Notice("moved", source.name, f"it moved for good to {moved_to}", remedy), reason)


def _empty(source: Source, last_listed: int) -> Raise:
    message = f"it lists nothing any more, after {last_listed} entries at the poll before"
    remedy = f'see what it gives: monitor try "{source.name}"'
    return Raise(Notice("empty", source.name, message, remedy), "it lists nothing")


def _rediscovered(source: Source, found: FoundPlace, lost: str) -> Raise:
    """Say that what a source was read from is gone, and what was discovered instead."""
    where = found.url or "its own address"
    message = f"what it was read from is gone ({lost}); it is read as {found.kind} at {where} now: {found.reason}"
    remedy = (
        f'see whether that is what you want: monitor try "{source.name}"; if not, write kind and url into its table'
    )
    return Raise(Notice("found", source.name, message, remedy), "its endpoint was lost")


def after_pages(source: Source, pages: Pages) -> tuple[Raise | Cure, ...]:
    """The article pages of a poll were tried: say so when they keep failing, until one can be read again."""
    if not source.full_text or pages.failures < PAGES_IN_VAIN:
        return (Cure("pages", source.name),)
    if not pages.last_failed:
        return ()
    message = f"the last {pages.failures} article pages could not be read ({pages.why}): articles are what it lists"
    remedy = (
        f"see what one gives: monitor try --kind article {pages.last_failed}; if there is a text on it, say"
        " where: set `content` in its table; if the site refuses it, take `full_text` out"
    )
    return (Raise(Notice("pages", source.name, message, remedy), f"{pages.failures} article pages in a row failed"),)


def _incomplete(source: Source, problems: Sequence[str]) -> Raise:
    """An answer was read in part: entries may be missing."""
    message = f"entries may be missing: {'; '.join(problems) or 'the document ends before its end'}"
    remedy = f'see what it gives: monitor try "{source.name}"'
    return Raise(Notice("broken", source.name, message, remedy), "the answer was read in part")


def after_failure(source: Source, failure: Failure) -> Raise:
    """A source failed: say why, and what to do."""
    reason = failure.reason
    if failure.status == GONE:
        remedy = f'remove it, mend its url, or poll it once more: monitor once --source "{source.name}"'
        return Raise(Notice("gone", source.name, f"polling is paused: {reason}", remedy), "the server says it is gone")
    if failure.crash:
        remedy = "please report it with the trace in the log"
        return Raise(Notice("crash", source.name, reason, remedy), "the program failed")
    remedy = f'see what it gives now: monitor try "{source.name}"'
    return Raise(Notice("broken", source.name, reason, remedy), "the poll failed")
