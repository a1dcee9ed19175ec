"""The JSON Schema of `sources.toml`, for editors. `python -m monitor.config.schema [FILE]` writes it."""

from __future__ import annotations

import datetime as dt
import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from pydantic import BaseModel
from pydantic.json_schema import GenerateJsonSchema

from monitor.config.durations import format_duration
from monitor.config.kinds import KindRegistry, KindWithOptions
from monitor.config.registries import CHANNELS, SOURCES
from monitor.config.tables import (
    ConceptTable,
    DigestTable,
    FetchTable,
    OperatorTable,
    RuleTable,
    StoriesTable,
    TopTable,
    WebTable,
)

SCHEMA_FILE: Final = Path("docs/sources.schema.json")


def schema() -> dict[str, Any]:
    """Return the schema, generated from the models that read the file and from the registries of kinds."""
    tables = {
        "fetch": _table_schema(FetchTable),
        "operator": _table_schema(OperatorTable),
        "stories": _table_schema(StoriesTable),
        "web": _table_schema(WebTable),
        "source": _list_schema(_schema_of_kinds(SOURCES), "The sources to poll."),
        "concept": _table_schema(ConceptTable),
        "rule": _list_schema(_table_schema(RuleTable), "What to look for."),
        "digest": _list_schema(_table_schema(DigestTable), "Who gets what, and when."),
        "channel": {
            "description": "The ways to send digests, by name.",
            "type": "object",
            "additionalProperties": _schema_of_kinds(CHANNELS),
        },
    }
    top = _table_schema(TopTable)
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "sources.toml",
        "description": "What announcement-monitor watches, what it looks for, and who gets the digests.",
        **{key: value for key, value in top.items() if key not in ("title", "description", "properties")},
        "properties": {**top["properties"], **tables},
    }


def _table_schema(model: type[BaseModel]) -> dict[str, Any]:
    found = {
        key: value
        for key, value in model.model_json_schema(by_alias=True, schema_generator=_SchemaGenerator).items()
        if key != "title"
    }
    if "properties" in found:
        found["properties"] = {key: _value_without_null(value) for key, value in found["properties"].items()}
    return found


def _list_schema(table: Mapping[str, Any], description: str) -> dict[str, Any]:
    return {"description": description, "type": "array", "items": dict(table)}


def _schema_of_kinds(registry: KindRegistry[Any]) -> dict[str, Any]:
    """Return the schema of a table whose keys depend on its `kind`: one variant for each kind."""
    variants = [_variant_of_kind(registry, name, kind) for name, kind in registry.kinds.items()]
    return variants[0] if len(variants) == 1 else {"oneOf": variants}


def _variant_of_kind(registry: KindRegistry[Any], name: str, kind: KindWithOptions) -> dict[str, Any]:
    common, options = _table_schema(registry.model), _table_schema(kind.Options)
    stated = {**common["properties"]["kind"], "const": name}
    own = options.get("properties", {})
    others = {key for other in registry.kinds if other != name for key in registry.keys_of(other)}
    distinguishing = [key for key in own if registry.kind_optional and key not in others]
    found = {
        **common,
        "properties": {**common["properties"], "kind": stated, **own},
        "required": [*common.get("required", []), *options.get("required", [])],
    }
    return {**found, "anyOf": [{"required": [key]} for key in ("kind", *distinguishing)]} if distinguishing else found


class _SchemaGenerator(GenerateJsonSchema):
    """Generates the schema, with defaults in the form of the file."""

    def encode_default(self, dft: Any) -> Any:
        """Return a length of time as the file has it (`"5m"`), anything else as pydantic does."""
        return format_duration(dft) if isinstance(dft, dt.timedelta) else super().encode_default(dft)


def _value_without_null(value: dict[str, Any]) -> dict[str, Any]:
    given = [choice for choice in value.get("anyOf", []) if choice != {"type": "null"}]
    dropped = ("title", "anyOf") if len(given) == 1 else ("title",)
    found = {key: part for key, part in value.items() if key not in dropped and (key, part) != ("default", None)}
    return {**found, **given[0]} if len(given) == 1 else found


def schema_text() -> str:
    """Return the schema as JSON text."""
    return json.dumps(schema(), ensure_ascii=False, indent=2) + "\n"


def main(arguments: list[str]) -> None:
    """Write the schema to the file that the arguments name, or to its place in the project."""
    target = Path(arguments[0]) if arguments else SCHEMA_FILE
    target.write_text(schema_text(), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
