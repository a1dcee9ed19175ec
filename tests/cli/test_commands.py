"""What each command prints, and how it ends."""

from __future__ import annotations

import json
import os
import re
import shlex
import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from monitor.channels import KINDS
from monitor.clock import SystemClock
from monitor.store import Store
from tests.support.commands import Monitor
from tests.support.configuration import Write
from tests.support.world import Row, World

pytestmark = pytest.mark.slow

SCHOOL = Row("City plans metaverse classrooms", "/a/2", "Schools will test them.")
MUSEUM = Row("Museum extends opening hours", "/a/3", "Nothing to see here.")
NOW = "2026-11-21T08:00+08:00"


@pytest.fixture(autouse=True)
def _feed(world: World) -> None:
    world.feed("/one.xml", [SCHOOL, MUSEUM], title="Feed One")


# --- check


def test_a_right_configuration_is_all_right(monitor: Monitor, write: Write) -> None:
    write()
    ended = monitor("check")
    assert ended.status == 0
    assert "1 source, 2 rules, 1 digest, 2 channels: all right" in ended.out


def test_check_refuses_a_folder_that_cannot_be_one(monitor: Monitor, write: Write, tmp_path: Path) -> None:
    (tmp_path / "out").write_text("a file", encoding="utf-8")
    hook = f'[channel.hook]\nkind = "file"\nfolder = "{tmp_path / "out"}"\n[channel.other]'
    write(replace=("[channel.hook]", hook))
    ended = monitor("check")
    assert ended.status == 2
    assert f"[channel.hook]: {tmp_path / 'out'} is not a folder; name another folder" in ended.err
    (problem,) = json.loads(monitor("check", "--json").out)["problems"]
    assert (problem["where"], problem["column"]) == ("[channel.hook]", 10)
    (tmp_path / "out").unlink()
    assert monitor("check").status == 0


def test_check_as_json_is_one_document(monitor: Monitor, write: Write) -> None:
    write()
    assert json.loads(monitor("check", "--json").out)["sources"] == 1


def test_an_unknown_key_names_its_line_and_the_right_one(monitor: Monitor, write: Write) -> None:
    write(replace=('name = "one"', 'nam = "one"'))
    ended = monitor("check")
    assert ended.status == 2
    assert "sources.toml:6:" in ended.err
    assert '"name"' in ended.err
    assert ended.out == ""


def test_an_example_that_does_not_hold_is_an_error(monitor: Monitor, write: Write) -> None:
    write(replace=("Metaverse plan", "Museum plan"))
    ended = monitor("check")
    assert ended.status == 2
    assert "themes" in ended.err
    assert "Museum plan" in ended.err


def test_what_is_hardly_meant_comes_before_what_follows_from_it(monitor: Monitor, write: Write) -> None:
    write(replace=("metaverse OR blockchain", "metaverse and plan and more"))
    ended = monitor("check")
    assert ended.status == 2, "its example does not hold any more"
    lines = ended.err.splitlines()
    assert lines[0].startswith("warning: ")
    assert '"and" is read as a term; the operator is AND' in lines[0]
    assert "Metaverse plan" in lines[-1]
    document = json.loads(monitor("check", "--json").out)
    assert "the operator is AND" in document["warnings"][0]
    assert document["problems"]


def test_a_configuration_with_warnings_says_so_at_its_end(monitor: Monitor, write: Write) -> None:
    write()
    assert monitor("check").out.endswith("all right, but see 1 warning above\n")


def test_no_configuration_says_how_to_make_one(monitor: Monitor) -> None:
    ended = monitor("check")
    assert ended.status == 2
    assert "sources.toml" in ended.err


def test_live_reads_every_source_once_and_stores_nothing(monitor: Monitor, write: Write, tmp_path: Path) -> None:
    write()
    ended = monitor("check", "--live")
    assert ended.status == 0
    assert "one: 2 entries, newest 2026-11-20" in ended.out
    assert "channels were not tried; send a test message through each: monitor doctor --send" in ended.err
    assert not (tmp_path / "monitor.db").exists()


