"""Rules find what people write in two ways: blanks in Chinese, hyphens, accents, numbers, quotes.

`occurs` is the oracle: it reads a term and a text letter by letter, as slowly as the rules of the language are written.
"""

from __future__ import annotations

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor import RuleError, compile_rules
from monitor.text.words import index_words

BLANKS = [" ", "  ", "\u00a0", "\u2009", "\u202f", "\u3000", "\t", "\n", " \n", "\r\n", "\u200b \u200b"]
blanks = st.sampled_from(BLANKS)


def holds(rule: str, text: str, concepts: dict[str, list[str]] | None = None) -> bool:
    return bool(compile_rules({"r": rule}, concepts or {}).match(text))


def found(term: str, text: str) -> list[str]:
    """Return what of the text the term marks."""
    matches = compile_rules({"r": "@c"}, {"c": [term]}).match(text)
    return [text[span.start : span.end] for match in matches for span in match.spans]


# Blanks in Chinese

MIXED = ["互联网3.0", "5G网络", "500亿元", "2026年5月20日", "AI芯片", "A股", "Web3产业园", "第3代AI算力"]


def borders(term: str) -> list[str]:
    """Return a term cut where Chinese and Latin letters or digits meet."""
    return re.findall(r"[\u4e00-\u9fff]+|[^\u4e00-\u9fff]+", term)


def spaced(term: str, between: list[str]) -> str:
    pieces = borders(term)
    return "".join(piece + blank for piece, blank in zip(pieces, [*between, ""], strict=False))


@given(st.sampled_from(MIXED), st.sampled_from(MIXED), st.lists(blanks | st.just(""), min_size=6), st.data())
def test_blanks_where_chinese_and_latin_meet_make_no_difference(
    term: str, other: str, between: list[str], data: st.DataObject
) -> None:
    written, text = spaced(term, data.draw(st.permutations(between))), f"在{spaced(other, between)}里"
    assert bool(found(written, text)) == (term in other)
    for marked in found(written, text):
        assert "".join(marked.replace("\u200b", "").split()) == term
    for around in ("{}", "CASE({})", "SENTENCE({} 在)", "{} NEAR/1 在", "title:{} OR text:{}"):
        quoted = f'"{written}"'
        assert holds(around.format(quoted, quoted), text) == (term in other)


@given(st.text("重庆元宇宙方案", min_size=2, max_size=6), st.data())
def test_single_spaced_characters_are_a_run(term: str, data: st.DataObject) -> None:
    between = data.draw(
        st.lists(blanks.filter(lambda blank: "\n" not in blank), min_size=len(term) - 1, max_size=len(term) - 1)
    )
    text = "".join(char + blank for char, blank in zip(term, [*between, ""], strict=True))
    assert found(term, f"《{text}》") == [text]
    assert found(text, f"关于{term}的") == [term]


@given(st.text("重庆元宇宙方案", min_size=2, max_size=6), st.sampled_from(["\n", "\r\n", " \n", "\n "]), st.data())
def test_a_line_of_chinese_may_wrap_anywhere(term: str, end: str, data: st.DataObject) -> None:
    at = data.draw(st.integers(1, len(term) - 1))
    wrapped = term[:at] + end + term[at:]
    assert found(term, f"关于{wrapped}的") == [wrapped]
    assert holds(f"SENTENCE({term} 关于)", f"关于{wrapped}的")
    assert index_words(f"关于{wrapped}的") == index_words(f"关于{term}的")


@pytest.mark.parametrize("end", ["\n\n", "\n \n", "\r\n\r\n", "\n\u3000\u3000", "\u2029", "\f", " ", "\u3000", "  "])
def test_runs_that_a_blank_parts_and_blocks_stay_apart(end: str) -> None:
    assert not holds("南京", f"湖南{end}京东")
    assert holds("湖南 京东", f"湖南{end}京东")


