"""Make `fixture/`: a database of an earlier version, the site that it was made from, and what that version does next.

    python -m tests.upgrade.make [COMMIT]

The program of COMMIT is taken out of the repository's history and run, pass by pass, over the site of `content.py` on
its first six days. What is written:

- `database.gz`, the SQLite database, and `words.json`, the search index as PostgreSQL keeps it;
- `sources.toml`, and `mirrored.toml` with one more source, which lists what others listed before;
- `site/`, the site as it was last seen, and `grown/`, with one new announcement at each source;
- `recorded.json`: the rows of the database, and what the same version sent and held in each step of `afterwards`.
"""

from __future__ import annotations

import gzip
import json
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from contextlib import closing
from pathlib import Path

from sqlalchemy import text

from tests.support import databases
from tests.upgrade.content import DAY, FIRST, Site, site_on
from tests.upgrade.loading import load_rows
from tests.upgrade.passes import FIXTURE, ROOT, Installation, afterwards, installed, sources_toml
from tests.upgrade.views import message_ids

COMMIT = "4734e67"
"""0.1.0: the first version with a schema that later ones upgrade."""

FOLDER = "/var/lib/monitor"
"""What the recorded database says instead of the folder in which it was made."""

FEEDS = ("wire", "copies", "mobile", "titles", "gb", "rapid", "careless", "gazette", "broken", "gone", "cured")
ADDRESSES = {
    **{name: (f"http://{name}.example/feed.xml", 'kind = "feed"') for name in FEEDS},
    "zh": ("http://zh.example/atom.xml", 'kind = "feed"\ntags = ["council", "中文"]'),
    "json": ("http://json.example/feed.json", 'kind = "feed"\ntags = ["council"]'),
    "full": ("http://full.example/feed.xml", 'kind = "feed"\nfull_text = true'),
    "gov": ("http://gov.example/tz/", 'kind = "page"\ntimezone = "Asia/Shanghai"'),
    "board": (
        "http://board.example/notice/",
        'kind = "page"\nitem = "table.n tr"\ntitle = "a"\nlink = "a@href"\ndate = "td.d"',
    ),
    "map": ("http://map.example/sitemap.xml", 'kind = "sitemap"\ninclude = "*/news/*"'),
    "index": ("http://index.example/sitemap.xml", 'kind = "sitemap"'),
    "api": (
        "http://api.example/articles",
        (
            'kind = "api"\nitems = "data.list"\ntitle = "docTitle"\nlink = "http://api.example/a/{id}.html"\n'
            'date = "pubDate"\nsummary = "abstract"'
        ),
    ),
    "found": ("http://found.example/", ""),
    "left": ("http://left.example/feed.xml", 'kind = "feed"'),
    "mirror": ("http://mirror.example/feed.xml", 'kind = "feed"\nbackfill = "9d"'),
}
BACKFILLED = """
[[rule]]
name = "archive"
match = 'museum OR 方案 OR "land register"'
backfill = "7d"
"""
OLD_READERS, READERS = '"old@example.org"', '"reader@example.org", "Ann <ann@example.org>"'
_SHORT_OF = ("left", "mirror")


def main(commit: str = COMMIT) -> None:
    """Make everything."""
    shutil.rmtree(FIXTURE, ignore_errors=True)
    FIXTURE.mkdir()
    with tempfile.TemporaryDirectory(prefix="monitor-upgrade-") as name:
        code, folder = Path(name) / "code", Path(name) / "run"
        folder.mkdir()
        take_out(commit, code)
        with installed(code, folder, f"sqlite:///{folder / 'monitor.db'}") as program:
            live(program)
            keep(program)
        with installed(code, folder, f"sqlite:///{folder / 'monitor.db'}") as program:
            record(program, commit)
        write_words(code, folder)


def take_out(commit: str, code: Path) -> None:
    """Write the program of a commit to `code`."""
    code.mkdir()
    packed = subprocess.run(
        ["git", "archive", commit, "monitor", "migrations"], cwd=ROOT, capture_output=True, check=True
    )
    subprocess.run(["tar", "-x", "-C", str(code)], input=packed.stdout, check=True)


