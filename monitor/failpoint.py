"""Named points at which a test can stop, kill or watch the program. In production they do nothing."""

from __future__ import annotations

from collections.abc import Callable

Action = Callable[[str], None]

_armed_action: Action | None = None


def failpoint(name: str) -> None:
    """Mark a point of the program. If a test has armed an action, call the action with `name`."""
    if _armed_action is not None:
        _armed_action(name)


def arm(action: Action | None) -> None:
    """Call `action` at every failpoint of this process from now on; None switches this off. For tests only."""
    global _armed_action  # noqa: PLW0603 - a global, so that the check in production is one comparison
    _armed_action = action
