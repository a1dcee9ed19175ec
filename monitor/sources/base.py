"""The interface of a kind of source: its request headers, its options, and its reader."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import ClassVar, Final, Protocol

from pydantic import BaseModel, ConfigDict

from monitor.model import Reading

SELECTS_NOTHING: Final = "selects nothing in the rows"
"""The end of a message about a configured selector or expression that no longer matches anything."""


class NoOptions(BaseModel):
    """The options of a kind without options: every key is refused."""

    model_config: ClassVar[ConfigDict] = ConfigDict(extra="forbid", frozen=True)


class SourceKind(Protocol):
    """A kind of source. Its reader takes bytes, never addresses: it does no I/O and reads no clock."""

    kind: str
    """The name of the kind, as in `sources.toml`."""
    synonyms: tuple[str, ...]
    """Words that people write for the kind: where one is not known, this one is suggested."""
    accept: str
    """The `Accept` header to send."""
    Options: type[BaseModel]
    """What a source of this kind may be configured with; unknown keys are refused."""

    def read(
        self,
        body: bytes,
        *,
        url: str,
        content_type: str | None,
        options: Mapping[str, object],
        now: dt.datetime,
        timezone: str,
    ) -> Reading:
        """Read the entries in `body`, which came from `url`. Problems are in `Reading.problems`.

        `now` (aware) resolves relative dates; `timezone` is assumed for dates without one.
        """
        ...
