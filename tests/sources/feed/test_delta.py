"""Reading only the new entries of a feed gives what reading the whole feed gives."""

from __future__ import annotations

import datetime as dt
import random
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from monitor import sources
from monitor.model import Entry
from monitor.model.feeds import NO_SLICES, FeedReading, FeedSlices
from monitor.sources.feed.delta import MAX_AGE
from monitor.sources.feed.slices import cut_feed

NOW = dt.datetime(2026, 11, 21, 4, 0, tzinfo=dt.UTC)
URL = "http://feeds.example/all/feed.xml"
RSS = (
    '<?xml version="1.0" encoding="UTF-8"?><rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel>'
    "<title>F</title><link>http://site.example/</link><language>de</language>{}</channel></rss>"
)
ATOM = (
    '<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="zh"><title>F</title><id>f</id>'
    "<updated>2026-11-20T10:00:00Z</updated>{}</feed>"
)


def item(number: int, text: str = "Words", *, guid: str | None = None, date: str = "") -> str:
    stated = f"guid-{number}" if guid is None else guid
    named = f"<guid isPermaLink='false'>{stated}</guid>" if stated else ""
    return (
        f"<item><title>Title {number}</title><link>/news/{number}</link>{named}<dc:creator>Ann {number}</dc:creator>"
        f"<pubDate>{date or f'Fri, 20 Nov 2026 10:{number % 60:02}:00 +0000'}</pubDate>"
        f"<description><![CDATA[<p>{text} {number}</p><p>重庆</p>]]></description></item>"
    )


def entry(number: int, text: str = "Words") -> str:
    return (
        f"<entry><title>Title {number}</title><id>urn:{number}</id><link href='news/{number}?a=1&amp;b=2'/>"
        f"<updated>2026-11-20T10:{number % 60:02}:00Z</updated>"
        f"<summary type='html'>&lt;b&gt;{text}&lt;/b&gt;</summary></entry>"
    )


def rss(*items: str) -> str:
    return RSS.format("\n".join(items))


def items(last: int, count: int = 10) -> list[str]:
    return [item(number) for number in range(last, last - count, -1)]


BASE = [*items(10), item(0, guid="")]


def read_delta(text: str, before: FeedSlices = NO_SLICES, url: str = URL, now: dt.datetime = NOW) -> FeedReading:
    return sources.read_delta(text.encode(), url=url, content_type=None, now=now, timezone="UTC", before=before)


def identity(entry: Entry) -> tuple[object, ...]:
    return (entry, entry.former_keys, entry.former_titles, entry.former_addresses, entry.has_guid)


class Polls:
    """Reads one document after the other, each time both ways, and compares the results."""

    def __init__(self) -> None:
        self.slices = NO_SLICES
        self.recorded: dict[str, Entry] = {}

    def read(self, text: str) -> FeedReading:
        whole, found = sources.read(text.encode(), url=URL, kind="feed", now=NOW), read_delta(text, self.slices)
        assert replace(whole, entries=()) == replace(found.reading, entries=())
        assert [one.key for one in whole.entries] == [one.key for one in found.reading.entries]
        for one, other in zip(whole.entries, found.reading.entries, strict=True):
            if other.key in found.unread:
                assert one == self.recorded[one.key]
                assert (one.published, one.updated) == (other.published, other.updated)
            else:
                assert identity(one) == identity(other)
        self.recorded |= {one.key: one for one in whole.entries}
        self.slices = found.slices
        return found


def atom(*entries: str) -> str:
    return ATOM.format("\n".join(entries))


@pytest.mark.parametrize(("make", "form"), [(item, rss), (entry, atom)], ids=["rss", "atom"])
def test_only_new_and_changed_entries_are_read(make: Callable[..., str], form: Callable[..., str]) -> None:
    polls = Polls()
    first = polls.read(form(*(make(number) for number in range(9, 0, -1))))
    assert (len(first.unread), len(first.slices.entries)) == (0, 9)
    second = polls.read(form(make(10), make(9, "Others"), *(make(number) for number in range(8, 1, -1))))
    assert len(second.unread) == 7
    assert [one.title for one in second.reading.entries if one.title] == ["Title 10", "Title 9"]
    assert second.slices.entries != first.slices.entries
    assert len(polls.read(form(make(10), make(9, "Others"), *(make(number) for number in range(2, 9)))).unread) == 9


