# ruff: noqa: D102  (what the methods mean is said once, by `Plan`)
"""Parts of rules for which it counts where the terms stand: NEAR, BEFORE and SENTENCE; and how many hold: OF.

An operator on places is an atom of its own besides its terms, so that what implies or excludes it can be worked out.
Its places are places of the original: sentences end where the original has a line end, and expressions run there.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from monitor.rules.found import Found, Place
from monitor.rules.found import Sentence as SentenceId
from monitor.rules.plan import MOST_HITS, Belief, Evidence, Leaf, Plan, Several, shown
from monitor.rules.tree import AtLeast, Near, Sentence

_MOST_SENTENCES = 100  # that are told of one operator in one article


@dataclass(frozen=True, slots=True)
class Closeness:
    """What makes one NEAR or BEFORE differ from another: its terms, how far apart, in which order."""

    left: frozenset[int]
    right: frozenset[int]
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
class Close:
    """NEAR or BEFORE. `left` and `right` are what may be near, each any of its atoms."""

    node: Near
    atom: int
    left: Leaf
    right: Leaf

    def holds(self, found: Found) -> bool:
        if self.atom not in found.memo:
            found.memo[self.atom] = next(self._places(found, self.left, self.right), None) is not None
        holding: bool = found.memo[self.atom]
        return holding

    def _places(self, found: Found, side: Leaf, other: Leaf) -> Iterator[Evidence]:
        """The occurrences of a side that the other side is near to, with their terms."""
        own, others = _occurrences(side, found), _occurrences(other, found)
        ordered = self.node.ordered if side is self.left else None
        return self._near(own.all, others, found, ordered) if own.all and others.all else iter(())

    def _near(
        self, own: Sequence[Evidence], others: _Occurrences, found: Found, ordered: bool | None
    ) -> Iterator[Evidence]:
        """Those of one's own that one of the others is near to. The nearest one before and behind decide."""
        behind = ordered is not None or not self.node.ordered
        before = not ordered
        reach = 2 * self.node.words
        starts, ends = others.starts, others.ends
        for each in own:
            (value, start, end), _ = each
            after = bisect_left(starts, (value, end)) if behind else len(starts)
            if after < len(starts) and starts[after][0] == value and _close(found, value, end, starts[after][1], reach):
                yield each
                continue
            ahead = bisect_right(ends, (value, start)) - 1 if before else -1
            if ahead >= 0 and ends[ahead][0] == value and _close(found, value, ends[ahead][1], start, reach):
                yield each

    def triggers(self, *, wanted: bool) -> frozenset[int] | None:
        return min(self.left.ids, self.right.ids, key=len) if wanted else None

    def atoms(self, *, wanted: bool) -> Iterator[tuple[int, bool]]:
        yield self.atom, wanted
        if wanted:
            yield from self.left.atoms(wanted=True)
            yield from self.right.atoms(wanted=True)

    def possible(self, belief: Belief, *, wanted: bool) -> bool:
        if not wanted:
            return not belief.get(self.atom, False)
        both = self.left.possible(belief, wanted=True) and self.right.possible(belief, wanted=True)
        return both and belief.get(self.atom, True)

    def evidence(self, found: Found, *, wanted: bool) -> Iterator[Evidence]:
        if not wanted:
            return
        yield from islice(self._places(found, self.left, self.right), MOST_HITS)
        yield from islice(self._places(found, self.right, self.left), MOST_HITS)

    def terms(self) -> Iterator[tuple[int, str]]:
        yield from self.left.terms()
        yield from self.right.terms()

    def failure(self, found: Found, *, wanted: bool) -> str:
        if not wanted:
            return f"{shown(self.node)} holds, which the rule excludes"
        for side in (self.left, self.right):
            if not side.holds(found):
                return side.failure(found, wanted=True)
        words = "1 word" if self.node.words == 1 else f"{self.node.words} words"
        order = "before" if self.node.ordered else "near"
        left, right = shown(self.node.left), shown(self.node.right)
        return f"{left} nowhere stands {order} {right} with at most {words} between them"


def _close(found: Found, value: int, start: int, end: int, reach: int) -> bool:
    """Do at most `reach` half words stand there? So few characters hold no more, and need no measuring."""
    return end - start < reach or found.gap(value, start, end) <= reach


@dataclass(frozen=True, slots=True)
class _Occurrences:
    """Where the terms of one side stand: in order, and the borders of them alone, in order too."""

    all: Sequence[Evidence]
    starts: Sequence[tuple[int, int]]
    ends: Sequence[tuple[int, int]]


def _occurrences(side: Leaf, found: Found) -> _Occurrences:
    """Worked out once for each side of each article: a text may be full of them."""
    kept: _Occurrences | None = found.memo.get(side.ids)
    if kept is None:
        here = [(atom, term) for atom, (_, term) in side.written.items() if atom in found]
        every = [(place, term) for atom, term in here for place in found.places(atom)]
        if len(here) > 1:
            every.sort()
        starts = [(value, start) for (value, start, _), _ in every]
        ends = sorted([(value, end) for (value, _, end), _ in every])
        kept = found.memo[side.ids] = _Occurrences(every, starts, ends)
    return kept


