"""HALF 1: from a source to recorded matches.

    fetch | read | what is new | extract | match | group | record

It ends in the database; `monitor.deliver` begins there. A poll is one transaction: the entries, articles, matches and
story links stand together with the validators, or none of them does, and the next poll asks for the whole answer again.
"""

from monitor.collect.poll import Collected, Collector, Readers
from monitor.collect.rhythm import Limits
from monitor.collect.round import collect_all

__all__ = ["Collected", "Collector", "Limits", "Readers", "collect_all"]
