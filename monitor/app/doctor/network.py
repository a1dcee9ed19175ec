"""Check the clock, the zone data, and whether the names of sources and channels have addresses."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from monitor.app.doctor.check import Check, failed, ok, warning
from monitor.channels import KINDS
from monitor.clock import Clock
from monitor.collect.redact import redact_message
from monitor.config import Config
from monitor.errors import Stopped
from monitor.fetch import Fetched, Gate, server_time
from monitor.model import Source

MAX_DIFFERENCE: Final = dt.timedelta(minutes=1)
"""Maximum difference to the clock of a server. Schedules are exact to the minute, and NTP to milliseconds."""

MAX_ASKED: Final = 3
"""Maximum number of sources that are asked for the time. The clock of one server may be wrong."""

LOOKUPS: Final = 8
"""Names that are looked up at the same time."""

_PORTS: Final = {"http": 80, "https": 443}


def check_zone_data(config: Config, clock: Clock) -> Iterator[Check]:
    """Yield whether the time zones that the configuration names can be used on this machine."""
    sources = (source.timezone for source in config.sources)
    names = sorted({config.timezone, *sources, *(digest.timezone for digest in config.digests)})
    for name in names:
        try:
            clock.now().astimezone(ZoneInfo(name))
        except (ZoneInfoNotFoundError, OSError, ValueError):
            yield failed("clock", name, "there is no data of this time zone", "pip install tzdata")
            return
    yield ok("clock", "zones", f"the data of {', '.join(names)} is there")


def check_clock(config: Config, gate: Gate, clock: Clock) -> Iterator[Check]:
    """Yield how far this machine's clock is from the `Date` of a source's answer.

    Sources at other hosts are asked until one agrees with this clock, since the clock of a server may be wrong, too.
    """
    differences = []
    for source in _one_source_of_each_host(config.sources)[:MAX_ASKED]:
        try:
            answer = gate.get(source.url, request=source.request)
        except Stopped:
            return
        stated = server_time(answer) if isinstance(answer, Fetched) else None
        if stated is None:
            continue
        difference = clock.now() - stated
        if abs(difference) <= MAX_DIFFERENCE:
            yield ok("clock", "time", f'it agrees with the server of "{source.name}"')
            return
        differences.append((abs(difference), difference, source.name))
    if not differences:
        message = "it was not compared: no source answered with its time"
        yield warning("clock", "time", message, "see whether sources answer: monitor check --live")
        return
    _, difference, name = min(differences)
    direction = "ahead of" if difference > dt.timedelta() else "behind"
    by = dt.timedelta(seconds=round(abs(difference).total_seconds()))
    message = f'it is {by} {direction} the server of "{name}", and no source agrees with it'
    yield failed("clock", "time", message, "set the clock, and have it kept by NTP: timedatectl set-ntp true")


def _one_source_of_each_host(sources: tuple[Source, ...]) -> list[Source]:
    first: dict[str, Source] = {}
    for source in sources:
        first.setdefault(urlsplit(source.url).hostname or "", source)
    return list(first.values())


@dataclass(frozen=True, slots=True)
class Lookup:
    """A host, and what it belongs to. A `trusted` host may be in a private network. A `source` may have secrets."""

    owner: str
    host: str
    port: int
    trusted: bool = True
    source: Source | None = None


def check_dns(config: Config, gate: Gate) -> Iterator[Check]:
    """Yield whether the hosts of sources, the proxy and the channels have addresses that may be dialled."""
    lookups = [*_hosts_of_sources(config), *_hosts_of_channels(config)]
    with ThreadPoolExecutor(LOOKUPS) as pool:
        errors = list(pool.map(lambda one: gate.look_up(one.host, one.port, trusted=one.trusted), lookups))
    for lookup, error in zip(lookups, errors, strict=True):
        if error is not None:
            reason = redact_message(error.reason, lookup.source) if lookup.source else error.reason
            remedy = "check the address, and this machine's DNS (/etc/resolv.conf)"
            yield failed("dns", lookup.owner, reason, remedy if error.kind == "dns" else "see monitor check --live")
    if lookups and not any(errors):
        count = len({lookup.host for lookup in lookups})
        yield ok("dns", "hosts", f"each of the {count} hosts of sources and channels has an address")
    if config.fetch.proxy is not None:
        yield ok("dns", "proxy", "the names of sources are not looked up here: the proxy does it")


def _hosts_of_sources(config: Config) -> Iterator[Lookup]:
    """Yield the proxy or, without a proxy, each host of the sources once, with its first source."""
    if config.fetch.proxy is not None:
        parts = urlsplit(config.fetch.proxy.reveal())
        yield Lookup("proxy", parts.hostname or "", parts.port or _PORTS["http"])
        return
    for source in _one_source_of_each_host(config.sources):
        parts = urlsplit(source.url)
        if parts.hostname:
            port = parts.port or _PORTS.get(parts.scheme, 443)
            yield Lookup(f'source "{source.name}"', parts.hostname, port, trusted=False, source=source)


def _hosts_of_channels(config: Config) -> Iterator[Lookup]:
    for channel in config.channels.values():
        server = KINDS[channel.kind].server_of(channel.options)
        if server is not None:
            yield Lookup(f'channel "{channel.name}"', *server)
