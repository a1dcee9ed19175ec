"""What an operator should know after a poll."""

from __future__ import annotations

import datetime as dt
from typing import Final

from monitor.collect.record import Writing
from monitor.model import Notice, Source, SourceState

GONE: Final = 410
"""The status by which a server says that a resource is gone for good (RFC 9110, 15.5.11)."""


def after_reading(
    tx: Writing, source: Source, state: SourceState, *, moved_to: str | None, overlap: bool, new: int, at: dt.datetime
) -> None:
    """A source was read: say where it moved to, and whether entries may have passed between two polls."""
    after_success(tx, source, at=at)
    if moved_to is None:
        tx.resolve_notice("moved", source.name, at)
    else:
        remedy = f'put url = "{moved_to}" into its table'
        tx.raise_notice(Notice("moved", source.name, f"it moved for good to {moved_to}", remedy), at)
    if new and not overlap and state.last_new_at is not None:
        tx.raise_notice(
            Notice(
                "gap", source.name,
                f"all {new} entries were new: others may have come and gone since {state.last_success_at:%F %H:%M} UTC",
                "poll it more often: set `every` in its table",
            ),
            at,
        )  # fmt: skip


def after_success(tx: Writing, source: Source, *, at: dt.datetime) -> None:
    """A source answered: what was said of its being broken holds no longer."""
    tx.resolve_notice("broken", source.name, at)
    tx.resolve_notice("gone", source.name, at)
    tx.resolve_notice("crash", source.name, at)


def after_failure(tx: Writing, source: Source, reason: str, *, gone: bool, crash: bool, at: dt.datetime) -> None:
    """A source failed: say why, and what to do. `gone`: it said so itself; `crash`: the fault is the program's."""
    look = f'see what it gives now: monitor try "{source.shown_url or source.url}"'
    if gone:
        remedy = f'remove it, mend its url, or poll it once more: monitor once --source "{source.name}"'
        tx.raise_notice(Notice("gone", source.name, f"polling is paused: {reason}", remedy), at)
    elif crash:
        tx.raise_notice(Notice("crash", source.name, reason, "please report it with the trace in the log"), at)
    else:
        tx.raise_notice(Notice("broken", source.name, reason, look), at)
