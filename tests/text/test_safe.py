"""One sanitiser for each sink, and the law that each keeps."""

from __future__ import annotations

import email
import email.policy
import html
import re
import unicodedata
from email.header import decode_header
from email.message import EmailMessage

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.text.safe import (
    csv_cell,
    log_value,
    mail_header,
    one_line,
    plain_text,
    safe_url,
    slack_link,
    slack_text,
    terminal_text,
)
from tests.support.growth import assert_grows_with_size

WORDS = (
    "=?utf-8?q?=0ABcc:?= =?utf-8?b?CkJjYzogeA==?= = ? =? ?= <!channel> <@U1> < > & &lt; @channel @here | =1+1 +1 -1 "
    "@A1 ＝1 javascript: http://u:p@h.com/ mailto:a@b.c ' \" a 中 🏴"
)
CONTROLS = (
    "\r\nBcc:x|\n|\r|\x00|\x1b|\x1b[31m|\x1b]8;;x\x07|\x9b|\x9d|\u202e|\u2066|\u2028|\x85|\t| |\ufeff|\ud800|\U000e0067"
)
NASTY = st.lists(st.sampled_from([*WORDS.split(), *CONTROLS.split("|")]))
ANY = st.text() | st.text(alphabet=st.characters()) | NASTY.map("".join)


def is_control(character: str) -> bool:
    return unicodedata.category(character) == "Cc"


def turns_direction(character: str) -> bool:
    return unicodedata.bidirectional(character) in {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}


# --- one line


@given(ANY)
def test_one_line_is_one_line_of_the_same_words(text: str) -> None:
    line = one_line(text)
    assert line.split() == plain_text(text).split()
    assert line == line.strip()
    assert "  " not in line
    assert len(line.splitlines()) <= 1


# --- mail headers


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Web3 in Chongqing", "Web3 in Chongqing"),
        ("重庆发布元宇宙计划", "重庆发布元宇宙计划"),
        ("a\r\nBcc: x@y.z", "a Bcc: x@y.z"),
        ("a\x00b\x0bc\u2028d", "ab c d"),
        ("=?utf-8?q?=0ABcc:x?=", "= ?utf-8?q?=0ABcc:x?="),
        ("=\x00?utf-8?q?=0ABcc:x?=", "= ?utf-8?q?=0ABcc:x?="),
        ("gpj.\u202eexe", "gpj.exe"),
        ("  a   b  ", "a b"),
    ],
)
def test_a_header_is_one_line_that_decodes_to_itself(text: str, expected: str) -> None:
    assert mail_header(text) == expected


def test_a_header_is_cut_to_its_limit() -> None:
    assert mail_header("word " * 100, 20) == "word word word word…"


@given(ANY)
def test_no_title_makes_a_second_header(text: str) -> None:
    message = EmailMessage()
    message["Subject"] = mail_header(text)
    message["X-Last"] = "end"
    read = email.message_from_bytes(message.as_bytes(), policy=email.policy.default)
    assert read.keys() == ["Subject", "X-Last"]
    assert "".join(str(read["Subject"]).split()) == "".join(mail_header(text).split())


@given(ANY)
def test_a_header_holds_no_control_character_and_no_encoded_word(text: str) -> None:
    header = mail_header(text, 50)
    assert not any(is_control(character) or turns_direction(character) for character in header)
    assert len(header) <= 50
    assert decode_header(header) == [(header, None)]
    assert mail_header(header, 50) == header


# --- plain text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a\r\nb\rc\u2029d\x0ce\x85f", "a\nb\nc\nd\ne\nf"),
        ("a\tb", "a\tb"),
        ("a\x00\x07\x1b\x7f\x9bb", "ab"),
        ("a\u202e\u2066\u200e\u061cb", "ab"),
        ("a\ud800\uffff\U000e0041b", "ab"),
        ("👩\u200d💻 é", "👩\u200d💻 é"),
    ],
)
def test_plain_text_keeps_lines_and_drops_what_misleads(text: str, expected: str) -> None:
    assert plain_text(text) == expected


