"""Whether a later article says nothing but what an earlier one says already."""

from __future__ import annotations

import dataclasses

import pytest

from monitor.model.fingerprints import MIN_BOILERPLATE_ARTICLES, EarlierArticle
from monitor.stories import MemoryIndex, NearVerdict, read_article, site_of
from monitor.stories.near import MIN_SHARE, MIN_SHARE_SAME_ORIGIN, MIN_SHARE_STRICT, near_verdict
from monitor.stories.passages import passages
from tests.stories.articles import CHINESE, ENGLISH, HARBOUR, LAKE, article, earlier, later

TITLE = "Council builds ferry terminal"
OTHERS = (
    "Gulls have learned to open the lids of bins, a teacher writes.",
    "Her pupils watched a pair of them for a whole week from the window.",
    "The birds work together, and the older one keeps a look out.",
    "Nobody in the class had seen anything like it before.",
)


def verdict(text: str, title: str = TITLE, *, old: str = ENGLISH, origin: str | None = None) -> NearVerdict:
    return near_verdict(later(title, text, origin=origin), earlier(TITLE, old))


def test_an_abridgement_is_a_near_copy() -> None:
    near = verdict(" ".join(HARBOUR[:3]))
    assert near.is_near_copy
    assert near.share == 1.0
    assert near.reason == "100% of its text is in https://agency.example/1"


def test_an_article_that_adds_half_of_its_text_is_none() -> None:
    near = verdict(" ".join(HARBOUR[:2] + OTHERS))
    assert not near.is_near_copy
    assert near.veto is None
    assert near.reason.endswith("less than 65%")


def test_what_counts_is_the_later_text() -> None:
    assert not near_verdict(later(TITLE, ENGLISH), earlier(TITLE, HARBOUR[0])).is_near_copy


def test_a_veto_keeps_apart_and_says_its_words() -> None:
    near = verdict(ENGLISH.replace("40 million", "50 million"))
    assert not near.is_near_copy
    assert near.share > MIN_SHARE
    assert near.reason.endswith("but the same sentence with other numbers or a denial: “40” / “50”")


def test_traditional_is_simplified() -> None:
    traditional = LAKE[0].replace("东", "東").replace("将投资", "將投資").replace("亿", "億").replace("质", "質")
    assert near_verdict(later("東湖", traditional + CHINESE), earlier("东湖", CHINESE)).is_near_copy


@pytest.mark.parametrize("origin", ["Agency", "AGENCY"])
def test_an_article_that_names_the_other_as_its_source_needs_less(origin: str) -> None:
    text = " ".join(HARBOUR[:3] + OTHERS[:2])
    assert MIN_SHARE_SAME_ORIGIN < verdict(text).share < MIN_SHARE
    assert not verdict(text).is_near_copy
    assert verdict(text, origin=origin).is_near_copy
    assert not verdict(text, origin="Herald").is_near_copy


def test_two_that_name_the_same_source_need_less() -> None:
    old = dataclasses.replace(earlier(TITLE, ENGLISH).fingerprint, origin="xinhua")
    text = " ".join(HARBOUR[:3] + OTHERS[:2])
    known = dataclasses.replace(earlier(TITLE, ENGLISH), fingerprint=old)
    assert near_verdict(later(TITLE, text, origin="Xinhua"), known).is_near_copy


def test_no_source_overrules_a_veto() -> None:
    assert not verdict(ENGLISH.replace("40 million", "50 million"), origin="Agency").is_near_copy


def test_a_short_text_has_to_be_contained_nearly_whole() -> None:
    assert verdict(HARBOUR[0]).is_near_copy
    assert verdict(HARBOUR[0]).needed_share == MIN_SHARE_STRICT
    assert not verdict(f"{HARBOUR[0]} Gulls like it.").is_near_copy


def test_a_short_text_needs_a_title_of_the_article_or_of_its_text() -> None:
    assert "a short text with another title" in verdict(HARBOUR[0], "Read the whole story on our site").reason
    assert verdict(HARBOUR[0], "Passengers will wait under a roof").is_near_copy


@pytest.mark.parametrize("text", ["", "Read more.", "…"])
def test_a_text_that_says_hardly_anything_is_a_copy_of_none(text: str) -> None:
    assert not verdict(text, old=text + ENGLISH).is_near_copy


