"""Measure how many articles a second the rules match, compared with other ways to find many terms.

    python benchmarks/rules.py [--terms 10,100,1000] [--articles 100] [--json]

Articles of 4 KB, half Chinese and half English, with a term now and then; terms half Chinese, half English. All run
in the same process on the same articles; each figure is the median of the rounds. `automaton` is the bare scan that the
rules are built on, `match` the whole: folding, borders of words, evaluation, spans. The peers find terms as they are
written, without folding, borders or spans.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import resource
import statistics
import time
from collections.abc import Callable, Iterable, Sequence

import ahocorasick  # type: ignore[import-not-found]  # an extension without types
import ahocorasick_rs
import flashtext  # type: ignore[import-untyped]  # it has none

import monitor

SIZE = 4_096  # bytes of an article
PER_RULE = 20  # terms
ROUNDS = 5
SLOW = 10_000  # terms, above which the slowest ways are measured on fewer articles
LETTERS = "etaoinshrdlucmfwypvbgk"
HAN = [chr(code) for code in range(0x4E00, 0x4E00 + 3_000)]


def words(rnd: random.Random, count: int) -> list[str]:
    """Return distinct words, half English and half Chinese."""
    made: dict[str, None] = {}
    while len(made) < count:
        english = len(made) % 2
        word = rnd.choices(LETTERS, k=rnd.randint(4, 10)) if english else rnd.choices(HAN, k=rnd.randint(2, 5))
        made["".join(word)] = None
    return list(made)


def article(rnd: random.Random, fillers: Sequence[str], terms: Sequence[str]) -> str:
    """Return running text with a term now and then."""
    text: list[str] = []
    size = 0
    while size < SIZE:
        english = len(text) % 2
        part = " ".join(rnd.choices(fillers, k=15)) + ". " if english else "".join(rnd.choices(HAN, k=50)) + "。"
        part += f"{rnd.choice(terms)} " if rnd.random() < 0.1 else ""
        text.append(part)
        size += len(part.encode())
    return "".join(text).encode()[:SIZE].decode(errors="ignore")


def microseconds(find: Callable[[str], object], articles: Sequence[str]) -> float:
    """Return the median time of an article."""
    rounds = []
    for text in articles:  # once unmeasured: what is set up at first use is no cost of an article
        find(text)
    for _ in range(ROUNDS):
        before = time.perf_counter()
        for text in articles:
            find(text)
        rounds.append((time.perf_counter() - before) / len(articles))
    return statistics.median(rounds) * 1e6


def built(make: Callable[[], object]) -> tuple[object, float, float]:
    """Return what is made, the seconds it took, and by how many MB the process grew at most."""
    memory, before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.perf_counter()
    made = make()
    took = time.perf_counter() - before
    return made, took, (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - memory) / 1024


def rules_of(terms: Sequence[str]) -> monitor.RuleSet:
    """Return rules of some terms each, joined by OR."""
    groups = (terms[first : first + PER_RULE] for first in range(0, len(terms), PER_RULE))
    return monitor.compile_rules({f"r{number}": " OR ".join(group) for number, group in enumerate(groups)})


def pyahocorasick(terms: Iterable[str]) -> ahocorasick.Automaton:
    """Return the automaton of pyahocorasick."""
    automaton = ahocorasick.Automaton()
    for term in terms:
        automaton.add_word(term, term)
    automaton.make_automaton()
    return automaton


def flash(terms: Iterable[str]) -> flashtext.KeywordProcessor:
    """Return the trie of flashtext."""
    processor = flashtext.KeywordProcessor()
    processor.add_keywords_from_list(list(terms))
    return processor


def measured(count: int, articles: int) -> dict[str, float]:
    """Measure all figures for one number of terms."""
    rnd = random.Random(count)
    terms = words(rnd, count)
    fillers = words(random.Random(0), 20_000)[1::2]
    texts = [article(rnd, fillers, terms) for _ in range(articles)]
    few = texts[: max(3, articles // 20)]
    ruleset, seconds, megabytes = built(lambda: rules_of(terms))
    assert isinstance(ruleset, monitor.RuleSet)
    bare = ahocorasick_rs.AhoCorasick(terms)
    peer, trie = pyahocorasick(terms), flash(terms)
    alternation = re.compile("|".join(map(re.escape, terms)))
    return {
        "match": microseconds(ruleset.match, texts),
        "automaton": microseconds(lambda text: bare.find_matches_as_indexes(text, overlapping=True), texts),
        "pyahocorasick": microseconds(lambda text: list(peer.iter(text)), texts),
        "flashtext": microseconds(trie.extract_keywords, texts),
        "loop of in": microseconds(lambda text: [term for term in terms if term in text], few),
        "re": microseconds(alternation.findall, few if count < SLOW else few[:2]),
        "build s": seconds,
        "build MB": megabytes,
    }


def main() -> None:
    """Measure and print a table."""
    parser = argparse.ArgumentParser(description="Articles a second, by number of terms.")
    parser.add_argument("--terms", default="10,100,1000,10000,100000")
    parser.add_argument("--articles", type=int, default=100)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    table = {int(count): measured(int(count), options.articles) for count in options.terms.split(",")}
    if options.json:
        print(json.dumps(table))
        return
    names = list(next(iter(table.values())))
    print(f"{'terms':>8}" + "".join(f"{name:>15}" for name in names) + "   (µs an article)")
    for count, figures in table.items():
        print(f"{count:>8}" + "".join(f"{figures[name]:>15,.1f}" for name in names))
    counts = sorted(table)
    grown = table[counts[-1]]["match"] / table[counts[0]]["match"]
    print(f"match at {counts[-1]:,} terms costs {grown:.1f} × what it costs at {counts[0]:,}; ", end="")
    print(f"{1e6 / table[counts[-1]]['match']:,.0f} articles a second")


if __name__ == "__main__":
    main()