@given(ANY)
def test_plain_text_holds_nothing_that_acts(text: str) -> None:
    plain = plain_text(text)
    assert not any(is_control(character) and character not in "\n\t" for character in plain)
    assert not any(turns_direction(character) for character in plain)
    plain.encode()
    assert plain_text(plain) == plain


# --- Slack


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("R&D <b>", "R&amp;D &lt;b&gt;"),
        ("&lt;!channel&gt;", "&amp;lt;!channel&amp;gt;"),
        (
            "<!channel> <@U123> <https://evil.example|bank>",
            "&lt;!channel&gt; &lt;@U123&gt; &lt;https://evil.example|bank&gt;",
        ),
        ("@channel and @HERE", "@\u2060channel and @\u2060HERE"),
        ("@alliance me@example.org", "@alliance me@example.org"),
        ("a\nb\x00", "a\nb"),
    ],
)
def test_slack_text_mentions_nobody(text: str, expected: str) -> None:
    assert slack_text(text) == expected


@given(ANY)
def test_slack_text_shows_the_plain_text_and_nothing_else(text: str) -> None:
    shown = slack_text(text)
    assert "<" not in shown
    assert ">" not in shown
    assert not re.search(r"@(channel|here)(?!\w)", shown)
    assert html.unescape(shown).replace("\u2060", "") == plain_text(text).replace("\u2060", "")


@pytest.mark.parametrize(
    ("url", "label", "expected"),
    [
        ("https://h.com/a?b=1&c=2", "A & B", "<https://h.com/a?b=1&amp;c=2|A &amp; B>"),
        ("https://h.com/a|b>c", "x", "<https://h.com/a%7Cb%3Ec|x>"),
        ("https://h.com/a", "two\nlines", "<https://h.com/a|two lines>"),
        ("https://h.com/a", "\x00", "<https://h.com/a>"),
        ("javascript:alert(1)", "<!here>", "&lt;!here&gt;"),
    ],
)
def test_a_slack_link_shows_its_label_and_leads_to_a_safe_address(url: str, label: str, expected: str) -> None:
    assert slack_link(url, label) == expected


@given(ANY, ANY)
def test_a_slack_link_is_one_link_or_none(url: str, label: str) -> None:
    link = slack_link(url, label)
    assert link.count("<") == link.count(">") == (1 if safe_url(url) else 0)
    assert "\n" not in link


# --- terminal_text and log


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("\x1b[31mred\x1b[0m", "red"),
        ("\x9b31mred", "red"),
        ("\x1b]8;;https://evil.example\x1b\\click\x1b]8;;\x07", "click"),
        ("\x1b]0;title", "]0;title"),
        ("\x1b[2J\x1bc", "c"),
        ("over\rwritten", "over\nwritten"),
        ("a\x08b", "ab"),
        ("two\nlines\tand a tab", "two\nlines\tand a tab"),
    ],
)
def test_a_terminal_gets_no_commands(text: str, expected: str) -> None:
    assert terminal_text(text) == expected


@given(ANY | st.text(alphabet="\x1b\x9b\x9d\x9c\x07[]0;m\\ab\n"))
def test_a_terminal_gets_no_control_character_but_line_feed_and_tab(text: str) -> None:
    assert not any(is_control(character) and character not in "\n\t" for character in terminal_text(text))
    assert not any(turns_direction(character) for character in terminal_text(text))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("plain 文字", "plain 文字"),
        ("a\nlevel=error", "a\\nlevel=error"),
        ("a\x1b[0m\u202e\u2028\ud800", "a\\x1b[0m\\u202e\\u2028\\ud800"),
    ],
)
def test_a_log_value_shows_what_cannot_be_printed(text: str, expected: str) -> None:
    assert log_value(text) == expected


