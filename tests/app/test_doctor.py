"""The clock is judged by several servers, and names are looked up where requests look them up; no secret is shown."""

from __future__ import annotations

import datetime as dt
import socket
from collections.abc import Callable, Mapping
from email.utils import format_datetime
from pathlib import Path

import pytest

from monitor import config
from monitor.app.doctor import Check, examine, load_for_examination
from monitor.app.doctor.channels import check_channels
from monitor.app.doctor.network import MAX_ASKED, check_clock, check_dns
from monitor.app.doctor.settings import check_settings
from monitor.clock import FixedClock
from monitor.config import Config
from monitor.fetch import Fetched, FetchError, FetchSettings, Gate
from monitor.model import DEFAULT_REQUEST, Request, Validators

NOW = dt.datetime(2026, 11, 21, 12, tzinfo=dt.UTC)
MINUTE = dt.timedelta(minutes=1)
NONE = Validators()
KEY = "Kd93jsQ0aLw82mZx71"

Load = Callable[..., Config]


class Names:
    """A resolver that knows these names, and remembers what it was asked."""

    def __init__(self, **known: str) -> None:
        self._known = known
        self.asked: list[str] = []

    def resolve(self, host: str, port: int, timeout: float) -> list[str]:
        self.asked.append(host)
        if host.partition(".")[0] not in self._known:
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        return [self._known[host.partition(".")[0]]]


class Servers(Gate):
    """A gate whose servers answer at once, each with its own time, by the first part of its name; None: an error."""

    def __init__(self, **times: dt.timedelta | None) -> None:
        super().__init__(FetchSettings(), clock=FixedClock(NOW))
        self._times = times
        self.asked: list[str] = []

    def get(
        self, url: str, *, validators: Validators = NONE, accept: str = "*/*", request: Request = DEFAULT_REQUEST
    ) -> Fetched | FetchError:
        name = url.removeprefix("https://").partition(".")[0]
        self.asked.append(name)
        late = self._times[name]
        if late is None:
            return FetchError("http", "the server answered 503")
        return Fetched(
            url, 200, b"", None, Validators(), stated_time=(format_datetime(NOW + late, usegmt=True).encode(), b"")
        )


@pytest.fixture
def load(tmp_path: Path) -> Load:
    """`load("a", "b", top="", more="")` loads a configuration with sources at these hosts."""

    def make(
        *hosts: str,
        top: str = "",
        more: str = "",
        environ: Mapping[str, str] | None = None,
        without_secrets: bool = False,
    ) -> Config:
        tables = "".join(f'[[source]]\nname = "{host}"\nurl = "https://{host}.example/feed"\n' for host in hosts)
        path = tmp_path / "sources.toml"
        path.write_text(f"{top}\n{tables}{more}", encoding="utf-8")
        return config.load(path, environ or {}, without_secrets=without_secrets)

    return make


def clock_check(loaded: Config, gate: Servers) -> Check:
    (found,) = check_clock(loaded, gate, FixedClock(NOW))
    gate.close()
    return found


@pytest.mark.parametrize(
    ("times", "state", "words"),
    [
        ({"a": dt.timedelta(), "b": MINUTE * 9}, "ok", 'agrees with the server of "a"'),
        ({"a": MINUTE * 9, "b": dt.timedelta()}, "ok", 'agrees with the server of "b"'),
        ({"a": None, "b": MINUTE}, "ok", 'agrees with the server of "b"'),
        ({"a": MINUTE * 9, "b": MINUTE * 5}, "failed", 'it is 0:05:00 behind the server of "b"'),
        ({"a": -MINUTE * 90, "b": None}, "failed", 'it is 1:30:00 ahead of the server of "a"'),
        ({"a": None, "b": None}, "warning", "it was not compared"),
    ],
)
def test_the_clock_is_right_if_one_server_agrees_and_wrong_if_none_does(
    load: Load, times: dict[str, dt.timedelta | None], state: str, words: str
) -> None:
    found = clock_check(load(*times), Servers(**times))
    assert (found.topic, found.state) == ("clock", state)
    assert words in found.message
    assert bool(found.remedy) is (state != "ok")