def live(program: Installation) -> None:
    """Six days of the site, and all that can happen to what is sent: refused for good, dropped, put off."""
    world = program.world
    configure(program, without=("mirror",), team=OLD_READERS)
    program.monitor("check")
    day(program, 0)
    world.mail_refusal = "550 no such mailbox"
    day(program, 1)
    world.mail_refusal = None
    configure(program, without=_SHORT_OF, team=READERS, rules=BACKFILLED)
    day(program, 2, "--retry-parked")
    world.hook_status = [(403, {})] * 9
    day(program, 3)
    world.hook_status = []
    world.mail_refusal = "451 try later"
    day(program, 4)
    world.mail_refusal = None
    day(program, 5, "--no-send")


def configure(program: Installation, *, without: tuple[str, ...], team: str, rules: str = "") -> None:
    """Write the configuration that the next passes use."""
    text = sources_toml(tables(without), team=team, rules=rules)
    (program.folder / "sources.toml").write_text(text, encoding="utf-8")


def tables(without: tuple[str, ...]) -> str:
    """Return the tables of the sources."""
    return "".join(
        f'[[source]]\nname = "{name}"\nurl = "{url}"\n{rest}\n\n'
        for name, (url, rest) in ADDRESSES.items()
        if name not in without
    )


def day(program: Installation, number: int, *words: str) -> None:
    """Make the pass of one day."""
    site = site_on(number)
    world = program.world
    world.pages, world.moved, world.refusals = site.pages, site.moved, site.refusals
    program.once(FIRST + number * DAY, *words)


def keep(program: Installation) -> None:
    """Write the database, the configurations and the sites to the fixture."""
    shutil.copy(program.folder / "sources.toml", FIXTURE / "sources.toml")
    mirrored = sources_toml(tables(("left",)), team=READERS, rules=BACKFILLED)
    (FIXTURE / "mirrored.toml").write_text(mirrored, encoding="utf-8")
    write_site(site_on(5), FIXTURE / "site")
    write_site(site_on(6), FIXTURE / "grown")
    copy = program.folder / "copy.db"
    with closing(sqlite3.connect(program.folder / "monitor.db")) as connection:
        connection.execute("VACUUM INTO ?", (str(copy),))
    with closing(sqlite3.connect(copy)) as connection, connection:
        connection.execute("UPDATE holder SET host = 'recorder', pid = 1")
        connection.execute("UPDATE delivery SET recipient = replace(recipient, ?, ?)", (str(program.folder), FOLDER))
        connection.execute("UPDATE attempt SET reason = replace(reason, ?, ?)", (str(program.folder), FOLDER))
    with closing(sqlite3.connect(copy)) as connection:
        connection.execute("VACUUM")
    (FIXTURE / "database.gz").write_bytes(gzip.compress(copy.read_bytes(), mtime=0))
    copy.replace(program.folder / "monitor.db")


def write_site(site: Site, folder: Path) -> None:
    """Write a site as files, and what is at which address as `site.json`."""
    folder.mkdir()
    pages = {}
    for address, (kind, body) in sorted(site.pages.items()):
        name = address.removeprefix("http://").strip("/").replace("/", "_")
        (folder / name).write_bytes(body)
        pages[address] = (kind, name)
    write_json(folder / "site.json", {"pages": pages, "moved": site.moved, "refusals": site.refusals})


def record(program: Installation, commit: str) -> None:
    """Let the version that made the database go on, and write down what it sent and held."""
    with program.asking() as connection:
        waiting = message_ids(connection, "retry")
    before = program.rows()
    recorded = {"commit": commit, "waiting": waiting, "before": before, "steps": afterwards(program)}
    write_json(FIXTURE / "recorded.json", recorded)


def write_json(file: Path, value: object) -> None:
    """Write JSON so that a later version of it can be compared line by line."""
    file.write_text(json.dumps(value, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def write_words(code: Path, folder: Path) -> None:
    """Write the search index as the earlier version keeps it on PostgreSQL."""
    address = databases.create()
    load_rows(address)
    with installed(code, folder, address) as program:
        program.monitor("db", "reindex")
        with program.asking() as connection:
            found = connection.execute(text("SELECT article_id, words::text FROM article_words ORDER BY article_id"))
            write_json(FIXTURE / "words.json", [list(row) for row in found])
    databases.drop(address)


if __name__ == "__main__":
    main(*sys.argv[1:])
