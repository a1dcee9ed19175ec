"""What follows from a poll: a table of cases, each from the state before to the result and its reasons."""

from __future__ import annotations

import ast
import datetime as dt
import inspect
import re
from dataclasses import dataclass, field, replace
from importlib import import_module
from typing import Any

import pytest

from monitor.collect.articles import NO_PAGE, Page, Pages
from monitor.collect.decide import decide
from monitor.collect.diff import ChangedEntry, RecordedState, diff_entries
from monitor.collect.documents import Failure, Snapshot, Unchanged
from monitor.collect.entries import decide_entry, decide_late_page
from monitor.collect.locate import PollContext
from monitor.collect.notices import MANY_PAGE_FAILURES
from monitor.collect.result import PollResult, PostponedPage, RaiseNotice, ResolveNotice
from monitor.collect.schedule import Limits
from monitor.fetch import FetchError
from monitor.model import (
    Article,
    Decision,
    Endpoint,
    Entry,
    EntryChange,
    KnownEntry,
    Match,
    Moment,
    Notice,
    PageRetry,
    Reading,
    SitemapState,
    Source,
    SourceState,
    Validators,
)
from monitor.model.suppressed import FIRST_POLL_OLD
from monitor.rules import compile_rules
from monitor.stories import content_hash

NOON = dt.datetime(2026, 11, 21, 12, tzinfo=dt.UTC)
DAY, HOUR = dt.timedelta(days=1), dt.timedelta(hours=1)
RULES = compile_rules({"web3": "web3", "fund": "fund"})
TAGGED = compile_rules({"tagged": "fund AND tag:money"})
LIMITS = Limits()

SOURCE = Source("one", "https://one.example/feed", "feed")
PAGED = replace(SOURCE, full_text=True)
FOUND_OUT = replace(SOURCE, kind="")
FEED = Endpoint("feed", "https://one.example/rss", "the page names it", NOON)
OLD_TAG, TAG = Validators(b'"old"', body_hash="old"), Validators(b'"new"', body_hash="new")
POLLED = SourceState(
    7, "one", SOURCE.url, OLD_TAG, 4, interval=HOUR, last_success_at=NOON - HOUR, last_new_at=NOON - DAY, failures=2
)
NEVER = SourceState(7, "one", SOURCE.url, added_at=NOON)

FUND = Entry("1", "Web3 fund", "https://one.example/p/1", Moment(NOON - HOUR, "second"), summary="Words.")
OTHER = Entry("2", "Museum", "https://one.example/p/2", Moment(NOON - 9 * DAY, "second"))
OLD = Article("https://one.example/p/1", "Web3 first", "Words.")
LATE = PageRetry(KnownEntry("2", "said", 5), OLD.title, OLD.url, 1)
CUT = {"complete": False, "unfinished": frozenset({"2"})}


def says(entry: Entry) -> str:
    return content_hash(entry.title, entry.url, f"{entry.summary}\x00{entry.content}")


def recorded(entry: Entry, article_id: int = 5) -> KnownEntry:
    return KnownEntry(entry.key, says(entry), article_id)


def snapshot(*entries: Entry, **more: Any) -> Snapshot:
    reading = Reading("feed", entries, **more.pop("reading", {}))
    return Snapshot(reading, more.pop("validators", TAG), 200, **more)


def pages_of(*pages: Page, **more: Any) -> Pages:
    return Pages(pages, **more)


@dataclass(frozen=True)
class Case:
    """What is known and came, and what must follow. `raised` are the notices, with their reasons."""

    outcome: Snapshot | Unchanged | Failure
    entries: tuple[tuple[str, str | None, tuple[str, ...]], ...] = ()
    """Of each: what it is taken for, why its matches are suppressed, the rules that hold."""
    state: SourceState = POLLED
    source: Source = SOURCE
    known: tuple[KnownEntry, ...] = ()
    archive: dict[int, Article] = field(default_factory=dict)
    last_entry_count: int = 0
    pages: Pages | None = None
    lost: str = ""
    """Why the endpoint was lost, and FEED discovered instead."""
    record: tuple[str, str] = ("ok", "read 1 entries")
    validators: tuple[Validators, str] = (TAG, "kept: the answer is complete")
    when: str = "no news: later"
    raised: dict[str, str] = field(default_factory=dict)
    counts: str | None = None


