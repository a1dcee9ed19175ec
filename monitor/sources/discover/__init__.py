"""Find out what to read at an address whose kind is not known. Pure: bytes in, decisions out.

    what is it?  |  what does it name?  |  which of these is about the same?

`recognise` finds the kind of a document. `survey` reads it and lists the addresses that may be better, in order;
`addresses` adds the usual ones. `choice` judges them: an address is taken only if it has the same subject as the given
one.
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
