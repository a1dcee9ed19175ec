"""Read how a source is requested: `headers`, `user_agent`, `verify`, `tls`, and the body of a POST."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final

from pydantic import BaseModel

from monitor.config.findings import Findings
from monitor.config.kinds import warn_plaintext_secret
from monitor.config.positions import Path
from monitor.config.secrets import Secrets
from monitor.config.tables import SourceTable
from monitor.model import Request
from monitor.secret import Secret, is_reference
from monitor.sources.posting import PostOptions

MAX_HEADER_LENGTH: Final = 8192  # bytes; servers refuse longer headers
MIN_SECRET_LENGTH: Final = 6  # shorter values may be parts of ordinary words

_HEADER_NAME: Final = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")  # a token of RFC 9110, 5.6.2
_HEADER_VALUE: Final = re.compile(r"[!-~]+(?:[ \t]+[!-~]+)*")  # RFC 9110, 5.5, but only ASCII
_HEADER_PART: Final = re.compile(r"[^\s;,=\"]{8,}")
_LOOKS_LIKE_TOKEN: Final = re.compile(r"\d.*[^\W\d]|[^\W\d].*\d")  # letters and digits mixed, unlike words
_SECRET_NAME: Final = re.compile(r"auth|cookie|key|pass|secret|session|sign|token", re.IGNORECASE)

_RESERVED_HEADERS: Final = {
    "host": "it follows from url",
    "content-length": "it follows from the body",
    "accept-encoding": "the program asks only for encodings that it can unpack safely",
    "user-agent": 'write user_agent = "…" next to url instead',
    "range": "documents are always read as a whole",
}
_CONDITIONAL_REASON: Final = "the program already asks whether something has changed"
_CONNECTION_REASON: Final = "it controls the connection, which the program manages"
_CONNECTION_HEADERS: Final = frozenset({
    "connection", "expect", "http2-settings", "keep-alive", "te", "trailer", "transfer-encoding", "upgrade",
})  # fmt: skip


def read_request(findings: Findings, path: Path, table: SourceTable, options: BaseModel, secrets: Secrets) -> Request:
    """Return the request of the source whose table is at `path`. Errors are added to `findings`."""
    headers = list(_read_headers(findings, (*path, "headers"), table.headers, secrets))
    post_options = options if isinstance(options, PostOptions) else PostOptions()
    parts = _secret_values([value for _, value, secret in headers if secret], post_options)
    secrets.found.extend(map(Secret, parts))
    if post_options.body is not None and post_options.body.is_plaintext:
        warn_plaintext_secret(findings, (*path, "body"))
    if table.user_agent is not None:
        _check_user_agent(findings, (*path, "user_agent"), table.user_agent)
    if parts and not table.verify:
        warn_unverified_secret(findings, path)
    return Request(
        method=post_options.method,
        body=post_options.body.content if post_options.body else None,
        headers=_add_content_type(tuple((name, value) for name, value, _ in headers), post_options),
        user_agent=table.user_agent,
        verify=table.verify,
        tls=table.tls,
        secrets=parts,
    )


def warn_unverified_secret(findings: Findings, path: Path) -> None:
    """Warn that the source at `path` sends a secret to a server whose identity is not checked."""
    what = "with verify = false anybody on the network path can read the secrets in the request"
    findings.warning((*path, "verify"), what, "remove verify, or the secret")


def _add_content_type(headers: tuple[tuple[str, str], ...], post_options: PostOptions) -> tuple[tuple[str, str], ...]:
    """Return `headers`, with the content type of the body added if they have no content type."""
    if post_options.body is None or any(name.lower() == "content-type" for name, _ in headers):
        return headers
    return (*headers, ("Content-Type", post_options.body.content_type))


def _read_headers(
    findings: Findings, path: Path, headers: dict[str, str], secrets: Secrets
) -> Iterator[tuple[str, str, bool]]:
    """Yield each header without errors: its name, its value, and whether the value is a secret."""
    seen: dict[str, str] = {}
    for name, value in headers.items():
        header_path = (*path, name)
        try:
            _check_name(name, seen)
            resolved = secrets.resolve(value).reveal() if is_reference(value) else value
            _check_value(resolved)
        except ValueError as wrong:
            findings.value_error(header_path, wrong)
            continue
        if in_plaintext := not is_reference(value) and _SECRET_NAME.search(name) is not None:
            secrets.found.append(Secret(value))
            warn_plaintext_secret(findings, header_path)
        yield name, resolved, in_plaintext or is_reference(value)


def _check_name(name: str, seen: dict[str, str]) -> None:
    """Raise ValueError if no header can have this name, or if the header must not be set."""
    lower = name.lower()
    if not _HEADER_NAME.fullmatch(name):
        raise ValueError(f'"{name}" is not a header name; use letters, digits and - only')
    reason = _RESERVED_HEADERS.get(lower)
    if lower.startswith("if-"):
        reason = _CONDITIONAL_REASON
    elif lower in _CONNECTION_HEADERS or lower.startswith("proxy-"):
        reason = _CONNECTION_REASON
    if reason is not None:
        raise ValueError(f"the header {name} cannot be set; {reason}")
    if lower in seen:
        raise ValueError(f"the header {name} is set twice; remove one")
    seen[lower] = name


def _check_value(value: str) -> None:
    """Raise ValueError if no header can have this value. The message does not contain the value."""
    if not value.strip():
        raise ValueError("a header must not be blank; give it a value, or remove it")
    if "\r" in value or "\n" in value:
        raise ValueError("a header must not contain a line break; write it on one line")
    if not _HEADER_VALUE.fullmatch(value):
        raise ValueError(
            "a header may contain only printable ASCII, and no space at its start or end; write other characters "
            "in the form that the server expects, usually as %XX"
        )
    if len(value) > MAX_HEADER_LENGTH:
        raise ValueError(f"a header has at most {MAX_HEADER_LENGTH} characters; the server would refuse it")


def _check_user_agent(findings: Findings, path: Path, agent: str) -> None:
    if is_reference(agent):
        findings.error(
            path, "a user agent is not a secret: it is also sent to the targets of redirects", "write the text itself"
        )
        return
    try:
        _check_value(agent)
    except ValueError as wrong:
        what, _, remedy = str(wrong).partition("; ")
        findings.error(path, what.replace("a header", "a user agent"), remedy)


def _secret_values(headers: Iterable[str], post_options: PostOptions) -> tuple[str, ...]:
    """Return the texts to mask everywhere: secret headers and their secret parts, and secret values of the body."""
    parts: list[str] = []
    for value in headers:
        parts += [value] if len(value) >= MIN_SECRET_LENGTH else []
        # Parts that look like tokens, for example after `Bearer` or in a cookie.
        parts += [piece for piece in _HEADER_PART.findall(value) if _LOOKS_LIKE_TOKEN.search(piece)]
    parts += [
        value for value in (post_options.body.secrets if post_options.body else ()) if len(value) >= MIN_SECRET_LENGTH
    ]
    return tuple(dict.fromkeys(parts))