CASES = {
    "new": Case(snapshot(FUND), (("new", None, ("fund", "web3")),), when="news: sooner", counts="1 new, 0 unchanged"),
    "changed": Case(
        snapshot(FUND),
        (("changed", None, ("fund",)),),
        known=(KnownEntry("1", "said", 5),),
        archive={5: OLD},
        counts="1 changed, 0 unchanged",
    ),
    "unchanged": Case(snapshot(FUND), known=(recorded(FUND),), counts="1 unchanged"),
    "first poll": Case(
        snapshot(FUND, OTHER),
        (("new", None, ("fund", "web3")), ("new", FIRST_POLL_OLD, ())),
        state=NEVER,
        record=("ok", "read 2 entries"),
        when="first poll",
        counts="2 new, 1 of them not to be sent, 0 unchanged",
    ),
    "re-keyed": Case(
        snapshot(replace(FUND, url="https://one.example/p/9")),
        (("re-keyed", None, ("fund", "web3")),),
        known=(KnownEntry("1", "said", 5),),
        archive={5: OLD},
        when="news: sooner",
    ),
    "gap": Case(
        snapshot(FUND, overlap=False),
        (("new", None, ("fund", "web3")),),
        when="news: sooner",
        raised={"gap": "no overlap with the last answer"},
    ),
    "page of the list failed": Case(
        snapshot(FUND, failure="page 2 of the list could not be read (no)", read_again=True, gap_since=NOON - DAY),
        known=(recorded(FUND),),
        record=("ok", "read 1 entries; page 2 of the list could not be read (no)"),
        validators=(Validators(), "dropped: a further document must be read again"),
        raised={"gap": "a further document could not be read"},
    ),
    "truncated": Case(
        snapshot(FUND, reading={"complete": False, "problems": ("no end tag",)}),
        (("new", None, ("fund", "web3")),),
        record=("ok", "read 1 entries; no end tag"),
        validators=(Validators(), "dropped: the answer is not complete"),
        when="news: sooner",
        raised={"broken": "the answer was read in part"},
    ),
    "cut in the middle of an entry": Case(
        snapshot(FUND, OTHER, reading=CUT),
        (("new", None, ("fund", "web3")),),
        record=("ok", "read 2 entries"),
        validators=(Validators(), "dropped: the answer is not complete"),
        when="news: sooner",
        raised={"broken": "the answer was read in part"},
    ),
    "cut at the same place for a day": Case(
        snapshot(FUND, OTHER, reading=CUT),
        (("new", None, ("fund", "web3")), ("new", None, ())),
        state=replace(POLLED, cut_hash="new", cut_since=NOON - DAY),
        record=("ok", "read 2 entries"),
        validators=(Validators(), "dropped: the answer is not complete"),
        when="news: sooner",
        raised={"broken": "the answer was read in part"},
    ),
    "cut elsewhere than a day before": Case(
        snapshot(FUND, OTHER, reading=CUT),
        (("new", None, ("fund", "web3")),),
        state=replace(POLLED, cut_hash="other", cut_since=NOON - DAY),
        record=("ok", "read 2 entries"),
        validators=(Validators(), "dropped: the answer is not complete"),
        when="news: sooner",
        raised={"broken": "the answer was read in part"},
    ),
    "few entries, and then none": Case(
        snapshot(), last_entry_count=2, record=("ok", "read 0 entries"), counts="0 unchanged"
    ),
    "none for the third time": Case(
        snapshot(),
        state=replace(POLLED, empty_answers=2),
        record=("ok", "read 0 entries"),
        raised={"empty": "it lists no entries any more; the last 3 answers were empty"},
        counts="0 unchanged",
    ),
    "none, and unchanged": Case(
        Unchanged("same_body", TAG),
        state=replace(POLLED, empty_answers=2),
        record=("same_body", "the same body"),
        validators=(TAG, "kept: the same body"),
        raised={"empty": "it lists no entries any more; the last 3 answers were empty"},
    ),
    "never listed anything": Case(
        snapshot(),
        state=replace(NEVER, polls=9),
        record=("ok", "read 0 entries"),
        when="first poll",
        counts="0 unchanged",
    ),
    "unreadable": Case(
        Failure("this is no feed", 200, unreadable=True),
        record=("failed", "this is no feed"),
        validators=(OLD_TAG, "kept: those of the last complete answer"),
        when="failure 3: backing off",
        raised={"broken": "the poll failed"},
    ),
    "asked to wait": Case(
        Failure("the server answered 429", 429, retry_after=5 * HOUR),
        record=("failed", "the server answered 429"),
        validators=(OLD_TAG, "kept: those of the last complete answer"),
        when="the server asked to wait",
        raised={"broken": "the poll failed"},
    ),
    "gone": Case(
        Failure("the server answered 410", 410),
        record=("failed", "the server answered 410"),
        validators=(OLD_TAG, "kept: those of the last complete answer"),
        when="failure 3: backing off",
        raised={"gone": "the server says it is gone"},
    ),
    "crash": Case(
        Failure("the program failed on it", crash=True),
        record=("failed", "the program failed on it"),
        validators=(OLD_TAG, "kept: those of the last complete answer"),
        when="failure 3: backing off",
        raised={"crash": "the program failed"},
    ),
    "moved": Case(
        snapshot(FUND, moved_to="https://two.example/feed"),
        known=(recorded(FUND),),
        raised={"moved": "the server moved it for good"},
    ),
    "relocated list": Case(
        snapshot(FUND, relocated=Notice("changed", "one", "the page was changed")),
        known=(recorded(FUND),),
        raised={"changed": "the page was changed"},
    ),
    "rediscovered": Case(
        snapshot(FUND, OTHER, overlap=False),
        (("new", None, ("fund", "web3")), ("new", FIRST_POLL_OLD, ())),
        source=FOUND_OUT,
        lost="the server answered 404",
        record=("ok", "read 2 entries"),
        when="news: sooner",
        raised={"found": "its endpoint was lost"},
    ),
    "empty": Case(
        snapshot(),
        last_entry_count=9,
        record=("ok", "read 0 entries"),
        raised={"empty": "it lists no entries any more; the poll before found 9"},
    ),
    "page read": Case(
        snapshot(replace(FUND, title="A …")),
        (("new", None, ("web3",)),),
        source=PAGED,
        pages=pages_of(Page(Article(FUND.url, "A title", "Of Web3."))),
        when="news: sooner",
    ),
    "page failed": Case(
        snapshot(FUND),
        (("new", None, ("fund", "web3")),),
        source=PAGED,
        pages=pages_of(
            Page(reason="403", due=NOON + HOUR, tries=1),
            failures=MANY_PAGE_FAILURES,
            last_failed=FUND.url,
            unread=1,
            why="403",
        ),
        record=("ok", "read 1 entries; 1 article pages could not be read (403)"),
        when="news: sooner",
        raised={"pages": "5 article pages in a row failed"},
    ),
    "page retried": Case(
        Unchanged("not_modified", TAG, 304),
        (("late page", None, ("fund",)),),
        source=PAGED,
        archive={5: OLD},
        pages=Pages(retried=((LATE, Page(Article(OLD.url, "", "Of a fund."))),)),
        record=("not_modified", "not modified"),
        validators=(TAG, "kept: not modified"),
        counts="1 late page",
    ),
    "not modified": Case(
        Unchanged("not_modified", TAG, 304),
        record=("not_modified", "not modified"),
        validators=(TAG, "kept: not modified"),
    ),
    "same body": Case(
        Unchanged("same_body", TAG), record=("same_body", "the same body"), validators=(TAG, "kept: the same body")
    ),
}