@given(ANY, st.integers(1, 30))
def test_a_log_value_is_one_printable_line_within_its_limit(text: str, limit: int) -> None:
    value = log_value(text, limit)
    assert value.isprintable()
    assert len(value) <= limit


# --- links


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://h.com/a?b=1#c", "https://h.com/a?b=1#c"),
        (" HTTP://H.com ", "http://h.com/"),
        ("http://me:secret@h.com/", "http://h.com/"),
        ("http://bank.example@evil.example/", "http://evil.example/"),
        ('https://h.com/a b"c', "https://h.com/a%20b%22c"),
        ("mailto:news@example.org", "mailto:news@example.org"),
        ("MAILTO:news@example.org?bcc=x@y.z&body=b", "mailto:news@example.org"),
    ],
)
def test_a_safe_address_is_cleaned(url: str, expected: str) -> None:
    assert safe_url(url) == expected


@pytest.mark.parametrize(
    "url",
    [
        "",
        "javascript:alert(1)",
        " javascript:alert(1)",
        "java\nscript:alert(1)",
        "java\tscript:alert(1)",
        "\x00javascript:alert(1)",
        "JAVASCRIPT:alert(1)",
        "javascript://h.com/%0aalert(1)",
        "data:text/html;base64,PHNjcmlwdD4=",
        "vbscript:x",
        "file:///etc/passwd",
        "blob:https://h.com/1",
        "//h.com/a",
        "/a",
        "h.com/a",
        "mailto:",
        "mailto:a@b.c,x@y.z",
        "mailto:a@b.c%0ABcc:x@y.z",
        "mailto:ü@b.c",
    ],
)
def test_any_other_address_is_none(url: str) -> None:
    assert safe_url(url) is None


@given(ANY | ANY.map(lambda text: f"http://h.com/{text}") | ANY.map(lambda text: f"javascript:{text}"))
def test_a_safe_address_cannot_leave_the_attribute_that_it_is_in(url: str) -> None:
    safe = safe_url(url)
    if safe is not None:
        assert safe.startswith(("http://", "https://", "mailto:"))
        assert safe.isascii()
        assert safe.isprintable()
        assert not set(safe) & set(' "<>\\`')
        assert safe_url(safe) == safe


@pytest.mark.parametrize(
    ("text", "cell"),
    [
        ("=1+1", "'=1+1"),
        (" \t@SUM(A1)", "' \t@SUM(A1)"),
        ("\tx", "'\tx"),
        ("\r=x", "'\n=x"),
        ("\u200e=x", "'=x"),
        ("\u200b=x", "'\u200b=x"),
        ("\ufeff\u00ad =x", "'\ufeff\u00ad =x"),
        ("\ufe0f\u3164@x", "'\ufe0f\u3164@x"),
        ("\u200b\u200b", "\u200b\u200b"),
        ("－1", "'－1"),
        ("+86", "'+86"),
        ("a=b", "a=b"),
        ("", ""),
    ],
)
def test_a_cell_is_no_formula(text: str, cell: str) -> None:
    assert csv_cell(text) == cell


@given(ANY)
def test_no_cell_begins_like_a_formula(text: str) -> None:
    seen = [character for character in csv_cell(text) if unicodedata.category(character)[0] not in "ZCM"]
    assert "".join(seen[:1]) not in ("=", "+", "-", "@", "＝", "＋", "－", "＠")


@pytest.mark.parametrize("piece", ["\x1b[", "\x1b]", "=?", "@", "<", "\r", "mailto:a@", "\u202e", "http://"])
def test_hostile_text_takes_linear_time(piece: str) -> None:
    def clean_all(size: int) -> None:
        text = piece * (size // len(piece))
        for clean in (plain_text, mail_header, slack_text, terminal_text, log_value, safe_url, csv_cell):
            clean(text)
        slack_link(text, text)

    assert_grows_with_size(clean_all, 60_000)
