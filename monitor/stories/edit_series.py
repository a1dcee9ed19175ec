"""Combine several edits of an article into their total change.

A reader knows the article as it was sent. So two edits of the same sentence are one change, from its first state to its
last state, and an edit that was undone is not a change. Edits of different sentences are not combined, even if the same
figure was removed in one sentence and added in another. If the total change of a sentence is not certain, the
differences of both edits are kept.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from monitor.model import Difference, PendingChange
from monitor.stories.edits import LaterText, compare_titles, sentence_differences, statements_of
from monitor.stories.repairs import same_words
from monitor.stories.statements import join_keys, statement


@dataclass(frozen=True, slots=True)
class _SentenceHistory:
    """The history of one sentence, or of the headline: its first state, its last state, and the differences."""

    is_title: bool
    first: str
    last: str
    differences: tuple[Difference, ...]

    def is_continued_by(self, other: _SentenceHistory) -> bool:
        """Return whether a later edit changes the last state of this sentence."""
        if self.is_title != other.is_title or not self.last or not other.first:
            return False
        return self.last == other.first if self.is_title else _comparison_key(self.last) == _comparison_key(other.first)

    def continue_with(self, other: _SentenceHistory) -> _SentenceHistory:
        """Return this history with a later change of the same sentence added."""
        differences = (*self.differences, *other.differences)
        if self.is_title:
            found = compare_titles(self.first, other.last)
            differences = () if found is None else (found,)
        elif other.last:
            differences = _total_differences(self.first, other.last, self.differences, other.differences)
        return _SentenceHistory(self.is_title, self.first, other.last, differences)


def merge_edits(change: PendingChange) -> PendingChange:
    """Return the change with its edits combined into one edit: the differences from the article as it was sent."""
    histories: list[_SentenceHistory] = []
    for edit in change.edits:
        before = list(histories)  # differences of the same edit are never combined
        for one in _histories(edit):
            earlier = next((history for history in before if history.is_continued_by(one)), None)
            if earlier is None:
                histories.append(one)
            else:
                before.remove(earlier)
                histories[histories.index(earlier)] = earlier.continue_with(one)
    held = (found for history in histories if not _is_restored(history, change.text) for found in history.differences)
    return replace(change, edits=(tuple(held),))


def _histories(edit: Sequence[Difference]) -> Iterator[_SentenceHistory]:
    """Yield the changed sentences of an edit, and the headline if it changed, each with its differences."""
    sentences: dict[tuple[str, str], list[Difference]] = {}
    for one in edit:
        if one.kind == "title":
            yield _SentenceHistory(True, one.before, one.after, (one,))
        else:
            sentences.setdefault((one.said, one.says), []).append(one)
    for (first, last), found in sentences.items():
        yield _SentenceHistory(False, first, last, tuple(found))


def _total_differences(
    first: str, last: str, sooner: Sequence[Difference], later: Sequence[Difference]
) -> tuple[Difference, ...]:
    """Return the total change of two edits of a sentence.

    The first state is compared with the last state. The result of this comparison is certain if the states differ only
    in figures, or if it contains all that the first edit removed and all that the second edit added. Otherwise the
    differences of both edits are returned.
    """
    if same_words(first, last):
        return ()
    one, other = statement(first), statement(last)
    found = tuple(sentence_differences(one, other, LaterText([other])))
    went, came = {(each.kind, each.before) for each in found}, {(each.kind, each.after) for each in found}
    named = all((each.kind, each.before) in went for each in sooner) and all(
        (each.kind, each.after) in came for each in later
    )
    return found if one.skeleton == other.skeleton or named else (*sooner, *later)


def _is_restored(history: _SentenceHistory, text: str) -> bool:
    """Return whether a text has the first state of a sentence and not its last state."""
    if history.is_title or not history.first or history.first not in text:
        return False
    present = {join_keys(one.tokens) for one in statements_of(text)}
    return _comparison_key(history.first) in present and not (history.last and _comparison_key(history.last) in present)


def _comparison_key(sentence: str) -> str:
    return join_keys(statement(sentence).tokens)