def test_an_answer_without_new_entries_reads_none() -> None:
    polls = Polls()
    polls.read(rss(*items(10)))
    assert len(polls.read(rss(*items(10, 6))).unread) == 6


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("another head", rss(*items(11)).replace("<title>F<", "<title>G<")),
        ("another site", rss(*items(11)).replace("site.example", "other.example")),
        ("mostly new entries", rss(*items(16))),
        ("an entry twice", rss(item(11), *items(10), item(10))),
        ("the guid of another entry", rss(item(11, guid="guid-10"), *items(10))),
        ("the guid of another new entry", rss(item(11), item(12, guid="guid-11"), *items(10))),
        ("a guid that is the address of another entry", rss(item(11, guid="https://site.example/news/0"), *BASE)),
        ("a date in the future", rss(item(11, date="Fri, 20 Nov 2027 10:00:00 +0000"), *items(10))),
        ("a date that cannot be read", rss(item(11, date="soon"), *items(10))),
        ("a date relative to now", rss(item(11, date="3 hours ago"), *items(10))),
        ("an empty entry", rss("<item></item>", *items(10))),
        ("an unescaped sign", rss(item(11, guid="a&b=c"), *items(10))),
        ("an end that is missing", rss(item(11), *items(10)).removesuffix("</channel></rss>")),
        ("an entity", rss(item(11, guid="&eacute;"), *items(10))),
        ("a declared entity", '<!DOCTYPE rss [<!ENTITY a "b">]>' + rss(*items(11))),
        ("an element that is not closed", rss(item(11).replace("</title>", ""), *items(10))),
        ("a base address", rss('<item xml:base="http://other.example/"><title>B</title></item>', *items(10))),
        ("an open section", rss(item(11).replace("]]>", ""), *items(10))),
    ],
)
def test_in_any_doubt_the_whole_feed_is_read(name: str, text: str) -> None:
    polls = Polls()
    polls.read(rss(*BASE))
    assert polls.read(text).unread == frozenset()


@pytest.mark.parametrize(
    "text",
    [
        rss(*items(10), item(3, guid="guid-10")),
        rss(item(11, date="3 hours ago"), *items(10)),
        rss(item(11, date="20 Nov"), *items(10)),
        rss(item(11, date="soon"), *items(10)),
        rss("<item></item>", *items(10)),
        rss(*items(10)).replace("Title 10<", "R&D<"),
        rss(*items(10)).removesuffix("</channel></rss>"),
        RSS.format(""),
        '{"version": "https://jsonfeed.org/version/1", "items": [{"id": "1", "title": "x"}]}',
        "<html><p>Sign in</p></html>",
        "",
    ],
)
def test_of_a_feed_that_must_be_read_as_a_whole_nothing_is_kept(text: str) -> None:
    assert Polls().read(text).slices == NO_SLICES


def test_what_is_kept_does_not_count_at_another_address_or_time() -> None:
    text = rss(*items(10))
    kept = read_delta(text).slices
    assert len(read_delta(text, kept).unread) == 10
    assert read_delta(text, kept, url="http://other.example/feed").unread == frozenset()
    later = read_delta(text, kept, now=NOW + MAX_AGE)
    assert (later.unread, later.slices.whole_at) == (frozenset(), NOW + MAX_AGE)
    assert read_delta(text, replace(kept, context="x")).unread == frozenset()


def test_what_was_kept_before_the_clock_was_set_back_does_not_count() -> None:
    text = rss(*items(10))
    kept = read_delta(text, now=NOW + dt.timedelta(days=365)).slices
    found = read_delta(text, kept)
    assert (found.unread, found.slices.whole_at) == (frozenset(), NOW)


def test_an_entry_that_is_not_known_is_read() -> None:
    text = rss(*items(10))
    kept = read_delta(text).slices
    known = dict(list(kept.entries.items())[1:])
    assert len(read_delta(text, replace(kept, entries=known)).unread) == 9


# --- sequences of documents


def edits(text: str, others: list[str], chance: random.Random) -> Iterator[str]:
    """Yield documents, each an edit of the one before."""
    for _ in range(4):
        cut = cut_feed(text)
        if cut is None:
            return
        parts, head = list(cut.entries), cut.head
        place = chance.randrange(len(parts))
        match chance.randrange(8):
            case 0:
                del parts[place]
            case 1:
                chance.shuffle(parts)
            case 2:
                parts[place] = re.sub("[a-z]{4}", lambda word: word[0][::-1], parts[place], count=5)
            case 3:
                parts.append(parts[place])
            case 4:
                head = head.replace("<title>", "<title>X", 1)
            case 5:
                parts[place] = parts[place].replace("guid", "guip").replace("</title>", chance.choice(["", "&x;"]))
            case _:
                parts.insert(0, chance.choice(others))
        text = head + "\n".join(parts) + cut.end
        yield text


