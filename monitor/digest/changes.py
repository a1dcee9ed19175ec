"""What changed of articles that earlier editions contain, as an edition shows it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from monitor.model import AlternateLink, Difference, PendingChange, SentChange, in_words


def sent_changes(pending: Sequence[PendingChange]) -> tuple[SentChange, ...]:
    """Return a line for each edited article, in the order of `pending`.

    Copies of one article that were changed alike are one line. An edit that a later one took back is none.
    """
    lines: dict[tuple[int, str], SentChange] = {}
    for change in pending:
        words = in_words(chain(change.differences))
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


def chain(differences: Iterable[Difference]) -> tuple[Difference, ...]:
    """Return the differences of several edits in a row: what was changed twice from its first state to its last."""
    chained: list[Difference] = []
    for one in differences:
        before = next((other for other in chained if (other.kind, other.after) == (one.kind, one.before)), None)
        if before is None:
            chained.append(one)
            continue
        chained.remove(before)
        if before.before != one.after:
            chained.append(Difference(one.kind, before.before, one.after))
    return tuple(chained)
