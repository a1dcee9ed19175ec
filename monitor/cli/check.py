"""`monitor check`: check whether the configuration is valid, and whether its sources answer."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Annotated

import typer

from monitor.cli.common import (
    EXIT_ATTENTION,
    EXIT_DONE,
    INCOMPLETE,
    ConfigOption,
    JsonOption,
    finish,
    load_config,
    print_error,
    show,
    show_json,
    with_count,
)
from monitor.cli.progress import working
from monitor.clock import SystemClock
from monitor.errors import ConfigError, Problem

if TYPE_CHECKING:
    from monitor.app.check import ArchiveMatches
    from monitor.app.inspect import Inspection
    from monitor.config import Config


def check(
    live: Annotated[bool, typer.Option("--live", help="Also read each source once, storing nothing.")] = False,
    json: JsonOption = False,
    config: ConfigOption = None,
) -> None:
    """Validate sources.toml and run every rule's examples."""
    from monitor.app.check import check_config, count_tables, match_archive, remarks_on

    warnings: tuple[Problem, ...] = ()
    try:
        loaded = load_config(config)
        warnings = loaded.warnings
        if not json:  # before the examples: an example may fail because of a mistake that a warning describes
            for warning in warnings:
                print_error(f"warning: {warning}")
        check_config(loaded)
    except ConfigError as error:
        if json:
            show_json({"problems": error.problems, "warnings": [str(warning) for warning in warnings]})
        raise
    counts = count_tables(loaded)
    if json:
        finish(_as_json(loaded, counts, live=live))
    listed = ", ".join(with_count(count, what.removesuffix("s"), what) for what, count in counts.items())
    warned = f", but see {with_count(len(warnings), 'warning')} above" if warnings else ""
    for line in _archive_lines(match_archive(loaded, SystemClock())):
        show(line)
    show(f"{loaded.path}: {listed}: all right{warned}")
    for information in remarks_on(loaded):
        print_error(f"for information: {information}")
    if live:
        status = _as_lines(loaded)
        print_error("channels were not tried; send a test message through each: monitor doctor --send")
        finish(status)
    finish(EXIT_DONE)


def _archive_lines(found: ArchiveMatches | None) -> Iterator[str]:
    """Yield for each rule what it would have found lately; nothing if there is no archive yet."""
    if found is None:
        return
    yield "Articles of the last 30 days that each rule matches" + (" (only the latest were tried)" * found.is_limited)
    for name, count in found.counts.items():
        yield f"  {name}: {count:,}"


def _as_json(loaded: Config, counts: Mapping[str, int], *, live: bool) -> int:
    from monitor.app.check import match_archive, remarks_on
    from monitor.app.inspect import inspect_all

    with working("reading every source once"):
        inspections = tuple(inspect_all(loaded, SystemClock())) if live else ()
    show_json(
        {
            "path": str(loaded.path),
            "problems": [],
            **counts,
            "warnings": [str(w) for w in loaded.warnings],
            "information": remarks_on(loaded),
            "matches_in_30_days": found.counts if (found := match_archive(loaded, SystemClock())) else None,
            "live": [_summary_of(inspection) for inspection in inspections],
            "not_tried": ["channels"],
        }
    )
    needs_attention = any(inspection.error or inspection.is_incomplete for inspection in inspections)
    return EXIT_ATTENTION if needs_attention else EXIT_DONE


def _as_lines(loaded: Config) -> int:
    """Print a line for each source as soon as it is read, then the number of failures. Return the exit status."""
    from monitor.app.inspect import inspect_all

    failed = incomplete = 0
    for inspection in inspect_all(loaded, SystemClock()):
        show(_line(inspection))
        sys.stdout.flush()  # so that a pipe gets each line at once
        failed += inspection.error is not None
        incomplete += inspection.is_incomplete
    in_part = f" ({incomplete} in part)" if incomplete else ""
    show(f"{len(loaded.sources) - failed} of {len(loaded.sources)} sources answered{in_part}, {failed} failed")
    return EXIT_ATTENTION if failed or incomplete else EXIT_DONE


def _summary_of(inspection: Inspection) -> dict[str, object]:
    """Return a summary of what was read from a source. `monitor try` shows everything."""
    return {
        "source": inspection.source,
        "url": inspection.url,
        "entries": len(inspection.reading.entries) if inspection.reading else 0,
        "newest": inspection.newest,
        "problems": inspection.reading.problems if inspection.reading else (),
        "error": inspection.error,
        "found": inspection.found,
    }


def _line(inspection: Inspection) -> str:
    if inspection.error:
        return f"  FAILED {inspection.source}: {inspection.error}"
    if inspection.reading is None:
        return f"  ok     {inspection.source}"
    newest = f", newest {inspection.newest:%Y-%m-%d}" if inspection.newest else ""
    found = f" ({inspection.found.kind} at {inspection.found.url or 'this address'})" if inspection.found else ""
    entries = with_count(len(inspection.reading.entries), "entry", "entries")
    if inspection.is_incomplete:
        return f"  PARTLY {inspection.source}: {entries}{newest}{found}; {INCOMPLETE}"
    return f"  ok     {inspection.source}: {entries}{newest}{found}"
