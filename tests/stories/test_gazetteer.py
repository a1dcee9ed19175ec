"""The gazetteer: one name for a thing in both languages, places within places, stages of a matter."""

from __future__ import annotations

import pytest

from monitor.stories.gazetteer import NamedThing, find_named, places_around
from monitor.stories.terms import terms_of


def names(text: str) -> set[str]:
    return {named.name for named in find_named(terms_of(text))}


@pytest.mark.parametrize(
    ("english", "chinese", "name"),
    [
        ("Hong Kong issues", "香港發出", "hongkong"),
        ("the Cyberspace Administration said", "国家网信办表示", "cac"),
        ("stablecoins", "稳定币", "stablecoin"),
        ("white papers were released", "发布白皮书", "whitepaper"),
        ("the forum closes", "论坛闭幕", "meeting.closes"),
        ("a draft for public comment", "公开征求意见", "law.draft"),
        ("Chongqing", "重慶市", "chongqing"),
    ],
)
def test_a_thing_has_one_name_in_both_languages(english: str, chinese: str, name: str) -> None:
    assert name in names(english)
    assert name in names(chinese)


def test_a_form_of_several_words_needs_all_of_them_in_order() -> None:
    assert "hongkong" not in names("Kong of Hong")
    assert "northkorea" not in names("South Korea")


def test_a_place_is_within_the_places_around_it() -> None:
    assert places_around("liangjiang") == {"liangjiang", "chongqing", "china"}
    assert places_around("china") == {"china"}
    assert places_around("") == frozenset()


def test_a_stage_belongs_to_a_ladder() -> None:
    assert NamedThing("stage", "law.draft").process == "law"
