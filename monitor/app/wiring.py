"""Create the running program from a configuration."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from random import Random
from threading import Event
from typing import Final
from zoneinfo import ZoneInfo

from monitor import channels as channel_kinds
from monitor import events, log
from monitor.app.opening import has_database, open_store
from monitor.app.ping import Ping
from monitor.app.ports import Readers
from monitor.app.program import Program
from monitor.channels import Channel, SendLimits
from monitor.clock import Clock
from monitor.collect import (
    Collector,
    Limits,
    PollPool,
    RecentReports,
    Robots,
    RobotsFiles,
    poll_executor,
    result_writer,
)
from monitor.config import Config
from monitor.deliver import EditionBuilder, Operator, Outbox
from monitor.errors import ConfigError, StoreError
from monitor.executor import Executor
from monitor.fetch import FetchSettings, Gate, HostRests
from monitor.log import logger
from monitor.model import HostRest
from monitor.model.backfill import RuleVersion
from monitor.sandbox import ReaderPool
from monitor.store import Store

__all__ = [
    "apply_config",
    "assemble",
    "fetch_settings",
    "has_database",
    "live_channels",
    "open_program",
    "open_store",
]

_MAX_BATCHES_AT_START: Final = 20  # batches of articles, in some seconds; most new copies are of recent articles

_log = logger("app")


@contextmanager
def open_program(
    config: Config,
    clock: Clock,
    *,
    command: str,
    readers: Readers | None = None,
    fetch: FetchSettings | None = None,
    executor: Executor | None = None,
) -> Iterator[Program]:
    """Open the whole program, and lock the database in the name of `command`. Raises LockHeld if it is already locked.

    Tests may replace `readers` (which parse untrusted bytes), `fetch` (the settings of the gate) and `executor` (which
    runs polls).
    """
    events.subscribe(log.write)
    with open_store(config, clock) as store, store.hold(command):
        apply_config(config, store, clock.now())
        store.recover_orphaned_claims(clock.now())
        store.close_orders(clock.now())
        rests = HostRests(clock, store.host_rests(clock.now()), partial(keep_rest, store))
        gate = Gate(fetch or fetch_settings(config), clock=clock, rests=rests)
        program = assemble(config, store, gate, readers or ReaderPool(), clock, executor=executor)
        try:
            program.clock_jumped()
            program.hold_removed()
            program.fingerprint_archive(_MAX_BATCHES_AT_START)
            yield program
        finally:
            program.close()


def keep_rest(store: Store, rest: HostRest) -> None:
    """Record that a host asked for a wait. If the database fails, the wait is kept until the program ends."""
    try:
        store.keep_host_rest(rest)
    except StoreError as error:
        _log.warning("unrecorded", reason=f"the wait that a server asked for: {error}")


def apply_config(config: Config, store: Store, now: dt.datetime) -> None:
    """Write the sources, rules and digests of `config` to the database, in one transaction."""
    meanings = config.ruleset.meanings
    rules = [RuleVersion(rule.name, meanings[rule.name], rule.backfill) for rule in config.rules]
    asking = [digest.name for digest in config.digests if digest.changes]
    store.sync(config.sources, {digest.name: digest.rules for digest in config.digests}, now, rules, changes=asking)


def assemble(
    config: Config,
    store: Store,
    gate: Gate,
    readers: Readers,
    clock: Clock,
    *,
    before: Program | None = None,
    executor: Executor | None = None,
) -> Program:
    """Create and connect the parts of the program.

    Parts that the running program `before` must keep are taken from it.
    """
    random = Random()  # noqa: S311 - jitter, not cryptography
    stop = before.stop if before else Event()
    paused_until = before.outbox.paused_until if before else {}
    live = live_channels(config, stop)
    writer = before.collector.writer if before else result_writer(store, clock)
    reports = before.collector.reports if before else RecentReports()
    files = before.collector.robots.files if before and before.collector.robots else RobotsFiles()
    limits = Limits(floor=config.fetch.min_every, ceiling=config.fetch.max_every)
    return Program(
        store=store,
        gate=gate,
        readers=readers,
        sources={source.name: source for source in config.sources},
        digests=config.digests,
        collector=Collector(
            store=store,
            writer=writer,
            gate=gate,
            readers=readers,
            rules=config.ruleset,
            limits=limits,
            random=random,
            zone=ZoneInfo(config.timezone),
            reports=reports,
            robots=Robots(files, gate.lengthen_pause),
            shadow=config.stories.mode == "shadow",
            per_host=config.fetch.per_host,
        ),
        builder=EditionBuilder(store, live, shows_problems=not config.operator.to),
        outbox=Outbox(store, live, clock, random, stop, paused_until),
        clock=clock,
        polls=before.polls if before else PollPool(executor or poll_executor(), clock, stop.is_set),
        stop=stop,
        ping=Ping(config.operator.ping, gate, store, clock) if config.operator.ping else None,
        operator=Operator(store, live, config.operator.to, config.timezone),
        keep=config.keep,
    )


def fetch_settings(config: Config) -> FetchSettings:
    """Return the settings of the request gate. Raises ConfigError if a secret of `[fetch]` is missing."""
    if wrong := tuple(missing for missing in config.missing if missing.where == "[fetch]"):
        raise ConfigError(wrong)  # without the proxy, requests would take another way than the user wants
    fetch = config.fetch
    pause = fetch.pause.total_seconds()
    return FetchSettings(allow_private=fetch.allow_private, proxy=fetch.proxy, per_host=fetch.per_host, pause=pause)


def live_channels(config: Config, stopping: Event) -> dict[str, Channel]:
    """Return the configured channels. After `stopping` is set, attempts to send end as soon as this is safe."""
    limits = SendLimits(stopping=stopping)
    return {
        name: channel_kinds.KINDS[channel.kind].build(name, channel.options, limits)
        for name, channel in config.channels.items()
    }
