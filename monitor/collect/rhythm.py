"""Learn the rhythm of a source from the hours in which it published, and judge how unusual a pause is. Pure.

Time is measured in two ways. The expected number of active hours since the last entry follows the weekdays and hours at
which the source publishes: nights and weekends of an office count nothing. Time in holidays counts little. The limit of
a pause is fitted to the pauses of the past (docs/decisions/0029).
"""

from __future__ import annotations

import datetime as dt
import math
from bisect import bisect_right
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate, chain, islice, pairwise
from typing import Final

from monitor.collect.holidays import day_weight, day_weights
from monitor.model.activity import Activity, Quiet

FALSE_NOTICES_PER_YEAR: Final = 0.02
"""A healthy source has pauses beyond its limit so often, if its pauses have an exponential tail.

The aim is one false notice in five years (0.2). The rest is for rhythms that change.
"""

MIN_PAUSES: Final = 4
"""Minimum number of pauses from which a rhythm is learned."""

LONGEST_QUIET: Final = dt.timedelta(days=400)
"""So long a pause is noticed whatever the rhythm is: a source that publishes once a year is within it."""

QUIET_WITHOUT_RHYTHM: Final = dt.timedelta(days=180)
"""So long a pause of a source with fewer pauses than `MIN_PAUSES` is noticed."""

MIN_QUIET: Final = dt.timedelta(hours=36)
"""A shorter pause is never noticed. Servers are maintained on weekends."""

_MISSED_WORKING_DAYS: Final = 4.0  # of a source that rests on weekends: a long weekend of holidays is shorter
_MISSED_DAYS: Final = 2.0  # of a source that publishes on weekends, too
_ACTIVE_WEEKEND: Final = 0.5  # minimum share of weekend days with entries of a source that publishes on weekends
_MIN_MISSED: Final = 2.5  # minimum number of active hours missed: one may be left out, and the next may be late
_QUANTILES: Final = (0.5, 0.75, 0.9, 0.95, 0.98)  # from which the tail of the pauses is fitted
_MIN_TAIL: Final = 4  # minimum number of pauses in a tail
_PRIOR_DAYS: Final = 2.0  # a weekday counts as observed on so many further days, as active as similar weekdays
_YEAR: Final = 365.25
_DAY: Final = dt.timedelta(days=1)
_WEEK: Final = dt.timedelta(days=7)
_MONTH: Final = dt.timedelta(days=30)
_HALF_YEAR: Final = dt.timedelta(days=182)
_WEEKDAYS, _SATURDAY, _HOURS = 7, 5, 24


@dataclass(frozen=True, slots=True)
class _Tail:
    """An exponential tail of the pauses: `per_year` pauses are longer than `start`, on average by `scale`."""

    start: float
    scale: float
    per_year: float

    @property
    def limit(self) -> float:
        """The length of the pause that is exceeded `FALSE_NOTICES_PER_YEAR` times a year."""
        return self.start + self.scale * math.log(max(self.per_year / FALSE_NOTICES_PER_YEAR, 1.0))

    def years_between(self, length: float) -> float:
        """Return in how many years one pause is expected to be longer than `length`."""
        return math.exp(min((length - self.start) / self.scale, 700.0)) / self.per_year


@dataclass(frozen=True, slots=True)
class _Clock:
    """Measures pauses in expected active hours, active days, and weighted days since a first day.

    `hourly` has for each weekday the expected number of active hours before each hour of the day (25 numbers).
    `daily` has for each weekday the probability that it has an active hour. The other sequences have a number for each
    day since `first`, and one more at the end: the sum of all days before it.
    """

    first: dt.date
    weights: Sequence[float]
    hourly: Sequence[Sequence[float]]
    daily: Sequence[float]
    active_hours: Sequence[float]
    active_days: Sequence[float]
    usual_days: Sequence[float]

    @classmethod
    def of(
        cls, first: dt.date, weights: Sequence[float], hourly: Sequence[Sequence[float]], daily: Sequence[float]
    ) -> _Clock:
        """Return the clock for the days from `first` on, each with its weight."""
        weekdays = [(first.weekday() + number) % _WEEKDAYS for number in range(len(weights))]
        by_day = list(zip(weights, weekdays, strict=True))
        return cls(
            first,
            weights,
            hourly,
            daily,
            tuple(accumulate((weight * hourly[day][-1] for weight, day in by_day), initial=0.0)),
            tuple(accumulate((weight * daily[day] for weight, day in by_day), initial=0.0)),
            tuple(accumulate(weights, initial=0.0)),
        )

    def read(self, at: dt.datetime) -> tuple[float, float, float]:
        """Return the expected active hours, the active days and the usual days from the first day to `at`."""
        number = (at.date() - self.first).days
        if number >= len(self.weights):
            return self.active_hours[-1], self.active_days[-1], self.usual_days[-1]
        weekday = (self.first.weekday() + number) % _WEEKDAYS
        weight, of_day = self.weights[number], (at - dt.datetime.combine(at.date(), dt.time())) / _DAY
        hourly, hour = self.hourly[weekday], of_day * _HOURS
        before = hourly[int(hour)] + (hour % 1) * (hourly[int(hour) + 1] - hourly[int(hour)])
        all_day = hourly[-1]
        passed = before / all_day if all_day else of_day
        return (
            self.active_hours[number] + weight * before,
            self.active_days[number] + weight * passed * self.daily[weekday],
            self.usual_days[number] + weight * of_day,
        )


