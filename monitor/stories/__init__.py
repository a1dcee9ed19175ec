"""Recognise articles about the same thing. Pure.

`identity` recognises an article by its canonical address or its exact text, and the entries of a source by their keys.
`renamed` recognises the entries of a source that moved by their titles. `fingerprint` finds the earlier articles of
which a new article may be a near copy. `near` compares the two articles, `vetoes` keeps apart articles that only look
alike, and `boilerplate` finds the sentences that a site adds to all of its articles. `placing` combines these four into
one decision. `events` finds the reports of one event in several outlets. `stories` puts a stream of articles into
stories. `edits` says what an edit of an article changed, and `edit_series` what several changed altogether.
"""

from monitor.model.fingerprints import EarlierArticle, Fingerprint
from monitor.stories.boilerplate import BoilerplateCounts
from monitor.stories.edit_series import merge_edits
from monitor.stories.edits import compare, compare_texts, compare_titles
from monitor.stories.events import EventPlacement, Events
from monitor.stories.fingerprint import fingerprint
from monitor.stories.identity import (
    DedupIndex,
    DedupResult,
    address_stated_by_page,
    content_hash,
    has_new_key,
    known_by_key,
    text_key,
)
from monitor.stories.near import LaterArticle, NearVerdict, site_of
from monitor.stories.placing import NearDecision, StoryIndex, find_near, read_article, sentences_to_count
from monitor.stories.renamed import is_other_article, known_by_title
from monitor.stories.stories import EventDecision, MemoryIndex, Stories, decide_event
from monitor.stories.vetoes import Veto

__all__ = [
    "BoilerplateCounts",
    "DedupIndex",
    "DedupResult",
    "EarlierArticle",
    "EventDecision",
    "EventPlacement",
    "Events",
    "Fingerprint",
    "LaterArticle",
    "MemoryIndex",
    "NearDecision",
    "NearVerdict",
    "Stories",
    "StoryIndex",
    "Veto",
    "address_stated_by_page",
    "compare",
    "compare_texts",
    "compare_titles",
    "content_hash",
    "decide_event",
    "find_near",
    "fingerprint",
    "has_new_key",
    "is_other_article",
    "known_by_key",
    "known_by_title",
    "merge_edits",
    "read_article",
    "sentences_to_count",
    "site_of",
    "text_key",
]
