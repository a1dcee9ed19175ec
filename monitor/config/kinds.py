"""Read tables whose keys depend on their kind: `[[source]]` and `[channel.NAME]`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final, Generic, Protocol, TypeVar

from pydantic import BaseModel, ConfigDict

from monitor.config.findings import Findings
from monitor.config.positions import Path
from monitor.config.reading import key_names, read_table, read_with_options
from monitor.config.secrets import Secrets, is_plaintext
from monitor.config.shapes import Table
from monitor.config.suggestions import did_you_mean
from monitor.secret import Secret

ModelT = TypeVar("ModelT", bound=BaseModel)


class KindWithOptions(Protocol):
    """What the configuration must know about a kind of source or channel."""

    @property
    def Options(self) -> type[BaseModel]:  # noqa: N802 - a class in every kind
        """The pydantic model of the keys that this kind adds."""
        ...

    @property
    def synonyms(self) -> tuple[str, ...]:
        """Other words that people write for this kind."""
        ...


@dataclass(frozen=True, slots=True)
class KindRegistry(Generic[ModelT]):
    """The kinds of sources, or of channels. `model` has the keys that are common to all; `kinds` has the kinds by name.

    With `kind_optional`, a table may have no kind. The kind then follows from its options, or is discovered later.
    """

    model: type[ModelT]
    kinds: Mapping[str, KindWithOptions]
    kind_optional: bool = False

    def keys_of(self, kind: str) -> tuple[str, ...]:
        """Return the keys that the named kind adds."""
        return key_names(self.kinds[kind].Options)


class NoOptions(BaseModel):
    """The model for a source without a kind, which has no options."""

    model_config = ConfigDict(extra="forbid", frozen=True)


def read_table_of_kind(
    findings: Findings, path: Path, registry: KindRegistry[ModelT], table: Table, secrets: Secrets
) -> tuple[ModelT | None, BaseModel | None]:
    """Read a table: its common keys, and the options of its kind. A part with errors is None; the errors are noted.

    If the kind is unknown, only the common keys are checked.
    """
    kind, kinds = table.get("kind"), registry.kinds
    if registry.kind_optional and "kind" not in table:
        kind = _kind_from_options(findings, path, registry, table)
        table = {**table, "kind": kind} if kind else table
    if isinstance(kind, str) and (kind in kinds or ("kind" not in table and kind == "")):
        model = kinds[kind].Options if kind else NoOptions
        stated = {key: [other for other in kinds if key in registry.keys_of(other)] for key in table}
        elsewhere = {key: f"it belongs to kind {' or '.join(names)}" for key, names in stated.items() if names}
        read, options = read_with_options(
            findings, path, (registry.model, model), table, secrets.context, keys_of_other_kinds=elsewhere
        )
        if options is not None:
            _warn_plaintext_secrets(findings, path, options)
        return read, options
    if isinstance(kind, str):
        synonyms = {word: name for name, known in kinds.items() for word in known.synonyms}
        remedy = did_you_mean(kind, kinds, several=True, synonyms=synonyms)
        findings.error((*path, "kind"), f'unknown kind "{kind}"', remedy)
    own_options = {key: value for key, value in table.items() if key in registry.model.model_fields}
    read_table(findings, path, registry.model, own_options, secrets.context)
    return None, None


def _kind_from_options(findings: Findings, path: Path, registry: KindRegistry[ModelT], table: Table) -> str | None:
    """Return the only kind that has all options of a table; "" if the table has no options, None if several fit."""
    stated = [key for key in table if key not in registry.model.model_fields]
    kinds_with_key = {key: {kind for kind in registry.kinds if key in registry.keys_of(kind)} for key in stated}
    known = [kinds for kinds in kinds_with_key.values() if kinds]
    if not known:
        return ""
    possible = set.intersection(*known)
    if len(possible) == 1:
        return possible.pop()
    names = [kind for kind in registry.kinds if kind in (possible or set.union(*known))]
    keys = ", ".join(f'"{key}"' for key, kinds in kinds_with_key.items() if kinds)
    what = (
        f"{keys}: without a kind it is not clear which source this is"
        if possible
        else f"{keys} belong to several kinds"
    )
    findings.error(path, what, "add " + " or ".join(f'kind = "{name}"' for name in names))
    return None


def stated_options(options: BaseModel, *, without: Iterable[str] = ()) -> dict[str, Any]:
    """Return the options that the file states, by the keys of the file, except those in `without`."""
    return options.model_dump(by_alias=True, exclude_unset=True, exclude=set(without))


def _warn_plaintext_secrets(findings: Findings, path: Path, options: BaseModel) -> None:
    for name, info in type(options).model_fields.items():
        value = getattr(options, name)
        if isinstance(value, Secret) and is_plaintext(value):
            warn_plaintext_secret(findings, (*path, info.alias or name))


PLAINTEXT_WARNING: Final = "secret stored in plain text"


def warn_plaintext_secret(findings: Findings, path: Path) -> None:
    """Warn that the secret at `path` is in the file itself, so everybody who can read the file can read it."""
    findings.warning(path, PLAINTEXT_WARNING, "write env:NAME or file:PATH instead")