def result_of(case: Case) -> PollResult:
    context = PollContext(case.source, case.state, NOON, case.source)
    if case.lost:
        context = context.with_endpoint(FEED, case.lost)
    entries = case.outcome.reading.entries if isinstance(case.outcome, Snapshot) else ()
    before = RecordedState(
        {known.key: known for known in case.known},
        tuple(map(says, entries)),
        case.archive,
        last_entry_count=case.last_entry_count,
    )
    changes = diff_entries(context, case.outcome, before)
    pages = case.pages or Pages((NO_PAGE,) * len(changes))
    return decide(context, case.outcome, changes, pages, before, rules=RULES, limits=LIMITS, jitter=0.5)


def rules(matches: tuple[Match, ...]) -> tuple[str, ...]:
    return tuple(sorted(match.rule for match in matches))


def reasons(result: PollResult) -> dict[str, str]:
    return {decision.kind: decision.reason for decision in result.record.decisions}


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_what_follows_and_why(case: Case) -> None:
    result = result_of(case)
    assert (result.record.outcome, result.record.reason) == case.record
    taken = [(one.decision and one.decision.kind, one.suppressed_reason, rules(one.matches)) for one in result.entries]
    assert taken == list(case.entries)
    assert (result.state.validators, reasons(result)["validators"]) == case.validators
    assert re.fullmatch(rf"2026-11-\d\d \d\d:\d\d: {re.escape(case.when)}", reasons(result)["next poll"])
    raised = {change.notice.kind: change.reason for change in result.notices if isinstance(change, RaiseNotice)}
    assert raised == case.raised
    assert {f"notice {kind}": why for kind, why in raised.items()}.items() <= reasons(result).items()
    if case.counts is not None:
        assert reasons(result)["entries"] == case.counts


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_the_state_after_a_poll_counts_it(case: Case) -> None:
    result = result_of(case)
    state, failed = result.state, isinstance(case.outcome, Failure)
    assert (state.polls, state.last_polled_at) == (case.state.polls + 1, NOON)
    assert state.failures == (case.state.failures + 1 if failed else 0)
    assert state.last_success_at == (case.state.last_success_at if failed else NOON)
    assert state.last_error == (result.record.reason if failed else None)
    assert state.next_poll_at is not None
    assert NOON < state.next_poll_at <= NOON + DAY
    news = any(entry.known is None for entry in result.entries)
    assert state.last_new_at == (NOON if news else case.state.last_new_at)
    assert result.record.new == sum(entry.known is None for entry in result.entries)


