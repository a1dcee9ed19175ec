"""Find the articles of several outlets that report the same event, in a stream of articles.

An event never suppresses an article: it says which articles are shown together. A wrong join is worse than a missed
join, so one reason against a join is enough. See docs/decisions/0024-events-group-and-never-suppress.md.
"""

from __future__ import annotations

import datetime as dt
import math
from collections import defaultdict
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from monitor.model.articles import Article
from monitor.model.stories import PairVerdict, RelatedArticle
from monitor.stories.bridge import compare_bridge_keys
from monitor.stories.conflicts import find_conflict
from monitor.stories.likeness import Likeness, Probe
from monitor.stories.reports import Report, read_report
from monitor.stories.window import Member, Window

WINDOW: Final = dt.timedelta(hours=72)
"""How long after an earlier report a report can be joined to its event. Later reports are follow-ups."""

MAX_REPORTS: Final = 40
"""Maximum number of reports of one event. More reports are about a topic, not about an event."""

MIN_JOIN_SCORE: Final = 2.6
"""Minimum score to join an article to the event of the most similar article: odds of 13 to 1."""

MIN_COMMON_TERMS: Final = 5
"""Minimum number of different terms in common: two headlines may share a theme and a verb by chance."""

MIN_SCORE_WITH_FIRST: Final = 0.7
"""Minimum score with the first report of the event, so that follow-ups do not form a chain."""

MIN_RELATED_SCORE: Final = 0.4
"""Minimum score to show two articles together without joining them."""

MIN_BRIDGE_WEIGHT: Final = 3.2
MIN_BRIDGE_SHARE: Final = 0.5
"""Minimum weight of the keys that related articles in two languages share, and its minimum share of all weight."""

MIN_TITLE_SHARE: Final = 0.55
"""Minimum share of one of the titles that the other report has too. With less, the reports only share a template."""

SCORE_LOSS_PER_DAY: Final = 1.0
"""How much a score falls for each day between two articles: after more days, a follow-up is more likely."""

MAX_RELATED: Final = 5
"""Maximum number of related articles of one article."""

_DAY: Final = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class EventPlacement:
    """The event that an article reports (None: no known event), and the related articles that are not joined.

    `of` is the article to which it is joined, `score` the probability that the join is right, `reason` a sentence.
    `related` are articles of the last days about the same thing, also in another language, each with the reason why it
    is not joined. The most similar article is first.
    """

    event: Hashable | None
    of: int | None
    score: float
    reason: str
    related: tuple[RelatedArticle, ...]


@dataclass(slots=True)
class _Event:
    first: int
    members: set[int] = field(default_factory=set)
    outlets: set[str] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class _NearReport:
    """An article that is similar to a new article, with the score and the likeness in words.

    `refusal` says why the two are not joined; "" if they may be joined.
    """

    member: Member
    score: float
    words: str
    refusal: str = ""


