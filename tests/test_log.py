"""One line an event, harmless, and without secrets."""

from __future__ import annotations

import datetime as dt
import io
import json
import re
from zoneinfo import ZoneInfo

import pytest

from monitor import log
from monitor.secret import Secret


def logged(form: log.Format, **values: object) -> str:
    stream = io.StringIO()
    log.configure("info", form, secrets=(Secret("CANARY"),), stream=stream)
    log.logger("collect").info("poll", **values)
    return stream.getvalue()


def test_a_line_says_when_how_bad_where_and_what() -> None:
    line = logged("text", source="Liangjiang New Area", new=3)
    assert line.count("\n") == 1
    assert 'info    collect.poll source="Liangjiang New Area" new=3' in line


@pytest.mark.parametrize("hostile", ["a\nb", "a\x1b[31mb", "a\u202eb", 'a "b"', "a=b", ""])
def test_a_value_can_neither_break_the_line_nor_pass_for_another(hostile: str) -> None:
    line = logged("text", title=hostile)
    assert line.count("\n") == 1
    assert line.rstrip("\n").isprintable()
    assert 'title="' in line


@pytest.mark.parametrize("form", ["text", "json"])
def test_a_secret_is_masked(form: log.Format) -> None:
    line = logged(form, reason="https://hooks.example/CANARY failed")
    assert "CANARY" not in line
    assert "***" in line


def test_a_secret_that_is_learnt_later_is_masked_too() -> None:
    stream = io.StringIO()
    log.configure("info", secrets=(Secret("CANARY"),), stream=stream)
    log.mask_secrets((Secret("LARK"), Secret("CANARY")))
    log.logger("collect").info("poll", reason="CANARY and LARK")
    assert "*** and ***" in stream.getvalue()


def test_json_is_one_object_a_line() -> None:
    assert json.loads(logged("json", source="元宇宙"))["source"] == "元宇宙"


def test_times_are_in_the_zone_with_its_offset() -> None:
    stream = io.StringIO()
    log.configure("info", "json", zone=ZoneInfo("Asia/Shanghai"), stream=stream)
    log.logger("collect").info("poll")
    log.use_zone(ZoneInfo("Asia/Kathmandu"))
    log.logger("collect").info("poll")
    first, second = (json.loads(text)["timestamp"] for text in stream.getvalue().splitlines())
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+08:00", first)
    assert second.endswith("+05:45")
    assert dt.datetime.fromisoformat(first) <= dt.datetime.fromisoformat(second)


def test_what_is_below_the_level_is_not_written() -> None:
    stream = io.StringIO()
    log.configure("warning", stream=stream)
    log.logger("collect").info("poll")
    assert stream.getvalue() == ""
