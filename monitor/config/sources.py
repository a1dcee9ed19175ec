"""Make a `monitor.model.Source` of each `[[source]]`."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from urllib.parse import urlsplit

from pydantic import BaseModel

from monitor.config.addresses import check_source_url
from monitor.config.durations import format_duration
from monitor.config.findings import Findings
from monitor.config.kinds import KindRegistry, read_table_of_kind, stated_options, warn_plaintext_secret
from monitor.config.positions import Path
from monitor.config.references import defined_names
from monitor.config.requests import read_request, warn_unverified_secret
from monitor.config.rsshub import at_instance, is_rsshub, is_secret, parts_of
from monitor.config.secrets import Secrets, mask_password
from monitor.config.shapes import table_of, tables_of
from monitor.config.tables import SourceTable
from monitor.model import Request, Source
from monitor.secret import Secret, is_reference, password_of
from monitor.sources.posting import PostOptions, plaintext_secrets
from monitor.text.address import canonical_url


@dataclass(frozen=True, slots=True)
class SourceDefaults:
    """Settings of the file for all sources: time zone, minimum interval, and RSSHub instance."""

    timezone: str
    min_every: dt.timedelta
    rsshub: Secret | None = None


def read_sources(
    findings: Findings, registry: KindRegistry[SourceTable], secrets: Secrets, defaults: SourceDefaults
) -> tuple[Source, ...]:
    """Return all sources without errors. Errors of the others are added to `findings`."""
    sources: list[Source] = []
    seen: dict[object, str] = {}
    defined_names(findings, "source")
    for path, table in tables_of(findings, "source"):
        read, options = read_table_of_kind(findings, path, registry, table, secrets)
        url = _read_url(findings, path, table.get("url"), secrets, defaults.rsshub)
        if read is not None and read.every is not None and read.every < defaults.min_every:
            minimum = format_duration(defaults.min_every)
            what = f"{format_duration(read.every)} is shorter than the minimum of {minimum}"
            findings.error((*path, "every"), what, "write a longer time, or lower [fetch] min_every")
        request = read_request(findings, path, read, options, secrets) if read and options else None
        if read is None or options is None or url is None or request is None or findings.lacks_secret(path):
            continue
        _check_login(findings, path, url, request)
        place = (canonical_url(url.reveal()) or url.reveal(), request.body)
        same = seen.setdefault(place, read.name)
        if same != read.name:
            findings.warning((*path, "url"), f'the source "{same}" has the same address', "remove one of them")
        sources.append(_make_source(read, options, url, request, defaults))
    return tuple(sources)


def _make_source(
    table: SourceTable, options: BaseModel, url: Secret, request: Request, defaults: SourceDefaults
) -> Source:
    return Source(
        name=table.name,
        url=url.reveal(),
        kind=table.kind or ("feed" if is_rsshub(table.url) else ""),
        shown_url=url.origin,
        tags=tuple(dict.fromkeys(table.tags)),
        every=table.every,
        timezone=table.timezone or defaults.timezone,
        backfill=table.backfill,
        # The reader processes do not get the options for the request.
        options=stated_options(options, without=PostOptions.model_fields if isinstance(options, PostOptions) else ()),
        full_text=table.full_text,
        official=table.official,
        robots=table.robots,
        content=table.content,
        request=request,
    )


def _read_url(findings: Findings, path: Path, value: object, secrets: Secrets, rsshub: Secret | None) -> Secret | None:
    """Return the address to poll, or None if it is invalid. The `origin` of the result may be shown to users."""
    if not isinstance(value, str) or not value.strip():
        return None  # the model has noted the error
    try:
        url = secrets.resolve(value) if is_reference(value) else Secret(value, mask_password(value))
        if is_rsshub(url.reveal()):
            if rsshub is None and "rsshub" in table_of(findings, "fetch"):
                return None  # the error of the instance was noted
            url = at_instance(url, rsshub)
            secrets.found.extend(parts_of(rsshub) if rsshub is not None and is_secret(rsshub) else ())
        check_source_url(url.reveal(), url.origin)
    except ValueError as wrong:
        findings.value_error((*path, "url"), wrong)
        return None
    if not is_reference(value) and (in_plaintext := _plaintext_secrets(value)):
        secrets.found.extend(map(Secret, in_plaintext))
        warn_plaintext_secret(findings, (*path, "url"))
    return url


def _plaintext_secrets(url: str) -> tuple[str, ...]:
    """Return the password in an address, and the values of its query that are secret by their names."""
    return (*filter(None, (password_of(url),)), *plaintext_secrets(urlsplit(url).query))


def _check_login(findings: Findings, path: Path, url: Secret, request: Request) -> None:
    """Add a problem if an address has a login and the headers have one too, or others on the network could read it."""
    if "@" not in urlsplit(url.reveal()).netloc:
        return
    if request.has_header("Authorization"):
        findings.error((*path, "headers"), "the address has a login, and the headers too", "remove one of them")
    elif not request.verify and not request.secrets:
        warn_unverified_secret(findings, path)
