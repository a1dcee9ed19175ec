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
class _Course:
    """The history of one sentence, or of the headline: its first state, its last state, and the differences."""

    is_title: bool
    first: str
    last: str
    differences: tuple[Difference, ...]

    def is_continued_by(self, other: _Course) -> bool:
        """Return whether a later edit changes the sentence that this course ends with."""
        if self.is_title != other.is_title or not self.last or not other.first:
            return False
        return self.last == other.first if self.is_title else _key(self.last) == _key(other.first)

    def then(self, other: _Course) -> _Course:
        """Return this course, continued by a later edit."""
        differences = (*self.differences, *other.differences)
        if self.is_title:
            found = compare_titles(self.first, other.last)
            differences = () if found is None else (found,)
        elif other.last:
            differences = _total_differences(self.first, other.last, self.differences, other.differences)
        return _Course(self.is_title, self.first, other.last, differences)


def merge_edits(change: PendingChange) -> PendingChange:
    """Return the change with its edits combined into one edit: the differences from the article as it was sent."""
    courses: list[_Course] = []
    for edit in change.edits:
        before = list(courses)  # differences of the same edit are never combined
        for one in _courses(edit):
            earlier = next((course for course in before if course.is_continued_by(one)), None)
            if earlier is None:
                courses.append(one)
            else:
                before.remove(earlier)
                courses[courses.index(earlier)] = earlier.then(one)
    held = (found for course in courses if not _is_restored(course, change.text) for found in course.differences)
    return replace(change, edits=(tuple(held),))


def _courses(edit: Sequence[Difference]) -> Iterator[_Course]:
    """Yield the changed sentences of an edit, and the headline if it changed, each with its differences."""
    sentences: dict[tuple[str, str], list[Difference]] = {}
    for one in edit:
        if one.kind == "title":
            yield _Course(True, one.before, one.after, (one,))
        else:
            sentences.setdefault((one.said, one.says), []).append(one)
    for (first, last), found in sentences.items():
        yield _Course(False, first, last, tuple(found))


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


def _is_restored(course: _Course, text: str) -> bool:
    """Return whether a text has the first state of a sentence and not its last state."""
    if course.is_title or not course.first or course.first not in text:
        return False
    present = {join_keys(one.tokens) for one in statements_of(text)}
    return _key(course.first) in present and not (course.last and _key(course.last) in present)


def _key(sentence: str) -> str:
    return join_keys(statement(sentence).tokens)
