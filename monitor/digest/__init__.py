"""From a schedule to windows, from matches to an edition, and from an edition to text and back. Pure."""

from monitor.digest.codec import dump, load
from monitor.digest.edition import build_edition
from monitor.digest.schedule import Schedule, due_window, next_due, parse_schedule
from monitor.digest.subscription import Digest

__all__ = ["Digest", "Schedule", "build_edition", "due_window", "dump", "load", "next_due", "parse_schedule"]
