"""A database of an earlier version is taken over: nothing is lost, nothing is sent again, what is new is sent once.

The fixture and its parts are described in `make.py`. The steps are the same that the earlier version went through when
the fixture was made; what it sent and wrote was recorded.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import pytest
from sqlalchemy import text

from monitor.clock import SystemClock
from monitor.collect.grouping import group
from monitor.model import Article
from monitor.store import Store
from tests.support import databases
from tests.support.world import squeeze
from tests.upgrade.content import site_on
from tests.upgrade.loading import load_rows, load_words, put_file
from tests.upgrade.passes import FIXTURE, ROOT, Installation, Step, afterwards, installed
from tests.upgrade.views import compared

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]

RECORDED = json.loads((FIXTURE / "recorded.json").read_text(encoding="utf-8"))
STEPS: dict[str, Step] = RECORDED["steps"]


@dataclass
class Upgraded:
    """What the present version made of the recorded database."""

    program: Installation
    steps: dict[str, Step]


NOTICES_SINCE = tuple(f" notice ['{kind}', 'channel " for kind in ("channel", "stuck", "parked", "late"))
"""What of a row only later versions have: notices that the recorded one did not know."""


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def upgraded(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Upgraded]:
    """Upgrade as a user does and go on. SQLite is upgraded at the start, PostgreSQL by the documented command."""
    folder = tmp_path_factory.mktemp("upgrade")
    shutil.copy(FIXTURE / "sources.toml", folder)
    address = put_file(folder) if request.param == "sqlite" else _on_postgresql()
    with installed(ROOT, folder, address) as program:
        if request.param == "postgresql":
            program.monitor("db", "upgrade")
        yield Upgraded(program, afterwards(program))
    if request.param == "postgresql":
        databases.drop(address)


def _on_postgresql() -> str:
    address = databases.create()
    load_rows(address)
    load_words(address)
    return address


def must_equal(expected: Sequence[object], found: Sequence[object], about: str = "") -> None:
    """Fail with every row in which the two differ; pytest itself would cut the message short."""
    difference = compared(expected, found)
    if difference:
        pytest.fail(f"{about}\n{difference}")


def rows_of(steps: dict[str, Step], step: str, *views: str) -> list[str]:
    return [line for line in steps[step]["changes"] if line.split()[1] in views]


def test_what_was_pending_is_sent_and_nothing_else(upgraded: Upgraded) -> None:
    must_equal(STEPS["started"]["sent"], upgraded.steps["started"]["sent"])


def test_what_waited_goes_out_once_under_the_id_that_it_had(upgraded: Upgraded) -> None:
    sent = [one.strip("<>").split("@")[0] for one in upgraded.program.message_ids]
    assert len(sent) == len(set(sent))
    assert [one for one in RECORDED["waiting"] if one not in sent] == []


@pytest.mark.parametrize("step", ["same bytes", "rendered again", "settled"])
def test_an_unchanged_site_brings_nothing(upgraded: Upgraded, step: str) -> None:
    must_equal([], upgraded.steps[step]["sent"])
    kept = ("source", "entry", "article", "text", "revision", "match", "sent", "delivery")
    must_equal([], rows_of(upgraded.steps, step, *kept))


@pytest.mark.parametrize("step", ["started", "same bytes", "rendered again", "grown", "settled"])
def test_every_row_becomes_what_the_earlier_version_made_of_it(upgraded: Upgraded, step: str) -> None:
    """Among them: parked and dropped deliveries, retries of pages, and notices that stay, are cured or raised."""
    changes = [line for line in upgraded.steps[step]["changes"] if not any(kind in line for kind in NOTICES_SINCE)]
    must_equal(STEPS[step]["changes"], changes)


def test_of_what_was_parked_before_somebody_is_notified(upgraded: Upgraded) -> None:
    assert "+ notice ['parked', 'channel hook']" in upgraded.steps["started"]["changes"]


def test_what_is_new_reaches_every_reader_once(upgraded: Upgraded) -> None:
    new = [*_new_titles(), squeeze("Bridge report published")]
    sent = upgraded.steps["grown"]["sent"]
    for reader in ("reader@example.org", "ann@example.org", "editor@example.org", "desk@example.org"):
        titles = [title for way, to, titles in sent if (way, to) == ("mail", reader) for title in titles]
        must_equal(new, titles, f"for {reader}:")


def _new_titles() -> list[str]:
    """Return the titles of what the grown site has and the recorded one has not, of one announcement at each source."""
    return sorted(squeeze(line.split("'")[1]) for line in rows_of(STEPS, "grown", "article") if line.startswith("+"))


def test_the_site_that_grew_has_something_new_at_every_source_that_works() -> None:
    grown = {line.split("'")[-2] for line in rows_of(STEPS, "grown", "article")}
    works = {row[0] for row in RECORDED["before"]["source"] if row[3]}
    assert works - grown == {"broken", "gone", "cured", "copies"}


def test_articles_that_were_known_elsewhere_are_known_again(upgraded: Upgraded) -> None:
    """A later version may know more of them again than the earlier one did, and none less."""
    before, now = _arrivals(STEPS), _arrivals(upgraded.steps)
    must_equal([], [arrival for arrival in now if arrival not in before])
    for view in ("article", "match", "revision"):
        allowed = rows_of(STEPS, "mirrored", view)
        must_equal([], [row for row in rows_of(upgraded.steps, "mirrored", view) if row not in allowed])


def _arrivals(steps: dict[str, Step]) -> list[str]:
    return [f"{way} {to} {title}" for way, to, titles in steps["mirrored"]["sent"] for title in titles]


def test_every_rule_that_was_accepted_is_accepted(upgraded: Upgraded) -> None:
    upgraded.program.monitor("check")


def test_the_database_is_sound(upgraded: Upgraded) -> None:
    upgraded.program.monitor("db", "check")


def test_the_index_is_in_use_and_finds_what_was_there(upgraded: Upgraded) -> None:
    store = Store(upgraded.program.database, clock=SystemClock())
    assert store.index_is_current()
    store.close()
    with upgraded.program.asking() as connection:
        missing = "SELECT id FROM article WHERE id NOT IN (SELECT article_id FROM article_index)"
        assert connection.execute(text(missing)).all() == []
    for expression, titles in STEPS["searches"].items():
        assert titles
        assert [title for title in titles if title not in upgraded.steps["searches"][expression]] == [], expression


def test_what_was_there_is_known_when_it_is_copied_now(upgraded: Upgraded) -> None:
    """Every article has a fingerprint, and the longest one is recognised in a reprint with an editor's note."""
    with upgraded.program.asking() as connection:
        missing = "SELECT id FROM article WHERE lead_id IS NULL AND id NOT IN (SELECT article_id FROM fingerprint)"
        assert connection.execute(text(missing)).all() == []
        longest = "SELECT url, title, text FROM article WHERE lead_id IS NULL ORDER BY length(text) DESC LIMIT 1"
        url, title, said = connection.execute(text(longest)).one()
    reprint = Article("https://reprint.example/1", f"{title} - Reprint", f"{said}\nSent in by a reader.")
    store = Store(upgraded.program.database, clock=SystemClock())
    with store.hold("test"), store.writing() as tx:
        found = group(tx, reprint, "another source", None, SystemClock().now())
    store.close()
    assert (found.placement.relation, found.placement.of) == ("near_copy", url)


