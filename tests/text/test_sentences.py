"""The sentence around a term, as a reader would mark it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.text.sentences import sentence_at
from tests.support.growth import assert_grows_with_size


def around(text: str, term: str, limit: int = 300) -> str:
    at = text.index(term)
    start, end = sentence_at(text, at, at + len(term), limit)
    return text[start:end]


@pytest.mark.parametrize(
    ("text", "term", "expected"),
    [
        ("One. Two words. Three.", "words", "Two words."),
        ("One! Two? Three", "Two", "Two?"),
        ("Only this", "this", "Only this"),
        ("It began. Web 3.0 is here. It ends.", "Web 3.0", "Web 3.0 is here."),
        ("So. The Web 3.0 plan of Chongqing. End.", "plan", "The Web 3.0 plan of Chongqing."),
        ("Before. Mr. Smith met Dr. Jones. After.", "met", "Mr. Smith met Dr. Jones."),
        ("Before. The U.S. Senate met. After.", "met", "The U.S. Senate met."),
        ("He left the U.S. The Senate met.", "Senate", "The Senate met."),
        ("Before. J. R. Tolkien wrote. After.", "wrote", "J. R. Tolkien wrote."),
        ("Acme Inc. It grew.", "grew", "It grew."),
        ("Before. Acme Inc. Chief Bob left. After.", "left", "Acme Inc. Chief Bob left."),
        ("Before. See No. 5 and Fig. 2 there. After.", "there", "See No. 5 and Fig. 2 there."),
        ("He said no. Nobody left.", "left", "Nobody left."),
        ("On Oct. 6 he sat. Then he rose.", "sat", "On Oct. 6 he sat."),
        ("Tools, e.g. hammers, help. So do we.", "help", "Tools, e.g. hammers, help."),
        ("Yahoo! is a name. So is this.", "name", "Yahoo! is a name."),
        ("Wait... what is it? Fine.", "what", "Wait... what is it?"),
        ('He said "Go now." Then he went.', "went", "Then he went."),
        ('He said "Go now." Then he went.', "Go", 'He said "Go now."'),
        ("See example.com for more. Next.", "more", "See example.com for more."),
        ("The price is $3.50. Next.", "price", "The price is $3.50."),
        ("What?! Really.", "What", "What?!"),
        ("甲说话。乙发布元宇宙计划！丙问？丁", "元宇宙", "乙发布元宇宙计划！"),
        ("甲说话。乙发布元宇宙计划", "元宇宙", "乙发布元宇宙计划"),
        ("他说：“元宇宙来了。”大家鼓掌。", "元宇宙", "他说：“元宇宙来了。”"),
        ("他说：“元宇宙来了。”大家鼓掌。", "大家", "大家鼓掌。"),
        ("一是元宇宙；二是互联网3.0。", "元宇宙", "一是元宇宙；"),
        ("元宇宙……来了。", "来了", "来了。"),
        ('甲。"元宇宙"乙。', "元宇宙", '"元宇宙"乙。'),
        ("发展Web3.0，建设重庆。下一句。", "重庆", "发展Web3.0，建设重庆。"),
        ("It is Web3.重庆发布。", "重庆", "It is Web3.重庆发布。"),
        ("It is done.重庆发布。", "重庆", "重庆发布。"),
        ("标题\n  正文 Web3 内容  \n下一段", "Web3", "正文 Web3 内容"),
        ("One\r\nTwo words\r\nThree", "words", "Two words"),
        ("End.\nNext", "End", "End."),
        ("it rained all week. web3 is a concept.", "concept", "web3 is a concept."),
        ("the era of web3. metaverse is next", "metaverse", "metaverse is next"),
        ("approx. five plans", "five", "approx. five plans"),
        ("the govt. plan", "plan", "the govt. plan"),
        ("is it here? maybe", "maybe", "maybe"),
        ("the U.S. government", "government", "the U.S. government"),
        ("Calif. officials", "officials", "Calif. officials"),
        ("well... maybe", "maybe", "well... maybe"),
        ("see no. five", "five", "see no. five"),
    ],
)
def test_a_sentence_ends_where_a_reader_ends_it(text: str, term: str, expected: str) -> None:
    assert around(text, term) == expected


def test_a_span_over_two_sentences_gets_both() -> None:
    assert around("Zero. One here. Two there. Three.", "here. Two") == "One here. Two there."


def test_a_span_that_ends_with_the_end_mark_gets_no_more() -> None:
    assert around("One here. Two there.", "here.") == "One here."


def test_a_long_sentence_is_cut_between_words_around_the_span() -> None:
    cut = around("alpha beta gamma " * 50 + "target " + "delta epsilon " * 50, "target", 60)
    assert len(cut) <= 60
    assert set(cut.split()) <= {"alpha", "beta", "gamma", "target", "delta", "epsilon"}
    assert 15 < cut.index("target") < 45


def test_a_long_chinese_sentence_is_cut_to_the_limit() -> None:
    assert len(around("甲" * 500 + "元宇宙" + "乙" * 500, "元宇宙", 100)) == 100


def test_a_word_without_end_is_cut_anywhere() -> None:
    assert around("x" * 500 + "Web3" + "y" * 500, "Web3", 100) == "x" * 48 + "Web3" + "y" * 48


def test_what_one_side_does_not_need_the_other_gets() -> None:
    assert around("元宇宙" + "乙" * 500, "元宇宙", 100) == "元宇宙" + "乙" * 97
    assert around("甲" * 500 + "元宇宙", "元宇宙", 100) == "甲" * 97 + "元宇宙"


def test_a_span_longer_than_the_limit_is_itself_cut_between_words() -> None:
    text = "alpha beta gamma delta"
    assert sentence_at(text, 0, len(text), 12) == (0, 10)
    assert sentence_at("x" * 50, 0, 50, 12) == (0, 12)


def test_bounds_outside_the_text_are_brought_inside() -> None:
    assert sentence_at("", 0, 0) == (0, 0)
    assert sentence_at("abc", -5, 99) == (0, 3)
    assert sentence_at("abc", 3, 1) == (0, 3)


PIECES = st.lists(
    st.sampled_from([*"ab 。！？.!?\"'”’)\n 中", "U.S. ", "3.0", "Mr. ", "No. 5", "…", "; "]), max_size=60
)


@given(st.text() | PIECES.map("".join), st.integers(0, 80), st.integers(0, 20), st.integers(1, 60))
def test_the_sentence_holds_its_span_within_the_limit_and_has_no_blanks_around(
    text: str, start: int, length: int, limit: int
) -> None:
    start = min(start, len(text))
    end = min(start + length, len(text))
    first, last = sentence_at(text, start, end, limit)
    assert 0 <= first <= last <= len(text)
    assert last - first <= limit
    if end - start <= limit:
        assert first <= start
        assert end <= last
        assert first == start or not text[first].isspace()
        assert last == end or not text[last - 1].isspace()


@pytest.mark.parametrize("piece", ["a", ".", "。", '"', "U.S.", " ", "a.b"])
def test_the_cost_grows_with_the_limit_not_with_the_text(piece: str) -> None:
    def read(size: int) -> None:
        text = piece * (size // len(piece))
        for at in range(0, len(text), len(text) // 20):
            sentence_at(text, at, at + 3)

    assert_grows_with_size(read, 60_000)
