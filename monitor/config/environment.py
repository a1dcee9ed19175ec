"""Read the environment variables, which have the settings of one machine. No other module reads them."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final, cast, get_args

from monitor.config.secrets import read_secret_file
from monitor.config.suggestions import did_you_mean
from monitor.errors import ConfigError, Problem
from monitor.log import Format, Level
from monitor.secret import Secret

CONFIG_VARIABLE: Final = "MONITOR_CONFIG"
DATABASE_VARIABLE: Final = "MONITOR_DATABASE_URL"
LOG_VARIABLE: Final = "MONITOR_LOG"

DATABASE_DRIVERS: Final = frozenset({"sqlite", "sqlite+pysqlite", "postgresql", "postgres", "postgresql+psycopg"})
"""The allowed schemes of a database's address: the kinds of databases, also with the supported drivers."""


@dataclass(frozen=True, slots=True)
class LogOptions:
    """The lowest level that is logged, and the format."""

    level: Level = "info"
    format: Format = "text"


def environment() -> Mapping[str, str]:
    """Return the environment variables of this process."""
    return os.environ


def config_path(environ: Mapping[str, str], stated_path: Path | None = None) -> Path:
    """Return the file to read: `stated_path`, else the path in `MONITOR_CONFIG`, else `./sources.toml`."""
    return stated_path or Path(environ.get(CONFIG_VARIABLE) or "sources.toml")


def log_options(environ: Mapping[str, str]) -> LogOptions:
    """Read `MONITOR_LOG`: a level, a format, or both with a comma between them. Raises ConfigError if it is invalid."""
    found = LogOptions()
    for word in filter(None, (part.strip().lower() for part in environ.get(LOG_VARIABLE, "").split(","))):
        if word in get_args(Level):
            found = LogOptions(cast("Level", word), found.format)
        elif word in get_args(Format):
            found = LogOptions(found.level, cast("Format", word))
        else:
            words = (*get_args(Level), *get_args(Format))
            raise ConfigError(
                (_problem_with(LOG_VARIABLE, f'unknown word "{word}"', did_you_mean(word, words, several=True)),)
            )
    return found


def database_url(environ: Mapping[str, str], folder: Path) -> Secret:
    """Return the database's address: `MONITOR_DATABASE_URL` (an address or `file:PATH`), else `monitor.db` in `folder`.

    Raises ConfigError for a database or a driver that is not supported. The message never contains the address.
    """
    stated = environ.get(DATABASE_VARIABLE, "").strip()
    if not stated:
        return Secret(f"sqlite:///{folder.absolute() / 'monitor.db'}", "default")
    try:
        url = (
            read_secret_file(folder, stated)
            if stated.startswith("file:")
            else Secret(stated, f"env:{DATABASE_VARIABLE}")
        )
    except ValueError as wrong:
        raise ConfigError((_problem_with(DATABASE_VARIABLE, str(wrong), ""),)) from None
    if url.reveal().partition(":")[0] not in DATABASE_DRIVERS:
        remedy = "write sqlite:////folder/monitor.db or postgresql://user:password@host/database"
        raise ConfigError((_problem_with(DATABASE_VARIABLE, "this is not a usable database address", remedy),))
    scheme, _, rest = url.reveal().partition("://")
    if scheme.startswith("sqlite") and (rest.partition("?")[0].strip("/") in ("", ":memory:") or "mode=memory" in rest):
        what = "a database in memory forgets what was sent as soon as the command ends"
        raise ConfigError((_problem_with(DATABASE_VARIABLE, what, "name a file, as in sqlite:////folder/monitor.db"),))
    if rest.partition("/")[0].count("@") > 1:
        raise ConfigError((_problem_with(DATABASE_VARIABLE, "its user or password contains @", "write that @ as %40"),))
    return url


def _problem_with(name: str, what: str, remedy: str) -> Problem:
    return Problem(file="environment", line=0, column=0, where=name, what=what, remedy=remedy)
