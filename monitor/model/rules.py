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
