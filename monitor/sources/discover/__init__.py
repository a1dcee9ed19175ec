"""Finding out what to read at an address of which only the address is known. Pure: bytes in, decisions out.

    what is it?  |  what does it name?  |  which of these is about the same?

`recognise` finds what a document is by itself. `survey` reads it and lists the places that may be better, in order;
`places` knows those that are only usual. `choice` judges what was found there: a place is taken only if it is about
what the address is about.
"""

from monitor.sources.discover.choice import Verdict, judge_feed, judge_sitemap
from monitor.sources.discover.places import (
    Candidate,
    in_robots,
    is_front,
    robots_of,
    same_site,
    usual_feeds,
    usual_sitemap,
)
from monitor.sources.discover.recognise import recognised
from monitor.sources.discover.survey import Survey, survey

__all__ = [
    "Candidate",
    "Survey",
    "Verdict",
    "in_robots",
    "is_front",
    "judge_feed",
    "judge_sitemap",
    "recognised",
    "robots_of",
    "same_site",
    "survey",
    "usual_feeds",
    "usual_sitemap",
]
