"""Find the elements of each row of a list, starting from its links."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Final, NamedTuple

from lxml.html import HtmlElement

from monitor.sources.page.dated import hints_at_date, is_date, may_be_date_heading
from monitor.sources.page.document import DECORATION_TAGS, TYPE_TAGS, ancestors, links_in, text_runs, text_width
from monitor.sources.page.titles import is_label, labels_of, link_title

_NARROW_TAGS: Final = frozenset(
    {"a", "span", "td", "th", "b", "strong", "font", "em", "i", "u", "h1", "h2", "h3", "h4", "h5", "h6"}
)
_HEADING_TAGS: Final = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_BORDER_TAGS: Final = _HEADING_TAGS | {"hr", "script", "style"}
_MIN_TITLE_WIDTH: Final = 12
_MIN_REGULAR_SHARE: Final = 0.6
_MIN_ROWS: Final = 2
_ROW_TAGS: Final = frozenset({"tr", "li"})
_MAX_ELEMENTS_AFTER: Final = 6
_MAX_ELEMENTS_BEFORE: Final = 4
_MAX_LINKS_OF_ROW: Final = 4


class RowExtent(NamedTuple):
    """The elements of a row in order, and the texts next to them that belong to the row."""

    nodes: tuple[HtmlElement, ...]
    texts: tuple[str, ...] = ()


@dataclass(slots=True)
class _Gap:
    """The content between two rows in a container: elements, and text outside of elements."""

    elements: list[HtmlElement] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)

    def add_text(self, text: str | None) -> None:
        """Add text that is not in an element, line by line. In `<pre>` all text is such lines."""
        lines = [line for line in (text or "").splitlines() if line.strip()]
        self.texts += lines
        self.lines += lines

    def add_element(self, element: HtmlElement) -> None:
        """Add an element that is between the rows."""
        self.elements.append(element)
        for piece in text_runs(element):
            # Use the date of a `<time>` element if its text is no date.
            date = piece.element.get("datetime") if piece.element.tag == "time" else None
            self.lines.append(piece.text if date is None or is_date(piece.text) else date)

    def lines_of_this_row(self) -> tuple[str, ...]:
        """Return the lines that belong to the row before the gap.

        If there are two dates, a date at the end belongs to the next row.
        """
        kept = self.lines
        if len(kept) > 1 and may_be_date_heading(kept[-1]) and any(map(hints_at_date, kept[:-1])):
            kept = kept[:-1]
        return tuple(kept)

    def last_part(self, size: int = _MAX_ELEMENTS_BEFORE) -> _Gap:
        """Return the last part of the gap, with at most `size` elements."""
        return _Gap(self.elements[-size:], self.texts[-_MAX_ELEMENTS_BEFORE:], self.lines[-_MAX_ELEMENTS_BEFORE:])

    @property
    def has_element_text(self) -> bool:
        return len(self.lines) > len(self.texts)

    @property
    def has_date(self) -> bool:
        return any(map(hints_at_date, self.lines))

    @property
    def date_position(self) -> float:
        """The position of the date in the gap: -1 at the start, 1 at the end."""
        place = next(number for number, line in enumerate(self.lines) if hints_at_date(line))
        last = len(self.lines) - 1
        return 2 * place / last - 1 if last else 0


@dataclass(frozen=True, slots=True)
class _RowBorders:
    """The elements that end a row: headings, rulers, other rows, and elements with several links."""

    counts: Mapping[HtmlElement, int]
    link_counts: Mapping[HtmlElement, int]

    def __contains__(self, element: HtmlElement) -> bool:
        link_count = self.link_counts.get(element, 0)
        if element.tag in _BORDER_TAGS or self.counts.get(element, 0) > 0 or link_count > _MAX_LINKS_OF_ROW:
            return True
        return (
            link_count > 0
            and element.tag in _ROW_TAGS
            and any(text_width(link_title(link)) >= _MIN_TITLE_WIDTH for link in links_in(element))
        )


def rows_around(links: Sequence[HtmlElement], link_counts: Mapping[HtmlElement, int] | None = None) -> list[RowExtent]:
    """Return the rows around `links` (links in the same place of the tree), with the neighbouring texts of each row.

    `link_counts` has the number of links in each element of the page: an element with many links is another list.
    """
    counts = Counter(parent for link in links for parent in ancestors(link))
    rows = _merge_parts(_rows_at_best_level(_largest_single_link_elements(links, counts), counts), links)
    if len(rows) < _MIN_ROWS:
        return []
    by_parent: defaultdict[HtmlElement, list[HtmlElement]] = defaultdict(list)
    for row in rows:
        parent = row.getparent()
        if parent is not None:
            by_parent[parent].append(row)
    return [
        block
        for parent, group in by_parent.items()
        for block in _with_neighbours(parent, group, _RowBorders(counts, link_counts or {}))
    ]


def _largest_single_link_elements(
    links: Sequence[HtmlElement], counts: Counter[HtmlElement]
) -> list[tuple[HtmlElement, int]]:
    """Return, for each link, the largest element with only this link, and the number of levels between the two."""
    found = []
    for link in links:
        height = 0
        for parent in ancestors(link):
            if counts[parent] > 1 or parent.tag in ("body", "html"):
                break
            height += parent.tag not in DECORATION_TAGS
        found.append((link, height))
    return found


def _rows_at_best_level(
    links_with_height: Sequence[tuple[HtmlElement, int]], counts: Mapping[HtmlElement, int]
) -> list[HtmlElement]:
    """Return elements for the rows, all at the same height above their links: the height that most rows have.

    With different heights, the only row of a list would be too large, and a row with two links would be split.
    """
    if not links_with_height:
        return []
    usual_height = Counter(height for _, height in links_with_height).most_common(1)[0][0]
    rows: dict[HtmlElement, list[HtmlElement]] = {}
    for link, _ in links_with_height:
        levels = (parent for parent in ancestors(link) if parent.tag not in DECORATION_TAGS)
        row = next(islice(levels, usual_height - 1, usual_height), link) if usual_height else link
        rows.setdefault(_with_decoration(row, counts), []).append(link)
    level: list[HtmlElement] = []
    for row, links in rows.items():
        several = len(links) > 1 and sum(text_width(link_title(link)) >= _MIN_TITLE_WIDTH for link in links) > 1
        level.extend(links if several else [row])
    return level


def _with_decoration(row: HtmlElement, counts: Mapping[HtmlElement, int]) -> HtmlElement:
    """Return the row together with bold or similar markup around it: the outermost such element, else the row."""
    parent = row.getparent()
    while parent is not None and parent.tag in TYPE_TAGS and counts[parent] == 1:
        row, parent = parent, parent.getparent()
    return row


def _merge_parts(rows: list[HtmlElement], links: Sequence[HtmlElement]) -> list[HtmlElement]:
    """Replace elements that are only parts of a row (two links in a table row) by the element of the row."""
    labels = labels_of(links)
    for _ in range(2):
        shared = Counter(row.getparent() for row in rows if row.tag in _NARROW_TAGS)
        parents = {parent for parent, n in shared.items() if parent is not None and (n > 1 or parent.tag == "tr")}
        if len(parents) < _MIN_ROWS or len(parents) * 2 < len(shared):
            return rows
        if _count_titles(parents, links, labels) > 1.2 * len(parents):
            return rows
        holders = (row.getparent() if row.tag in _NARROW_TAGS else None for row in rows)
        rows = list(dict.fromkeys(row if holder is None else holder for row, holder in zip(rows, holders, strict=True)))
    return rows


def _count_titles(rows: set[HtmlElement], links: Sequence[HtmlElement], labels: frozenset[str]) -> int:
    """Count the titles in the elements. Labels count only if there are no titles."""
    titles_of_row: defaultdict[HtmlElement, list[str]] = defaultdict(list)
    for link in links:
        title = link_title(link)
        row = next((parent for parent in ancestors(link) if parent in rows), None)
        if row is not None and text_width(title) >= _MIN_TITLE_WIDTH:
            titles_of_row[row].append(title)
    return sum(sum(title not in labels for title in titles) or len(titles) for titles in titles_of_row.values())


def _with_neighbours(parent: HtmlElement, rows: Sequence[HtmlElement], borders: _RowBorders) -> Iterator[RowExtent]:
    """Yield the rows of one container, with the texts between rows if most rows have such texts.

    A text belongs to the row before it. It belongs to the next row if dates are directly before rows and there is no
    date after the last row, or if the links only say what can be done with the text before them ("download").
    """
    links = [next(links_in(row), row) for row in rows]
    only_labels = all(
        is_label(link_title(link), ()) and text_width(str(row.text_content())) <= text_width(str(link.text_content()))
        for row, link in zip(rows, links, strict=True)
    )
    gaps = _gaps_between(parent, set(rows), borders, headings_belong_to_rows=only_labels)
    after = [gaps.get(row, _Gap()) for row in rows]
    sizes = Counter(len(gap.elements) for gap in after[:-1])
    usual_size = sizes.most_common(1)[0][0] if sizes else _MAX_ELEMENTS_BEFORE
    before = [gaps[None].last_part(max(1, usual_size)), *after[:-1]]
    takes_loose_text = all(row.tag in _NARROW_TAGS for row in rows) and parent.tag not in ("tr", "table")
    is_regular = max(
        sum(gap.has_element_text for gap in after), sum(gap.has_date for gap in before)
    ) >= _MIN_REGULAR_SHARE * len(rows)
    if not takes_loose_text and not is_regular:
        yield from (RowExtent((row,)) for row in rows)
        return
    if before[0].lines if only_labels else _belongs_to_next(gaps, after):
        after = before
    for row, gap in zip(rows, after, strict=True):
        yield RowExtent((row,), gap.lines_of_this_row()) if takes_loose_text else RowExtent((row, *gap.elements))


def _belongs_to_next(gaps: Mapping[HtmlElement | None, _Gap], after: Sequence[_Gap]) -> bool:
    """Return whether the texts between rows belong to the next row, judged by where their dates are."""
    positions = [gap.date_position for gap in after[:-1] if gap.has_date]
    if not positions or sum(positions) < 0:
        return False
    if gaps[None].last_part().has_date:
        return sum(positions) > 0 or not after[-1].has_date
    return sum(positions) > 0 and not after[-1].has_date


def _gaps_between(
    parent: HtmlElement, rows: set[HtmlElement], borders: _RowBorders, *, headings_belong_to_rows: bool = False
) -> dict[HtmlElement | None, _Gap]:
    """Return the gap after each row, by the row; the gap before the first row has the key None.

    `headings_belong_to_rows` means that a heading does not end a row.
    """
    last: HtmlElement | None = None
    gaps = {last: _Gap()}
    gaps[last].add_text(parent.text)
    within = True
    for child in parent:
        if child in rows:
            last, within = child, True
            gaps[last] = _Gap()
        elif child in borders and not (headings_belong_to_rows and child.tag in _HEADING_TAGS):
            within = last is None
        elif within and child.tag != "br" and (last is None or len(gaps[last].elements) < _MAX_ELEMENTS_AFTER):
            gaps[last].add_element(child)
        if within:
            gaps[last].add_text(child.tail)
    return gaps
