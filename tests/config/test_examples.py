"""The examples of rules: which ones fail, and with which message."""

from __future__ import annotations

from collections.abc import Callable

from monitor.config import Config, check_examples

TEXT = """[concept]
web3 = ["Web3", "Web 3.0"]
[[rule]]
name = "themes"
match = '@web3 AND (Chongqing OR 重庆)'
must_match = [
  "Web3 in Chongqing",
  "Web3 in Wuhan",
]
must_not_match = ["Chongqing", "重庆：Web 3.0 与 Web 3.0 {long}"]
[[rule]]
name = "fields"
match = 'title:metaverse AND text:policy AND NOT game'
must_match = ["metaverse policy", "metaverse policy for a game"]
"""


def test_an_example_that_fails_is_reported_at_its_place_with_the_part_that_failed(
    loaded: Callable[[str], Config],
) -> None:
    config = loaded(TEXT.replace("{long}", "x" * 80))
    found = [str(problem).removeprefix(f"{config.path}:") for problem in check_examples(config)]
    rule, remedy = '[[rule]] "themes": the rule must', "fix the rule or the example"
    assert found[0].startswith(f'8:3: {rule} match "Web3 in Wuhan", but does not: ')
    assert "Chongqing OR 重庆" in found[0]
    shown = f'"重庆：Web 3.0 与 Web 3.0 {"x" * 38}…"'
    assert found[1] == f'10:32: {rule} not match {shown}, but does: it has "重庆", "Web 3.0"; {remedy}'
    assert found[2].startswith('14:35: [[rule]] "fields": ')
    assert "game" in found[2].partition("but does not: ")[2]
    assert len(found) == 3
