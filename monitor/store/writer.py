"""What may be written, by topic; a `Writer` is handed out for one transaction and does all of it."""

from __future__ import annotations

from monitor.store.archive import ArchiveWriter
from monitor.store.binding import EditionWriter
from monitor.store.parts import PartWriter
from monitor.store.polls import PollWriter


class Writer(ArchiveWriter, PollWriter, PartWriter, EditionWriter):
    """The store's hand within one transaction. What it reads is what it wrote: nobody else writes meanwhile."""
