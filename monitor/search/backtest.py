"""The effect of a change of rules: which articles of the archive it adds and drops, and how many alerts it means."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from monitor.model import Candidate, Match, Need
from monitor.rules import RuleSet
from monitor.rules.prefilter import any_need
from monitor.search.lookup import Archive, Tags, source_fields

WEEK = dt.timedelta(days=7)
_SHORTEST_PERIOD = dt.timedelta(days=1)  # of an archive from which alerts a week are worth telling


@dataclass(frozen=True, slots=True)
class AddedArticle:
    """An article that the rule would newly match, with the places of its terms."""

    archived: Candidate
    match: Match


@dataclass(frozen=True, slots=True)
class DroppedArticle:
    """An article that the rule would no longer match; `failed` says in words which part fails."""

    archived: Candidate
    failed: str


@dataclass(slots=True)
class Effect:
    """The effect of a change on one rule: articles added, dropped and kept, the newest ones as examples.

    At most `max_examples` of each kind are kept. `before` and `after` are the stories that the rule alerts to, each
    with the date of its oldest matching article.
    """

    rule: str
    max_examples: int
    added: int = 0
    dropped: int = 0
    kept: int = 0
    examples_added: list[AddedArticle] = field(default_factory=list)
    examples_dropped: list[DroppedArticle] = field(default_factory=list)
    before: dict[int, dt.datetime] = field(default_factory=dict)
    after: dict[int, dt.datetime] = field(default_factory=dict)

    @property
    def has_changes(self) -> bool:
        """Whether it adds or drops anything."""
        return bool(self.added or self.dropped)


@dataclass(frozen=True, slots=True)
class BacktestWindow:
    """The compared period: articles dated from `start` on, of which the archive covers `covered` to `end`.

    Alerts are counted only in the covered part: from the time before the first article was seen, the archive has only
    what sources still listed then.
    """

    start: dt.datetime
    covered: dt.datetime
    end: dt.datetime

    @property
    def is_long_enough(self) -> bool:
        """Whether enough is covered to count alerts a week."""
        return self.end - self.covered >= _SHORTEST_PERIOD

    def per_week(self, stories: Mapping[int, dt.datetime]) -> float | None:
        """Return the average number of stories a week; None if the covered part is too short."""
        if not self.is_long_enough:
            return None
        return sum(at >= self.covered for at in stories.values()) / ((self.end - self.covered) / WEEK)

    def count_in_week(self, stories: Mapping[int, dt.datetime], start: dt.datetime, end: dt.datetime) -> int:
        """Return how many of the stories are in a week; one dated exactly at its end counts in the next week."""
        return sum(start <= at < end or at == end == self.end for at in stories.values())

    def weeks(self) -> Iterator[tuple[dt.datetime, dt.datetime]]:
        """Yield the weeks that are covered, counted back from the end; the oldest one may be shorter."""
        end = self.end
        while end > self.covered:
            start = max(end - WEEK, self.covered)
            yield start, end
            end = start


def window(began: dt.datetime | None, now: dt.datetime, days: float) -> BacktestWindow:
    """Return the last days before `now`, of an archive whose first article was seen at `began`."""
    start = now - dt.timedelta(days=days)
    return BacktestWindow(start, min(max(start, began or now), now), now)


@dataclass(frozen=True, slots=True)
class RuleChange:
    """The rules after and before the change, by name; `names` are those compared.

    `before` None: the matches recorded when the articles were collected.
    """

    names: tuple[str, ...]
    before: RuleSet | None
    after: RuleSet

    def need(self) -> Need | None:
        """Return the words that an article must have for one of both to match; None if words cannot decide."""
        if self.before is None:
            return None
        return any_need(rules.need() for rules in (self.before, self.after) if rules.names)


def backtest(
    archive: Archive, change: RuleChange, tags: Tags, *, since: dt.datetime, examples: int
) -> dict[str, Effect]:
    """Return the effect of the change on articles since a time, by rule, with up to `examples` of each kind."""
    effects = {name: Effect(name, examples) for name in change.names}
    for archived in archive.articles_with(change.need(), since=since):
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
    """The reason why a rule does not match, computed when an example needs it."""

    rules: RuleSet
    fields: Mapping[str, str | Sequence[str]]

    def failed(self, name: str, archived: Candidate) -> str:
        if name not in self.rules.names:
            return "the rule is gone"
        return self.rules.explain(name, archived.article, **self.fields).failed


def _count_article(
    effect: Effect, archived: Candidate, before: bool, after: Match | None, finder: _FailureFinder
) -> None:
    """Count one article. The newest come first, so a story keeps the date of its oldest article."""
    if before:
        effect.before[archived.story_id] = archived.dated_at
    if after is not None:
        effect.after[archived.story_id] = archived.dated_at
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
    """Return the examples of a rule that fail, in words. An example is title and text at once."""
    wanted = [(text, True) for text in must_match] + [(text, False) for text in must_not_match]
    found = ((text, hold, rules.explain(name, text, title=text)) for text, hold in wanted)
    return tuple(
        f'must_match "{text}" fails: {each.failed}' if hold else f'must_not_match "{text}" holds'
        for text, hold, each in found
        if each.held != hold
    )
