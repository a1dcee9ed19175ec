"""Migrated databases are as if made new; what was there is kept, and copied before."""

from __future__ import annotations

import re
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import Connection, inspect, text
from sqlalchemy.exc import IntegrityError

from monitor import failpoint
from monitor.clock import FixedClock, SystemClock
from monitor.errors import LockHeld, MigrationNeeded, StoreError
from monitor.model import AllOf, IndexWord, Source
from monitor.model.backfill import RuleVersion
from monitor.store import Store, migrate
from monitor.store.backfill import sync_rules
from monitor.store.schema import is_compared, metadata
from tests.support import databases

ROOT = Path(__file__).parents[2]
MIGRATIONS = ROOT / "migrations"

_NEXT = '''"""A later revision."""

import sqlalchemy as sa
from alembic import op

revision = "9999"
down_revision = "{before}"


def upgrade() -> None:
    with op.batch_alter_table("source", recreate="{recreate}") as batch:
        batch.add_column(sa.Column("colour", sa.Text()))
    {more}
'''


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'monitor.db'}"
        return
    url = databases.create()
    yield url
    databases.drop(url)


@pytest.fixture
def open_store() -> Iterator[Callable[..., Store]]:
    stores: list[Store] = []

    def opened(url: str, migrations: Path | None = None, clock: Any = None) -> Store:
        stores.append(Store(url, clock=clock or SystemClock(), migrations=migrations))
        return stores[-1]

    yield opened
    for store in stores:
        store.close()


def later(tmp_path: Path, more: str = "pass", recreate: str = "auto") -> Path:
    """Make the migrations of a later version of the program."""
    folder = tmp_path / "later"
    shutil.copytree(MIGRATIONS, folder, ignore=shutil.ignore_patterns("__pycache__"))
    before = migrate.revisions(MIGRATIONS)[-1]
    (folder / "versions" / "9999_colour.py").write_text(_NEXT.format(before=before, more=more, recreate=recreate))
    return folder


def _words(options: Any) -> dict[str, str]:
    return {name: str(value) for name, value in options.items()}


def shape(connection: Connection) -> dict[str, Any]:
    """Return all that the database says of its tables."""
    asked = inspect(connection)

    def content(table: str) -> Any:
        columns = [{**column, "type": str(column["type"])} for column in asked.get_columns(table)]
        rest = (
            asked.get_pk_constraint(table),
            asked.get_foreign_keys(table),
            asked.get_unique_constraints(table),
            asked.get_check_constraints(table),
            [{**index, "dialect_options": _words(index["dialect_options"])} for index in asked.get_indexes(table)],
        )
        return sorted(map(str, columns)), [str(one) if isinstance(one, dict) else sorted(map(str, one)) for one in rest]

    return {table: content(table) for table in asked.get_table_names() if table != "alembic_version"}


def test_a_database_that_was_migrated_is_as_if_made_from_the_tables(url: str, open_store: Callable[..., Store]) -> None:
    store = open_store(url)
    store.upgrade()
    with store._transaction() as connection:
        migrated = shape(connection)
        connection.exec_driver_sql("DROP TABLE alembic_version")
        metadata.drop_all(connection)
        metadata.create_all(connection)
        assert shape(connection) == migrated
        assert {name for name in migrated if is_compared(name, "table")} == set(metadata.tables)


def test_alembic_finds_nothing_to_do_after_an_upgrade(url: str, open_store: Callable[..., Store]) -> None:
    store = open_store(url)
    store.upgrade()
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    with store._transaction() as connection:
        config.attributes["connection"] = connection
        command.check(config)
        connection.exec_driver_sql("ALTER TABLE source ADD COLUMN colour TEXT")
        with pytest.raises(CommandError, match="colour"):
            command.check(config)


def test_a_developer_s_own_alembic_names_the_database(tmp_path: Path) -> None:
    from alembic.config import CommandLine

    file = tmp_path / "x.db"
    (tmp_path / "alembic.ini").write_text(f"[alembic]\nscript_location = {MIGRATIONS}\npath_separator = os\n")
    CommandLine().main(["-c", str(tmp_path / "alembic.ini"), "-x", f"url=sqlite:///{file}", "upgrade", "head"])
    with closing(sqlite3.connect(file)) as connection:
        assert connection.execute("SELECT version_num FROM alembic_version").fetchone() == (
            migrate.revisions(MIGRATIONS)[-1],
        )


