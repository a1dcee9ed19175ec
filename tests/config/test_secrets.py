"""Secrets by reference: found, missing, and never shown."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from monitor.config import Config
from monitor.config.secrets import MAX_SECRET_FILE, Secrets, is_plaintext, mask_password, values_to_redact
from monitor.secret import Secret, redact

NOT_SET, REMEDY = "is not set", "set it, or write file:PATH"
SOURCE = '[[source]]\nname = "a"\nurl = "{url}"\n'


def test_a_secret_of_the_environment_is_its_value_without_blanks_around_it(tmp_path: Path) -> None:
    secrets = Secrets({"TOKEN": " s3cret\n"}, tmp_path)
    assert secrets.resolve("env:TOKEN").reveal() == "s3cret"
    assert secrets.found == [Secret("s3cret", "env:TOKEN")]


@pytest.mark.parametrize("ending", ["", "\n", "\r\n"])
def test_a_secret_of_a_file_is_its_text_without_the_line_end(tmp_path: Path, ending: str) -> None:
    (tmp_path / "token").write_bytes(f"s3cret{ending}".encode())
    assert Secrets({}, tmp_path).resolve("file:token").reveal() == "s3cret"
    assert Secrets({}, Path("/")).resolve(f"file:{tmp_path}/token").reveal() == "s3cret"


@pytest.mark.parametrize(
    ("reference", "message"),
    [
        ("env:", '"env:" names no variable; write env:NAME'),
        ("env:EMPTY", "the environment variable EMPTY is empty; set it to the secret"),
        (
            "env:SMTP_URI",
            f'the environment variable SMTP_URI {NOT_SET} ("SMTP_URL" is set: did you mean that?); {REMEDY}',
        ),
        ("env:ZZZ", f"the environment variable ZZZ {NOT_SET}; {REMEDY}"),
        ("file:", '"file:" names no file; write file:PATH'),
        ("file:nothing", "file:nothing cannot be read: No such file or directory; put the secret into that file"),
        ("file:.", "file:. cannot be read: Is a directory; put the secret into that file"),
        ("file:empty", "file:empty is empty; put the secret into that file"),
        ("file:binary", "file:binary is not UTF-8; save it as UTF-8 text"),
        ("file:large", "file:large is larger than 64 KiB; name a file that holds only the secret"),
    ],
)
def test_a_secret_that_is_not_there_is_reported_without_showing_any(
    tmp_path: Path, reference: str, message: str
) -> None:
    (tmp_path / "empty").write_text(" \n")
    (tmp_path / "binary").write_bytes(b"canary\xff")
    (tmp_path / "large").write_text("canary" * MAX_SECRET_FILE)
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        Secrets({"SMTP_URL": "canary", "EMPTY": " "}, tmp_path).resolve(reference)


def test_the_address_of_a_source_may_be_a_secret(loaded: Callable[..., Config], tmp_path: Path) -> None:
    (tmp_path / "address").write_text("https://example.org/feed/canarycanary\n")
    (source,) = loaded(SOURCE.format(url="file:address")).sources
    assert (source.url, source.shown_url) == ("https://example.org/feed/canarycanary", "file:address")


def test_what_a_source_gets_by_reference_is_redacted(loaded: Callable[..., Config]) -> None:
    config = loaded(SOURCE.format(url="env:FEED"), {"FEED": "https://example.org/feed?token=canarycanary"})
    log = "GET https://example.org/feed?token=canarycanary failed; GET /feed?token=canarycanary"
    assert "canary" not in redact(log, config.secrets)


def test_an_address_by_reference_that_cannot_be_polled_is_named_by_its_reference(
    problems: Callable[..., list[str]],
) -> None:
    found = problems(SOURCE.format(url="env:FEED"), {"FEED": "gopher://canary.example"})
    message = '"env:FEED" is not an http or https address; it must begin with https:// or http://'
    assert found == [f'sources.toml:3:7: [[source]] "a": {message}']


def test_a_password_in_an_address_is_masked_hidden_and_warned_about(loaded: Callable[..., Config]) -> None:
    config = loaded(SOURCE.format(url="https://me:canary@example.org/feed"))
    (source,) = config.sources
    assert source.url == "https://me:canary@example.org/feed"
    assert source.shown_url == "https://me:***@example.org/feed"
    assert [secret.reveal() for secret in config.secrets] == ["canary"]
    assert any("secret stored in plain text" in str(warning) for warning in config.warnings)


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("https://example.org/", "https://example.org/"),
        ("https://me@example.org/", "https://me@example.org/"),
        ("https://me:p@ss@example.org/", "https://me:***@example.org/"),
        ("https://p:p@example.org/p:p@", "https://p:p@example.org/p:***@"),
        ("https://[::1", "https://[::1"),
    ],
)
def test_only_the_password_of_an_address_is_masked(url: str, shown: str) -> None:
    assert mask_password(url) == shown


def test_the_parts_of_a_secret_address_are_hidden_too() -> None:
    hidden = values_to_redact(
        [
            Secret("https://hooks.example/services/T0/B0/CANARYSECRET", "env:HOOK"),
            Secret("smtps://user:c%40nary@mail.example:465", "file:smtp"),
            Secret("https://[broken", "env:BROKEN"),
            Secret("abc", "env:SHORT"),
            Secret("smtp://127.0.0.1:25"),
        ]
    )
    log = "POST /services/T0/B0/CANARYSECRET ok; tail CANARYSECRET; login c%40nary c@nary; abc; smtp://127.0.0.1:25"
    assert redact(log, hidden) == "POST /*** ok; tail ***; login *** ***; abc; smtp://127.0.0.1:25"


@pytest.mark.parametrize(
    ("value", "origin", "open_"),
    [
        ("hunter2", "inline", True),
        ("smtp://user:password@host", "inline", True),
        ("https://hooks.example/services/T0/B0/CANARYSECRET", "inline", True),
        ("smtp://host:25", "inline", False),
        ("http://proxy:3128", "inline", False),
        ("hunter2", "env:X", False),
    ],
)
def test_a_secret_is_in_plain_text_when_the_file_itself_holds_it(value: str, origin: str, open_: bool) -> None:
    assert is_plaintext(Secret(value, origin)) is open_


@pytest.mark.parametrize(("query", "hidden"), [("api_key=canary12", ["canary12"]), ("key=bitcoin&page=12", [])])
def test_a_key_in_an_address_is_warned_about(loaded: Callable[..., Config], query: str, hidden: list[str]) -> None:
    config = loaded(SOURCE.format(url=f"https://example.org/feed?{query}"))
    assert [secret.reveal() for secret in config.secrets] == hidden
    assert any("secret stored in plain text" in str(warning) for warning in config.warnings) == bool(hidden)


def test_a_proxy_with_a_password_in_the_file_is_a_warning(warnings: Callable[[str], list[str]]) -> None:
    found = warnings('[fetch]\nproxy = "http://user:canary@proxy.example:3128"')
    assert "sources.toml:2:9: [fetch]: secret stored in plain text; write env:NAME or file:PATH instead" in found
    assert not any("canary" in line for line in found)
