"""Run the main job on feeds that nobody here wrote: served over loopback, polled three times, mailed and posted.

usage: python benchmarks/real_input.py [--sources N] FOLDER [FOLDER …]

The first N feed documents below the folders (60 by default) become sources of one loopback server with ETags; the
rules are those of the project's own sources.toml, and a few that match these feeds. Mail goes to a server that
wants STARTTLS and a login, Slack posts to a local receiver. Three passes of the installed command: the first over
everything, the second over the same, the third after some of the feeds got a new item. Prints what each of them did,
and ends 1 if the second sent anything or the third not just what is new.
"""

from __future__ import annotations

import asyncio
import gzip
import hashlib
import json
import re
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
import tomllib
from argparse import ArgumentParser, Namespace
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import islice
from pathlib import Path
from ssl import PROTOCOL_TLS_SERVER, SSLContext
from typing import Any, Final, cast

import trustme
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword

START: Final = datetime(2026, 11, 21, 8, tzinfo=UTC)
THEME: Final = Path(__file__).parent.parent / "sources.toml"
SOURCES: Final = 60
RULES: Final = {
    "apple": "title:(Apple OR iPhone OR Mac) AND NOT pie",
    "maps": "OpenStreetMap OR map OR maps",
    "python": "Python OR PyPy OR Postgis",
    "new": "title:quuxification",
}
CHANGED: Final = 5
ITEM: Final = (
    "<item><title>Quuxification of feed {n}</title><guid>quux-{n}</guid><link>http://127.0.0.1/quux/{n}</link>"
    "<description>New since the last pass: number {n}.</description></item>"
)


@dataclass
class Far:
    """The servers, and what they took."""

    pages: dict[str, bytes] = field(default_factory=dict)
    mails: list[Any] = field(default_factory=list)
    posts: list[Any] = field(default_factory=list)
    asked: int = 0
    unchanged: int = 0
    base: str = ""


class Handler(BaseHTTPRequestHandler):
    """Feeds with ETags, and a webhook."""

    protocol_version = "HTTP/1.1"
    far: Far

    def do_GET(self) -> None:
        """Answer with a feed, or say that it did not change."""
        self.far.asked += 1
        body = self.far.pages[self.path]
        tag = '"' + hashlib.sha256(body).hexdigest()[:16] + '"'
        if self.headers.get("If-None-Match") == tag:
            self.far.unchanged += 1
            self.send_response(304)
            self.end_headers()
            return
        self.send_response(200)
        self.send_header("ETag", tag)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_POST(self) -> None:
        """Take what a webhook takes."""
        self.far.posts.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
        self.send_response(200)
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"ok")

    def log_message(self, *_: object) -> None:
        """Say nothing."""


class Mail(Controller):
    """A mail server that takes nothing without STARTTLS and a login."""

    def __init__(self, far: Far, tls: SSLContext) -> None:
        self.far = far
        self.tls = tls
        super().__init__(self, hostname="127.0.0.1", port=0)

    def factory(self) -> SMTP:
        """Return the protocol of one connection."""
        return SMTP(
            self, tls_context=self.tls, require_starttls=True, auth_required=True, authenticator=self.login
        )  # fmt: skip

    def login(self, _server: object, _session: object, _envelope: object, _way: str, data: Any) -> AuthResult:
        """Return whether these are the name and the password."""
        known = isinstance(data, LoginPassword) and (data.login, data.password) == (b"monitor", b"pass word")
        return AuthResult(success=known)

    async def handle_DATA(  # noqa: N802 - aiosmtpd calls it so
        self, _server: object, _session: object, envelope: Any
    ) -> str:
        """Take a mail."""
        self.far.mails.append(envelope.content)
        return "250 taken"

    def _trigger_server(self) -> None:
        self.port = cast("asyncio.Server", self.server).sockets[0].getsockname()[1]
        super()._trigger_server()  # type: ignore[no-untyped-call]  # aiosmtpd is typed in part


