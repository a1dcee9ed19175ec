"""How an edition shows changes of articles that earlier editions contain."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from monitor.model import AlternateLink, PendingChange, SentChange, in_words


def sent_changes(pending: Sequence[PendingChange]) -> tuple[SentChange, ...]:
    """Return a line for each edited article, in the order of `pending`.

    If copies of one article were changed in the same way, they share a line. An article whose edits together change
    nothing has no line.
    """
    lines: dict[tuple[int, str], SentChange] = {}
    for change in pending:
        words = in_words(change.differences)
        title = " ".join(change.title.split())
        first = lines.get((change.lead_id, words))
        if not words:
            continue
        if first is None:
            sent = SentChange(change.article_id, title, change.url, change.source, change.at, words)
        else:
            sent = replace(first, alternates=(*first.alternates, AlternateLink(title, change.url, change.source)))
        lines[change.lead_id, words] = sent
    return tuple(lines.values())
