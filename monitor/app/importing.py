"""Import sources and rules from another program's file into the configuration."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final

from monitor.app.import_plan import ImportPlan, plan_import
from monitor.config.edit import open_draft
from monitor.errors import Problem, ReaderFailed, UsageError
from monitor.interchange import FORMATS, MAX_FILE_SIZE, ImportedFile, ImportFailed, read_import
from monitor.sandbox import ReaderPool

READ_SECONDS: Final = 120.0
"""Maximum seconds to read one file."""


@dataclass(frozen=True, slots=True)
class ImportResult:
    """The result of an import into the configuration at `path`: what is added, and the warnings about the additions.

    `format` is the name of the file's format, `label` describes it. `written` says whether the additions were written.
    """

    format: str
    label: str
    plan: ImportPlan
    path: Path
    written: bool
    warnings: tuple[str, ...] = ()


def import_file(
    file: BinaryIO,
    file_name: str,
    format_: str | None,
    path: Path,
    environ: Mapping[str, str],
    *,
    dry_run: bool = False,
) -> ImportResult:
    """Read `file`, and add its new sources and rules to the configuration at `path`. Messages call it `file_name`.

    It is read in a child process, as `format_` or as the format that is recognised. Raises UsageError for a problem
    with the file, ConfigError for a problem with the configuration. In both cases nothing is written.
    """
    draft = open_draft(path)
    read = _read(file, file_name, format_)
    plan = plan_import(read.parsed, draft.data, environ, path.absolute().parent)
    label = FORMATS[read.format].label
    if plan.is_empty:
        return ImportResult(read.format, label, plan, path, written=False)
    draft.add_sources(plan.sources)
    draft.set_concepts(plan.concepts)
    draft.add_rules(plan.rules)
    warnings = draft.check(environ) if dry_run else draft.save(environ)
    return ImportResult(read.format, label, plan, path, not dry_run, tuple(str(warning) for warning in warnings))


def _read(file: BinaryIO, file_name: str, format_: str | None) -> ImportedFile:
    if format_ is not None and format_ not in FORMATS:
        raise UsageError(f'unknown format "{format_}"; there are {", ".join(FORMATS)}', argument="format")
    body = file.read(MAX_FILE_SIZE + 1)
    if len(body) > MAX_FILE_SIZE:
        raise UsageError(f"{file_name}: larger than {MAX_FILE_SIZE >> 20} MiB; check that it is the right file")
    try:
        with ReaderPool(workers=1, seconds=READ_SECONDS) as readers:
            found = readers.run(read_import, body, format_)
    except ReaderFailed as error:
        raise UsageError(
            f"{file_name}: reading it {error.reason}; check that it is the right file. Nothing was written"
        ) from None
    if isinstance(found, ImportFailed):
        what = f"{found.what}; nothing was written"
        raise UsageError(str(Problem(file_name, found.line, found.column, "", what, found.remedy)))
    return found
