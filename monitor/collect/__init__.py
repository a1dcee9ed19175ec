"""HALF 1: from a source to recorded matches.

    find out what to read | fetch | read | mend | read on | what is new | extract | match | group | record

`finding` looks at a place of which no kind is stated, `repair` at a page that no longer fits what is known of it;
`follow` reads a source's next pages, `parts` what an index names.

It ends in the database; `monitor.deliver` begins there. A poll is one transaction: the entries, articles, matches and
story links stand together with the validators, or none of them does, and the next poll asks for the whole answer again.
"""

from monitor.collect.apply import apply
from monitor.collect.conceal import conceal
from monitor.collect.finding import Found, NotFound, find
from monitor.collect.fulltext import ACCEPT as PAGE
from monitor.collect.further import Further
from monitor.collect.lookback import look_back
from monitor.collect.parts import with_newest
from monitor.collect.poll import Collector
from monitor.collect.pool import WORKERS, PollPool, poll_executor
from monitor.collect.reading import ARTICLE, Document, Readers, read_article, read_document
from monitor.collect.result import Collected, PollResult
from monitor.collect.rhythm import Limits
from monitor.collect.writer import result_writer

__all__ = [
    "ARTICLE",
    "PAGE",
    "WORKERS",
    "Collected",
    "Collector",
    "Document",
    "Found",
    "Further",
    "Limits",
    "NotFound",
    "PollPool",
    "PollResult",
    "Readers",
    "apply",
    "conceal",
    "find",
    "look_back",
    "poll_executor",
    "read_article",
    "read_document",
    "result_writer",
    "with_newest",
]
