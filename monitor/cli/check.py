"""`monitor check`: is the configuration right, and do its sources answer?"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from monitor.cli.common import (
    ATTENTION,
    DONE,
    ConfigOption,
    JsonOption,
    counted,
    finish,
    load_config,
    show,
    show_json,
    tell,
)
from monitor.cli.progress import working
from monitor.clock import SystemClock
from monitor.errors import ConfigError

if TYPE_CHECKING:
    from monitor.app.inspect import Inspection
    from monitor.config import Config


def check(
    live: Annotated[bool, typer.Option("--live", help="Also read each source once, storing nothing.")] = False,
    json: JsonOption = False,
    config: ConfigOption = None,
) -> None:
    """Validate sources.toml and run every rule's examples."""
    from monitor.config import check_channels, check_examples

    try:
        loaded = load_config(config)
        failed = (*check_examples(loaded), *check_channels(loaded))
        if failed:
            raise ConfigError(failed)
    except ConfigError as error:
        if json:
            show_json({"problems": error.problems})
        raise
    if json:
        finish(_as_json(loaded, live=live))
    counts = ", ".join(counted(count, what.removesuffix("s"), what) for what, count in _counts(loaded).items())
    for warning in loaded.warnings:
        tell(f"warning: {warning}")
    show(f"{loaded.path}: {counts}: all right")
    finish(_as_lines(loaded) if live else DONE)


def _as_json(loaded: Config, *, live: bool) -> int:
    from monitor.app.inspect import inspect_all

    with working("reading every source once"):
        looks = tuple(inspect_all(loaded, SystemClock())) if live else ()
    show_json(
        {
            "path": str(loaded.path),
            "problems": [],
            **_counts(loaded),
            "warnings": [str(w) for w in loaded.warnings],
            "live": [_found(look) for look in looks],
        }
    )
    return ATTENTION if any(look.error for look in looks) else DONE


def _as_lines(loaded: Config) -> int:
    """A line for each source as soon as it was read, and how many failed."""
    from monitor.app.inspect import inspect_all

    failed = 0
    for look in inspect_all(loaded, SystemClock()):
        show(_line(look))
        sys.stdout.flush()  # signs of life in a pipe as well
        failed += look.error is not None
    show(f"{len(loaded.sources) - failed} of {len(loaded.sources)} sources answered, {failed} failed")
    return ATTENTION if failed else DONE


def _counts(loaded: Config) -> dict[str, int]:
    return {
        "sources": len(loaded.sources),
        "rules": len(loaded.rules),
        "digests": len(loaded.digests),
        "channels": len(loaded.channels),
    }


def _found(look: Inspection) -> dict[str, object]:
    """What a source gave, in short; `monitor try` shows all of it."""
    return {
        "source": look.source,
        "url": look.url,
        "entries": len(look.reading.entries) if look.reading else 0,
        "newest": look.newest,
        "problems": look.reading.problems if look.reading else (),
        "error": look.error,
        "found": look.found,
    }


def _line(look: Inspection) -> str:
    if look.error:
        return f"  FAILED {look.source}: {look.error}"
    if look.reading is None:
        return f"  ok     {look.source}"
    newest = f", newest {look.newest:%Y-%m-%d}" if look.newest else ""
    found = f" ({look.found.kind} at {look.found.url or 'this address'})" if look.found else ""
    return f"  ok     {look.source}: {counted(len(look.reading.entries), 'entry', 'entries')}{newest}{found}"
