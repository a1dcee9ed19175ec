"""Files of other programs, in and out: bytes → text → the sources and rules that it holds; sources → OPML.

Pure. One file for each format; the registry is in the order in which a text is tried. What the configuration takes of a
file is decided by who imports it (`monitor.app.import_plan`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from monitor.interchange import html2rss, lists, opml, spiders, trendradar, urlwatch
from monitor.interchange.base import Candidate, Format, Parsed, Unmapped, Unreadable, WordList
from monitor.interchange.opml_export import Exported, export_opml
from monitor.interchange.trendradar import import_word_list
from monitor.text.decode import decode

__all__ = [
    "FORMATS",
    "LIMIT",
    "Broken",
    "Candidate",
    "Exported",
    "Format",
    "Parsed",
    "Read",
    "Unmapped",
    "WordList",
    "export_opml",
    "import_word_list",
    "read_import",
]

LIMIT: Final = 50 * 1024 * 1024
"""Bytes of a file that is imported."""

FORMATS: Final[dict[str, Format]] = {
    "opml": Format("OPML", opml.fits, opml.parse),
    "spiders": Format("a catalogue of spiders (JSON)", spiders.fits, spiders.parse),
    "html2rss": Format("a configuration of html2rss", html2rss.fits, html2rss.parse),
    "urlwatch": Format("jobs of urlwatch", urlwatch.fits, urlwatch.parse),
    "trendradar": Format("a word list of TrendRadar", trendradar.fits, trendradar.parse),
    "csv": Format("a table of feeds", lists.fits_table, lists.parse_table),
    "list": Format("a list of addresses", lists.fits_lines, lists.parse_lines),
}


@dataclass(frozen=True, slots=True)
class Read:
    """A file that was read: the name of its format, and what it holds."""

    format: str
    parsed: Parsed


@dataclass(frozen=True, slots=True)
class Broken:
    """A file that was not: its place, what is wrong, and what to do. `line` 0 is no line."""

    line: int
    column: int
    what: str
    remedy: str


def read_import(body: bytes, format_: str | None = None) -> Read | Broken:
    """Read the bytes of a file, as `format_` or as what they look like. They are hostile: run it within limits."""
    text = decode(body, None).text.replace("\r\n", "\n").replace("\r", "\n")
    if "\0" in text:
        return Broken(0, 0, "this is no text", _KNOWN)
    name = format_ or next((name for name, form in FORMATS.items() if form.fits(text)), None)
    if name is None:
        if trendradar.may_fit(text):
            return Broken(0, 0, "nothing tells whether these lines are words to look for", _WORDS)
        return Broken(0, 0, "nothing tells what this is" if text.strip() else "this is empty", _KNOWN)
    try:
        return Read(name, FORMATS[name].parse(text))
    except Unreadable as wrong:
        return Broken(wrong.line, wrong.column, wrong.what, wrong.remedy)


_WORDS: Final = "if each line is a word of a list for TrendRadar, say --format trendradar"
_KNOWN: Final = f"what can be imported: {', '.join(form.label for form in FORMATS.values())}; --format says which it is"
