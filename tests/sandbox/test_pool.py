"""What a child process may do, and what becomes of it. Builtins run in the children: `eval` and `exec` can do all."""

from __future__ import annotations

import contextlib
import datetime as dt
import fcntl
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import pytest

from monitor import sandbox, sources
from monitor.errors import ReaderFailed, Stopped
from monitor.sandbox import InlineReaders, ReaderPool
from tests.support.waiting import NEVER, SOON

ROOT = Path(__file__).parents[2]
ENDLESS = "while True: pass"
ASLEEP = f"import time; time.sleep({NEVER})"  # takes no processor time, which is limited too
NEVER_BACK_IN_PYTHON = "import re; re.match('(a+)+$', 'a' * 60 + 'b')"
NOW = dt.datetime(2026, 11, 21, 4, 0, tzinfo=dt.UTC)


@pytest.fixture(scope="module")
def pool() -> Iterator[ReaderPool]:
    with ReaderPool(workers=1, seconds=5, memory=400 << 20) as pool:
        yield pool


def reason(pool: ReaderPool, code: str) -> str:
    with pytest.raises(ReaderFailed) as failed:
        pool.run(exec, code)
    return failed.value.reason


def wait_for(holds: Callable[[], bool]) -> bool:
    """Return whether `holds` came true while the test waited."""
    end = time.monotonic() + SOON
    while not holds():
        if time.monotonic() > end:
            return False
        threading.Event().wait(0.01)
    return True


def is_gone(pid: int) -> bool:
    """Return whether a process ended; it may still wait for somebody to ask how."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return True
    return stat.rpartition(")")[2].split()[0] == "Z"


# --- the work


def test_a_call_runs_in_another_process(pool: ReaderPool) -> None:
    assert pool.run(os.getpid) != os.getpid()


def test_arguments_and_results_of_any_size_pass(pool: ReaderPool) -> None:
    assert pool.run(bytes.upper, b"a" * 20_000_000) == b"A" * 20_000_000


def test_keywords_pass(pool: ReaderPool) -> None:
    assert pool.run(sorted, [1, 3, 2], reverse=True) == [3, 2, 1]


def test_a_child_is_used_again(pool: ReaderPool) -> None:
    assert pool.run(os.getpid) == pool.run(os.getpid)


def test_a_reader_of_sources_runs_in_it(pool: ReaderPool) -> None:
    body = b"<rss version='2.0'><channel><item><title>Web3</title></item></channel></rss>"
    reading = pool.run(sources.read, body, url="http://127.0.0.1/", now=NOW)
    assert [entry.title for entry in reading.entries] == ["Web3"]


def test_what_cannot_be_pickled_is_the_callers_mistake(pool: ReaderPool) -> None:
    with pytest.raises(AttributeError):
        pool.run(lambda: None)


# --- failures, in words, and the pool goes on


@pytest.mark.parametrize(
    ("code", "message"),
    [
        ("{}['guid']", "raised KeyError: 'guid'"),
        ("raise SystemExit(4)", "raised SystemExit: 4"),
        ("raise KeyboardInterrupt", "raised KeyboardInterrupt:"),
        ("raise ValueError('a\\n\\x1b[2J b' + 'x' * 1000)", "raised ValueError: a"),
        ("f = lambda g: g(g); f(f)", "raised RecursionError:"),
        ("bytearray(500 << 20)", "needed more than 400 MB"),
        ("import os; os._exit(3)", "ended by itself (status 3)"),
        ("import os; os.kill(os.getpid(), 11)", "died (signal 11)"),
        ("import ctypes; ctypes.string_at(0)", "died (signal 11)"),
        ("import os; os.close(4); os._exit(0)", "ended by itself (status 0)"),
    ],
)
def test_a_failed_call_says_why_and_the_next_one_works(pool: ReaderPool, code: str, message: str) -> None:
    found = reason(pool, code)
    assert found.startswith(message)
    assert len(found) < 300
    assert "\n" not in found
    assert pool.run(abs, -1) == 1


def test_an_error_that_cannot_say_what_it_is_still_has_a_name(pool: ReaderPool) -> None:
    code = "class Odd(Exception):\n  def __str__(self): raise ValueError\nraise Odd"
    assert reason(pool, code) == "raised Odd"


def test_a_result_that_cannot_be_pickled_is_a_failure(pool: ReaderPool) -> None:
    with pytest.raises(ReaderFailed, match=r"^raised .*Error: "):
        pool.run(eval, "lambda: 1")


def test_a_result_that_cannot_be_read_back_is_a_failure(pool: ReaderPool) -> None:
    code = "type('Odd', (), {'__reduce__': lambda self: (exec, ('1/0',))})()"
    with pytest.raises(ReaderFailed, match=r"^its result cannot be read: ZeroDivisionError"):
        pool.run(eval, code)
    assert pool.run(abs, -1) == 1


@pytest.mark.parametrize("code", [ENDLESS, NEVER_BACK_IN_PYTHON, ASLEEP], ids=["python", "C", "asleep"])
def test_a_call_that_takes_too_long_is_ended(code: str) -> None:
    with ReaderPool(workers=1, seconds=0.5) as pool:
        assert reason(pool, code) == "took longer than 0.5 s"
        assert pool.run(abs, -1) == 1


def test_the_processor_limit_reads_like_the_clock(pool: ReaderPool) -> None:
    assert reason(pool, "import os, signal; os.kill(os.getpid(), signal.SIGXCPU)") == "took longer than 5 s"


def test_a_child_that_died_idle_is_replaced_and_nobody_is_blamed(pool: ReaderPool) -> None:
    pid = pool.run(os.getpid)
    os.kill(pid, signal.SIGKILL)
    assert wait_for(lambda: is_gone(pid))
    assert pool.run(os.getpid) != pid


def test_a_child_that_keeps_much_memory_is_replaced(pool: ReaderPool) -> None:
    pid = pool.run(os.getpid)
    assert pool.run(eval, "len(bytearray(250 << 20))") == 250 << 20
    assert pool.run(os.getpid) == pid, "it gave the memory back"
    pool.run(exec, "import builtins; builtins.leaked = bytearray(250 << 20)")
    assert pool.run(os.getpid) != pid


def test_the_size_of_the_parent_is_not_its_childrens() -> None:
    """The peak that the kernel counts for a process is its parent's to begin with."""
    large = bytearray(b"x") * (120 << 20)
    with ReaderPool(workers=1, memory=200 << 20) as pool:
        assert pool.run(os.getpid) == pool.run(os.getpid)
    assert large


