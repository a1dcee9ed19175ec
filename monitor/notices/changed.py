"""A page is not as its table says, or was redesigned."""

from __future__ import annotations

from collections.abc import Sequence

from monitor.model import Notice
from monitor.notices.base import NoticeType

CHANGED = NoticeType(
    "changed",
    "problem",
    meaning="a page was redesigned and its list found by what was known of it, or selectors select nothing any more",
    remedy="put the selectors that the notice names (`item`, `title`, `link` …) into its table; `monitor try NAME`"
    " shows what they give",
    cure="it is read as its table says",
)


def idle_selectors(source: str, problems: str) -> Notice:
    """Return the notice that some keys select nothing in the rows that are read, as `problems` say."""
    return CHANGED.notice(source, problems, "fix them, or take them out; see what is read without: monitor try")


def better_selectors(source: str, problems: str, selectors: Sequence[str]) -> Notice:
    """Return the notice that some keys select nothing in the rows that are read, and that `selectors` would."""
    return CHANGED.notice(source, problems, f"put into its table instead of its selectors: {'; '.join(selectors)}")


def relocated(source: str, selectors: Sequence[str], *, selected: bool) -> Notice:
    """Return the notice that the list was relocated by known entries; `selectors` are lines that give it, if any do.

    `selected`: the table has selectors, and they select nothing that is known.
    """
    reason = "its selectors select nothing that is known" if selected else "the list that is found is another one"
    message = f"the page was changed: {reason}; the list with known entries was relocated, and is read"
    if not selectors:
        remedy = "no selector gives its rows alone; nothing has to be done as long as it is found"
    else:
        remedy = f"put into its table{' instead of its selectors' if selected else ''}: {'; '.join(selectors)}"
    return CHANGED.notice(source, message, remedy)
