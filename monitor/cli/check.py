"""`monitor check`: is the configuration right, and do its sources answer?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from monitor.cli.common import ATTENTION, DONE, ConfigOption, JsonOption, finish, load_config, show, show_json
from monitor.cli.progress import working
from monitor.clock import SystemClock
from monitor.errors import ConfigError

if TYPE_CHECKING:
    from monitor.config import Config
    from monitor.wiring import Look


def check(
    live: Annotated[bool, typer.Option("--live", help="Also read each source once, storing nothing.")] = False,
    json: JsonOption = False,
    config: ConfigOption = None,
) -> None:
    """Validate sources.toml and run every rule's examples."""
    from monitor.config import check_examples

    try:
        loaded = load_config(config)
        failed = check_examples(loaded)
        if failed:
            raise ConfigError(failed)
    except ConfigError as error:
        if json:
            show_json({"problems": error.problems})
        raise
    looks = _look_at_all(loaded) if live else ()
    if json:
        show_json(
            {
                "path": str(loaded.path),
                "problems": [],
                **_counts(loaded),
                "warnings": [str(w) for w in loaded.warnings],
                "live": [_found(look) for look in looks],
            }
        )
    else:
        counts = ", ".join(f"{count} {what}" for what, count in _counts(loaded).items())
        show("\n".join([f"{loaded.path}: {counts}: all right", *(_line(look) for look in looks)]))
    finish(ATTENTION if any(look.error for look in looks) else DONE)


def _look_at_all(loaded: Config) -> tuple[Look, ...]:
    from monitor.wiring import look_at_all

    with working("reading every source once"):
        return look_at_all(loaded, SystemClock())


def _counts(loaded: Config) -> dict[str, int]:
    return {
        "sources": len(loaded.sources),
        "rules": len(loaded.rules),
        "digests": len(loaded.digests),
        "channels": len(loaded.channels),
    }


def _found(look: Look) -> dict[str, object]:
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


def _line(look: Look) -> str:
    if look.error:
        return f"  FAILED {look.source}: {look.error}"
    newest = f", newest {look.newest:%Y-%m-%d}" if look.newest else ""
    return (
        f"  ok     {look.source}: {len(look.reading.entries)} entries{newest}"
        if look.reading
        else f"  ok     {look.source}"
    )
