"""The rarity of terms: a table of document counts, combined with the counts of an archive or a window."""

from __future__ import annotations

import gzip
import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Final

from monitor.stories.terms import term_code
from monitor.text.kinds import is_han

_DOCUMENT_COUNT: Final = 100_000
_UNKNOWN_TERM_COUNTS: Final = {
    True: 200.0,
    False: 150.0,
}  # assumed number of documents with a bigram (True) or a word (False) that is not in the table
_TABLE_WEIGHT: Final = 400.0  # number of documents of an archive whose counts have as much weight as the table's counts


@dataclass(frozen=True, slots=True)
class ExtraCounts:
    """The counts of an archive or a window: how many of its `documents` have each term, by the term's code."""

    documents: int
    counts: Mapping[int, int]


@cache
def document_shares() -> dict[str, float]:
    """Return the share of documents with each term of the table."""
    packed = resources.files("monitor.stories").joinpath("idf.tsv.gz").read_bytes()
    lines = (line.split("\t") for line in gzip.decompress(packed).decode().splitlines() if not line.startswith("#"))
    return {term: int(count) / _DOCUMENT_COUNT for term, count in lines}


def idf(term: str, extra_counts: ExtraCounts | None = None) -> float:
    """Return the inverse document frequency of a term: the logarithm of 1 divided by the share of documents with it.

    A term that is not in the table is at least as rare as the rarest terms of the table. `extra_counts` change the
    result more if they are of more documents.
    """
    share = document_shares().get(term)
    if share is None:
        share = _UNKNOWN_TERM_COUNTS[is_han(term[0])] / _DOCUMENT_COUNT
    if extra_counts is not None:
        share = (share * _TABLE_WEIGHT + extra_counts.counts.get(term_code(term), 0)) / (
            _TABLE_WEIGHT + extra_counts.documents
        )
    return -math.log(min(1.0, share)) + 0.0
