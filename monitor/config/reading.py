"""Read a table of the file into a pydantic model, and translate pydantic's errors into the words of the file."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from types import MappingProxyType
from typing import Any, Final, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from monitor.config.findings import Findings
from monitor.config.positions import Path
from monitor.config.suggestions import did_you_mean, nearest_name

ModelT = TypeVar("ModelT", bound=BaseModel)
OptionsT = TypeVar("OptionsT", bound=BaseModel)

# Top-level keys of the file. Written below a table's header, they would belong to that table.
TOP_KEYS: Final = ("timezone", "keep")

_MUST_BE_TEXT: Final = ("must be text", 'write it between quotes, as in {key} = "…"')
_MUST_BE_LIST: Final = ("must be a list", "put it between brackets, as in {key} = […]")
_MESSAGE_OF_TYPE: Final[Mapping[str, tuple[str, str]]] = {
    "string_type": _MUST_BE_TEXT,
    "list_type": _MUST_BE_LIST,
    "tuple_type": _MUST_BE_LIST,
    "bool_type": ("must be true or false", "write it without quotes"),
    "int_type": ("must be a whole number", "write it without quotes"),
    "int_from_float": ("must be a whole number", ""),
    "float_type": ("must be a number", "write it without quotes"),
    "dict_type": ("must be a table", ""),
    "model_type": ("must be a table", ""),
    "string_too_short": ("must not be empty", 'write {key} = "…"'),
    "too_short": ("must not be empty", "name at least one"),
}


def read_table(
    findings: Findings, path: Path, model: type[ModelT], data: Mapping[str, Any], context: Mapping[str, object]
) -> ModelT | None:
    """Return `data`, the table at `path`, as a `model`. If it has errors, add them to `findings` and return None.

    `context` is passed to the model's validators.
    """
    table, errors = _validate(model, data, context)
    _report_all(findings, path, _most_helpful_errors(errors, data), key_names(model))
    return table


def read_with_options(
    findings: Findings,
    path: Path,
    models: tuple[type[ModelT], type[OptionsT]],
    data: Mapping[str, Any],
    context: Mapping[str, object],
    *,
    keys_of_other_kinds: Mapping[str, str],
) -> tuple[ModelT | None, OptionsT | None]:
    """Read a table that has the keys of two models: the common keys, and the options of its kind.

    `keys_of_other_kinds` has the remedies for keys that only other kinds have, by key.
    """
    model, options = models
    own = key_names(model)
    table, errors = _validate(model, {key: value for key, value in data.items() if key in own}, context)
    rest, more = _validate(options, {key: value for key, value in data.items() if key not in own}, context)
    names = [*own, *key_names(options)]
    _report_all(findings, path, _most_helpful_errors([*errors, *more], data), names, keys_of_other_kinds)
    return table, rest


def _validate(
    model: type[ModelT], data: Mapping[str, Any], context: Mapping[str, object]
) -> tuple[ModelT | None, list[ErrorDetails]]:
    try:
        return model.model_validate(dict(data), context=dict(context)), []
    except ValidationError as wrong:
        return None, wrong.errors(include_url=False, include_input=False)


@cache
def key_names(model: type[BaseModel]) -> tuple[str, ...]:
    """Return the keys of a model as the file writes them."""
    return tuple(field.alias or name for name, field in model.model_fields.items())


def _most_helpful_errors(errors: Iterable[ErrorDetails], data: Mapping[str, Any]) -> dict[Path, ErrorDetails]:
    """Return the most helpful error for each wrong place. For a union, pydantic reports an error for each type."""
    found: dict[Path, ErrorDetails] = {}
    for error in errors:
        location = _path_in_file(error["loc"], data, keep_last=error["type"] == "missing")
        if location not in found or found[location]["type"] == "is_instance_of":
            found[location] = error
    return found


def _path_in_file(location: Path, data: Any, *, keep_last: bool) -> Path:
    """Return pydantic's `location` as a path in the file, without the names of types that pydantic adds for unions."""
    path: Path = ()
    for number, part in enumerate(location, start=1):
        in_list = isinstance(data, list) and isinstance(part, int) and part < len(data)
        if in_list or (isinstance(data, dict) and part in data):
            data = data[part]
        elif not (keep_last and number == len(location)):
            continue
        path = (*path, part)
    return path


def _report_all(
    findings: Findings,
    path: Path,
    errors: Mapping[Path, ErrorDetails],
    names: Sequence[str],
    elsewhere: Mapping[str, str] = MappingProxyType({}),
) -> None:
    unknown = [
        str(location[-1])
        for location, detail in errors.items()
        if detail["type"] == "extra_forbidden" and len(location) == 1
    ]
    meant = {nearest_name(key, names) for key in unknown}
    for location, detail in errors.items():
        if detail["type"] == "missing" and location[-1] in meant:
            continue  # the misspelled key is already an error, which explains why the right key is missing
        if detail["type"] == "extra_forbidden" and len(location) == 1 and (remedy := elsewhere.get(str(location[0]))):
            at = findings.positions.key((*path, *location))
            findings.error((*path, *location), f'unknown key "{location[0]}"', remedy, at=at)
            continue
        _report(findings, (*path, *location), detail, names if len(location) == 1 else ())


def _report(findings: Findings, path: Path, detail: ErrorDetails, names: Sequence[str]) -> None:
    """Add one of pydantic's errors to `findings`, in our words. The message never contains the value."""
    key, kind = str(next((part for part in reversed(path) if isinstance(part, str)), "")), detail["type"]
    if kind == "extra_forbidden":
        remedy = did_you_mean(key, names)
        if key in TOP_KEYS and nearest_name(key, names) is None:
            remedy = "it belongs above the first table of the file"
        findings.error(path, f'unknown key "{key}"', remedy, at=findings.positions.key(path))
    elif kind == "missing":
        findings.error(path, f'the key "{key}" is missing', f"add {key} = …")
    elif kind == "value_error":
        findings.value_error(path, detail["ctx"]["error"])
    elif kind in _MESSAGE_OF_TYPE:
        what, remedy = _MESSAGE_OF_TYPE[kind]
        findings.error(path, f'"{key}" {what}', remedy.format(key=key))
    elif kind in ("literal_error", "enum"):
        findings.error(path, f'"{key}" must be {detail["ctx"]["expected"]}'.replace("'", '"'))
    else:
        findings.error(path, f'"{key}": {detail["msg"]}')
