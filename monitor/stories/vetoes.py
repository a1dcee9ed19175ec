"""Reasons to keep two articles apart although they share nearly all of their words.

Announcements come in series: daily rates, tenders for each lot, notices of one office to many companies. Their texts
share a template, and only the differences are news. So it is a veto if a word, a name or a number in the later text
replaces another one, and also if the later text adds figures. Other additions, such as an editor's note, and omissions
are not a veto.

A veto contains the words that were decisive: docs/decisions/0023-a-near-copy-is-contained-and-no-veto-objects.md.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache
from itertools import pairwise
from typing import Final, TypeAlias

from monitor.stories.passages import RUN_LENGTH, FlagArray, Passages, passages
from monitor.stories.signs import DENIALS, FUNCTION_WORDS, UNITS, is_number, may_be_one_day, stages_of
from monitor.stories.terms import stem
from monitor.text.fold import fold_text

Replacement: TypeAlias = tuple[Sequence[str], Sequence[str]]
"""Words of the earlier text, and the words that replace them in the later text."""

_MAX_REPLACED_WORDS: Final = 60
"""Maximum number of words that count as replaced by other words: longer passages were moved, not replaced."""

_MAX_ALIGNMENT_STEPS: Final = 100_000
"""Maximum number of steps to align two passages: the number of words of one times that of the other."""

_MAX_EXAMINED_PLACES: Final = 40
"""Maximum number of places of a run that are examined, to limit the time for a text that repeats itself."""

_MIN_TEMPLATE_SHARE: Final = 0.5
"""Minimum share of the longer title that two titles of the same template have in common."""

_MIN_TITLE_LENGTH: Final = 15
"""Minimum number of letters of a title that is contained in the other title: a shorter title may be so by chance."""

_MIN_SKELETON_LENGTH: Final = 8
"""Minimum number of characters of a sentence, without its numbers, by which the sentence is recognised."""

_MIN_ADDED_LENGTH: Final = 6
"""Minimum number of letters of words that add something to a sentence."""

_RELATIVE_PRONOUNS: Final = frozenset({"that", "which", "who"})

_QUOTE_LENGTH: Final = 60
"""Maximum number of characters of each text that a reason quotes."""


@dataclass(frozen=True, slots=True)
class Veto:
    """The reason why two articles are kept apart: its `kind` in words, and the parts in which the two differ."""

    kind: str
    earlier: str = ""
    later: str = ""

    def __str__(self) -> str:
        if not self.earlier and not self.later:
            return self.kind
        return f"{self.kind}: {_quote(self.earlier)} / {_quote(self.later)}"


def title_veto(earlier: str, later: str, *, later_text: Passages) -> Veto | None:
    """Return a veto if the titles show that two articles are different. `later_text` is the text of the later article.

    Two titles have the same template if most of one title is in the other. Then a replaced word is a veto, and so is a
    number, a denial or a stage that only one of the titles has. There is no veto if the later text has the replaced
    word, or the number that its title lacks, because then the headline was edited.
    """
    one, other = passages(earlier), passages(later)
    if one.words == other.words:
        return None
    shared, changes = _align(one.words, other.words)
    if not _are_of_one_template(one, other, shared):
        return None
    stages_differ = stages_of(earlier) ^ stages_of(later)
    if stages_differ:
        return Veto("another stage", earlier, later)
    for before, after in changes:
        if _has_content(before) and _has_content(after):
            numbers = _numbers_in(before) != _numbers_in(after)
            if numbers or not _occur_in(before, later_text):
                return Veto("titles differ only in", _join_words(before), _join_words(after))
        elif DENIALS.intersection((*before, *after)):
            return Veto("titles differ only in a denial", _join_words(before), _join_words(after))
        elif set(_numbers_in(after)) - set(_numbers_in(before)) or set(_numbers_in(before)) - set(
            later_text.words
        ) - set(after):
            return Veto("titles differ only in", _join_words(before), _join_words(after))
    return None


def share_title(earlier: str, later: str) -> bool:
    """Return whether at least half of the words of one title are in the other title."""
    one, other = set(passages(earlier).words), set(passages(later).words)
    return 2 * len(one & other) >= min(len(one), len(other))


def stage_veto(earlier: tuple[str, Passages], later: tuple[str, Passages]) -> Veto | None:
    """Return a veto if two articles, each a title and a text, report different stages of the same thing.

    It is a veto if a title names a stage (draft, correction, result …) that the other article does not name anywhere.
    If the titles are completely different, only the title of the later article counts, because the later article may be
    a shortened text without the word.
    """
    (before, old), (after, new) = earlier, later
    if stages_of(after) - stages_of(before) - stages_of(_join_words(old.words) if stages_of(after) else ""):
        return Veto("another stage", "", after)
    missing = stages_of(before) - stages_of(after)
    if missing and share_title(before, after) and missing - stages_of(_join_words(new.words)):
        return Veto("another stage", before, "")
    return None


def text_veto(earlier: Passages, later: Passages, own: FlagArray) -> Veto | None:
    """Return a veto if the later text has other content than the earlier text in the same places.

    `own` says for each word of the later text whether it counts. Boilerplate does not count.
    """
    return (
        _changed_numbers(earlier, later) or _changed_words(earlier, later, own) or _added_numbers(earlier, later, own)
    )


def _changed_numbers(earlier: Passages, later: Passages) -> Veto | None:
    """Return a veto if both texts have the same sentence, but always with other numbers or denials."""
    known = _known_skeletons(earlier)
    for skeleton, figures in _skeletons(later, earlier.sentence_set):
        if "".join(figures) not in map("".join, known.get(skeleton, {figures})):
            before, after = _align(min(known[skeleton]), figures)[1][0]
            return Veto("the same sentence with other numbers or a denial", _join_words(before), _join_words(after))
    return None


@lru_cache(maxsize=128)
def _known_skeletons(text: Passages) -> Mapping[str, set[tuple[str, ...]]]:
    known: dict[str, set[tuple[str, ...]]] = {}
    for skeleton, figures in _skeletons(text, frozenset()):
        known.setdefault(skeleton, set()).add(figures)
    return known


def _skeletons(text: Passages, known: frozenset[int]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield each sentence without its numbers and denials, and these words. Skip sentences with a hash in `known`."""
    for sentence, (first, end) in zip(text.sentences, text.bounds, strict=True):
        if sentence in known:
            continue
        words = text.words[first:end]
        skeleton = "".join("#" if is_number(word) else word for word in words if word not in DENIALS)
        if len(skeleton) >= _MIN_SKELETON_LENGTH:
            yield skeleton, tuple(word for word in words if is_number(word) or word in DENIALS)