@dataclass(frozen=True, slots=True)
class Rhythm:
    """When a source publishes, and how long its pauses are.

    A pause is beyond the rhythm when it has at least `min_active_hours` expected active hours, `min_active_days` active
    days and `min_usual_days` days outside holidays.
    """

    last: dt.datetime
    zone: dt.tzinfo
    clock: _Clock
    tails: tuple[_Tail, ...]
    min_active_hours: float
    min_active_days: float
    min_usual_days: float
    longest: dt.timedelta
    observed: dt.timedelta
    longest_ever: dt.timedelta

    def silent_at(self) -> dt.datetime:
        """Return when the pause that began with the last entry passes the limit."""
        begins = self.clock.read(self.last)
        limits = (self.min_active_hours, self.min_active_days, self.min_usual_days)
        sums = (self.clock.active_hours, self.clock.active_days, self.clock.usual_days)
        passed = (
            self._reaches(number, begin + limit, days)
            for number, (begin, limit, days) in enumerate(zip(begins, limits, sums, strict=True))
        )
        beyond_rhythm = max(*passed, self.last + MIN_QUIET)
        return _utc(min(beyond_rhythm, self.last + max(LONGEST_QUIET, 3 * self.longest_ever)), self.zone)

    def _reaches(self, which: int, value: float, days: Sequence[float]) -> dt.datetime:
        """Return when one of the three measures of the clock reaches `value`, to the hour; else the end of its days."""
        day = min(max(bisect_right(days, value) - 1, 0), len(self.clock.weights) - 1)
        midnight = dt.datetime.combine(self.clock.first + day * _DAY, dt.time())
        hours = (midnight + dt.timedelta(hours=hour) for hour in range(_HOURS + 1))
        return next((at for at in hours if self.clock.read(at)[which] >= value), midnight + _DAY)

    def quiet_at(self, now: dt.datetime) -> Quiet | None:
        """Return the pause if it is longer at `now` than the limit; None if it is within the rhythm."""
        if now < self.silent_at():
            return None
        length = self.clock.read(_local(now, self.zone))[0] - self.clock.read(self.last)[0]
        years = min(tail.years_between(length) for tail in self.tails)
        return Quiet(_utc(self.last, self.zone), self.longest, self.observed, years)


def judge(
    activity: Activity, zone: dt.tzinfo, now: dt.datetime, since: dt.datetime
) -> tuple[Quiet | None, dt.datetime]:
    """Return the present pause if it is longer than the rhythm explains, and when to judge again if nothing comes.

    `since` is when the last entry came. A pause that is too long is judged again after a day, so that its figures are
    up to date.
    """
    rhythm = learn(activity, zone)
    if rhythm is None:
        longest = max((after - before for before, after in pairwise(activity.hours())), default=_DAY)
        silent_at = since + max(QUIET_WITHOUT_RHYTHM, 2 * longest)
        return (Quiet(since), now + _DAY) if now >= silent_at else (None, silent_at)
    quiet, silent_at = rhythm.quiet_at(now), rhythm.silent_at()
    return quiet, (silent_at if quiet is None else now + _DAY)


def learn(activity: Activity, zone: dt.tzinfo) -> Rhythm | None:
    """Return the rhythm of a source; None if there are too few pauses to learn from."""
    hours = sorted({_local(hour, zone) for hour in activity.hours()})
    if len(hours) <= MIN_PAUSES:
        return None
    first, last = hours[0].date(), hours[-1]
    hourly, daily = _profile(hours)
    resting = min(daily[_SATURDAY:]) < _ACTIVE_WEEKEND
    longest_ever = max(after - before for before, after in pairwise(hours))
    weights = _weights(first, last.date() + max(LONGEST_QUIET, 3 * longest_ever), rests_in_summer=resting)
    clock = _Clock.of(first, weights, tuple(tuple(accumulate(of_hours, initial=0.0)) for of_hours in hourly), daily)
    readings = [clock.read(hour) for hour in hours]
    pauses = [after[0] - before[0] for before, after in pairwise(readings)]
    usual = [after[2] - before[2] for before, after in pairwise(readings)]
    tails = _tails(pauses, max((last - hours[0]) / _DAY, 1.0) / _YEAR)
    long = sum(4 * pause > max(pauses) for pause in pauses)
    # If few pauses are long, or were observed for a short time, the longest is soon exceeded.
    caution = (1 + 1.5 / math.sqrt(long)) * (1 + _MONTH / max(last - hours[0], _DAY))
    recent = next((number for number, hour in enumerate(hours) if hour >= last - _HALF_YEAR), 0)
    recent = recent if len(hours) - recent > MIN_PAUSES else 0
    return Rhythm(
        last,
        zone,
        clock,
        tails,
        max(_MIN_MISSED, max(pauses) * caution, *(tail.limit for tail in tails)),
        min(_MISSED_WORKING_DAYS if resting else _MISSED_DAYS, 0.8 * sum(daily)),
        max(1.25 * max(usual), _least_days(last - hours[0])),
        max(_usual_pauses(hours[recent:], usual[recent:])),
        last - hours[recent],
        longest_ever,
    )


