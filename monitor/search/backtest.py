"""Find the effect of a change of rules: which articles of the archive it adds and drops, and how many alerts follow."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from monitor.model import Candidate, Match, Need
from monitor.rules import RuleSet
from monitor.rules.prefilter import any_need
from monitor.search.lookup import Archive, Tags, source_fields

WEEK = dt.timedelta(days=7)
_MIN_COVERED_PERIOD = dt.timedelta(days=1)  # needed to count alerts per week


@dataclass(frozen=True, slots=True)
class AddedArticle:
    """An article that the rule would match only after the change, with the places of its terms."""

    archived: Candidate
    match: Match


@dataclass(frozen=True, slots=True)
class DroppedArticle:
    """An article that the rule would match only before the change. `failed` says in words which part fails."""

    archived: Candidate
    failed: str


@dataclass(slots=True)
class Effect:
    """The effect of a change on one rule: the numbers of articles added, dropped and kept, with the newest as examples.

    There are at most `max_examples` examples of each kind. `stories_before` and `stories_after` are the stories that
    the rule matches before and after the change: for each story's id, the date of its oldest matching article.
    """

    rule: str
    max_examples: int
    added: int = 0
    dropped: int = 0
    kept: int = 0
    examples_added: list[AddedArticle] = field(default_factory=list)
    examples_dropped: list[DroppedArticle] = field(default_factory=list)
    stories_before: dict[int, dt.datetime] = field(default_factory=dict)
    stories_after: dict[int, dt.datetime] = field(default_factory=dict)

    @property
    def has_changes(self) -> bool:
        """Whether the change adds or drops any article."""
        return bool(self.added or self.dropped)


@dataclass(frozen=True, slots=True)
class BacktestWindow:
    """The compared period, from `start` to `end`. The archive covers it only from `covered` on.

    Alerts are counted only in the covered part. For the time before `covered`, the archive has only those articles that
    sources still listed when they were first polled.
    """

    start: dt.datetime
    covered: dt.datetime
    end: dt.datetime

    @property
    def is_long_enough(self) -> bool:
        """Whether the covered part is long enough to count alerts per week."""
        return self.end - self.covered >= _MIN_COVERED_PERIOD

    def per_week(self, stories: Mapping[int, dt.datetime]) -> float | None:
        """Return the average number of stories per week; None if the covered part is too short."""
        if not self.is_long_enough:
            return None
        return sum(at >= self.covered for at in stories.values()) / ((self.end - self.covered) / WEEK)

    def count_in_week(self, stories: Mapping[int, dt.datetime], start: dt.datetime, end: dt.datetime) -> int:
        """Return how many of the stories are dated from `start` until before `end`, which are a week."""
        return sum(start <= at < end or at == end == self.end for at in stories.values())

    def weeks(self) -> Iterator[tuple[dt.datetime, dt.datetime]]:
        """Yield the start and end of each covered week, the latest first. The oldest week may be shorter."""
        end = self.end
        while end > self.covered:
            start = max(end - WEEK, self.covered)
            yield start, end
            end = start


def window(began: dt.datetime | None, now: dt.datetime, days: float) -> BacktestWindow:
    """Return the window of the last `days` before `now`. `began` is when the archive's first article was seen."""
    start = now - dt.timedelta(days=days)
    return BacktestWindow(start, min(max(start, began or now), now), now)


@dataclass(frozen=True, slots=True)
class RuleChange:
    """The rules before and after the change. `names` are the names of the rules to compare.

    If `before` is None, the matches that were recorded when the articles were collected are used instead.
    """

    names: tuple[str, ...]
    before: RuleSet | None
    after: RuleSet

    def need(self) -> Need | None:
        """Return the words that an article must have to match before or after; None if words cannot decide."""
        if self.before is None:
            return None
        return any_need(rules.need() for rules in (self.before, self.after) if rules.names)


def backtest(
    archive: Archive, change: RuleChange, tags: Tags, *, since: dt.datetime, examples: int
) -> dict[str, Effect]:
    """Return the effect of the change on the articles since `since`, by rule, with up to `examples` of each kind.

    Articles whose texts were removed are left out.
    """
    effects = {name: Effect(name, examples) for name in change.names}
    for archived in archive.articles_with(change.need(), since=since):
        if archived.text_removed:  # rules would see only its title
            continue
        fields = source_fields(archived, tags)
        after = {match.rule: match for match in change.after.match(archived.article, **fields)}
        before = archived.matched
        if change.before is not None:
            before = frozenset(match.rule for match in change.before.match(archived.article, **fields))
        for name in (before | after.keys()) & effects.keys():
            _count_article(
                effects[name], archived, name in before, after.get(name), _FailureFinder(change.after, fields)
            )
    return effects


@dataclass(frozen=True, slots=True)
class _FailureFinder:
    """Finds the reason why a rule does not match an article. This is slow, so it is done only for examples."""

    rules: RuleSet
    fields: Mapping[str, str | Sequence[str]]

    def failed(self, name: str, archived: Candidate) -> str:
        if name not in self.rules.names:
            return "the rule is gone"
        return self.rules.explain(name, archived.article, **self.fields).failed


def _count_article(
    effect: Effect, archived: Candidate, before: bool, after: Match | None, finder: _FailureFinder
) -> None:
    """Count one article.

    Call it for the newest articles first, so that each story gets the date of its oldest article.
    """
    if before:
        effect.stories_before[archived.story_id] = archived.dated_at
    if after is not None:
        effect.stories_after[archived.story_id] = archived.dated_at
    if before and after is not None:
        effect.kept += 1
    elif after is not None:
        effect.added += 1
        if len(effect.examples_added) < effect.max_examples:
            effect.examples_added.append(AddedArticle(archived, after))
    else:
        effect.dropped += 1
        if len(effect.examples_dropped) < effect.max_examples:
            effect.examples_dropped.append(DroppedArticle(archived, finder.failed(effect.rule, archived)))


def failed_examples(
    rules: RuleSet, name: str, must_match: Sequence[str], must_not_match: Sequence[str]
) -> tuple[str, ...]:
    """Return in words which examples of a rule fail. An example is used as both title and text."""
    wanted = [(text, True) for text in must_match] + [(text, False) for text in must_not_match]
    found = ((text, hold, rules.explain(name, text, title=text)) for text, hold in wanted)
    return tuple(
        f'must_match "{text}" fails: {each.failed}' if hold else f'must_not_match "{text}" holds'
        for text, hold, each in found
        if each.held != hold
    )
