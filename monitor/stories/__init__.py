"""The same thing again? Pure.

`identity` knows an article again by what names it: its key in a source, its canonical address, its very text.
"""

from monitor.stories.identity import Neighbours, Verdict, content_hash, text_key

__all__ = ["Neighbours", "Verdict", "content_hash", "text_key"]
