"""Measure how many reprints are recognised, how many look-alikes are taken for copies, and what an article costs.

    python benchmarks/stories.py [--reprints FILE] [--stored 1000,10000,60000] [--json]

Compared with MinHash and LSH (datasketch, 128 permutations, Jaccard of at least 0.5 or 0.7) and SimHash (simhash, at
most 3 of 64 bits), which get the same words in runs of four. All run in the same process on the same articles. Reprints
are made from the first article of each look-alike in tests/stories: abridged, with a new headline, a lead or a frame.
`--reprints` takes them from a file instead: JSON with `originals` and `variants`, each variant with `of`, `kind`.
Look-alikes are asked in both orders. The cost is that of one more article when so many are stored, in milliseconds.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import random
import re
import time
from collections.abc import Callable, Iterator, Sequence
from itertools import accumulate, count
from pathlib import Path
from typing import NamedTuple, Protocol

import simhash  # type: ignore[import-untyped]  # it has none
from datasketch import MinHash, MinHashLSH  # type: ignore[import-untyped]  # it has none

import monitor
from monitor.stories.passages import RUN_LENGTH, passages

LOOK_ALIKES = Path(__file__).parent.parent / "tests" / "stories" / "lookalikes"
NOON = dt.datetime(2026, 11, 20, 12, tzinfo=dt.UTC)
LEADS = {"zh": "据多家媒体报道，", "en": "Here is what you need to know, as our partners report: "}
FRAMES = {
    "zh": ("首页 > 新闻中心 > 要闻 > 正文", "免责声明：本文仅代表作者个人观点，与本网无关，请读者自行核实相关内容。"),
    "en": ("Home > News > Local news of the day", "Sign up for our free newsletter and never miss a story from here."),
}
SYLLABLES = [f"{first}{second}{third}" for first in "bdfgklmnprst" for second in "aeiou" for third in ("n", "rt", "sk")]
WORDS = [f"{one}{other}" for one in SYLLABLES for other in SYLLABLES][:20_000]
OFTEN = list(accumulate(1 / rank for rank in range(1, len(WORDS) + 1)))  # words are as frequent as Zipf says


class Text(NamedTuple):
    """An article, and where it came from: `of` is the number of its original, -1 if it is one."""

    title: str
    text: str
    site: str
    language: str
    of: int = -1
    kind: str = ""


class System(Protocol):
    """A way to recognise articles. `add` returns the number, from 0, of the earlier one that it takes for the same."""

    def add(self, text: Text) -> int | None:
        """Return what the text is taken for, and remember it."""
        ...


class Monitor:
    """This project."""

    def __init__(self) -> None:
        self._stories = monitor.Stories()
        self._numbers: dict[str, int] = {}

    def add(self, text: Text) -> int | None:
        """Return what the text is taken for, and remember it."""
        url = f"https://{len(self._numbers)}.example/"
        self._numbers[url] = len(self._numbers)
        article = monitor.Article(url, text.title, text.text, language=text.language, site=text.site)
        placed = self._stories.add(article, NOON)
        same = placed.relation in {"copy", "near_copy"} and placed.of is not None
        return self._numbers[placed.of or url] if same else None


def runs_of(text: str) -> list[str]:
    """Return the runs of four words of a text."""
    words = passages(text).words
    return [" ".join(words[at : at + RUN_LENGTH]) for at in range(max(1, len(words) - RUN_LENGTH + 1))]


class Lsh:
    """MinHash with LSH, as datasketch's documentation uses it."""

    def __init__(self, threshold: float) -> None:
        self._index = MinHashLSH(threshold=threshold, num_perm=128)
        self._made: list[MinHash] = []

    def add(self, text: Text) -> int | None:
        """Return the most alike of what the index finds, and remember the text."""
        made = MinHash(num_perm=128)
        made.update_batch([run.encode() for run in runs_of(text.text)])
        found = [(made.jaccard(self._made[number]), -number) for number in self._index.query(made)]
        self._index.insert(len(self._made), made)
        self._made.append(made)
        return -max(found)[1] if found else None


class Bits:
    """SimHash, with the index of its library."""

    def __init__(self) -> None:
        self._index = simhash.SimhashIndex([], k=3, log=_Silent())
        self._numbers = count()

    def add(self, text: Text) -> int | None:
        """Return the first that the index finds, and remember the text."""
        made = simhash.Simhash(runs_of(text.text))
        found = [int(number) for number in self._index.get_near_dups(made)]
        self._index.add(str(next(self._numbers)), made)
        return min(found, default=None)


class _Silent:
    """A log that says nothing."""

    def __getattr__(self, name: str) -> Callable[..., None]:
        return lambda *_: None


SYSTEMS: dict[str, Callable[[], System]] = {
    "monitor": Monitor,
    "MinHash LSH 0.5": lambda: Lsh(0.5),
    "MinHash LSH 0.7": lambda: Lsh(0.7),
    "SimHash 3": Bits,
}


def look_alikes() -> Iterator[tuple[Text, Text]]:
    """Read the pairs: `{one|other}` is what differs."""
    for path in sorted(LOOK_ALIKES.glob("*.txt")):
        for block in path.read_text("utf-8").split("\n@ ")[1:]:
            head, title, text = block.strip().split("\n", 2)
            kind, language = head.split()
            one, other = (
                Text(_side(title, side), _side(text, side), "-AB"[side], language, -1, kind) for side in (1, 2)
            )
            yield one, other


