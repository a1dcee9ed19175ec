"""Additions to `sources.toml`: all that was there stays, and nothing is written that would not load."""

from __future__ import annotations

import os
import stat
import threading
import tomllib
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.config import load
from monitor.config.edit import Draft, open_draft
from monitor.config.syntax import MAX_FILE_SIZE
from monitor.config.toml import toml_key, toml_table, toml_value
from monitor.errors import ConfigError, Problem

NEW = {"name": "two", "url": "https://example.org/2"}
ONE = '[[source]]\nname = "one"\nurl = "https://example.org/1"'
TWO = '[[source]]\nname = "two"\nurl = "https://example.org/2"'


def with_source(text: str, *tables: dict[str, Any]) -> str:
    draft = Draft(Path("sources.toml"), text)
    draft.add_sources(tables or [NEW])
    return draft.text


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("", f"{TWO}\n"),
        ("# hello\n", f"# hello\n\n{TWO}\n"),
        ('timezone = "UTC"', f'timezone = "UTC"\n\n{TWO}\n'),
        (f"{ONE}\n", f"{ONE}\n\n{TWO}\n"),
        (ONE, f"{ONE}\n\n{TWO}\n"),
        (f"{ONE} # tail\n# of it\n\n# next\n[fetch]\n", f"{ONE} # tail\n# of it\n\n{TWO}\n\n# next\n[fetch]\n"),
        (f"{ONE}\n# next\n[fetch]\n", f"{ONE}\n\n{TWO}\n\n# next\n[fetch]\n"),
        (f"{ONE}\n[source.headers]\na = '1'\n", f"{ONE}\n[source.headers]\na = '1'\n\n{TWO}\n"),
        (f"{ONE}\n\n[fetch]\n\n[[ source ]]\nurl='''\nx\n'''\n[concept]\n",
         f"{ONE}\n\n[fetch]\n\n[[ source ]]\nurl='''\nx\n'''\n\n{TWO}\n\n[concept]\n"),
        ("[fetch]\n# nothing\n", f"[fetch]\n# nothing\n\n{TWO}\n"),
        ("source = []\n", "source = [<new>]\n"),
        ("source = [ # c\n]\n", "source = [ # c\n  <new>,\n]\n"),
        ("source = [{name='a'}]\n", "source = [{name='a'}, <new>]\n"),
        ("source = [{name='a'},]\n", "source = [{name='a'}, <new>]\n"),
        ("source = [ {name='a'} ] # c\n", "source = [ {name='a'}, <new> ] # c\n"),
        ("source = [\n {name='a'}, # c\n {name='é'} # d\n ]\n[fetch]",
         "source = [\n {name='a'}, # c\n {name='é'}, # d\n <new>,\n ]\n[fetch]"),
        ("source = [\n {name='a'}]\n", "source = [\n {name='a'},\n <new>,\n]\n"),
    ],
)  # fmt: skip
def test_a_source_goes_behind_the_last_one_and_all_else_stays(before: str, after: str) -> None:
    text = with_source(before)
    assert text == after.replace("<new>", '{ name = "two", url = "https://example.org/2" }')
    old, new = tomllib.loads(before), tomllib.loads(text)
    assert new.pop("source") == [*old.pop("source", []), NEW]
    assert new == old


def test_several_sources_keep_their_order() -> None:
    names = [table["name"] for table in tomllib.loads(with_source(ONE, NEW, {"name": "three", "url": "x"}))["source"]]
    assert names == ["one", "two", "three"]


def test_nothing_to_add_changes_nothing() -> None:
    draft = Draft(Path("sources.toml"), "# hello")
    draft.add_sources([])
    draft.set_concepts({})
    assert draft.text == "# hello"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("", '[concept]\nweb = ["Web3"]\n'),
        (f"{ONE}\n", f'{ONE}\n\n[concept]\nweb = ["Web3"]\n'),
        ("[concept]\n", '[concept]\nweb = ["Web3"]\n'),
        ("[concept] # of mine\n# c\n\n[fetch]\n", '[concept] # of mine\nweb = ["Web3"]\n# c\n\n[fetch]\n'),
        ("[concept]\n  a = ['x']  # y\n[fetch]\n", "[concept]\n  a = ['x']  # y\n  web = ['Web3']\n[fetch]\n"),
        ("concept.a = ['x']\n[fetch]\n", "concept.a = ['x']\nconcept.web = ['Web3']\n[fetch]\n"),
        ("concept = {}\n", "concept = { web = ['Web3'] }\n"),
        ("concept = {a = ['x']} # c\n", "concept = {a = ['x'], web = ['Web3']} # c\n"),
        ("[concept]\n'web' = [\n 'x', # old\n] # c\nb = ['y']\n", "[concept]\n'web' = ['Web3'] # c\nb = ['y']\n"),
        ("concept.web = ['x']\n", "concept.web = ['Web3']\n"),
        ("concept = {web = ['x']}\n", "concept = {web = ['Web3']}\n"),
    ],
)  # fmt: skip
def test_a_concept_is_added_or_gets_new_terms(before: str, after: str) -> None:
    draft = Draft(Path("sources.toml"), before)
    draft.set_concepts({"web": ["Web3"]})
    assert draft.text == after.replace("'Web3'", '"Web3"')
    assert tomllib.loads(draft.text)["concept"]["web"] == ["Web3"]


