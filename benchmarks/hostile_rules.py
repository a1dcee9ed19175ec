"""Measure what the worst texts cost the worst rules: 1 MB of each family, seconds of one core.

    python benchmarks/hostile_rules.py

For comparison, in the same run: the bare scan of pyahocorasick for the letters that the rules need, which finds every
occurrence without folding, borders of words, distances and spans. Expressions are run by `re` nowhere, for it
needs ages for some of them: 30 letters of `(a+)+$` take it a minute.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable

import ahocorasick  # type: ignore[import-not-found]  # an extension without types

import monitor

MEGABYTE = 1_000_000
RULES = (
    "a", "元", "a*", "*a*", "CASE(A)", '"a b"', '"a* b*"', "a NOT zz", "2 OF (a, b, c)", "title:a OR text:(a b)",
    "a NEAR/5 b", "a BEFORE/5 b", "(a OR b) NEAR/3 (b OR a)", "(a OR b) NEAR/1000 (c OR d)", "重 NEAR/1 庆",
    "SENTENCE(a b)", "SENTENCE(a -b)", "SENTENCE((a OR b OR c) d)", "SENTENCE(元宇宙 web3)",
    "START(a b)", "START(c)", "START(元宇宙 web3)",
    "/(a+)+$/", "/(x+x+)+y/", "/(?:a|aa)+$/", "/(.*)*x/", "/a.*b.*c/", "/(元宇|宙)+/",
)  # fmt: skip
FAMILIES = {
    "one letter": "a",
    "one word": "a ",
    "two words": "a b ",
    "four words": "a b c d ",
    "a far pair": "a " * 50 + "b ",
    "lines": "a\n",
    "sentences": "a. b! c? ",
    "one character": "重",
    "Chinese words": "元宇宙",
    "both": "web3元宇宙, 重庆。",
    "x without y": "x",
    "combining marks": "a\u0301",
    "full-width": "ａ",
    "zero-width": "a\u200b",
    "one for eighteen": "\ufdfa",
    "blanks": " ",
}


def seconds(work: Callable[[], object]) -> float:
    """Return the seconds of one core, the median of three runs."""
    runs = []
    for _ in range(3):
        start = time.process_time()
        work()
        runs.append(time.process_time() - start)
    return statistics.median(runs)


def scan(text: str) -> Callable[[], object]:
    """Match the rules with the peer."""
    automaton = ahocorasick.Automaton()
    for term in ("a", "b", "c", "d", "元", "元宇宙", "web3", "重", "庆"):
        automaton.add_word(term, term)
    automaton.make_automaton()
    return lambda: sum(1 for _ in automaton.iter(text))


def main() -> None:
    """Print a line for each family: its slowest rule, what that costs, what all rules cost on average, and the peer."""
    print(f"{'1 MB of':<18}{'dearest':>9}{'mean':>8}{'bare scan':>11}  rule")
    for name, piece in FAMILIES.items():
        text = piece * (MEGABYTE // len(piece.encode()))
        costs = {rule: seconds(_matching(rule, text)) for rule in RULES}
        worst = max(costs, key=lambda rule: costs[rule])
        mean = statistics.mean(costs.values())
        print(f"{name:<18}{costs[worst]:>8.2f}s{mean:>7.2f}s{seconds(scan(text)):>10.2f}s  {worst}")


def _matching(rule: str, text: str) -> Callable[[], object]:
    rules = monitor.compile_rules({"rule": rule})
    return lambda: rules.match(text)


if __name__ == "__main__":
    main()
