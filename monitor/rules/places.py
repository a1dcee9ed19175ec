# ruff: noqa: D102  (what the methods mean is said once, by `Plan`)
"""Parts of rules for which it counts where the terms stand: NEAR, BEFORE and SENTENCE; and how many hold: OF.

An operator on places is a term of its own besides its terms, so that what implies or excludes it can be worked out.
Its places are places of the original: sentences end where the original has a line end, and expressions run there.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from monitor.rules.hits import Hits, Place, TermId
from monitor.rules.hits import Sentence as SentenceId
from monitor.rules.plan import MOST_HITS, AndOr, Belief, Evidence, Leaf, Plan, shown
from monitor.rules.tree import CountOf, Near, Sentence

_MOST_SENTENCES = 100  # that are told of one operator in one article


@dataclass(frozen=True, slots=True)
class Closeness:
    """What makes one NEAR or BEFORE differ from another: its terms, how far apart, in which order."""

    left: frozenset[TermId]
    right: frozenset[TermId]
    words: int
    ordered: bool

    def implies(self, other: Closeness) -> bool:
        """Does every text that has this have the other too? Sure when true."""
        if self.words > other.words or (other.ordered and not self.ordered):
            return False
        straight = self.left <= other.left and self.right <= other.right
        return straight or (not other.ordered and self.left <= other.right and self.right <= other.left)


@dataclass(frozen=True, slots=True)
class Togetherness:
    """What makes one SENTENCE differ from another: what it says."""

    text: str

    def implies(self, other: Togetherness) -> bool:
        """Does every text that has this have the other too? Sure when true."""
        return self == other


@dataclass(frozen=True, slots=True)
class Proximity:
    """NEAR or BEFORE. `left` and `right` are what may be near, each any of its terms."""

    node: Near
    term_id: TermId
    left: Leaf
    right: Leaf

    def holds(self, hits: Hits) -> bool:
        if self.term_id not in hits.memo:
            hits.memo[self.term_id] = next(self._places(hits, self.left, self.right), None) is not None
        holding: bool = hits.memo[self.term_id]
        return holding

    def _places(self, hits: Hits, side: Leaf, other: Leaf) -> Iterator[Evidence]:
        """The occurrences of a side that the other side is near to, with their terms."""
        own, others = _occurrences(side, hits), _occurrences(other, hits)
        ordered = self.node.ordered if side is self.left else None
        return self._near(own.all, others, hits, ordered) if own.all and others.all else iter(())

    def _near(
        self, own: Sequence[Evidence], others: _Occurrences, hits: Hits, ordered: bool | None
    ) -> Iterator[Evidence]:
        """Those of one's own that one of the others is near to. The nearest one before and behind decide."""
        behind = ordered is not None or not self.node.ordered
        before = not ordered
        reach = 2 * self.node.words
        starts, ends = others.starts, others.ends
        for each in own:
            (value, start, end), _ = each
            after = bisect_left(starts, (value, end)) if behind else len(starts)
            if after < len(starts) and starts[after][0] == value and _close(hits, value, end, starts[after][1], reach):
                yield each
                continue
            ahead = bisect_right(ends, (value, start)) - 1 if before else -1
            if ahead >= 0 and ends[ahead][0] == value and _close(hits, value, ends[ahead][1], start, reach):
                yield each

    def triggers(self, *, wanted: bool) -> frozenset[TermId] | None:
        return min(self.left.ids, self.right.ids, key=len) if wanted else None

    def term_ids(self, *, wanted: bool) -> Iterator[tuple[TermId, bool]]:
        yield self.term_id, wanted
        if wanted:
            yield from self.left.term_ids(wanted=True)
            yield from self.right.term_ids(wanted=True)

    def possible(self, belief: Belief, *, wanted: bool) -> bool:
        if not wanted:
            return not belief.get(self.term_id, False)
        both = self.left.possible(belief, wanted=True) and self.right.possible(belief, wanted=True)
        return both and belief.get(self.term_id, True)

    def evidence(self, hits: Hits, *, wanted: bool) -> Iterator[Evidence]:
        if not wanted:
            return
        yield from islice(self._places(hits, self.left, self.right), MOST_HITS)
        yield from islice(self._places(hits, self.right, self.left), MOST_HITS)

    def terms(self) -> Iterator[tuple[TermId, str]]:
        yield from self.left.terms()
        yield from self.right.terms()

    def failure(self, hits: Hits, *, wanted: bool) -> str:
        if not wanted:
            return f"{shown(self.node)} holds, which the rule excludes"
        for side in (self.left, self.right):
            if not side.holds(hits):
                return side.failure(hits, wanted=True)
        words = "1 word" if self.node.words == 1 else f"{self.node.words} words"
        order = "before" if self.node.ordered else "near"
        left, right = shown(self.node.left), shown(self.node.right)
        return f"{left} nowhere stands {order} {right} with at most {words} between them"


