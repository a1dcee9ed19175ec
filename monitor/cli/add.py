"""`monitor add`: find out what to read at an address, show it, and write it into sources.toml."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from monitor.cli.common import (
    EXIT_ATTENTION,
    EXIT_DONE,
    ConfigOption,
    JsonOption,
    apply_masks,
    finish,
    print_error,
    set_masks,
    set_up_log,
    show,
    show_json,
    warn,
)
from monitor.cli.inspection import entry_lines, found_lines, heading
from monitor.cli.progress import working
from monitor.clock import SystemClock
from monitor.errors import ConfigError, UsageError

if TYPE_CHECKING:
    from monitor.app.inspect import Inspection

MAX_SHOWN: Final = 5
"""Maximum number of entries that are shown."""


def add(
    *,
    url: Annotated[str, typer.Argument(metavar="URL", help="The address of a feed, a page, a sitemap or JSON.")],
    name: Annotated[
        str | None,
        typer.Option("--name", metavar="N", help="The name of the new source. [default: the title of what is found]"),
    ] = None,
    kind: Annotated[
        str | None, typer.Option("--kind", metavar="K", help="Read the address as this kind: feed, page, sitemap, api.")
    ] = None,
    tag: Annotated[list[str] | None, typer.Option("--tag", metavar="T", help="A tag. May be repeated.")] = None,
    every: Annotated[
        str | None, typer.Option("--every", metavar="D", help="Poll it at least this often, as in 30m.")
    ] = None,
    full_text: Annotated[bool, typer.Option("--full-text", help="Read the page of each new article.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show it, and write nothing.")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask at the terminal.")] = False,
    json: JsonOption = False,
    config: ConfigOption = None,
) -> None:
    """Find out what to read at an address, show it, and add it to sources.toml.

    The file keeps its comments and its layout. Nothing is written if nothing can be read, if the address is already in
    the file, or if sources.toml would become invalid.
    """
    from monitor.app.add import NewSource, plan_addition, source_table, write_source
    from monitor.app.arguments import secrets_in_address
    from monitor.app.inspect import inspect_live
    from monitor.config import config_path, environment

    set_masks(secrets_in_address(url))
    environ = environment()
    path = config_path(environ, config)
    with _errors_as_json(json=json):
        plan = plan_addition(path, NewSource(url, name, kind, tuple(tag or ()), every, full_text), environ)
        set_up_log(plan.config.secrets)
        with working(apply_masks(f"looking at {plan.source.shown_url}")):
            inspection = inspect_live(plan.source, plan.config, SystemClock())
        if inspection.error or inspection.reading is None:
            if json:
                show_json({"added": False, "error": inspection.error, "look": inspection})
            print_error(f"{inspection.url}: {inspection.error}; nothing was written")
            finish(EXIT_ATTENTION)
        table = source_table(plan, inspection)
    if not json:
        from monitor.config.toml import toml_table

        show(
            "\n".join(
                [*_preview_lines(inspection, plan.source.timezone), "", *toml_table("[[source]]", table).splitlines()]
            )
        )
    if dry_run or not (yes or json or _confirm(path)):
        _print_result(path, table, inspection, added=False, json=json)
    with _errors_as_json(json=json):
        warnings = write_source(path, table, environ)
    warn(warnings)
    _print_result(path, table, inspection, added=True, json=json)


@contextmanager
def _errors_as_json(*, json: bool) -> Iterator[None]:
    """Print errors of the file or the arguments as a JSON document too, if `json` is set."""
    try:
        yield
    except (ConfigError, UsageError) as wrong:
        if json:
            show_json({"added": False, "error": str(wrong)})
        raise


def _preview_lines(inspection: Inspection, timezone: str) -> list[str]:
    assert inspection.reading is not None, "only what was read is shown"  # noqa: S101 - narrows the type
    reading = inspection.reading
    more = len(reading.entries) - MAX_SHOWN
    return [
        heading(reading, timezone),
        *found_lines(inspection),
        *entry_lines(reading, timezone, MAX_SHOWN),
        *([f"  … and {more} more"] if more > 0 else []),
    ]


def _confirm(path: Path) -> bool:
    """Ask at the terminal, and return whether the user agrees. Without a terminal, return True."""
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        return True
    return typer.confirm(f"Add this to {path}?", default=True, err=True)


def _print_result(path: Path, table: Mapping[str, Any], inspection: Inspection, *, added: bool, json: bool) -> None:
    if json:
        show_json({"added": added, "path": str(path), "source": table, "look": inspection})
    elif added:
        print_error(f'added to {path}; poll it now: monitor once --source "{table["name"]}"')
    else:
        print_error("nothing was written")
    finish(EXIT_DONE)
