"""Code that several commands use: options, the configuration, the clock, output."""

from __future__ import annotations

import dataclasses
import datetime as dt
import gc
import json
import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final, NoReturn

import typer

from monitor.clock import Clock, FixedClock, SystemClock
from monitor.errors import UsageError

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from monitor.config import Config
    from monitor.model import Moment
    from monitor.secret import Secret

EXIT_DONE: Final = 0
EXIT_ATTENTION: Final = 1
EXIT_WRONG_INPUT: Final = 2

_USUAL_THRESHOLDS: Final = gc.get_threshold()
_RARE_THRESHOLDS: Final = (50_000, 20, 20)

INCOMPLETE: Final = "the document is cut off or broken, so entries may be missing"
"""What commands say about a source of which only a part was read."""

_DATES: Final = {"month": "%Y-%m", "year": "%Y"}

ConfigOption = Annotated[
    Path | None,
    typer.Option("--config", metavar="FILE", help="The configuration. [default: $MONITOR_CONFIG or ./sources.toml]"),
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print one JSON document and nothing else.")]
NowOption = Annotated[
    str | None,
    typer.Option(
        "--now",
        metavar="ISO",
        help="Behave as at this time (2026-11-21T08:00+08:00), and record it as the present: for tests.",
    ),
]


def collect_garbage_rarely() -> None:
    """Look for garbage rarely, because nearly all that a command creates while it starts is in use until its end.

    With 1,000 rules the usual thresholds take a fifth of the start, and find nothing.
    """
    gc.set_threshold(*_RARE_THRESHOLDS)


def load_config(path: Path | None, *, daemon: bool = False, without_secrets: bool = False) -> Config:
    """Read the configuration, and set up the log. Raises ConfigError if the configuration is invalid.

    With `daemon`, warnings about the file are logged; users of commands see them with `monitor check`. With
    `without_secrets`, for commands that neither poll nor send, a missing secret is not an error (`Config.missing`).
    """
    from monitor import config, log

    environ = config.environment()
    config.log_options(environ)  # report errors of the log options before errors of the file
    loaded = config.load(config.config_path(environ, path), environ, without_secrets=without_secrets)
    set_up_log(loaded.secrets, loaded.timezone, daemon=daemon)
    if daemon:
        for warning in loaded.warnings:
            log.logger("run").warning("warning", place=str(warning))
        gc.set_threshold(*_USUAL_THRESHOLDS)
    gc.freeze()  # what is loaded now is not garbage, so that nothing looks at it again
    return loaded


def load_database(path: Path | None) -> Config:
    """Return a configuration of which only the database's address may be used, and set up the log.

    It is for commands that need nothing else of the configuration. Raises ConfigError, also if the file is missing and
    the environment does not name the database: a mistyped path of the file would lead to another database.
    """
    from monitor import config

    environ = config.environment()
    file = config.config_path(environ, path)
    if not file.exists() and not environ.get(config.DATABASE_VARIABLE):
        return load_config(path)
    found = config.load_database_only(file, environ)
    set_up_log(found.secrets)
    return found


def set_up_log(secrets: tuple[Secret, ...], timezone: str = "UTC", *, daemon: bool = False) -> None:
    """Set up the log with these secrets masked, and times in `timezone`. Raises ConfigError for a wrong log setting.

    A command prints its results and logs only errors, unless the environment sets another level.
    """
    from zoneinfo import ZoneInfo

    from monitor import config, log

    environ = config.environment()
    options = config.log_options(environ)
    level = options.level if daemon or environ.get(config.LOG_VARIABLE) else "warning"
    log.configure(level, options.format, secrets=secrets, zone=ZoneInfo(timezone))


def warn(warnings: Sequence[str]) -> None:
    """Print the warnings about a change of the file. A single warning is printed in full, several are only counted."""
    if len(warnings) == 1:
        print_error(f"warning: {warnings[0]}")
    elif warnings:
        print_error(f"{len(warnings)} warnings about what was added; see them with: monitor check")


def clock_at(now: str | None, timezone: str = "UTC") -> Clock:
    """Return the machine's clock or, if `now` is given, a clock fixed at it.

    A time without an offset is in `timezone`.
    """
    if now is None:
        return SystemClock()
    return FixedClock(parse_moment_argument(now, timezone, "now"))


def parse_moment_argument(text: str, timezone: str, argument: str) -> dt.datetime:
    """Return the time in an ISO 8601 argument. Without an offset it is in `timezone`. Raises UsageError if invalid."""
    from zoneinfo import ZoneInfo

    try:
        at = dt.datetime.fromisoformat(text)
    except ValueError:
        what = f'"{text}" is not an ISO 8601 time; write it like 2026-11-21T08:00+08:00'
        raise UsageError(what, argument=argument) from None
    return at if at.tzinfo else at.replace(tzinfo=ZoneInfo(timezone))


def format_time(at: dt.datetime, zone: ZoneInfo) -> str:
    """Return a time as text for people, in `zone`, to the minute."""
    from monitor.model.times import local_time

    return local_time(at, zone)


def format_moment(moment: Moment, zone: ZoneInfo) -> str:
    """Return a time of publication as text, as exact as it is known: to the minute, the day, the month or the year.

    A day without a time is not converted to another zone.
    """
    if moment.precision in ("second", "minute", "hour"):
        return format_time(moment.at, zone)
    return f"{moment.at:{_DATES.get(moment.precision, '%Y-%m-%d')}}"


def with_count(number: int, one: str, many: str = "") -> str:
    """Return a number with its noun in the right form: "1 item", "3 items"."""
    from monitor.channels.wording import with_count as counted_in_digests

    return counted_in_digests(number, one, many or f"{one}s")


_masks: dict[str, str] = {}


def set_masks(replacements: Iterable[tuple[str, str]] = ()) -> None:
    """Replace these texts in everything that is printed from now on. Without texts, stop replacing."""
    _masks.clear()
    _masks.update(replacements)


def apply_masks(text: str) -> str:
    """Return `text` with all masks applied, ready to be printed."""
    for secret, shown in _masks.items():
        text = text.replace(secret, shown)
    return text


def print_error(message: str) -> None:
    """Print a message on standard error."""
    from monitor.text.safe import terminal_text

    sys.stderr.write(f"{terminal_text(apply_masks(message))}\n")


def show(text: str) -> None:
    """Print a text on standard output, with control characters made harmless for a terminal."""
    from monitor.text.safe import terminal_text

    sys.stdout.write("".join(f"{terminal_text(line)}\n" for line in apply_masks(text).splitlines()))


def show_json(value: object) -> None:
    """Print one JSON document on the standard output."""
    sys.stdout.write(apply_masks(json.dumps(json_value(value), ensure_ascii=False, indent=2)) + "\n")


def json_value(value: object) -> Any:
    """Return a value in the form that JSON needs: times in ISO 8601, dataclasses as objects, durations in seconds."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {field.name: json_value(getattr(value, field.name)) for field in dataclasses.fields(value)}
    if isinstance(value, Mapping):
        return {str(key): json_value(item) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        if hasattr(value, "_asdict"):
            return json_value(value._asdict())
        return [json_value(item) for item in value]
    if isinstance(value, dt.datetime):
        return value.isoformat()
    if isinstance(value, dt.timedelta):
        return value.total_seconds()
    return value if value is None or isinstance(value, str | int | float | bool) else str(value)


def finish(status: int) -> NoReturn:
    """End the command with this exit status."""
    raise typer.Exit(status)