@dataclass(frozen=True, slots=True)
class Together:
    """SENTENCE: the part holds for one sentence taken by itself."""

    node: Sentence
    atom: int
    part: Plan
    ids: frozenset[int]  # of all its atoms
    needed: frozenset[int]  # atoms of which one must be in the sentence

    def holds(self, found: Found) -> bool:
        return next(self._sentences(found), None) is not None

    def _sentences(self, found: Found) -> Iterator[Found]:
        """What was found in each sentence for which the part holds."""
        if found.keys().isdisjoint(self.needed):
            return
        if self.atom not in found.memo:
            found.memo[self.atom] = self._candidates(found)
        candidates, places = found.memo[self.atom]
        for sentence in candidates:
            within = {atom: _of(sentence, there) for atom, there in places.items()}
            part = found.part({atom: there for atom, there in within.items() if there})
            if self.part.holds(part):
                yield part

    def _candidates(self, found: Found) -> tuple[list[SentenceId], dict[int, list[tuple[SentenceId, Place]]]]:
        """The sentences that may do, in order: those with the terms without which the part holds nowhere."""
        places = {atom: found.sentences(atom) for atom in sorted(self.ids & found.keys())}
        has = {atom: frozenset([sentence for sentence, _ in there]) for atom, there in places.items()}
        wanted = _possible(self.part, has)
        if wanted is None:
            wanted = _Sentences().union(*(has.get(atom, ()) for atom in self.needed))
        in_runs = dict.fromkeys(
            sentence for there in places.values() for sentence, _ in there
        )  # sorts sooner than a set
        return sorted(sentence for sentence in in_runs if sentence in wanted), places

    def triggers(self, *, wanted: bool) -> frozenset[int] | None:
        return self.needed if wanted else None

    def atoms(self, *, wanted: bool) -> Iterator[tuple[int, bool]]:
        yield self.atom, wanted
        if wanted:
            yield from ((atom, True) for atom, helps in self.part.atoms(wanted=True) if helps)

    def possible(self, belief: Belief, *, wanted: bool) -> bool:
        if not wanted:
            return not belief.get(self.atom, False)
        absent = {atom: False for atom, held in belief.items() if not held}
        return belief.get(self.atom, True) and self.part.possible(absent, wanted=True)

    def evidence(self, found: Found, *, wanted: bool) -> Iterator[Evidence]:
        holding = islice(self._sentences(found), _MOST_SENTENCES) if wanted else iter(())
        return (each for sentence in holding for each in self.part.evidence(sentence, wanted=True))

    def terms(self) -> Iterator[tuple[int, str]]:
        return self.part.terms()

    def failure(self, found: Found, *, wanted: bool) -> str:
        if not wanted:
            return f"{shown(self.node)} holds, which the rule excludes"
        if self.part.holds(found):
            return f"no single sentence has {shown(self.node.part)}"
        return self.part.failure(found, wanted=True)


@dataclass(frozen=True, slots=True)
class Enough:
    """OF: a number of the parts, or more."""

    node: AtLeast
    count: int
    parts: tuple[Plan, ...]

    def holds(self, found: Found) -> bool:
        return _reaches(self.count, self.parts, lambda part: part.holds(found))

    def _count(self, wanted: bool) -> int:
        return self.count if wanted else len(self.parts) - self.count + 1

    def triggers(self, *, wanted: bool) -> frozenset[int] | None:
        sets = [part.triggers(wanted=wanted) for part in self.parts]
        known = sorted((atoms for atoms in sets if atoms is not None), key=len)
        needed = self._count(wanted) - (len(sets) - len(known))
        return frozenset().union(*known[: len(known) - needed + 1]) if needed > 0 else None

    def atoms(self, *, wanted: bool) -> Iterator[tuple[int, bool]]:
        return (atom for part in self.parts for atom in part.atoms(wanted=wanted))

    def possible(self, belief: Belief, *, wanted: bool) -> bool:
        return _reaches(self._count(wanted), self.parts, lambda part: part.possible(belief, wanted=wanted))

    def evidence(self, found: Found, *, wanted: bool) -> Iterator[Evidence]:
        helping = (part for part in self.parts if part.holds(found) == wanted)
        return (each for part in helping for each in part.evidence(found, wanted=wanted))

    def terms(self) -> Iterator[tuple[int, str]]:
        return (each for part in self.parts for each in part.terms())

    def failure(self, found: Found, *, wanted: bool) -> str:
        if not wanted:
            return f"{shown(self.node)} holds, which the rule excludes"
        holding = sum(1 for part in self.parts if part.holds(found))
        told = f"only {holding}" if holding else "none"
        return f"{told} of {shown(self.node)} {'hold' if holding > 1 else 'holds'}"


_Sentences = frozenset[SentenceId]


def _of(sentence: SentenceId, places: list[tuple[SentenceId, Place]]) -> list[Place]:
    """The places in one sentence."""
    first = bisect_left(places, (sentence,))
    after = bisect_left(places, ((sentence[0], sentence[1] + 1),), first)
    return [place for _, place in places[first:after]]


def _possible(plan: Plan, has: Mapping[int, _Sentences]) -> _Sentences | None:
    """The sentences outside of which a part holds nowhere, by the sentences that have each atom; None: not known."""
    match plan:
        case Leaf():
            return _Sentences().union(*(has.get(atom, ()) for atom in plan.ids))
        case Several():
            each = [_possible(part, has) for part in plan.parts]
            known = [one for one in each if one is not None]
            if plan.every:
                return frozenset.intersection(*known) if known else None
            return _Sentences().union(*known) if len(known) == len(each) else None
        case Close():
            left, right = _possible(plan.left, has), _possible(plan.right, has)
            return left & right if left is not None and right is not None else None
        case _:
            return None


def _reaches(count: int, parts: Sequence[Plan], is_so: Callable[[Plan], bool]) -> bool:
    return sum(1 for _ in islice((part for part in parts if is_so(part)), count)) == count