def test_only_a_source_that_says_it_is_gone_is_paused() -> None:
    paused = {name: result_of(case).state.paused for name, case in CASES.items()}
    assert {name for name, why in paused.items() if why} == {"gone"}


def test_an_endpoint_that_was_discovered_without_success_is_forgotten() -> None:
    state = replace(POLLED, found=Endpoint("page", "", "before", NOON))
    context = PollContext(FOUND_OUT, state, NOON, FOUND_OUT).with_endpoint(FEED, "404")
    result = decide(context, Failure("no answer"), rules=RULES, limits=LIMITS, jitter=0.5)
    assert result.state.found == state.found


def test_after_a_failure_the_wait_begins_when_it_ended_and_is_spread() -> None:
    def wait(jitter: float) -> dt.timedelta:
        context = PollContext(SOURCE, replace(POLLED, failures=0), NOON, SOURCE)
        result = decide(context, Failure("slow", seconds=60), rules=RULES, limits=LIMITS, jitter=jitter)
        assert result.state.next_poll_at is not None
        return result.state.next_poll_at - NOON

    assert wait(0.0) == HOUR + dt.timedelta(minutes=1)
    assert wait(1.0) == HOUR * 0.8 + dt.timedelta(minutes=1)


@pytest.mark.parametrize(
    ("outcome", "gap_since"),
    [
        (snapshot(FUND), None),
        (snapshot(FUND, gap_since=NOON), NOON),
        (Unchanged("same_body", TAG), NOON - DAY),
        (Failure("no"), NOON - DAY),
    ],
)
def test_a_gap_is_remembered_until_a_snapshot_fills_it(
    outcome: Snapshot | Unchanged | Failure, gap_since: dt.datetime | None
) -> None:
    case = Case(outcome, state=replace(POLLED, gap_since=NOON - DAY), known=(recorded(FUND),))
    assert result_of(case).state.gap_since == gap_since


def test_what_is_known_of_the_sitemaps_of_an_index_goes_along() -> None:
    sitemaps = {"key": SitemapState("2026-11-20")}
    assert result_of(Case(snapshot(sitemaps=sitemaps))).sitemaps == sitemaps


