"""The articles of recent days, and a search for those that share rare terms with a new article."""

from __future__ import annotations

import datetime as dt
import heapq
import math
from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from typing import Final, TypeVar

from monitor.stories.idf import ExtraCounts
from monitor.stories.reports import Report

MAX_INDEXED_TERMS: Final = 40
"""Maximum number of terms of an article that are indexed: those with the greatest weight."""

MAX_PROBED_TERMS: Final = 24
"""Maximum number of terms of a new article that are looked up: those with the greatest weight."""

MAX_SCANNED_POSTINGS: Final = 6_000
"""Maximum number of postings that a search reads. The rarest terms are read first, since common terms say little."""

MAX_COMPARED_ARTICLES: Final = 16
"""Maximum number of articles that are compared in full: those that share the most terms."""

MIN_SHARED_WEIGHT: Final = 0.12
"""Minimum share of the weight of an article's terms that another article must have too to be compared with it."""

_PRIOR_ARTICLES: Final = 100.0
_USUAL_KEY_SHARE: Final = 0.03  # share of articles in which a usual bridge key occurs
_USUAL_KEY_IDF: Final = 3.0

Key = TypeVar("Key", tuple[bool, int], tuple[bool, str])


@dataclass(frozen=True, slots=True)
class Member:
    """An article of the window: its id, its time, and its event."""

    key: int
    report: Report
    at: dt.datetime
    event: Hashable


class Window:
    """Contains the articles of the last period of this `length`, sorted by time, with an inverted index of their terms.

    Articles in the same language are found by terms, articles in the other language by bridge keys.
    """

    def __init__(self, length: dt.timedelta) -> None:
        self._length = length
        self._newest: dt.datetime | None = None
        self._members: dict[int, Member] = {}
        self._order: list[tuple[dt.datetime, int]] = []
        self._terms: defaultdict[tuple[bool, int], list[int]] = defaultdict(list)
        self._bridge: defaultdict[tuple[bool, str], list[int]] = defaultdict(list)
        self._counts: Counter[int] = Counter()

    def __len__(self) -> int:
        return len(self._members)

    def get(self, key: int) -> Member | None:
        """Return an article of the window; None if it is too old, or was never in it."""
        return self._members.get(key)

    def counts(self) -> ExtraCounts:
        """Return the number of articles in the window with each term."""
        return ExtraCounts(len(self._members), self._counts)

    def rarity(self, key: str) -> float:
        """Return the factor for the weight of a bridge key: 1 for a usual key, less if more articles have the key."""
        count = sum(len(self._bridge.get((han, key), ())) for han in (False, True))
        share = (_USUAL_KEY_SHARE * _PRIOR_ARTICLES + count) / (_PRIOR_ARTICLES + len(self._members))
        return min(1.0, -math.log(share) / _USUAL_KEY_IDF)

    def similar(self, report: Report, at: dt.datetime) -> list[Member]:
        """Return the articles in the report's language that share the most weight with its most important terms."""
        rows = list(report.terms.items())[:MAX_PROBED_TERMS]
        return self._best_members([(self._terms.get((report.han, code), []), weight) for code, weight in rows], at)

    def in_other_language(self, report: Report, at: dt.datetime) -> list[Member]:
        """Return the articles in the other language that share the most bridge keys."""
        rows = report.bridge_keys.keys.items()
        lists = [(self._bridge.get((not report.han, key), []), weight * self.rarity(key)) for key, weight in rows]
        return self._best_members(lists, at)

    def _best_members(self, lists: list[tuple[list[int], float]], at: dt.datetime) -> list[Member]:
        """Return the members with the greatest sum of weights. If there are many lists, the longest are left out."""
        sums: defaultdict[int, float] = defaultdict(float)
        scanned = 0
        for posting, weight in sorted(lists, key=lambda row: len(row[0])):
            scanned += len(posting)
            if scanned > MAX_SCANNED_POSTINGS and sums:
                break
            for key in posting:
                sums[key] += weight
        min_weight = MIN_SHARED_WEIGHT * sum(weight for _, weight in lists)
        candidates = [key for key, weight in sums.items() if weight >= min_weight]
        ranked = heapq.nsmallest(2 * MAX_COMPARED_ARTICLES, candidates, key=lambda key: (-sums[key], key))
        members = (self._members[key] for key in ranked)
        return [member for member in members if abs(member.at - at) <= self._length][:MAX_COMPARED_ARTICLES]

    def add(self, member: Member) -> None:
        """Add an article to the window."""
        self._members[member.key] = member
        heapq.heappush(self._order, (member.at, member.key))
        self._counts.update(member.report.terms.codes)
        for term in self._terms_of(member):
            self._terms[term].append(member.key)
        for key in self._keys_of(member):
            self._bridge[key].append(member.key)

    def expire(self, at: dt.datetime) -> list[Member]:
        """Remove the articles that are too old at `at`, or at the latest time of an earlier call, and return them."""
        self._newest = max(self._newest or at, at)
        gone = []
        while self._order and self._order[0][0] < self._newest - self._length:
            member = self._members.pop(heapq.heappop(self._order)[1])
            self._counts.subtract(member.report.terms.codes)
            _remove_from_lists(self._terms, self._terms_of(member), member.key)
            _remove_from_lists(self._bridge, self._keys_of(member), member.key)
            gone.append(member)
        if gone:
            self._counts = +self._counts  # removes the terms that no article has any more
        return gone

    def _terms_of(self, member: Member) -> list[tuple[bool, int]]:
        return [(member.report.han, code) for code in member.report.terms.codes[:MAX_INDEXED_TERMS]]

    def _keys_of(self, member: Member) -> list[tuple[bool, str]]:
        return [(member.report.han, key) for key in member.report.bridge_keys.keys]


def _remove_from_lists(lists: dict[Key, list[int]], names: Iterable[Key], key: int) -> None:
    """Remove an article from its lists, and then remove empty lists."""
    for name in names:
        lists[name].remove(key)
        if not lists[name]:
            del lists[name]
