"""What every test gets: a network that ends at this machine, steady property tests, and a few shared helpers."""

from __future__ import annotations

import ipaddress
import os
import shutil
import socket
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
import structlog
from hypothesis import HealthCheck, settings

from monitor.app import wiring
from monitor.app.ports import Readers
from monitor.app.program import Program
from monitor.app.wiring import assemble
from monitor.clock import Clock, SystemClock
from monitor.config import Config
from monitor.fetch import Gate
from monitor.store import Store
from tests.support import cores, temporary
from tests.support.programs import runs_on_the_real_clock

pytest_plugins = ["tests.support.fixtures", "tests.support.readers"]

ROOT = Path(__file__).parent.parent
IN_CI = os.environ.get("CI", "").lower() == "true"

# --- both cores


@pytest.hookimpl(tryfirst=True)
def pytest_cmdline_main(config: pytest.Config) -> None:
    """Choose the workers before pytest-xdist looks for them."""
    cores.use_them(config)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Let workers begin with the tests that may take longest, so that none of them is left to the end on one core."""
    if hasattr(config, "workerinput"):
        items.sort(key=cores.may_take, reverse=True)


# --- temporary files are in memory

temporary.keep_in_memory()

# --- bytecode is kept, whatever the environment says: the tests start the program often

os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False

# --- property tests: the same cases on every run, so that a red build is red again; `deep` looks for new ones

_steady = settings(deadline=None, derandomize=True, database=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("quick", _steady, max_examples=50)
settings.register_profile("ci", _steady, max_examples=150)
settings.register_profile("deep", deadline=None, max_examples=5000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE") or ("ci" if IN_CI else "quick"))

# --- no network but loopback


class NetworkTouched(AssertionError):
    """A test reached for a machine other than this one."""


_touched: list[str] = []


def _is_here(host: object) -> bool:
    """Return whether it is an address of the loopback, or a name that this machine answers by itself."""
    name = host.decode() if isinstance(host, bytes) else host
    if name is None or not isinstance(name, str):
        return name is None
    try:
        address = ipaddress.ip_address(name.split("%")[0])
    except ValueError:
        return name.lower() in {"", "localhost", "ip6-localhost", socket.gethostname().lower()}
    mapped = getattr(address, "ipv4_mapped", None)
    return (mapped or address).is_loopback


def _needs_dns(host: object) -> bool:
    """Would looking it up leave this machine? A literal address is only parsed."""
    name = host.decode() if isinstance(host, bytes) else host
    try:
        ipaddress.ip_address(str(name).split("%")[0])
    except ValueError:
        return not _is_here(name)
    return False


def _reaches_out(event: str, args: tuple[Any, ...]) -> bool:
    match event, args:
        case (("socket.connect" | "socket.sendto" | "socket.sendmsg"), (socket.socket() as sock, [host, *_])):
            return sock.family in {socket.AF_INET, socket.AF_INET6} and not _is_here(host)
        case (("socket.getaddrinfo" | "socket.gethostbyname"), (host, *_)):
            return _needs_dns(host)
        case "socket.gethostbyaddr", (host, *_):
            return not _is_here(host)
        case "socket.getnameinfo", ([host, *_], *_):
            return not _is_here(host)
    return False


_started: list[str] = []


def _guard(event: str, args: tuple[Any, ...]) -> None:
    if event == "subprocess.Popen" and not isinstance(args[1], str | bytes) and runs_on_the_real_clock(args[1]):
        _started.append(str(args[1]))
    if event.startswith("socket.") and _reaches_out(event, args):
        report = f"{event}{args!r}"
        _touched.append(report)
        raise NetworkTouched(f"no network but loopback in tests: {report}")


sys.addaudithook(_guard)  # below every library, and below `from socket import …`


@pytest.fixture(autouse=True)
def _no_network() -> Iterator[None]:
    """Fail the test that reached out, also when something swallowed the refusal."""
    _touched.clear()
    yield
    report, _touched[:] = list(_touched), []
    if report:
        raise NetworkTouched(f"no network but loopback in tests: {report}")


@pytest.fixture
def touched_network() -> list[str]:
    """Return what the guard refused during this test; a test that refuses on purpose clears it."""
    return _touched


_MACHINES_NOW = SystemClock.now  # tests that give the machine another time put something else in its place


def _noted_assemble(config: Config, store: Store, gate: Gate, readers: Readers, clock: Clock, **how: Any) -> Program:
    """Put a program together as usual, and note it if it runs on the real clock."""
    if isinstance(clock, SystemClock) and SystemClock.now is _MACHINES_NOW:
        _started.append("a program in this process")
    return assemble(config, store, gate, readers, clock, **how)


@pytest.fixture(autouse=True)
def _real_clock_is_marked(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Fail a test that runs a program on the real clock without the mark by which CI runs it at another date too."""
    _started.clear()
    monkeypatch.setattr(wiring, "assemble", _noted_assemble)
    yield
    started, _started[:] = list(_started), []
    if started and request.node.get_closest_marker("real_clock") is None:
        pytest.fail(f"mark it real_clock, and date its world relative to the real clock: {started[0]}")


@pytest.fixture
def started_programs() -> list[str]:
    """Return what this test ran on the real clock; a test that does so on purpose, and has no dates, clears it."""
    return _started


# --- nothing that a test sets up for the whole process outlives it


@pytest.fixture(autouse=True)
def _log_as_before() -> Iterator[None]:
    """Take back where the log goes: a command that ran in this process sent it to a stream that is closed by now."""
    yield
    structlog.reset_defaults()


# --- helpers


@pytest.fixture(scope="session")
def root() -> Path:
    """Return the project's top folder."""
    return ROOT


@pytest.fixture(scope="session")
def shared_data() -> Callable[[str], Path]:
    """`shared_data("name")` is that part of the labelled data next to the checkout; absent, the test is skipped."""

    def find(name: str) -> Path:
        path = ROOT.parent / "shared" / "data" / name
        if not path.exists():
            pytest.skip(f"no {path}")
        return path

    return find


@pytest.fixture(scope="session")
def chromium() -> tuple[str, str]:
    """Paths of a Chromium and of its driver. Without them a browser test is skipped, but in CI it fails."""
    found = shutil.which("chromium"), shutil.which("chromedriver")
    if not all(found):
        report = "no chromium and chromedriver here"
        if IN_CI:
            pytest.fail(report)
        pytest.skip(report)
    return str(found[0]), str(found[1])


def _named(command: Any) -> Mapping[str, Any]:
    subcommands: Mapping[str, Any] = getattr(command, "commands", {})
    return subcommands


def _check_words(command: Any, words: Sequence[str]) -> None:
    rest = list(words)
    while rest and _named(command):
        word = rest[0]
        if word.startswith("-"):
            break
        assert word in _named(command), f"no command {word!r} in {words!r}; there are {sorted(_named(command))}"
        command, rest = _named(command)[word], rest[1:]
    options = {name for parameter in command.params for name in (*parameter.opts, *parameter.secondary_opts)} | {
        "--help"
    }
    for word in rest:
        name = word.split("=")[0]
        if name.startswith("--") and len(name) > 2:
            assert name in options, f"no option {name!r} in {words!r}; there are {sorted(options)}"


@pytest.fixture(scope="session")
def cli_has() -> Callable[[Sequence[str]], None]:
    """`cli_has(["db", "upgrade"])` fails unless the command line has this command with these options."""
    import typer.main  # here, not above: most runs of a few tests need no command line

    from monitor.cli.app import app

    command = typer.main.get_command(app)
    return lambda words: _check_words(command, words)
