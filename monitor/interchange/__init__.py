"""Import sources and rules from files of other programs, and export sources as OPML.

No I/O. Each format has its own module. `FORMATS` is in the order in which the formats are tried.
`monitor.app.import_plan` decides which parts of a file go into the configuration.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from monitor.interchange import html2rss, lists, opml, spiders, trendradar, urlwatch
from monitor.interchange.base import Format, ParsedFile, SourceCandidate, Unmapped, UnreadableFile, WordList
from monitor.interchange.opml_export import OpmlExport, export_opml
from monitor.interchange.trendradar import import_word_list
from monitor.text.decode import decode

__all__ = [
    "FORMATS",
    "LIMIT",
    "Format",
    "ImportFailed",
    "ImportedFile",
    "OpmlExport",
    "ParsedFile",
    "SourceCandidate",
    "Unmapped",
    "WordList",
    "export_opml",
    "import_word_list",
    "read_import",
]

MAX_FILE_SIZE: Final = 50 * 1024 * 1024
"""Bytes. Larger files are not imported."""

FORMATS: Final[dict[str, Format]] = {
    "opml": Format("OPML", opml.is_opml, opml.parse),
    "spiders": Format("a catalogue of spiders (JSON)", spiders.is_spider_list, spiders.parse),
    "html2rss": Format("a configuration of html2rss", html2rss.fits, html2rss.parse),
    "urlwatch": Format("jobs of urlwatch", urlwatch.is_job_list, urlwatch.parse),
    "trendradar": Format("a word list of TrendRadar", trendradar.is_word_list, trendradar.parse),
    "csv": Format("a table of feeds", lists.is_table, lists.parse_table),
    "list": Format("a list of addresses", lists.is_address_list, lists.parse_lines),
}


@dataclass(frozen=True, slots=True)
class ImportedFile:
    """A file that was read: the name of its format, and its content."""

    format: str
    parsed: ParsedFile


@dataclass(frozen=True, slots=True)
class ImportFailed:
    """A file that cannot be imported: the place, the error, and a remedy.

    `line` is 0 if the error has no single line.
    """

    line: int
    column: int
    what: str
    remedy: str


def read_import(body: bytes, format_: str | None = None) -> ImportedFile | ImportFailed:
    """Read the bytes of a file, as `format_` or as the format that is recognised.

    Run it in a child: they are untrusted.
    """
    text = decode(body, None).text.replace("\r\n", "\n").replace("\r", "\n")
    if "\0" in text:
        return ImportFailed(0, 0, "this is not a text file", _KNOWN_FORMATS)
    name = format_ or next((name for name, form in FORMATS.items() if form.fits(text)), None)
    if name is None:
        if trendradar.may_be_word_list(text):
            return ImportFailed(0, 0, "it is not clear whether these lines are words to look for", _WORD_LIST_REMEDY)
        return ImportFailed(0, 0, "unrecognised file format" if text.strip() else "the file is empty", _KNOWN_FORMATS)
    try:
        return ImportedFile(name, FORMATS[name].parse(text))
    except UnreadableFile as wrong:
        return ImportFailed(wrong.line, wrong.column, wrong.what, wrong.remedy)


_WORD_LIST_REMEDY: Final = "if this is a word list of TrendRadar, add --format trendradar"
_KNOWN_FORMATS: Final = (
    f"these can be imported: {', '.join(form.label for form in FORMATS.values())}; choose one with --format"
)
