"""Decide when a source that moved for good is requested at its new address. Pure."""

from __future__ import annotations

from monitor.collect.documents import Snapshot, Unchanged
from monitor.collect.locate import MIN_MOVED_ANSWERS, PollContext
from monitor.model import Decision


def count_moves(context: PollContext, outcome: Snapshot | Unchanged) -> tuple[str | None, int]:
    """Return to which address permanent redirects led, and in how many answers in a row, including this one.

    Other redirects, and an answer at the address itself, begin a new count. So does a redirect from the new address.
    """
    state, moved_to = context.state, outcome.moved_to
    if context.is_at_new_address and moved_to is None:
        return state.moved_to, state.moved_answers
    if not moved_to or context.rediscovered:
        return None, 0
    same = moved_to == state.moved_to and not context.is_at_new_address
    return moved_to, min(state.moved_answers + 1, MIN_MOVED_ANSWERS) if same else 1


def address_decisions(context: PollContext, outcome: Snapshot | Unchanged) -> tuple[Decision, ...]:
    """Return why the source is requested at another address than the configured one, or will be."""
    moved_to, answers = count_moves(context, outcome)
    if context.is_at_new_address and outcome.moved_to is None:
        return (Decision("address", f"requested at {moved_to}, to which it moved for good"),)
    if moved_to is None:
        return ()
    return (Decision("address", f"moved for good to {moved_to}: {answers} of {MIN_MOVED_ANSWERS} answers in a row"),)
