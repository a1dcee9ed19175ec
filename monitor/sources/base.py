"""What a kind of source is: it says what to ask a server for, which options it takes, and reads bytes into entries."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar, Final, Protocol

from pydantic import BaseModel, ConfigDict

from monitor.model import Moment, Reading
from monitor.text.dates import parse_moment

UNSELECTED: Final = "selects nothing in the rows"
"""How a problem says that a key of the configuration does not fit what is there any more."""


class NoOptions(BaseModel):
    """The options of a kind that has none: any key is refused."""

    model_config: ClassVar[ConfigDict] = ConfigDict(extra="forbid", frozen=True)


class SourceKind(Protocol):
    """A way to read a place. Readers take bytes, never addresses: they do no I/O and read no clock."""

    kind: str
    """The name of the kind, as in `sources.toml`."""
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
        """What `body`, which came from `url`, lists. Whatever is wrong with it is in `Reading.problems`.

        `now` (aware) resolves relative dates, `timezone` is assumed for dates that state none.
        """
        ...


_FAR: Final = dt.timedelta(days=73_000)


@dataclass(slots=True)
class Dates:
    """Reads the dates of one document, and remembers those that it could not read."""

    now: dt.datetime
    timezone: str
    unread: list[str] = field(default_factory=list)

    def moment(self, *stated: str) -> Moment | None:
        """The first of `stated` that is not blank, as a moment; None if that cannot be read."""
        for text in filter(None, (text.strip() for text in stated)):
            found = parse_moment(text, now=self.now, timezone=self.timezone)
            if found is not None:
                return found
            self.unread.append(text)
        return None

    def problems(self) -> tuple[str, ...]:
        """How many dates could not be read, and how many were refused because they lie ahead, with one of them."""
        ahead = [text for text in self.unread if self._lies_ahead(text)]
        others = [text for text in self.unread if text not in ahead]
        told = (("could not be read", others), ("lie ahead and are not believed", ahead))
        return tuple(f"{len(texts)} dates {what}, for instance {texts[0][:60]!r}" for what, texts in told if texts)

    def _lies_ahead(self, text: str) -> bool:
        """Whether this would be a date in a far future."""
        return parse_moment(text, now=self.now + _FAR, timezone=self.timezone) is not None
