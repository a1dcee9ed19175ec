"""`monitor import`: sources and rules of other programs, into sources.toml."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from monitor.cli.common import ATTENTION, DONE, ConfigOption, JsonOption, finish, show, show_json, tell, tell_warnings
from monitor.cli.progress import working
from monitor.errors import Problem, UsageError

if TYPE_CHECKING:
    from monitor.config.importing import Plan, Read

SECONDS = 120.0
"""How long the reading of one file may take."""


def import_(
    file: Annotated[str, typer.Argument(metavar="FILE", help="The file; - is the standard input.")],
    format: Annotated[  # noqa: A002 - the name of the option
        str | None, typer.Option("--format", metavar="F", help="What it is, if that cannot be seen from what is in it.")
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what would be written, and write nothing.")] = False,
    json: JsonOption = False,
    config: ConfigOption = None,
) -> None:
    """Import feeds, pages and word lists of other programs (OPML, urlwatch, html2rss, TrendRadar …)."""
    from monitor import config as configuration
    from monitor.config.edit import open_draft
    from monitor.config.importing import plan_import

    environ = configuration.environment()
    path = configuration.config_path(environ, config)
    draft = open_draft(path)
    with working(f"reading {file}"):
        read = _read(file, format)
        plan = plan_import(read.parsed, draft.data, environ, path.absolute().parent)
    checked: list[str] = []
    if not plan.empty:
        draft.add_sources(plan.sources)
        draft.set_concepts(plan.concepts)
        draft.add_rules(plan.rules)
        checked = [str(warning) for warning in (draft.check(environ) if dry_run else draft.save(environ))]
    written = not (plan.empty or dry_run)
    if json:
        stated = {"file": file, "format": read.format, "path": str(path), "written": written}
        show_json({**stated, **_data(plan), "warnings": [*plan.warnings, *checked]})
    else:
        _show(read, plan, path, written=written)
        tell_warnings(checked)
    finish(ATTENTION if plan.unmapped else DONE)


def _read(file: str, format_: str | None) -> Read:
    """What the file holds, read in a child process. Raises UsageError."""
    from monitor.config.importing import FORMATS, Broken, read_import
    from monitor.errors import ReaderFailed
    from monitor.sandbox import ReaderPool

    if format_ is not None and format_ not in FORMATS:
        raise UsageError(f'--format: unknown format "{format_}"; there are {", ".join(FORMATS)}')
    body = _bytes(file)
    try:
        with ReaderPool(workers=1, seconds=SECONDS) as readers:
            found = readers.run(read_import, body, format_)
    except ReaderFailed as error:
        raise UsageError(f"{file}: reading it {error.reason}; is it the right file? Nothing was written") from None
    if isinstance(found, Broken):
        what = f"{found.what}; nothing was written"
        raise UsageError(str(Problem(file, found.line, found.column, "", what, found.remedy)))
    return found


def _bytes(file: str) -> bytes:
    from monitor.config.importing import LIMIT

    try:
        if file == "-":
            body = sys.stdin.buffer.read(LIMIT + 1)
        else:
            with Path(file).open("rb") as opened:
                body = opened.read(LIMIT + 1)
    except OSError as error:
        raise UsageError(f"{file}: {error.strerror}; give a file that can be read") from None
    if len(body) > LIMIT:
        raise UsageError(f"{file}: larger than {LIMIT >> 20} MiB; is it the right file?")
    return body


def _data(plan: Plan) -> dict[str, object]:
    return {
        "sources": plan.sources,
        "rules": plan.rules,
        "concepts": plan.concepts,
        "present": plan.present,
        "unmapped": plan.unmapped,
    }


def _show(read: Read, plan: Plan, path: Path, *, written: bool) -> None:
    from monitor.config.importing import FORMATS

    for warning in plan.warnings:
        tell(f"warning: {warning}")
    lines = [f"  source   {table['name']}: {table['url']}" for table in plan.sources]
    lines += [f"  concept  @{name}: {len(terms)} terms" for name, terms in plan.concepts.items()]
    lines += [f"  rule     {rule['name']}: {rule['match']}" for rule in plan.rules]
    lines += [f'  present  {item.where}: already there as "{item.name}"' for item in plan.present]
    lines += [f"  left out {item.where}: {item.what}: {item.reason}" for item in plan.unmapped]
    lines = [" ".join(line.splitlines()) for line in lines]  # a text of the file must not look like a line of ours
    show("\n".join([f"{FORMATS[read.format].label}:", *lines, f"{path}: {_summary(plan, written=written)}"]))


def _summary(plan: Plan, *, written: bool) -> str:
    counts = {"source": len(plan.sources), "concept": len(plan.concepts), "rule": len(plan.rules)}
    added = ", ".join(f"{count} {word}{'s' if count != 1 else ''}" for word, count in counts.items() if count)
    told = f"{added} {'written' if written else 'would be written'}" if added else "nothing to write"
    if plan.present:
        told += f"; {len(plan.present)} already there"
    return told + (f"; {len(plan.unmapped)} left out" if plan.unmapped else "")