def _changed_words(earlier: Passages, later: Passages, own: FlagArray) -> Veto | None:
    """Return a veto if words of the later text replace words of the earlier text, or were added within a sentence."""
    covered = later.covered_by(earlier) | ~own
    for first, end in _uncovered_stretches(covered):
        for before, after in _counterparts(earlier, later, first, end):
            for one, other in _align(before, after)[1]:
                contents = _has_content(one) and _has_content(other)
                if contents and not may_be_one_day(one, other) and not _is_same_clause(one, other):
                    kind = "other numbers" if _numbers_in(one) != _numbers_in(other) else "other words"
                    return Veto(f"the same sentence with {kind}", _join_words(one), _join_words(other))
                if other and DENIALS.intersection((*one, *other)):
                    return Veto("a denial in the same sentence", _join_words(one), _join_words(other))
        added = later.weights[first:end].sum() >= _MIN_ADDED_LENGTH and _has_content(later.words[first:end])
        if added and _is_within_sentence(earlier, later, first, end):
            return Veto("words added within a sentence", "", _join_words(later.words[first:end]))
    return None


def _is_within_sentence(earlier: Passages, later: Passages, first: int, end: int) -> bool:
    """Return whether the later text's words from `first` to `end` were inserted into a sentence of the earlier text."""
    starts = {place + RUN_LENGTH for place in _places_of_run(earlier, later, first - RUN_LENGTH)}
    at = starts.intersection(_places_of_run(earlier, later, end))
    starts_inside = bool(later.sentence_of[first - 1] == later.sentence_of[first])
    return any(starts_inside or earlier.sentence_of[place - 1] == earlier.sentence_of[place] for place in at)


def _added_numbers(earlier: Passages, later: Passages, own: FlagArray) -> Veto | None:
    """Return a veto if a sentence of the later text, not boilerplate, has a number that the earlier text lacks."""
    known, amounts = frozenset(earlier.words), _amounts_in(earlier.words)
    covered = later.covered_by(earlier)
    for first, end in later.bounds:
        if not own[first] or covered[first:end].all():
            continue
        words = later.words[first:end]
        if any(word[0].isdigit() and word not in known for word in words) or _amounts_in(words) - amounts:
            return Veto("a sentence with numbers that the earlier one lacks", "", _join_words(later.words[first:end]))
    return None


