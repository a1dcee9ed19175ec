"""Editions to render, and far ends on loopback to send to."""

from __future__ import annotations

import datetime as dt
import os
import socketserver
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from monitor.model import (
    AlternateLink,
    Coverage,
    Edition,
    Excerpt,
    Group,
    Item,
    Moment,
    Precision,
    Report,
    SeeAlso,
    SourceIssue,
    Window,
)
from tests.support.waiting import SOON

SHANGHAI = dt.timezone(dt.timedelta(hours=8))


def at(day: int, hour: int = 0, minute: int = 0) -> dt.datetime:
    return dt.datetime(2026, 11, day, hour, minute, tzinfo=SHANGHAI)


def moment(precision: Precision, day: int, hour: int = 0, minute: int = 0) -> Moment:
    return Moment(at(day, hour, minute), precision)


def bracketed(text: str) -> tuple[str, tuple[tuple[int, int], ...]]:
    """Return what "A [b] c" says and marks: ("A b c", ((2, 3),))."""
    marks = []
    while "[" in text:
        start = text.index("[")
        end = text.index("]") - 1
        text = text.replace("[", "", 1).replace("]", "", 1)
        marks.append((start, end))
    return text, tuple(marks)


def make_item(number: int, headline: str, said: str = "", **rest: object) -> Item:
    shown, marks = bracketed(headline)
    given = {
        "story_id": number,
        "article_id": number,
        "title": shown,
        "title_marks": marks,
        "url": f"https://example.org/{number}",
        "source": "Harbour Daily",
        "seen": at(20, 15, 30),
        "excerpt": Excerpt(*bracketed(said)) if said else None,
        "rules": ("web3-in-chongqing",),
        **rest,
    }
    return Item(**given)  # type: ignore[arg-type]  # the names are those of the fields


def make_report(number: int, headline: str, source: str, *, hour: int = 16, **rest: object) -> Report:
    url = f"https://example.org/{number}"
    given = {"article_id": number, "title": headline, "url": url, "source": source, "seen": at(20, hour, 12), **rest}
    return Report(**given)  # type: ignore[arg-type]  # the names are those of the fields


def make_edition(*groups: Group, digest: str = "morning", coverage: Coverage | None = None) -> Edition:
    window = Window(at(20, 8), at(21, 8), "2026-11-21 08:00")
    return Edition(digest, window, at(21, 8).replace(second=3), "Asia/Shanghai", groups, coverage or Coverage(62))


@pytest.fixture(scope="session")
def edition() -> Edition:
    """Return an ordinary edition: two rules, two languages, other sources and reports, each precision, two issues."""
    title = "[Chongqing] aims to gain upper hand in [Web 3.0]"
    return make_edition(
        Group(
            "web3-in-chongqing",
            (
                make_item(
                    1,
                    title,
                    "The [Liangjiang] New Area will build a [Web 3.0] park and sets aside 500 million yuan a year for "
                    "firms that work on it, the district government said on Friday.",
                    url="https://www.ichongqing.info/2026/11/20/chongqing-aims-to-gain-upper-hand-in-web-3-0/?a=1&b=2",
                    source="iChongqing",
                    published=moment("minute", 20, 14, 5),
                    language="en",
                    rules=("web3-in-chongqing", "metaverse & schools"),
                    alternates=(
                        AlternateLink(bracketed(title)[0], "https://news.cn/a/1", "Xinhua"),
                        AlternateLink(
                            "Southwest metropolis bets on the next internet", "https://cd.cn/a/2", "China Daily"
                        ),
                    ),
                    first_seen=make_report(11, "Web 3.0 fund for Chongqing", "Wire Service", hour=9),
                    reports=(
                        make_report(
                            11,
                            "Web 3.0 fund for Chongqing",
                            "Wire Service",
                            hour=9,
                            alternates=(AlternateLink("Web 3.0 fund", "https://portal.example/11", "Portal"),),
                            copies=1,
                        ),
                        make_report(12, "五亿元支持重庆发展Web3.0", "中国新闻网"),
                    ),
                ),
                make_item(
                    2,
                    "关于印发《[两江]新区[元宇宙]产业行动计划（2026—2028年）》的通知",
                    "重庆[两江]新区20日发布[元宇宙]产业行动计划，提出到2028年建成3个[元宇宙]创新园区，培育100家[互联网3.0]企业。",
                    url="http://ljxq.cq.gov.cn/zwgk_199/fdzdgknr/gggs/202611/t20261120_12345678.html",
                    source="Liangjiang New Area: notices",
                    published=moment("day", 20),
                    language="zh-Hans",
                    see_also=(
                        SeeAlso(
                            9,
                            "Ministry plans metaverse zones",
                            "https://a.example/9",
                            "Gazette",
                            "their titles state different dates",
                        ),
                    ),
                ),
            ),
        ),
        Group(
            "metaverse & schools",
            (
                make_item(3, "City plans [metaverse] classrooms", rules=("metaverse & schools",)),
                make_item(
                    4,
                    "Ministry lists pilots",
                    "Twelve cities take part in the [metaverse].",
                    published=moment("hour", 19, 17),
                    rules=("metaverse & schools",),
                ),
                make_item(
                    5,
                    "Second district opens its classroom",
                    more_on="City opens first metaverse classroom",
                    rules=("metaverse & schools",),
                    reports=(make_report(13, "What pupils see in the metaverse", "School Gazette"),),
                ),
                make_item(
                    6,
                    "School 1 opens its metaverse classroom",
                    rules=("metaverse & schools",),
                    at_once=True,
                    reports=(make_report(14, "School 2 opens its metaverse classroom", "Harbour Daily"),),
                ),
            ),
        ),
        coverage=Coverage(
            62,
            (
                SourceIssue("Bureau of commerce", "answered 503", at(20, 21, 15)),
                SourceIssue("policy feed", "no answer"),
            ),
        ),
    )  # fmt: skip