def _side(text: str, side: int) -> str:
    return re.sub(r"\{([^{}|]*)\|([^{}|]*)\}", lambda found: found[side], text)


def sentences_of(text: str) -> list[str]:
    """Return the sentences of a text, with their marks and blanks."""
    return re.findall(r".+?(?:[。！？]|[.!?]\s+|$)", text, re.DOTALL)


def reprints(rnd: random.Random, number: int, original: Text) -> Iterator[Text]:
    """Yield what editors make of an article."""
    sentences, language = sentences_of(original.text), original.language
    made: dict[str, str] = {"rehead": original.text, "lead": LEADS[language] + original.text}
    for share in (70, 55, 40):
        made[f"head{share}"] = "".join(sentences[: max(2, round(len(sentences) * share / 100))])
        made[f"drop{share}"] = "".join(part for part in sentences[1:] if rnd.random() < share / 100) or sentences[0]
    made["frame"] = "\n".join((FRAMES[language][0], original.text, FRAMES[language][1]))
    made["all55"] = "\n".join((FRAMES[language][0], LEADS[language] + made["head55"], FRAMES[language][1]))
    for kind, text in made.items():
        title = sentences[0][:24] if kind in {"rehead", "all55"} else original.title
        yield Text(title, text, f"Reprints {language}", language, number, kind)


def recall(make: Callable[[], System], originals: Sequence[Text], variants: Sequence[Text]) -> tuple[float, float]:
    """Return the share of reprints that are taken for their original or another reprint of it, and for others."""
    system = make()
    of = [number for number, _ in enumerate(originals)]
    for original in originals:
        system.add(original)
    right = wrong = 0
    for variant in variants:
        found = system.add(variant)
        right += found is not None and of[found] == variant.of
        wrong += found is not None and of[found] != variant.of
        of.append(variant.of)
    return right / len(variants), wrong / len(variants)


def wrongly_joined(make: Callable[[], System], pairs: Sequence[tuple[Text, Text]]) -> float:
    """Return the share of look-alikes that are taken for one, in either order.

    Where the other one only adds to the first (`added-`), the reverse is an abridgement.
    """
    asked = [order for pair in pairs for order in (pair, pair[::-1]) if order == pair or "added-" not in pair[0].kind]
    wrong = 0
    for one, other in asked:
        system = make()
        system.add(one)
        wrong += system.add(other) is not None
    return wrong / len(asked)


def invented(rnd: random.Random, number: int) -> Text:
    """Return an article of about 2,000 characters that shares only words with others."""
    sentences = [" ".join(rnd.choices(WORDS, cum_weights=OFTEN, k=12)).capitalize() + "." for _ in range(30)]
    return Text(f"Report {number}", " ".join(sentences), f"Site {number % 200}", "en")


def cost(make: Callable[[], System], sizes: Sequence[int]) -> dict[str, float]:
    """Return the milliseconds of one more article at each number of stored ones."""
    rnd = random.Random(1)
    system, stored, found = make(), 0, {}
    for size in sizes:
        for number in range(stored, size):
            system.add(invented(rnd, number))
        more = [invented(rnd, size + number) for number in range(200)]
        before = time.process_time()
        for text in more:
            system.add(text)
        found[f"ms at {size:,}"] = (time.process_time() - before) / len(more) * 1000
        stored = size + len(more)
    return found


def from_file(path: Path) -> tuple[list[Text], list[Text]]:
    """Read originals and their reprints."""
    read = json.loads(path.read_text("utf-8"))
    originals = [Text(each["title"], each["text"], f"O{n}", each["lang"]) for n, each in enumerate(read["originals"])]
    variants = [
        Text(each["title"], each["text"], f"Reprints {each['lang']}", each["lang"], each["of"], each["kind"])
        for each in read["variants"]
    ]
    return originals, variants


def main() -> None:
    """Measure and print a table."""
    parser = argparse.ArgumentParser(description="Reprints recognised, look-alikes joined, cost of an article.")
    parser.add_argument("--reprints", type=Path)
    parser.add_argument("--stored", default="1000,10000")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    pairs = list(look_alikes())
    rnd = random.Random(0)
    originals = [one for one, _ in pairs]
    variants = [each for number, one in enumerate(originals) for each in reprints(rnd, number, one)]
    if options.reprints:
        originals, variants = from_file(options.reprints)
    table: dict[str, dict[str, float]] = {}
    for name, make in SYSTEMS.items():
        right, wrong = recall(make, originals, variants)
        figures = {"recall": right, "wrong": wrong, "look-alikes": wrongly_joined(make, pairs)}
        table[name] = figures | cost(make, [int(size) for size in options.stored.split(",")])
    if options.json:
        print(json.dumps(table))
        return
    print(f"{len(variants)} reprints of {len(originals)} articles, {len(pairs)} look-alikes in both orders")
    names = list(next(iter(table.values())))
    print(f"{'':<18}" + "".join(f"{name:>15}" for name in names))
    for system, figures in table.items():
        print(f"{system:<18}" + "".join(f"{figures[name]:>15.3f}" for name in names))


if __name__ == "__main__":
    main()
