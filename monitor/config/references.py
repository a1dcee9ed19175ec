"""Check the names by which tables refer to each other: each name is defined once, and every used name is defined."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence

from monitor.config.findings import Findings
from monitor.config.positions import Path
from monitor.config.shapes import Table, tables_of
from monitor.config.suggestions import did_you_mean

ALL_RULES = "*"


def defined_names(findings: Findings, table: str) -> dict[str, Path]:
    """Return the names that a list of tables defines, in the file's order. Tables with other errors are included.

    A name that is defined twice is noted as an error.
    """
    found: dict[str, Path] = {}
    for path, content in tables_of(findings, table):
        name = content.get("name")
        if not isinstance(name, str):
            continue
        if name in found:
            line = findings.positions.value((*found[name], "name")).line
            remedy = "rename one of the two"
            findings.error((*path, "name"), f'the name "{name}" is already used in line {line}', remedy)
        else:
            found[name] = path
    return found


def resolve_names(findings: Findings, path: Path, table: Table, known: Collection[str], kind: str) -> tuple[str, ...]:
    """Return the names in the list at `path`, each once.

    Unknown names are noted as errors. `kind` says what they name.
    """
    stated = table.get(str(path[-1]))
    found: dict[str, None] = {}
    for index, name in enumerate(stated if isinstance(stated, list) else []):
        if not isinstance(name, str) or not name.strip():
            continue  # the model has noted the error
        if name not in known:
            remedy = did_you_mean(name, known) or f"there is no {kind} in the file yet"
            if kind == "channel" and "@" in name:
                remedy = "put the mail address into a [channel.NAME] of kind email, and write NAME in `to`"
            findings.error((*path, index), f'unknown {kind} "{name}"', remedy)
        elif name in found:
            findings.warning((*path, index), f'the {kind} "{name}" is listed twice', "remove one")
        found[name] = None
    return tuple(found)


def resolve_rules(findings: Findings, path: Path, table: Table, known: Sequence[str]) -> tuple[str, ...]:
    """Return the rules that a digest names, in its order. `"*"` means all rules that the digest does not name."""
    names = resolve_names(findings, path, table, [*known, ALL_RULES] if known else known, "rule")
    other_names = tuple(name for name in known if name not in names)
    return tuple(rule for name in names for rule in (other_names if name == ALL_RULES else (name,)))


def warn_unused(
    findings: Findings, places: Mapping[str, Path], used_names: Iterable[str], what: str, remedy: str
) -> None:
    """Add a warning for each name that nothing uses, at its place."""
    for name in places.keys() - set(used_names):
        findings.warning(places[name], what, remedy)