HOSTILE_TITLES = {
    "html": '<script>alert(1)</script><img src=x onerror="alert(1)">"\'&amp;',
    "header": "News =?utf-8?q?=0D=0ABcc:_thief@example.net?=\r\nBcc: thief@example.net\r\n\r\nbody",
    "slack": "<!channel> <@U123> @here <https://evil.example|click> *bold* _it_ `code` &lt;",
    "bidi": "pay \u202eevil\u202c \u2066x\u2069 \u200f now",
    "ansi": "\x1b[31mred\x1b[0m \x9b2J \x07 \x1b]0;title\x07",
    "template": "{{ 7 * 7 }} {% for x in y %} {# no #}",
    "surrogate": "half \ud83d a pair\x00",
    "empty": "   ",
    "long": "word " * 400,
    "unbroken": "元宇宙" * 300,
    "emoji": "👩‍👩‍👧‍👦" * 60,
}


@pytest.fixture(params=sorted(HOSTILE_TITLES))
def hostile(request: pytest.FixtureRequest) -> Edition:
    """Return an edition in which every text is the same hostile one, and every address is no web address."""
    text = HOSTILE_TITLES[request.param]
    link = AlternateLink(text, "javascript:alert(1)", text)
    item = make_item(
        1, "", title=text, url="javascript:alert(1)", source=text, rules=(text, text), alternates=(link,),
        see_also=(SeeAlso(2, text, "javascript:alert(1)", text, text),),
        language=text, excerpt=Excerpt(text, ((0, 5),)), title_marks=((0, 4), (4, 6)),
    )  # fmt: skip
    return make_edition(Group(text, (item,)), digest=text, coverage=Coverage(1, (SourceIssue(text, text, at(1)),)))


@pytest.fixture
def expected() -> Callable[[str, str], None]:
    """`expected("mail.eml", text)` compares with the file of that name; with UPDATE_EXPECTED=1 it writes it."""

    def compare(name: str, text: str) -> None:
        file = Path(__file__).parent / "expected" / name
        if os.environ.get("UPDATE_EXPECTED"):
            file.parent.mkdir(exist_ok=True)
            file.write_text(text, encoding="utf-8", newline="\n")
        assert text == file.read_text(encoding="utf-8")

    return compare


# --- the end of the program -------------------------------------------------------------------------------------------


class Stop(threading.Event):
    """The event that ends the program; it tells when an attempt has seen it."""

    def __init__(self) -> None:
        super().__init__()
        self.seen = threading.Event()

    def is_set(self) -> bool:
        """Return whether it is set, as an attempt asks."""
        found = super().is_set()
        if found:
            self.seen.set()
        return found

    def set_and_seen(self) -> None:
        """Set it, and wait until the attempt knows."""
        self.set()
        assert self.seen.wait(SOON)


@pytest.fixture
def stopping() -> Stop:
    return Stop()


# --- a mail server that says what a test wants ------------------------------------------------------------------------


