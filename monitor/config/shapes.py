"""Check the outline of the file: which tables it has, and whether they have the right brackets."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from monitor.config.findings import Findings
from monitor.config.positions import Path
from monitor.config.suggestions import nearest_name

LIST_TABLES: Final = ("source", "rule", "digest")
SINGLE_TABLES: Final = ("fetch", "operator", "stories", "web", "concept")
NAMED_TABLES: Final = "channel"
KNOWN_KEYS: Final = ("timezone", "keep", *LIST_TABLES, *SINGLE_TABLES, NAMED_TABLES)

Table = Mapping[str, Any]


def check_outline(findings: Findings) -> None:
    """Add errors for unknown tables and keys, and for tables with the wrong brackets."""
    for key, value in findings.data.items():
        if key not in KNOWN_KEYS:
            what = f'unknown {"table" if isinstance(findings.data[key], dict | list) else "key"} "{key}"'
            near = nearest_name(key, KNOWN_KEYS)
            remedy = (
                f"did you mean {_key_as_written(near)}?"
                if near
                else f"there are {', '.join(map(_key_as_written, KNOWN_KEYS))}"
            )
            findings.error((), what, remedy, at=findings.positions.key((key,)))
        elif key in LIST_TABLES and not (isinstance(value, list) and all(isinstance(table, dict) for table in value)):
            findings.error((key,), f'"{key}" must be written [[{key}]]', f"write two brackets, once for each {key}")
        elif key in SINGLE_TABLES and not isinstance(value, dict):
            findings.error((key,), f'"{key}" must be written [{key}]', f"write one [{key}] above all its keys")
        elif key == NAMED_TABLES and not isinstance(value, dict):
            findings.error(
                (key,),
                "a channel must be written [channel.NAME]",
                "put its name into the brackets, as in [channel.team]",
            )


def tables_of(findings: Findings, key: str) -> Iterator[tuple[Path, Table]]:
    """Yield the tables of a list such as `[[source]]`, each with its path. Values that are not tables are left out."""
    value = findings.data.get(key)
    for index, table in enumerate(value if isinstance(value, list) else []):
        if isinstance(table, dict):
            yield (key, index), table


def table_of(findings: Findings, key: str) -> Table:
    """Return the table `[key]`; an empty one if the file does not have it."""
    value = findings.data.get(key)
    return value if isinstance(value, dict) else {}


def channel_tables(findings: Findings) -> Iterator[tuple[str, Path, Table]]:
    """Yield the name, path and table of each `[channel.NAME]`. A key directly in `[channel]` is noted as an error."""
    for name, table in table_of(findings, NAMED_TABLES).items():
        path = (NAMED_TABLES, name)
        if isinstance(table, dict):
            yield name, path, table
        else:
            remedy = "put the channel's name into the brackets, as in [channel.team]"
            findings.error(path, f'"{name}" belongs to no channel', remedy, at=findings.positions.key(path))


def _key_as_written(key: str) -> str:
    if key in LIST_TABLES:
        return f"[[{key}]]"
    if key == NAMED_TABLES:
        return "[channel.NAME]"
    return f"[{key}]" if key in SINGLE_TABLES else key
