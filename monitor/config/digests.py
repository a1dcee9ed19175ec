"""`[[digest]]` and `[channel.NAME]`: who gets what, when and how."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

from monitor.config.findings import Findings
from monitor.config.kinds import KindRegistry, read_table_of_kind
from monitor.config.positions import Path
from monitor.config.reading import read_table
from monitor.config.references import defined_names, resolve_names, resolve_rules, warn_unused
from monitor.config.secrets import Secrets
from monitor.config.shapes import channel_tables, tables_of
from monitor.config.tables import ChannelTable, DigestTable, check_name
from monitor.config.values import ChannelConfig, RuleConfig
from monitor.digest import Digest
from monitor.model import Source
from monitor.rules import Reach

_SOURCE_OR_TAG: Final = re.compile(r"(?i)source|tag")
"""Matches rules that may have a `source:` or `tag:`.

Only these are parsed again: parsing all doubles the loading time.
"""


def read_channels(
    findings: Findings, registry: KindRegistry[ChannelTable], secrets: Secrets
) -> dict[str, ChannelConfig]:
    """Return all channels without errors, by name. Note the errors of the others in `findings`."""
    found: dict[str, ChannelConfig] = {}
    for name, path, table in channel_tables(findings):
        try:
            check_name(name)
        except ValueError as wrong:
            findings.error(path, str(wrong), at=findings.positions.key(path))
        read, options = read_table_of_kind(findings, path, registry, table, secrets)
        if read is not None and options is not None and not findings.lacks_secret(path):
            found[name] = ChannelConfig(name, read.kind, options)
    return found


def add_sources(
    digests: Sequence[Digest],
    sources: Sequence[Source],
    rules: Sequence[RuleConfig],
    concepts: Mapping[str, Sequence[str]],
) -> tuple[Digest, ...]:
    """Return the digests, each with the names of the official sources, and of the sources that its rules could match.

    Sources are excluded only if a rule of the digest has a `source:` or `tag:`.
    """
    official = frozenset(source.name for source in sources if source.official)
    digests = tuple(replace(digest, official=official) for digest in digests)
    rules_by_source = {rule.name: rule.match for rule in rules if _SOURCE_OR_TAG.search(rule.match)}
    if not any(rules_by_source.keys() & digest.rules for digest in digests):
        return digests
    reach = Reach(rules_by_source, concepts)
    by_source = {source.name: reach.rules_for(source.name, source.tags) for source in sources}
    return tuple(
        replace(
            digest,
            sources=frozenset(name for name, could_match in by_source.items() if could_match & set(digest.rules)),
        )
        if rules_by_source.keys() >= set(digest.rules)
        else digest
        for digest in digests
    )


def channel_paths(findings: Findings) -> dict[str, Path]:
    """Return the path of each channel's table in the file, by the channel's name."""
    return {name: path for name, path, _ in channel_tables(findings)}


def read_digests(findings: Findings, timezone: str, operator_to: Sequence[str] = ()) -> tuple[Digest, ...]:
    """Return all digests without errors. Note unknown rules and channels, and rules and channels that are never used.

    `operator_to` are channels that `[operator]` uses.
    """
    rules = defined_names(findings, "rule")
    places = channel_paths(findings)
    defined_names(findings, "digest")
    found: list[Digest] = []
    for path, table in tables_of(findings, "digest"):
        named_rules = resolve_rules(findings, (*path, "rules"), table, tuple(rules))
        to = resolve_names(findings, (*path, "to"), table, places, "channel")
        read = read_table(findings, path, DigestTable, table, {})
        if read is not None:
            zone = read.timezone or timezone
            digest = Digest(read.name, named_rules, read.at, zone, to, read.send_empty, follow=read.follow)
            found.append(replace(digest, changes=read.changes))
    used_rules = [rule for digest in found for rule in digest.rules]
    used_channels = [*operator_to, *(name for digest in found for name in digest.to)]
    warn_unused(findings, rules, used_rules, "no digest asks for this rule", "name it in the `rules` of a digest")
    warn_unused(findings, places, used_channels, "no digest uses this channel", "name it in the `to` of a digest")
    return tuple(found)
