"""Watches news feeds and government pages for announcements and sends digests.

The pipeline has two halves, which communicate only through the database:

    collect:  source | fetch | read | what is new | extract | match | group | record
    deliver:  due digest | edition | render | freeze | claim | send | mark

The parts without I/O are also a public API. Each name is loaded when it is first used, so `import monitor` is fast.

    reading = monitor.read(body, url=url, now=now)                     # bytes → entries
    article = monitor.extract(page, url=url, now=now)                  # bytes → the article on a page
    rules = monitor.compile_rules({"web3": '"Web 3.0" OR 互联网3.0'})    # expressions → a rule set
    rules.match("Chongqing aims to gain upper hand in Web 3.0")        # a text → matches with spans
    monitor.Stories().add(article, now)                                # an article → new, or a copy of another one
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from monitor.articles import extract
    from monitor.errors import ConfigError, MonitorError, RuleError, UserError
    from monitor.interchange import WordList, import_word_list
    from monitor.model import Article, Entry, Match, Moment, Placement, Reading, Span
    from monitor.rules import Explanation, RuleSet, RuleWarning, compile_rules
    from monitor.sources import read
    from monitor.stories import Stories
    from monitor.text.address import canonical_url
    from monitor.text.dates import parse_moment

_MODULES = {
    "Article": "monitor.model",
    "ConfigError": "monitor.errors",
    "Entry": "monitor.model",
    "Explanation": "monitor.rules",
    "Match": "monitor.model",
    "Moment": "monitor.model",
    "MonitorError": "monitor.errors",
    "Placement": "monitor.model",
    "Reading": "monitor.model",
    "RuleError": "monitor.errors",
    "RuleSet": "monitor.rules",
    "RuleWarning": "monitor.rules",
    "Span": "monitor.model",
    "Stories": "monitor.stories",
    "UserError": "monitor.errors",
    "WordList": "monitor.interchange",
    "canonical_url": "monitor.text.address",
    "compile_rules": "monitor.rules",
    "extract": "monitor.articles",
    "import_word_list": "monitor.interchange",
    "parse_moment": "monitor.text.dates",
    "read": "monitor.sources",
}

__all__ = [
    "Article",
    "ConfigError",
    "Entry",
    "Explanation",
    "Match",
    "Moment",
    "MonitorError",
    "Placement",
    "Reading",
    "RuleError",
    "RuleSet",
    "RuleWarning",
    "Span",
    "Stories",
    "UserError",
    "WordList",
    "canonical_url",
    "compile_rules",
    "extract",
    "import_word_list",
    "parse_moment",
    "read",
]


def __getattr__(name: str) -> Any:
    """Import a name of the API when it is first used (PEP 562)."""
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_MODULES[name]), name)


def __dir__() -> list[str]:
    return sorted((*globals(), *__all__))
