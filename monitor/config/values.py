"""The validated configuration: frozen values with all names resolved."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from pydantic import BaseModel

from monitor.config.positions import Place
from monitor.errors import Problem
from monitor.fetch import MAX_REQUESTS_PER_HOST, Network
from monitor.model import Source
from monitor.secret import Secret

if TYPE_CHECKING:
    from monitor.digest import Digest
    from monitor.rules import RuleSet


FILE_START = Place(1, 1)
MIN_EVERY = dt.timedelta(minutes=5)
MAX_EVERY = dt.timedelta(days=1)
PAUSE = dt.timedelta(seconds=1)
MAX_PAUSE = dt.timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class FetchOptions:
    """How documents are fetched.

    That is: the limits of the polling interval, the special networks that are allowed, the proxy, the RSSHub instance,
    the maximum number of requests at the same time to one host, and the pause between their starts.
    """

    min_every: dt.timedelta = MIN_EVERY
    max_every: dt.timedelta = MAX_EVERY
    allow_private: tuple[Network, ...] = ()
    proxy: Secret | None = None
    rsshub: Secret | None = None
    per_host: int = MAX_REQUESTS_PER_HOST
    pause: dt.timedelta = PAUSE


@dataclass(frozen=True, slots=True)
class OperatorOptions:
    """Who is notified of problems: the channels in `to`. `ping` is an address that is called while all is well.

    `stated` says whether the file has the table `[operator]`.
    """

    to: tuple[str, ...] = ()
    ping: Secret | None = None
    stated: bool = False


Mode = Literal["on", "shadow"]
"""With "on", articles that belong together are joined. With "shadow", only what would be joined is recorded."""


@dataclass(frozen=True, slots=True)
class StoriesOptions:
    """How articles that belong together are joined."""

    mode: Mode = "on"


@dataclass(frozen=True, slots=True)
class WebOptions:
    """The pages for programs that monitor this one. `listen` is their address and port; None: there are no pages."""

    listen: tuple[str, int] | None = None


@dataclass(frozen=True, slots=True)
class RuleConfig:
    """A rule as written. `place` is the place of its expression. `example_places` are the places of its examples: first
    those of `must_match`, then those of `must_not_match`. If the rule is new or has a new meaning, matching articles of
    the archive are sent that are at most `backfill` old.
    """

    name: str
    match: str
    must_match: tuple[str, ...] = ()
    must_not_match: tuple[str, ...] = ()
    place: Place = FILE_START
    example_places: tuple[Place, ...] = ()
    backfill: dt.timedelta = dt.timedelta(0)


@dataclass(frozen=True, slots=True)
class ChannelConfig:
    """A channel. `options` is an instance of its kind's model of options."""

    name: str
    kind: str
    options: BaseModel


@dataclass(frozen=True, slots=True)
class Config:
    """All settings of `sources.toml` and the environment. `secrets` must be masked in all messages.

    `missing` are the secrets that are not available. The sources and channels that name them are left out. `keep`:
    texts of articles are removed when they are older; None: never.
    """

    path: Path
    timezone: str
    fetch: FetchOptions
    sources: tuple[Source, ...]
    concepts: Mapping[str, tuple[str, ...]]
    rules: tuple[RuleConfig, ...]
    ruleset: RuleSet
    digests: tuple[Digest, ...]
    channels: Mapping[str, ChannelConfig]
    database_url: Secret
    secrets: tuple[Secret, ...] = field(default=(), repr=False)
    warnings: tuple[Problem, ...] = ()
    missing: tuple[Problem, ...] = ()
    operator: OperatorOptions = OperatorOptions()
    stories: StoriesOptions = StoriesOptions()
    web: WebOptions = WebOptions()
    keep: dt.timedelta | None = None
