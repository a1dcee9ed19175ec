"""The output of `monitor backtest`: the effect of a change of rules."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from monitor.cli.common import format_time
from monitor.cli.search import document, lines, removed_note

if TYPE_CHECKING:
    from monitor.app.backtest import BacktestResult
    from monitor.model import Candidate, Match
    from monitor.search import BacktestWindow, Effect


def as_json(result: BacktestResult) -> dict[str, object]:
    """Return a JSON document: which articles were read, and the effect of the change by rule."""
    window = result.window
    return {
        "against": result.comparison.against,
        "start": window.start,
        "covered": window.covered,
        "end": window.end,
        "texts_removed_until": result.texts_removed_until,
        "rules": [_rule_document(effect, result) for effect in result.effects.values()],
    }


def _rule_document(effect: Effect, result: BacktestResult) -> dict[str, object]:
    window, compared = result.window, result.comparison
    return {
        "rule": effect.rule,
        "before": compared.before.get(effect.rule),
        "after": compared.after.get(effect.rule),
        "added": effect.added,
        "dropped": effect.dropped,
        "kept": effect.kept,
        "alerts_a_week": {
            "before": window.per_week(effect.stories_before),
            "after": window.per_week(effect.stories_after),
        },
        "weeks": [
            {
                "start": start,
                "end": end,
                "before": window.count_in_week(effect.stories_before, start, end),
                "after": window.count_in_week(effect.stories_after, start, end),
            }
            for start, end in window.weeks()
        ],
        "examples_added": [document(one.archived, (one.match,)) for one in effect.examples_added],
        "examples_dropped": [{**document(one.archived, ()), "failed": one.failed} for one in effect.examples_dropped],
        "failed_examples": result.failed.get(effect.rule, ()),
    }


def as_lines(result: BacktestResult, timezone: str) -> Iterator[str]:
    """Yield lines of text: what was compared, then for each rule the changes, examples, and the expected alerts."""
    zone, window = ZoneInfo(timezone), result.window
    yield f"Articles since {format_time(window.start, zone)}, compared with {result.comparison.against}"
    if result.texts_removed_until is not None:
        yield f"{removed_note(result.texts_removed_until, zone)}: they are not compared"
    if window.covered > window.start:
        what = "texts begin" if result.texts_removed_until is not None else "archive begins"
        yield f"The {what} {format_time(window.covered, zone)}: alerts are counted from then on"
    for effect in result.effects.values():
        yield ""
        yield from _effect(effect, result, zone)


def _effect(effect: Effect, result: BacktestResult, zone: ZoneInfo) -> Iterator[str]:
    compared = result.comparison
    yield f"{effect.rule}: {effect.added} added, {effect.dropped} dropped, {effect.kept} as before"
    for name, expressions in (("before", compared.before), ("after", compared.after)):
        if effect.rule in expressions:
            yield f"  {name:<7} {expressions[effect.rule]}"
        elif name == "before" and compared.change.before is None:
            yield f"  {name:<7} {compared.against}"
    yield f"  alerts  {_alerts_per_week(effect, result.window)}"
    if result.window.is_long_enough and (effect.stories_before or effect.stories_after):
        for start, end in result.window.weeks():
            before = result.window.count_in_week(effect.stories_before, start, end)
            after = result.window.count_in_week(effect.stories_after, start, end)
            yield f"          {format_time(start, zone)[:10]} to {format_time(end, zone)[:10]}: {before} → {after}"
    for failure in result.failed.get(effect.rule, ()):
        yield f"  EXAMPLE {failure}"
    yield from _examples(
        "added", effect.added, [(one.archived, (one.match,), "") for one in effect.examples_added], zone
    )
    yield from _examples(
        "dropped", effect.dropped, [(one.archived, (), one.failed) for one in effect.examples_dropped], zone
    )


def _alerts_per_week(effect: Effect, window: BacktestWindow) -> str:
    """Return the alerts per week before and after, in words. Stories are counted, since copies are sent only once."""
    before, after = window.per_week(effect.stories_before), window.per_week(effect.stories_after)
    if before is None or after is None:
        return "less than a day of the archive is too short to measure"
    if before == after:
        return f"{after:.1f} a week"
    return f"{before:.1f} → {after:.1f} a week"


def _examples(
    kind: str, count: int, examples: list[tuple[Candidate, tuple[Match, ...], str]], zone: ZoneInfo
) -> Iterator[str]:
    if not examples:
        return
    newest = "" if count == len(examples) else f", the newest {len(examples)} of {count}"
    yield f"  {kind}{newest}:"
    for archived, matches, failed in examples:
        for line in lines(archived, matches, zone):
            yield f"    {line}"
        if failed:
            yield f"      because: {failed}"
