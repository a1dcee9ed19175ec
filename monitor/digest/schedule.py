"""When a digest is due: its schedule, as the user writes it, becomes windows.

A slot is a wall-clock time on a local date. Slots are computed in local time without a zone, and only then converted,
so that a clock which repeats or skips an hour neither doubles nor skips a slot: in a repeated hour its first occurrence
counts, in a skipped hour the end of the skip. The conversion never changes the order of slots; slots at the same
instant are one edition, named by the last of them.
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
_EVERY: Final = re.compile(r"every (\d{1,4}) ?(d|h|m)(?:in|inutes?|ours?|ays?)?", re.ASCII)
_UNITS: Final = {"d": dt.timedelta(days=1), "h": dt.timedelta(hours=1), "m": dt.timedelta(minutes=1)}


@dataclass(frozen=True, slots=True)
class Schedule:
    """When a digest is built. `text` is what the user wrote.

    One of: `crons`, five-field cron lines read as local wall-clock times; `every`, a fixed interval; neither: as soon
    as something is pending.
    """

    text: str
    crons: tuple[str, ...] = ()
    every: dt.timedelta | None = None

    @property
    def is_immediate(self) -> bool:
        """An edition is built whenever a pass ends with pending matches (`at = "now"`)."""
        return not self.crons and self.every is None

    def __str__(self) -> str:
        return self.text


def parse_schedule(text: str) -> Schedule:
    """Read the `at` of a digest. Raises ValueError with a message that says what is wrong and what could be written."""
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
        )  # else what is no time comes first, as in "daily 08:00"
        what = str(wrong).partition("; ")[0] if explained else f"{text!r} is not a schedule"
    else:
        what, meant = f"{text!r} is not a schedule", suggest_schedule(text)
    raise ValueError(f'{what}; did you mean "{meant}"? Or {EXAMPLES}' if meant else f"{what}; {EXAMPLES}")


def _parse_interval(words: str) -> dt.timedelta:
    found = _EVERY.fullmatch(words)
    every = int(found[1]) * _UNITS[found[2]] if found else dt.timedelta()
    if not every:
        raise ValueError(
            f'{words!r} is not an interval; write a number with m, h or d: "every 30m", "every 2h", "every 1d"'
        )
    return every


def _parse_times(words: str) -> tuple[str, ...]:
    """Return cron lines for "08:00,18:00 mon-fri". The times end with the word that has the last colon."""
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
    """Return the day field of a cron line for "mon-fri", "mon,wed,fri" or "sat-mon" (over the week's end)."""
    numbers: set[int] = set()
    for part in days.split(","):
        first, dash, last = part.partition("-")
        if first not in DAYS or (dash and last not in DAYS):
            raise ValueError(
                f'{part!r} is not a weekday; write {", ".join(DAYS)}, alone or as in "mon-fri" and "mon,wed,fri"'
            )
        begin, end = DAYS.index(first), DAYS.index(last or first)
        numbers.update((begin + step) % 7 for step in range((end - begin) % 7 + 1))
    # A cron line counts from Sunday, which is 0.
    return ",".join(str((number + 1) % 7) for number in sorted(numbers))


_CRON_ERRORS: Final = {
    "minute": "the minute is",
    "hour": "the hour is",
    "day-of-month": "the day of the month is",
    "month": "the month is",
    "day-of-week": "the day of the week is",
}
"""What the parser finds wrong, and how a message says it."""


def _check_cron(line: str) -> str:
    """Return the cron line itself, if it is valid and has an occurrence at all."""
    try:
        first = next(CronSim(line, dt.datetime(2000, 1, 1)), None)  # noqa: DTZ001 - local time, placed in a zone later
    except CronSimError as error:
        what = _CRON_ERRORS.get(str(error).removeprefix("Bad "), "its fields are")
        raise ValueError(f"cannot read the cron line {line!r}: {what} not valid; {EXAMPLES}") from None
    if first is None:
        raise ValueError(f"the cron line {line!r} matches no date; {EXAMPLES}")
    return line


def due_window(schedule: Schedule, timezone: str, state: DigestState, now: dt.datetime) -> Window | None:
    """Return the window that is due at `now`, or None. One window covers all missed slots, up to the latest.

    An immediate digest is due at every call: call it when something is pending. Its windows never end before they
    start, even when the clock was set back: they then last one microsecond.

    If the last window ends after `now`, it was built while the clock was ahead. The digest must not wait until then:
    the latest slot is due, and its window begins at the slot before it. The caller must check by the slot's name
    whether that was built already.
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
    """Return the last slot that is not after `now`: its instant in UTC and its name."""
    if schedule.every is not None:
        beat = _last_multiple(schedule.every, zone, now)
        return beat, beat.isoformat(timespec="minutes")
    slot = max(_last_cron_slot(cron, zone, now) for cron in schedule.crons)
    return _to_instant(slot, zone), slot.isoformat(sep=" ", timespec="minutes")


def _last_multiple(every: dt.timedelta, zone: ZoneInfo, now: dt.datetime) -> dt.datetime:
    """Return the last multiple of the interval up to `now`, counted from the zone's midnight of 1970-01-01."""
    anchor = dt.datetime(1970, 1, 1, tzinfo=zone).astimezone(dt.UTC)
    return anchor + (now - anchor) // every * every


def _to_instant(slot: dt.datetime, zone: ZoneInfo) -> dt.datetime:
    """Return the instant, in UTC, of a local time: the first if there are two, the end of the skip if none."""
    first = slot.replace(tzinfo=zone)
    instant = first.astimezone(dt.UTC)
    skipped = instant.astimezone(zone).replace(tzinfo=None) - slot
    # Read with the offset from before the skip, the slot lands as far behind its end as it lay behind its beginning.
    return instant if not skipped else _end_of_skip(instant - skipped, instant, zone)


def _end_of_skip(before: dt.datetime, after: dt.datetime, zone: ZoneInfo) -> dt.datetime:
    """Return the instant between the two at which the zone changes its offset."""
    new = after.astimezone(zone).utcoffset()
    while after - before > dt.timedelta(seconds=1):
        middle = before + (after - before) // 2
        before, after = (before, middle) if middle.astimezone(zone).utcoffset() == new else (middle, after)
    return after.replace(microsecond=0)


def _latest_wall_time(now: dt.datetime, zone: ZoneInfo) -> dt.datetime:
    """Return the latest local time that the clock has shown by `now`: in a repeated hour that may be later than now."""
    local = now.astimezone(zone)
    set_back = _offset(local.replace(fold=0)) - _offset(local)
    return local.replace(tzinfo=None, fold=0) + set_back


def _offset(local: dt.datetime) -> dt.timedelta:
    return local.utcoffset() or dt.timedelta()


def _last_cron_slot(cron: str, zone: ZoneInfo, now: dt.datetime) -> dt.datetime:
    """Return the last slot of a cron line not after `now`. Each line has one: the rarest comes within 40 years."""
    start = _latest_wall_time(now, zone).replace(microsecond=0) + dt.timedelta(seconds=1)
    return next(slot for slot in CronSim(cron, start, reverse=True) if _to_instant(slot, zone) <= now)


def _next_cron_slot(cron: str, zone: ZoneInfo, after: dt.datetime) -> dt.datetime:
    """Return the instant of the first slot of a cron line that is after `after`."""
    start = after.astimezone(zone).replace(tzinfo=None, fold=0)
    return next(instant for slot in CronSim(cron, start) if (instant := _to_instant(slot, zone)) > after)
