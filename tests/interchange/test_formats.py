"""A file is known by what is in it, and read or refused as a whole."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.interchange import FORMATS, ImportedFile, ImportFailed, read_import

SAMPLES = {
    "opml": '<?xml version="1.0"?><opml version="1.0"><body><outline text="a" xmlUrl="https://e.org/a"/></body></opml>',
    "spiders": '{"name": "a", "list_url": "https://e.org/a"}',
    "html2rss": "channel:\n  url: https://e.org/a\nselectors:\n  items: {selector: li}\n",
    "urlwatch": "name: a\nurl: https://e.org/a\n",
    "trendradar": "胖东来\n于东来\n\n华为\n!汽车\n",
    "csv": "name, feed\na, https://e.org/a\n",
    "list": "https://e.org/a\n",
}


def test_every_format_has_a_sample() -> None:
    assert SAMPLES.keys() == FORMATS.keys()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
@pytest.mark.parametrize("name", SAMPLES)
def test_a_file_is_known_by_what_is_in_it(name: str, encoding: str) -> None:
    found = read_import(SAMPLES[name].encode(encoding))
    assert isinstance(found, ImportedFile)
    assert found.format == name
    assert found.parsed.candidates or found.parsed.words.rules
    assert found.parsed.unmapped == ()


@pytest.mark.parametrize("end", ["\r\n", "\r"])
@pytest.mark.parametrize("name", SAMPLES)
def test_the_line_ends_of_a_file_do_not_matter(name: str, end: str) -> None:
    assert read_import(SAMPLES[name].replace("\n", end).encode()) == read_import(SAMPLES[name].encode())


def test_a_word_list_with_sections_may_have_long_lines() -> None:
    found = read_import(("[WORD_GROUPS]\n\n" + "、".join("abcdefg") * 20 + "\n").encode())
    assert isinstance(found, ImportedFile)
    assert found.format == "trendradar"


@pytest.mark.parametrize(
    "text",
    [
        "Dear all,\nplease find the plan\n",
        "milk\nbread\n",
        "Dear all,\n\nplease find the plan\n",
        "# a\n\nmilk",
        "各位同事：\n附上计划\n谢谢",
        "张三\n李四",
    ],
)
def test_plain_lines_are_no_word_list_unless_somebody_says_so(text: str) -> None:
    refused = read_import(text.encode())
    assert isinstance(refused, ImportFailed)
    assert "--format trendradar" in refused.remedy
    said = read_import(text.encode(), "trendradar")
    assert isinstance(said, ImportedFile)
    assert said.parsed.words.rules


@pytest.mark.parametrize(
    "text",
    [
        "[team]\nmilk",
        "milk\n+fresh",
        "milk\n!powder",
        "milk\n@5",
        "/mil[ck]/ => Milk",
        "/mil[ck]/i",
        "milk\n\nbread",
        "开源\nAI编程\n微软",
    ],
)
def test_each_mark_makes_a_word_list(text: str) -> None:
    found = read_import(text.encode())
    assert isinstance(found, ImportedFile)
    assert found.format == "trendradar"


def test_the_format_may_be_said() -> None:
    assert read_import(SAMPLES["urlwatch"].encode(), "list") == read_import(b"\nurl: https://e.org/a", "list")


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"", "the file is empty"),
        (b"\n ", "the file is empty"),
        (b"\x89PNG\r\n\0\0\0\rIHDR", "this is not a text file"),
        (b"<html><p>https://e.org", "unrecognised file format"),
        (b"[section]\nkey = value\nother = " + b"x" * 50, "unrecognised file format"),
        (b"<opml", "this is not valid XML"),
        (b"url: [", "this is not valid YAML"),
    ],
)
def test_what_cannot_be_read_is_reported(body: bytes, said: str) -> None:
    found = read_import(body)
    assert isinstance(found, ImportFailed)
    assert said in found.what
    assert found.remedy


@given(st.sampled_from([None, *FORMATS]), st.binary(max_size=200) | st.sampled_from(sorted(SAMPLES.values())).flatmap(
    lambda sample: st.integers(0, len(sample)).map(lambda at: sample[:at].encode())
))  # fmt: skip
def test_no_bytes_make_it_raise(name: str | None, body: bytes) -> None:
    assert isinstance(read_import(body, name), ImportedFile | ImportFailed)
