"""An article in the form in which its event is compared: its weighted terms, its names and its figures."""

from __future__ import annotations

import math
import re
from array import array
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from monitor.model.articles import Article
from monitor.stories.bridge import BridgeKeys, read_bridge_keys
from monitor.stories.figures import Figure, figures_of, quantities_of
from monitor.stories.gazetteer import NamedThing, find_named
from monitor.stories.idf import ExtraCounts, idf
from monitor.stories.terms import term_code, terms_of
from monitor.text.fold import fold_text
from monitor.text.kinds import HAN

VERSION: Final = 1
"""The version of this module, and of the modules and tables with which a report is read.

Increase it with every change of them, since reports of two versions cannot be compared.
"""

_MAX_TEXT_LENGTH: Final = 6_000
"""Maximum number of characters of a text that are compared. The rest is background."""

_LEAD_LENGTH: Final = 600
"""Number of characters at the start of a text that state the event."""

_TITLE_FACTOR: Final = 4
"""How many times as much a term counts in the title as in the text."""

_HAN: Final = re.compile(f"[{HAN}]")
_MAX_CHARACTERS_PER_HAN: Final = 4  # a title is Chinese if at least one in four of its characters is Chinese
_CAPITALISED_WORD: Final = re.compile(r"(?<=[\w,;:'’)] )[A-Z][\w-]+|\b[A-Z][\w-]*[A-Z0-9]\w*")
_MIN_NAME_IDF: Final = 5.0  # minimum idf of a word that is a name
_ROUND_UP_WORDS: Final = re.compile(
    r"\band more\b|\bround-?up\b|\b(?:daily|weekly|morning|evening) (?:minute|brief\w*|digest|wrap|note|news|daybook)\b"
    r"|\bthe daily\b|\bnews ?letter\b|\bdaybook\b|\bthis week in\b|\bweek in review\b|\blive (?:updates|blog)\b"
    r"|\bmarkets? today\b|\bhere[’']?s what (?:happened|to know|you)\b|\b(?:top|biggest) (?:\d+ )?stories\b"
    r"|\bheadlines\b|\bwhat to (?:know|watch) (?:today|this week)\b|\bthe week ahead\b"
    r"|^live\b ?[:|-]|\blive ?blog\b"
    r"|早报|晚报|日报[:：｜|]|周报|月报|一览|盘点|汇总|要闻|速览|早知道|周刊|回顾|合集|晨报|早餐|大事件|精选",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Terms:
    """WeightArray of terms by their codes, the heaviest first."""

    codes: array[int]
    weights: array[float]

    @classmethod
    def of(cls, weights: Mapping[str, float]) -> Terms:
        """Return the terms sorted by weight."""
        rows = sorted(((weight, term_code(term)) for term, weight in weights.items()), reverse=True)
        return cls(array("I", [code for _, code in rows]), array("f", [weight for weight, _ in rows]))

    def items(self) -> Iterable[tuple[int, float]]:
        """Return each term with its weight."""
        return zip(self.codes, self.weights, strict=True)

    def by_code(self) -> dict[int, float]:
        """Return the weight of each term."""
        return dict(self.items())


@dataclass(frozen=True, slots=True)
class Report:
    """The parts of an article that are compared. `han`: it is in Chinese.

    `terms` are a vector of length 1. `title` and `names` have the idf of each of their terms. `named` are the things of
    the gazetteer that the article names, `title_named` and `lead_named` those named in its title and at its beginning.
    """

    outlet: str
    headline: str
    han: bool
    terms: Terms
    title: Terms
    names: Terms
    figures: frozenset[Figure]
    title_figures: frozenset[Figure]
    quantities: Mapping[str, set[float]]
    named: frozenset[NamedThing]
    title_named: frozenset[NamedThing]
    lead_named: frozenset[NamedThing]
    is_round_up: bool
    bridge_keys: BridgeKeys


def read_report(article: Article, extra_counts: ExtraCounts | None = None) -> Report:
    """Return the parts of an article to compare. `extra_counts` refine the rarity of its terms."""
    title = article.title
    # Many texts begin with their title, which must not count twice.
    text = article.text[:_MAX_TEXT_LENGTH].removeprefix(title)
    title_terms, body_terms = terms_of(title), terms_of(text)
    rarity = {term: idf(term, extra_counts) for term in {*title_terms, *body_terms}}
    shown = title or text[:_LEAD_LENGTH]
    han = len(_HAN.findall(shown)) * _MAX_CHARACTERS_PER_HAN >= max(1, len(shown))
    names = _name_weights(f"{title}\n{text}", rarity, han=han)
    title_figures, title_named = figures_of(title), find_named(title_terms)
    figures, lead_named = title_figures | figures_of(text), title_named | find_named(terms_of(text[:_LEAD_LENGTH]))
    return Report(
        outlet=outlet_of(article),
        headline=title,
        han=han,
        terms=Terms.of(_term_weights(title_terms, body_terms, rarity)),
        title=Terms.of({term: rarity[term] for term in title_terms}),
        names=Terms.of(names),
        figures=figures,
        title_figures=title_figures,
        quantities=quantities_of(f"{title}\n{text[:_LEAD_LENGTH]}"),
        named=title_named | find_named(body_terms),
        title_named=title_named,
        lead_named=lead_named,
        is_round_up=_ROUND_UP_WORDS.search(title) is not None,
        bridge_keys=read_bridge_keys(
            f"{title}\n{text}", han=han, names=names, figures=figures, named=lead_named, title_named=title_named
        ),
    )


def outlet_of(article: Article) -> str:
    """Return the outlet of an article: the name of the site, else the host of the address."""
    return fold_text(article.site).strip() if article.site else (urlsplit(article.url).hostname or article.url)


def _term_weights(title: Sequence[str], body: Sequence[str], rarity: Mapping[str, float]) -> dict[str, float]:
    """Return the tf-idf weights of all terms (tf as 1 + log tf), as a vector of length 1."""
    counts = Counter(body)
    for term in title:
        counts[term] += _TITLE_FACTOR
    raw = {term: (1 + math.log(times)) * rarity[term] for term, times in counts.items()}
    length = math.sqrt(sum(weight * weight for weight in raw.values())) or 1.0
    return {term: weight / length for term, weight in raw.items()}


def _name_weights(text: str, rarity: Mapping[str, float], *, han: bool) -> dict[str, float]:
    """Return the stems of uncommon capitalised words (in Chinese text: of all Latin words), each with its idf."""
    stems = rarity if han else {stem for word in set(_CAPITALISED_WORD.findall(text)) for stem in terms_of(word)}
    return {stem: rarity[stem] for stem in stems if stem.isascii() and rarity.get(stem, 0.0) >= _MIN_NAME_IDF}