class Events:
    """Finds the event that an article reports among the events of the last days. All data is in memory."""

    def __init__(self) -> None:
        self._window = Window(WINDOW)
        self._events: dict[Hashable, _Event] = {}
        self._apart: dict[int, set[int]] = defaultdict(set)
        self._together: set[int] = set()
        self._last: tuple[Article, Report] | None = None

    def place(self, article: Article, at: dt.datetime, *, key: int) -> EventPlacement | None:
        """Return the event that the article reports, and the related articles; None if there are neither.

        `at` is when the article came. Articles that are outside the window at this time are removed. `key` is the id of
        the article, which is not compared with itself.
        """
        self._expire(at)
        report = self.read(article)
        near = self._refuse_kept_apart([one for one in self._find_near(report, at) if one.member.key != key])
        joined = next((one for one in near if not one.refusal), None)
        others = [one for one in near if joined is None or one.member.event != joined.member.event]
        others += self._find_in_other_language(report, at)
        related = tuple(_related_article(one) for one in others[:MAX_RELATED])
        if joined is not None:
            score = round(1 / (1 + math.exp(-joined.score)), 3)
            return EventPlacement(joined.member.event, joined.member.key, score, joined.words, related)
        if others:
            return EventPlacement(
                None, None, 0.0, f"{others[0].words}, and is not joined: {others[0].refusal}", related
            )
        return None

    def add(self, article: Article, at: dt.datetime, *, key: int, event: Hashable) -> None:
        """Remember an article and its `event`, so that later articles are compared with it. `key` must be unused."""
        self._expire(at)
        self.add_report(self.read(article), at, key=key, event=event)

    def add_report(self, report: Report, at: dt.datetime, *, key: int, event: Hashable) -> None:
        """Remember an article as `add` does, if its report has been read before."""
        self._expire(at)
        self._window.add(Member(key, report, at, event))
        known = self._events.setdefault(event, _Event(key))
        known.members.add(key)
        known.outlets.add(report.outlet)

    def obey(self, decisions: Iterable[tuple[int, int, PairVerdict]]) -> None:
        """Remember what a person decided about pairs of articles. `place` obeys these decisions."""
        for one, other, verdict in decisions:
            if verdict == "apart":
                self._apart[one].add(other)
                self._apart[other].add(one)
            else:
                self._together |= {one, other}

    def contains(self, key: int) -> bool:
        """Return whether an article is still in the window, so that new articles are compared with it."""
        return self._window.get(key) is not None

    def _expire(self, at: dt.datetime) -> None:
        for member in self._window.expire(at):
            event = self._events[member.event]
            event.members.discard(member.key)
            if not event.members:
                del self._events[member.event]

    def read(self, article: Article) -> Report:
        """Return the article's report. The last report is cached, because `place` and `add` read the same article."""
        if self._last is None or self._last[0] != article:
            self._last = (article, read_report(article, self._window.counts()))
        return self._last[1]

    def _find_near(self, report: Report, at: dt.datetime) -> list[_NearReport]:
        """Return the similar articles of other outlets, the most similar first."""
        probe = Probe.of(report)
        near = []
        for member in self._window.similar(report, at):
            likeness = probe.compare(member.report)
            score = _fade_score(likeness.score, member, at)
            if (member.report.outlet != report.outlet or member.key in self._apart) and score >= MIN_RELATED_SCORE:
                near.append(
                    _NearReport(member, score, _describe(likeness), self._refusal_reason(probe, member, likeness, at))
                )
        return sorted(near, key=lambda one: (-one.score, one.member.key))

    def _refuse_kept_apart(self, near: Sequence[_NearReport]) -> list[_NearReport]:
        """Refuse an event if the new article is more similar to one that a person keeps apart from that event."""
        found: list[_NearReport] = []
        for one in near:
            if not one.refusal and any(
                self._events[one.member.event].members & self._apart.get(other.member.key, set()) for other in found
            ):
                one = replace(one, refusal=_KEPT_APART)  # noqa: PLW2901 - the same article, with the decision of a person
            found.append(one)
        return found

    def _refusal_reason(self, probe: Probe, member: Member, likeness: Likeness, at: dt.datetime) -> str:
        """Return why the report does not belong to the member's event; "" if it does.

        An outlet reports an event only once. A later report by the same outlet is a follow-up.
        """
        if probe.report.outlet == member.report.outlet:
            return "an outlet reports an event once"
        if conflict := find_conflict(probe.report, member.report):
            return conflict
        if likeness.larger_title_share < MIN_TITLE_SHARE or _count_common_terms(probe, member) < MIN_COMMON_TERMS:
            return "the two reports share too little of their titles"
        if _fade_score(likeness.score, member, at) < MIN_JOIN_SCORE:
            return "they are not similar enough to be of one event"
        event = self._events[member.event]
        firsts = [self._window.get(key) for key in (event.first, *sorted(event.members & self._together))]
        known = [first for first in firsts if first is not None]
        if not known:
            return "its event is older than three days"
        if len(event.members) >= MAX_REPORTS:
            return f"its event has {MAX_REPORTS} reports"
        if probe.report.outlet in event.outlets:
            return "its event has a report of this outlet"
        reasons = [self._first_refusal(probe, first, at) for first in known]
        return "" if "" in reasons else reasons[0]

    def _first_refusal(self, probe: Probe, first: Member, at: dt.datetime) -> str:
        """Return why a report does not belong to the event of `first`; "" if it does.

        `first` is the first report of the event, or a report that a person joined to it.
        """
        if _fade_score(probe.compare(first.report).score, first, at) < MIN_SCORE_WITH_FIRST:
            return "it is not similar enough to the first report of that event"
        return find_conflict(probe.report, first.report)

    def _find_in_other_language(self, report: Report, at: dt.datetime) -> list[_NearReport]:
        """Return the articles in the other language that are about the same thing, the most similar first."""
        near = []
        for member in self._window.in_other_language(report, at):
            shared, share = compare_bridge_keys(report.bridge_keys, member.report.bridge_keys, self._window.rarity)
            if shared >= MIN_BRIDGE_WEIGHT and share >= MIN_BRIDGE_SHARE and not find_conflict(report, member.report):
                near.append(_NearReport(member, shared, _OTHER_LANGUAGE_REASON, "it is in another language"))
        return sorted(near, key=lambda one: (-one.score, one.member.key))


def _related_article(one: _NearReport) -> RelatedArticle:
    reason = one.refusal or "a more similar report belongs to another event"
    return RelatedArticle(one.member.key, one.words, reason)


_KEPT_APART: Final = "a more similar article is kept apart from that event by hand"
_OTHER_LANGUAGE_REASON: Final = "an article in another language has the same figures, names or places"


def _count_common_terms(probe: Probe, member: Member) -> int:
    """Return how many different terms are in both reports, in their titles or texts."""
    return sum(code in probe.terms for code in member.report.terms.codes)


def _fade_score(score: float, member: Member, at: dt.datetime) -> float:
    return score - SCORE_LOSS_PER_DAY * (abs(at - member.at) / _DAY)


def _describe(likeness: Likeness) -> str:
    """Return a description of what two reports have in common."""
    figures = ", and figures" if likeness.figures > likeness.unshared_figures else ""
    return (
        f"another outlet's report has {likeness.larger_title_share:.0%} of one title,"
        f" {likeness.smaller_title_share:.0%} of the other, "
        f"{likeness.cosine:.0%} of the weighted words{figures} in common"
    )
