"""An article from what its source lists of it, without its page."""

from __future__ import annotations

from monitor.model import Article, Entry
from monitor.text.fold import folded

_ELLIPSES = " .…[]()"


def article_of(entry: Entry, *, site: str | None = None, language: str | None = None) -> Article:
    """The article that `entry` tells of: its text is the entry's content or summary.

    Both are kept where the summary says something that the content does not, since a rule may ask for just that.
    `site` and `language` are those of the whole source, taken where the entry names none.
    """
    return Article(
        url=entry.url,
        title=entry.title,
        text=_text(entry.summary, entry.content),
        published=entry.published or entry.updated,
        language=entry.language or language,
        site=site,
        authors=(entry.author,) if entry.author else (),
    )


def _text(summary: str, content: str) -> str:
    if not content or not summary:
        return content or summary
    opening = folded(summary).strip(_ELLIPSES)
    return content if opening in folded(content) else f"{summary}\n\n{content}"
