"""Several edits of one article, one after the other, as what they change altogether.

A reader knows the article as it was sent. So two edits of one sentence are one change, from its first state to its
last, and one that was taken back is none. Nothing else is put together: that a figure came in one place and went in
another says nothing. If it is not certain what two edits of a sentence are together, both are named.
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
    """What became of one sentence, or of the headline: its first state, its last one, and what that changed."""

    is_title: bool
    first: str
    last: str
    differences: tuple[Difference, ...]

    def goes_on_with(self, other: _Course) -> bool:
        """Return whether a later edit begins with what this one left."""
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
            differences = _together(self.first, other.last, self.differences, other.differences)
        return _Course(self.is_title, self.first, other.last, differences)


def merge_edits(change: PendingChange) -> PendingChange:
    """Return a change whose edits are put together to one: what differs from the article as it was sent."""
    courses: list[_Course] = []
    for edit in change.edits:
        before = list(courses)  # differences of one edit are never put together with each other
        for one in _courses(edit):
            earlier = next((course for course in before if course.goes_on_with(one)), None)
            if earlier is None:
                courses.append(one)
            else:
                before.remove(earlier)
                courses[courses.index(earlier)] = earlier.then(one)
    held = (found for course in courses if not _holds_again(course, change.text) for found in course.differences)
    return replace(change, edits=(tuple(held),))


def _courses(edit: Sequence[Difference]) -> Iterator[_Course]:
    """Yield the sentences of an edit, and its headline, each with its differences."""
    sentences: dict[tuple[str, str], list[Difference]] = {}
    for one in edit:
        if one.kind == "title":
            yield _Course(True, one.before, one.after, (one,))
        else:
            sentences.setdefault((one.said, one.says), []).append(one)
    for (first, last), found in sentences.items():
        yield _Course(False, first, last, tuple(found))


def _together(
    first: str, last: str, sooner: Sequence[Difference], later: Sequence[Difference]
) -> tuple[Difference, ...]:
    """Return what two edits of a sentence changed altogether.

    The first state is compared with the last one. That is certain if they differ in figures only, or if it names all
    that went with the first edit and all that came with the second one.
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


def _holds_again(course: _Course, text: str) -> bool:
    """Return whether a text has a sentence as it was at first, and not as an edit left it."""
    if course.is_title or not course.first or course.first not in text:
        return False
    present = {join_keys(one.tokens) for one in statements_of(text)}
    return _key(course.first) in present and not (course.last and _key(course.last) in present)


def _key(sentence: str) -> str:
    return join_keys(statement(sentence).tokens)
