"""Jobs of urlwatch (https://urlwatch.readthedocs.io/en/latest/jobs.html): YAML, a document for each.

A job tells when a page changed; a source tells what is new in a list. So a job becomes a source for the list on its
page, and what a filter picks out becomes the place where that list is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from monitor.interchange.base import Candidate, Collecting, Parsed, Unmapped
from monitor.interchange.filters import map_filters, steps_of
from monitor.interchange.lists import looks_like_feed
from monitor.interchange.yamls import documents

_FITS: Final = re.compile(r"^\s*(?:- )?(?:url|navigate|command):", re.MULTILINE)
_PLACEHOLDER: Final = re.compile(r"\{\{.*?\}\}|\{%.*?%\}")

_TAKEN: Final = {
    "name",
    "url",
    "navigate",
    "kind",
    "filter",
    "headers",
    "data",
    "method",
    "ssl_no_verify",
    "user_agent",
}
_KEPT: Final = {"tags", "enabled", "max_tries", "user_visible_url", "note", "guid"}
_KINDS: Final = ("url", "browser", "cloudscraper")
_REASONS: Final = {
    "wait_until": "no scripts are run",
    "wait_for": "no scripts are run",
    "diff_filter": "there is no difference of texts: new entries are news",
    "diff_tool": "there is no difference of texts: new entries are news",
    "http_proxy": "the proxy is one for all sources: [fetch] proxy",
    "https_proxy": "the proxy is one for all sources: [fetch] proxy",
    "timeout": "time limits are those of the program",
    "cookies": "write them as a header, best as a secret",
    "ignore_connection_errors": "errors back off by themselves and are shown in monitor status",
    "compared_versions": "entries are told apart by their addresses",
}


def fits(text: str) -> bool:
    """Return whether `text` has the keys of jobs."""
    return not text.lstrip().startswith("<") and _FITS.search(text) is not None


def parse(text: str) -> Parsed:
    """Return the jobs of `text`. Raises Unreadable."""
    candidates: list[Candidate] = []
    unmapped: list[Unmapped] = []
    for where, job in _jobs(text):
        read = _job(where, job)
        if isinstance(read, Candidate):
            candidates.append(read)
        else:
            unmapped.append(read)
    return Parsed(tuple(candidates), tuple(unmapped))


def _jobs(text: str) -> Iterator[tuple[str, Any]]:
    """Yield each job with its place; those of a list, or under `jobs`, one by one."""
    for document in documents(text):
        where, value = f"line {document.line}", document.value
        if isinstance(value, dict) and isinstance(value.get("jobs"), list):
            value = value["jobs"]
        if isinstance(value, list):
            yield from ((f"{where}, item {number}", job) for number, job in enumerate(value, start=1))
        elif value is not None:
            yield where, value


def _job(where: str, job: Any) -> Candidate | Unmapped:
    if not isinstance(job, dict):
        return Unmapped(where, str(job)[:80], "this is no job")
    called = str(job.get("name") or job.get("url") or job.get("navigate") or job.get("command") or "the job")[:200]
    if reason := _why_not(job):
        return Unmapped(where, called, reason)
    read = Collecting(where)
    url = str(job.get("url") or job.get("navigate"))
    name = str(job.get("name") or "")
    read.table |= {"name": "" if _PLACEHOLDER.search(name) else name, "url": url}
    if looks_like_feed(url.partition("?")[0]):
        read.table["kind"] = "feed"
    if tags := job.get("tags"):
        read.table["tags"] = [str(tag) for tag in tags] if isinstance(tags, list) else [str(tags)]
    _request(read, job)
    map_filters(read, job.get("filter"))
    if "navigate" in job or job.get("kind") == "browser":
        read.leave("navigate", "no scripts are run; if the list is missing, look for the address that the page loads")
    for key in map(str, job):
        if key not in _TAKEN | _KEPT:
            read.leave(key, _REASONS.get(key, "it has no counterpart"))
    return read.candidate()


def _why_not(job: Mapping[str, Any]) -> str:
    """Return why a job is no source at all; "" when it may be one."""
    url = job.get("url") or job.get("navigate")
    if "command" in job:
        return "it runs a command; nothing is run here"
    if not isinstance(url, str):
        return "it has no address"
    if _PLACEHOLDER.search(url):
        return "its address is a template"
    if job.get("enabled") is False:
        return "it is switched off"
    if str(job.get("kind") or "url") not in _KINDS:
        return f"its kind, {job['kind']}, is a program of its own"
    kinds = {kind for kind, _ in steps_of(job.get("filter"))}
    if kinds & {"pdf2text", "ocr"} or url.lower().partition("?")[0].endswith((".pdf", ".png", ".jpg")):
        return "it watches a document, not a list of entries"
    if kinds & {"ical2text"} or url.lower().endswith(".ics"):
        return "it watches a calendar"
    return ""


def _request(read: Collecting, job: Mapping[str, Any]) -> None:
    """Take over what is sent with the request. A body makes it another question, whose answer is no page."""
    headers = job.get("headers")
    read.send(headers if isinstance(headers, dict) else {})
    if job.get("user_agent"):
        read.table["user_agent"] = str(job["user_agent"])
    if job.get("ssl_no_verify") is True:
        read.table["verify"] = False
    data, method = job.get("data"), str(job.get("method") or ("POST" if "data" in job else "GET")).upper()
    if method != "GET" or data is not None:
        read.table |= {"kind": "api", "method": method}
        read.needs |= {"method"}
        if data is not None:
            read.table["body"] = data if isinstance(data, str) else _form(data)
            read.needs |= {"body"}


def _form(data: object) -> str:
    """Fields as a browser sends them."""
    from urllib.parse import urlencode

    return urlencode({str(key): str(value) for key, value in data.items()}) if isinstance(data, dict) else str(data)
