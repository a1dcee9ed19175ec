"""False notices about healthy sources, and how soon a source that fell silent is noticed, by kind of rhythm.

    python benchmarks/silence.py [SOURCES]

Simulates SOURCES (default 20) sources of each of the six kinds of `tests/support/healthy.py` over five years each, from
one seed. Half of them are followed from their last 15 entries on, as a feed shows them, the others after a year.
"""

from __future__ import annotations

import datetime as dt
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

sys.path.insert(0, str(Path(__file__).parent.parent))

from monitor.collect.rhythm import MIN_QUIET, judge
from monitor.model import Activity
from tests.support.healthy import DAY, RHYTHMS, ZONE

YEARS = 5
LISTED = 15
SAMPLES = 12


@dataclass
class Result:
    """The pauses that were noticed although the source was healthy, and the delays after which silence is noticed."""

    false: list[str] = field(default_factory=list)
    delays: list[float] = field(default_factory=list)


def simulate(kind: str, number: int, result: Result) -> None:
    """Follow one source through its years; add what was noticed to the result."""
    random = Random(f"{kind} {number}")
    times = RHYTHMS[kind](random, dt.date(2021, 1, 1) + random.randrange(365) * DAY, YEARS + 1)
    begin = LISTED if number % 2 else max(LISTED, len(times) // (YEARS + 1))
    activity = Activity().with_moments(times[begin - LISTED : begin])
    sampled = set(random.sample(range(begin, len(times)), min(SAMPLES, len(times) - begin)))
    for place, (last, at) in enumerate(zip(times[begin - 1 :], times[begin:], strict=False), begin):
        if at - last > MIN_QUIET:
            quiet, _ = judge(activity, ZONE, at, last)
            if quiet is not None:
                result.false.append(f"{last:%Y-%m-%d}, {(at - last) / DAY:.0f} days, longest {quiet.longest}")
        if place in sampled:
            _, silent_at = judge(activity, ZONE, last, last)
            result.delays.append((silent_at - last) / DAY)
        activity = activity.with_moments((at,))


def main() -> None:
    """Print a line for each kind, and the sum."""
    sources, false = int(sys.argv[1]) if len(sys.argv) > 1 else 20, 0
    for kind in RHYTHMS:
        result, began = Result(), time.perf_counter()
        for number in range(sources):
            simulate(kind, number, result)
        false += len(result.false)
        ordered = sorted(result.delays)
        low, median, high = (ordered[int(share * (len(ordered) - 1))] for share in (0.1, 0.5, 0.9))
        print(
            f"{kind:14} {len(result.false)} false in {sources * YEARS} source-years; noticed after {median:.1f} days"
            f" (10 %: {low:.1f}, 90 %: {high:.1f}); {time.perf_counter() - began:.0f} s"
        )
        for line in result.false:
            print(f"    {line}")
    print(f"{false} false notices in {len(RHYTHMS) * sources * YEARS} source-years")


if __name__ == "__main__":
    main()
