"""Every example of the documentation of the rule language is run."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from monitor import RuleError, compile_rules

DOCS = Path(__file__).parents[2] / "docs"
PAGES = ("rules.md", "rules.zh.md")


def blocks(page: str, kind: str) -> list[str]:
    text = (DOCS / page).read_text(encoding="utf-8")
    return re.findall(rf"^```{kind}\n(.*?)^```$", text, re.DOTALL | re.MULTILINE)


def examples(page: str) -> Iterator[tuple[str, str, str]]:
    """(rule, sign, text) of each line below a rule."""
    for block in blocks(page, "text"):
        for part in block.strip().split("\n\n"):
            rule, *lines = part.split("\n")
            assert lines, rule
            yield from ((rule, line[0], line[2:]) for line in lines)


CONCEPTS = tomllib.loads(blocks(PAGES[0], "toml")[0])["concept"]
EXAMPLES = list(examples(PAGES[0]))


def fields(text: str) -> dict[str, str]:
    """`{title} a {tag} b` as fields; a text without any is title and text at once."""
    parts = re.split(r"\{(\w+)\} ", text)
    named = {name: value.strip() for name, value in zip(parts[1::2], parts[2::2], strict=True)}
    return named or {"title": text, "text": text}


@pytest.mark.parametrize(("rule", "sign", "text"), EXAMPLES, ids=[f"{rule}{sign}" for rule, sign, _ in EXAMPLES])
def test_an_example_is_as_the_page_says(rule: str, sign: str, text: str) -> None:
    if sign == "!":
        with pytest.raises(RuleError, match=re.escape(text)):
            compile_rules({"r": rule}, CONCEPTS)
        return
    rules = compile_rules({"r": rule}, CONCEPTS)
    if sign == "?":
        assert any(text in str(warning) for warning in rules.warnings)
        return
    assert rules.warnings == ()
    given = fields(text)
    assert bool(rules.match(given.pop("text", ""), **given)) == {"+": True, "-": False}[sign]


def test_the_pages_have_the_same_examples() -> None:
    assert list(examples(PAGES[1])) == EXAMPLES
    assert blocks(PAGES[1], "toml") == blocks(PAGES[0], "toml")
