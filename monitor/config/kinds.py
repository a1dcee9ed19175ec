"""Tables whose keys depend on their kind: `[[source]]` and `[channel.NAME]`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Generic, Protocol, TypeVar

from pydantic import BaseModel

from monitor.config.findings import Findings
from monitor.config.positions import Path
from monitor.config.reading import read_table, read_with_options
from monitor.config.secrets import Secrets, lies_open
from monitor.config.shapes import Table
from monitor.config.suggestions import did_you_mean
from monitor.secret import Secret

Model = TypeVar("Model", bound=BaseModel)


class Kind(Protocol):
    """What a registry holds, as far as the configuration minds: the model of a kind's options."""

    @property
    def Options(self) -> type[BaseModel]:  # noqa: N802 - the name that every kind gives it
        """The model of the keys that this kind adds."""
        ...


@dataclass(frozen=True, slots=True)
class Axis(Generic[Model]):
    """One kind of thing that varies: the model of the common keys, the registry, and the kind that needs no saying."""

    model: type[Model]
    kinds: Mapping[str, Kind]
    default: str | None = None


def read_of_kind(
    findings: Findings, path: Path, axis: Axis[Model], table: Table, secrets: Secrets
) -> tuple[Model | None, BaseModel | None]:
    """The common keys of a table, and the options of its kind; either is None when it has errors, which are noted.

    Of a table whose kind is unknown the common keys are still checked, and no other.
    """
    kind, kinds = table.get("kind", axis.default), axis.kinds
    if isinstance(kind, str) and kind in kinds:
        read, options = read_with_options(findings, path, (axis.model, kinds[kind].Options), table, secrets.context)
        if options is not None:
            _warn_of_open_secrets(findings, path, options)
        return read, options
    if isinstance(kind, str):
        findings.error((*path, "kind"), f'unknown kind "{kind}"', did_you_mean(kind, kinds, several=True))
    own = {key: value for key, value in table.items() if key in axis.model.model_fields}
    read_table(findings, path, axis.model, own, secrets.context)
    return None, None


def plain_options(options: BaseModel, *, without: Iterable[str] = ()) -> dict[str, Any]:
    """The options that the file states, by the names that it uses, `without` some."""
    return options.model_dump(by_alias=True, exclude_unset=True, exclude=set(without))


def _warn_of_open_secrets(findings: Findings, path: Path, options: BaseModel) -> None:
    for name, info in type(options).model_fields.items():
        value = getattr(options, name)
        if isinstance(value, Secret) and lies_open(value):
            warn_of_open_secret(findings, (*path, info.alias or name))


def warn_of_open_secret(findings: Findings, path: Path) -> None:
    """Note that whoever reads the file reads this secret."""
    findings.warning(path, "a secret stands in the file itself", "keep it outside: env:NAME or file:PATH")