def test_rules_are_written() -> None:
    draft = Draft(Path("sources.toml"), "")
    draft.add_rules([{"name": "a", "match": r'"x" OR /\d/'}])
    assert draft.data == {"rule": [{"name": "a", "match": r'"x" OR /\d/'}]}


texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
values = st.recursive(
    texts | st.booleans() | st.integers(-(2**40), 2**40),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=8,
)


@given(st.dictionaries(texts, values, max_size=4))
def test_every_table_is_read_as_it_was_meant(table: dict[str, Any]) -> None:
    assert tomllib.loads(toml_table("[[source]]", table)) == {"source": [table]}


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ("两江新区", '"两江新区"'),
        ('a "b"', "'a \"b\"'"),
        ('it\'s "b"', '"it\'s \\"b\\""'),
        ("a\nb\\c", r'"a\nb\\c"'),
        (["x" * 60, "y" * 60], '[\n  "' + "x" * 60 + '",\n  "' + "y" * 60 + '",\n]'),
        ({"User-Agent": "x", "a b": True}, '{ User-Agent = "x", "a b" = true }'),
    ],
)
def test_values_are_written_as_people_write_them(value: object, written: str) -> None:
    assert toml_value(value) == written


def test_what_no_file_can_hold_is_refused() -> None:
    with pytest.raises(ValueError, match="surrogates"):
        toml_value("\ud800")
    with pytest.raises(TypeError, match="NoneType is not a TOML value"):
        toml_value(None)
    assert toml_key("a.b") == '"a.b"'


def saved(path: Path, *tables: dict[str, Any]) -> bytes:
    draft = open_draft(path)
    draft.add_sources(tables or [NEW])
    draft.save({})
    return path.read_bytes()


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_line_ends_and_byte_order_mark_stay(tmp_path: Path, mark: bytes, end: str) -> None:
    path = tmp_path / "sources.toml"
    path.write_bytes(mark + f"{ONE}\n".replace("\n", end).encode())
    assert saved(path) == mark + f"{ONE}\n\n{TWO}\n".replace("\n", end).encode()
    assert [source.name for source in load(path, {}).sources] == ["one", "two"]


def test_a_file_that_is_not_there_is_made_and_loads(tmp_path: Path) -> None:
    path = tmp_path / "sources.toml"
    text = saved(path).decode()
    assert text.startswith("# What to watch")
    assert text.endswith(f"\n\n{TWO}\n")
    assert [source.name for source in load(path, {}).sources] == ["two"]
    assert list(tmp_path.iterdir()) == [path]


def test_mode_and_symbolic_link_stay(tmp_path: Path) -> None:
    path, link = tmp_path / "real" / "sources.toml", tmp_path / "sources.toml"
    path.parent.mkdir()
    path.write_text(f"{ONE}\n")
    path.chmod(0o640)
    link.symlink_to("real/sources.toml")
    saved(link)
    assert link.is_symlink()
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    assert path.read_text() == f"{ONE}\n\n{TWO}\n"
    assert list(path.parent.iterdir()) == [path]


def test_a_change_that_brings_errors_is_not_written(tmp_path: Path) -> None:
    path = tmp_path / "sources.toml"
    path.write_text(f"{ONE}\n")
    draft = open_draft(path)
    draft.add_sources([{"name": "two", "url": "ftp://example.org", "knid": "feed"}])
    with pytest.raises(ConfigError) as refused:
        draft.save({})
    assert [(problem.line, problem.where) for problem in refused.value.problems] == [
        (7, '[[source]] "two"'),
        (8, '[[source]] "two"'),
    ]
    assert path.read_text() == f"{ONE}\n"


def test_a_file_that_could_not_be_read_again_is_not_written(tmp_path: Path) -> None:
    path = tmp_path / "sources.toml"
    with pytest.raises(ConfigError, match="would be larger than 8 MiB"):
        saved(path, {**NEW, "content": "x" * MAX_FILE_SIZE})
    assert not path.exists()


