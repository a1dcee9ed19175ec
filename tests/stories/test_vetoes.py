"""What keeps two articles apart: other words, names and numbers in the same place, another stage, another title."""

from __future__ import annotations

import numpy as np
import pytest

from monitor.stories.passages import passages
from monitor.stories.vetoes import Veto, share_title, stage_veto, text_veto, title_veto
from tests.stories.articles import CHINESE, ENGLISH, HARBOUR, LAKE


def of_titles(earlier: str, later: str, text: str = "") -> str:
    return str(title_veto(earlier, later, later_text=passages(text)) or "")


def of_texts(earlier: str, later: str) -> str:
    text = passages(later)
    return str(text_veto(passages(earlier), text, np.ones(len(text.words), dtype=np.bool_)) or "")


# --- titles


@pytest.mark.parametrize(
    ("earlier", "later", "words"),
    [
        ("Notice of public bidding No. 12", "Notice of public bidding No. 13", "“12” / “13”"),
        ("Earthquake hits northern Chile", "Earthquake hits southern Peru", "“northern chile” / “southern peru”"),
        ("关于公布渝北区示范企业名单的通知", "关于公布巴南区示范企业名单的通知", "“渝北” / “巴南”"),
        ("东湖治理工程公告", "东湖治理工程公告（二）", "nothing / “二”"),
        ("东湖治理工程公告（一）", "东湖治理工程公告", "“一” / nothing"),
        ("森林公园冬季开放的公告", "森林公园冬季暂不开放的公告", "a denial: nothing / “暂不”"),
        ("Concert in the castle park", "Concert in the castle park cancelled", "another stage"),
        ("Report on the state of the lake", "Report on the state of the bay", "“lake” / “bay”"),
    ],
)
def test_titles_alike_but_for_one_part_are_of_two_articles(earlier: str, later: str, words: str) -> None:
    assert words in of_titles(earlier, later)


@pytest.mark.parametrize(
    ("earlier", "later"),
    [
        ("Council builds ferry terminal", "COUNCIL BUILDS: ferry terminal!"),
        ("Council builds ferry terminal", "Breaking: Council builds ferry terminal"),
        ("东湖治理工程开工", "最新：東湖治理工程開工"),
        ("Council builds ferry terminal", "Fishermen fear larger ships"),
        ("", "Council builds ferry terminal"),
        ("Council builds the ferry terminal", "Council builds a ferry terminal"),
    ],
)
def test_other_titles_say_nothing(earlier: str, later: str) -> None:
    assert of_titles(earlier, later) == ""


def test_a_headline_was_edited_if_the_text_still_has_its_words() -> None:
    assert of_titles("Council plans new ferry terminal", "Council builds new ferry terminal", "It plans a hall.") == ""
    assert of_titles("Two held after fire in the old port", "Held after fire in the old port", "Two were held.") == ""
    assert of_titles("Quay 4 of the old port closes", "Quay 5 of the old port closes", "Quay 4 and 5") != ""


def test_titles_share_half_of_the_words_of_the_shorter() -> None:
    assert share_title("Council builds ferry terminal", "A ferry terminal")
    assert not share_title("Council builds ferry terminal", "Herring at risk, fishermen say")


# --- stages


def stages(earlier: tuple[str, str], later: tuple[str, str]) -> Veto | None:
    return stage_veto((earlier[0], passages(earlier[1])), (later[0], passages(later[1])))


def test_another_stage_is_another_announcement() -> None:
    draft, final = "《户外广告管理办法（征求意见稿）》公开征求意见", "关于印发《户外广告管理办法》的通知"
    assert stages((draft, LAKE[0]), (final, LAKE[0])) == Veto("another stage", draft, "")
    assert stages((final, LAKE[0]), (draft, LAKE[0])) == Veto("another stage", "", draft)


def test_a_stage_that_the_other_text_names_too_is_the_same() -> None:
    assert stages(("Nordlys wins", "The results are out."), ("Results of the race", "The results are out.")) is None
    assert stages(("Results of the race", "The results"), ("The race", "The results are out.")) is None


def test_an_abridgement_under_a_wholly_other_title_may_have_lost_the_word() -> None:
    assert stages(("Results of the race", "Out."), ("What we know so far", "It rained.")) is None


# --- texts


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("40 million", "50 million", "“40” / “50”"),
        ("in spring", "in autumn", "“spring” / “autumn”"),
        ("two years", "three years", "“two” / “three”"),
        ("eastern quay", "western quay", "“eastern” / “western”"),
        ("found no risk", "found a risk", "a denial in the same sentence: “no” / “a”"),
        ("The harbour council", "The city of Elmouth", "the same sentence with other words"),
        ("for the nets", "for the boats", "“nets” / “boats”"),
    ],
)
def test_other_words_in_the_same_place_are_a_veto(old: str, new: str, words: str) -> None:
    assert words in of_texts(ENGLISH, ENGLISH.replace(old, new))


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("四亿元", "五亿元", "“四” / “五”"),
        ("东湖", "西湖", "“东” / “西”"),
        ("明年夏天", "后年夏天", "“明” / “后”"),
        ("能够得到补偿", "不能够得到补偿", "nothing / “不”"),
    ],
)
def test_other_characters_in_the_same_place_are_a_veto(old: str, new: str, words: str) -> None:
    assert words in of_texts(CHINESE, CHINESE.replace(old, new))


