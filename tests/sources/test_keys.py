"""The ladder of identities."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.model import Entry, Moment
from monitor.sources.keys import MAX_KEY_LENGTH, assign_keys

A = "https://a.example/1"
B = "https://a.example/2"


def entry(
    guid: str = "", title: str = "t", url: str = "", *, summary: str = "", content: str = "", day: int = 0
) -> Entry:
    published = Moment(dt.datetime(2026, 1, day, tzinfo=dt.UTC), "day") if day else None
    return Entry(guid, title, url, published=published, summary=summary, content=content)


def keys(*entries: Entry) -> list[str]:
    return [each.key for each in assign_keys(entries)]


def test_the_guid_is_the_key() -> None:
    assert keys(entry("g1", url=A), entry("g2", url=B)) == ["g1", "g2"]


def test_without_a_guid_the_canonical_address_is() -> None:
    assert keys(entry(url="HTTP://A.example/1?utm_source=rss#top"), entry(" \t", url=B)) == [A, B]


def test_without_both_a_hash_of_title_and_summary_is() -> None:
    [one], [same], [other] = keys(entry(summary="s")), keys(entry(summary="s")), keys(entry(summary="r"))
    assert one.startswith("sha256:")
    assert one == same != other


def test_a_note_without_title_and_summary_has_its_key_from_its_content() -> None:
    assert keys(entry(title="", content="a")) != keys(entry(title="", content="b"))


def test_a_guid_that_all_share_is_no_identity() -> None:
    assert keys(entry("0", "a", A), entry("0", "b", B)) == [A, B]


def test_an_address_that_all_share_is_no_identity() -> None:
    found = keys(entry(title="a", url=A), entry(title="b", url=A))
    assert len(set(found)) == 2
    assert all(key.startswith("sha256:") for key in found)


def test_those_that_differ_in_their_text_only_are_kept_apart() -> None:
    assert len(keys(entry("g", url=A, summary="x"), entry("g", url=A, summary="y"))) == 2
    assert len(keys(entry(content="x", summary="s"), entry(content="y", summary="s"))) == 2
    assert len(keys(entry(url=A, day=1), entry(url=A, day=2))) == 2


def test_only_those_that_share_a_guid_fall() -> None:
    assert keys(entry("0", "a", A), entry("g", "c"), entry("0", "b", B)) == [A, "g", B]


def test_exact_repeats_are_one() -> None:
    assert keys(entry("g", url=A), entry("h", url=B), entry("g", url=A)) == ["g", "h"]
    assert len(keys(entry(), entry())) == 1


def test_an_address_does_not_take_the_key_of_a_guid_that_is_an_address() -> None:
    """The guid of the one is the address of the other, which says something else: neither may be lost."""
    found = keys(entry(A, "a"), entry("", "b", A))
    assert found[0] == A
    assert found[1].startswith("sha256:")


def test_a_long_guid_is_hashed() -> None:
    assert keys(entry("g" * MAX_KEY_LENGTH)) == ["g" * MAX_KEY_LENGTH]
    [long] = keys(entry("g" * (MAX_KEY_LENGTH + 1)))
    assert long.startswith("sha256:")


def test_a_key_does_not_depend_on_the_order() -> None:
    entries = [entry("0", "a", A), entry("0", "b", B), entry("", "c", A), entry("g", "d")]
    assert sorted(keys(*entries)) == sorted(keys(*reversed(entries)))


SMALL = st.sampled_from(["", "x", "y"])
ENTRIES = st.lists(
    st.builds(entry, SMALL, SMALL, st.sampled_from(["", A, B]), summary=SMALL, content=SMALL), max_size=8
)


@given(ENTRIES)
def test_keys_are_unique_and_nothing_that_was_said_is_lost(entries: list[Entry]) -> None:
    found = assign_keys(entries)
    assert all(each.key for each in found)
    assert len({each.key for each in found}) == len(found)
    assert {replace(each, key="") for each in found} == {replace(each, key="") for each in entries}


@pytest.mark.parametrize("count", [0, 1])
def test_a_short_list_is_no_special_case(count: int) -> None:
    assert len(assign_keys([entry("g")] * count)) == count


def test_a_key_by_the_rules_of_an_earlier_version_is_a_former_one() -> None:
    [mobile] = assign_keys([entry(url="https://m.a.example/1?ftag=x")])
    assert (mobile.key, mobile.former_keys) == (A, ("https://m.a.example/1?ftag=x",))
    [plain] = assign_keys([entry(url=A)])
    assert plain.former_keys == ()
    [again] = assign_keys([mobile])
    assert again.former_keys == mobile.former_keys


def test_a_former_key_that_is_another_entrys_now_says_nothing() -> None:
    """What was under that key is the entry that has it now."""
    first, second = (
        assign_keys([entry(url=A)], [entry("g", url=A)]),
        assign_keys([entry("g", "a"), entry(url=A)], [entry("x"), entry("g")]),
    )
    assert first[0].former_keys == ("g",)
    assert [each.former_keys for each in second] == [("x",), ()]


@given(ENTRIES, ENTRIES)
def test_no_former_key_is_a_present_one(entries: list[Entry], before: list[Entry]) -> None:
    count = min(len(entries), len(before))
    found = assign_keys(entries[:count], before[:count])
    assert not {each.key for each in found} & {key for each in found for key in each.former_keys}
    assert found == assign_keys(entries[:count])
