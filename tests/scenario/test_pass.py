"""Passes of the whole program over real sockets: what readers get, and what they do not get twice."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import pytest

from monitor.app.passes import report_pass
from monitor.app.program import Pass
from monitor.app.wiring import open_program, open_store
from monitor.clock import FixedClock
from monitor.collect.articles import Page
from monitor.collect.diff import ChangedEntry
from monitor.collect.entries import decide_entry
from monitor.config import Config
from monitor.errors import LockHeld, UsageError
from monitor.model import EntryChange, Source
from monitor.model.reports import Status
from monitor.rules import RuleSet
from monitor.sandbox import InlineReaders
from monitor.store import Store
from tests.support.configuration import Configure
from tests.support.world import START, Row, World, squeeze

BODY = "The programme runs for three years and names the agencies in charge of each of its parts."
FUND = Row("District opens a Web3 fund", "/a/1?utm_source=rss", BODY)
FUND_COPY = Row("District opens a Web3 fund", "/a/1?utm_source=partner", BODY, guid="c")
FUND_REPRINT = Row("District opens a Web3 fund", "/reprint/9", BODY, guid="r")
SCHOOL = Row("City plans metaverse classrooms", "/a/2", "Schools will test them.")
MUSEUM = Row("Museum extends opening hours", "/a/3", "Nothing to see here.")
LEDGER = Row("Ministry lists blockchain pilots", "/a/5", "Twelve cities take part.")
OLD = Row("An old metaverse plan", "/a/6", "From last month.", age=60 * 24 * 30)


def run(config: Config, minutes: int = 0, names: tuple[str, ...] = (), *, send: bool = True) -> Pass:
    clock = FixedClock(START + dt.timedelta(minutes=minutes))
    with open_program(config, clock, command="test", readers=InlineReaders()) as program:
        return program.once(names, send=send)


def status(config: Config, minutes: int = 0) -> Status:
    clock = FixedClock(START + dt.timedelta(minutes=minutes))
    with open_store(config, clock) as store:
        return store.status(clock.now())


def reading(config: Config) -> Store:
    return Store(config.database_url.reveal(), clock=FixedClock(START))


def test_news_reaches_every_channel_once(world: World, configure: Configure) -> None:
    world.feed("/one.xml", [FUND, MUSEUM, SCHOOL])
    config = configure("one.xml")
    assert not report_pass(run(config)).needs_attention
    assert len(world.texts("reader@example.org")) == 1
    assert len(world.posts) == 1
    run(config, 180)
    assert len(world.texts("reader@example.org")) == 1
    text = squeeze(world.texts("reader@example.org")[0])
    assert squeeze(FUND.title) in text
    assert squeeze(SCHOOL.title) in text
    assert squeeze(MUSEUM.title) not in text


def test_a_second_poll_is_conditional(world: World, configure: Configure) -> None:
    world.feed("/one.xml", [FUND])
    config = configure("one.xml")
    run(config)
    done = run(config, 180)
    assert [collected.poll.outcome for collected in done.collected] == ["not_modified"]
    assert world.hits[-1][1] is not None


@pytest.mark.parametrize("again", [FUND_COPY, FUND_REPRINT], ids=["the same address", "the same text elsewhere"])
def test_a_copy_is_one_story(world: World, configure: Configure, again: Row) -> None:
    world.feed("/one.xml", [FUND])
    world.feed("/two.xml", [again])
    done = run(configure("one.xml", "two.xml"))
    assert [len(built.edition.items) for built in done.built if built.edition is not None] == [1]
    (text,) = world.texts("reader@example.org")
    assert squeeze(text).count(squeeze(FUND.title)) == 1


def test_a_copy_that_comes_later_is_not_sent_again(world: World, configure: Configure) -> None:
    world.feed("/one.xml", [FUND])
    world.feed("/two.xml", [MUSEUM])
    config = configure("one.xml", "two.xml")
    run(config)
    world.feed("/two.xml", [FUND_REPRINT, MUSEUM])
    run(config, 180)
    assert len(world.texts("reader@example.org")) == 1


def test_an_update_is_not_sent_again_and_is_kept_as_a_revision(world: World, configure: Configure) -> None:
    world.feed("/one.xml", [FUND])
    config = configure("one.xml")
    run(config)
    world.feed("/one.xml", [Row(FUND.title, FUND.path, BODY + " Applications close in May.")])
    run(config, 180)
    assert len(world.texts("reader@example.org")) == 1
    store = reading(config)
    trace = store.trace(world.base + "/a/1", world.base + "/a/1")
    store.close()
    assert trace is not None
    assert [revision.text for revision in trace.revisions] == [BODY]


def test_an_update_by_which_a_rule_begins_to_hold_is_sent(world: World, configure: Configure) -> None:
    world.feed("/one.xml", [MUSEUM])
    config = configure("one.xml")
    run(config)
    assert world.mails == []
    world.feed("/one.xml", [Row(MUSEUM.title, MUSEUM.path, "It will show the metaverse.")])
    run(config, 180)
    assert len(world.texts("reader@example.org")) == 1


def test_an_update_before_the_digest_shows_the_new_words(world: World, configure: Configure) -> None:
    world.feed("/one.xml", [SCHOOL])
    config = configure("one.xml", at="08:00")
    run(config)
    world.feed("/one.xml", [Row("Oh: " + SCHOOL.title, SCHOOL.path, "Schools will not test them.")])
    run(config, 180)
    run(config, 60 * 24)
    (text,) = world.texts("reader@example.org")
    assert squeeze("Oh: " + SCHOOL.title) in squeeze(text)


def test_the_first_poll_sends_what_is_recent_and_keeps_the_rest_as_its_baseline(
    world: World, configure: Configure
) -> None:
    world.feed("/one.xml", [SCHOOL, OLD])
    config = configure("one.xml")
    run(config)
    run(config, 180)
    (text,) = world.texts("reader@example.org")
    assert squeeze(SCHOOL.title) in squeeze(text)
    assert squeeze(OLD.title) not in squeeze(text)


def test_a_backdated_entry_that_comes_later_is_news(world: World, configure: Configure) -> None:
    world.feed("/one.xml", [SCHOOL])
    config = configure("one.xml")
    run(config)
    world.feed("/one.xml", [SCHOOL, OLD])
    run(config, 180)
    assert squeeze(OLD.title) in squeeze(world.texts("reader@example.org")[1])


def test_what_one_sources_baseline_holds_another_source_can_still_bring_as_news(
    world: World, configure: Configure
) -> None:
    world.feed("/one.xml", [OLD])
    world.feed("/two.xml", [MUSEUM])
    config = configure("one.xml", "two.xml")
    run(config)
    assert world.mails == []
    world.feed("/two.xml", [OLD, MUSEUM])
    run(config, 180)
    assert len(world.texts("reader@example.org")) == 1


def test_what_came_out_while_a_new_source_could_not_be_read_is_no_old_news(world: World, configure: Configure) -> None:
    """The first answer comes four days after the source was asked for: its baseline is what was old then."""
    config = configure("one.xml")
    assert report_pass(run(config)).needs_attention
    world.feed("/one.xml", [SCHOOL, OLD])
    run(config, 60 * 24 * 4, ("one.xml",))
    (text,) = world.texts("reader@example.org")
    assert squeeze(SCHOOL.title) in squeeze(text)
    assert squeeze(OLD.title) not in squeeze(text)


def test_a_release_page_loses_no_entry(world: World, configure: Configure) -> None:
    """Every entry links to one page."""
    first = Row("Web3 kit 1.0", "/releases", "First.", guid="1")
    second = Row("Web3 kit 1.1", "/releases", "Second.", guid="2")
    world.feed("/one.xml", [first])
    config = configure("one.xml")
    run(config)
    world.feed("/one.xml", [second, first])
    run(config, 180)
    assert squeeze(second.title) in squeeze(world.texts("reader@example.org")[1])


def test_a_failing_source_is_contained_and_reported(world: World, configure: Configure) -> None:
    world.feed("/one.xml", [SCHOOL])
    config = configure("one.xml", "nosuch.xml")
    done = run(config)
    assert report_pass(done).needs_attention
    assert [collected.source for collected in done.collected if collected.failed] == ["nosuch.xml"]
    assert len(world.mails) == 1
    found = status(config)
    assert {source.name: source.health for source in found.sources} == {"one.xml": "ok", "nosuch.xml": "failing"}
    assert [notice.subject for notice in found.notices] == ["nosuch.xml"]
    assert "404" in found.notices[0].message


def test_a_source_that_recovers_takes_its_notice_back(world: World, configure: Configure) -> None:
    config = configure("one.xml")
    run(config)
    world.feed("/one.xml", [SCHOOL])
    run(config, 60 * 24)
    assert status(config, 60 * 24).notices == ()


def test_a_page_in_place_of_a_feed_is_a_failure_that_says_so(world: World, configure: Configure) -> None:
    world.pages["/one.xml"] = ("text/html", b"<!doctype html><html><title>Welcome</title><p>No feed here</p></html>")
    (collected,) = run(configure("one.xml")).collected
    assert collected.failed
    assert "feed" in collected.poll.reason


def test_a_feed_that_ran_over_between_two_polls_is_a_notice(world: World, configure: Configure) -> None:
    world.feed("/one.xml", [SCHOOL])
    config = configure("one.xml")
    run(config)
    world.feed("/one.xml", [LEDGER])
    run(config, 180)
    assert [notice.kind for notice in status(config, 180).notices] == ["gap"]
    run(config, 60 * 24 * 2)
    assert [notice.kind for notice in status(config, 60 * 24 * 2).notices] == ["gap"]
    run(config, 60 * 24 * 4)
    assert status(config, 60 * 24 * 4).notices == ()


def test_a_mail_server_that_is_down_delays_only_its_own_channel(world: World, configure: Configure) -> None:
    world.feed("/one.xml", [SCHOOL])
    config = configure("one.xml")
    world.mail_refusal = "451 try later"
    assert report_pass(run(config)).needs_attention
    assert len(world.posts) == 1
    assert world.mails == []
    world.mail_refusal = None
    run(config, 60)
    run(config, 120)
    assert len(world.texts("reader@example.org")) == 1
    assert len(world.posts) == 1


def test_a_refused_mail_is_parked_and_can_be_tried_again(world: World, configure: Configure) -> None:
    world.feed("/one.xml", [SCHOOL])
    config = configure("one.xml")
    world.mail_refusal = "550 no such user"
    run(config)
    found = status(config)
    assert [delivery.state for delivery in found.troubled] == ["parked"]
    assert "no such user" in (found.troubled[0].last_error or "")
    world.mail_refusal = None
    run(config, 600)
    assert world.mails == []
    clock = FixedClock(START + dt.timedelta(minutes=700))
    with open_program(config, clock, command="test", readers=InlineReaders()) as program:
        program.store.requeue_parked(clock.now())
        program.once()
    assert len(world.texts("reader@example.org")) == 1


def test_a_rate_limit_of_slack_is_obeyed(world: World, configure: Configure) -> None:
    world.feed("/one.xml", [SCHOOL])
    config = configure("one.xml")
    world.hook_status = [(429, {"Retry-After": "7200"})]
    run(config)
    run(config, 60)
    assert world.posts == []
    run(config, 121)
    assert len(world.posts) == 1


def test_a_scheduled_digest_comes_at_its_time_and_covers_what_was_missed(world: World, configure: Configure) -> None:
    world.feed("/one.xml", [SCHOOL])
    config = configure("one.xml", at="08:00")  # 00:00 UTC is 08:00 in Shanghai: the first slot is a day later
    run(config, 1)
    world.feed("/one.xml", [LEDGER, SCHOOL])
    run(config, 300)
    assert world.mails == []
    run(config, 60 * 24 * 3 + 5)
    (text,) = world.texts("reader@example.org")
    assert squeeze(SCHOOL.title) in squeeze(text)
    assert squeeze(LEDGER.title) in squeeze(text)
    run(config, 60 * 24 * 4 + 5)
    assert len(world.mails) == 1


def test_a_new_digest_does_not_send_the_archive(world: World, configure: Configure) -> None:
    world.feed("/one.xml", [SCHOOL])
    run(configure("one.xml"))
    later = '[[digest]]\nname = "late"\nrules = ["themes"]\nat = "now"\nto = ["hook"]\n'
    run(configure("one.xml", extra=later), 60)
    assert len(world.posts) == 1


def test_no_send_records_and_a_later_pass_delivers(world: World, configure: Configure) -> None:
    world.feed("/one.xml", [SCHOOL])
    config = configure("one.xml")
    run(config, send=False)
    assert world.mails == []
    run(config, 1)
    assert len(world.mails) == 1


def test_a_named_source_is_polled_due_or_not(world: World, configure: Configure) -> None:
    world.feed("/one.xml", [SCHOOL])
    config = configure("one.xml")
    run(config)
    assert run(config, 1).collected == ()
    assert [collected.source for collected in run(config, 1, ("one.xml",)).collected] == ["one.xml"]


def test_an_unknown_name_is_the_users_mistake(configure: Configure) -> None:
    with pytest.raises(UsageError, match=r"one\.xml"):
        run(configure("one.xml"), names=("two.xml",))


def test_one_process_at_a_time(configure: Configure) -> None:
    config = configure("one.xml")
    clock = FixedClock(START)
    with (
        open_program(config, clock, command="first", readers=InlineReaders()),
        pytest.raises(LockHeld, match="first"),
        open_program(config, clock, command="second"),
    ):
        pass


def test_a_bug_in_a_reader_is_contained_and_reported(
    world: World, configure: Configure, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.feed("/one.xml", [SCHOOL])
    world.feed("/two.xml", [LEDGER])

    def buggy(change: ChangedEntry, page: Page, source: Source, rules: RuleSet) -> EntryChange:
        if source.name == "one.xml":
            raise ZeroDivisionError("a bug")
        return decide_entry(change, page, source, rules)

    monkeypatch.setattr("monitor.collect.decide.decide_entry", buggy)
    config = configure("one.xml", "two.xml")
    assert report_pass(run(config)).needs_attention
    assert len(world.mails) == 1
    assert [notice.kind for notice in status(config).notices] == ["crash"]
    monkeypatch.undo()
    run(config, 60 * 24)
    assert len(world.mails) == 2
    assert status(config, 60 * 24).notices == ()


def test_no_secret_reaches_the_database(world: World, configure: Configure) -> None:
    world.feed("/one.xml", [SCHOOL])
    config = configure("one.xml")
    world.hook_status = [(500, {})]
    run(config)
    files = config.path.parent.glob("monitor.db*")
    assert not [path for path in files if b"CANARY" in path.read_bytes()]
    assert "CANARY" not in json.dumps([str(status(config))])


def test_a_secret_address_reaches_neither_readers_nor_the_database(
    world: World, configure: Configure, tmp_path: Path
) -> None:
    """A link that is only a fragment inherits the whole address of its feed."""
    entries = "".join(
        f"<entry><title>Metaverse plan {number}</title><id>{guid}</id><link href='{link}'/>"
        "<updated>2026-11-20T23:00:00Z</updated></entry>"
        for number, (guid, link) in enumerate([("", "#e1"), ("urn:2", "a.html"), ("", "/read?id=3&amp;key=CANARY")])
    )
    feed = f"<feed xmlns='http://www.w3.org/2005/Atom'><title>F</title>{entries}</feed>"
    world.pages["/private/feed?key=CANARY"] = ("application/atom+xml", feed.encode())
    (tmp_path / "address").write_text(f"{world.base}/private/feed?key=CANARY", encoding="utf-8")
    config = configure(extra='[[source]]\nname = "private"\nurl = "file:address"\n')
    assert not report_pass(run(config)).needs_attention
    (text,) = world.texts("reader@example.org")
    assert all(squeeze(f"Metaverse plan {number}") in squeeze(text) for number in range(3))
    assert f"{world.base}/private/a.html" in text
    assert f"{world.base}/read?id=3" in text
    assert "CANARY" not in text + json.dumps(world.posts) + str(world.mails[0][1])
    assert not [path for path in tmp_path.glob("monitor.db*") if b"CANARY" in path.read_bytes()]


def test_a_feed_that_lists_nothing_is_no_failure(world: World, configure: Configure) -> None:
    world.feed("/one.xml", [])
    (collected,) = run(configure("one.xml")).collected
    assert collected.poll.outcome == "ok"


def test_a_slot_met_again_in_another_zone_waits_for_the_next(world: World, configure: Configure) -> None:
    """The same local time comes twice when a digest moves from Shanghai to Berlin."""
    world.feed("/one.xml", [SCHOOL])
    run(configure("one.xml", at="12:00"))
    run(configure("one.xml", at="12:00"), 60 * 5)
    assert len(world.mails) == 1
    world.feed("/one.xml", [LEDGER, SCHOOL])
    berlin = configure("one.xml", at="12:00", replace=("Asia/Shanghai", "Europe/Berlin"))
    assert not report_pass(run(berlin, 60 * 12)).needs_attention
    assert len(world.mails) == 1
    assert not report_pass(run(berlin, 60 * 36)).needs_attention
    assert squeeze(LEDGER.title) in squeeze(world.texts("reader@example.org")[1])
