"""A source made of parts: an index of sitemaps. Those of its parts that have something new are read in the same poll.

A part is read when the index states something else of it than when it was read last, or when it is new in the index;
one of which nothing is stated is asked for conditionally. At a first poll those are read that changed within the
source's `backfill`, and one at least. What could not be read now, or is too much for one poll, is left for the next.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import Final, Protocol

from monitor.collect.further import Followed, Further, Read, Unread
from monitor.collect.moments import latest
from monitor.collect.visit import Visit
from monitor.failpoint import failpoint
from monitor.model import Entry, KnownPart, Part, Reading, Validators
from monitor.text.address import host_of

MOST_READ: Final = 20
"""Parts that one poll reads. The next polls go on with the rest."""

MOST_ENTRIES: Final = 20_000
"""With more entries than this no further part is read in one poll."""

_UNSTATED: Final = 5  # of more than MOST_READ parts without a time so many are asked for: the newest by their number
_MOST_PROBLEMS: Final = 5
_SLACK: Final = dt.timedelta(days=1)
_COUNTRY: Final = 2  # letters in the name of a country
_SECOND_LEVEL: Final = frozenset({"ac", "co", "com", "edu", "go", "gob", "gov", "gouv", "ne", "net", "or", "org"})


class Store(Protocol):
    """What reading parts needs of the store."""

    def parts(self, source_id: int) -> Mapping[str, KnownPart]:
        """The parts of a source that were seen before, by key."""
        ...


@dataclass(slots=True)
class PartReader:
    """Reads the parts that are due in one poll."""

    further: Further
    store: Store
    visit: Visit
    _entries: dict[str, Entry] = field(default_factory=dict)
    _old: set[str] = field(default_factory=set)
    _problems: list[str] = field(default_factory=list)
    _failures: list[str] = field(default_factory=list)
    _kept: dict[str, KnownPart] = field(default_factory=dict)
    _whole: bool = True
    _size: int = 0
    _done: int = 0

    def follow(self, index: Reading, shown: Reading, url: str) -> Followed:
        """What the parts of `index`, which came from `url`, list. `shown` is the index without its secrets."""
        known = self.store.parts(self.visit.state.id)
        parts = [part for part in index.parts if same_site(part.url, url)]
        if strangers := len(index.parts) - len(parts):
            self._problems.append(f"{strangers} of its sitemaps are on other sites and left out")
        due = self._due(parts, known)
        waiting = len(due) > MOST_READ
        for part in islice(due, MOST_READ):
            if len(self._entries) > MOST_ENTRIES:
                waiting = True
                break
            if not self._take(part, known):
                return Followed(shown, stopped=True)
        self._remember(parts, due, known)
        reading = replace(
            shown,
            entries=tuple(self._entries.values()),
            problems=(*shown.problems, *self._problems),
            complete=shown.complete and self._whole,
        )
        if due and len(self._failures) == min(len(due), MOST_READ):
            return Followed(replace(reading, readable=False, problems=(f"none could be read: {self._failures[0]}",)))
        return Followed(
            reading,
            old=frozenset(self._old),
            documents=self._done,
            failure=self._failed(),
            again=waiting or bool(self._failures) or not self._whole or any(part.changed is None for part in due),
            parts=self._kept,
            size=self._size,
        )

    @property
    def _since(self) -> dt.datetime:
        """What changed before is no news, as far as it was never read."""
        state, now = self.visit.state, self.visit.now
        return min(state.added_at or now, now) - self.visit.source.backfill

    def _due(self, parts: Sequence[Part], known: Mapping[str, KnownPart]) -> list[Part]:
        """The parts to read, the newest first; of those that are alike the one that was not read for longest."""
        stated = [part for part in parts if part.changed is not None and self._changed(part, known.get(key_of(part)))]
        unstated = [part for part in parts if part.changed is None]
        silent = [part for part in unstated if self._appeared(part, known)]
        asked = dict.fromkeys((*stated, *silent, *unstated[: MOST_READ if len(unstated) <= MOST_READ else _UNSTATED]))
        if not known and not asked:
            asked = dict.fromkeys(parts[:1])
        return sorted(asked, key=lambda part: self._age(part, known.get(key_of(part))), reverse=True)

    def _appeared(self, part: Part, known: Mapping[str, KnownPart]) -> bool:
        return bool(known) and key_of(part) not in known

    def _changed(self, part: Part, before: KnownPart | None) -> bool:
        if before is not None:
            return before.stated != part.stated
        return part.changed is not None and latest(part.changed) >= self._since - _SLACK

    def _age(self, part: Part, before: KnownPart | None) -> tuple[float, float]:
        read = before.read_at.timestamp() if before is not None and before.read_at is not None else 0.0
        return (part.changed.at.timestamp() if part.changed else 0.0), -read

    def _take(self, part: Part, known: Mapping[str, KnownPart]) -> bool:
        """Read a part, and keep what came of it. False: the program is about to end."""
        before = known.get(key_of(part))
        got = self.further.get(part.url, before.validators if before is not None else None)
        failpoint("collect.followed")
        if isinstance(got, Read) and not same_site(got.url, part.url):
            got = Unread("it is on another site")
        if isinstance(got, Unread):
            if not got.stopped:
                self._failures.append(got.reason)
            return not got.stopped
        kept = KnownPart(part.stated, self.visit.now, got.validators)
        if isinstance(got, Read):
            self._add(got, baseline=not known or (before is not None and before.read_at is None), first=before is None)
            if not got.open.complete:
                kept = KnownPart("", self.visit.now, Validators(body_hash=got.validators.body_hash))
        self._kept[key_of(part)] = kept
        self._done += 1
        return True

    def _add(self, read: Read, *, baseline: bool, first: bool) -> None:
        """Take the entries of a part; of one that is new in the index (`first`), or is `baseline`, the older are old.

        Those without a date are news, but in one that is baseline.
        """
        for entry in read.shown.entries:
            if entry.key in self._entries:
                continue
            self._entries[entry.key] = entry
            moment = entry.published or entry.updated
            if (latest(moment) < self._since and (first or baseline)) if moment else baseline:
                self._old.add(entry.key)
        problems = ["a sitemap is an index itself and left out"] if read.open.parts else read.shown.problems
        self._problems += [each for each in problems if each not in self._problems][:_MOST_PROBLEMS]
        self._whole = self._whole and read.open.complete
        self._size += read.size

    def _remember(self, parts: Sequence[Part], due: Sequence[Part], known: Mapping[str, KnownPart]) -> None:
        """Keep which parts there were; of those that were due from the first and not read, that they are still due."""
        waiting = {key_of(part) for part in due}
        for part in parts:
            key = key_of(part)
            if key in known or key in self._kept:
                continue
            if key not in waiting:
                self._kept[key] = KnownPart(part.stated)
            elif not known:
                self._kept[key] = KnownPart("")

    def _failed(self) -> str:
        count = len(self._failures)
        return f"{count} of its sitemaps could not be read ({self._failures[0]})" if count else ""


def key_of(part: Part) -> str:
    """By which a part is known: its address may hold a secret."""
    return hashlib.sha256(part.url.encode("utf-8", "surrogatepass")).hexdigest()


def same_site(url: str, other: str) -> bool:
    """Whether two addresses belong to one site: their hosts end in the same registered name, as near as that shows."""
    return _site(host_of(url)) == _site(host_of(other))


def _site(host: str) -> str:
    labels = host.split(".")
    if labels[-1].isdigit() or ":" in host:
        return host
    *_, second, top = ("", *labels)
    return ".".join(labels[-3 if len(top) == _COUNTRY and second in _SECOND_LEVEL else -2 :])