def test_errors_that_were_there_before_do_not_keep_a_change_up(tmp_path: Path) -> None:
    path = tmp_path / "sources.toml"
    path.write_text(f'{ONE}\nevry = "5m"\n[[source]]\nname = "x"\nurl = "env:NOT_SET"\n')
    saved(path)
    assert path.read_text().endswith(f"\n\n{TWO}\n")


def test_a_second_error_of_the_same_kind_is_a_new_one(tmp_path: Path) -> None:
    path = tmp_path / "sources.toml"
    path.write_text("[[source]]\nname = 'a'\n")
    with pytest.raises(ConfigError):
        saved(path, {"name": "a"})


def test_only_new_warnings_are_returned(tmp_path: Path) -> None:
    path = tmp_path / "sources.toml"
    path.write_text(f"{ONE}\n")
    draft = open_draft(path)
    draft.add_sources([{"name": "two", "url": "https://example.org/1"}])
    assert [problem.what for problem in draft.save({})] == ['the source "one" has the same address']


def test_a_file_that_somebody_else_changed_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "sources.toml"
    path.write_text(f"{ONE}\n")
    draft = open_draft(path)
    draft.add_sources([NEW])
    path.write_text("# mine\n")
    with pytest.raises(ConfigError, match=r"changed the file in the meantime.*run the command again"):
        draft.save({})
    assert path.read_text() == "# mine\n"


def test_of_changes_at_the_same_time_none_is_lost_unsaid(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "sources.toml"
    path.write_text(ONE, encoding="utf-8")
    count = 4
    ready = threading.Barrier(count)
    check = Draft.check

    def together(draft: Draft, environ: Mapping[str, str]) -> tuple[Problem, ...]:
        warnings = check(draft, environ)
        ready.wait()  # all have found their change right, and nobody has written
        return warnings

    monkeypatch.setattr(Draft, "check", together)

    def change(number: int) -> str:
        draft = open_draft(path)
        draft.add_sources([{"name": f"new {number}", "url": f"https://example.org/new/{number}"}])
        try:
            draft.save({})
        except ConfigError:
            return ""
        return f"new {number}"

    with ThreadPoolExecutor(count) as pool:
        added = sorted(filter(None, pool.map(change, range(count))))
    assert len(added) == 1
    assert [source.name for source in load(path, {}).sources] == ["one", *added]


def test_a_file_that_appeared_in_the_meantime_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "sources.toml"
    draft = open_draft(path)
    path.write_text("# mine\n")
    with pytest.raises(ConfigError, match="another program changed the file"):
        draft.save({})
    assert path.read_text() == "# mine\n"


def test_a_file_that_is_no_toml_is_not_opened(tmp_path: Path) -> None:
    path = tmp_path / "sources.toml"
    path.write_text("[[source]\n")
    with pytest.raises(ConfigError, match="this is not valid TOML"):
        open_draft(path)


def test_a_file_that_cannot_be_replaced_says_so_and_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "sources.toml"
    path.write_text(f"{ONE}\n")

    def busy(*_: object) -> None:
        raise OSError(16, "Device or resource busy")

    monkeypatch.setattr(Path, "replace", busy)
    with pytest.raises(ConfigError, match="cannot be written: Device or resource busy; give this user write access to"):
        saved(path)
    assert path.read_text() == f"{ONE}\n"
    assert list(tmp_path.iterdir()) == [path]


def test_a_write_protected_file_is_not_replaced(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "sources.toml"
    path.write_text(ONE, encoding="utf-8")
    path.chmod(0o444)
    allowed = os.access

    def access(target: Path, mode: int) -> bool:  # as for a user other than root
        return allowed(target, mode) and not (mode & os.W_OK and not Path(target).stat().st_mode & 0o222)

    monkeypatch.setattr(os, "access", access)
    draft = open_draft(path)
    draft.add_sources([NEW])
    with pytest.raises(ConfigError, match="write-protected, and nothing was written; allow this user to write it"):
        draft.save({})
    assert path.read_text(encoding="utf-8") == ONE
    path.chmod(0o644)
    draft.save({})
    assert TWO in path.read_text(encoding="utf-8")


def test_a_missing_folder_is_reported(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="cannot be written: No such file or directory"):
        saved(tmp_path / "no" / "sources.toml")


def test_a_reader_never_sees_half_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "sources.toml"
    path.write_text(f"{ONE}\n")
    seen: list[str] = []
    sync = os.fsync

    def look(descriptor: int) -> None:
        seen.append(path.read_text())
        sync(descriptor)

    monkeypatch.setattr(os, "fsync", look)
    saved(path)
    assert seen == [f"{ONE}\n", f"{ONE}\n\n{TWO}\n"], "the file before the rename, the folder after it"
