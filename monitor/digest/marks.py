"""Marks on a text: where matched terms stand in it, as half-open pairs of code points."""

from __future__ import annotations

from collections.abc import Iterable

from monitor.model import Excerpt

Marks = tuple[tuple[int, int], ...]


def merged(marks: Iterable[tuple[int, int]], start: int, end: int) -> Marks:
    """Those parts of `marks` that lie in `[start, end)`, sorted; what overlaps or touches is one."""
    found: list[tuple[int, int]] = []
    for first, last in sorted((max(a, start), min(b, end)) for a, b in marks):
        if first >= last:
            continue
        if found and first <= found[-1][1]:
            found[-1] = (found[-1][0], max(last, found[-1][1]))
        else:
            found.append((first, last))
    return tuple(found)


def excerpted(text: str, marks: Iterable[tuple[int, int]], start: int, end: int) -> Excerpt:
    """`text[start:end]` with each run of blanks as one blank and none at the ends; `marks` stay on their characters."""
    kept: list[str] = []
    places = []  # places[i]: where text[start + i] went
    for character in text[start:end]:
        places.append(len(kept))
        if not character.isspace():
            kept.append(character)
        elif kept and kept[-1] != " ":
            kept.append(" ")
    places.append(len(kept))
    told = "".join(kept).rstrip(" ")
    moved = ((places[a - start], places[b - start]) for a, b in merged(marks, start, end))
    return Excerpt(told, merged((_unblanked(told, a, b) for a, b in moved), 0, len(told)))


def _unblanked(text: str, start: int, end: int) -> tuple[int, int]:
    """A mark without the blanks at its ends."""
    marked = text[start:end]
    start += len(marked) - len(marked.lstrip(" "))
    return start, start + len(marked.strip(" "))
