"""The first half of the program: from a source to recorded matches.

    locate → retrieve → read → diff → articles → decide → apply

`poll` has these steps. `locate` chooses the endpoint: stated, remembered, or found by `discovery`. `retrieve` makes one
snapshot of all documents at the endpoint: the first document, next pages, and the sitemaps of an index (`sitemaps`).
`relocate` finds the list of a redesigned page again. `diff` says which entries are new or changed. `articles` gets
their pages. `decide` is pure: it decides everything that follows, with reasons. `apply` writes these decisions. `pool`
runs polls in parallel, and `writer` writes many results in one transaction. `rereading` reads the pages of sent
articles again.

This half ends in the database, where `monitor.deliver` begins. A poll is written in one transaction: either its
entries, articles, matches, story links and validators are all written, or nothing is. In the latter case the next poll
requests the whole answer again.
"""

from monitor.collect.articles import ACCEPT as PAGE
from monitor.collect.backfill import run_backfill
from monitor.collect.discovery import Discovery, DiscoveryFailed, discover
from monitor.collect.documents import ARTICLE, AnyDocument, Document, DocumentFetcher, read_article, read_list
from monitor.collect.grouping import fingerprint_archive
from monitor.collect.poll import Collector
from monitor.collect.pool import WORKERS, PollPool, poll_executor
from monitor.collect.ports import Readers
from monitor.collect.reports import RecentReports
from monitor.collect.rereading import Sighting, decide_reread, record_reread, reread_pages
from monitor.collect.result import Collected, PollResult
from monitor.collect.robots import Robots, RobotsFiles
from monitor.collect.schedule import Limits
from monitor.collect.sitemaps import add_newest_entries
from monitor.collect.spread import StartSpread
from monitor.collect.writer import result_writer

__all__ = [
    "ARTICLE",
    "PAGE",
    "WORKERS",
    "AnyDocument",
    "Collected",
    "Collector",
    "Discovery",
    "DiscoveryFailed",
    "Document",
    "DocumentFetcher",
    "Limits",
    "PollPool",
    "PollResult",
    "Readers",
    "RecentReports",
    "Robots",
    "RobotsFiles",
    "Sighting",
    "StartSpread",
    "add_newest_entries",
    "decide_reread",
    "discover",
    "fingerprint_archive",
    "poll_executor",
    "read_article",
    "read_list",
    "record_reread",
    "reread_pages",
    "result_writer",
    "run_backfill",
]
