"""Hostile far ends against the whole program: each ends in time, fails only its own source, and is reported."""

from __future__ import annotations

import datetime as dt
import gzip
import ipaddress
import zlib
from collections.abc import Callable, Iterator
from contextlib import suppress

import pytest

from monitor.app.program import Pass
from monitor.app.wiring import assemble, open_program, open_store
from monitor.clock import FixedClock, SystemClock
from monitor.config import Config
from monitor.fetch import FetchSettings, Gate
from monitor.model.reports import Status
from monitor.sandbox import InlineReaders, ReaderPool
from tests.support.configuration import Configure
from tests.support.scripted import Call, Names, Server, Wires
from tests.support.world import START, Row, World, squeeze

pytestmark = pytest.mark.slow

LOOPBACK = (ipaddress.ip_network("127.0.0.0/8"),)
GOOD = Row("City plans metaverse classrooms", "/a/2", "Schools will test them.")
MIB = 1 << 20


def rss(description: str = "", *, title: str = "A title") -> bytes:
    item = f"<item><title>{title}</title><guid>1</guid><description>{description}</description></item>"
    return f'<?xml version="1.0"?><rss version="2.0"><channel><title>F</title>{item}</channel></rss>'.encode()


def laughs() -> bytes:
    entities = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    return (
        f'<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY l0 "lol">{entities}]>'
        '<rss version="2.0"><channel><title>&l9;</title><item><title>&l9;</title></item></channel></rss>'
    ).encode()


def drip(call: Call) -> None:
    """Send a byte every half second, for ever."""
    call.send(b"HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\nContent-Length: 1000000\r\n\r\n")
    while not call.gone.wait(0.5):
        call.send(b"x")


def bomb(call: Call) -> None:
    """500 MiB of nothing in half a MiB of gzip."""
    call.send(b"HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\nContent-Encoding: gzip\r\nConnection: close\r\n\r\n")
    pack, block = zlib.compressobj(9, wbits=31), bytes(MIB)
    for _ in range(500):
        call.send(pack.compress(block))
    call.send(pack.flush())


def early_hints(call: Call) -> None:
    """Interim answers without end."""
    while True:
        call.send(b"HTTP/1.1 103 Early Hints\r\nLink: </style.css>; rel=preload\r\n\r\n")


HOSTILE: dict[str, Callable[[Call], None]] = {
    "comments": lambda call: call.answer(200, rss("&lt;!--" * 100_000)),
    "laughs": lambda call: call.answer(200, laughs()),
    "bomb": bomb,
    "drip": drip,
    "hints": early_hints,
    "redirect": lambda call: call.answer(302, headers={"Location": "http://169.254.169.254/latest/meta-data/"}),
}
HARMLESS = ("comments", "laughs")


@pytest.fixture
def hostile() -> Iterator[Server]:
    def handle(call: Call) -> None:
        with suppress(OSError):  # the far end hung up, as it should
            HOSTILE[call.path.strip("/")](call)

    server = Server(handle)
    yield server
    server.close()


def run(config: Config, minutes: int = 0) -> Pass:
    clock = FixedClock(START + dt.timedelta(minutes=minutes))
    fetch = FetchSettings(allow_private=LOOPBACK, seconds=2.0)
    readers = ReaderPool(seconds=4.0, memory=512 * MIB)
    with readers, open_program(config, clock, command="test", readers=readers, fetch=fetch) as program:
        return program.once()


def status(config: Config) -> Status:
    with open_store(config, FixedClock(START)) as store:
        return store.status(START)


