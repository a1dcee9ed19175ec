"""`monitor add`: find out what to read at an address, show it, and write it into sources.toml."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from monitor.cli.common import (
    ATTENTION,
    DONE,
    ConfigOption,
    JsonOption,
    finish,
    load_config,
    show,
    show_json,
    tell,
    tell_warnings,
)
from monitor.cli.look import entry_lines, found_lines, heading, look_live
from monitor.cli.progress import working
from monitor.clock import SystemClock
from monitor.errors import ConfigError, UsageError

if TYPE_CHECKING:
    from monitor.app.inspect import Inspection
    from monitor.config import Config
    from monitor.model import Source

SHOWN: Final = 5
"""How many entries are shown of what would be read."""

_UNNAMED: Final = "\N{HORIZONTAL ELLIPSIS}"  # stands for the name until the title is known


@dataclass(frozen=True, slots=True)
class Wish:
    """What is to be added, as the arguments say it."""

    url: str
    name: str | None
    kind: str | None
    tags: tuple[str, ...]
    every: str | None
    full_text: bool

    def table(self, name: str, url: str, kind: str | None) -> dict[str, Any]:
        """The `[[source]]` table, with its keys in the order of the documents."""
        stated = {"name": name, "url": url, "kind": kind, "tags": list(self.tags), "every": self.every}
        table = {key: value for key, value in stated.items() if value}
        return {**table, "full_text": True} if self.full_text else table


def add(
    *,
    url: Annotated[str, typer.Argument(metavar="URL", help="The address of a feed, a page, a sitemap or JSON.")],
    name: Annotated[
        str | None, typer.Option("--name", metavar="N", help="Its name. [default: the title of what is found]")
    ] = None,
    kind: Annotated[
        str | None, typer.Option("--kind", metavar="K", help="Read it as this: feed, page, sitemap, api.")
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

    The file keeps its comments and its layout. Nothing is written if nothing can be read, if the address is there
    already, or if the file would not be right.
    """
    path = _path(config)
    wish = Wish(url, name, kind, tuple(tag or ()), every, full_text)
    try:
        planned, source = _planned(path, wish)
        with working(f"looking at {source.shown_url}"):
            look = look_live(source, planned, SystemClock())
        if look.error or look.reading is None:
            _end_without(look, json=json)
        table = _table(wish, look, planned)
    except (ConfigError, UsageError) as wrong:
        if json:
            show_json({"added": False, "error": str(wrong)})
        raise
    if not json:
        show("\n".join([*_shown(look, source.timezone), "", *_toml(table)]))
    if dry_run or not (yes or json or _agreed(path)):
        _end(path, table, look, added=False, json=json)
    _write(path, table, json=json)
    _end(path, table, look, added=True, json=json)


def _path(given: Path | None) -> Path:
    from monitor import config

    return config.config_path(config.environment(), given)


def _planned(path: Path, wish: Wish) -> tuple[Config, Source]:
    """The configuration with the source in it, and that source as it would be polled.

    Raises ConfigError for a file that is not right as it is, UsageError for what is wrong with the arguments.
    """
    from monitor import config
    from monitor.config.edit import open_draft
    from monitor.config.loader import load_text

    environ = config.environment()
    draft = open_draft(path)
    before = load_config(path) if path.exists() else load_text(path, draft.text, environ)
    name = wish.name or _UNNAMED
    if any(source.name == name for source in before.sources):
        raise UsageError(f'--name: there is a source "{name}" already; choose another name')
    draft.add_sources([wish.table(name, wish.url, wish.kind)])
    try:
        draft.check(environ)
    except ConfigError as wrong:
        told = [f"{problem.what}; {problem.remedy}" if problem.remedy else problem.what for problem in wrong.problems]
        raise UsageError("\n".join(told)) from None
    planned = load_text(path, draft.text, environ)
    source = next(source for source in planned.sources if source.name == name)
    _refuse_known(source.url, source.shown_url, before)
    return before, source


def _refuse_known(url: str, shown: str, loaded: Config) -> None:
    from monitor.text.address import canonical_url

    same = next((known for known in loaded.sources if canonical_url(known.url) == canonical_url(url)), None)
    if same is not None:
        raise UsageError(f'{shown} is there already: it is the source "{same.name}"; change its table, or take it out')


def _table(wish: Wish, look: Inspection, loaded: Config) -> dict[str, Any]:
    """What is written: the place that was found, by its own address and kind."""
    from monitor.config.naming import name_for

    assert look.reading is not None, "only what was read is added"  # noqa: S101 - narrows the type
    url, kind = wish.url, wish.kind or look.reading.kind
    if look.found is not None:
        url, kind = look.found.url or wish.url, look.found.kind
        if look.found.url:
            _refuse_known(url, url, loaded)
    taken = {source.name for source in loaded.sources}
    return wish.table(wish.name or name_for(look.reading.title, look.url, taken), url, kind)


def _shown(look: Inspection, timezone: str) -> list[str]:
    assert look.reading is not None, "only what was read is shown"  # noqa: S101 - narrows the type
    reading = look.reading
    more = len(reading.entries) - SHOWN
    return [
        heading(reading, timezone),
        *found_lines(look),
        *entry_lines(reading, timezone, SHOWN),
        *([f"  … and {more} more"] if more > 0 else []),
    ]


def _toml(table: Mapping[str, Any]) -> list[str]:
    from monitor.config.toml import toml_table

    return toml_table("[[source]]", table).splitlines()


def _agreed(path: Path) -> bool:
    """Whether a person at the terminal wants it; who pipes has said so already."""
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        return True
    return typer.confirm(f"Add this to {path}?", default=True, err=True)


def _write(path: Path, table: Mapping[str, Any], *, json: bool) -> None:
    from monitor import config
    from monitor.config.edit import open_draft

    draft = open_draft(path)
    try:
        draft.add_sources([table])
        warnings = draft.save(config.environment())
    except ConfigError as wrong:
        if json:
            show_json({"added": False, "error": str(wrong)})
        raise
    tell_warnings([str(warning) for warning in warnings])


def _end_without(look: Inspection, *, json: bool) -> None:
    if json:
        show_json({"added": False, "error": look.error, "look": look})
    tell(f"{look.url}: {look.error}; nothing was written")
    finish(ATTENTION)


def _end(path: Path, table: Mapping[str, Any], look: Inspection, *, added: bool, json: bool) -> None:
    if json:
        show_json({"added": added, "path": str(path), "source": table, "look": look})
    elif added:
        tell(f'added to {path}; poll it now: monitor once --source "{table["name"]}"')
    else:
        tell("nothing was written")
    finish(DONE)
