"""A source answers with a challenge, a login page or another wall instead of its content."""

from __future__ import annotations

from monitor.model import Notice
from monitor.notices.base import NoticeType

WALL = NoticeType(
    "wall",
    "problem",
    meaning="the server answers with a challenge, a refusal, a login page, a question for consent or an error page"
    " instead of the content; the program does not answer such a page and reads no entries from it; the source is"
    " polled less often, at least daily",
    remedy="do what the notice says; look in a browser whether the site has a feed or an API, or whether a bridge such"
    " as RSSHub has one; ask the site to allow the program, or poll it more rarely (`every`); `monitor try NAME` shows"
    " what it gives now",
    closed_when="the source answers with its content again",
    ends_with_answer=True,
    weight=2,
)


def wall_notice(source: str, reason: str, last_good: str, remedy: str) -> Notice:
    """Return the notice that a source answers with a wall instead of its content.

    `reason` says what the server answered, `last_good` when it last gave its content, and `remedy` what to do.
    """
    advice = f'{remedy}; see what it gives now: monitor try "{source}"'
    return WALL.notice(source, f"{reason}; last good answer: {last_good}", advice)
