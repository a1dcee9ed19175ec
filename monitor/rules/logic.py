"""Check whether a rule can match, and whether it can match without any of its terms, by Boolean reasoning.

Two terms are treated as independent unless one implies the other (`重庆市` and `重庆`, `chain` and `*chain`). Only a
rule that is certainly impossible is reported. A rule that would need too many steps to check is accepted.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from monitor.rules.hits import TermId
from monitor.rules.plan import AndOr, Plan, TermIds

_MAX_STEPS = 500  # of the search, whose worst case is exponential
_MAX_CHOICES = 100  # terms to decide on; limits the depth of the search
_MAX_PAIRS = 250_000  # of terms to compare for implications


def find_always_true(plan: Plan) -> Plan | None:
    """Return the smallest part that makes a rule match a text without any of its terms, or None."""
    if plan.triggers(must_hold=True) is not None:
        return None
    if isinstance(plan, AndOr) and not plan.every:
        return next((found for part in plan.parts if (found := find_always_true(part))), plan)
    return plan


def find_never_true(plan: Plan, term_ids: TermIds) -> Plan | None:
    """Return the smallest part because of which a rule can never match; None if the rule can match."""
    if _ModelSearch(plan, term_ids).succeeds():
        return None
    if isinstance(plan, AndOr) and plan.every:
        return next((found for part in plan.parts if (found := find_never_true(part, term_ids))), plan)
    return plan


def can_hold(plan: Plan, term_ids: TermIds, absent: Iterable[TermId]) -> bool:
    """Return whether the plan may match a text that has none of the `absent` terms."""
    return _ModelSearch(plan, term_ids, absent).succeeds()


def find_impossible_alternatives(plan: Plan, term_ids: TermIds) -> Iterator[Plan]:
    """Yield the alternatives that can never match, in a rule that can match."""
    if not isinstance(plan, AndOr):
        return
    for part in plan.parts:
        if plan.every or _ModelSearch(part, term_ids).succeeds():
            yield from find_impossible_alternatives(part, term_ids)
        else:
            yield part


class _ModelSearch:
    """Searches for a set of terms whose presence makes a plan match.

    A term whose absence helps (under NOT) is absent, unless another term of the rule implies it: only then must the
    search decide. A term whose presence only helps is present, unless it implies a term that is absent.
    """

    def __init__(self, plan: Plan, term_ids: TermIds, absent: Iterable[TermId] = ()) -> None:
        self._plan = plan
        wanted: set[TermId] = set()
        unwanted: set[TermId] = set()
        for term_id, helps in plan.term_ids(must_hold=True):
            (wanted if helps else unwanted).add(term_id)
        self._bringing = {
            term_id: _terms_implying(term_id, wanted | unwanted, term_ids) for term_id in sorted(unwanted)
        }
        self._choices = [term_id for term_id, implied_by in self._bringing.items() if implied_by & wanted]
        self._belief = dict.fromkeys((unwanted - set(self._choices)).union(absent), False)
        self._steps = 0

    def succeeds(self) -> bool:
        """Return whether the plan may match."""
        return len(self._choices) > _MAX_CHOICES or self._decide(0)

    def _decide(self, index: int) -> bool:
        self._steps += 1
        if self._steps > _MAX_STEPS:
            return True
        if not self._plan.possible(self._belief, must_hold=True):
            return False
        if index == len(self._choices):
            return True
        term_id = self._choices[index]
        if self._try_absent(term_id, index):
            return True
        if not self._belief.get(term_id, True):
            return False
        self._belief[term_id] = True
        found = self._decide(index + 1)
        del self._belief[term_id]
        return found

    def _try_absent(self, term_id: TermId, index: int) -> bool:
        implied_term = self._bringing[term_id]
        if any(self._belief.get(other) for other in implied_term):
            return False
        newly_absent = [other for other in implied_term if other not in self._belief]
        self._belief.update(dict.fromkeys(newly_absent, False))
        found = self._decide(index + 1)
        for other in newly_absent:
            del self._belief[other]
        return found


def _terms_implying(term_id: TermId, others: set[TermId], term_ids: TermIds) -> set[TermId]:
    """Return the terms that imply this term, including the term itself."""
    if len(others) ** 2 > _MAX_PAIRS:
        return {term_id}
    return {other for other in others if term_ids.implies(other, term_id)}
