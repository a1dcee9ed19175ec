"""Tags that are never closed: what a browser shows as rows is read as rows."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from selenium import webdriver
from selenium.webdriver.chrome.service import Service

from monitor import sources
from monitor.sources.page.document import parse_tree
from monitor.sources.page.unclosed import close_tags, is_tangled
from tests.sources.page.shapes import BASE, NOW

TYPES = ("<font size=-1>", "<b>", "<font size=2><b>", "<i>", "<font face=arial><font size=-1>", "")
SEED = 7
ARGUMENTS = ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run"]
ROWS = """
return [...document.querySelectorAll('a[href]')].filter(a => a.textContent.trim()).map(a => {
  const row = a.closest('tr, li, dl, p');
  return [a.getAttribute('href'), row ? row.textContent.replace(/\\s+/g, ' ').trim() : ''];
});
"""


def page(rnd: random.Random, count: int) -> str:
    """Return a list of the nineties: its cells or items, its type and now and then its rows are never closed."""
    kind = rnd.choice(("table", "table", "list", "paragraphs"))
    kept, row_end = rnd.choice(TYPES), rnd.choice(("", "", "</TR>"))
    empty = rnd.random() < 0.5
    rows = ""
    for number in range(count):
        link = f"<A HREF=/notices/{number}.pdf>Order about pump station {number}</A>"
        broken = f"<A HREF=/notices/<TD>{kept}" if empty and kind == "table" else ""
        date = f"2026-11-{20 - number:02}"
        if kind == "table":
            rows += f"<TR><TD>{kept}{broken}{link}<TD>{kept}{date}<TD>{kept}Water board{row_end}\n"
        else:
            rows += f"<{'LI' if kind == 'list' else 'P'}>{kept}{link} {date}\n"
    around = {"table": "<TABLE>{}</TABLE>", "list": "<UL>{}</UL>", "paragraphs": "<DIV>{}</DIV>"}[kind]
    return f"<HTML><BODY><H2>Notices</H2>{around.format(rows)}</BODY></HTML>"


@pytest.mark.parametrize("number", range(24))
def test_rows_that_are_never_closed_are_rows(number: int) -> None:
    rnd = random.Random(SEED + number)
    count = rnd.randint(2, 12)
    entries = sources.read(page(rnd, count).encode(), url=BASE, kind="page", now=NOW, timezone="UTC").entries
    assert [entry.url for entry in entries] == [f"https://gov.example.org/notices/{n}.pdf" for n in range(count)]
    assert [entry.title for entry in entries] == [f"Order about pump station {n}" for n in range(count)]
    assert [entry.published and entry.published.at.day for entry in entries] == [20 - n for n in range(count)]


def test_the_way_home_above_a_list_is_no_entry() -> None:
    rows = "".join(
        f"<TR><TD><FONT><A HREF=/n{n}.pdf>{n}/26</A><TD><FONT>2026-11-1{n}<TD>Order {n} about pumps" for n in range(4)
    )
    head = (
        "<TABLE><TR><TD><A HREF=/index.html><IMG SRC=/l.gif ALT=HOME></A></TD><TD><H2>Notices of 2026</TD></TR></TABLE>"
    )
    markup = f"{head}<HR><TABLE>{rows}</TABLE>"
    reading = sources.read(markup.encode(), url=BASE, kind="page", now=NOW, timezone="UTC")
    assert [entry.url for entry in reading.entries] == [f"https://gov.example.org/n{n}.pdf" for n in range(4)]


def test_a_thousand_rows_that_are_never_closed_are_rows() -> None:
    rows = "".join(
        f"<TR><TD><FONT><A HREF=/n{n}.pdf>Order about pump station {n}</A><TD><FONT>2026-11-{n % 20 + 1:02}"
        for n in range(1000)
    )
    reading = sources.read(f"<TABLE>{rows}</TABLE>".encode(), url=BASE, kind="page", now=NOW, timezone="UTC")
    assert len(reading.entries) == 1000


@pytest.mark.parametrize(
    ("markup", "closed"),
    [
        ("<ul><li><b>x<li><b>y</ul>", "<ul><li><b>x</b></li><li><b>y</b></li></ul>"),
        ("<table><tr><td><b>x<tr><td>y</table>", "<table><tr><td><b>x</b></td></tr><tr><td>y</td></tr></table>"),
        ("<table><td>x</table>", "<table><tr><td>x</td></tr></table>"),
        ("<a href=1>x<font><a href=2>y</a>", "<a href=1>x<font></font></a><font><a href=2>y</a>"),
        ("<p><b>x<p>y", "<p><b>x</b></p><p>y"),
        ("<!-- <td> --><td><script>'<td>'</script>", "<!-- <td> --><td><script>'<td>'</script>"),
        ("<table><tr><td><ul><li>x</ul><td>y", "<table><tr><td><ul><li>x</li></ul></td><td>y"),
    ],
)
def test_tags_are_closed_where_a_browser_ends_the_element(markup: str, closed: str) -> None:
    assert close_tags(markup) == closed


def test_what_is_closed_stays_as_it_is() -> None:
    markup = "<table><tr><td><b>x</b></td></tr></table><ul><li><a href=1>y</a></li></ul><p>z</p>"
    assert close_tags(markup) == markup
    root = parse_tree(markup)
    assert root is not None
    assert not is_tangled(root)


@pytest.mark.parametrize(
    "piece", ["<td>", "<a href=1><font>", "<b>", "<li><b>", "<!--", "<script>", '<a href="', "</a>"]
)
def test_hostile_tags_are_closed_in_time(piece: str) -> None:
    assert len(close_tags(piece * 100_000)) < 20_000_000


@pytest.fixture(scope="module")
def driver(chromium: tuple[str, str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[webdriver.Chrome]:
    options = webdriver.ChromeOptions()
    options.binary_location = chromium[0]
    for argument in (*ARGUMENTS, f"--user-data-dir={tmp_path_factory.mktemp('profile')}"):
        options.add_argument(argument)
    browser = webdriver.Chrome(options=options, service=Service(chromium[1]))
    yield browser
    browser.quit()


@pytest.mark.browser
@pytest.mark.slow
def test_rows_are_those_that_a_browser_makes(driver: webdriver.Chrome, tmp_path: Path) -> None:
    for number in range(40):
        rnd = random.Random(100 + number)
        markup = page(rnd, rnd.randint(2, 12))
        path = tmp_path / f"{number}.html"
        path.write_text(markup, encoding="utf-8")
        driver.get(f"file://{quote(str(path))}")
        shown = driver.execute_script(ROWS)
        root = parse_tree(markup)
        assert root is not None
        read = []
        for link in root.iter("a"):
            if link.get("href") and str(link.text_content()).strip():
                row = next(parent for parent in link.iterancestors() if parent.tag in ("tr", "li", "dl", "p"))
                read.append([link.get("href"), " ".join(str(row.text_content()).split())])
        assert read == shown
