"""A text as it is compared: the same words and hashes whatever the typography, the process or the platform."""

from __future__ import annotations

import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.stories.passages import RUN_LENGTH, passages, sentence_hash, to_signed
from tests.stories.articles import CHINESE, ENGLISH, HARBOUR


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("治理东湖水质。", "治理東湖水質｡"),
        ("ＡＢＣ１２３", "abc123"),
        ("“Quoted” — text", '"quoted" - text'),
        ("1,200 euros", "1200 euros"),
        ("下拨５００万元，用于建设", "下拨500万元,用于建设"),
    ],
)
def test_typography_does_not_matter(one: str, other: str) -> None:
    assert passages(one).words == passages(other).words
    assert passages(one).sentences == passages(other).sentences


def test_sentences_end_at_marks_and_line_ends() -> None:
    text = "Tender No. 12 of J. Smith was 3.5 million. It ended!\nNext line；第二句。第三句"
    words = passages(text).words
    assert ["".join(words[first:end]) for first, end in passages(text).bounds] == [
        "tenderno12ofjsmithwas3.5million",
        "itended",
        "nextline",
        "第二句",
        "第三句",
    ]


def test_a_chinese_character_weighs_as_much_as_two_and_a_half_letters() -> None:
    assert passages("东湖 lake").weight == 2 * 2.5 + 4


def test_no_text_has_no_passages() -> None:
    empty = passages(" …\n。")
    assert (empty.words, empty.sentences, empty.weight, len(empty.runs)) == ((), (), 0.0, 0)
    assert not passages("some words").covered_by(empty).any()
    assert len(empty.covered_by(passages("some words"))) == 0


def test_a_part_of_a_text_is_covered_by_it() -> None:
    part = passages(" ".join(HARBOUR[1:3]))
    assert part.covered_by(passages(ENGLISH)).all()
    assert not part.covered_by(passages(CHINESE)).any()


def test_one_other_word_uncovers_one_word() -> None:
    changed = passages(ENGLISH.replace("brick", "stone"))
    covered = changed.covered_by(passages(ENGLISH))
    assert [word for word, known in zip(changed.words, covered, strict=True) if not known] == ["stone"]


def test_a_sentence_shorter_than_a_run_is_covered_as_a_whole() -> None:
    one, other = passages("Read this.\nMore follows here today."), passages("Something else.\nRead this.")
    assert other.covered_by(one).tolist() == [False, False, True, True]


def test_hashes_are_signed_numbers_of_64_bits() -> None:
    assert sentence_hash("a") == 4_681_665_781_835_383_343, "what databases hold stays comparable"
    assert (to_signed(0), to_signed(2**63 - 1), to_signed(2**63), to_signed(2**64 - 1)) == (0, 2**63 - 1, -(2**63), -1)


def test_hashes_are_the_same_in_another_process() -> None:
    code = (
        "from monitor.stories.passages import passages; p = passages('Eins zwei drei vier fünf. 东湖水质');"
        "print(p.sentences, p.runs.tolist())"
    )
    made = subprocess.run(
        [sys.executable, "-c", code], check=True, capture_output=True, text=True, env={"PYTHONHASHSEED": "7"}
    )
    here = passages("Eins zwei drei vier fünf. 东湖水质")
    assert made.stdout.strip() == f"{here.sentences} {here.runs.tolist()}"


@given(st.text())
def test_any_text_covers_itself(text: str) -> None:
    made = passages(text)
    assert made.covered_by(made).all()
    assert made.starts[-1] == len(made.words)
    assert len(made.runs) == (len(made.words) - min(RUN_LENGTH, len(made.words)) + 1 if made.words else 0)