@pytest.mark.parametrize("attack", list(HOSTILE))
def test_an_attack_ends_in_time_fails_only_its_source_and_is_shown(
    world: World, configure: Configure, hostile: Server, attack: str
) -> None:
    world.feed("/good.xml", [GOOD])
    source = f'[[source]]\nname = "{attack}"\nurl = "http://127.0.0.1:{hostile.port}/{attack}"\n'
    config = configure("good.xml", extra=source)
    done = run(config)
    outcomes = {collected.source: collected.poll for collected in done.collected}
    assert outcomes["good.xml"].outcome == "ok"
    assert squeeze(GOOD.title) in squeeze(world.texts("reader@example.org")[0])
    found = {report.name: report for report in status(config).sources}
    assert found["good.xml"].health == "ok"
    if attack in HARMLESS:  # read after all, within the limits: then there is nothing to complain of
        assert outcomes[attack].outcome == "ok"
        assert outcomes[attack].entries == 1
        assert found[attack].health == "ok"
        return
    assert outcomes[attack].outcome == "failed"
    assert found[attack].health == "failing"
    assert found[attack].last_error
    assert [notice.subject for notice in status(config).notices] == [attack]


def test_after_a_truncated_answer_the_whole_one_is_asked_for(world: World, configure: Configure) -> None:
    """A server that answered 304 to the validators of half an answer would hide its entries for ever."""
    body = gzip.compress(rss(title="Metaverse plan"))
    asked: list[bytes | None] = []

    def handle(call: Call) -> None:
        tag = call.header(b"If-None-Match")
        asked.append(tag)
        if tag is not None:
            call.answer(304, headers={"ETag": tag}, length=-1)
            return
        sent = body[: len(body) // 2] if len(asked) == 1 else body
        call.answer(200, sent, {"ETag": '"same"', "Content-Type": "text/xml", "Content-Encoding": "gzip"})

    server = Server(handle)
    try:
        source = f'[[source]]\nname = "half"\nurl = "http://127.0.0.1:{server.port}/"\n'
        world.feed("/good.xml", [])
        config = configure("good.xml", extra=source)
        first = {collected.source: collected.poll for collected in run(config).collected}
        assert first["half"].outcome == "failed"
        second = {collected.source: collected.poll for collected in run(config, 60 * 24).collected}
        assert (second["half"].outcome, second["half"].new) == ("ok", 1)
        third = {collected.source: collected.poll for collected in run(config, 60 * 26).collected}
        assert third["half"].outcome == "not_modified"
        assert asked == [None, None, b'"same"']
    finally:
        server.close()


def test_a_redirect_into_the_machines_own_network_is_never_dialled(configure: Configure, hostile: Server) -> None:
    """The far end's name leads to a public address; only the redirect shows what it is after."""
    source = '[[source]]\nname = "lure"\nurl = "http://feed.example/redirect"\n'
    config = configure(extra=source)
    names, wires = Names({"feed.example": [["93.184.216.34"]]}), Wires(hostile.port)
    gate = Gate(FetchSettings(), resolver=names, dialer=wires, clock=SystemClock())
    with gate, open_store(config, FixedClock(START)) as store:
        store.sync(config.sources, {}, START)
        (collected,) = assemble(config, store, gate, InlineReaders(), FixedClock(START)).once(send=False).collected
    assert collected.failed
    assert "169.254.169.254" in collected.poll.reason
    assert wires.dialled == ["93.184.216.34"]


def test_an_encoded_newline_in_a_title_makes_no_header(world: World, configure: Configure) -> None:
    title = "Metaverse plan=?utf-8?q?=0ABcc:_spy=40example.org?="
    world.feed("/one.xml", [Row(title, "/a/1", "x"), Row("Metaverse\r\nBcc: spy@example.org", "/a/2", "y")])
    world.feed("/two.xml", [GOOD])
    run(configure("two.xml"))
    ((_, plain),) = world.mails
    ordinary = set(plain.keys())
    world.mails.clear()
    run(configure("one.xml"), 60)
    ((recipient, mail),) = world.mails
    assert recipient == "reader@example.org"
    assert mail["Bcc"] is None
    assert set(mail.keys()) == ordinary
    assert squeeze("spy@example.org") in squeeze(world.texts("reader@example.org")[0])
