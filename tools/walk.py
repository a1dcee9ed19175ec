"""Print what one new entry walks through, from a poll to a sent mail: functions of our own modules, and their files.

    python tools/walk.py [--json] [--against unmodified|known] [TREE]

The program is put together as `monitor once` puts it together, with the readers in this process, and makes passes over
an RSS source on loopback with a mail server on loopback. Printed are the functions that run in a pass in which one
matching entry is new and not in a pass without a new one: one in which the server answers "not modified" (`unmodified`,
the default), or one in which it shows another document with known entries only (`known`). All passes are warm: the
source was polled and a mail was sent before. Comprehensions, lambdas and generated methods count as part of what they
are in.

TREE is another checkout of the project to measure, for a comparison; this file's own is the default.
"""

from __future__ import annotations

import argparse
import datetime as dt
import importlib
import json
import sys
import tempfile
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import CodeType, FrameType
from typing import Any, NamedTuple

ROOT = Path(__file__).resolve().parent.parent
WIRINGS = ("monitor.app.wiring", "monitor.wiring")
"""Where a tree may keep `open_program`."""
LATER_FILES = (
    *("stories/", "collect/grouping.py", "collect/reports.py", "store/stories.py", "model/fingerprints.py"),
    *("collect/delta.py", "collect/memory.py", "sources/feed/delta.py", "sources/feed/slices.py", "store/feeds.py"),
    *("collect/doubts.py", "collect/rhythm.py", "notices/silent.py", "sources/feed/hints.py"),
)
"""What the program did not do when the pipe was made straight: find near copies and events, skip the known entries of a
feed, doubt a server's validators, learn how often a source lists something new, wait as long as a feed asks for.
"""
LATER_FUNCTIONS = frozenset(
    {
        ("channels/render.py", "_alternate_lines"),
        ("channels/render.py", "_own_lines"),
        ("channels/wording.py", "_words_of"),
        ("channels/wording.py", "first_seen_line"),
        ("channels/wording.py", "group_size"),
        ("channels/wording.py", "line_reports"),
        ("channels/wording.py", "listed_at_once"),
        ("collect/apply.py", "_add_article"),
        ("collect/decide.py", "_next_slices"),
        ("collect/documents.py", "shown_address"),
        ("collect/notices.py", "_judge_address"),
        ("collect/timing.py", "_turnover"),
        ("deliver/editions.py", "_reported_changes"),
        ("digest/edition.py", "_came_at_once"),
        ("digest/edition.py", "_neighbours"),
        ("digest/edition.py", "_rank"),
        ("digest/edition.py", "_reports_of"),
        ("model/articles.py", "Moment.latest"),
        ("model/delivery.py", "Edition.counts"),
        ("model/delivery.py", "ItemCounts.articles"),
        ("sources/__init__.py", "read_delta"),
        ("store/__init__.py", "Store.reports_reading"),
        ("store/addresses.py", "AddressWriter.having_addresses"),
        ("store/shown.py", "ShownReads._joined_by_hand"),
        ("store/shown.py", "ShownReads._shown_headlines"),
        ("store/shown.py", "ShownReads.left_out"),
        ("store/shown.py", "ShownReads.related"),
        ("store/shown.py", "headlines_by_lead"),
        ("stories/identity.py", "DedupIndex._find_at_named_address"),
        ("stories/identity.py", "further_address"),
        ("text/dates/__init__.py", "Dates.are_fixed"),
        # The table of folding is filled by what compares texts: before, all letters of the new one were known.
        ("text/fold.py", "_FoldedCharacters.__missing__"),
        ("text/fold.py", "_FoldTable.fold"),
        ("text/fold.py", "_is_invisible"),
        ("text/fold.py", "fold_character"),
        ("text/fold.py", "fold_cluster"),
        ("text/kinds.py", "is_han"),
    }
)
"""Functions of other files that belong to these, or that show stories of several reports, related articles, changes of
sent articles and what a source lists at once, or read the addresses that pages state.
"""
INTERVAL = dt.timedelta(hours=3)
"""From one pass to the next; long enough for the source to be due."""

CONFIG = """
[fetch]
allow_private = ["127.0.0.0/8"]
[[source]]
name = "feed"
kind = "feed"
url = "{base}/feed.xml"
[[rule]]
name = "themes"
match = "metaverse OR blockchain"
[[digest]]
name = "flash"
rules = ["themes"]
at = "now"
to = ["mail"]
[channel.mail]
kind = "email"
smtp = "smtp://127.0.0.1:{smtp_port}"
from = "monitor@example.org"
to = ["reader@example.org"]
"""


class Function(NamedTuple):
    """A function: its file below the package's folder, and its qualified name."""

    file: str
    name: str

    @property
    def package(self) -> str:
        """Return the part of the house that it is in."""
        return self.file.partition("/")[0].removesuffix(".py")


class Recorder:
    """Collects the code that runs in this thread, and in those that are started while it listens."""

    def __init__(self) -> None:
        self._codes: set[CodeType] = set()

    @contextmanager
    def listening(self) -> Iterator[None]:
        """Listen until the end of the block."""
        threading.setprofile(self._on_event)
        sys.setprofile(self._on_event)
        try:
            yield
        finally:
            sys.setprofile(None)
            threading.setprofile(None)

    def take(self) -> set[CodeType]:
        """Return what ran since the last call."""
        codes, self._codes = self._codes, set()
        return codes

    def _on_event(self, frame: FrameType, event: str, _argument: object) -> None:
        if event == "call":
            self._codes.add(frame.f_code)


