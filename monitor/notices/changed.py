"""A page was redesigned, or the selectors in its table of the configuration do not match it."""

from __future__ import annotations

from collections.abc import Sequence

from monitor.model import Notice
from monitor.notices.base import NoticeType

CHANGED = NoticeType(
    "changed",
    "problem",
    meaning="a page was redesigned, and its list was found again by the known entries; or selectors in the table of the"
    " source select nothing any more",
    remedy="put the selectors that the notice names (`item`, `title`, `link` …) into its table; `monitor try NAME`"
    " shows what they give",
    closed_when="the page is read as its table says",
)


def idle_selectors_notice(source: str, problems: str) -> Notice:
    """Return the notice that some of the source's selectors select nothing. `problems` say which."""
    return CHANGED.notice(
        source, problems, "fix these selectors, or remove them; monitor try shows what is read without them"
    )


def better_selectors_notice(source: str, problems: str, selectors: Sequence[str]) -> Notice:
    """Return the notice that some of the source's selectors select nothing, and that `selectors` would work.

    `problems` say which select nothing.
    """
    return CHANGED.notice(source, problems, f"replace the selectors in its table by: {'; '.join(selectors)}")


def relocated_notice(source: str, selectors: Sequence[str], *, selected: bool) -> Notice:
    """Return the notice that the list was found again by its known entries.

    `selectors` are lines for the source's table that select the list; empty if there are no such selectors.
    `selected`: the table already has selectors, but they select no known entry.
    """
    reason = "its selectors select no known entry" if selected else "another list is found on it now"
    message = f"the page was changed: {reason}; the program found the list with the known entries and reads it"
    if not selectors:
        remedy = "do nothing while the program finds the list; no CSS selector matches only its rows"
    else:
        action = "replace the selectors in its table by" if selected else "put into its table"
        remedy = f"{action}: {'; '.join(selectors)}"
    return CHANGED.notice(source, message, remedy)
