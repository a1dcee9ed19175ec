"""Pages as they really were: what is found in them, held above a floor. Labels are those of whoever collected them."""

from __future__ import annotations

import datetime as dt
import gzip
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from monitor import sources
from monitor.model import Entry

pytestmark = pytest.mark.slow

NOW = dt.datetime(2026, 11, 21, 4, 0, tzinfo=dt.UTC)
FEWEST = 3
RECALL, PRECISION, DATED = 0.92, 0.87, 0.94
ARTICLES = 0.5


def name(url: str) -> str:
    return url.partition("#")[0].rstrip("/").split("/")[-1]


def labelled(folder: Path) -> Iterator[tuple[dict[str, Entry], dict[str, Any]]]:
    """Yield what is read from each page, by the last part of the address, and what it is known to list."""
    for path in sorted((folder / "expected").glob("*.compare.json.gz")):
        page = folder / "pages" / path.name.replace(".compare.json.gz", ".html.gz")
        listed = {
            name(each["download_urls"]): each
            for each in json.loads(gzip.decompress(path.read_bytes()))
            if each.get("download_urls")
        }
        if page.exists() and len(listed) >= FEWEST:
            body = gzip.decompress(page.read_bytes())
            read = sources.read(body, url="https://127.0.0.1/", kind="page", now=NOW)
            yield {name(entry.url): entry for entry in read.entries}, listed


def test_lists_of_courts_are_found_without_selectors(shared_data: Callable[[str], Path]) -> None:
    recall, precision, dated = [], [], []
    for read, listed in labelled(shared_data("list-juriscraper")):
        found = read.keys() & listed.keys()
        recall.append(len(found) / len(listed))
        precision.append(len(found) / max(1, len(read)))
        days = {key: read[key].published for key in found}
        right = [key for key, day in days.items() if day and f"{day.at:%F}" == listed[key]["case_dates"]]
        dated += [len(right) / len(found)] if found else []
    assert sum(recall) / len(recall) >= RECALL
    assert sum(precision) / len(precision) >= PRECISION
    assert sum(dated) / len(dated) >= DATED


def test_a_list_with_years_of_the_republic_is_read(shared_data: Callable[[str], Path]) -> None:
    body = (shared_data("list-govcn-real") / "mnd_gov_tw" / "list_page.html").read_bytes()
    url = "https://www.mnd.gov.tw/news/plaactlist"
    entries = sources.read(body, url=url, kind="page", now=NOW, timezone="Asia/Taipei").entries
    assert [f"{entry.published.at:%F}" for entry in entries[:3] if entry.published] == [
        "2026-03-19", "2026-03-18", "2026-03-17",
    ]  # fmt: skip
    assert all(entry.title == "中共解放軍臺海周邊海、空域動態" for entry in entries)


def test_articles_are_mostly_not_taken_for_lists(shared_data: Callable[[str], Path]) -> None:
    """What is left has a list of other news next to its text."""
    pages = sorted((shared_data("extract-gne-cn") / "pages").glob("*/*.gz"))
    read = [
        sources.read(gzip.decompress(path.read_bytes()), url="https://127.0.0.1/a/1.html", kind="page", now=NOW)
        for path in pages[::2]
    ]
    assert sum(not reading.readable for reading in read) / len(read) >= ARTICLES