def test_a_page_that_fails_again_is_postponed() -> None:
    again = Page(reason="403", due=NOON + 3 * HOUR, tries=2)
    case = Case(Unchanged("same_body", TAG), source=PAGED, pages=Pages(retried=((LATE, again),), failures=3))
    result = result_of(case)
    assert result.postponed == (PostponedPage("2", NOON + 3 * HOUR, 2, "403"),)
    assert (result.entries, result.state.page_failures) == ((), 3)


# --- one entry


def decided(
    entry: Entry,
    *,
    old: Article | None = None,
    source: Source = SOURCE,
    page: Page = NO_PAGE,
    suppressed_reason: str | None = None,
) -> EntryChange:
    listed = Article(entry.url, entry.title, entry.summary)
    known = KnownEntry(entry.key, "before", 7) if old else None
    change = ChangedEntry(entry, listed, "now", Decision("changed", ""), known, old, suppressed_reason)
    return decide_entry(change, page, source, RULES)


def test_an_entry_leads_to_the_canonical_address_with_all_that_matches() -> None:
    change = decided(Entry("1", "Web3 fund", "https://one.example/p/1?utm_source=rss"))
    assert (change.address, change.content_hash) == ("https://one.example/p/1", "now")
    assert (rules(change.matches), rules(change.refreshed)) == (("fund", "web3"), ())


def test_a_revision_tells_apart_what_held_before() -> None:
    change = decided(Entry("1", "Web3 first, with a fund", OLD.url), old=OLD)
    assert (rules(change.matches), rules(change.refreshed)) == (("fund",), ("web3",))


def test_a_revision_whose_page_is_not_read_keeps_the_text_of_its_page() -> None:
    old = replace(OLD, text="Words of a page that are many more.")
    entry = Entry("1", "Web3 first!", OLD.url, summary="Words.")
    assert decided(entry, old=old, source=PAGED, suppressed_reason=FIRST_POLL_OLD).article.text == old.text
    assert decided(entry, old=old).article.text == "Words.", "without pages it says what its entry says"


def test_how_its_page_went_stays_with_the_entry() -> None:
    change = decided(FUND, source=PAGED, page=Page(reason="403", due=NOON, tries=1))
    assert (change.page_due, change.page_tries, change.page_reason, change.page_read) == (NOON, 1, "403", False)


# --- one late page


@pytest.mark.parametrize(
    ("text", "kept"),
    [("Of a fund.", "Words.\n\nOf a fund."), ("WORDS.", "Words."), ("Words. And more.", "Words. And more.")],
)
def test_a_late_page_adds_what_the_article_does_not_say_yet(text: str, kept: str) -> None:
    change = decide_late_page(LATE, OLD, Page(Article(OLD.url, "Page", text)), PAGED, RULES)
    assert (change.article.text, change.article.title, change.known) == (kept, OLD.title, LATE.known)
    shown = ("fund",) if "fund" in text else ("web3",) if text == "WORDS." else ()
    assert (rules(change.matches), rules(change.refreshed)) == (shown, () if text == "WORDS." else ("web3",))
    assert (change.page_due, change.page_read, change.content_hash) == (None, True, "said")


def test_a_late_page_that_goes_on_replaces_what_was_read_of_it() -> None:
    old = replace(OLD, text="Only the list says so.\n\nThe first page.")
    page = Page(Article(OLD.url, "Page", "The first page.\nThe second page."), "page 3 of it: no", NOON, 2)
    change = decide_late_page(LATE, old, page, PAGED, RULES)
    assert change.article.text == "Only the list says so.\n\nThe first page.\nThe second page."
    assert (change.page_due, change.page_tries, change.page_reason) == (NOON, 2, "page 3 of it: no")


@pytest.mark.parametrize(("tags", "shown"), [(("money",), ("tagged",)), ((), ()), (None, ())])
def test_a_late_page_is_matched_with_its_entrys_tags(tags: tuple[str, ...] | None, shown: tuple[str, ...]) -> None:
    late = replace(LATE, known=KnownEntry("1", "said", 7, tags))
    change = decide_late_page(late, OLD, Page(Article(OLD.url, "Page", "Of a fund.")), PAGED, TAGGED)
    assert rules(change.matches) == shown
    assert change.entry.tags == (tags or ())