def test_only_a_few_servers_are_asked_for_the_time_and_each_host_once(load: Load) -> None:
    gate = Servers(**dict.fromkeys("abcdef", MINUTE * 9))
    more = '[[source]]\nname = "again"\nurl = "https://a.example/other"\n'
    clock_check(load(*"abcdef", more=more), gate)
    assert gate.asked == list("abcdef")[:MAX_ASKED]


def dns_checks(loaded: Config, names: Names) -> list[Check]:
    with Gate(FetchSettings(proxy=loaded.fetch.proxy), resolver=names, clock=FixedClock(NOW)) as gate:
        return list(check_dns(loaded, gate))


def test_each_host_without_an_address_is_named_with_its_source(load: Load) -> None:
    found = dns_checks(load("a", "b", "c"), Names(a="93.184.215.14", b="10.0.0.1"))
    assert [(check.state, check.subject) for check in found] == [("failed", 'source "b"'), ("failed", 'source "c"')]
    assert "10.0.0.0/8" in found[0].message
    assert "cannot find the address of c.example" in found[1].message


def test_hosts_of_channels_may_be_in_the_own_network(load: Load) -> None:
    more = '[channel.t]\nkind = "email"\nsmtp = "smtp://mail.example"\nfrom = "a@example.org"\nto = ["b@example.org"]\n'
    more += '[[digest]]\nname = "d"\nrules = ["*"]\nat = "08:00"\nto = ["t"]\n[[rule]]\nname = "r"\nmatch = "x"\n'
    found = dns_checks(load("a", more=more), Names(a="93.184.215.14", mail="10.0.0.1"))
    assert [(check.state, check.message) for check in found] == [
        ("ok", "each of the 2 hosts of sources and channels has an address")
    ]


def test_a_proxy_looks_up_the_names_of_sources(load: Load) -> None:
    names = Names(proxy="10.0.0.1")
    found = dns_checks(load("a", more='[fetch]\nproxy = "http://proxy.example:3128"\n'), names)
    assert names.asked == ["proxy.example"]
    assert [(check.state, check.subject) for check in found] == [("ok", "hosts"), ("ok", "proxy")]


def test_tables_with_missing_secrets_are_not_taken_for_tables_that_do_not_exist(load: Load) -> None:
    more = '[channel.t]\nkind = "slack"\nwebhook = "env:HOOK"\n[channel.u]\nkind = "slack"\nwebhook = "env:OTHER"\n'
    loaded = load(more=f'[[source]]\nname = "s"\nurl = "env:FEED_URL"\n{more}', without_secrets=True)
    found = next(check_settings(loaded))
    assert "valid (0 sources, 0 rules, 0 digests, 0 channels), without 3 tables with missing secrets" in found.message
    assert list(check_channels(loaded, FixedClock(NOW), send=False)) == []


def test_no_check_shows_a_secret(load: Load, tmp_path: Path) -> None:
    more = '[[source]]\nname = "secret"\nurl = "env:FEED_URL"\n[fetch]\nproxy = "env:PROXY_URL"\n'
    environ = {
        "FEED_URL": f"https://nosuch.example/{KEY}/feed.xml?token={KEY}",
        "PROXY_URL": f"http://user:{KEY}@proxy.example:3128",
        "MONITOR_CONFIG": str(tmp_path / "sources.toml"),
    }
    load(more=more, environ=environ)
    for missing in ({}, {"PROXY_URL": environ["PROXY_URL"]}, environ):
        loaded, wrong = load_for_examination(tmp_path / "sources.toml", missing)
        found = list(examine(loaded, wrong, FixedClock(NOW), resolver=Names()))
        assert {check.state for check in found} >= {"failed"}
        assert KEY not in repr(found)
