"""Show texts as one line with marked terms, for the terminal."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from monitor.model import Span

CONTEXT = 40  # code points shown before and after each term of a long text


def mark_terms(text: str, spans: Iterable[Span]) -> str:
    """Return the text as one line with its terms in brackets, shortened to the parts around the terms."""
    return _mark_spans(text, without_overlaps(spans))


def excerpt(text: str, spans: Iterable[Span], most: int) -> str:
    """Return the text around its first `most` terms; the beginning of the text if it has no terms."""
    kept = without_overlaps(spans)
    end = 4 * CONTEXT if not kept else len(text)
    if len(kept) > most:
        end = kept[most - 1].end + CONTEXT
    shown = [span for span in kept if span.end <= end]
    line = _mark_spans(text[:end], shown) if shown else _line([text[:end]])
    return f"{line}…" if end < len(text) else line


def without_overlaps(spans: Iterable[Span]) -> list[Span]:
    """Return the spans in order, without spans that overlap an earlier span."""
    kept: list[Span] = []
    for span in sorted(spans, key=lambda span: (span.start, -span.end)):
        if not kept or span.start >= kept[-1].end:
            kept.append(span)
    return kept


def _mark_spans(text: str, spans: Sequence[Span]) -> str:
    parts: list[str] = []
    done = 0
    for span in spans:
        parts += [_shorten_gap(text[done : span.start], first=not parts), f"[{text[span.start : span.end]}]"]
        done = span.end
    return _line([*parts, _shorten_gap(text[done:], first=not parts, last=True)])


def _line(parts: Sequence[str]) -> str:
    return " ".join("".join(parts).split())


def _shorten_gap(between: str, *, first: bool = False, last: bool = False) -> str:
    if len(between) <= 2 * CONTEXT:
        return between
    head = "" if first and not last else between[:CONTEXT]
    return f"{head}…{'' if last else between[-CONTEXT:]}"