def test_a_number_that_the_earlier_text_has_elsewhere_is_another_one_here() -> None:
    one = "A ticket costs 5 euros from January on. The sauna costs 6 euros in addition. Families pay 14 euros."
    assert "“5” / “6”" in of_texts(one, one.replace("5 euros", "6 euros"))


@pytest.mark.parametrize(
    "later",
    [
        ENGLISH,
        f"Here is what our partners report: {ENGLISH}",
        f"{ENGLISH}\nSign up for our free newsletter and never miss a story.",
        " ".join(HARBOUR[::2]),
        ENGLISH.replace("council will spend", "council would spend"),
        ENGLISH.replace(". ", ".\nRead also: Gulls\n", 1),
        ENGLISH[:150],
        " ".join(HARBOUR[3:] + HARBOUR[:3]),
        ENGLISH.replace("burned down", "burneddown"),
        ENGLISH.replace("two years", "twoyears"),
    ],
)
def test_additions_omissions_and_little_words_are_none(later: str) -> None:
    assert of_texts(ENGLISH, later) == ""


def test_a_clause_and_its_participle_say_the_same_and_other_endings_may_say_when() -> None:
    said = "Grants go to firms that work on digital identity, and the board decides in spring."
    assert of_texts(said, said.replace("that work", "working")) == ""
    assert of_texts(said.replace("that work", "working"), said) == ""
    assert "works" in of_texts(said, said.replace("that work", "works"))
    assert "decided" in of_texts(said, said.replace("decides", "decided"))


@pytest.mark.parametrize(
    ("said", "date", "day"),
    [
        ("The city opened its new fund {} in the old town hall, officials said.", "on Monday", "today"),
        ("The city opened its new fund {} in the old town hall, officials said.", "on 20 November", "this morning"),
        ("青江市{}宣布设立八亿元湖区生态基金，支持沿湖企业改造排污设施。", "11月20日", "昨日"),
        ("青江市{}宣布设立八亿元湖区生态基金，支持沿湖企业改造排污设施。", "周三", "今天"),
    ],
)
def test_a_date_and_a_word_such_as_today_may_be_one_day(said: str, date: str, day: str) -> None:
    assert of_texts(said.format(date), said.format(day)) == ""


def test_a_date_that_is_added_is_a_figure_more() -> None:
    said = "The city opened its new fund {} in the old town hall, officials said."
    assert of_texts(said.format("today"), said.format("on Monday")) == ""
    assert "20" in of_texts(said.format("today"), said.format("on 20 November"))


def test_two_dates_are_two_days() -> None:
    said = "The city opened its new fund {} in the old town hall, officials said."
    assert "tuesday" in of_texts(said.format("on Monday"), said.format("on Tuesday"))
    assert "yesterday" in of_texts(said.format("today"), said.format("yesterday"))


def test_a_denial_more_is_a_veto() -> None:
    never = ENGLISH.replace("the larger ships will disturb", "the larger ships will never disturb")
    assert "nothing / “never”" in of_texts(ENGLISH, never)
    also = ("Fishermen fear", "Fishermen also fear")
    assert of_texts(ENGLISH, ENGLISH.replace(*also)) == ""
    assert "a denial in the same sentence: nothing / “never”" in of_texts(ENGLISH, never.replace(*also))


def test_a_sentence_with_a_new_figure_is_a_veto_and_boilerplate_is_none() -> None:
    more = f"{ENGLISH} Tickets will cost 17 euros."
    assert "numbers that the earlier one lacks: nothing / “tickets will cost 17 euros”" in of_texts(ENGLISH, more)
    later = passages(more)
    own = np.array([sentence < len(HARBOUR) for sentence in later.sentence_of], dtype=np.bool_)
    assert text_veto(passages(ENGLISH), later, own) is None


@pytest.mark.parametrize("added", ["Two million euros are left for nets.", "另有三亿元用于湖边公园。"])
def test_an_amount_in_words_is_a_figure_too(added: str) -> None:
    text = ENGLISH if added.isascii() else CHINESE
    assert "numbers that the earlier one lacks" in of_texts(text, f"{text} {added}")
    assert of_texts(f"{text} {added}", f"{text} {added}") == ""


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("on a new ferry terminal", "on a new shipyard and ferry terminal"),
        ("首期工程包括清淤、截污和湿地修复", "首期工程包括清淤、截污、新建码头和湿地修复"),
    ],
)
def test_words_added_within_a_sentence_are_a_veto(old: str, new: str) -> None:
    text = ENGLISH if old.isascii() else CHINESE
    assert "words added within a sentence: nothing / " in of_texts(text, text.replace(old, new))
    assert "words added" not in of_texts(text.replace(old, new), text)


def test_a_replaced_passage_is_a_veto_however_long() -> None:
    long = " ".join(f"word{number}" for number in range(700))
    other = " ".join(f"term{number}" for number in range(700))
    one, two = (f"{HARBOUR[0]} {middle} {HARBOUR[2]}" for middle in (long, other))
    assert "the same sentence with" in of_texts(one, two)


def test_a_reason_shows_no_more_than_a_line_of_each() -> None:
    assert str(Veto("another title", "a" * 500, "")) == f"another title: “{'a' * 59}…” / nothing"
    assert str(Veto("another title")) == "another title"
