"""YAML from outside: bounds, and no objects."""

from __future__ import annotations

import pytest

from monitor.interchange import yamls
from monitor.interchange.base import UnreadableFile
from monitor.interchange.yamls import documents


def values(text: str) -> list[object]:
    return [document.value for document in documents(text)]


def test_documents_have_their_lines_and_empty_ones_are_none() -> None:
    found = [(document.line, document.value) for document in documents("---\na: 1\n---\n---\n\nb: [x]\n")]
    assert found == [(2, {"a": 1}), (4, None), (6, {"b": ["x"]})]


def test_dates_stay_as_they_are_written() -> None:
    assert values("a: 2026-11-21\nb: yes\n") == [{"a": "2026-11-21", "b": True}]


def test_aliases_are_read() -> None:
    assert values("a: &x [1]\nb: *x\n") == [{"a": [1], "b": [1]}]


def test_tabs_at_the_ends_of_lines_are_borne() -> None:
    assert values("a: b\t\nc: d\t# e\n") == [{"a": "b", "c": "d"}]


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("a: [b\n", 2, "this is not valid YAML"),
        ("a: !!python/object/apply:os.system ['x']\n", 1, "could not determine a constructor"),
        ("a:\n\tb: c\n", 2, "cannot start any token"),
        ("a: &x [1]\nb: [" + "*x," * 300 + "]\n", 0, "too many aliases"),
        ("[" * 100 + "]" * 100, 0, "nested too deeply"),
        ("? {a: b}\n: c\n", 1, "unhashable key"),
        ("a: \x01", 0, "this is not valid YAML"),
    ],
)
def test_what_cannot_be_read_is_reported(text: str, line: int, said: str) -> None:
    with pytest.raises(UnreadableFile, match=said) as raised:
        values(text)
    assert raised.value.line == line or not line
    assert raised.value.remedy


def test_far_too_much_is_not_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(yamls, "MAX_TEXT_SIZE", 10)
    with pytest.raises(UnreadableFile, match="million characters"):
        values("a: 1234567890")
