"""Finding out what to read at an address of which only the address is known. Pure: bytes in, decisions out.

    what is it?  |  what does it name?  |  which of these is about the same?

`recognise` finds what a document is by itself. `survey` reads it and lists the places that may be better, in order;
`addresses` knows those that are only usual. `choice` judges what was found there: a place is taken only if it is about
what the address is about.
"""

from monitor.sources.discover.addresses import (
    EndpointCandidate,
    in_robots,
    is_front,
    robots_of,
    same_site,
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
    "in_robots",
    "is_front",
    "judge_feed",
    "judge_sitemap",
    "recognise_document",
    "robots_of",
    "same_site",
    "survey",
    "usual_feeds",
    "usual_sitemap",
]