def _amounts_in(words: Sequence[str]) -> set[tuple[str, str]]:
    """Return the numbers that are written as words, each with the unit after it: three million, 三亿."""
    return {pair for pair in pairwise(words) if pair[1] in UNITS and is_number(pair[0])}


def _uncovered_stretches(covered: FlagArray) -> Iterator[tuple[int, int]]:
    """Yield the start and end of each stretch of words that are not covered."""
    first = None
    for place, inside in enumerate([*covered.tolist(), True]):
        if not inside and first is None:
            first = place
        elif inside and first is not None:
            yield first, place
            first = None


def _counterparts(earlier: Passages, later: Passages, first: int, end: int) -> Iterator[Replacement]:
    """Yield words of the earlier text that may have been replaced by the later text's words from `first` to `end`.

    Each is yielded with the words that replace it. The place in the earlier text is found by the runs directly before
    and after these words. If the two runs are far apart there, for example because a sentence is missing, only the rest
    of the sentence on either side is compared.
    """
    starts = [place + RUN_LENGTH for place in _places_of_run(earlier, later, first - RUN_LENGTH)]
    ends = _places_of_run(earlier, later, end)
    spans = [(behind - before, before) for before in starts for behind in ends if behind >= before]
    if spans and (shortest := min(spans))[0] <= max(_MAX_REPLACED_WORDS, 3 * (end - first)):
        size, start = shortest
        yield earlier.words[start : start + size], later.words[first:end]
        return
    if ends:
        size, stop = min((at - earlier.starts[earlier.sentence_of[at]], at) for at in ends)
        yield earlier.words[stop - size : stop], later.words[max(first, later.starts[later.sentence_of[end]]) : end]
    if starts:
        size, start = min((earlier.starts[earlier.sentence_of[at - 1] + 1] - at, at) for at in starts)
        stop = min(end, later.starts[later.sentence_of[first - 1] + 1])
        yield earlier.words[start : start + size], later.words[first:stop]


def _places_of_run(earlier: Passages, later: Passages, at: int) -> tuple[int, ...]:
    """Return the positions in the earlier text of the run that begins at `at` in the later text."""
    if not 0 <= at < len(later.runs):
        return ()
    return earlier.places.get(int(later.runs[at]), ())[:_MAX_EXAMINED_PLACES]


def _align(before: Sequence[str], after: Sequence[str]) -> tuple[list[int], list[Replacement]]:
    """Return the positions in `before` of the shared words, and the words that replace each other."""
    if len(before) * len(after) > _MAX_ALIGNMENT_STEPS:
        return [], [(before, after)]
    kept: list[int] = []
    changes: list[Replacement] = []
    for tag, first, end, start, stop in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if tag == "equal":
            kept += range(first, end)
        elif "".join(before[first:end]) != "".join(after[start:stop]):  # otherwise only the blanks differ
            changes.append((before[first:end], after[start:stop]))
    return kept, changes


def _are_of_one_template(one: Passages, other: Passages, shared_positions: Sequence[int]) -> bool:
    shared = float(one.weights[list(shared_positions)].sum())
    shorter, longer = sorted((one.weight, other.weight))
    return shared >= _MIN_TEMPLATE_SHARE * longer or (shorter >= _MIN_TITLE_LENGTH and shared >= 0.9 * shorter)


def _numbers_in(words: Sequence[str]) -> list[str]:
    return [word for word in words if is_number(word)]


def _is_same_clause(one: Sequence[str], other: Sequence[str]) -> bool:
    """Return whether words differ only as a clause and a participle: "that work" and "working".

    Other endings may change the tense: "opens" is not "opened".
    """
    longer, shorter = sorted((one, other), key=len, reverse=True)
    participle = len(longer) == len(shorter) + 1 and shorter[0].endswith("ing") and longer[0] in _RELATIVE_PRONOUNS
    return participle and stem(longer[1]) == stem(shorter[0]) and longer[2:] == shorter[1:]


def _has_content(words: Sequence[str]) -> bool:
    return any(word not in FUNCTION_WORDS for word in words)


def _occur_in(words: Sequence[str], text: Passages) -> bool:
    return len("".join(words)) > 1 and set(words) <= set(text.words)


def _join_words(words: Sequence[str]) -> str:
    return re.sub(r"(?<=[^\x00-\x7f]) (?=[^\x00-\x7f])", "", " ".join(words))


def _quote(text: str) -> str:
    plain = fold_text(text).strip()
    return f"“{plain if len(plain) <= _QUOTE_LENGTH else plain[: _QUOTE_LENGTH - 1] + '…'}”" if plain else "nothing"
