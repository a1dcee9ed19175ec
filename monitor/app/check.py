"""Check the parts of a configuration that are not checked when it is loaded: examples of rules, and channels."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Final

from monitor.app.opening import open_store
from monitor.app.search import tags_by_source
from monitor.clock import Clock
from monitor.config import Config, check_channels, check_examples
from monitor.errors import ConfigError, MonitorError
from monitor.model import Candidate, Need
from monitor.search import look_up
from monitor.store import Store

ARCHIVE_PERIOD: Final = dt.timedelta(days=30)
"""How far back a check looks for articles that the rules match."""

MAX_CANDIDATES: Final = 5_000
"""Maximum number of articles, the latest ones, that a check matches against the rules."""


def check_config(config: Config) -> None:
    """Check the examples of all rules, and whether channels can send from here. Raises ConfigError with all errors."""
    if problems := (*check_examples(config), *check_channels(config)):
        raise ConfigError(problems)


def count_tables(config: Config) -> dict[str, int]:
    """Return the number of tables of each sort in the configuration."""
    return {
        "sources": len(config.sources),
        "rules": len(config.rules),
        "digests": len(config.digests),
        "channels": len(config.channels),
    }


def remarks_on(config: Config) -> tuple[str, ...]:
    """Return remarks on a valid configuration that its author should know."""
    if config.operator.to:
        return ()
    lacks = "no `to` in [operator]" if config.operator.stated else "no [operator]"
    note = (
        f"{lacks}: nobody gets messages about problems; they are only in monitor status and in a line of each digest."
        ' Write [operator] with to = ["…"], the names of channels'
    )
    return (note,)


@dataclass(frozen=True, slots=True)
class ArchiveMatches:
    """How many articles of the last 30 days each rule matches, by its name. `is_limited`: not all were tried."""

    counts: Mapping[str, int]
    is_limited: bool


@dataclass(slots=True)
class _LatestArticles:
    """The latest articles of the archive that may match, at most `MAX_CANDIDATES`."""

    store: Store
    tried: int = field(default=0)

    def articles_with(
        self, need: Need | None, *, since: dt.datetime | None = None, sources: Sequence[str] = ()
    ) -> Iterator[Candidate]:
        """Yield the articles that may have the needed words, newest first."""
        for candidate in islice(self.store.articles_with(need, since=since, sources=sources), MAX_CANDIDATES):
            self.tried += 1
            yield candidate


def match_archive(config: Config, clock: Clock) -> ArchiveMatches | None:
    """Return what the rules match in the archive; None if there is no database that can be read now.

    A check is of the configuration, so nothing about the database is an error of it.
    """
    counts = Counter({rule.name: 0 for rule in config.rules})
    try:
        with open_store(config, clock, create=False) as store:
            latest = _LatestArticles(store)
            since = clock.now() - ARCHIVE_PERIOD
            for hit in look_up(latest, config.ruleset, tags_by_source(config), since=since):
                counts.update(match.rule for match in hit.matches)
    except MonitorError:
        return None
    return ArchiveMatches(counts, latest.tried >= MAX_CANDIDATES)