def _least_days(observed: dt.timedelta) -> float:
    """Return the days that a pause must have if the source was observed for a short time.

    A week shows little of how long pauses are, a month enough. A pause of twice the observed time is always enough.
    """
    missing = max(_MONTH - observed, dt.timedelta()) / (_MONTH - _WEEK)
    return min(2 * observed / _DAY, missing * 2 * _WEEK / _DAY)


def _usual_pauses(hours: Sequence[dt.datetime], usual: Sequence[float]) -> list[dt.timedelta]:
    """Return the pauses between hours that are at most half in holidays, or all if there are no such pauses."""
    pauses = [(after - before, days * _DAY) for (before, after), days in zip(pairwise(hours), usual, strict=True)]
    return [pause for pause, outside in pauses if 2 * outside >= pause] or [pause for pause, _ in pauses]


def _tails(pauses: Sequence[float], years: float) -> tuple[_Tail, ...]:
    """Return the exponential tails of the pauses beyond several quantiles. `years` is how long they were observed.

    The mean excess of few pauses is uncertain, so it is taken one standard error longer.
    """
    ordered = sorted(pauses)
    tails: list[_Tail] = []
    for quantile in _QUANTILES:
        start = ordered[int(quantile * (len(ordered) - 1))]
        excess = [pause - start for pause in ordered if pause > start]
        if len(excess) >= _MIN_TAIL or not tails:
            mean = sum(excess) / len(excess) if excess else 0.0
            scale = max(mean * (1 + 1 / math.sqrt(max(len(excess), 1))), 0.05)
            tails.append(_Tail(start, scale, max(len(excess), 1) / years))
    return tuple(tails)


def _profile(hours: Sequence[dt.datetime]) -> tuple[list[list[float]], list[float]]:
    """Return the probability that an hour of a weekday is active, and that a weekday has an active hour.

    Days in holidays count only if they were active. A weekday that was observed seldom takes the activity of the other
    weekdays of its kind: working days, or days of the weekend.
    """
    active = Counter((hour.weekday(), hour.hour) for hour in hours)
    active_dates = {hour.date() for hour in hours}
    active_days = Counter(date.weekday() for date in active_dates)
    first, last = hours[0].date(), hours[-1].date()
    dates = (first + number * _DAY for number in range((last - first).days + 1))
    usual = (date for date in dates if date in active_dates or day_weight(date, rests_in_summer=True) == 1)
    observed = Counter(date.weekday() for date in usual)

    def probability(weekday: int, counts: Counter[int]) -> float:
        """Return the share of the observed days of `weekday` that `counts` has."""
        kind = range(_SATURDAY) if weekday < _SATURDAY else range(_SATURDAY, _WEEKDAYS)
        of_kind = sum(counts[day] for day in kind) / (sum(observed[day] for day in kind) + _PRIOR_DAYS)
        return (counts[weekday] + _PRIOR_DAYS * of_kind) / (observed[weekday] + _PRIOR_DAYS)

    by_hour = [Counter({day: active[day, hour] for day in range(_WEEKDAYS)}) for hour in range(_HOURS)]
    hourly = [[probability(day, by_hour[hour]) for hour in range(_HOURS)] for day in range(_WEEKDAYS)]
    return hourly, [probability(day, active_days) for day in range(_WEEKDAYS)]


def _weights(first: dt.date, last: dt.date, *, rests_in_summer: bool) -> list[float]:
    """Return the weight of each day from `first` to the day after `last`."""
    number = (last - first).days + 2
    years = range(first.year, (first + number * _DAY).year + 1)
    weights = chain.from_iterable(day_weights(year, rests_in_summer=rests_in_summer) for year in years)
    skipped = first.timetuple().tm_yday - 1
    return list(islice(weights, skipped, skipped + number))


def _local(at: dt.datetime, zone: dt.tzinfo) -> dt.datetime:
    """Return a time in the zone, without the zone."""
    return at.astimezone(zone).replace(tzinfo=None)


def _utc(at: dt.datetime, zone: dt.tzinfo) -> dt.datetime:
    """Return a local time of the zone in UTC."""
    return at.replace(tzinfo=zone).astimezone(dt.UTC)