def test_revisions_are_numbered_files_in_one_line() -> None:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    script = ScriptDirectory.from_config(config)
    line = [revision.revision for revision in script.walk_revisions()][::-1]
    assert tuple(line) == migrate.revisions(MIGRATIONS)
    for path in (MIGRATIONS / "versions").glob("*.py"):
        assert re.fullmatch(r"\d{4}_[a-z_]+\.py", path.name)
        assert "from monitor" not in path.read_text()  # a revision stays as it is, the program does not


def test_an_upgrade_keeps_what_was_there(url: str, tmp_path: Path, open_store: Callable[..., Store]) -> None:
    old = open_store(url)
    old.upgrade()
    old.sync([Source("one", "http://one/", "feed")], {"d": ["r"]}, SystemClock().now())
    new = open_store(url, later(tmp_path))
    new.upgrade()
    assert new.instance_id == old.instance_id
    with new._reading() as connection:
        assert connection.exec_driver_sql("SELECT name, colour FROM source").all() == [("one", None)]


def test_a_database_of_a_newer_program_is_refused_with_a_remedy(
    url: str, tmp_path: Path, open_store: Callable[..., Store]
) -> None:
    open_store(url, later(tmp_path)).upgrade()
    store = open_store(url)
    for use in (store.prepare, store.upgrade, store.integrity):
        with pytest.raises(MigrationNeeded, match=r"newer version .*schema 9999.*; install the newer version"):
            use()
    with pytest.raises(MigrationNeeded), store.hold("monitor run"):
        pass
    with open_store(url, tmp_path / "later").hold("after it"):
        pass


def test_an_upgrade_indexes_the_articles_that_are_there(url: str, open_store: Callable[..., Store]) -> None:
    store = open_store(url)
    with store._transaction() as connection:
        config = Config()
        config.set_main_option("script_location", str(MIGRATIONS))
        config.attributes["connection"] = connection
        command.upgrade(config, "0002")
        connection.exec_driver_sql(
            "INSERT INTO source (name, kind, url, url_hash, reading_hash, active, added_at, polls, failures)"
            " VALUES ('s', 'feed', '', '', '', TRUE, '2026-01-01 00:00:00.000000', 0, 0)"
        )
        connection.exec_driver_sql("INSERT INTO story (first_seen_at) VALUES ('2026-01-01 00:00:00.000000')")
        article = (
            "INSERT INTO article (address, address_key, url, title, text, authors, first_seen_at, published_at,"
            " published_offset, published_precision, source_id, story_id, relation, score, reason) VALUES ('', '', '',"
            " :title, '重庆', '[]', '2026-02-01 00:00:00.000000', '2026-01-01 00:00:00.000000', 0, 'day', 1, 1, 'new',"
            " 1, '')"
        )
        connection.execute(text(article), [{"title": f"Web3 {number}"} for number in range(450)])
    store.upgrade()
    assert store.integrity() == ()
    assert len(list(store.articles_with(IndexWord("重庆")))) == 450
    (found,) = store.articles_with(AllOf((IndexWord("重庆"), IndexWord("449"))))
    assert found.dated_at.month == 1


def test_an_upgrade_that_fails_changes_nothing(url: str, tmp_path: Path, open_store: Callable[..., Store]) -> None:
    old = open_store(url)
    old.upgrade()
    new = open_store(url, later(tmp_path, more="raise ZeroDivisionError"))
    with pytest.raises(ZeroDivisionError):
        new.upgrade()
    old.prepare()
    assert old.integrity() == ()


def test_an_upgrade_that_is_stopped_before_its_commit_changes_nothing(
    url: str, tmp_path: Path, open_store: Callable[..., Store]
) -> None:
    def stop(name: str) -> None:
        if name == "store.before_commit" and not stopped:
            stopped.append(name)
            raise ZeroDivisionError

    stopped: list[str] = []
    old = open_store(url)
    old.upgrade()
    new = open_store(url, later(tmp_path))
    with new.hold("monitor db upgrade"):
        failpoint.arm(stop)
        try:
            with pytest.raises(ZeroDivisionError):
                new.upgrade()
        finally:
            failpoint.arm(None)
        assert old.integrity() == ()
        new.upgrade()


