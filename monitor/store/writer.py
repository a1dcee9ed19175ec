"""What may be written, by topic; a `Writer` is handed out for one transaction and does all of it."""

from __future__ import annotations

from monitor.store.archive import ArchiveWriter
from monitor.store.parts import PartWriter
from monitor.store.polls import PollWriter
from monitor.store.readdress import ReaddressWriter


class Writer(ArchiveWriter, PollWriter, PartWriter, ReaddressWriter):
    """The store's hand within one transaction. What it reads is what it wrote: nobody else writes meanwhile."""