@contextmanager
def world(folder: Path) -> Iterator[tuple[Far, int]]:
    """Run the servers; yield them and the port of the mail server."""
    far = Far()
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Bound", (Handler,), {"far": far}))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    far.base = f"http://127.0.0.1:{server.server_address[1]}"
    authority = trustme.CA()
    authority.cert_pem.write_to_path(str(folder / "ca.pem"))
    tls = SSLContext(PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(tls)
    mail = Mail(far, tls)
    mail.start()
    try:
        yield far, mail.port
    finally:
        mail.stop()
        server.shutdown()
        server.server_close()


def documents(folders: list[Path]) -> dict[str, bytes]:
    """Return the feed documents below `folders`, by the path under which they are served."""
    found = {}
    for folder in folders:
        for path in sorted(folder.rglob("*")):
            body = path.read_bytes() if path.is_file() else b""
            if path.suffix == ".gz":
                body = gzip.decompress(body)
            if path.suffix not in (".opml", ".plist") and re.match(
                rb"\xff\xfe|\xfe\xff|\s*(\xef\xbb\xbf)?\s*<(\?xml|rss|feed|rdf)|\s*\{[^}]*jsonfeed", body[:3000]
            ):
                found[f"/{folder.name}/{path.relative_to(folder)}"] = body
    return found


def theme() -> list[str]:
    """Return the concepts and rules of our own sources.toml, as tables. A JSON string or list is one of TOML too."""
    own = tomllib.loads(THEME.read_text("utf-8"))
    concepts = [f"{json.dumps(name)} = {json.dumps(terms)}" for name, terms in own["concept"].items()]
    rules = ["\n".join(f"{key} = {json.dumps(value)}" for key, value in rule.items()) for rule in own["rule"]]
    return ["[concept]", *concepts, *(f"[[rule]]\n{rule}\n" for rule in rules)]


def arguments() -> Namespace:
    """Return the arguments of the command line."""
    parser = ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--sources", type=int, default=SOURCES, metavar="N", help="how many documents to take")
    parser.add_argument("folders", type=Path, nargs="+", metavar="FOLDER")
    return parser.parse_args()


def configuration(far: Far, port: int) -> str:
    """Return a sources.toml for all of it."""
    rows = ['[fetch]\nallow_private = ["127.0.0.0/8"]\n']
    rows += [f'[[source]]\nname = "{path}"\nurl = "{far.base}{path}"\nbackfill = "3650d"\n' for path in far.pages]
    rows += theme()
    rows += [f"[[rule]]\nname = '{name}'\nmatch = '{expression}'\n" for name, expression in RULES.items()]
    rows.append(f"""
[[digest]]
name = "real"
rules = ["*"]
at = "now"
to = ["mail", "hook"]
[channel.mail]
kind = "email"
smtp = "smtp://monitor:pass%20word@127.0.0.1:{port}"
ca_file = "ca.pem"
from = "monitor@example.org"
to = ["one@example.org", "two@example.org"]
[channel.hook]
kind = "slack"
webhook = "{far.base}/hook"
""")
    return "\n".join(rows)


def run(folder: Path, minutes: int) -> dict[str, Any]:
    """Make one pass with the installed command."""
    now = (START + timedelta(minutes=minutes)).isoformat()
    words = [sys.executable, "-m", "monitor", "once", "--json", "--now", now, "--config", str(folder / "sources.toml")]
    begun = time.perf_counter()
    done = subprocess.run(words, stdout=subprocess.PIPE, check=False, env={"MONITOR_LOG": "error", "PATH": ""})  # noqa: S603 - our own command
    seconds = time.perf_counter() - begun
    return {**json.loads(done.stdout), "seconds": seconds, "status": done.returncode}


def count(folder: Path, table: str) -> int:
    """Return the rows of a table."""
    with sqlite3.connect(folder / "monitor.db") as connection:
        return int(connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0])  # noqa: S608 - our own names


def print_pass(name: str, done: dict[str, Any], far: Far) -> None:
    """Print what a pass did."""
    polls = [source["poll"] for source in done["sources"]]
    failed = [source["source"] for source in done["sources"] if source["failed"]]
    print(
        f"{name}: exit {done['status']}, {done['seconds']:.1f} s; {len(polls)} polls, {far.unchanged} answered 304, "
        f"{len(failed)} failed; {sum(p['entries'] for p in polls)} entries read, {sum(p['new'] for p in polls)} new, "
        f"{sum(p['matches'] for p in polls)} matches; {sum(e['items'] for e in done['editions'])} items in "
        f"{len(done['editions'])} editions; {len(far.mails)} mails, {len(far.posts)} posts so far"
    )
    for source in done["sources"]:
        if source["failed"]:
            print(f"  failed: {source['source']}: {source['poll']['reason']}")


def change(far: Far) -> int:
    """Give some of the RSS feeds a new item; return how many."""
    rss = [
        path for path, body in far.pages.items() if body.count(b"<item>") > 1 and b"utf-16" not in body[:100].lower()
    ]
    for number, path in enumerate(rss[:CHANGED]):
        far.pages[path] = far.pages[path].replace(b"<item>", ITEM.format(n=number).encode() + b"<item>", 1)
    return len(rss[:CHANGED])


def main() -> int:
    """Run all of it."""
    given = arguments()
    with tempfile.TemporaryDirectory(prefix="real-input-") as name, world(Path(name)) as (far, port):
        folder = Path(name)
        far.pages.update(islice(documents(given.folders).items(), given.sources))
        (folder / "sources.toml").write_text(configuration(far, port), encoding="utf-8")
        print(f"{len(far.pages)} sources, {sum(map(len, far.pages.values())) / 1e6:.1f} MB")
        print_pass("first pass", run(folder, 0), far)
        sent = len(far.mails), len(far.posts)
        far.unchanged = 0
        print_pass("second pass", run(folder, 24 * 60), far)
        silent = (len(far.mails), len(far.posts)) == sent
        changed, far.unchanged = change(far), 0
        third = run(folder, 3 * 24 * 60)
        print_pass(f"third pass, {changed} feeds changed", third, far)
        tables = ("source", "entry", "article", "story", '"match"', "edition", "edition_item", "delivery", "attempt")
        print("; ".join(f"{count(folder, table)} {table}" for table in tables))
        exact = sum(edition["items"] for edition in third["editions"]) == changed
        print("the second pass sent nothing" if silent else "THE SECOND PASS SENT SOMETHING")
        print("the third sent just what is new" if exact else "THE THIRD SENT SOMETHING ELSE THAN WHAT IS NEW")
        return 0 if silent and exact else 1


if __name__ == "__main__":
    sys.exit(main())
