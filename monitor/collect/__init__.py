"""HALF 1: from a source to recorded matches.

    fetch | read | what is new | extract | match | group | record

It ends in the database; `monitor.deliver` begins there. A poll is one transaction: the entries, articles, matches and
story links stand together with the validators, or none of them does, and the next poll asks for the whole answer again.
"""

from monitor.collect.lookback import look_back
from monitor.collect.poll import Collector
from monitor.collect.reading import Document, Readers, read_document
from monitor.collect.rhythm import Limits
from monitor.collect.round import LANES_PER_HOST, WORKERS, collect_all, contained
from monitor.collect.visit import Collected

__all__ = [
    "LANES_PER_HOST",
    "WORKERS",
    "Collected",
    "Collector",
    "Document",
    "Limits",
    "Readers",
    "collect_all",
    "contained",
    "look_back",
    "read_document",
]
