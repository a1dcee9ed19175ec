"""Count the real documents that are taken for a wall, and what looking at one costs.

usage: python benchmarks/walls.py FOLDER [FOLDER …]

Every HTML, XML and JSON file below the folders, also within gzip, is an answer with the status 200: pages where a page
was asked for, the rest where a feed was. They are content, so each that is named is a mistake, and the end is 1.
"""

from __future__ import annotations

import gzip
import statistics
import sys
import time
from argparse import ArgumentParser
from collections.abc import Iterator
from pathlib import Path

from monitor.text.walls import FEED, recognise

PAGES = frozenset({".html", ".htm", ".shtml", ".aspx", ".php", ".gz", ""})
OTHERS = frozenset({".xml", ".rss", ".atom", ".rdf", ".json"})


def documents(folders: list[Path]) -> Iterator[tuple[Path, bytes]]:
    """Yield the files that a server might have sent."""
    for path in sorted(path for folder in folders for path in folder.rglob("*")):
        if path.is_file() and path.suffix.lower() in PAGES | OTHERS:
            body = path.read_bytes()
            yield path, gzip.decompress(body) if body.startswith(b"\x1f\x8b") else body


def main() -> None:
    """Look at each, and print the figures."""
    parser = ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("folders", nargs="+", type=Path)
    seconds: list[float] = []
    mistakes = pages = 0
    for path, body in documents(parser.parse_args().folders):
        is_page = b"<html" in body[:4096].lower() or b"<!doctype html" in body[:4096].lower()
        pages += is_page
        begin = time.process_time()
        wall = None if FEED.match(body, 0, 4096) else recognise(200, (), body, page_wanted=is_page)
        seconds.append(time.process_time() - begin)
        if wall is not None:
            mistakes += 1
            print(f"{path}: {wall.name}: {wall.shown_text}")
    slowest, usual = max(seconds) * 1000, statistics.median(seconds) * 1000
    print(f"{len(seconds)} documents, {pages} of them pages: {mistakes} taken for walls")
    print(f"{usual:.2f} ms each (median), {sum(seconds) / len(seconds) * 1000:.2f} ms (mean), {slowest:.1f} ms at most")
    sys.exit(1 if mistakes else 0)


if __name__ == "__main__":
    main()
