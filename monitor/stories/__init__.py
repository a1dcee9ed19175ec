"""The same thing again? Pure.

`identity` knows an article again by what names it: its canonical address, its very text. It knows the entries of a
source again by their keys, or when it moved by their titles.
"""

from monitor.stories.identity import (
    DedupIndex,
    DedupResult,
    content_hash,
    is_another,
    known_by_key,
    known_by_title,
    text_key,
)

__all__ = [
    "DedupIndex",
    "DedupResult",
    "content_hash",
    "is_another",
    "known_by_key",
    "known_by_title",
    "text_key",
]
