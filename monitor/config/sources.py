"""`[[source]]` → `monitor.model.Source`."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from pydantic import BaseModel

from monitor.config.addresses import check_source_url
from monitor.config.durations import format_duration
from monitor.config.findings import Findings
from monitor.config.kinds import Axis, plain_options, read_of_kind, warn_of_open_secret
from monitor.config.positions import Path
from monitor.config.references import names_of
from monitor.config.secrets import Secrets, is_reference, masked, password_of
from monitor.config.shapes import several
from monitor.config.tables import SourceTable
from monitor.model import Source
from monitor.secret import Secret
from monitor.text.address import canonical_url


@dataclass(frozen=True, slots=True)
class Defaults:
    """What a source takes over from the file: its zone, and the floor of `every`."""

    timezone: str
    min_every: dt.timedelta


def read_sources(
    findings: Findings, axis: Axis[SourceTable], secrets: Secrets, defaults: Defaults
) -> tuple[Source, ...]:
    """All sources without errors; what is wrong with the others is noted."""
    sources: list[Source] = []
    seen: dict[str, str] = {}
    names_of(findings, "source")
    for path, table in several(findings, "source"):
        read, options = read_of_kind(findings, path, axis, table, secrets)
        url = _url(findings, path, table.get("url"), secrets)
        if read is not None:
            _check_every(findings, path, read, defaults.min_every)
        if read is None or options is None or url is None:
            continue
        same = seen.setdefault(canonical_url(url.reveal()) or url.reveal(), read.name)
        if same != read.name:
            findings.warning((*path, "url"), f'the source "{same}" has the same address', "take one of them out")
        sources.append(_source(read, options, url, defaults))
    return tuple(sources)


def _source(read: SourceTable, options: BaseModel, url: Secret, defaults: Defaults) -> Source:
    return Source(
        name=read.name,
        url=url.reveal(),
        kind=read.kind or "",
        shown_url=url.origin,
        tags=tuple(dict.fromkeys(read.tags)),
        every=read.every,
        timezone=read.timezone or defaults.timezone,
        backfill=read.backfill,
        options=plain_options(options),
        full_text=read.full_text,
        content=read.content,
    )


def _url(findings: Findings, path: Path, stated: object, secrets: Secrets) -> Secret | None:
    """The address to poll, with the form of it that may be shown as its origin; None when it is wrong."""
    if not isinstance(stated, str) or not stated.strip():
        return None  # noted by the model
    try:
        url = secrets.resolve(stated) if is_reference(stated) else Secret(stated, masked(stated))
        check_source_url(url.reveal(), url.origin)
    except ValueError as wrong:
        what, _, remedy = str(wrong).partition("; ")
        findings.error((*path, "url"), what, remedy)
        return None
    if password := password_of(url.reveal()) if not is_reference(stated) else None:
        secrets.found.append(Secret(password))
        warn_of_open_secret(findings, (*path, "url"))
    return url


def _check_every(findings: Findings, path: Path, read: SourceTable, floor: dt.timedelta) -> None:
    if read.every is not None and read.every < floor:
        what = f"{format_duration(read.every)} is below the floor of {format_duration(floor)}"
        findings.error((*path, "every"), what, "write a longer time, or lower [fetch] min_every")