@pytest.mark.parametrize(
    ("expression", "title"),
    [
        ("互联网3.0", "重庆发布互联网30行动方案"),
        ("500家企业", "公布第二批元宇宙试点名单"),
        ("5亿元 AND 两江", "重庆发布互联网30行动方案"),
        ("举办Web3大会", "两江新区举办web3大会"),
        ("Urumqi AND classrooms", "metaverseclassroomsopeninürümqi"),
        ('Montreal AND "Saint Jerome"', "québecfundsweb30studios"),
    ],
)
def test_what_was_there_is_found_in_the_spellings_of_this_version(
    upgraded: Upgraded, expression: str, title: str
) -> None:
    assert title in upgraded.program.found_by(expression)


def test_the_fixture_has_what_an_upgrade_may_break() -> None:
    before = RECORDED["before"]
    assert {row[4] for row in before["delivery"]} == {"sent", "retry", "parked", "dropped"}
    assert {row[0] for row in before["notice"]} >= {"broken", "gone", "gap", "moved"}
    assert {row[1] for row in before["source"]} == {"feed", "page", "sitemap", "api", ""}
    assert {row[3] for row in before["match"]} == {None, "backfill"}
    assert {row[2] for row in before["match"]} == {None, "baseline"}
    assert len({row[1] for row in before["match"]}) == 13
    assert any(row[-1] for row in before["entry"])
    assert before["revision"]


def test_the_fixture_is_small() -> None:
    assert sum(file.stat().st_size for file in FIXTURE.rglob("*") if file.is_file()) < 300_000


@pytest.mark.parametrize(("name", "day"), [("site", 5), ("grown", 6)])
def test_the_recorded_site_is_the_one_that_is_described(name: str, day: int) -> None:
    site, index = site_on(day), json.loads((FIXTURE / name / "site.json").read_text(encoding="utf-8"))
    assert (index["moved"], index["refusals"]) == (site.moved, site.refusals)
    files = {address: (kind, (FIXTURE / name / file).read_bytes()) for address, (kind, file) in index["pages"].items()}
    assert files == site.pages
