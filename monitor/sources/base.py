"""The interface of a kind of source: its request headers, its options, and its reader."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import ClassVar, Final, Protocol

from pydantic import BaseModel, ConfigDict

from monitor.model import Reading

SELECTS_NOTHING: Final = "selects nothing in the rows"
"""The end of a message about a configured selector or expression that matches nothing."""


class NoOptions(BaseModel):
    """The options of a kind that has no options: every key is refused."""

    model_config: ClassVar[ConfigDict] = ConfigDict(extra="forbid", frozen=True)


class SourceKind(Protocol):
    """The interface of a kind of source. Its reader gets bytes: it does no I/O and does not read the clock."""

    kind: str
    """The name of the kind, as in `sources.toml`."""
    synonyms: tuple[str, ...]
    """Other words that people may write for this kind. An error message then suggests the name of the kind."""
    accept: str
    """The `Accept` header to send."""
    Options: type[BaseModel]
    """The model of the options for a source of this kind. Unknown keys are refused."""

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

        `now` (aware) is used for relative dates, and `timezone` for dates without a time zone.
        """
        ...