@dataclass
class ScriptedSmtp:
    """Answers each command as scripted, else with yes. A reply of None hangs up, "" says nothing at all.

    The keys of `replies`: CONNECT, the verbs, and END for the answer to the mail itself. `before` is called with the
    key of each answer before it is given.
    """

    replies: Mapping[str, str | None] = field(default_factory=dict)
    before: Callable[[str], object] = lambda _: None
    commands: list[str] = field(default_factory=list)
    mails: list[bytes] = field(default_factory=list)
    port: int = 0
    ended: threading.Event = field(default_factory=threading.Event)


YES = {
    "CONNECT": "220 here",
    "EHLO": "250-here\r\n250 8BITMIME",
    "DATA": "354 go on",
    "END": "250 taken",
    "QUIT": "221 bye",
}


class _Smtp(socketserver.StreamRequestHandler):
    script: ScriptedSmtp

    def _say(self, key: str) -> bool:
        self.script.before(key)
        reply = self.script.replies.get(key, YES.get(key, "250 ok"))
        if reply is None:
            return False
        if reply:
            self.wfile.write(reply.encode("utf-8", "surrogateescape") + b"\r\n")
        else:
            self.script.ended.wait()
        return True

    def handle(self) -> None:
        go_on = self._say("CONNECT")
        while go_on and (line := self.rfile.readline()):
            self.script.commands.append(line.decode().strip())
            verb = line[:4].decode().upper().strip()
            go_on = self._say(verb)
            if verb == "DATA" and self.script.replies.get("DATA", "354").startswith("354"):  # type: ignore[union-attr]  # a hang-up ends here
                go_on = self._take() and self._say("END")
            elif verb == "QUIT":
                return

    def _take(self) -> bool:
        mail = b""
        while (row := self.rfile.readline()) != b".\r\n":
            if not row:
                return False
            mail += row[1:] if row.startswith(b"..") else row
        self.script.mails.append(mail)
        return True


class _Quiet(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing: a far end that hangs up is what the tests are about."""


Scripted = Callable[[Mapping[str, str | None]], ScriptedSmtp]


@pytest.fixture
def scripted() -> Iterator[Scripted]:
    """`scripted({"RCPT": "550 no"})` runs a mail server that says so."""
    with ExitStack() as stack:

        def start(replies: Mapping[str, str | None]) -> ScriptedSmtp:
            script = ScriptedSmtp(replies)
            server = _Quiet(("127.0.0.1", 0), type("Handler", (_Smtp,), {"script": script}))
            _running(server, stack, script.ended)
            script.port = server.server_address[1]
            return script

        yield start


def _running(server: socketserver.BaseServer, stack: ExitStack, ended: threading.Event) -> None:
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    stack.callback(server.server_close)
    stack.callback(server.shutdown)
    stack.callback(ended.set)


# --- a webhook --------------------------------------------------------------------------------------------------------


@dataclass
class Hook:
    """A receiver of posts that gives the same answer to each, after it called `before`."""

    status: int = 200
    body: bytes = b"ok"
    headers: Mapping[str, str] = field(default_factory=dict)
    posts: list[tuple[str, dict[str, str], bytes]] = field(default_factory=list)
    url: str = ""
    before: Callable[[], object] = lambda: None


class _Web(BaseHTTPRequestHandler):
    hook: Hook

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.hook.posts.append((self.path, dict(self.headers), body))
        self.hook.before()
        self.send_response(self.hook.status)
        for name, value in {"Content-Length": str(len(self.hook.body)), **self.hook.headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(self.hook.body)

    def log_message(self, *args: object) -> None:
        """Quiet."""


TOKEN = "T0CANARY0/B0CANARY0/CANARYSECRETTOKEN"

Hooked = Callable[..., Hook]


@pytest.fixture
def hooked() -> Iterator[Hooked]:
    """`hooked(404, b"no_service")` runs a receiver that answers so."""
    with ExitStack() as stack:

        def start(status: int = 200, body: bytes = b"ok", **headers: str) -> Hook:
            hook = Hook(status, body, {name.replace("_", "-"): value for name, value in headers.items()})
            server = ThreadingHTTPServer(("127.0.0.1", 0), type("Handler", (_Web,), {"hook": hook}))
            server.daemon_threads = True
            _running(server, stack, threading.Event())
            hook.url = f"http://127.0.0.1:{server.server_address[1]}/services/{TOKEN}"
            return hook

        yield start
