"""The table of rarities: shipped, the same on every machine, refined by counts of an archive."""

from __future__ import annotations

from importlib import resources

import pytest

from monitor.stories.idf import ExtraCounts, idf
from monitor.stories.terms import stem, term_code

TABLE = resources.files("monitor.stories").joinpath("idf.tsv.gz")


def test_small_words_say_nothing_and_names_say_much() -> None:
    assert idf("the") < idf("government") < idf(stem("metaverse"))
    assert idf("我们") < idf("区块")
    assert idf("the") == 0.0


def test_a_word_that_the_table_lacks_is_rarer_than_all_of_it() -> None:
    assert idf("xyzzyqua") > idf("quad")
    assert idf("龘龘") > idf("倾听")


def test_an_archive_that_is_full_of_a_word_makes_it_usual() -> None:
    counts = ExtraCounts(5_000, {term_code("stablecoin"): 2_500})
    assert idf("stablecoin", counts) < 1 < idf("stablecoin")


def test_an_archive_that_lacks_a_usual_word_makes_it_rarer() -> None:
    assert idf("government", ExtraCounts(5_000, {})) > idf("government")


def test_counts_of_no_documents_change_nothing() -> None:
    assert idf("bank", ExtraCounts(0, {})) == pytest.approx(idf("bank"))


def test_the_table_is_small_and_names_its_sources() -> None:
    assert len(TABLE.read_bytes()) < 150_000
    notice = resources.files("monitor.stories").joinpath("tables.LICENSE.txt").read_text("utf-8")
    assert all(name in notice for name in ("symspellpy", "jieba", "pypinyin", "MIT"))
