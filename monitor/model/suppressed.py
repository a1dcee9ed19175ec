"""Why the matches of an entry are not sent: the reasons that are recorded with them.

Version 0.1.0 recorded "baseline" in place of each of these reasons. Such rows are not changed.
"""

from __future__ import annotations

from typing import Final

FIRST_POLL_OLD: Final = "listed at the first poll, and older than `backfill`"
FIRST_POLL_UNDATED: Final = "listed at the first poll, without a date"
LISTED_BEHIND_KNOWN: Final = "listed on a further page, behind what is recorded"
DATED_BEFORE_KNOWN: Final = "listed on a further page, and dated before what is recorded"
KNOWN_TITLE: Final = "its title is recorded, at another address"
OLD_SITEMAP_OLD: Final = "listed in a sitemap that is read for the first time, and older than `backfill`"
OLD_SITEMAP_UNDATED: Final = "listed in a sitemap that is read for the first time, without a date"
TOO_MANY_NEW: Final = (
    "held, since there were far more new entries at once than ever; it is sent once they are listed again"
)
