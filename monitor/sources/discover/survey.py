"""A document of which no kind is stated: what it is, what it lists, and which places it names that may be better."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Final

from monitor.model import Reading
from monitor.sources.discover.places import Candidate
from monitor.sources.discover.recognise import likely_kinds, recognised

_MOST_MAPS: Final = 2


@dataclass(frozen=True, slots=True)
class Survey:
    """What was seen at an address: the reading of the document itself, and the places that it names, in order."""

    reading: Reading
    candidates: tuple[Candidate, ...] = ()

    @property
    def scripted(self) -> bool:
        """The document says that its rows are not in it: a script loads them."""
        return any("loaded by a script" in problem for problem in self.reading.problems)


def survey(body: bytes, *, url: str, content_type: str | None, now: dt.datetime, timezone: str) -> Survey:
    """Read a document by what it is, and list the places that it names. Never raises for any bytes."""
    reading = recognised(body, url=url, content_type=content_type, now=now, timezone=timezone)
    kinds = likely_kinds(body)
    if "page" in kinds and reading.kind == "page":
        return Survey(reading, _named(body, url, content_type))
    if reading.kind == "sitemap" and not reading.readable:
        return Survey(reading, _maps(body, url))
    return Survey(reading)


def _named(body: bytes, url: str, content_type: str | None) -> tuple[Candidate, ...]:
    from monitor.sources.discover.links import feeds_named  # its parser is heavy and needed in children only
    from monitor.sources.page.document import parse
    from monitor.text.decode import decode

    page = parse(decode(body, content_type).text, url)
    return feeds_named(page) if page is not None else ()


def _maps(body: bytes, url: str) -> tuple[Candidate, ...]:
    from monitor.sources.sitemap import maps_in

    return tuple(Candidate("sitemap", each, "the index names this sitemap") for each in maps_in(body, url)[:_MOST_MAPS])
