"""Whether the text of an article is there, was removed because of its age, or is another one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row

from monitor.store.values import clean_text


def is_text_removed(row: Row[Any]) -> bool:
    """Return whether the text of an article was removed, from its row, and no later edit brought another one."""
    return row.text_removed_at is not None and not row.text


def is_edit(row: Row[Any], title: str, text: str) -> bool:
    """Return whether title or text are other ones than in the row of an article. A removed text may be any text."""
    before = (row.title, clean_text(text) if is_text_removed(row) else row.text)
    return before != (clean_text(title), clean_text(text))


def without_sentences(value: Sequence[Sequence[Any]] | None) -> list[list[Any]] | None:
    """Return stored differences without the sentences in which they were."""
    return None if value is None else [[*one[:3], "", ""] for one in value]