def functions_in(codes: Iterable[CodeType], package: Path) -> set[Function]:
    """Return the functions among `codes` that are written in the package's folder."""
    found = set()
    for code in codes:
        path = Path(code.co_filename)
        if path.suffix == ".py" and path.is_relative_to(package) and not code.co_name.startswith("<"):
            found.add(Function(str(path.relative_to(package)), code.co_qualname))
    return found


def walk(tree: Path, against: str) -> list[Function]:
    """Return the functions of `tree` that one new entry walks through, sorted by file.

    The small world that it runs in is this file's own tree's, so that trees of any age are measured alike.
    """
    sys.path[:0] = [str(ROOT), str(tree)]  # `tests` of this tree, then
    from tests.support.world import Row, running

    sys.path.remove(str(ROOT))  # nothing else of it
    open_program = _open_program()
    package = tree / "monitor"
    imported = Path(str(importlib.import_module("monitor").__file__)).parent
    if imported != package:
        raise SystemExit(f"{imported} was imported instead of {package}")
    news = [Row(f"City plans metaverse classrooms: {name}", f"/a/{name}", f"The {name} plan.") for name in "abc"]
    museum = Row("Museum extends opening hours", "/a/museum", "From nine to nine.")
    recorder = Recorder()
    with running() as world, tempfile.TemporaryDirectory() as folder, recorder.listening():
        make_pass = _passes(Path(folder), world, open_program)
        world.feed("/feed.xml", [museum, news[0]])
        make_pass(1)
        world.feed("/feed.xml", [news[1], museum, news[0]])
        make_pass(2)
        if against == "known":
            world.feed("/feed.xml", [news[1], museum])
        recorder.take()
        make_pass(2)
        without = recorder.take()
        world.feed("/feed.xml", [news[2], news[1], museum, news[0]])
        make_pass(3)
        with_one = recorder.take()
    return sorted(functions_in(with_one, package) - functions_in(without, package))


def _open_program() -> Callable[..., Any]:
    for name in WIRINGS:
        try:
            found: Callable[..., Any] = importlib.import_module(name).open_program
        except (ModuleNotFoundError, AttributeError):
            continue
        return found
    raise SystemExit(f"no open_program in {' or '.join(WIRINGS)}")


def _passes(folder: Path, world: Any, open_program: Callable[..., Any]) -> Callable[[int], None]:
    """Return a function that makes a pass, INTERVAL after the one before, after which there are so many mails."""
    from monitor import config, log
    from monitor.clock import FixedClock
    from monitor.sandbox import InlineReaders

    log.configure("error")
    path = folder / "sources.toml"
    path.write_text(CONFIG.format(base=world.base, smtp_port=world.smtp_port), encoding="utf-8")
    loaded = config.load(path, {})
    now = world.start

    def make_pass(mails: int) -> None:
        nonlocal now
        now += INTERVAL
        with open_program(loaded, FixedClock(now), command="walk", readers=InlineReaders()) as program:
            failed = any(collected.failed for collected in program.once().collected)
        if failed or len(world.mails) != mails:
            raise SystemExit(f"a pass went wrong: {len(world.mails)} mails were sent instead of {mails}")

    return make_pass


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--json", action="store_true", help="one JSON document: totals, totals by package, functions")
    parser.add_argument("--against", choices=("unmodified", "known"), default="unmodified")
    parser.add_argument("tree", nargs="?", type=Path, default=ROOT, metavar="TREE")
    given = parser.parse_args()
    functions = walk(given.tree.resolve(), given.against)
    sys.stdout.write(_as_json(functions) if given.json else _as_text(functions))


def _as_json(functions: list[Function]) -> str:
    packages = {name: _totals(rows) for name, rows in _grouped(functions, lambda row: row.package).items()}
    figures = {**_totals(functions), "pipe": _totals(_pipe(functions)), "packages": packages, "walk": functions}
    return json.dumps(figures, indent=1) + "\n"


def _pipe(functions: list[Function]) -> list[Function]:
    """Return the functions without those that find near copies and events, and show further reports."""
    ours = [row for row in functions if row.file == "stories/identity.py" or not row.file.startswith(LATER_FILES)]
    return [row for row in ours if row not in LATER_FUNCTIONS]


def _as_text(functions: list[Function]) -> str:
    lines = [
        f"{file}: {', '.join(row.name for row in rows)}"
        for file, rows in _grouped(functions, lambda row: row.file).items()
    ]
    groups = {**_grouped(functions, lambda row: row.package), "all": functions, "the pipe": _pipe(functions)}
    for name, rows in groups.items():
        totals = _totals(rows)
        lines.append(f"{name:<10} {totals['functions']:4} functions in {totals['files']:3} files")
    return "\n".join(lines) + "\n"


def _grouped(functions: list[Function], key: Callable[[Function], str]) -> dict[str, list[Function]]:
    groups: dict[str, list[Function]] = {}
    for row in functions:
        groups.setdefault(key(row), []).append(row)
    return groups


def _totals(functions: list[Function]) -> dict[str, int]:
    return {"functions": len(functions), "files": len({row.file for row in functions})}


if __name__ == "__main__":
    main()
