"""Articles for the tests of stories: a long English and a long Chinese one, and what an editor makes of them."""

from __future__ import annotations

import datetime as dt
import re
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Final, NamedTuple

from monitor.model import Article
from monitor.stories import EarlierArticle, LaterArticle, MemoryIndex, fingerprint, read_article, site_of

NOON: Final = dt.datetime(2026, 11, 20, 12, tzinfo=dt.UTC)
LOOKALIKES: Final = Path(__file__).parent / "lookalikes"

HARBOUR: Final = (
    "The harbour council will spend 40 million euros on a new ferry terminal.",
    "Work on the eastern quay begins in spring and takes about two years.",
    "Passengers will wait under a roof for the first time since the old hall burned down.",
    "The architects kept the brick warehouse and the crane in front of it.",
    "Fishermen fear that the larger ships will disturb the herring.",
    "A study of the currents in the bay found no risk for the nets.",
)
LAKE: Final = (
    "青江市将投资四亿元治理东湖水质，工程分三期实施。",
    "首期工程包括清淤、截污和湿地修复，预计明年夏天完成。",
    "沿湖的十二家工厂已经签署搬迁协议，工人将得到安置。",
    "环保志愿者在湖边设立了观测站，每周向居民公布数据。",
    "渔民希望治理期间能够得到补偿，有关部门正在研究办法。",
    "专家认为，水质要恢复到适合游泳的程度还需要几年时间。",
)
ENGLISH: Final = " ".join(HARBOUR)
CHINESE: Final = "".join(LAKE)


class LookAlike(NamedTuple):
    """Two announcements of one kind that are two."""

    kind: str
    language: str
    one: tuple[str, str]
    other: tuple[str, str]

    @property
    def adds(self) -> bool:
        """The other one says more; the first is all in it."""
        return self.kind.startswith("added-")


def look_alikes(name: str) -> Iterator[LookAlike]:
    """Read the pairs of a file: `{one|other}` is what differs."""
    for block in (LOOKALIKES / name).read_text("utf-8").split("\n@ ")[1:]:
        head, title, text = block.strip().split("\n", 2)
        kind, language = head.split()
        one, other = ((_side(title, side), _side(text, side)) for side in (1, 2))
        yield LookAlike(kind, language, one, other)


def _side(text: str, side: int) -> str:
    return re.sub(r"\{([^{}|]*)\|([^{}|]*)\}", lambda found: found[side], text)


def article(title: str, text: str, site: str = "Post", *, url: str = "", origin: str | None = None) -> Article:
    address = url or f"https://{site.lower().replace(' ', '-')}.example/{zlib.crc32(f'{title} {text}'.encode())}"
    return Article(address, title, text, site=site, origin=origin)


def earlier(title: str, text: str, site: str = "Agency", *, key: int = 1, story: int = 1) -> EarlierArticle:
    made = article(title, text, site, url=f"https://agency.example/{key}")
    return EarlierArticle(key, story, made.url, site_of(made), title, text, fingerprint(made))


def later(title: str, text: str, site: str = "Post", *, origin: str | None = None) -> LaterArticle:
    return read_article(article(title, text, site, origin=origin), MemoryIndex())
