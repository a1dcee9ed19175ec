"""Edits of articles after they were recorded: what was stated and holds no more."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

DifferenceKind = Literal["number", "date", "name", "sense", "title", "withdrawn"]

NO_LONGER: Final = "(no longer stated)"

_SHOWN: Final = 80
"""Code points of a headline in words."""

_NAMED: Final = 3
"""Differences of the text that are named; of more, the number."""


@dataclass(frozen=True, slots=True)
class Difference:
    """Something that an article stated and that holds no more: `before` and what is in its place, in words.

    Of an article that was withdrawn, `before` is "" and `after` says how that is known.
    """

    kind: DifferenceKind
    before: str
    after: str = NO_LONGER


@dataclass(frozen=True, slots=True)
class Edit:
    """The sentences that an edit took out and put in, and the material differences."""

    gone: tuple[str, ...] = ()
    came: tuple[str, ...] = ()
    differences: tuple[Difference, ...] = ()


@dataclass(frozen=True, slots=True)
class PendingChange:
    """Material edits of an article that a digest has sent, and has not sent these: in their order, the last one `at`.

    `lead_id` is the first article of its group of copies, maybe itself.
    """

    lead_id: int
    article_id: int
    title: str
    url: str
    source: str
    at: dt.datetime
    differences: tuple[Difference, ...]


def in_words(differences: Sequence[Difference]) -> str:
    """Return differences on one line, such as `changed: 500 → 300 million yuan`; "" if there are none."""
    found = [f"{one.before} → {one.after}" for one in differences if one.kind not in {"title", "withdrawn"}]
    more = [f"and {len(found) - _NAMED} more"] if len(found) > _NAMED else []
    changed = [f"changed: {'; '.join([*found[:_NAMED], *more])}"] if found else []
    titles = [f'title: "{_cut(one.before)}" → "{_cut(one.after)}"' for one in differences if one.kind == "title"]
    withdrawn = [f"withdrawn: {one.after}" for one in differences if one.kind == "withdrawn"]
    return "; ".join([*changed, *titles, *withdrawn])


def _cut(text: str) -> str:
    return text if len(text) <= _SHOWN else f"{text[: _SHOWN - 1].rstrip()}…"