@pytest.mark.slow
def test_a_child_that_falls_silent_is_ended(pool: ReaderPool) -> None:
    assert reason(pool, "import os, time; os.closerange(3, 100); time.sleep(3600)") == "died (signal 9)"
    assert pool.run(abs, -1) == 1


def test_no_process_to_be_had_is_a_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    with ReaderPool() as pool:
        monkeypatch.setattr(sys, "executable", "/nonexistent/python")
        with pytest.raises(ReaderFailed, match="no process could be started: No such file"):
            pool.run(abs, -1)


def test_a_child_that_cannot_start_is_a_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    with ReaderPool() as pool:
        monkeypatch.setattr(sys, "executable", "/bin/false")
        with pytest.raises(ReaderFailed, match="ended by itself"):
            pool.run(abs, -1)


def test_what_breaks_in_the_pool_itself_reaches_the_caller(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("can't start new thread")

    with ReaderPool(workers=1) as pool:
        pool.run(abs, -1)
        with monkeypatch.context() as patch:
            patch.setattr(threading, "Timer", broken)
            with pytest.raises(RuntimeError, match="can't start new thread"):
                pool.run(abs, -1)
        assert pool.run(abs, -1) == 1


# --- hostile documents


def laughs() -> bytes:
    entities = "".join(f"<!ENTITY l{n} '{f'&l{n - 1};' * 10}'>" for n in range(1, 12))
    feed = "<rss><channel><item><title>&l11;</title></item></channel></rss>"
    return f"<!DOCTYPE x [<!ENTITY l0 'ha'>{entities}]>{feed}".encode()


def described(text: str) -> bytes:
    item = f"<item><title>a</title><description>{text}</description></item>"
    return f"<rss version='2.0'><channel>{item}</channel></rss>".encode()


@pytest.mark.parametrize(
    "body",
    [
        described("&lt;!--" * 117_000),
        described("&lt;div&gt;" * 60_000),
        described("<a>" * 60_000),
        laughs(),
        b'{"version": "https://jsonfeed.org/version/1", "items": ' + b"[" * 1_000_000,
        b"<rss><channel><item><author>" + b"a." * 100_000 + b"</author></item></channel></rss>",
    ],
    ids=["comments", "markup", "elements", "laughs", "json", "author"],
)
@pytest.mark.slow
def test_a_hostile_document_ends_within_its_limit_and_fails_alone(body: bytes) -> None:
    with ReaderPool(workers=1, seconds=4) as pool:
        with contextlib.suppress(ReaderFailed):
            pool.run(sources.read, body, url="http://127.0.0.1/", now=NOW)
        assert pool.run(abs, -1) == 1


# --- many callers


def test_many_threads_may_call_at_once() -> None:
    with ReaderPool(workers=2, seconds=5) as pool, ThreadPoolExecutor(12) as threads:
        results = list(threads.map(lambda n: pool.run(pow, n, 2), range(60)))
    assert results == [n * n for n in range(60)]


def test_the_wait_in_the_queue_is_not_charged() -> None:
    with ReaderPool(workers=1, seconds=1.0) as pool, ThreadPoolExecutor(4) as threads:
        assert list(threads.map(lambda _: pool.run(time.sleep, 0.4), range(4))) == [None] * 4


def test_a_failure_is_reported_to_its_caller_only() -> None:
    def call(pool: ReaderPool, n: int) -> object:
        try:
            return pool.run(eval, "1 // 0" if n % 3 == 0 else str(n))
        except ReaderFailed as failed:
            return failed.reason

    with ReaderPool(workers=2) as pool, ThreadPoolExecutor(6) as threads:
        outcomes = list(threads.map(lambda n: call(pool, n), range(9)))
    assert outcomes == [
        n if n % 3 else "raised ZeroDivisionError: integer division or modulo by zero" for n in range(9)
    ]


def test_a_child_outlives_the_thread_that_called_for_it(pool: ReaderPool) -> None:
    """The kernel's death signal follows the thread that started a process."""
    found: list[int] = []
    caller = threading.Thread(target=lambda: found.append(pool.run(os.getpid)))
    caller.start()
    caller.join()
    assert pool.run(os.getpid) == found[0]


# --- the end


def test_closing_finishes_the_work_and_ends_the_children() -> None:
    pool = ReaderPool(workers=1)
    pid = pool.run(os.getpid)
    with ThreadPoolExecutor(3) as threads:
        futures = [threads.submit(pool.run, time.sleep, 0.2) for _ in range(3)]
        assert wait_for(lambda: sum(future.running() for future in futures) == 3)
        pool.run(abs, -1)
        pool.close()
        assert [future.exception() for future in futures] == [None] * 3
    assert is_gone(pid)


def test_a_closed_pool_takes_no_work() -> None:
    pool = ReaderPool()
    pool.close()
    pool.close()
    with pytest.raises(Stopped):
        pool.run(abs, -1)


def test_aborting_ends_what_runs_and_what_waits_at_once() -> None:
    pool = ReaderPool(workers=1, seconds=60)
    pid = pool.run(os.getpid)
    with ThreadPoolExecutor(3) as threads:
        calls = [threads.submit(pool.run, exec, ENDLESS) for _ in range(3)]
        assert wait_for(lambda: sum(call.running() for call in calls) == 3)
        pool.abort()
        assert [type(call.exception()) for call in calls] == [Stopped] * 3
    assert is_gone(pid)


def test_an_error_in_the_body_aborts_the_pool() -> None:
    calls: list[Future[None]] = []

    def body(pool: ReaderPool, threads: ThreadPoolExecutor) -> None:
        with pool:
            calls.append(threads.submit(pool.run, exec, ENDLESS))
            assert wait_for(calls[0].running)
            raise ZeroDivisionError

    with ThreadPoolExecutor(1) as threads, pytest.raises(ZeroDivisionError):
        body(ReaderPool(workers=1, seconds=60), threads)
    assert isinstance(calls[0].exception(), Stopped)


@pytest.mark.skipif(sys.platform != "linux", reason="the death signal is Linux's")
def test_a_child_whose_parent_is_gone_already_ends() -> None:
    code = "from monitor.sandbox.child import end_with; end_with(-1); print('still here')"
    found = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert (found.returncode, found.stdout) == (1, "")


@pytest.mark.skipif(sys.platform != "linux", reason="the death signal is Linux's")
@pytest.mark.parametrize("work", [ENDLESS, NEVER_BACK_IN_PYTHON, ""], ids=["python", "C", "idle"])
def test_no_child_outlives_a_parent_that_is_killed(work: str) -> None:
    script = (
        "import os\nfrom monitor.sandbox import ReaderPool\npool = ReaderPool(workers=1, seconds=600)\n"
        f"print(pool.run(os.getpid), flush=True)\npool.run(exec, {work!r})\ninput()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", script], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as parent:
        assert parent.stdout is not None
        child = int(parent.stdout.readline())
        assert not is_gone(child)
        parent.kill()
    assert wait_for(lambda: is_gone(child))


# --- apart from the parent


def test_a_child_holds_none_of_the_parents_files(tmp_path: Path) -> None:
    """Not even one that is meant to be inherited: a lock would live on in it."""
    with ReaderPool(workers=1) as pool:
        with (tmp_path / "lock").open("w") as held:
            os.set_inheritable(held.fileno(), True)
            fcntl.flock(held, fcntl.LOCK_EX)
            pool.run(abs, -1)
        with (tmp_path / "lock").open("w") as again:
            fcntl.flock(again, fcntl.LOCK_EX | fcntl.LOCK_NB)
        assert pool.run(abs, -1) == 1


def test_signals_to_the_parents_group_do_not_reach_a_child(pool: ReaderPool) -> None:
    assert pool.run(os.getpgid, 0) != os.getpgid(0)


@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM", "SIGHUP"])
def test_a_child_leaves_the_stop_to_its_parent(pool: ReaderPool, name: str) -> None:
    pid = pool.run(os.getpid)
    pool.run(exec, f"import os, signal; os.kill(os.getpid(), signal.{name})")
    assert pool.run(os.getpid) == pid


def test_what_a_reader_prints_goes_nowhere(pool: ReaderPool, capfd: pytest.CaptureFixture[str]) -> None:
    code = "import sys, os; print('out'); print('err', file=sys.stderr); os.write(1, b'raw'); sys.stdout.flush()"
    pool.run(exec, code)
    assert pool.run(abs, -1) == 1
    assert capfd.readouterr() == ("", "")


@pytest.mark.slow
@pytest.mark.parametrize("way", ["-c", "-", "file", "-m"])
def test_any_main_module_will_do_with_or_without_a_guard(tmp_path: Path, way: str) -> None:
    """The main module is never imported again in a child."""
    script = "from monitor.sandbox import ReaderPool\nwith ReaderPool() as pool: print(pool.run(abs, -7))\n"
    (tmp_path / "unguarded.py").write_text(script)
    given = {"-c": ["-c", script], "-": ["-"], "file": [str(tmp_path / "unguarded.py")], "-m": ["-m", "unguarded"]}
    found = subprocess.run(
        [sys.executable, *given[way]],
        input=script if way == "-" else None,
        env={**os.environ, "PYTHONPATH": f"{ROOT}:{tmp_path}"},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=SOON,
        check=True,
    )
    assert (found.stdout, found.stderr) == ("7\n", "")


def test_inline_runs_here_and_lets_exceptions_pass() -> None:
    assert InlineReaders().run(os.getpid) == os.getpid()
    with pytest.raises(ZeroDivisionError):
        InlineReaders().run(eval, "1 // 0")


def test_the_package_exports_what_it_promises() -> None:
    assert {"ReaderPool", "InlineReaders"} == set(sandbox.__all__)