@pytest.mark.parametrize("end", ["\n\n", "\n \n", "\r\n\r\n", "\u2029"])
@pytest.mark.parametrize("term", ["互联网3.0", '"white paper"', "元宇宙"])
def test_no_term_reaches_from_one_block_into_the_next(term: str, end: str) -> None:
    text = {"互联网3.0": f"互联网{end}3.0", "元宇宙": f"元{end}宇{end}宙"}.get(term, f"white{end}paper")
    assert not holds(term, text)


def test_a_blank_outside_quotes_is_still_and() -> None:
    assert holds("互联网 3.0", "3.0 与互联网")
    assert not holds('"互联网 3.0"', "3.0 与互联网")
    assert holds("公 告", "告与公")


@pytest.mark.parametrize(
    ("term", "text"),
    [
        ("通知: 重庆", "通知：重庆"),
        ("通知：重庆", "通知: 重庆"),
        ("重庆(中国)", "重庆 （中国）"),
        ("AI* 芯片", "AIX芯片"),
        ("重庆* 方案", "重庆市 方案"),
        ("网际网路3.0", "网际网路 3.0"),
    ],
)
def test_a_full_width_sign_and_an_opened_word_take_a_blank_or_none(term: str, text: str) -> None:
    assert found(term, text) == [text]


def test_a_concept_of_the_program_takes_blanks() -> None:
    assert holds("@starter/web3 AND 重庆", "重慶印發網際網路 3.0 行動計畫")


# Words, numbers, hyphens


def is_letter(char: str) -> bool:
    return char != "" and char.isalnum() and char < "\u2e80"


def is_chinese(char: str) -> bool:
    return "\u4e00" <= char <= "\u9fff"


def means_nothing(text: str, at: int) -> bool:
    """Return whether a reader of Chinese does not see the blank there."""
    left, right = text[at - 1 : at], text[at + 1 : at + 2]
    if not left or not right or not (is_chinese(left) or is_chinese(right)):
        return False
    if not (is_chinese(left) and is_chinese(right)):
        return True
    return not (text[at - 2 : at - 1 if at > 1 else 0].isalnum() and text[at + 2 : at + 3].isalnum())


def plain(text: str) -> str:
    """Return the text with one sign for each that is written in several ways."""
    decomposed = unicodedata.normalize("NFD", re.sub(r"\s+", " ", text).replace("İ", "i").lower())
    bare = "".join(char for char in decomposed if not unicodedata.combining(char))
    bare = "".join(char for at, char in enumerate(bare) if not (char == " " and means_nothing(bare, at)))
    return "".join(
        " "
        if char in "-‐‑" and is_letter(bare[at - 1 : at] if at else "") and is_letter(bare[at + 1 : at + 2])
        else char
        for at, char in enumerate(bare)
    )


def begins(text: str, at: int) -> bool:
    before = text[:at]
    if not is_letter(text[at]) or not before:
        return True
    in_number = re.search(r"[0-9][.,]$", before) and re.match(r"[0-9]{1,3}(?![0-9])", text[at:])
    return not is_letter(before[-1]) and not in_number


def ends(text: str, end: int, term: str) -> bool:
    last, after = text[:end], text[end:]
    if not is_letter(last[-1]) or not after:
        return True
    if is_letter(after[0]):
        return False
    if last[-1].isdigit() and re.match(r",[0-9]{3}(?![0-9])", after):
        return False
    if re.fullmatch(r"[0-9]+(,[0-9]{3})*", term) and re.match(r"\.[0-9]{1,3}(?![0-9]|\.[0-9])", after):
        return False
    return not (re.search(r"(^|[^a-z0-9])[a-z]$", last) and re.match(r"#|\+\+", after))


def occurs(term: str, text: str) -> bool:
    wanted, there = plain(term), plain(text)
    places = (place.start() for place in re.finditer(f"(?={re.escape(wanted)})", there))
    return any(begins(there, at) and ends(there, at + len(wanted), wanted) for at in places)


letters = "a1c5元宇 -,.+#–é，"