def test_live_names_what_does_not_answer(monitor: Monitor, write: Write) -> None:
    write(replace=("/one.xml", "/nosuch.xml"))
    ended = monitor("check", "--live")
    assert ended.status == 1
    assert "FAILED one: " in ended.out
    assert "404" in ended.out
    answered = re.search(r"(\d+) of (\d+) sources answered, 1 failed\n$", ended.out)
    assert answered is not None
    assert int(answered[1]) == int(answered[2]) - 1


def test_a_source_whose_document_is_cut_off_is_not_all_right(monitor: Monitor, write: Write, tmp_path: Path) -> None:
    write()
    cut = tmp_path / "cut.xml"
    cut.write_bytes(
        b"<rss><channel><title>Office</title><item><title>One</title><link>https://a.example/1</link></item>"
        b"<item><title>Two</title><link>https://a.ex"
    )
    ended = monitor("try", str(cut))
    assert "the document is cut off or broken, so entries may be missing" in ended.out


def test_live_says_which_source_was_read_in_part(monitor: Monitor, world: World, write: Write) -> None:
    write()
    kind, body = world.pages["/one.xml"]
    world.pages["/one.xml"] = kind, body[: body.rindex(b"<link>")]
    ended = monitor("check", "--live")
    assert ended.status == 1
    assert re.search(
        r"PARTLY one: \d entr.*; the document is cut off or broken, so entries may be missing\n", ended.out
    )
    assert "(1 in part), 0 failed" in ended.out


@pytest.mark.parametrize("wrong", [('name = "one"', 'nam = "one"'), ("Metaverse plan", "Museum plan")])
def test_check_as_json_is_one_document_when_something_is_wrong(
    monitor: Monitor, write: Write, wrong: tuple[str, str]
) -> None:
    write(replace=wrong)
    ended = monitor("check", "--json")
    assert ended.status == 2
    (problem,) = json.loads(ended.out)["problems"][:1]
    assert problem["line"] > 0


# --- try