def test_a_database_in_use_is_not_upgraded(url: str, tmp_path: Path, open_store: Callable[..., Store]) -> None:
    old = open_store(url)
    old.upgrade()
    new = open_store(url, later(tmp_path))
    with old.hold("monitor run"), pytest.raises(LockHeld, match="monitor run"):
        new.upgrade()
    assert old.integrity() == ()


# SQLite alone


def backups(tmp_path: Path) -> list[Path]:
    return sorted(tmp_path.glob("monitor.db.*.backup"))


def test_a_new_file_has_no_backup(tmp_path: Path, open_store: Callable[..., Store]) -> None:
    open_store(f"sqlite:///{tmp_path / 'monitor.db'}").prepare()
    assert backups(tmp_path) == []


def test_an_old_file_is_copied_before_it_is_upgraded(tmp_path: Path, open_store: Callable[..., Store]) -> None:
    url = f"sqlite:///{tmp_path / 'monitor.db'}"
    old = open_store(url)
    old.prepare()
    open_store(url, later(tmp_path)).prepare()
    (backup,) = backups(tmp_path)
    copy = open_store(f"sqlite:///{backup}")
    copy.prepare()
    assert copy.integrity() == ()
    assert copy.instance_id == old.instance_id


def test_the_last_three_copies_are_kept(
    tmp_path: Path,
    open_store: Callable[..., Store],
) -> None:
    import datetime as dt

    file = tmp_path / "moni[to]r.db"
    clock = FixedClock(dt.datetime(2026, 11, 21, tzinfo=dt.UTC))
    folder = later(tmp_path, more="raise ZeroDivisionError")
    open_store(f"sqlite:///{file}").prepare()
    (tmp_path / "monitor.db.20200101T000000000000Z.schema-0001.backup").write_text("of another file")
    for _ in range(5):
        clock.advance(dt.timedelta(days=1))
        with pytest.raises(ZeroDivisionError):
            open_store(f"sqlite:///{file}", folder, clock).prepare()
    kept = sorted(path.name for path in tmp_path.iterdir() if path.name.endswith(".backup"))
    head = migrate.revisions(MIGRATIONS)[-1]
    assert kept == [
        *(f"moni[to]r.db.202611{day}T000000000000Z.schema-{head}.backup" for day in (24, 25, 26)),
        "monitor.db.20200101T000000000000Z.schema-0001.backup",
    ]


def test_a_table_that_others_point_to_can_be_rebuilt(tmp_path: Path, open_store: Callable[..., Store]) -> None:
    url = f"sqlite:///{tmp_path / 'monitor.db'}"
    old = open_store(url)
    old.prepare()
    old.sync([Source("one", "http://one/", "feed")], {}, SystemClock().now())
    with old._transaction() as connection:
        connection.exec_driver_sql(
            "INSERT INTO poll (source_id, at, outcome, reason, entries, new, matches, size, seconds)"
            " VALUES (1, '2026-11-21 00:00:00.000000', 'ok', '', 0, 0, 0, 0, 0)"
        )
    new = open_store(url, later(tmp_path, recreate="always"))
    new.prepare()
    with new._reading() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM poll").scalar() == 1
        assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1


def test_an_upgrade_that_loses_rows_others_point_to_is_undone(tmp_path: Path, open_store: Callable[..., Store]) -> None:
    url = f"sqlite:///{tmp_path / 'monitor.db'}"
    old = open_store(url)
    old.prepare()
    old.sync([], {"d": ["r"]}, SystemClock().now())
    new = open_store(url, later(tmp_path, more='op.execute("DELETE FROM digest")'))
    with pytest.raises(MigrationNeeded, match="nothing was changed"):
        new.prepare()
    assert old.integrity() == ()


def test_an_installation_without_migrations_is_an_error(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "monitor").mkdir()
    monkeypatch.setattr("monitor.store.migrate.__file__", str(tmp_path / "monitor" / "store" / "migrate.py"))
    with pytest.raises(StoreError, match="install the program again"):
        migrate.migrations_folder()
    (tmp_path / "monitor" / "_migrations").mkdir()
    (tmp_path / "monitor" / "_migrations" / "env.py").touch()
    assert migrate.migrations_folder() == tmp_path / "monitor" / "_migrations"


