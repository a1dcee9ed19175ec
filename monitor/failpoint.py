"""Named points at which a test can stop, kill or watch the program. In production they do nothing."""

from __future__ import annotations

from collections.abc import Callable

Action = Callable[[str], None]

_armed_action: Action | None = None


def failpoint(name: str) -> None:
    """Mark a point of the program. Does nothing unless a test armed an action, which is then called with `name`."""
    if _armed_action is not None:
        _armed_action(name)


def arm(action: Action | None) -> None:
    """Call `action` at every failpoint of this process; None disarms. For tests only."""
    global _armed_action  # noqa: PLW0603 - one switch a process, so that the unarmed check is one comparison
    _armed_action = action
