"""Every mistake in `messages.txt` gets the messages that the file lists."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import pytest


class Case(NamedTuple):
    """A text, and the lines that it is refused with: whole ones, or, after "…", how they begin.

    After "~>" they are the warnings of a text that is not refused.
    """

    title: str
    text: str
    lines: tuple[str, ...]


def _cases() -> Iterator[Case]:
    for part in Path(__file__).with_name("messages.txt").read_text("utf-8").split("\n--- ")[1:]:
        title, _, rest = part.partition("\n")
        expected = re.findall(r"^(?:=>|…|~>) .*$", rest, re.MULTILINE)
        text = rest.partition(expected[0])[0]
        yield Case(title, text, tuple(expected))


REFUSED = [case for case in _cases() if not case.lines[0].startswith("~>")]
WARNED = [case for case in _cases() if case.lines[0].startswith("~>")]


@pytest.mark.parametrize("case", REFUSED, ids=[case.title for case in REFUSED])
def test_a_mistake_gets_the_messages_listed(problems: Callable[..., list[str]], case: Case) -> None:
    found = [line.removeprefix("sources.toml:") for line in problems(case.text)]
    if all(line.startswith("=>") for line in case.lines):
        assert found == [line.removeprefix("=> ") for line in case.lines]
    for line in case.lines:
        assert any(message.startswith(line.partition(" ")[2]) for message in found), found


@pytest.mark.parametrize("case", REFUSED, ids=[case.title for case in REFUSED])
def test_no_message_shows_a_secret(problems: Callable[..., list[str]], case: Case) -> None:
    assert not any("canary" in line for line in problems(case.text))


@pytest.mark.parametrize("case", WARNED, ids=[case.title for case in WARNED])
def test_what_is_hardly_meant_is_a_warning(warnings: Callable[..., list[str]], case: Case) -> None:
    found = [line.removeprefix("sources.toml:") for line in warnings(case.text)]
    assert [line for line in found if "the file has no [[source]]" not in line] == [
        line.removeprefix("~> ") for line in case.lines
    ]
