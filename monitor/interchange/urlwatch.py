"""Read jobs of urlwatch (https://urlwatch.readthedocs.io/en/latest/jobs.html): YAML with one document for each job.

A job reports that a page changed. A source reports new entries of a list. So a job becomes a source for the list on its
page, and the selector of its filter becomes the selector of that list.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final
from urllib.parse import urlencode

from monitor.interchange.base import CandidateBuilder, ParsedFile, SourceCandidate, Unmapped
from monitor.interchange.filters import filter_steps, map_filters
from monitor.interchange.lists import is_feed_address
from monitor.interchange.yamls import documents

_JOB_KEY: Final = re.compile(r"^\s*(?:- )?(?:url|navigate|command):", re.MULTILINE)
_PLACEHOLDER: Final = re.compile(r"\{\{.*?\}\}|\{%.*?%\}")

_HANDLED_KEYS: Final = {
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
_IGNORED_KEYS: Final = {"tags", "enabled", "max_tries", "user_visible_url", "note", "guid"}
_JOB_KINDS: Final = ("url", "browser", "cloudscraper")
_REASONS: Final = {
    "wait_until": "scripts are not run",
    "wait_for": "scripts are not run",
    "diff_filter": "this program does not compare texts: it reports new entries",
    "diff_tool": "this program does not compare texts: it reports new entries",
    "http_proxy": "all sources use one proxy: [fetch] proxy",
    "https_proxy": "all sources use one proxy: [fetch] proxy",
    "timeout": "the program has its own time limits",
    "cookies": "write them as a header, best as a secret",
    "ignore_connection_errors": "after errors the program waits longer; monitor status shows them",
    "compared_versions": "entries are identified by their addresses",
}


def is_job_list(text: str) -> bool:
    """Return whether `text` has keys of urlwatch jobs."""
    return not text.lstrip().startswith("<") and _JOB_KEY.search(text) is not None


def parse(text: str) -> ParsedFile:
    """Return the jobs in `text`. Raises UnreadableFile if it is not YAML."""
    candidates: list[SourceCandidate] = []
    unmapped: list[Unmapped] = []
    for where, job in _jobs_with_places(text):
        outcome = _read_job(where, job)
        if isinstance(outcome, SourceCandidate):
            candidates.append(outcome)
        else:
            unmapped.append(outcome)
    return ParsedFile(tuple(candidates), tuple(unmapped))


def _jobs_with_places(text: str) -> Iterator[tuple[str, Any]]:
    """Yield each job with its place, including jobs in a list or under the key `jobs`."""
    for document in documents(text):
        where, value = f"line {document.line}", document.value
        if isinstance(value, dict) and isinstance(value.get("jobs"), list):
            value = value["jobs"]
        if isinstance(value, list):
            yield from ((f"{where}, item {number}", job) for number, job in enumerate(value, start=1))
        elif value is not None:
            yield where, value


def _read_job(where: str, job: Any) -> SourceCandidate | Unmapped:
    if not isinstance(job, dict):
        return Unmapped(where, str(job)[:80], "this is not a job")
    called = str(job.get("name") or job.get("url") or job.get("navigate") or job.get("command") or "the job")[:200]
    if reason := _why_no_source(job):
        return Unmapped(where, called, reason)
    builder = CandidateBuilder(where)
    url = str(job.get("url") or job.get("navigate"))
    name = str(job.get("name") or "")
    builder.table |= {"name": "" if _PLACEHOLDER.search(name) else name, "url": url}
    if is_feed_address(url.partition("?")[0]):
        builder.table["kind"] = "feed"
    if tags := job.get("tags"):
        builder.table["tags"] = [str(tag) for tag in tags] if isinstance(tags, list) else [str(tags)]
    _map_request(builder, job)
    map_filters(builder, job.get("filter"))
    if "navigate" in job or job.get("kind") == "browser":
        builder.leave_out(
            "navigate", "scripts are not run; if the list is missing, look for the address that the page loads"
        )
    for key in map(str, job):
        if key not in _HANDLED_KEYS | _IGNORED_KEYS:
            builder.leave_out(key, _REASONS.get(key, "this program has no equivalent"))
    return builder.build()


def _why_no_source(job: Mapping[str, Any]) -> str:
    """Return why a job cannot become a source; "" if it can."""
    url = job.get("url") or job.get("navigate")
    if "command" in job:
        return "it runs a command; commands are not run"
    if not isinstance(url, str):
        return "it has no address"
    if _PLACEHOLDER.search(url):
        return "its address is a template"
    if job.get("enabled") is False:
        return "it is switched off"
    if str(job.get("kind") or "url") not in _JOB_KINDS:
        return f"its kind, {job['kind']}, needs another program"
    kinds = {kind for kind, _ in filter_steps(job.get("filter"))}
    if kinds & {"pdf2text", "ocr"} or url.lower().partition("?")[0].endswith((".pdf", ".png", ".jpg")):
        return "it watches a document, not a list of entries"
    if kinds & {"ical2text"} or url.lower().endswith(".ics"):
        return "it watches a calendar"
    return ""


def _map_request(builder: CandidateBuilder, job: Mapping[str, Any]) -> None:
    """Translate the request of a job. A job that sends a body becomes a source of the kind `api`."""
    headers = job.get("headers")
    builder.add_headers(headers if isinstance(headers, dict) else {})
    if job.get("user_agent"):
        builder.table["user_agent"] = str(job["user_agent"])
    if job.get("ssl_no_verify") is True:
        builder.table["verify"] = False
    data, method = job.get("data"), str(job.get("method") or ("POST" if "data" in job else "GET")).upper()
    if method != "GET" or data is not None:
        builder.table |= {"kind": "api", "method": method}
        builder.needs |= {"method"}
        if data is not None:
            form = {str(key): str(value) for key, value in data.items()} if isinstance(data, dict) else None
            builder.table["body"] = str(data) if form is None else urlencode(form)  # as browsers encode form fields
            builder.needs |= {"body"}