@given(st.text(letters, min_size=1, max_size=5), st.text(letters, max_size=10))
def test_a_term_is_found_where_the_slow_reading_finds_it(term: str, text: str) -> None:
    if not (term[0] + term[-1]).isalnum() or "é" in term or "–" in term or "，" in term + text:
        return
    dashed = re.search(r"[a1c5é]–[a1c5é]", text)  # a hyphen finds a dash, too
    if not ("-" in term and dashed):
        assert bool(found(term, text)) == occurs(term, text)


@given(st.text("aébE1 -", min_size=1, max_size=6), st.text("aébE1 -e\u0301", max_size=10))
def test_accents_make_a_term_exact_and_case_makes_all_so(term: str, text: str) -> None:
    try:
        loose, exact = bool(found(term, text)), holds(f'CASE("{term}")', text)
    except RuleError:
        return
    composed, small = (unicodedata.normalize("NFC", part) for part in (text, term.lower()))
    if exact:
        assert loose
    if loose and "é" in term:
        assert small.strip().replace("-", " ").split()[0].strip("-") in composed.lower().replace("-", " ")
    if "é" not in term and found(term, "".join(composed.replace("é", "e"))):
        assert loose


@pytest.mark.parametrize(
    ("rule", "yes", "no"),
    [
        (
            "500",
            ["500", "500.", "500-seat", "500，100家", "1，500家", "500亿", "500 000"],
            ["500,000", "500.75", "1,500"],
        ),
        ('"top 10"', ["top 10", "Top 10.", "top-10 list", "top 10, 000"], ["top 10,000", "top 10,000,000", "top 100"]),
        ("1,500", ["1,500家"], ["1,500,000", "1,500.5", "21,500"]),
        ('"Web 3"', ["Web 3.0", "Web-3", "web 3"], ["Web 30"]),
        ("2026", ["2026.11.20", "2026年", "(2026)"], ["2026.5", "12026"]),
        ("3.0", ["Web 3.0", "3.0.1"], ["13.0", "3.05"]),
        ("500*", ["500,000", "500.75", "5000"], ["1500"]),
        ("C", ["language C", "C, D", "C/C++", "vitamin C."], ["C++", "C#", "C++17", "用C#写"]),
        ("C#", ["C# 12", "C＃"], ["C", "F#"]),
        ("web3", ["Web3#meta"], []),
        (
            '"cross border"',
            ["cross border", "cross-border", "cross‐border", "cross‑border"],
            ["cross–border", "crossborder", "cross - border"],
        ),
        ("cross-border", ["cross border", "cross‑border", "cross–border"], ["crossborder", "cross, border"]),
        ("COVID-19", ["COVID 19", "covid‑19"], ["COVID 190"]),
        ("London–Paris", ["London–Paris", "London-Paris", "London—Paris"], ["London Paris"]),
        ('"London Paris"', ["London-Paris"], ["London–Paris", "London—Paris"]),
        ("anti-*", ["anti-dumping"], ["anti dumping", "antibody"]),
        ("*-based", ["web-based"], ["web based"]),
        ('"-5%"', ["fell -5%", "x-5%"], ["5%", "x 5%"]),
        ('"state-of-the-art"', ["state of the art", "state–of–the–art"], ["state of art"]),
        ("Urumqi", ["Ürümqi", "U\u0308rümqi", "ÜRÜMQI", "urumqi"], ["urumq"]),
        ("Ürümqi", ["ürümqi", "U\u0308rümqi"], ["Urumqi", "Ürumqi"]),
        ("CASE(Urumqi)", ["Urumqi"], ["Ürümqi", "urumqi"]),
        ("CASE(Ürümqi)", ["Ürümqi"], ["ürümqi", "Urumqi"]),
        ('CASE("cross Border")', ["cross-Border"], ["cross-border"]),
        ("istanbul", ["İstanbul", "ISTANBUL", "i\u0307stanbul"], []),
        ("İstanbul", ["istanbul", "Istanbul", "İSTANBUL"], []),
        ("CASE(İstanbul)", ["İstanbul"], ["Istanbul", "istanbul"]),
        ("елка", ["Елка"], ["ёлка"]),
        ("O'Reilly", ["O`Reilly", "O’Reilly", "Oʻreilly", "O´Reilly", "O＇Reilly"], ["O Reilly"]),
        ("rock`n", ["rock'n", "rock’n"], ["rock n"]),
    ],
)
def test_spellings(rule: str, yes: list[str], no: list[str]) -> None:
    assert [text for text in yes if not holds(rule, text)] == []
    assert [text for text in no if holds(rule, text)] == []


