"""Can a rule hold, and does it need a term to occur? Boolean reasoning over the atoms of its plan.

Two atoms are taken as independent of each other unless one implies the other (`重庆市` and `重庆`, `chain` and
`*chain`). What is called impossible is so; a rule that asks for too much reasoning passes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from monitor.rules.plan import Atoms, Plan, Several

_MOST_STEPS = 500  # of the search, which is exponential at worst
_MOST_CHOICES = 100  # atoms to decide on; bounds the depth of the search
_MOST_PAIRS = 250_000  # of atoms to compare for implications


def needless(plan: Plan) -> Plan | None:
    """The smallest part that makes a rule hold for a text in which none of its terms occurs; None if none does."""
    if plan.triggers(wanted=True) is not None:
        return None
    if isinstance(plan, Several) and not plan.every:
        return next((found for part in plan.parts if (found := needless(part))), plan)
    return plan


def impossible(plan: Plan, atoms: Atoms) -> Plan | None:
    """The smallest part that keeps a rule from ever holding; None if it may hold."""
    if _Search(plan, atoms).succeeds():
        return None
    if isinstance(plan, Several) and plan.every:
        return next((found for part in plan.parts if (found := impossible(part, atoms))), plan)
    return plan


def possible(plan: Plan, atoms: Atoms, absent: Iterable[int]) -> bool:
    """May the plan hold where these atoms do not?"""
    return _Search(plan, atoms, absent).succeeds()


def dead(plan: Plan, atoms: Atoms) -> Iterator[Plan]:
    """Alternatives within a rule that can never hold, though the rule can."""
    if not isinstance(plan, Several):
        return
    for part in plan.parts:
        if plan.every or _Search(part, atoms).succeeds():
            yield from dead(part, atoms)
        else:
            yield part


class _Search:
    """Looks for atoms that make a plan hold.

    Only atoms whose absence helps (those under NOT) need a decision, and of these only the ones that something else in
    the rule would bring along: the others are absent. Whatever only helps by holding does hold, unless it would bring
    along an atom that was decided to be absent.
    """

    def __init__(self, plan: Plan, atoms: Atoms, absent: Iterable[int] = ()) -> None:
        self._plan = plan
        wanted: set[int] = set()
        unwanted: set[int] = set()
        for atom, helps in plan.atoms(wanted=True):
            (wanted if helps else unwanted).add(atom)
        self._bringing = {atom: _bringing(atom, wanted | unwanted, atoms) for atom in sorted(unwanted)}
        self._choices = [atom for atom, by in self._bringing.items() if by & wanted]
        self._belief = dict.fromkeys((unwanted - set(self._choices)).union(absent), False)
        self._steps = 0

    def succeeds(self) -> bool:
        """May the plan hold?"""
        return len(self._choices) > _MOST_CHOICES or self._decide(0)

    def _decide(self, index: int) -> bool:
        self._steps += 1
        if self._steps > _MOST_STEPS:
            return True
        if not self._plan.possible(self._belief, wanted=True):
            return False
        if index == len(self._choices):
            return True
        atom = self._choices[index]
        return self._with_absent(atom, index) or self._with_present(atom, index)

    def _with_absent(self, atom: int, index: int) -> bool:
        by = self._bringing[atom]
        if any(self._belief.get(other) for other in by):
            return False
        fresh = [other for other in by if other not in self._belief]
        self._belief.update(dict.fromkeys(fresh, False))
        found = self._decide(index + 1)
        for other in fresh:
            del self._belief[other]
        return found

    def _with_present(self, atom: int, index: int) -> bool:
        if not self._belief.get(atom, True):
            return False
        self._belief[atom] = True
        found = self._decide(index + 1)
        del self._belief[atom]
        return found


def _bringing(atom: int, others: set[int], atoms: Atoms) -> set[int]:
    """The atoms that cannot hold without this one, itself among them."""
    if len(others) ** 2 > _MOST_PAIRS:
        return {atom}
    return {other for other in others if atoms.implies(other, atom)}
