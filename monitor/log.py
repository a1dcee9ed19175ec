"""The program's log: one line for each event, with the event's data as key=value pairs (or JSON).

Names of events are short and never change. Control characters in values are escaped, so that values cannot harm a
terminal or a log file. The secrets of the configuration are masked before anything is written.
"""

from __future__ import annotations

import datetime as dt
import logging
import sys
from collections.abc import Mapping, MutableMapping
from typing import Any, Literal, Protocol, TextIO

import structlog

from monitor.secret import Secret, redact

Level = Literal["debug", "info", "warning", "error"]
Format = Literal["text", "json"]

_LIBRARY_LEVELS = {
    "httpx": logging.WARNING,
    "httpcore": logging.WARNING,
    "alembic": logging.WARNING,
    "asyncio": logging.WARNING,
    "apscheduler": logging.CRITICAL,
}
"""Minimum levels of libraries that would log addresses, or each scheduled job. The daemon logs jobs that fail."""

_masked_secrets: list[Secret] = []
_zone: dt.tzinfo = dt.UTC


def configure(
    level: Level = "info",
    form: Format = "text",
    *,
    secrets: tuple[Secret, ...] = (),
    zone: dt.tzinfo = dt.UTC,
    stream: TextIO | None = None,
) -> None:
    """Write messages of at least `level` to `stream` (default: standard error), with `secrets` masked.

    Their times are in `zone`.
    """
    _masked_secrets[:] = secrets
    use_zone(zone)
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s %(message)s")
    for name, least in _LIBRARY_LEVELS.items():
        logging.getLogger(name).setLevel(least)
    render = structlog.processors.JSONRenderer(ensure_ascii=False) if form == "json" else _line
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(),
            _localize,
            _redact,
            render,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level.upper()]),
        logger_factory=structlog.PrintLoggerFactory(stream or sys.stderr),
        cache_logger_on_first_use=False,
    )


def logger(name: str) -> structlog.typing.FilteringBoundLogger:
    """Return the logger of the part `name` of the program."""
    return structlog.get_logger(part=name)  # type: ignore[no-any-return]  # structlog promises Any


class LoggedEvent(Protocol):
    """An event of the program, with the attributes that the log needs."""

    @property
    def part(self) -> str:
        """The part of the program in which the event happened."""
        ...

    @property
    def name(self) -> str:
        """The name of the event: short, and the same in all versions."""
        ...

    @property
    def level(self) -> Level:
        """The severity of the event."""
        ...

    def context(self) -> Mapping[str, object]:
        """Return the data of the event, by name."""
        ...


def write(event: LoggedEvent) -> None:
    """Write an event as one line of the log. Subscribe this function to `monitor.events`."""
    log = logger(event.part)
    log.log(logging.getLevelNamesMapping()[event.level.upper()], event.name, **event.context())


Record = MutableMapping[str, Any]


def mask_secrets(secrets: tuple[Secret, ...]) -> None:
    """Mask these secrets too, for example after a change of the configuration. Old secrets stay masked."""
    _masked_secrets.extend(secret for secret in secrets if secret not in _masked_secrets)


def use_zone(zone: dt.tzinfo) -> None:
    """Write times in this zone from now on, for example after a change of the configuration."""
    global _zone  # noqa: PLW0603 - the log has one zone, as it has one stream
    _zone = zone


def _localize(_logger: object, _method: str, event: Record) -> Record:
    """Replace the seconds since 1970 by the time in the log's zone, with its offset (ISO 8601)."""
    at = dt.datetime.fromtimestamp(event["timestamp"], _zone)
    return {**event, "timestamp": at.isoformat(timespec="milliseconds")}


def _redact(_logger: object, _method: str, event: Record) -> Record:
    hidden = tuple(_masked_secrets)
    return {key: redact(str(value), hidden) if isinstance(value, str) else value for key, value in event.items()}


def _line(_logger: object, _method: str, event: Record) -> str:
    """Return an event as `TIME LEVEL part.event key=value …`. Line ends in values are escaped, so it is one line."""
    fields = dict(event)
    head = f"{fields.pop('timestamp')} {fields.pop('level'):<7} {fields.pop('part', 'monitor')}.{fields.pop('event')}"
    pairs = (f"{key}={_value(value)}" for key, value in fields.items())
    return " ".join((head, *pairs))


def _value(value: object) -> str:
    text = str(value)
    if text.isprintable() and text and not any(c in text for c in ' "='):
        return text
    escaped = "".join(c if c.isprintable() else c.encode("unicode_escape").decode("ascii") for c in text)
    return '"' + escaped.replace('"', '\\"') + '"'
