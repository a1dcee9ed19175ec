"""The page in a real browser: it fits a narrow screen and a wide one, and can be read in the light and in the dark."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from selenium import webdriver
from selenium.webdriver.chrome.service import Service

from monitor.channels.render import as_html
from monitor.model import Coverage, Edition

pytestmark = [pytest.mark.browser, pytest.mark.slow]

CONTRAST = 4.5
"""WCAG 2.2, 1.4.3 (AA): text against its background."""

SMALLEST = 14
"""Pixels of the smallest text."""

ARGUMENTS = [
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
    "--hide-scrollbars",
]

# Every visible piece of text: its colour, its background, and its size.
LOOK = """
const over = (top, below) => [0, 1, 2].map(i => top[i] * top[3] + below[i] * (1 - top[3])).concat(1);
const read = text => { const n = text.match(/[0-9.]+/g).map(Number); return n.length > 3 ? n : [...n, 1]; };
const ground = element => {
  const layers = [];
  for (let e = element; e; e = e.parentElement) layers.push(read(getComputedStyle(e).backgroundColor));
  return layers.reverse().reduce((below, top) => over(top, below), [255, 255, 255, 1]);
};
const light = color => {
  const linear = v => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4;
  const [r, g, b] = color.slice(0, 3).map(v => linear(v / 255));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
};
const found = [];
const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
while (walker.nextNode()) {
  const element = walker.currentNode.parentElement, text = walker.currentNode.data.trim();
  if (!text || !element.getClientRects().length) continue;
  const style = getComputedStyle(element), back = ground(element), front = over(read(style.color), back);
  const [high, low] = [light(front), light(back)].sort((a, b) => b - a);
  const box = element.getBoundingClientRect();
  found.push({text, contrast: (high + 0.05) / (low + 0.05), size: parseFloat(style.fontSize), left: box.left,
              right: box.right, ground: light(back)});
}
return {found, width: document.documentElement.scrollWidth, seen: document.documentElement.clientWidth};
"""


@pytest.fixture(scope="module")
def driver(chromium: tuple[str, str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[webdriver.Chrome]:
    options = webdriver.ChromeOptions()
    options.binary_location = chromium[0]
    for argument in (*ARGUMENTS, f"--user-data-dir={tmp_path_factory.mktemp('chromium')}"):
        options.add_argument(argument)
    driver = webdriver.Chrome(options=options, service=Service(chromium[1]))
    try:
        yield driver
    finally:
        driver.quit()


def look(driver: webdriver.Chrome, file: Path, width: int, scheme: str) -> dict[str, Any]:
    size = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": False}
    driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
    driver.execute_cdp_cmd(
        "Emulation.setEmulatedMedia", {"features": [{"name": "prefers-color-scheme", "value": scheme}]}
    )
    driver.get(file.as_uri())
    seen: dict[str, Any] = driver.execute_script(LOOK)
    return seen


SCREENS = [(width, scheme) for width in (320, 800) for scheme in ("light", "dark")]


@pytest.mark.parametrize("screen", SCREENS, ids=str)
@pytest.mark.parametrize("which", ["full", "empty", "hostile"])
def test_the_page_fits_and_can_be_read(
    which: str, screen: tuple[int, str], driver: webdriver.Chrome, edition: Edition, tmp_path: Path
) -> None:
    width, scheme = screen
    long = replace(
        edition.items[0], title="Unbroken" * 40, source="元宇宙" * 60, url="https://example.org/" + "x" * 400
    )
    pages = {
        "full": edition,
        "empty": replace(edition, groups=(), coverage=Coverage(62)),
        "hostile": replace(
            edition, digest="W" * 120, groups=(replace(edition.groups[0], rule="r" * 90, items=(long, *edition.items)),)
        ),
    }
    file = tmp_path / "page.html"
    file.write_text(as_html(pages[which]), encoding="utf-8")
    seen = look(driver, file, width, scheme)
    found = seen["found"]
    assert len(found) > 5
    assert seen["width"] == seen["seen"] == width, "it is wider than the screen"
    assert [piece["text"] for piece in found if piece["left"] < 0 or piece["right"] > width] == []
    assert [(piece["text"], piece["contrast"]) for piece in found if piece["contrast"] < CONTRAST] == []
    assert [(piece["text"], piece["size"]) for piece in found if piece["size"] < SMALLEST] == []
    grounds = [piece["ground"] for piece in found]
    assert (max(grounds) < 0.2) if scheme == "dark" else (min(grounds) > 0.7), "the scheme is not followed"