@pytest.mark.parametrize(
    ("head", "declaring"),
    [
        (
            "",
            '<item><m:group xmlns:m="http://search.yahoo.com/mrss/"><m:title>x</m:title></m:group><guid>z</guid></item>',
        ),
        ("", '<item xmlns="http://www.w3.org/2005/Atom"><title>A</title><id>z</id><link href="/y"/></item>'),
        ("", '<item><r:title xmlns:r="http://purl.org/rss/1.0/">A</r:title><guid>z</guid></item>'),
        (' xml:base="http://base.example/"', "<item><title>A</title><link>y</link><guid>z</guid></item>"),
    ],
)
def test_what_an_entry_declares_counts_for_it_alone(head: str, declaring: str) -> None:
    def form(*items: str) -> str:
        return rss(*items).replace('<rss version="2.0"', f'<rss version="2.0"{head}')

    polls = Polls()
    polls.read(form(*items(10)))
    assert len(polls.read(form(declaring, *items(10))).unread) == 10
    assert len(polls.read(form(item(11), declaring, *items(10))).unread) == 11


HTML = "http://www.w3.org/1999/xhtml"
CREATOR = "<item><title>C</title><link>/c</link><guid>c</guid><x:creator xmlns:x='urn:c'>C</x:creator></item>"


@pytest.mark.parametrize(
    ("tag", "leaking", "others"),
    [
        ("item", "<description><div base='https://other.example/'>x</div></description>", ()),
        ("item xml:lang='fr'", "<description><div>x</div></description>", ()),
        ("item lang='fr'", f"<description><h:div xmlns:h='{HTML}'>x</h:div></description>", ()),
        ("entry", "<content type='html'><div base='https://other.example/'>x</div></content>", ()),
        ("entry xml:lang='fr'", "<content type='html'><div>x</div></content>", ()),
        ("entry", "<summary><content>x</content></summary>", ()),
        ("entry", "<content type='xhtml'><details><summary>x</summary></details></content>", ()),
        ("item", "<x:creator xmlns:x='http://purl.org/dc/elements/1.1/'>A</x:creator>", (CREATOR,)),
        ("item", "<dc:creator xmlns:dc='urn:c'>A</dc:creator>", (CREATOR,)),
    ],
)
def test_where_an_entry_may_change_others_the_whole_feed_is_read(
    tag: str, leaking: str, others: tuple[str, ...]
) -> None:
    name = tag.partition(" ")[0]
    make, form = (item, rss) if name == "item" else (entry, atom)
    plain, polls = [*others, *(make(number) for number in range(10, 0, -1))], Polls()
    polls.read(form(*plain))
    own = "<title>L</title><link href='/l'>/l</link><guid>l</guid><id>l</id>"
    assert polls.read(form(f"<{tag}>{leaking}{own}</{name}>", *plain)).unread == frozenset()


@pytest.mark.parametrize("seed", range(20))
def test_a_sequence_of_documents_is_read_the_same_both_ways(seed: int) -> None:
    chance, polls = random.Random(seed), Polls()
    others = [item(90, date="yesterday"), item(91), item(92, guid=""), item(5, guid="guid-3"), item(93, "Other")]
    text = rss(*(item(number, guid=chance.choice([None, None, None, ""])) for number in range(8)))
    polls.read(text)
    for later in edits(text, others, chance):
        polls.read(later)


@pytest.mark.slow
@pytest.mark.parametrize("folder", ["feeds-fastfeedparser", "feeds-misc", "feeds-rsparser"])
def test_real_feeds_are_read_the_same_both_ways(folder: str, shared_data: Callable[[str], Path]) -> None:
    chance, others = random.Random(folder), [item(1)]
    for path in sorted(shared_data(folder).rglob("*.xml"))[:120]:
        text = path.read_bytes().decode("utf-8", "replace")
        polls = Polls()
        polls.read(text)
        cut = cut_feed(text)
        others = [*others, *(cut.entries if cut else ())][-50:]
        for later in edits(text, others, chance):
            polls.read(later)