@pytest.mark.parametrize(("before", "shown"), [(("money",), ()), ((), ("tagged",)), (None, ())])
def test_a_tag_that_comes_with_a_revision_may_make_a_rule_hold(
    before: tuple[str, ...] | None, shown: tuple[str, ...]
) -> None:
    entry = Entry("1", "Web3 first", OLD.url, summary="Words of a fund!", tags=("money",))
    old = replace(OLD, text="Words of a fund.")
    listed = Article(entry.url, entry.title, entry.summary)
    change = ChangedEntry(entry, listed, "now", Decision("changed", ""), KnownEntry("1", "then", 7, before), old)
    assert rules(decide_entry(change, NO_PAGE, SOURCE, TAGGED).matches) == shown


# --- pure


@pytest.mark.parametrize("name", ["decide", "notices", "result", "schedule"])
def test_what_decides_can_ask_nobody(name: str) -> None:
    doors = re.compile(
        r"monitor\.(store|fetch|clock|log|failpoint|sandbox|collect\.(ports|writer|pool|poll))(\..+)?|random"
    )
    assert doors.fullmatch("monitor.store.archive"), "a part of a door is one too"
    tree = ast.parse(inspect.getsource(import_module(f"monitor.collect.{name}")))
    imported = [node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
    imported += [alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names]
    assert [module for module in imported if doors.fullmatch(module)] == []


# --- the host asked for a wait


def postponed(state: SourceState, wait: dt.timedelta, jitter: float = 0.0) -> PollResult:
    failure = Failure("not requested: one.example asked for a wait", retry_after=wait, postponed=True)
    return decide(PollContext(SOURCE, state, NOON, SOURCE), failure, rules=RULES, limits=LIMITS, jitter=jitter)


def test_a_poll_that_requested_nothing_changes_only_the_time_of_the_next() -> None:
    result = postponed(POLLED, HOUR)
    assert result.state == replace(POLLED, next_poll_at=NOON + HOUR)
    assert (result.record.outcome, result.notices) == ("postponed", ())


def test_sources_whose_host_has_rested_are_not_polled_all_at_once_and_none_too_early() -> None:
    times = {postponed(POLLED, HOUR, jitter).state.next_poll_at for jitter in (0.0, 0.5, 1.0)}
    assert len(times) == 3
    assert all(at is not None and at >= NOON + HOUR for at in times)


def test_a_wait_of_days_is_postponed_daily() -> None:
    assert postponed(POLLED, 5 * DAY, 1.0).state.next_poll_at == NOON + DAY


@pytest.mark.parametrize(("held", "is_over"), [(DAY, True), (DAY - HOUR, False)])
def test_held_entries_are_sent_after_a_day_also_while_the_host_rests(held: dt.timedelta, *, is_over: bool) -> None:
    result = postponed(replace(POLLED, storm_since=NOON - held), 5 * DAY)
    assert result.storm_is_over is is_over
    assert result.state.storm_since == (None if is_over else NOON - held)
    assert [one.kind for one in result.notices if isinstance(one, ResolveNotice)] == ["storm"] * is_over


@pytest.mark.parametrize(("wait", "noticed"), [(HOUR, False), (HOUR + dt.timedelta(seconds=1), True)])
def test_a_source_that_its_host_keeps_from_being_read_for_two_intervals_is_not_silent(
    wait: dt.timedelta, *, noticed: bool
) -> None:
    raised = postponed(replace(POLLED, failures=0), wait).notices
    assert [one.notice.kind for one in raised if isinstance(one, RaiseNotice)] == (["broken"] if noticed else [])


@pytest.mark.parametrize(
    ("error", "may_pass"),
    [
        *((FetchError(kind, "no answer"), True) for kind in ("dns", "connect", "timeout", "truncated")),
        *((FetchError("http", "error", status), True) for status in (500, 502, 503, 504)),
        *((FetchError("http", "refused", status), False) for status in (400, 401, 403, 404, 429)),
        *((FetchError(kind, "refused"), False) for kind in ("tls", "blocked", "too_large", "encoding", "redirect")),
    ],
)
def test_a_failure_is_of_a_kind_that_may_pass_or_of_one_that_will_stay(error: FetchError, *, may_pass: bool) -> None:
    assert Failure.of(error).may_pass is may_pass
