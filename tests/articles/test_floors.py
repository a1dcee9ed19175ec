"""Figures on labelled pages, where they are at hand: they may only rise."""

from __future__ import annotations

import datetime as dt
import gzip
import json
from pathlib import Path

import pytest

from monitor.articles.page import extract

NOW = dt.datetime(2026, 11, 21, 4, tzinfo=dt.UTC)
FOLDER = Path(__file__).parents[2].parent / "shared" / "data" / "dates-htmldate"

pytestmark = [pytest.mark.slow, pytest.mark.skipif(not FOLDER.is_dir(), reason="the labelled pages are not here")]


def test_publication_days_of_whole_pages() -> None:
    labels = json.loads((FOLDER / "eval_default.json").read_text(encoding="utf-8"))
    pages = {url: (FOLDER / "pages" / f"{label['file']}.gz", label["date"]) for url, label in labels.items()}
    found = []
    for url, (path, day) in pages.items():
        if path.exists():
            article = extract(gzip.decompress(path.read_bytes()), url=url, now=NOW)
            found.append(article.published is not None and article.published.at.date().isoformat() == day)
    assert sum(found) / len(found) >= 0.91
