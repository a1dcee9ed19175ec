"""Rules and texts that others labelled, next to the checkout."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from monitor.errors import RuleError
from monitor.rules import compile_rules
from monitor.text.matching import Matchable


def test_the_labelled_rules_hold_where_they_should(shared_data: Callable[[str], Path]) -> None:
    labelled = json.loads(shared_data("rules-cases.json").read_text(encoding="utf-8"))
    wrong = [case["rule"] for case in labelled["cases"] if not _right(case, case.get("concepts", labelled["concepts"]))]
    assert wrong == []


def _right(case: dict[str, Any], concepts: dict[str, list[str]]) -> bool:
    try:
        rules = compile_rules({"r": case["rule"]}, concepts)
    except RuleError:
        return case.get("error") is True
    fields = case.get("fields", {})
    found = all(rules.match(text, **fields) for text in case.get("yes", []))
    return not case.get("error") and found and not any(rules.match(text, **fields) for text in case.get("no", []))


@pytest.mark.parametrize("config", ["t2s", "hk2s", "tw2s"])
def test_what_others_convert_to_simplified_folds_alike(shared_data: Callable[[str], Path], config: str) -> None:
    pairs = _conversions(shared_data("variants-opencc") / "testcases.json", config)
    alike = [Matchable(before).text == Matchable(after).text for before, after in pairs]
    assert len(alike) >= 3
    assert sum(alike) / len(alike) >= 0.8


def _conversions(path: Path, config: str) -> list[tuple[str, str]]:
    text = re.sub(r",(\s*[}\]])", r"\1", path.read_text(encoding="utf-8"))
    cases = json.loads(text)["cases"]
    return [(case["input"], case["expected"][config]) for case in cases if config in case["expected"]]
