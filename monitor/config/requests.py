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

LONGEST: Final = 8192  # bytes; servers refuse longer headers
SHORTEST_SECRET: Final = 6  # shorter values are part of any other word

_NAME: Final = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")  # a token of RFC 9110, 5.6.2
_VALUE: Final = re.compile(r"[!-~]+(?:[ \t]+[!-~]+)*")  # RFC 9110, 5.5, without what is not ASCII
_PIECE: Final = re.compile(r"[^\s;,=\"]{8,}")
_TOKEN: Final = re.compile(r"\d.*[^\W\d]|[^\W\d].*\d")  # words have no digits among their letters
_SECRET_NAME: Final = re.compile(r"auth|cookie|key|pass|secret|session|sign|token", re.IGNORECASE)

_OURS: Final = {
    "host": "it follows from url",
    "content-length": "it follows from the body",
    "accept-encoding": "the program asks only for encodings that it can unpack safely",
    "user-agent": 'write user_agent = "…" next to url instead',
    "range": "documents are always read as a whole",
}
_CONDITIONS: Final = "the program already asks whether something has changed"
_CONNECTION: Final = "it controls the connection, which the program manages"
_OF_THE_CONNECTION: Final = frozenset({
    "connection", "expect", "http2-settings", "keep-alive", "te", "trailer", "transfer-encoding", "upgrade",
})  # fmt: skip


def read_request(findings: Findings, path: Path, read: SourceTable, options: BaseModel, secrets: Secrets) -> Request:
    """Return the request of the source whose table is at `path`; errors are noted."""
    stated = list(_headers(findings, (*path, "headers"), read.headers, secrets))
    posting = options if isinstance(options, PostOptions) else PostOptions()
    parts = _secret_values([value for _, value, secret in stated if secret], posting)
    secrets.found.extend(map(Secret, parts))
    if posting.body is not None and posting.body.is_plaintext:
        warn_plaintext_secret(findings, (*path, "body"))
    if read.user_agent is not None:
        _check_agent(findings, (*path, "user_agent"), read.user_agent)
    if parts and not read.verify:
        warn_unverified_secret(findings, path)
    return Request(
        method=posting.method,
        body=posting.body.content if posting.body else None,
        headers=_with_content_type(tuple((name, value) for name, value, _ in stated), posting),
        user_agent=read.user_agent,
        verify=read.verify,
        tls=read.tls,
        secrets=parts,
    )


def warn_unverified_secret(findings: Findings, path: Path) -> None:
    """Warn that the source at `path` sends a secret to a server whose identity is not checked."""
    what = "with verify = false anybody on the network path can read the secrets in the request"
    findings.warning((*path, "verify"), what, "remove verify, or the secret")


def _with_content_type(headers: tuple[tuple[str, str], ...], posting: PostOptions) -> tuple[tuple[str, str], ...]:
    """Return `headers`, with the content type of the body unless they have one."""
    if posting.body is None or any(name.lower() == "content-type" for name, _ in headers):
        return headers
    return (*headers, ("Content-Type", posting.body.content_type))


def _headers(
    findings: Findings, path: Path, stated: dict[str, str], secrets: Secrets
) -> Iterator[tuple[str, str, bool]]:
    """Yield each header without errors: its name, its value, and whether that is a secret."""
    seen: dict[str, str] = {}
    for name, value in stated.items():
        at = (*path, name)
        try:
            _check_name(name, seen)
            resolved = secrets.resolve(value).reveal() if is_reference(value) else value
            _check_value(resolved)
        except ValueError as wrong:
            findings.value_error(at, wrong)
            continue
        if in_plaintext := not is_reference(value) and _SECRET_NAME.search(name) is not None:
            secrets.found.append(Secret(value))
            warn_plaintext_secret(findings, at)
        yield name, resolved, in_plaintext or is_reference(value)


def _check_name(name: str, seen: dict[str, str]) -> None:
    """Refuse, by a ValueError, names that no header can have, and headers that must not be set."""
    low = name.lower()
    if not _NAME.fullmatch(name):
        raise ValueError(f'"{name}" is not a header name; use letters, digits and - only')
    reason = _OURS.get(low)
    if low.startswith("if-"):
        reason = _CONDITIONS
    elif low in _OF_THE_CONNECTION or low.startswith("proxy-"):
        reason = _CONNECTION
    if reason is not None:
        raise ValueError(f"the header {name} cannot be set; {reason}")
    if low in seen:
        raise ValueError(f"the header {name} is set twice; remove one")
    seen[low] = name


def _check_value(value: str) -> None:
    """Refuse, by a ValueError, values that no header can have. The message does not show the value."""
    if not value.strip():
        raise ValueError("a header must not be blank; give it a value, or remove it")
    if "\r" in value or "\n" in value:
        raise ValueError("a header must not contain a line break; write it on one line")
    if not _VALUE.fullmatch(value):
        raise ValueError(
            "a header may contain only printable ASCII, and no space at its start or end; write other characters "
            "in the form that the server expects, usually as %XX"
        )
    if len(value) > LONGEST:
        raise ValueError(f"a header has at most {LONGEST} characters; the server would refuse it")


def _check_agent(findings: Findings, path: Path, agent: str) -> None:
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


def _secret_values(headers: Iterable[str], posting: PostOptions) -> tuple[str, ...]:
    """Return the texts to hide everywhere: secret headers and their secret parts, secret values of the body."""
    parts: list[str] = []
    for value in headers:
        parts += [value] if len(value) >= SHORTEST_SECRET else []
        # What looks like a token: after `Bearer`, in a cookie.
        parts += [piece for piece in _PIECE.findall(value) if _TOKEN.search(piece)]
    parts += [value for value in (posting.body.secrets if posting.body else ()) if len(value) >= SHORTEST_SECRET]
    return tuple(dict.fromkeys(parts))
