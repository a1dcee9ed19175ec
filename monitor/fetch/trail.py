"""Where a get has been: its redirects, and what follows from them. Pure."""

from __future__ import annotations

from monitor.fetch.outcome import FetchFailed
from monitor.fetch.reply import PERMANENT, HeaderList, Reply
from monitor.fetch.transport import Target


class Trail:
    """The way from the address that was asked for to the one that answers."""

    def __init__(self, first: Target) -> None:
        self.target = first
        self._first = first
        self._seen = {first.url}
        self._for_good = True
        self._at_home = True

    @property
    def redirected(self) -> bool:
        """Has there been a redirect?"""
        return self.target is not self._first

    @property
    def moved_to(self) -> str | None:
        """The new address, if every redirect said "for good".

        A way from https to http is followed, since what we read is public, but never taken for good: an address that
        was secure stays so.
        """
        return self.target.url if self.redirected and self._for_good else None

    def credentials(self) -> HeaderList:
        """Those of the first address, for as long as the way has not left its origin."""
        known = self._first.authorization
        return [(b"Authorization", known)] if known is not None and self._at_home else []

    def follow(self, reply: Reply) -> None:
        """Go where a redirect says. Raises FetchFailed when that is nowhere, or in a circle."""
        location = reply.first(b"location")
        if location is None:
            raise FetchFailed("redirect", f"the server answered {reply.status} without saying where to")
        there = self.target.join(location)
        if there.url in self._seen:
            raise FetchFailed("redirect", "the server redirects in a circle (it may insist on cookies)")
        self._seen.add(there.url)
        downgraded = self.target.scheme == "https" and there.scheme == "http"
        self._for_good = self._for_good and reply.status in PERMANENT and not downgraded
        self._at_home = self._at_home and there.origin == self._first.origin
        self.target = there
