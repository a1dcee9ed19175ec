"""What the options of several kinds have in common."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import TypeAdapter

from monitor.channels.options import BesideConfiguration, on_this_machine


@pytest.mark.parametrize(
    ("written", "meant"),
    [("out", "/config/out"), ("../out", "/config/../out"), ("/var/out", "/var/out"), ("~/out", "/home/me/out")],
)
def test_a_relative_path_begins_beside_the_configuration(
    written: str, meant: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", "/home/me")
    paths = TypeAdapter[Path](BesideConfiguration)
    assert paths.validate_python(written, context={"folder": Path("/config")}) == Path(meant)


def test_a_path_without_a_configuration_begins_where_the_program_runs() -> None:
    assert TypeAdapter[Path](BesideConfiguration).validate_python("out") == Path("out")


@pytest.mark.parametrize(
    ("host", "here"),
    [
        ("localhost", True),
        ("127.0.0.1", True),
        ("127.1.2.3", True),
        ("::1", True),
        ("10.0.0.1", False),
        ("0.0.0.0", False),
        ("localhost.example.org", False),
        ("mail.example.org", False),
        ("", False),
    ],
)
def test_only_a_host_that_says_so_by_its_name_is_this_machine(host: str, here: bool) -> None:
    assert on_this_machine(host) is here
