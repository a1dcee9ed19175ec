"""Check the installation: configuration, database, clock, DNS, and channels. Nothing is changed.

Nothing is sent either, unless that is wanted. With an invalid configuration, the database is still checked.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from monitor import config as configuration
from monitor.app.doctor.channels import check_channels
from monitor.app.doctor.check import Check, failed, from_problem
from monitor.app.doctor.database import check_database
from monitor.app.doctor.network import check_clock, check_dns, check_zone_data
from monitor.app.doctor.settings import check_settings
from monitor.app.wiring import fetch_settings
from monitor.clock import Clock
from monitor.config import Config
from monitor.errors import ConfigError
from monitor.fetch import Gate, Resolver
from monitor.log import mask_secrets

__all__ = ["Check", "examine", "load_for_examination"]


def load_for_examination(path: Path | None, environ: Mapping[str, str]) -> tuple[Config | None, tuple[Check, ...]]:
    """Read the configuration. Return it with no checks or, if it is invalid, the failed checks.

    An invalid file gives a configuration with only the database's address; None if even that is not known.
    """
    file = configuration.config_path(environ, path)
    try:
        return configuration.load(file, environ, without_secrets=True), ()
    except ConfigError as error:
        wrong = tuple(map(from_problem, error.problems))
        try:
            return configuration.load_database_only(file, environ), wrong
        except ConfigError:
            return None, wrong


def examine(
    config: Config | None,
    wrong: tuple[Check, ...],
    clock: Clock,
    *,
    send: bool = False,
    resolver: Resolver | None = None,
) -> Iterator[Check]:
    """Yield the result of each check as soon as it is known.

    `wrong` are the errors of an invalid configuration: then only the database is checked besides. With `send`, every
    channel sends a test message to each of its recipients. Tests may replace `resolver`.
    """
    yield from wrong
    if config is None:
        return
    mask_secrets(config.secrets)
    if not wrong:
        yield from check_settings(config)
    yield from check_database(config, clock)
    yield from check_zone_data(config, clock)
    if wrong:
        return
    try:
        settings = fetch_settings(config)
    except ConfigError:
        yield failed("dns", "", "not checked: the proxy is not known", "set the secret that [fetch] names")
    else:
        with Gate(settings, resolver=resolver, clock=clock) as gate:
            yield from check_clock(config, gate, clock)
            yield from check_dns(config, gate)
    yield from check_channels(config, clock, send=send)
