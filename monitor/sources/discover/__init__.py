"""Find the best source at an address of unknown kind: a feed, a sitemap or the page itself. Pure: no I/O.

`recognise` finds the kind of a document. `survey` reads the document and lists the addresses that it names and that may
be better to read, the best first. `addresses` adds usual addresses of feeds and sitemaps. `choice` judges these
addresses: one is chosen only if it has the same subject as the given address.
"""

from monitor.sources.discover.addresses import (
    EndpointCandidate,
    is_front_page,
    is_same_host,
    robots_url,
    sitemaps_in_robots,
    usual_feeds,
    usual_sitemap,
)
from monitor.sources.discover.choice import Judgement, judge_feed, judge_sitemap
from monitor.sources.discover.recognise import recognise_document
from monitor.sources.discover.survey import Survey, survey

__all__ = [
    "EndpointCandidate",
    "Judgement",
    "Survey",
    "is_front_page",
    "is_same_host",
    "judge_feed",
    "judge_sitemap",
    "recognise_document",
    "robots_url",
    "sitemaps_in_robots",
    "survey",
    "usual_feeds",
    "usual_sitemap",
]
