"""An option whose values are the names in a registry."""

from __future__ import annotations

from monitor.cli.listing import complete
from monitor.interchange import FORMATS
from tests.support.commands import Monitor


def test_the_help_of_an_import_names_every_format(monitor: Monitor) -> None:
    assert f"<{'|'.join(FORMATS)}>" in monitor("import", "--help").out


def test_a_shell_completes_what_begins_so() -> None:
    assert complete(lambda: ("text", "table", "html"))("t") == ["text", "table"]
