"""A schedule in other words is answered with the form that can be read."""

from __future__ import annotations

import pytest

from monitor.digest.meant import suggest_schedule
from monitor.digest.schedule import parse_schedule

MEANT = (
    ("daily 08:00", "08:00"),
    ("08:00 daily", "08:00"),
    ("8am", "08:00"),
    ("8 p.m.", "20:00"),
    ("12am", "00:00"),
    ("12 pm", "12:00"),
    ("0800", "08:00"),
    ("8", "08:00"),
    ("8.30", "08:30"),
    ("08：00", "08:00"),
    ("24:00", "00:00"),
    ("08:00:00", "08:00"),
    ("every day at 8:15", "08:15"),
    ("8am, 6pm", "08:00,18:00"),
    ("08:00 and 18:00", "08:00,18:00"),
    ("08:00 weekdays", "08:00 mon-fri"),
    ("mon-fri 08:00", "08:00 mon-fri"),
    ("Tuesday and Thursday at 9:00", "09:00 tue,thu"),
    ("every monday", "08:00 mon"),
    ("08:00 on weekends", "08:00 sat,sun"),
    ("每天8点", "08:00"),
    ("每天早上8点半", "08:30"),
    ("下午6点", "18:00"),
    ("工作日 08:30", "08:30 mon-fri"),
    ("周一至周五 8点", "08:00 mon-fri"),
    ("星期天 20:00", "20:00 sun"),
    ("daily", "08:00"),
    ("weekly", "08:00 mon"),
    ("hourly", "every 1h"),
    ("2h", "every 2h"),
    ("every 30 minutes", "every 30m"),
    ("每2小时", "every 2h"),
    ("immediately", "now"),
)


@pytest.mark.parametrize(("text", "form"), MEANT)
def test_other_words_have_a_form_that_can_be_read(text: str, form: str) -> None:
    assert suggest_schedule(text) == form
    parse_schedule(form)


@pytest.mark.parametrize(
    "text", ["", "x", "tomorrow", "25:00", "99", "08:00 mo-fr", "08:00 UTC", "08:00 1-5", "every", "* * * *", "8%"]
)
def test_no_suggestion_loses_a_part_of_what_was_written(text: str) -> None:
    assert suggest_schedule(text) is None
