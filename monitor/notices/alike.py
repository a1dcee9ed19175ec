"""All entries of a source have the same title, text or date."""

from __future__ import annotations

from collections.abc import Sequence

from monitor.model import Notice
from monitor.notices.base import NoticeType, advise_try

ALIKE = NoticeType(
    "alike",
    "information",
    meaning="all entries of the source, at least five, have the same title, text or date; or the pages of all its new"
    " articles have the same text: probably it is that of the site, not of the entries",
    remedy="`monitor try NAME` shows what is read; set the selector that the notice names (`title`, `summary`, `date`,"
    " `content`) in its table; nothing, if the entries are really alike",
    closed_when="the entries of an answer differ",
)


def alike_notice(source: str, parts: Sequence[str]) -> Notice:
    """Return the notice that the entries of a source are alike. `parts` say in which parts, and what each part is."""
    message = f"{'; '.join(parts)}: probably that of the site"
    return ALIKE.notice(source, message, f"{advise_try(source)}; nothing, if the entries are really alike")
