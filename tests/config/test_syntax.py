"""Files that are no text, and texts that are no TOML: the place, and the remedy where the slip is a known one."""

from __future__ import annotations

from pathlib import Path

import pytest

from monitor.config.syntax import MAX_FILE_SIZE, parse, read_source_tables, read_text
from monitor.errors import ConfigError


def refusal(path: Path) -> str:
    with pytest.raises(ConfigError) as refused:
        read_text(path)
    return str(refused.value)


def test_a_missing_file_is_named_with_how_to_make_one(tmp_path: Path) -> None:
    message = refusal(tmp_path / "sources.toml")
    assert message.startswith(f"{tmp_path}/sources.toml: there is no such file; create one")
    assert "--config" in message


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    assert f"this is a folder; name the file in it, as in {tmp_path}/sources.toml" in refusal(tmp_path)


def test_a_path_through_a_file_cannot_be_read(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    assert "cannot be read: Not a directory" in refusal(tmp_path / "file" / "sources.toml")


def test_a_file_that_is_far_too_large_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "sources.toml"
    with path.open("wb") as file:
        file.truncate(MAX_FILE_SIZE + 1)
    assert "larger than 8 MiB" in refusal(path)


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ("name = 'x'".encode("utf-16"), ":1:1: the file is UTF-16; save it as UTF-8"),
        (b"# one\r\n" + "名 = '两江'".encode("gb18030"), ":2:1: the file is not UTF-8 (byte 0xC3); save it as UTF-8"),
        ("# 元\nx = '宇".encode() + b"\xff'", ":2:7: the file is not UTF-8 (byte 0xFF); save it as UTF-8"),
    ],
)
def test_other_encodings_are_reported_at_their_first_bad_byte(tmp_path: Path, body: bytes, message: str) -> None:
    path = tmp_path / "sources.toml"
    path.write_bytes(body)
    assert refusal(path) == f"{path}{message}"


@pytest.mark.parametrize("body", [b"\xef\xbb\xbfx = 1\ny = 2\n", b"x = 1\r\ny = 2\r\n"])
def test_a_byte_order_mark_and_windows_line_ends_are_welcome(tmp_path: Path, body: bytes) -> None:
    path = tmp_path / "sources.toml"
    path.write_bytes(body)
    assert read_text(path) == "x = 1\ny = 2\n"


@pytest.mark.parametrize(
    ("text", "place", "remedy"),
    [
        ("x = 1\nname = “one”", "2:8", 'write plain quotes, "…", instead of “'),
        ("name = ＂one＂", "1:8", "instead of ＂"),
        ("name = 「one」", "1:8", "instead of 「"),
        ('tags = ["a"，"b"]', "1:12", "write , instead of the full-width ，"),
        ('name ＝ "a"', "1:6", "write = instead of the full-width ＝"),
        ('name\u3000= "a"', "1:5", "write a normal space instead of the special one"),
        ("name = one", "1:8", 'put the text between quotes: "one"'),
        ("name = 两江新区", "1:8", 'put the text between quotes: "两江新区"'),
        ("at = 08:00", "1:7", 'put it between quotes: "08:00"'),
        ("name =", "1:7", "write a value"),
        ('name = "one', "1:12", "a closing quote is missing on this line"),
        ('name = "one\nurl = "x"', "1:12", "a closing quote is missing on this line"),
        ("send_empty = True", "1:14", "write true in lower case, without quotes"),
        ("send_empty = no", "1:14", "write false in lower case, without quotes"),
        (r'match = "a\d"', "1:13", "put the text between single quotes, '…', or double each backslash"),
        ("a = 1\na = 2", "2:6", "keep one of the two"),
        ("[fetch]\n[fetch]", "2:7", "keep one of the two"),
        ('a: "x"', "1:2", 'a line is key = value, as in name = "…", or a table'),
        ('a = ["x"\nb = "y"', "2:1", "a comma or the closing ] is missing"),
        ('match = "say "hello""', "1:15", "a text with quotes in it goes between single quotes"),
        ("[fetch\nx = 1", "1:7", ""),
        ("x = " + "[" * 5000, "1:1", ""),
    ],
)
def test_a_slip_in_the_syntax_has_its_place_and_remedy(text: str, place: str, remedy: str) -> None:
    with pytest.raises(ConfigError) as refused:
        parse(Path("sources.toml"), text)
    message = str(refused.value)
    assert message.startswith(f"sources.toml:{place}: this is not valid TOML")
    assert remedy in message


@pytest.mark.parametrize("text", ["x = '“ok”，＝' # “fine”", '"“" = "\\"，"'])
def test_full_width_signs_inside_quotes_and_comments_are_no_slip(text: str) -> None:
    assert parse(Path("sources.toml"), text)
    with pytest.raises(ConfigError) as refused:
        parse(Path("sources.toml"), text + "\ny = oops")
    assert 'put the text between quotes: "oops"' in str(refused.value)


def test_tables_are_those_of_the_file(tmp_path: Path) -> None:
    path = tmp_path / "sources.toml"
    path.write_text('[[source]]\nname = "A"\nurl = "env:FEED"\n')
    assert read_source_tables(path) == [{"name": "A", "url": "env:FEED"}]
    path.write_text("")
    assert read_source_tables(path) == []


@pytest.mark.parametrize(
    "text",
    ["x" + ".a" * 50_000 + " = 1", "x" + ".a" * 51 + " = 1", "x = " + "[" * 51 + "]" * 51, "x = " + "[" * 50_000],
)
def test_what_is_nested_too_deeply_is_refused(text: str) -> None:
    with pytest.raises(ConfigError, match=r"is nested (more than 50 levels deep; no setting|too deeply)"):
        parse(Path("sources.toml"), f"a = 1\n{text}\n")


def test_what_is_nested_is_read() -> None:
    assert parse(Path("sources.toml"), "x" + ".a" * 49 + " = 1")
    assert parse(Path("sources.toml"), "x = [[{a = [1, {b = 2}]}]]")


def test_the_line_of_what_is_nested_too_deeply_is_named() -> None:
    with pytest.raises(ConfigError, match=r'^sources.toml:2:1: "x" is nested'):
        parse(Path("sources.toml"), "a = 1\nx" + ".a" * 60 + " = 1")
