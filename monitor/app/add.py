"""Add a source: find out what can be read at an address, and write it into the configuration."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from monitor.app.arguments import without_secrets
from monitor.app.inspect import Inspection
from monitor.config import Config, load
from monitor.config.edit import open_draft
from monitor.config.loader import load_text
from monitor.config.naming import unused_name
from monitor.errors import ConfigError, UsageError
from monitor.model import Source
from monitor.text.address import canonical_url

_PLACEHOLDER_NAME: Final = "\N{HORIZONTAL ELLIPSIS}"  # used as the name until the title is known


@dataclass(frozen=True, slots=True)
class NewSource:
    """A source that the user wants to add, as the user described it."""

    url: str
    name: str | None = None
    kind: str | None = None
    tags: tuple[str, ...] = ()
    every: str | None = None
    full_text: bool = False

    def table(self, name: str, url: str, kind: str | None) -> dict[str, Any]:
        """Return the `[[source]]` table, with its keys in the order that the documentation uses."""
        stated = {"name": name, "url": url, "kind": kind, "tags": list(self.tags), "every": self.every}
        table = {key: value for key, value in stated.items() if value}
        return {**table, "full_text": True} if self.full_text else table


@dataclass(frozen=True, slots=True)
class AdditionPlan:
    """A valid new source: as the user described it, as it would be polled, and the configuration without it."""

    path: Path
    new_source: NewSource
    config: Config
    source: Source


def plan_addition(path: Path, new_source: NewSource, environ: Mapping[str, str]) -> AdditionPlan:
    """Check whether the new source can be added to the file at `path`, which may be missing.

    Raises ConfigError if the file itself is invalid, UsageError if the new source is invalid or known already.
    """
    draft = open_draft(path)
    config = (
        load(path, environ, without_secrets=True)
        if path.exists()
        else load_text(path, draft.text, environ, without_secrets=True)
    )
    name = new_source.name or _PLACEHOLDER_NAME
    if any(source.name == name for source in config.sources):
        raise UsageError(f'there is a source "{name}" already; choose another name', argument="name")
    draft.add_sources([new_source.table(name, new_source.url, new_source.kind)])
    # The file was valid before, so errors of the draft are errors of the new source.
    try:
        draft.check(environ)
    except ConfigError as wrong:
        lines = [f"{problem.what}; {problem.remedy}" if problem.remedy else problem.what for problem in wrong.problems]
        raise UsageError("\n".join(lines)) from None
    planned = load_text(path, draft.text, environ, without_secrets=True)
    source = next((source for source in planned.sources if source.name == name), None)
    if source is None:
        raise UsageError("\n".join(f"{missing.what}; {missing.remedy}" for missing in planned.missing))
    _refuse_known(source.url, source.shown_url, config)
    return AdditionPlan(path, new_source, config, source)


def _refuse_known(url: str, shown: str, config: Config) -> None:
    same = next((known for known in config.sources if canonical_url(known.url) == canonical_url(url)), None)
    if same is not None:
        raise UsageError(f'{shown} is there already: it is the source "{same.name}"; change its table, or take it out')


def source_table(plan: AdditionPlan, inspection: Inspection) -> dict[str, Any]:
    """Return the table to write, with the address, the kind and the title of what was found.

    Raises UsageError if the configuration already has a source with the address that was found.
    """
    assert inspection.reading is not None, "only what was read is added"  # noqa: S101 - narrows the type
    new_source, found = plan.new_source, inspection.found
    url, kind = new_source.url, new_source.kind or inspection.reading.kind
    if found is not None:
        url, kind = found.url or new_source.url, found.kind
        if found.url:
            _refuse_known(url, url, plan.config)
    taken = {source.name for source in plan.config.sources}
    name = new_source.name or unused_name(inspection.reading.title, without_secrets(inspection.url), taken)
    return new_source.table(name, url, kind)


def write_source(path: Path, table: Mapping[str, Any], environ: Mapping[str, str]) -> tuple[str, ...]:
    """Write the table into the file and return the warnings about it. Raises ConfigError if nothing was written."""
    draft = open_draft(path)
    draft.add_sources([table])
    return tuple(str(warning) for warning in draft.save(environ))
