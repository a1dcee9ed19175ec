"""The extent of rows: from the links of a list to the elements that make up its rows."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Final, NamedTuple

from lxml.html import HtmlElement

from monitor.sources.page.dated import heads_with_date, hints_at_date, is_date
from monitor.sources.page.document import DECORATION, TYPE, ancestors, links_in, pieces, weight
from monitor.sources.page.titles import is_label, labels_of, link_title

_NARROW: Final = frozenset(
    {"a", "span", "td", "th", "b", "strong", "font", "em", "i", "u", "h1", "h2", "h3", "h4", "h5", "h6"}
)
_HEADINGS: Final = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_BORDERS: Final = _HEADINGS | {"hr", "script", "style"}
_STRONG: Final = 12
_REGULAR: Final = 0.6
_FEWEST: Final = 2
_ROWS: Final = frozenset({"tr", "li"})
_MOST_AFTER: Final = 6
_MOST_BEFORE: Final = 4
_MOST_LINKS: Final = 4


class RowExtent(NamedTuple):
    """The elements of a row in their order, and the texts next to them that belong to it."""

    nodes: tuple[HtmlElement, ...]
    texts: tuple[str, ...] = ()


@dataclass(slots=True)
class _Gap:
    """The content between two rows of a container: elements, and texts outside of elements."""

    elements: list[HtmlElement] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)

    def add(self, text: str | None) -> None:
        """Add loose text, line by line: in `<pre>` the lines are all there is."""
        stated = [line for line in (text or "").splitlines() if line.strip()]
        self.texts += stated
        self.lines += stated

    def take(self, element: HtmlElement) -> None:
        """Add an element that is between the rows."""
        self.elements.append(element)
        for piece in pieces(element):
            # A `<time>` whose words are no date says the date that it has.
            stated = piece.element.get("datetime") if piece.element.tag == "time" else None
            self.lines.append(piece.text if stated is None or is_date(piece.text) else stated)

    def own(self) -> tuple[str, ...]:
        """Return the lines without a date at the end that belongs to the next row: another date comes before it."""
        kept = self.lines
        if len(kept) > 1 and heads_with_date(kept[-1]) and any(map(hints_at_date, kept[:-1])):
            kept = kept[:-1]
        return tuple(kept)

    def end(self, size: int = _MOST_BEFORE) -> _Gap:
        """Return the last part of it, `size` elements at most."""
        return _Gap(self.elements[-size:], self.texts[-_MOST_BEFORE:], self.lines[-_MOST_BEFORE:])

    @property
    def says(self) -> bool:
        return len(self.lines) > len(self.texts)

    @property
    def dated(self) -> bool:
        return any(map(hints_at_date, self.lines))

    @property
    def lean(self) -> float:
        """The position of its date: -1 at the start, 1 at the end."""
        place = next(number for number, line in enumerate(self.lines) if hints_at_date(line))
        last = len(self.lines) - 1
        return 2 * place / last - 1 if last else 0


@dataclass(frozen=True, slots=True)
class _Borders:
    """What ends a row: a heading, a ruler, other rows (also of another form), and elements with several links."""

    counts: Mapping[HtmlElement, int]
    spread: Mapping[HtmlElement, int]

    def __contains__(self, element: HtmlElement) -> bool:
        held = self.spread.get(element, 0)
        if element.tag in _BORDERS or self.counts.get(element, 0) > 0 or held > _MOST_LINKS:
            return True
        return (
            held > 0 and element.tag in _ROWS and any(weight(link_title(link)) >= _STRONG for link in links_in(element))
        )


def blocks_of(links: Sequence[HtmlElement], spread: Mapping[HtmlElement, int] | None = None) -> list[RowExtent]:
    """Return the rows around links at the same place, each with the neighbouring texts that belong to it.

    `spread` says how many links each element of the page holds: an element with many is another list.
    """
    counts = Counter(parent for link in links for parent in ancestors(link))
    rows = _merge_parts(_rows_at_best_level(_largest(links, counts), counts), links)
    if len(rows) < _FEWEST:
        return []
    by_parent: defaultdict[HtmlElement, list[HtmlElement]] = defaultdict(list)
    for row in rows:
        parent = row.getparent()
        if parent is not None:
            by_parent[parent].append(row)
    return [
        block
        for parent, group in by_parent.items()
        for block in _with_neighbours(parent, group, _Borders(counts, spread or {}))
    ]


def _largest(links: Sequence[HtmlElement], counts: Counter[HtmlElement]) -> list[tuple[HtmlElement, int]]:
    """Return for each link the largest element in which it is alone, and how many levels that is above it."""
    found = []
    for link in links:
        height = 0
        for parent in ancestors(link):
            if counts[parent] > 1 or parent.tag in ("body", "html"):
                break
            height += parent.tag not in DECORATION
        found.append((link, height))
    return found


def _rows_at_best_level(
    found: Sequence[tuple[HtmlElement, int]], counts: Mapping[HtmlElement, int]
) -> list[HtmlElement]:
    """Return the rows at the level of most of them.

    At its own level, a row that is alone in its list would be too large, and one with two links would be split.
    """
    if not found:
        return []
    usual = Counter(height for _, height in found).most_common(1)[0][0]
    rows: dict[HtmlElement, list[HtmlElement]] = {}
    for link, _ in found:
        levels = (parent for parent in ancestors(link) if parent.tag not in DECORATION)
        row = next(islice(levels, usual - 1, usual), link) if usual else link
        rows.setdefault(_with_decoration(row, counts), []).append(link)
    level: list[HtmlElement] = []
    for row, links in rows.items():
        several = len(links) > 1 and sum(weight(link_title(link)) >= _STRONG for link in links) > 1
        level.extend(links if several else [row])
    return level


def _with_decoration(row: HtmlElement, counts: Mapping[HtmlElement, int]) -> HtmlElement:
    """Return a row with the bold or similar markup around it."""
    parent = row.getparent()
    while parent is not None and parent.tag in TYPE and counts[parent] == 1:
        row, parent = parent, parent.getparent()
    return row


def _merge_parts(rows: list[HtmlElement], links: Sequence[HtmlElement]) -> list[HtmlElement]:
    """Replace rows that are parts of rows (two links in a table row) by the elements around them."""
    labels = labels_of(links)
    for _ in range(2):
        shared = Counter(row.getparent() for row in rows if row.tag in _NARROW)
        held = {parent for parent, n in shared.items() if parent is not None and (n > 1 or parent.tag == "tr")}
        if len(held) < _FEWEST or len(held) * 2 < len(shared):
            return rows
        if _titles_in(held, links, labels) > 1.2 * len(held):
            return rows
        holders = (row.getparent() if row.tag in _NARROW else None for row in rows)
        rows = list(dict.fromkeys(row if holder is None else holder for row, holder in zip(rows, holders, strict=True)))
    return rows


def _titles_in(held: set[HtmlElement], links: Sequence[HtmlElement], labels: frozenset[str]) -> int:
    """Count the titles in the elements; labels count only if there is nothing else."""
    said: defaultdict[HtmlElement, list[str]] = defaultdict(list)
    for link in links:
        title = link_title(link)
        home = next((parent for parent in ancestors(link) if parent in held), None)
        if home is not None and weight(title) >= _STRONG:
            said[home].append(title)
    return sum(sum(title not in labels for title in titles) or len(titles) for titles in said.values())


def _with_neighbours(parent: HtmlElement, rows: Sequence[HtmlElement], borders: _Borders) -> Iterator[RowExtent]:
    """Yield the rows of one container, with the texts between them if most rows have some.

    A text belongs to the row before it; but to the next one if dates come right before rows, and none after the last,
    or if the links only say what can be done with the text before them.
    """
    links = [next(links_in(row), row) for row in rows]
    only_labels = all(
        is_label(link_title(link), ()) and weight(str(row.text_content())) <= weight(str(link.text_content()))
        for row, link in zip(rows, links, strict=True)
    )
    gaps = _gaps(parent, set(rows), borders, headed=only_labels)
    after = [gaps.get(row, _Gap()) for row in rows]
    sizes = Counter(len(gap.elements) for gap in after[:-1])
    usual = sizes.most_common(1)[0][0] if sizes else _MOST_BEFORE
    before = [gaps[None].end(max(1, usual)), *after[:-1]]
    loose = all(row.tag in _NARROW for row in rows) and parent.tag not in ("tr", "table")
    regular = max(sum(gap.says for gap in after), sum(gap.dated for gap in before)) >= _REGULAR * len(rows)
    if not loose and not regular:
        yield from (RowExtent((row,)) for row in rows)
        return
    if before[0].lines if only_labels else _belongs_to_next(gaps, after):
        after = before
    for row, gap in zip(rows, after, strict=True):
        yield RowExtent((row,), gap.own()) if loose else RowExtent((row, *gap.elements))


def _belongs_to_next(gaps: Mapping[HtmlElement | None, _Gap], after: Sequence[_Gap]) -> bool:
    """Return whether the texts between rows belong to the next row, judged by the positions of dates."""
    leans = [gap.lean for gap in after[:-1] if gap.dated]
    if not leans or sum(leans) < 0:
        return False
    if gaps[None].end().dated:
        return sum(leans) > 0 or not after[-1].dated
    return sum(leans) > 0 and not after[-1].dated


def _gaps(
    parent: HtmlElement, rows: set[HtmlElement], borders: _Borders, *, headed: bool = False
) -> dict[HtmlElement | None, _Gap]:
    """Return the gap after each row; under None the one before the first. If `headed`, headings belong to rows."""
    last: HtmlElement | None = None
    gaps = {last: _Gap()}
    gaps[last].add(parent.text)
    within = True
    for child in parent:
        if child in rows:
            last, within = child, True
            gaps[last] = _Gap()
        elif child in borders and not (headed and child.tag in _HEADINGS):
            within = last is None
        elif within and child.tag != "br" and (last is None or len(gaps[last].elements) < _MOST_AFTER):
            gaps[last].take(child)
        if within:
            gaps[last].add(child.tail)
    return gaps