# Quotes that came later


@pytest.mark.parametrize(
    ("rule", "yes", "no"),
    [
        ("«white paper»", "a white paper", "paper white"),
        ("title:(‹white paper› OR x)", "", "a white paper"),
        ("-‹white paper› paper", "paper", "white paper"),
        ("〝元宇宙 方案〞", "元宇宙 方案", "方案 元宇宙"),
        ("〝元宇宙 方案〟", "元宇宙 方案", "方案 元宇宙"),
        ("2 OF («a b», c)", "a b c", "a c"),
        ("x OR @c", "a white paper", "paper"),
    ],
)
def test_later_quotes_hold_a_phrase(rule: str, yes: str, no: str) -> None:
    concepts = {"c": ["«white paper»"]}
    assert not yes or holds(rule, yes, concepts)
    assert not holds(rule, no, concepts)


@pytest.mark.parametrize("rule", ["«white paper", "white» paper", "a›b", "重庆«白皮书»", "«a *b»", "x ›b", '"«a" b»'])
def test_a_rule_that_had_these_signs_in_its_words_is_still_a_rule(rule: str) -> None:
    assert compile_rules({"r": rule}).names == ("r",)


def test_a_quote_that_is_never_closed_is_a_sign_and_warned_about() -> None:
    rules = compile_rules({"r": "«white paper"})
    assert rules.match("literal «white or paper")
    assert [warning.message for warning in rules.warnings] == [
        "this quote is never closed, so its quotes are read as signs"
    ]


@pytest.mark.parametrize(
    "rule",
    [
        "Ürümqi -Urumqi",
        'AI芯片 -"AI 芯片"',
        'cross-border -"cross border"',
        "C++ -C",
        "500,000 -500",
        '2 OF (AI芯片, "AI 芯片")',
        '2 OF (cross-border, "cross border")',
        '"元 宇宙" -元宇宙',
    ],
)
def test_a_rule_that_distinguished_spellings_is_still_a_rule(rule: str) -> None:
    assert compile_rules({"r": rule}).names == ("r",)


def test_spellings_that_are_one_now_are_warned_about() -> None:
    rules = compile_rules({"r": 'AI芯片 OR "AI 芯片"'}, {"c": ["互联网3.0", "互联网 3.0"]})
    assert sum("is the same as" in warning.message for warning in rules.warnings) == 2


# What a rule means to the database, from before these spellings: it must not change, or an upgrade would look back.
@pytest.mark.parametrize(
    ("rule", "meaning"),
    [
        ("web3", "e883385fb0c7"),
        ("«white paper»", "39c94307380a"),
        ("title:«a b» OR ‹c›", "43a578179197"),
        ("〝元宇宙 方案〞", "2c028b24c03d"),
        ("@c", "b044aff24cf2"),
        ("x OR @c", "13bb29343218"),
        ('"AI 芯片" OR AI芯片', "51c06f24f576"),
        ("@starter/web3", "c9c1fe958daa"),
        ("cross-border -game", "15dc161554e7"),
        ("CASE(Ürümqi)", "9dd94dbf33c7"),
    ],
)
def test_a_rule_means_to_the_database_what_it_meant_before(rule: str, meaning: str) -> None:
    concepts = {"c": ["«white paper»", "white paper", "互联网3.0", "互联网 3.0", "Café", "Cafe"]}
    assert compile_rules({"r": rule}, concepts).meanings["r"][:12] == meaning
