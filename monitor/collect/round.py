"""Many polls side by side, each contained: one source's surprise is its own."""

from __future__ import annotations

import datetime as dt
import traceback
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import chain

from monitor.collect.poll import Collector
from monitor.collect.result import Collected
from monitor.log import logger
from monitor.model import Source
from monitor.text.address import host_of

LANES_PER_HOST = 2
"""Polls of one host in flight. The gate holds the same bound; here it keeps a slow host from taking every worker."""

WORKERS = 16

_log = logger("collect")


def collect_all(
    collector: Collector,
    sources: Sequence[Source],
    now: dt.datetime,
    *,
    workers: int = WORKERS,
    stopping: Callable[[], bool] = lambda: False,
) -> tuple[Collected, ...]:
    """Poll all `sources`, at most `workers` at a time and two of one host. What went wrong is in the results.

    `stopping` says that the program is about to end: sources not yet begun are left for the next time.
    """
    lanes = _lanes(sources)
    if not lanes:
        return ()
    with ThreadPoolExecutor(min(workers, len(lanes)), thread_name_prefix="poll") as pool:
        done = pool.map(lambda lane: [contained(collector, source, now) for source in lane if not stopping()], lanes)
        return tuple(chain.from_iterable(done))


def _lanes(sources: Iterable[Source]) -> list[list[Source]]:
    """The sources in rows that are polled one after the other, at most two rows for a host."""
    by_host: dict[str, list[Source]] = defaultdict(list)
    for source in sources:
        by_host[host_of(source.url)].append(source)
    lanes = [of_host[start::LANES_PER_HOST] for of_host in by_host.values() for start in range(LANES_PER_HOST)]
    return [lane for lane in lanes if lane]


def contained(collector: Collector, source: Source, now: dt.datetime) -> Collected:
    """Poll `source`; a surprise becomes a failure of this source, with the trace in the log."""
    try:
        collected = collector.collect(source, now)
    except Exception as error:  # noqa: BLE001 - the boundary of a source: a bug or a full disk must not stop the others
        _log.error("crash", source=source.name, trace="".join(traceback.format_exception(error)))
        collected = collector.crashed(source, error, now)
    poll = collected.poll
    if not collected.stopped:
        _log.info(
            "poll", source=source.name, outcome=poll.outcome, reason=poll.reason, new=poll.new, matches=poll.matches
        )
    return collected