def test_a_site_does_not_reprint_itself_under_another_title() -> None:
    known = earlier(TITLE, ENGLISH)
    assert near_verdict(later(TITLE, ENGLISH, "Agency"), known).is_near_copy
    other = near_verdict(later("Herring at risk", ENGLISH, "Agency"), known)
    assert not other.is_near_copy
    assert "the same site with another title" in other.reason


@pytest.mark.parametrize("name", [" - Daily Wire", " | Daily Wire", "_新华网", " — Agency"])
def test_a_site_that_gathers_reports_names_their_outlets(name: str) -> None:
    assert near_verdict(later(f"{TITLE}{name}", ENGLISH, "Agency"), earlier(TITLE, ENGLISH, "Agency")).is_near_copy


@pytest.mark.parametrize("more", [" - Lot 2", " - part II: the western quay", " and cinema", "-level talks go on"])
def test_what_else_is_behind_a_title_makes_another_one(more: str) -> None:
    assert not near_verdict(later(f"{TITLE}{more}", ENGLISH, "Agency"), earlier(TITLE, ENGLISH, "Agency")).is_near_copy


def test_a_site_without_a_name_is_its_host() -> None:
    assert site_of(article("T", "t", "", url="https://WWW.Agency.example/1")) == "www.agency.example"
    assert site_of(article("T", "t", "青江日報")) == "青江日报"


def test_boilerplate_counts_neither_for_nor_against() -> None:
    index = MemoryIndex()
    frame = " ".join(OTHERS)
    for _ in range(MIN_BOILERPLATE_ARTICLES):
        index.count_article("post", passages(frame).sentences)
    framed = article(TITLE, f"{frame} {HARBOUR[0]} {HARBOUR[1]}")
    assert near_verdict(read_article(framed, index), earlier(TITLE, ENGLISH)).share == 1.0
    assert not near_verdict(later(TITLE, framed.text), earlier(TITLE, ENGLISH)).is_near_copy
    only = article(TITLE, frame)
    assert not near_verdict(read_article(only, index), earlier(TITLE, f"{ENGLISH} {frame}")).is_near_copy


# --- where only the fingerprint of the earlier article is left


def kept(title: str = TITLE, text: str = ENGLISH) -> EarlierArticle:
    return dataclasses.replace(earlier(title, text), text=None)


def test_a_fingerprint_decides_by_whole_sentences() -> None:
    near = near_verdict(later(TITLE, " ".join(HARBOUR[1:])), kept())
    assert near.is_near_copy
    assert near.needed_share == MIN_SHARE_STRICT


def test_a_fingerprint_needs_nearly_all_of_the_text() -> None:
    near = near_verdict(later(TITLE, " ".join(HARBOUR[:4] + OTHERS[:1])), kept())
    assert MIN_SHARE < near.share < MIN_SHARE_STRICT
    assert not near.is_near_copy
    assert verdict(" ".join(HARBOUR[:4] + OTHERS[:1])).is_near_copy


def test_a_sentence_with_numbers_that_a_fingerprint_lacks_is_a_veto() -> None:
    text = "\n".join([f"Section {letter} of the report on the harbour and its cranes" for letter in "abcdefghjklm"])
    near = near_verdict(later(TITLE, f"{text}\nThe cranes cost 12 million euros"), kept(text=f"{text}\n{HARBOUR[1]}"))
    assert near.share > MIN_SHARE_STRICT
    assert "a sentence with numbers" in near.reason


def test_a_fingerprint_of_a_long_text_says_what_it_can() -> None:
    """It has the smallest hashes, and says nothing about larger ones."""
    sentences = [f"Paragraph {number} of the report describes crane {number} in detail" for number in range(60)]
    assert near_verdict(later(TITLE, "\n".join(sentences[:40])), kept(text="\n".join(sentences))).is_near_copy
    others = [f"Chapter {number} of the book tells how ship {number} went down" for number in range(60)]
    assert not near_verdict(later(TITLE, "\n".join(others)), kept(text="\n".join(sentences))).is_near_copy


def test_titles_stages_and_sites_veto_as_before() -> None:
    text = " ".join(HARBOUR[1:3])
    assert not near_verdict(
        later("Council builds ferry terminal 2", text), kept("Council builds ferry terminal 1")
    ).is_near_copy
    assert not near_verdict(later("Herring at risk", text, "Agency"), kept()).is_near_copy
    assert not near_verdict(later("Correction: herring is fine", text), kept()).is_near_copy


def test_a_fingerprint_without_sentences_decides_nothing() -> None:
    assert not near_verdict(later(TITLE, ENGLISH), kept(text="")).is_near_copy
