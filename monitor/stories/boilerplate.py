"""The boilerplate of a site: sentences that several of its articles share."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from monitor.model.fingerprints import MAX_SENTENCE_COUNT, MIN_BOILERPLATE_ARTICLES

COUNTED_FIRST_SENTENCES: Final = 24
COUNTED_LAST_SENTENCES: Final = 40
"""The number of sentences at the start and at the end of a text that are counted, because boilerplate is only there."""


def first_and_last(sentences: Sequence[int]) -> tuple[int, ...]:
    """Return the hashes of sentences that must be counted: the first and the last of a text, each only once."""
    ends = (
        sentences
        if len(sentences) <= COUNTED_FIRST_SENTENCES + COUNTED_LAST_SENTENCES
        else (*sentences[:COUNTED_FIRST_SENTENCES], *sentences[-COUNTED_LAST_SENTENCES:])
    )
    return tuple(dict.fromkeys(ends))


def boilerplate_of(counts: Mapping[int, int]) -> frozenset[int]:
    """Return the sentences that are boilerplate. `counts` has the number of other articles of the site with each."""
    return frozenset(sentence for sentence, count in counts.items() if count >= MIN_BOILERPLATE_ARTICLES)


class BoilerplateCounts:
    """Counts in memory how many articles of each site have a sentence. Sentences are given by their hashes."""

    def __init__(self) -> None:
        self._counts: dict[str, dict[int, int]] = defaultdict(dict)

    def counts(self, site: str, sentences: Iterable[int]) -> dict[int, int]:
        """Return how many articles of the site have each of these sentences, without those with the count 0."""
        known = self._counts.get(site, {})
        return {sentence: known[sentence] for sentence in sentences if sentence in known}

    def count_article(self, site: str, sentences: Iterable[int]) -> None:
        """Count the sentences of an article for its site. For a near copy, pass only those that its original lacks."""
        known = self._counts[site]
        for sentence in sentences:
            known[sentence] = min(known.get(sentence, 0) + 1, MAX_SENTENCE_COUNT)
