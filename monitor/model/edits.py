"""Edits of articles after they were recorded: what the articles stated before and do not state any more."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final, Literal

DifferenceKind = Literal["number", "date", "name", "sense", "title", "withdrawn"]

NO_LONGER: Final = "(no longer stated)"

_MAX_HEADLINE_LENGTH: Final = 80
"""Maximum length of a headline in a description, in code points."""

_MAX_NAMED_DIFFERENCES: Final = 3
"""Maximum number of differences of the text in a description. Further ones are only counted."""


@dataclass(frozen=True, slots=True)
class Difference:
    """Something that an article stated before (`before`), and what it states in its place now (`after`), in words.

    If the article was withdrawn, `before` is "" and `after` says how the program knows. `said` and `says` are the
    sentence before and after, by which later edits of it are recognised; "" if it is gone, or too long to be kept.
    """

    kind: DifferenceKind
    before: str
    after: str = NO_LONGER
    said: str = field(default="", compare=False)
    says: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class Edit:
    """The sentences that an edit removed (`gone`) and added (`came`), and the material differences."""

    gone: tuple[str, ...] = ()
    came: tuple[str, ...] = ()
    differences: tuple[Difference, ...] = ()


@dataclass(frozen=True, slots=True)
class PendingChange:
    """The material edits of a sent article that the digest has not reported yet.

    `edits` has the differences of each edit, in order. `at` is the time of the last edit, `text` the present text.
    `lead_id` is the first article of its group of copies, possibly itself.
    """

    lead_id: int
    article_id: int
    title: str
    url: str
    source: str
    at: dt.datetime
    edits: tuple[tuple[Difference, ...], ...]
    text: str = ""

    @property
    def differences(self) -> tuple[Difference, ...]:
        """The differences of all edits."""
        return tuple(one for edit in self.edits for one in edit)


def in_words(differences: Sequence[Difference]) -> str:
    """Return a description of differences on one line, such as `changed: 500 → 300 million yuan`; "" without any."""
    differences = list(dict.fromkeys(differences))  # several sentences may have the same difference
    found = [f"{one.before} → {one.after}" for one in differences if one.kind not in {"title", "withdrawn"}]
    more = [f"and {len(found) - _MAX_NAMED_DIFFERENCES} more"] if len(found) > _MAX_NAMED_DIFFERENCES else []
    changed = [f"changed: {'; '.join([*found[:_MAX_NAMED_DIFFERENCES], *more])}"] if found else []
    titles = [
        f'title: "{_shortened(one.before)}" → "{_shortened(one.after)}"' for one in differences if one.kind == "title"
    ]
    withdrawn = [f"withdrawn: {one.after}" for one in differences if one.kind == "withdrawn"]
    return "; ".join([*changed, *titles, *withdrawn])


def _shortened(text: str) -> str:
    return text if len(text) <= _MAX_HEADLINE_LENGTH else f"{text[: _MAX_HEADLINE_LENGTH - 1].rstrip()}…"
