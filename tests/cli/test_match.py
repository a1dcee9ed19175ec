"""`monitor match`."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Monitor = Callable[..., Any]


def test_it_shows_the_terms_that_made_a_rule_hold_and_what_failed(monitor: Monitor) -> None:
    ended = monitor("match", "web3 重慶 -spider", "重庆 Web3", "web3", "Web3 重庆 spider")
    assert ended.status == 0
    assert ended.out.splitlines() == [
        "holds: [重庆] [Web3]",
        "fails: [web3]",
        "       重慶 does not occur in title or text",
        "fails: [Web3] [重庆] [spider]",
        "       spider occurs in title, but the rule excludes it",
    ]


def test_it_prints_one_document(monitor: Monitor) -> None:
    ended = monitor("match", "--json", "a NEAR/1 b", "x a b")
    spans = [{"start": 2, "end": 3, "term": "a"}, {"start": 4, "end": 5, "term": "b"}]
    assert json.loads(ended.out) == [{"text": "x a b", "holds": True, "spans": spans, "failed": ""}]


def test_texts_are_the_lines_of_the_standard_input(monitor: Monitor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("a\n\nb\n"))
    assert monitor("match", "a").out.splitlines()[:2] == ["holds: [a]", "fails: b"]


def test_a_rule_that_cannot_be_read_ends_2_and_shows_where(monitor: Monitor) -> None:
    ended = monitor("match", "foo AND (bar", "x")
    assert ended.status == 2
    assert "line 1, column 9: this parenthesis is never closed, at foo AND ▸(bar; add" in ended.err
    ended = monitor("match", "web3 AND\n  (a1 OR b1", "x")
    assert "line 2, column 3: this parenthesis is never closed, at web3 AND ▸(a1 OR b1; add" in ended.err


def test_slips_are_printed_apart_from_the_data(monitor: Monitor) -> None:
    ended = monitor("match", "a|b", "a|b")
    assert (ended.status, ended.out) == (0, "holds: [a|b]\n")
    assert "(a OR b)" in ended.err
    assert "warning: line 2, column 1: the" in monitor("match", "a\nb|c", "a").err


def test_concepts_are_those_of_the_configuration(monitor: Monitor) -> None:
    Path("sources.toml").write_text('[concept]\nweb3 = ["@starter/web3", "DePIN"]\n', encoding="utf-8")
    assert monitor("match", "@web3", "DePIN").out == "holds: [DePIN]\n"
    assert monitor("match", "@other", "DePIN").status == 2


def test_a_long_text_is_cut_to_what_is_around_the_terms(monitor: Monitor) -> None:
    ended = monitor("match", "a b", f"{'x ' * 200}a {'y ' * 200}b {'z ' * 200}")
    assert ended.out == f"holds: …{'x ' * 20}[a] {'y ' * 19}y…{'y ' * 20}[b] {'z ' * 19}z…\n"
