"""Places of keys and values, down to a character of a string."""

from __future__ import annotations

import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.config.positions import Path, Place, Positions

TEXT = """timezone = "UTC" # 时区
中文 = 1
a.b = { c = 1, d.e = ["x", [2, 'y']] }
"quoted \\u0041" = 1

[fetch]
min_every = "5m"

[[source]]
name = "one"
[[source]]
  name = "二", # not TOML
tags = [
  # a comment
  "政府", "b",
]
[source.deep]
x = 1
[channel."a b"]
kind = "x"
""".replace(' = "二", # not TOML', ' = "二"')


@pytest.mark.parametrize(
    ("path", "key", "value"),
    [
        (("timezone",), (1, 1), (1, 12)),
        (("a", "b"), (3, 3), (3, 7)),
        (("a", "b", "c"), (3, 9), (3, 13)),
        (("a", "b", "d"), (3, 16), (3, 16)),
        (("a", "b", "d", "e", 0), (3, 23), (3, 23)),
        (("a", "b", "d", "e", 1, 1), (3, 32), (3, 32)),
        (("quoted A",), (4, 1), (4, 19)),
        (("fetch",), (6, 2), (6, 1)),
        (("fetch", "min_every"), (7, 1), (7, 13)),
        (("source", 0), (9, 1), (9, 1)),
        (("source", 0, "name"), (10, 1), (10, 8)),
        (("source", 1, "name"), (12, 3), (12, 10)),
        (("source", 1, "tags", 1), (15, 9), (15, 9)),
        (("source", 1, "deep", "x"), (18, 1), (18, 5)),
        (("channel",), (19, 2), (19, 2)),
        (("channel", "a b"), (19, 10), (19, 1)),
        (("channel", "a b", "kind"), (20, 1), (20, 8)),
    ],
)
def test_every_key_and_value_has_its_place(path: Path, key: tuple[int, int], value: tuple[int, int]) -> None:
    positions = Positions(TEXT)
    assert positions.key(path) == Place(*key)
    assert positions.value(path) == Place(*value)


def test_what_is_not_there_has_the_place_of_what_lacks_it() -> None:
    positions = Positions(TEXT)
    assert positions.value(("source", 1, "url")) == Place(11, 1)
    assert positions.value(("nothing", "at", "all")) == Place(1, 1)
    assert positions.inside(("source", 1), 5) == Place(11, 1)


def test_a_tab_and_a_han_character_count_as_one_column() -> None:
    assert Positions('\t"元宇宙" = "x"').value(("元宇宙",)) == Place(1, 10)


@pytest.mark.parametrize(
    ("literal", "index", "place"),
    [
        ('"abc"', 0, (1, 6)),
        ('"abc"', 3, (1, 9)),
        ("'a\\b'", 2, (1, 8)),
        ('"\\u0041b"', 1, (1, 12)),
        ('"\\U00000041b"', 1, (1, 16)),
        ('"a\\"b"', 2, (1, 9)),
        ('"""abc"""', 1, (1, 9)),
        ('"""\nab\ncd"""', 4, (3, 2)),
        ("'''\nab\ncd'''", 0, (2, 1)),
        ('"""a\\\n   b"""', 1, (2, 4)),
        ('"""a"b"""', 2, (1, 10)),
        ('"ab"', 99, (1, 8)),
        ("'ab'", 99, (1, 8)),
    ],
)
def test_a_character_of_a_string_is_where_it_is_written(literal: str, index: int, place: tuple[int, int]) -> None:
    assert Positions(f"x = {literal}").inside(("x",), index) == Place(*place)


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=12), st.data())
def test_each_character_of_any_string_is_found_again(value: str, data: st.DataObject) -> None:
    escaped = [data.draw(st.booleans()) or letter in '"\\' for letter in value]
    units = [f"\\U{ord(letter):08x}" if esc else letter for letter, esc in zip(value, escaped, strict=True)]
    text = f'x = "{"".join(units)}"'
    assert tomllib.loads(text)["x"] == value
    for index in range(len(value)):
        column = 6 + sum(map(len, units[:index]))
        assert Positions(text).inside(("x",), index) == Place(1, column)


SIGNS = [
    "[",
    "]",
    "[[",
    "]]",
    "{",
    "}",
    "=",
    ",",
    ".",
    '"',
    "'",
    '"""',
    "\n",
    "a",
    "b",
    "1",
    "#",
    " ",
    "\\",
    "两",
    "\t",
]


@given(st.lists(st.sampled_from(SIGNS), max_size=14).map("".join))
def test_a_text_that_is_no_toml_has_places_all_the_same(text: str) -> None:
    place = Positions(text).inside(("a", 0, "b"), 3)
    assert 1 <= place.line <= text.count("\n") + 1
