"""Passes of the program over the recorded site: how the fixture is made, and what is done with it after an upgrade.

The site is served by a proxy, which the program trusts to resolve names. So the recorded addresses are those of real
names on port 80, and do not depend on the port that the server of a test happens to get.
"""

from __future__ import annotations

import datetime as dt
import json
import os
import re
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, create_engine
from sqlalchemy import text as text_of

from tests.support.forking import Forked, forking
from tests.support.world import World, running, squeeze
from tests.upgrade.views import Rows, changes, read_rows

FIXTURE = Path(__file__).with_name("fixture")
ROOT = Path(__file__).parents[2]
RENDERED_AGAIN = {"html": b"\n<!-- rendered again -->\n", "xml": b"\n<!-- rendered again -->\n", "json": b"\n \n"}

Sent = list[list[Any]]


@dataclass
class Installation:
    """A version of the program (`forked`: what runs it) in `folder`, with a database and the far ends of `world`."""

    forked: Forked
    folder: Path
    world: World
    database: str
    message_ids: list[str] = field(default_factory=list)
    seen: set[Path] = field(default_factory=set)

    def monitor(self, *words: str, expect: Sequence[int] = (0,)) -> str:
        """Run a command and return what it prints. It must end as expected, without a trace."""
        done = self.forked.run(words, self.folder)
        report = f"monitor {' '.join(words)} ended {done.returncode}:\n{done.stdout}\n{done.stderr}"
        assert done.returncode in expect, report
        assert "Traceback" not in done.stderr, report
        return done.stdout

    def once(self, at: dt.datetime, *words: str) -> None:
        """Make a pass; it ends 1 as long as anything needs attention, which here is always so."""
        self.monitor("once", "--now", at.isoformat(), *words, expect=(0, 1))

    @contextmanager
    def asking(self) -> Iterator[Connection]:
        """Open the database, while the program may use it."""
        engine = create_engine(self.database.replace("postgresql://", "postgresql+psycopg://"))
        with engine.connect() as connection:
            yield connection
        engine.dispose()

    def rows(self) -> Rows:
        """Read what the database holds."""
        with self.asking() as connection:
            return read_rows(connection)

    def sent(self) -> Sent:
        """Return what arrived since the last call, as [way, recipient, titles of articles in it]."""
        came = [["mail", to, text] for to in self._recipients() for text in self.world.texts(to)]
        came += [["hook", "", json.dumps(post, ensure_ascii=False)] for post in self.world.posts]
        files = set((self.folder / "digests").glob("*"))
        came += [["file", "", _without_tags(file.read_text(encoding="utf-8"))] for file in files - self.seen]
        self.seen |= files
        self.message_ids += [str(mail["Message-ID"]) for _, mail in self.world.mails]
        self.world.mails.clear()
        self.world.posts.clear()
        return sorted([way, to, self._titles_in(text)] for way, to, text in came)

    def found_by(self, expression: str) -> list[str]:
        """Return the titles that a search of the archive finds, by their letters."""
        answer = self.monitor("search", expression, "--limit", "100", "--json")
        return sorted(squeeze(article["title"]) for article in json.loads(answer)["articles"])

    def _recipients(self) -> list[str]:
        return sorted({to for to, _ in self.world.mails})

    def _titles_in(self, text: str) -> list[str]:
        with self.asking() as connection:
            titles = {squeeze(title) for title in connection.execute(text_of("SELECT title FROM article")).scalars()}
        letters = squeeze(text)
        return sorted(title for title in titles if title in letters)


def _without_tags(html: str) -> str:
    return re.sub(r"<[^>]+>", "", html)


@contextmanager
def installed(code: Path, folder: Path, database: str) -> Iterator[Installation]:
    """Run the far ends for a version of the program, which is in `code`."""
    with running() as world, forking(_environment(code, folder, database, world)) as forked:
        yield Installation(forked, folder, world, database, seen=set((folder / "digests").glob("*")))


def _environment(code: Path, folder: Path, database: str, world: World) -> dict[str, str]:
    return {
        **os.environ,
        "PYTHONPATH": str(code),
        "MONITOR_CONFIG": str(folder / "sources.toml"),
        "MONITOR_DATABASE_URL": database,
        "PROXY_URL": world.base,
        "HOOK_URL": f"{world.base}/services/T0/B0/CANARY",
        "SMTP_URL": f"smtp://127.0.0.1:{world.smtp_port}",
    }


def show(world: World, site: Path, *, again: bool = False) -> None:
    """Serve a site that was written by `make.py`; `again`: the same, with other bytes where they say nothing."""
    index = json.loads((site / "site.json").read_text(encoding="utf-8"))
    world.moved, world.refusals = index["moved"], index["refusals"]
    world.pages = {
        address: (kind, (site / name).read_bytes() + (_filling(kind) if again else b""))
        for address, (kind, name) in index["pages"].items()
    }


def _filling(kind: str) -> bytes:
    return next(filling for word, filling in RENDERED_AGAIN.items() if word in kind)


def sources_toml(sources: str, *, team: str, rules: str = "") -> str:
    """Return the configuration with these sources and rules, and the readers of the channel `team`."""
    template = Path(__file__).with_name("sources.toml").read_text(encoding="utf-8")
    return template.format(sources=sources, rules=rules, team=team)


# The moments of what is done after an upgrade. The fixture ends at 01:00 on 21 November 2026.
STARTED = dt.datetime(2026, 11, 21, 2, tzinfo=dt.UTC)
SAME_BYTES = dt.datetime(2026, 11, 21, 20, tzinfo=dt.UTC)
RENDERED = dt.datetime(2026, 11, 22, 1, 30, tzinfo=dt.UTC)
GROWN = dt.datetime(2026, 11, 23, 2, tzinfo=dt.UTC)
SETTLED = dt.datetime(2026, 11, 24, 3, tzinfo=dt.UTC)
MIRRORED = dt.datetime(2026, 11, 24, 3, 30, tzinfo=dt.UTC)

SEARCHES = ("两江 AND Web3", '"top 10" OR 500 OR 3.14', "title:blockchain OR 元宇宙")

Step = dict[str, Any]


def afterwards(program: Installation) -> dict[str, Step]:
    """Go on from the fixture; returns for each step what was sent, and which rows came and went.

    What the version that made the fixture did in the same steps is in `recorded.json`.
    """
    world, steps = program.world, {}
    rows = program.rows()

    def step(name: str, at: dt.datetime, *words: str) -> None:
        nonlocal rows
        program.once(at, *words)
        after = program.rows()
        steps[name] = {"sent": program.sent(), "changes": changes(rows, after)}
        rows = after

    show(world, FIXTURE / "site")
    step("started", STARTED)
    names = [word for row in rows["source"] if row[3] for word in ("--source", row[0])]
    step("same bytes", SAME_BYTES, *names)
    show(world, FIXTURE / "site", again=True)
    step("rendered again", RENDERED)
    show(world, FIXTURE / "grown")
    step("grown", GROWN)
    show(world, FIXTURE / "grown", again=True)
    step("settled", SETTLED)
    shutil.copy(FIXTURE / "mirrored.toml", program.folder / "sources.toml")
    step("mirrored", MIRRORED)
    steps["searches"] = {expression: program.found_by(expression) for expression in SEARCHES}
    return steps
