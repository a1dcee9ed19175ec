"""Run the demonstration: two passes over the sample site."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from importlib import resources
from pathlib import Path

from monitor import config
from monitor.app.passes import report_pass
from monitor.app.program import Pass
from monitor.app.wiring import open_program
from monitor.channels.render import as_html, as_text
from monitor.channels.wording import with_count
from monitor.clock import Clock
from monitor.demo.site import SampleSite, serve
from monitor.executor import KeyedExecutor
from monitor.model import Edition


@dataclass(frozen=True, slots=True)
class DemoResult:
    """The results of the two passes."""

    first: Pass
    second: Pass

    @property
    def editions(self) -> tuple[Edition, ...]:
        """The editions of both passes."""
        return tuple(built.edition for done in (self.first, self.second) for built in done.built if built.edition)

    @property
    def succeeded(self) -> bool:
        """Whether all sources were read, the first pass sent one digest, and the second pass sent nothing."""
        attention = any(report_pass(done).needs_attention for done in (self.first, self.second))
        return not attention and len(self.first.sendings) == 1 and not self.second.sendings


def run_demo(clock: Clock, output: Path, say: Callable[[str], None]) -> DemoResult:
    """Serve the sample site, run two passes over it, and write the digest's HTML to `output`.

    `say` gets the messages.
    """
    site = SampleSite(clock.now())
    with serve(site) as base, tempfile.TemporaryDirectory(prefix="monitor-demo-") as folder:
        say(f"A sample site is served at {base}: three feeds, twelve articles, in English and Chinese.\n")
        loaded = config.load(_configuration(Path(folder), base), {})
        in_turn = KeyedExecutor(1, 1, name="demo")  # one feed at a time: the same result each time
        with open_program(loaded, clock, command="monitor demo", executor=in_turn) as program:
            first = program.once()
            say(f"First pass: {_counts(first)}.\n")
            for built in first.built:
                if built.edition is not None:
                    say(as_text(built.edition))
                    output.write_text(as_html(built.edition), encoding="utf-8")
                    say(f"\nThe same as HTML, as it is mailed: {output}")
            site.move_on()
            second = program.once(list(program.sources))
            say(f"\nThe site updated an article. Second pass: {_counts(second)}.")
            say("Nothing comes twice." if not second.sendings else "This should not have been sent again.")
    return DemoResult(first, second)


def _configuration(folder: Path, base: str) -> Path:
    path = folder / "sources.toml"
    text = resources.files("monitor.demo").joinpath("sources.toml").read_text(encoding="utf-8")
    path.write_text(text.replace("BASE", base), encoding="utf-8")
    return path


def _counts(done: Pass) -> str:
    polls = [collected.poll for collected in done.collected]
    new, matches = sum(poll.new for poll in polls), sum(poll.matches for poll in polls)
    read, entries = with_count(len(polls), "source", "sources"), with_count(new, "new entry", "new entries")
    sent = with_count(len(done.sendings), "digest", "digests")
    return f"{read} polled, {entries}, {with_count(matches, 'match', 'matches')}, {sent} sent"