def test_rules_that_digests_asked_for_before_are_known_and_start_no_backfill(
    url: str, open_store: Callable[..., Store]
) -> None:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    before = str(ScriptDirectory.from_config(config).get_revision("0006").down_revision)
    store = open_store(url)
    with store._transaction() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, before)
        connection.exec_driver_sql("INSERT INTO digest VALUES ('d', '2026-11-21 00:00:00.000000', true)")
        connection.exec_driver_sql("INSERT INTO subscription VALUES ('d', 'old', 0, NULL)")
        command.upgrade(config, "head")
    week = timedelta(days=7)
    rules = [RuleVersion("old", "m1", week), RuleVersion("new", "m2", week)]
    with store._transaction() as connection:
        sync_rules(connection, rules, SystemClock().now())
    assert [job.rule for job in store.backfill_jobs()] == ["new"]


def test_what_was_bound_by_story_is_bound_by_the_first_of_its_articles(
    url: str, open_store: Callable[..., Store]
) -> None:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    store, at = open_store(url), "'2026-11-21 00:00:00.000000'"
    with store._transaction() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0013")
        source = "id, name, kind, url, url_hash, reading_hash, active, added_at, polls, failures"
        texts = "address, address_key, url, title, text, reason"
        article = f"id, story_id, {texts}, authors, first_seen_at, source_id, relation, score"
        stated = "id, digest, slot, window_start, window_end, built_at, encoded, items"
        for row in (
            f"source ({source}) VALUES (1, 's', 'feed', '', '', '', true, {at}, 0, 0)",
            *(f"story VALUES ({number}, {at})" for number in (1, 2, 3)),
            *(
                f"article ({article}) VALUES ({number}, {story}, '', '', '', '', '', '', '[]', {at}, 1, 'new', 1)"
                for number, story in ((4, 2), (5, 1), (6, 2), (7, 2), (8, 3))
            ),
            f"digest VALUES ('d', {at}, true)",
            f"edition ({stated}) VALUES (1, 'd', 's', {', '.join([at] * 3)}, '', 2)",
            "edition_item VALUES ('d', 1, 1)",
            "edition_item VALUES ('d', 2, 1)",
            *(f"edition_article VALUES ('d', {number}, 1)" for number in (4, 5, 6)),
        ):
            connection.exec_driver_sql(f"INSERT INTO {row}")
    store.upgrade()
    assert store.integrity() == ()
    with store._transaction() as connection:
        leads = connection.exec_driver_sql("SELECT id, lead_id FROM article ORDER BY id").all()
        assert leads == [(4, None), (5, None), (6, 4), (7, 4), (8, None)]
        bound = connection.exec_driver_sql(
            "SELECT digest, lead_id, edition_id FROM edition_item ORDER BY lead_id"
        ).all()
        assert bound == [("d", 4, 1), ("d", 5, 1)]


def test_deliveries_and_their_attempts_outlive_the_table_that_is_rebuilt(
    url: str, open_store: Callable[..., Store]
) -> None:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    before = str(ScriptDirectory.from_config(config).get_revision("0008").down_revision)
    store, at = open_store(url), "'2026-11-21 00:00:00.000000'"
    columns = "id, edition_id, payload_id, channel, recipient, message_id, state, attempts, created_at"
    with store._transaction() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, before)
        stated = "id, digest, slot, window_start, window_end, built_at, encoded, items"
        for row in (
            f"digest VALUES ('d', {at}, true)",
            f"edition ({stated}) VALUES (1, 'd', 's', {', '.join([at] * 3)}, '', 0)",
            "payload (id, edition_id, channel, part, body) VALUES (1, 1, 'mail', 1, '')",
            f"delivery ({columns}) VALUES (7, 1, 1, 'mail', 'ann', 'm', 'parked', 1, {at})",
            f"attempt (delivery_id, number, started_at, ended_at) VALUES (7, 1, {at}, {at})",
        ):
            connection.exec_driver_sql(f"INSERT INTO {row}")
    store.upgrade()
    assert store.integrity() == ()
    with store._transaction() as connection:
        connection.exec_driver_sql("UPDATE delivery SET state = 'dropped', next_at = NULL")
        assert connection.exec_driver_sql("SELECT id, recipient, state FROM delivery").all() == [(7, "ann", "dropped")]
        assert connection.exec_driver_sql("SELECT delivery_id FROM attempt").all() == [(7,)]
    with pytest.raises(IntegrityError), store._transaction() as connection:
        connection.exec_driver_sql("UPDATE delivery SET state = 'nonsense'")
