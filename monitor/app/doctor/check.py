"""The result of one check of the installation."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Literal

from monitor.errors import Problem

Topic = Literal["configuration", "database", "clock", "dns", "channel"]
State = Literal["ok", "warning", "failed"]


@dataclass(frozen=True, slots=True)
class Check:
    """What was checked (`subject`: which file, host or channel), the result, and what to do if it is not "ok"."""

    topic: Topic
    subject: str
    state: State
    message: str
    remedy: str = ""


def ok(topic: Topic, subject: str, message: str) -> Check:
    """Return the result of a check that found nothing wrong."""
    return Check(topic, subject, "ok", message)


def _with_state(state: State, topic: Topic, subject: str, message: str, remedy: str) -> Check:
    return Check(topic, subject, state, message, remedy)


warning = partial(_with_state, "warning")
failed = partial(_with_state, "failed")


def from_problem(problem: Problem) -> Check:
    """Return the failed check for a problem of the configuration, with its place as the subject."""
    place = f"{problem.file}:{problem.line}:{problem.column}" if problem.line else problem.file
    message = f"{problem.where}: {problem.what}" if problem.where else problem.what
    return failed("configuration", place, message, problem.remedy or "see monitor check")
