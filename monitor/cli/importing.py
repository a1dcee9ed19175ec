"""`monitor import`: import sources and rules of other programs into sources.toml."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, BinaryIO

import typer

from monitor.cli.common import (
    EXIT_ATTENTION,
    EXIT_DONE,
    ConfigOption,
    JsonOption,
    finish,
    print_error,
    show,
    show_json,
    warn,
    with_count,
)
from monitor.cli.listing import command_listing, complete
from monitor.cli.progress import working
from monitor.errors import UsageError

if TYPE_CHECKING:
    from monitor.app.importing import ImportResult


def _formats() -> tuple[str, ...]:
    from monitor.interchange import FORMATS

    return tuple(FORMATS)


ImportCommand = command_listing("format", _formats)


def import_(
    file: Annotated[str, typer.Argument(metavar="FILE", help="The file; - is standard input.")],
    format: Annotated[  # noqa: A002 - the name of the option
        str | None,
        typer.Option(
            "--format",
            help="The format of the file, if the program does not recognise it.",
            autocompletion=complete(_formats),
        ),
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what would be written, and write nothing.")] = False,
    json: JsonOption = False,
    config: ConfigOption = None,
) -> None:
    """Import feeds, pages and word lists of other programs (OPML, urlwatch, html2rss, TrendRadar …)."""
    from monitor import config as configuration
    from monitor.app.importing import import_file

    environ = configuration.environment()
    path = configuration.config_path(environ, config)
    with working(f"reading {file}"), _open_input(file) as stream:
        imported = import_file(stream, file, format, path, environ, dry_run=dry_run)
    if json:
        show_json(_document(imported, file))
    else:
        _show(imported)
        warn(imported.warnings)
    finish(EXIT_ATTENTION if imported.plan.unmapped else EXIT_DONE)


@contextmanager
def _open_input(file: str) -> Iterator[BinaryIO]:
    """Open the file, or standard input for "-". Raises UsageError if it cannot be read."""
    if file == "-":
        yield sys.stdin.buffer
        return
    try:
        with Path(file).open("rb") as stream:
            yield stream
    except OSError as error:
        raise UsageError(f"{file}: {error.strerror}; give a file that can be read") from None


def _document(imported: ImportResult, file: str) -> dict[str, object]:
    plan = imported.plan
    return {
        "file": file,
        "format": imported.format,
        "path": str(imported.path),
        "written": imported.written,
        "sources": plan.sources,
        "rules": plan.rules,
        "concepts": plan.concepts,
        "present": plan.present,
        "unmapped": plan.unmapped,
        "warnings": [*plan.warnings, *imported.warnings],
    }


def _show(imported: ImportResult) -> None:
    plan = imported.plan
    for warning in plan.warnings:
        print_error(f"warning: {warning}")
    lines = [f"  source   {table['name']}: {table['url']}" for table in plan.sources]
    lines += [f"  concept  @{name}: {len(terms)} terms" for name, terms in plan.concepts.items()]
    lines += [f"  rule     {rule['name']}: {rule['match']}" for rule in plan.rules]
    lines += [f'  present  {item.where}: already there as "{item.name}"' for item in plan.present]
    lines += [f"  left out {item.where}: {item.what}: {item.reason}" for item in plan.unmapped]
    lines = [" ".join(line.splitlines()) for line in lines]  # texts of the imported file must not look like our lines
    show("\n".join([f"{imported.label}:", *lines, f"{imported.path}: {_summary(imported)}"]))


def _summary(imported: ImportResult) -> str:
    plan = imported.plan
    counts = {"source": len(plan.sources), "concept": len(plan.concepts), "rule": len(plan.rules)}
    added = ", ".join(f"{with_count(count, word)}" for word, count in counts.items() if count)
    summary = f"{added} {'written' if imported.written else 'would be written'}" if added else "nothing to write"
    if plan.present:
        summary += f"; {len(plan.present)} already there"
    return summary + (f"; {len(plan.unmapped)} left out" if plan.unmapped else "")
