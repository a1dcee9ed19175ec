"""Read `sources.toml` and the environment into a `Config`, or report all errors in them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from pathlib import Path

from monitor.config.digests import add_sources, channel_paths, read_channels, read_digests
from monitor.config.durations import format_duration
from monitor.config.environment import database_url
from monitor.config.findings import Findings, sort_problems
from monitor.config.kinds import warn_plaintext_secret
from monitor.config.positions import Positions
from monitor.config.reading import read_table
from monitor.config.references import resolve_names
from monitor.config.registries import CHANNELS, SOURCES
from monitor.config.rules import read_rules, warn_backfill_without_texts, warn_unknown_sources
from monitor.config.secrets import Secrets, is_plaintext, values_to_redact
from monitor.config.shapes import check_outline, table_of
from monitor.config.sources import SourceDefaults, read_sources
from monitor.config.syntax import parse, read_text
from monitor.config.tables import FetchTable, OperatorTable, StoriesTable, TopTable, WebTable
from monitor.config.values import MAX_PAUSE, Config, FetchOptions, OperatorOptions, StoriesOptions, WebOptions
from monitor.errors import ConfigError
from monitor.rules import compile_rules
from monitor.secret import Secret, password_of


def load(path: Path, environ: Mapping[str, str], *, without_secrets: bool = False) -> Config:
    """Read the file at `path`, and the secrets that it names.

    `environ` are the environment variables, for `env:NAME` and the database's address. Relative paths in the file start
    at its folder. Raises ConfigError with every problem found, sorted by place. Warnings are in `Config.warnings`.
    With `without_secrets`, a missing secret is not an error: its source or channel is left out, and the secret is named
    in `Config.missing`. Such a configuration must not be applied to a database.
    """
    return load_text(path, read_text(path), environ, without_secrets=without_secrets)


def load_text(path: Path, text: str, environ: Mapping[str, str], *, without_secrets: bool = False) -> Config:
    """Do what `load` does, as if the file at `path` contained `text`. The text must have plain line ends."""
    data = parse(path, text)
    findings = Findings(str(path), Positions(text), data, tolerate=without_secrets)
    folder = path.absolute().parent
    secrets = Secrets(environ, folder)
    database = _read_database(findings, environ, folder)
    check_outline(findings)
    known = {key: value for key, value in findings.data.items() if key in TopTable.model_fields}
    top = read_table(findings, (), TopTable, known, {}) or TopTable()
    timezone = top.timezone
    fetch = _read_fetch(findings, secrets)
    concepts, rules, ruleset = read_rules(findings)
    polled = read_sources(findings, SOURCES, secrets, SourceDefaults(timezone, fetch.min_every, fetch.rsshub))
    if ruleset is not None:
        warn_unknown_sources(findings, ruleset, [source.name for source in polled])
    channels = read_channels(findings, CHANNELS, secrets)
    operator = _read_operator(findings, secrets)
    stories = read_table(findings, ("stories",), StoriesTable, table_of(findings, "stories"), {}) or StoriesTable()
    web = read_table(findings, ("web",), WebTable, table_of(findings, "web"), {}) or WebTable()
    digests = read_digests(findings, timezone, operator.to)
    if top.keep is not None:
        warn_backfill_without_texts(findings, rules, top.keep)
    for table, so in (("source", "nothing is polled"), ("digest", "nothing is sent")):
        if not findings.data.get(table):
            findings.warning((), f"the file has no [[{table}]]: {so}", f"write a [[{table}]]")
    findings.raise_errors()
    assert ruleset is not None and database is not None, "missing parts were reported as errors before"  # noqa: S101, PT018 - narrows types
    return Config(
        path=path,
        timezone=timezone,
        fetch=fetch,
        sources=polled,
        concepts=concepts,
        rules=rules,
        ruleset=ruleset,
        digests=add_sources(digests, polled, rules, concepts),
        channels=channels,
        database_url=database,
        secrets=values_to_redact([*secrets.found, *([database] if password_of(database.reveal()) else [])]),
        warnings=sort_problems(findings.warnings),
        missing=sort_problems(findings.missing.values()),
        operator=operator,
        stories=StoriesOptions(stories.mode),
        web=WebOptions(web.listen),
        keep=top.keep,
    )


def load_database_only(path: Path, environ: Mapping[str, str]) -> Config:
    """Return a minimal configuration with the address of the database, to use when the file is invalid.

    It is for commands that only show what the daemon does, since the daemon continues with its old configuration.
    Raises ConfigError if even the address is not known.
    """
    database = database_url(environ, path.absolute().parent)
    return Config(
        path=path,
        timezone=TopTable().timezone,
        fetch=FetchOptions(),
        sources=(),
        concepts={},
        rules=(),
        ruleset=compile_rules({}),
        digests=(),
        channels={},
        database_url=database,
        secrets=values_to_redact([database] if password_of(database.reveal()) else []),
    )


def _read_database(findings: Findings, environ: Mapping[str, str], folder: Path) -> Secret | None:
    try:
        return database_url(environ, folder)
    except ConfigError as wrong:
        findings.errors.extend(wrong.problems)
        return None


def _read_fetch(findings: Findings, secrets: Secrets) -> FetchOptions:
    """Read `[fetch]`. If it has errors, there is no minimum interval, so that sources get no errors because of it."""
    read = read_table(findings, ("fetch",), FetchTable, table_of(findings, "fetch"), secrets.context)
    if read is None:
        return FetchOptions(min_every=dt.timedelta(0))
    for key, stated in (("proxy", read.proxy), ("rsshub", read.rsshub)):
        if stated is not None and is_plaintext(stated):
            warn_plaintext_secret(findings, ("fetch", key))
    if read.min_every.total_seconds() <= 0:
        findings.error(("fetch", "min_every"), "min_every must be longer than 0", 'write "1s" or more')
    elif read.max_every < read.min_every:
        what = f"max_every is shorter than min_every ({format_duration(read.min_every)})"
        findings.error(("fetch", "max_every"), what, "write a longer time, or lower min_every")
    if read.pause > MAX_PAUSE:
        findings.error(("fetch", "pause"), "a pause is at most a minute", 'write "1m" or less')
    networks = tuple(read.allow_private)
    return FetchOptions(read.min_every, read.max_every, networks, read.proxy, read.rsshub, read.per_host, read.pause)


def _read_operator(findings: Findings, secrets: Secrets) -> OperatorOptions:
    table = table_of(findings, "operator")
    if not table:
        return OperatorOptions(stated="operator" in findings.data)
    to = resolve_names(findings, ("operator", "to"), table, channel_paths(findings), "channel")
    read = read_table(findings, ("operator",), OperatorTable, table, secrets.context)
    if read is None:
        return OperatorOptions(to, stated=True)
    if read.ping is not None and is_plaintext(read.ping):
        warn_plaintext_secret(findings, ("operator", "ping"))
    return OperatorOptions(to, read.ping, stated=True)