def _close(hits: Hits, value: int, start: int, end: int, reach: int) -> bool:
    """Do at most `reach` half words stand there? So few characters hold no more, and need no measuring."""
    return end - start < reach or hits.gap(value, start, end) <= reach


@dataclass(frozen=True, slots=True)
class _Occurrences:
    """Where the terms of one side stand: in order, and the borders of them alone, in order too."""

    all: Sequence[Evidence]
    starts: Sequence[tuple[int, int]]
    ends: Sequence[tuple[int, int]]


def _occurrences(side: Leaf, hits: Hits) -> _Occurrences:
    """Worked out once for each side of each article: a text may be full of them."""
    kept: _Occurrences | None = hits.memo.get(side.ids)
    if kept is None:
        here = [(term_id, term) for term_id, (_, term) in side.written.items() if term_id in hits]
        every = [(place, term) for term_id, term in here for place in hits.places(term_id)]
        if len(here) > 1:
            every.sort()
        starts = [(value, start) for (value, start, _), _ in every]
        ends = sorted([(value, end) for (value, _, end), _ in every])
        kept = hits.memo[side.ids] = _Occurrences(every, starts, ends)
    return kept


@dataclass(frozen=True, slots=True)
class SameSentence:
    """SENTENCE: the part holds for one sentence taken by itself."""

    node: Sentence
    term_id: TermId
    part: Plan
    ids: frozenset[TermId]  # of all its terms
    needed: frozenset[TermId]  # terms of which one must be in the sentence

    def holds(self, hits: Hits) -> bool:
        return next(self._sentences(hits), None) is not None

    def _sentences(self, hits: Hits) -> Iterator[Hits]:
        """What was found in each sentence for which the part holds."""
        if hits.keys().isdisjoint(self.needed):
            return
        if self.term_id not in hits.memo:
            hits.memo[self.term_id] = self._candidates(hits)
        candidates, places = hits.memo[self.term_id]
        for sentence in candidates:
            within = {term_id: _of(sentence, there) for term_id, there in places.items()}
            part = hits.part({term_id: there for term_id, there in within.items() if there})
            if self.part.holds(part):
                yield part

    def _candidates(self, hits: Hits) -> tuple[list[SentenceId], dict[int, list[tuple[SentenceId, Place]]]]:
        """The sentences that may do, in order: those with the terms without which the part holds nowhere."""
        places = {term_id: hits.sentences(term_id) for term_id in sorted(self.ids & hits.keys())}
        has = {term_id: frozenset([sentence for sentence, _ in there]) for term_id, there in places.items()}
        wanted = _possible(self.part, has)
        if wanted is None:
            wanted = _Sentences().union(*(has.get(term_id, ()) for term_id in self.needed))
        in_runs = dict.fromkeys(
            sentence for there in places.values() for sentence, _ in there
        )  # sorts sooner than a set
        return sorted(sentence for sentence in in_runs if sentence in wanted), places

    def triggers(self, *, wanted: bool) -> frozenset[TermId] | None:
        return self.needed if wanted else None

    def term_ids(self, *, wanted: bool) -> Iterator[tuple[TermId, bool]]:
        yield self.term_id, wanted
        if wanted:
            yield from ((term_id, True) for term_id, helps in self.part.term_ids(wanted=True) if helps)

    def possible(self, belief: Belief, *, wanted: bool) -> bool:
        if not wanted:
            return not belief.get(self.term_id, False)
        absent = {term_id: False for term_id, held in belief.items() if not held}
        return belief.get(self.term_id, True) and self.part.possible(absent, wanted=True)

    def evidence(self, hits: Hits, *, wanted: bool) -> Iterator[Evidence]:
        holding = islice(self._sentences(hits), _MOST_SENTENCES) if wanted else iter(())
        return (each for sentence in holding for each in self.part.evidence(sentence, wanted=True))

    def terms(self) -> Iterator[tuple[TermId, str]]:
        return self.part.terms()

    def failure(self, hits: Hits, *, wanted: bool) -> str:
        if not wanted:
            return f"{shown(self.node)} holds, which the rule excludes"
        if self.part.holds(hits):
            return f"no single sentence has {shown(self.node.part)}"
        return self.part.failure(hits, wanted=True)