def test_try_takes_the_name_of_a_source_and_hides_its_address(
    monitor: Monitor, write: Write, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FEED_URL", f"{world.base}/one.xml?key=CANARY")
    kind, body = world.pages["/one.xml"]
    world.pages["/one.xml?key=CANARY"] = (kind, body.replace(b"/a/2", b"/a/2?key=CANARY"))
    write(replace=(f'url = "{world.base}/one.xml"', 'url = "env:FEED_URL"'))
    ended = monitor("try", "one")
    assert ended.status == 0
    assert SCHOOL.title in ended.out
    assert "CANARY" not in ended.out + ended.err
    del world.pages["/one.xml?key=CANARY"]
    failed = monitor("try", "one", "--json")
    assert failed.status == 1
    assert json.loads(failed.out)["url"] == "env:FEED_URL"
    assert "CANARY" not in failed.out + failed.err


def test_the_remedy_of_a_broken_source_works(monitor: Monitor, write: Write, world: World) -> None:
    path = write(replace=("/one.xml", "/nosuch.xml"))
    path.write_text(path.read_text("utf-8").replace('name = "one"', 'name = "Feed One"'), encoding="utf-8")
    monitor("once")
    (remedy,) = [line for line in monitor("status").out.splitlines() if "monitor try" in line]
    world.feed("/nosuch.xml", [SCHOOL])
    assert monitor(*shlex.split(remedy.partition("monitor ")[2])).status == 0


def test_try_shows_the_entries_of_an_address(monitor: Monitor, write: Write, world: World) -> None:
    write()
    ended = monitor("try", f"{world.base}/one.xml")
    assert ended.status == 0
    assert "Feed One: 2 entries" in ended.out
    assert SCHOOL.title in ended.out
    assert f"{world.base}/a/2" in ended.out


def test_try_shows_where_a_list_goes_on(monitor: Monitor, tmp_path: Path) -> None:
    rows = "".join(f"<li><a href=/{n}>A plan of the office, part {n}</a> <i>2026-11-1{n}</i></li>" for n in range(4))
    file = tmp_path / "list.html"
    file.write_text(f"<ul>{rows}</ul><a href=/list_2.html>下一页</a>", encoding="utf-8")
    ended = monitor("try", str(file), "--kind", "page", "--url", "https://a.example/list.html")
    assert "next page: https://a.example/list_2.html" in ended.out


def test_try_takes_a_route_of_the_configured_rsshub(monitor: Monitor, write: Write, world: World) -> None:
    world.feed("/hub/gov/zuixin?key=CANARY01", [MUSEUM])
    hub = f'rsshub = "{world.base}/hub?key=CANARY01"'
    write(replace=("allow_private", f"{hub}\nallow_private"))
    ended = monitor("try", "rsshub://gov/zuixin", "--json")
    assert ended.status == 0
    look = json.loads(ended.out)
    assert (look["url"], [entry["title"] for entry in look["reading"]["entries"]]) == (
        "rsshub://gov/zuixin", [MUSEUM.title],
    )  # fmt: skip
    failed = monitor("try", "rsshub://gov/nothing")
    assert (failed.status, "rsshub://gov/nothing: the server answered 404" in failed.err) == (1, True)
    assert "CANARY01" not in ended.out + failed.out + failed.err


def test_try_of_a_route_without_an_instance_is_the_users_mistake(monitor: Monitor, write: Write) -> None:
    remedy = 'write rsshub = "https://…" under [fetch]'
    for _ in range(2):  # without a file, and with one
        ended = monitor("try", "rsshub://gov/zuixin")
        assert (ended.status, remedy in ended.err) == (2, True)
        write()


def test_try_reads_a_file_without_any_configuration(monitor: Monitor, world: World, tmp_path: Path) -> None:
    path = tmp_path / "saved.xml"
    path.write_bytes(world.pages["/one.xml"][1])
    ended = monitor("try", str(path), "--url", "https://a.example/feed", "--json")
    assert ended.status == 0
    assert [entry["title"] for entry in json.loads(ended.out)["reading"]["entries"]] == [SCHOOL.title, MUSEUM.title]


def test_try_refuses_what_the_guard_refuses(monitor: Monitor, world: World) -> None:
    ended = monitor("try", f"{world.base}/one.xml")
    assert ended.status == 1
    assert "allow_private" in ended.err


@pytest.mark.parametrize("words", [("nosuch.xml",), ("https://a.example/", "--kind", "feeed")])
def test_try_with_a_wrong_argument_is_the_users_mistake(monitor: Monitor, words: tuple[str, ...]) -> None:
    ended = monitor("try", *words)
    assert ended.status == 2
    assert ended.err


# --- once, status, why, digest


def test_once_tells_what_it_did(monitor: Monitor, write: Write, world: World) -> None:
    write()
    ended = monitor("once", "--now", NOW)
    assert ended.status == 0
    assert "1 source polled: 2 new entries, 1 match\n" in ended.out
    assert "mail → reader@example.org: sent" in ended.out
    assert len(world.mails) == len(world.posts) == 1


def test_once_as_json(monitor: Monitor, write: Write) -> None:
    write()
    document = json.loads(monitor("once", "--json", "--now", NOW).out)
    assert [source["poll"]["new"] for source in document["sources"]] == [2]
    assert [edition["items"] for edition in document["editions"]] == [1]
    assert {delivery["outcome"] for delivery in document["deliveries"]} == {"sent"}


def test_once_with_an_answer_that_is_cut_off_ends_1_and_says_so(monitor: Monitor, write: Write, world: World) -> None:
    write()
    kind, whole = world.pages["/one.xml"]
    world.pages["/one.xml"] = (kind, whole[: whole.rindex(b"<link>") + 9])
    ended = monitor("once", "--now", NOW)
    assert ended.status == 1
    assert "PROBLEM one: " in ended.out


def test_once_with_a_source_that_fails_ends_1_and_says_why(monitor: Monitor, write: Write) -> None:
    write(replace=("/one.xml", "/nosuch.xml"))
    ended = monitor("once")
    assert ended.status == 1
    assert "FAILED one: " in ended.out


def test_parked_mail_is_tried_again_on_demand(monitor: Monitor, write: Write, world: World) -> None:
    write()
    world.mail_refusal = "550 no such user"
    ended = monitor("once", "--now", NOW)
    assert ended.status == 1
    assert "NOT SENT (parked)" in ended.out
    later = monitor("once", "--now", NOW)
    assert later.status == 1
    assert "1 delivery is parked; try it again: monitor once --retry-parked" in later.out
    ended = monitor("status")
    assert ended.status == 1
    assert "monitor once --retry-parked" in ended.out
    world.mail_refusal = None
    assert monitor("once", "--retry-parked", "--now", NOW).status == 0
    assert len(world.mails) == 1


def test_a_mail_goes_to_the_address_as_it_was_corrected(monitor: Monitor, write: Write, world: World) -> None:
    write()
    world.mail_refusal = "550 no such user"
    monitor("once", "--now", NOW)
    world.mail_refusal = None
    write(replace=("reader@example.org", "mended@example.org"))
    ended = monitor("once", "--retry-parked", "--now", NOW)
    assert (ended.status, len(world.mails)) == (0, 1)
    assert "mended@example.org: sent" in ended.out
    assert "their recipients were removed: 1; queued for new recipients: 1" in ended.err
    ended = monitor("status", "--json")
    assert json.loads(ended.out)["outbox"]["dropped"] == 1
    why = monitor("why", f"{world.base}/a/2")
    assert 'not to be sent: the channel "mail" no longer has this recipient; before: ' in why.out


@pytest.mark.parametrize(
    "words",
    [
        ("once", "--now", "yesterday"),
        ("once", "--source", "nosuch"),
        ("digest", "nosuch"),
        ("nosuch",),
        ("once", "--no"),
    ],
)
def test_a_wrong_argument_ends_2_and_says_so(monitor: Monitor, write: Write, words: tuple[str, ...]) -> None:
    write()
    ended = monitor(*words)
    assert ended.status == 2
    assert ended.err


def test_status_shows_sources_digests_and_the_outbox(monitor: Monitor, write: Write) -> None:
    write()
    monitor("once", "--now", NOW)
    ended = monitor("status")
    assert ended.status == 0
    assert "ok      one: 2 entries, read 2026-11-21 08:00, next 2026-11-21 08:" in ended.out  # its minute is spread
    assert "flash: last edition 2026-11-21 08:00, 1 item" in ended.out
    assert "Outbox: 2 sent" in ended.out


def test_status_begins_with_the_daemon(monitor: Monitor, write: Write, tmp_path: Path) -> None:
    write()
    monitor("once", "--now", NOW)
    assert monitor("status").out.startswith("Daemon: not running\n")
    clock = SystemClock()
    store = Store(f"sqlite:///{tmp_path / 'monitor.db'}", clock=clock)
    with store.hold("monitor run"):
        store.record_heartbeat(clock.now())
        assert monitor("status").out.startswith("Daemon: running since ")
        assert json.loads(monitor("status", "--json").out)["daemon"]["running"] is True
    assert monitor("status").out.startswith("Daemon: not running; stopped ")
    assert monitor("status").status == 0
    with store._transaction() as connection:
        connection.exec_driver_sql("UPDATE holder SET ended_at = NULL, pid = 999999999 WHERE command = 'monitor run'")
    ended = monitor("status")
    assert ended.out.startswith("Daemon: NOT RUNNING: ")
    assert "start it again: monitor run" in ended.out
    assert ended.status == 1
    assert json.loads(monitor("status", "--json").out)["daemon"]["running"] is False
    long_ago = "2026-01-01 00:00:00.000000"
    with store._transaction() as connection:
        silent = "UPDATE holder SET pid = ?, since = ?, beat_at = ? WHERE command = 'monitor run'"
        connection.exec_driver_sql(silent, (os.getpid(), long_ago, long_ago))
    store.close()
    ended = monitor("status")
    assert ended.out.startswith(f"Daemon: NO HEARTBEAT: process {os.getpid()} of ")
    assert ended.status == 1


def test_status_shows_when_a_digest_is_due_next(monitor: Monitor, write: Write) -> None:
    write(at="08:00")
    monitor("once", "--no-send")
    assert re.search(r"flash: no edition yet, next due \d{4}-\d\d-\d\d 08:00", monitor("status").out)
    assert json.loads(monitor("status", "--json").out)["digests"][0]["next_at"].endswith("00:00:00+00:00")


def test_status_names_no_time_for_a_digest_that_comes_as_news_does(monitor: Monitor, write: Write) -> None:
    write()
    monitor("once", "--no-send")
    assert "next due" not in monitor("status").out
    assert json.loads(monitor("status", "--json").out)["digests"][0]["next_at"] is None


def test_status_ends_1_while_a_source_fails(monitor: Monitor, write: Write) -> None:
    write(replace=("/one.xml", "/nosuch.xml"))
    monitor("once")
    ended = monitor("status", "--json")
    assert ended.status == 1
    assert json.loads(ended.out)["sources"][0]["health"] == "failing"


def test_a_delivery_that_is_sent_longer_than_an_attempt_may_last_is_shown(
    monitor: Monitor, write: Write, tmp_path: Path
) -> None:
    write()
    monitor("once", "--now", NOW)
    with closing(sqlite3.connect(tmp_path / "monitor.db", isolation_level=None)) as connection:
        claimed = "UPDATE delivery SET state = 'claimed', claimed_at = ? WHERE channel = 'mail'"
        connection.execute(claimed, ["2026-11-21 00:00:00.000000"])
        ended = monitor("status")
        assert "  claimed mail → reader@example.org: being sent since 2026-11-21 08:00, longer than" in ended.out
        assert ended.status == 1
        connection.execute(claimed, [f"{SystemClock().now():%Y-%m-%d %H:%M:%S.%f}"])
        ended = monitor("status")
        assert "being sent since" not in ended.out
        assert ended.status == 0


def test_health_is_1_while_no_daemon_runs(monitor: Monitor, write: Write) -> None:
    write()
    monitor("once", "--now", NOW)
    ended = monitor("status", "--health")
    assert ended.status == 1
    assert "daemon" in ended.err
    ended = monitor("status", "--health", "--json")
    assert ended.status == 1
    assert json.loads(ended.out) == {"alive": False, "last_beat": None}


@pytest.mark.parametrize("words", [(), ("--json",)])
def test_status_shows_what_it_can_while_the_file_cannot_be_used(
    monitor: Monitor, write: Write, words: tuple[str, ...]
) -> None:
    path = write()
    monitor("once", "--now", NOW)
    path.write_text(path.read_text("utf-8").replace("[[rule]]", "[[rul]]"), encoding="utf-8")
    ended = monitor("status", *words)
    assert ended.status == 2
    assert "2 entries" in ended.out or json.loads(ended.out)["sources"][0]["entries"] == 2
    assert 'unknown table "rul"' in ended.err


def test_health_is_the_daemon_s_whatever_the_file_holds(monitor: Monitor, write: Write, tmp_path: Path) -> None:
    path = write()
    monitor("once", "--now", NOW)
    clock = SystemClock()
    store = Store(f"sqlite:///{tmp_path / 'monitor.db'}", clock=clock)
    with store.hold("monitor run"):
        store.record_heartbeat(clock.now())
        path.write_text("not toml", encoding="utf-8")
        assert monitor("status", "--health").status == 0
    store.close()


def test_status_of_a_file_that_is_not_there_says_so(monitor: Monitor) -> None:
    ended = monitor("status", "--config", "nosuch.toml")
    assert ended.status == 2
    assert "there is no such file" in ended.err
    assert "no database" not in ended.err


def test_why_tells_the_whole_way_of_an_article(monitor: Monitor, write: Write, world: World) -> None:
    write()
    monitor("once", "--now", NOW)
    ended = monitor("why", f"{world.base}/a/2?utm_source=mail")
    assert ended.status == 0
    for text in (
        SCHOOL.title,
        "one, since",
        "themes",
        "metaverse",
        "flash",
        "reader@example.org: sent",
        "satellites: ",
    ):
        assert text in ended.out


def test_why_shows_what_a_poll_decided_and_for_what_reason(monitor: Monitor, write: Write, world: World) -> None:
    write()
    monitor("once", "--now", NOW)
    ended = monitor("why", f"{world.base}/a/2")
    for text in (
        "classified as new: its key was not recorded before",
        "validators: kept: the answer is complete",
        ": first poll",
    ):
        assert text in ended.out
    (entry,) = json.loads(monitor("why", f"{world.base}/a/2", "--json").out)["trace"]["entries"]
    assert entry["decision"]["kind"] == "new"
    assert [one["kind"] for one in entry["polls"][0]["decisions"]] == ["entries", "validators", "next poll"]


def test_why_shows_the_message_id_of_the_mail_and_local_times(monitor: Monitor, write: Write, world: World) -> None:
    write()
    assert 'digest "flash", 2026-11-21 08:00: 1 item\n' in monitor("once", "--now", NOW).out
    ((_, mail),) = world.mails
    ended = monitor("why", f"{world.base}/a/2")
    assert f"mail → reader@example.org: sent (Message-ID {mail['Message-ID']})\n" in ended.out
    assert "hook → hook: sent\n" in ended.out
    assert "flash, 2026-11-21 08:00, built 2026-11-21 08:00, 1 item\n" in ended.out


def test_why_knows_no_message_id_of_what_another_kind_of_channel_froze(
    monitor: Monitor, write: Write, tmp_path: Path, world: World
) -> None:
    write()
    monitor("once", "--now", NOW)
    path = tmp_path / "sources.toml"
    text = (
        path.read_text(encoding="utf-8")
        .replace("[channel.hook]", "[channel.swap]")
        .replace("channel.mail", "channel.hook")
    )
    text = text.replace("[channel.swap]", "[channel.mail]")
    path.write_text(text, encoding="utf-8")
    ended = monitor("why", f"{world.base}/a/2")
    assert ended.status == 0
    assert "Message-ID" not in ended.out


def test_why_of_something_that_no_rule_asked_for_says_so(monitor: Monitor, write: Write, world: World) -> None:
    write()
    monitor("once", "--now", NOW)
    ended = monitor("why", f"{world.base}/a/3", "--json")
    document = json.loads(ended.out)
    assert document["trace"]["matches"] == []
    assert [rule["held"] for rule in document["rules"]] == [False, False]
    shown = monitor("why", f"{world.base}/a/3").out
    assert "In no edition: no rule matched it" in shown
    assert not re.search(r"\d\dT\d\d:", shown), "every time is in the one form"


def test_why_of_an_unknown_address_ends_1(monitor: Monitor, write: Write) -> None:
    write()
    monitor("once", "--now", NOW)
    ended = monitor("why", "https://nowhere.example/")
    assert ended.status == 1
    assert "no source has listed" in ended.err
    ended = monitor("why", "https://nowhere.example/", "--json")
    assert ended.status == 1
    assert json.loads(ended.out) == {"trace": None, "rules": []}


@pytest.mark.parametrize(
    ("form", "sign"), [("text", "plans metaverse"), ("html", "<html"), ("slack", '"blocks"'), ("json", '"digest"')]
)
def test_a_preview_shows_what_would_be_sent_and_binds_nothing(
    monitor: Monitor, write: Write, world: World, form: str, sign: str
) -> None:
    write(at="09:00")
    monitor("once", "--now", NOW)
    for _ in range(2):
        ended = monitor("digest", "flash", "--preview", "--format", form, "--now", NOW)
        assert ended.status == 0
        assert sign in ended.out
    assert world.mails == []


def test_the_forms_of_a_registered_channel_are_offered_and_shown(
    monitor: Monitor, write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    kind = replace(KINDS["file"], formats={"count": lambda edition: f"{len(edition.groups)} rules"})
    monkeypatch.setitem(KINDS, "toy", kind)
    assert "<text|html|slack|count|json>" in monitor("digest", "--help").out
    write(at="09:00")
    monitor("once", "--now", NOW)
    assert monitor("digest", "flash", "--preview", "--format", "count", "--now", NOW).out == "1 rules\n"


def test_an_unknown_form_is_refused_before_anything_is_sent(monitor: Monitor, write: Write, world: World) -> None:
    write(at="09:00")
    monitor("once", "--now", NOW)
    for more in ([], ["--json"]):
        ended = monitor("digest", "flash", "--format", "pdf", "--now", NOW, *more)
        assert ended.status == 2
        assert 'unknown format "pdf"; there are text, html, slack, json' in ended.err
    assert world.mails == []


def test_a_digest_by_hand_is_sent_once(monitor: Monitor, write: Write, world: World) -> None:
    write(at="09:00")
    monitor("once", "--now", NOW)
    assert monitor("digest", "flash", "--now", NOW).status == 0
    assert len(world.mails) == 1
    again = monitor("digest", "flash", "--now", NOW)
    assert "nothing is pending" in again.err
    assert monitor("once", "--now", "2026-11-21T10:00+08:00").status == 0
    assert len(world.mails) == 1


def test_a_window_shows_what_was_sent_then(monitor: Monitor, write: Write) -> None:
    write()
    monitor("once", "--now", NOW)
    ended = monitor("digest", "flash", "--window", "2026-11-21T00:00", "2026-11-22T00:00")
    assert SCHOOL.title in ended.out.replace("*", "")
    assert "nothing was built" in monitor("digest", "flash", "--window", "2020-01-01", "2020-01-02").err


def test_as_json_a_digest_is_one_document_however_many_editions_there_are(
    monitor: Monitor, write: Write, world: World
) -> None:
    write()
    window = ("--window", "2026-11-21T00:00", "2026-11-22T00:00")

    def editions(*words: str) -> list[str]:
        document = json.loads(monitor("digest", "flash", "--json", *words).out)
        groups = [group for edition in document["editions"] for group in edition["groups"]]
        return [item["title"] for group in groups for item in group["items"]]

    assert editions("--now", "2026-11-21T07:00+08:00") == editions("--preview") == editions(*window) == []
    monitor("once", "--now", NOW)
    world.feed("/one.xml", [Row("Blockchain pilots", "/a/5"), SCHOOL])
    monitor("once", "--no-send", "--source", "one", "--now", "2026-11-21T10:00+08:00")
    assert editions("--preview") == ["Blockchain pilots"]
    assert editions("--now", "2026-11-21T10:00+08:00") == ["Blockchain pilots"]
    assert sorted(editions(*window)) == ["Blockchain pilots", SCHOOL.title]


def test_the_same_in_every_form_of_words(monitor: Monitor, write: Write) -> None:
    write(at="09:00")
    monitor("once", "--now", NOW)
    shown = [
        monitor("digest", "flash", "--preview", "--now", NOW, *words).out
        for words in (("--format", "json"), ("--json",))
    ]
    assert shown[0] == shown[1]


# --- db, demo, the rest


def test_the_database_is_checked_and_backed_up(monitor: Monitor, write: Write, tmp_path: Path) -> None:
    write()
    assert monitor("db", "upgrade").status == 0
    assert "sound" in monitor("db", "check").out
    assert json.loads(monitor("db", "check", "--json").out)["problems"] == []
    assert monitor("db", "backup", "copy.db").status == 0
    assert (tmp_path / "copy.db").stat().st_size > 0
    assert monitor("db", "backup", "copy.db").status == 1


def test_the_demo_does_the_whole_job_and_shows_that_nothing_comes_twice(monitor: Monitor, tmp_path: Path) -> None:
    ended = monitor("demo", "--output", "shown.html")
    assert ended.status == 0
    assert "元宇宙" in ended.out
    assert "互聯網3.0" in ended.out
    assert "8 articles = 6 stories + 1 further report + 1 copy" in ended.out
    assert "Chongqing: 500 million yuan" not in ended.out  # the near copy is a place of the first
    assert ended.out.count("   Also at River Wire | ") == 2
    assert "   - River Wire: Liangjiang's blockchain sandbox opens to small firms\n" in ended.out
    assert "Nothing comes twice." in ended.out
    assert "<html" in (tmp_path / "shown.html").read_text(encoding="utf-8")


def test_a_demo_that_could_not_be_written_is_not_begun(monitor: Monitor, tmp_path: Path) -> None:
    ended = monitor("demo", "--output", str(tmp_path / "nosuch" / "x.html"))
    assert ended.status == 2
    assert "--output" in ended.err
    assert ended.out == ""


def test_a_driver_that_is_not_there_is_the_users_mistake(
    monitor: Monitor, write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    write()
    monkeypatch.setenv("MONITOR_DATABASE_URL", "postgresql+asyncpg://u:CANARY@127.0.0.1/d")
    ended = monitor("status")
    assert ended.status == 2
    assert "write sqlite:////folder/monitor.db or postgresql://" in ended.err
    assert "CANARY" not in ended.err


def test_the_version_is_printed(monitor: Monitor) -> None:
    ended = monitor("--version")
    assert ended.status == 0
    assert ended.out.strip()[0].isdigit()


def test_no_secret_is_printed(monitor: Monitor, write: Write, world: World) -> None:
    write()
    world.hook_status = [(403, {})]
    shown = [monitor(*words) for words in (("check",), ("once", "--now", NOW), ("status",), ("status", "--json"))]
    assert "CANARY" not in "".join(ended.out + ended.err for ended in shown)


def test_a_command_is_quiet_and_the_environment_can_ask_for_more(
    monitor: Monitor, write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    write()
    assert "collect.poll" not in monitor("once", "--now", NOW).err
    monkeypatch.setenv("MONITOR_LOG", "info")
    assert "collect.poll" in monitor("once", "--source", "one").err


@pytest.mark.parametrize(
    "words", [("status",), ("why", "https://a.example/"), ("digest", "flash", "--preview"), ("db", "backup", "x.db")]
)
def test_what_only_asks_makes_no_database(
    monitor: Monitor, write: Write, tmp_path: Path, words: tuple[str, ...]
) -> None:
    write()
    ended = monitor(*words)
    assert ended.status == 1
    assert "there is no database yet" in ended.err
    assert not (tmp_path / "monitor.db").exists()


# --- a database that is not there yet


def test_a_folder_that_is_not_there_is_no_place_for_a_database(
    monitor: Monitor, write: Write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write()
    missing = tmp_path / "missing"
    monkeypatch.setenv("MONITOR_DATABASE_URL", f"sqlite:///{missing}/m.db")
    for command in ("once", "run"):
        ended = monitor(command)
        assert ended.status == 1
        assert f"the folder {missing} does not exist; make the folder" in ended.err
    assert not missing.exists()


def test_a_new_database_is_announced_once(monitor: Monitor, write: Write) -> None:
    write()
    first, second = monitor("once"), monitor("once")
    assert "new database sqlite:///" in first.err
    assert len(first.err.splitlines()) == 1
    assert second.err == ""


# --- warnings of the file


def test_only_check_prints_what_is_suspicious_in_the_file(monitor: Monitor, write: Write) -> None:
    write(replace=('rules = ["*"]', 'rules = ["themes"]'))
    assert "no digest asks for this rule" in monitor("check").err
    for words in (("once",), ("search", "museum"), ("match", "a", "a"), ("status",), ("try", "one")):
        assert "no digest asks" not in monitor(*words).err
