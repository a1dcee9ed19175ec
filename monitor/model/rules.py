"""The matches of rules, as they are shown to the operator."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class RuleReport:
    """The matches of a rule. `recent` counts articles that matched since a given time, `matches` all that matched."""

    name: str
    recent: int = 0
    matches: int = 0
    last_matched_at: dt.datetime | None = None


@dataclass(frozen=True, slots=True)
class RuleActivity:
    """How often a rule matched lately: in the last day, and in the 28 days before.

    `known_since` is when the first article was recorded after the rule was known; None if there is no such article.
    """

    name: str
    known_since: dt.datetime | None
    last_matched_at: dt.datetime | None
    last_day: int = 0
    before: int = 0
