"""When a digest is due. The schedule that the user writes becomes windows.

A slot is a time of day on a local date. Slots are computed in local time without a zone, and then converted. So a clock
that repeats or skips an hour neither doubles nor skips a slot. In a repeated hour the first occurrence of a time
counts. A time in a skipped hour becomes the end of the skip. The conversion never changes the order of slots. Slots
that are at the same instant become one edition, which has the name of the last of these slots.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from typing import Final
from zoneinfo import ZoneInfo

from cronsim import CronSim, CronSimError

from monitor.clock import to_utc
from monitor.digest.meant import suggest_schedule
from monitor.model import DigestState, Window

DAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
EXAMPLES: Final = (
    'write "08:00" for every day, "08:00,18:00 mon-fri", "every 2h", a cron line such as "0 8 * * 1-5", or "now"'
)
CRON_FIELDS: Final = 5
SMALLEST_STEP: Final = dt.timedelta(microseconds=1)

_CLOCK_TIME: Final = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)", re.ASCII)
_INTERVAL_PATTERN: Final = re.compile(r"every (\d{1,4}) ?(d|h|m)(?:in|inutes?|ours?|ays?)?", re.ASCII)
_INTERVAL_UNITS: Final = {"d": dt.timedelta(days=1), "h": dt.timedelta(hours=1), "m": dt.timedelta(minutes=1)}


@dataclass(frozen=True, slots=True)
class Schedule:
    """When a digest is built. `text` is what the user wrote.

    `crons` are cron lines with five fields, read as local times. `every` is a fixed interval. At most one of them is
    set. If neither is set, an edition is built as soon as something is pending.
    """

    text: str
    crons: tuple[str, ...] = ()
    every: dt.timedelta | None = None

    @property
    def is_immediate(self) -> bool:
        """Whether an edition is built as soon as something is pending (`at = "now"`)."""
        return not self.crons and self.every is None

    def __str__(self) -> str:
        return self.text


def parse_schedule(text: str) -> Schedule:
    """Read the `at` of a digest. Raises ValueError that says what is wrong and what could be written instead."""
    words = " ".join(text.lower().split())
    line = words.removeprefix("cron ").strip("\"' ")
    if words == "now":
        return Schedule(text)
    if not words.startswith("every") and ":" not in words and len(line.split()) == CRON_FIELDS:
        return Schedule(text, crons=(_check_cron(line),))
    try:
        if words.startswith("every"):
            return Schedule(text, every=_parse_interval(words))
        if ":" in words:
            return Schedule(text, crons=_parse_times(words))
    except ValueError as wrong:
        if (meant := suggest_schedule(text)) is None:
            raise
        explained = words[0].isdecimal() or words.startswith(
            "every"
        )  # otherwise the text begins with a word that is not a time, as in "daily 08:00"
        what = str(wrong).partition("; ")[0] if explained else f"{text!r} is not a schedule"
    else:
        what, meant = f"{text!r} is not a schedule", suggest_schedule(text)
    raise ValueError(f'{what}; did you mean "{meant}"? Or {EXAMPLES}' if meant else f"{what}; {EXAMPLES}")


def _parse_interval(words: str) -> dt.timedelta:
    found = _INTERVAL_PATTERN.fullmatch(words)
    every = int(found[1]) * _INTERVAL_UNITS[found[2]] if found else dt.timedelta()
    if not every:
        raise ValueError(
            f'{words!r} is not an interval; write a number with m, h or d: "every 30m", "every 2h", "every 1d"'
        )
    return every


def _parse_times(words: str) -> tuple[str, ...]:
    """Return cron lines for a text like "08:00,18:00 mon-fri". The word with the last colon is the last time."""
    times, _, days = re.sub(r" ?, ?", ",", words).partition(" ")
    weekdays = _parse_weekdays(days) if days else "*"
    lines = []
    for time in times.split(","):
        found = _CLOCK_TIME.fullmatch(time)
        if not found:
            raise ValueError(
                f'{time!r} is not a time of day; write hours and minutes from 00:00 to 23:59, as in "08:00,18:00"'
            )
        lines.append(f"{int(found[2])} {int(found[1])} * * {weekdays}")
    return tuple(dict.fromkeys(lines))


def _parse_weekdays(days: str) -> str:
    """Return the day field of a cron line for a text like "mon-fri", "mon,wed,fri" or "sat-mon" (over the weekend)."""
    numbers: set[int] = set()
    for part in days.split(","):
        first, dash, last = part.partition("-")
        if first not in DAYS or (dash and last not in DAYS):
            raise ValueError(
                f'{part!r} is not a weekday; write {", ".join(DAYS)}, alone or as in "mon-fri" and "mon,wed,fri"'
            )
        begin, end = DAYS.index(first), DAYS.index(last or first)
        numbers.update((begin + step) % 7 for step in range((end - begin) % 7 + 1))
    # In a cron line, Sunday is 0.
    return ",".join(str((number + 1) % 7) for number in sorted(numbers))


_CRON_ERRORS: Final = {
    "minute": "the minute is",
    "hour": "the hour is",
    "day-of-month": "the day of the month is",
    "month": "the month is",
    "day-of-week": "the day of the week is",
}
"""How a message names the field in which the parser of cron lines finds an error."""


def _check_cron(line: str) -> str:
    """Return the cron line itself. Raises ValueError if it is not valid, or if no date matches it."""
    try:
        first = next(CronSim(line, dt.datetime(2000, 1, 1)), None)  # noqa: DTZ001 - local time, without a zone
    except CronSimError as error:
        what = _CRON_ERRORS.get(str(error).removeprefix("Bad "), "its fields are")
        raise ValueError(f"cannot read the cron line {line!r}: {what} not valid; {EXAMPLES}") from None
    if first is None:
        raise ValueError(f"the cron line {line!r} matches no date; {EXAMPLES}")
    return line


def due_window(schedule: Schedule, timezone: str, state: DigestState, now: dt.datetime) -> Window | None:
    """Return the window that is due at `now`, or None. One window covers all missed slots, up to the latest one.

    An immediate digest is due at every call, so call this function only when something is pending. Its windows never
    end before they start: if the clock was set back, a window lasts one microsecond.

    If the last window ends after `now`, it was built while the clock was ahead. The digest does not wait until the end
    of that window. Instead the latest slot is due, and its window begins at the slot before it. The caller must check,
    by the name of the slot, whether its edition was already built.
    """
    now = to_utc(now)
    start = to_utc(state.last_end or state.born_at)
    if schedule.is_immediate:
        end = max(now, start + SMALLEST_STEP)
        return Window(start, end, end.isoformat())
    zone = ZoneInfo(timezone)
    end, slot = _latest_slot(schedule, zone, now)
    if start > now and not end <= state.born_at <= now:
        start, _ = _latest_slot(schedule, zone, end - SMALLEST_STEP)
    return Window(start, end, slot) if end > start else None


def next_due(schedule: Schedule, timezone: str, after: dt.datetime) -> dt.datetime | None:
    """Return the first moment after `after` at which an edition is due, in UTC; None if the digest is immediate."""
    after = to_utc(after)
    zone = ZoneInfo(timezone)
    if schedule.every is not None:
        return _last_multiple(schedule.every, zone, after) + schedule.every
    return min((_next_cron_slot(cron, zone, after) for cron in schedule.crons), default=None)


def _latest_slot(schedule: Schedule, zone: ZoneInfo, now: dt.datetime) -> tuple[dt.datetime, str]:
    """Return the last slot that is not after `now`, as its instant in UTC and its name."""
    if schedule.every is not None:
        beat = _last_multiple(schedule.every, zone, now)
        return beat, beat.isoformat(timespec="minutes")
    slot = max(_last_cron_slot(cron, zone, now) for cron in schedule.crons)
    return _to_instant(slot, zone), slot.isoformat(sep=" ", timespec="minutes")


def _last_multiple(every: dt.timedelta, zone: ZoneInfo, now: dt.datetime) -> dt.datetime:
    """Return the end of the last interval that is not after `now`. Intervals are counted from 1970-01-01 in `zone`."""
    anchor = dt.datetime(1970, 1, 1, tzinfo=zone).astimezone(dt.UTC)
    return anchor + (now - anchor) // every * every


def _to_instant(slot: dt.datetime, zone: ZoneInfo) -> dt.datetime:
    """Return the instant of a local time, in UTC.

    For a time in a repeated hour, return the first of its two instants. For a time in a skipped hour, return the
    end of the skip.
    """
    first = slot.replace(tzinfo=zone)
    instant = first.astimezone(dt.UTC)
    skipped = instant.astimezone(zone).replace(tzinfo=None) - slot
    # `zone` reads a skipped time with the offset from before the skip, so `instant` is after the end of the skip.
    return instant if not skipped else _end_of_skip(instant - skipped, instant, zone)


def _end_of_skip(before: dt.datetime, after: dt.datetime, zone: ZoneInfo) -> dt.datetime:
    """Return the instant between `before` and `after` at which the zone changes its offset."""
    new = after.astimezone(zone).utcoffset()
    while after - before > dt.timedelta(seconds=1):
        middle = before + (after - before) // 2
        before, after = (before, middle) if middle.astimezone(zone).utcoffset() == new else (middle, after)
    return after.replace(microsecond=0)


def _latest_wall_time(now: dt.datetime, zone: ZoneInfo) -> dt.datetime:
    """Return the latest local time that the clock has shown until `now`.

    In a repeated hour that may be later than the present local time.
    """
    local = now.astimezone(zone)
    set_back = _offset(local.replace(fold=0)) - _offset(local)
    return local.replace(tzinfo=None, fold=0) + set_back


def _offset(local: dt.datetime) -> dt.timedelta:
    return local.utcoffset() or dt.timedelta()


def _last_cron_slot(cron: str, zone: ZoneInfo, now: dt.datetime) -> dt.datetime:
    """Return the last slot of a cron line that is not after `now`. Even the rarest cron line has a slot in 40 years."""
    start = _latest_wall_time(now, zone).replace(microsecond=0) + dt.timedelta(seconds=1)
    return next(slot for slot in CronSim(cron, start, reverse=True) if _to_instant(slot, zone) <= now)


def _next_cron_slot(cron: str, zone: ZoneInfo, after: dt.datetime) -> dt.datetime:
    """Return the instant of a cron line's first slot after `after`."""
    start = after.astimezone(zone).replace(tzinfo=None, fold=0)
    return next(instant for slot in CronSim(cron, start) if (instant := _to_instant(slot, zone)) > after)