@dataclass(frozen=True, slots=True)
class AtLeast:
    """OF: a number of the parts, or more."""

    node: CountOf
    count: int
    parts: tuple[Plan, ...]

    def holds(self, hits: Hits) -> bool:
        return _reaches(self.count, self.parts, lambda part: part.holds(hits))

    def _count(self, wanted: bool) -> int:
        return self.count if wanted else len(self.parts) - self.count + 1

    def triggers(self, *, wanted: bool) -> frozenset[TermId] | None:
        sets = [part.triggers(wanted=wanted) for part in self.parts]
        known = sorted((term_ids for term_ids in sets if term_ids is not None), key=len)
        needed = self._count(wanted) - (len(sets) - len(known))
        return frozenset().union(*known[: len(known) - needed + 1]) if needed > 0 else None

    def term_ids(self, *, wanted: bool) -> Iterator[tuple[TermId, bool]]:
        return (term_id for part in self.parts for term_id in part.term_ids(wanted=wanted))

    def possible(self, belief: Belief, *, wanted: bool) -> bool:
        return _reaches(self._count(wanted), self.parts, lambda part: part.possible(belief, wanted=wanted))

    def evidence(self, hits: Hits, *, wanted: bool) -> Iterator[Evidence]:
        helping = (part for part in self.parts if part.holds(hits) == wanted)
        return (each for part in helping for each in part.evidence(hits, wanted=wanted))

    def terms(self) -> Iterator[tuple[TermId, str]]:
        return (each for part in self.parts for each in part.terms())

    def failure(self, hits: Hits, *, wanted: bool) -> str:
        if not wanted:
            return f"{shown(self.node)} holds, which the rule excludes"
        holding = sum(1 for part in self.parts if part.holds(hits))
        told = f"only {holding}" if holding else "none"
        return f"{told} of {shown(self.node)} {'hold' if holding > 1 else 'holds'}"


_Sentences = frozenset[SentenceId]


def _of(sentence: SentenceId, places: list[tuple[SentenceId, Place]]) -> list[Place]:
    """The places in one sentence."""
    first = bisect_left(places, (sentence,))
    after = bisect_left(places, ((sentence[0], sentence[1] + 1),), first)
    return [place for _, place in places[first:after]]


def _possible(plan: Plan, has: Mapping[int, _Sentences]) -> _Sentences | None:
    """The sentences outside of which a part holds nowhere, by the sentences that have each term; None: not known."""
    match plan:
        case Leaf():
            return _Sentences().union(*(has.get(term_id, ()) for term_id in plan.ids))
        case AndOr():
            each = [_possible(part, has) for part in plan.parts]
            known = [one for one in each if one is not None]
            if plan.every:
                return frozenset.intersection(*known) if known else None
            return _Sentences().union(*known) if len(known) == len(each) else None
        case Proximity():
            left, right = _possible(plan.left, has), _possible(plan.right, has)
            return left & right if left is not None and right is not None else None
        case _:
            return None


def _reaches(count: int, parts: Sequence[Plan], is_so: Callable[[Plan], bool]) -> bool:
    return sum(1 for _ in islice((part for part in parts if is_so(part)), count)) == count
