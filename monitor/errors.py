"""The exceptions of the program.

    MonitorError
    ├── UserError                  the user's input is wrong: the command exits with 2
    │   ├── ConfigError            sources.toml or the environment is wrong; lists every problem found
    │   ├── RuleError              a rule expression is wrong; has the line and column within it
    │   └── UsageError             an argument of a command is wrong
    ├── LockHeld                   another process works on this database: the command exits with 1
    ├── OrderFailed                the daemon did not do what a command asked it to do: the command exits with 1
    ├── StoreError                 the database cannot be used as it is
    │   ├── DatabaseFailed         the database itself failed, for example on a full disk
    │   ├── LockLost               this process lost its lock on the database; another process may have it
    │   ├── MigrationNeeded        the database's schema is older or newer than this program
    │   └── NotClaimed             the delivery or order is not claimed by this process
    ├── ReaderFailed               a child process that read untrusted bytes was killed or crashed
    └── Stopped                    the program is stopping, and did not do what it was asked to do

Expected failures (a server that does not answer, a mail that is refused) are not exceptions. They are values
(`monitor.fetch.FetchError`, `monitor.model.Outcome`).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial


class MonitorError(Exception):
    """The base class of all errors that this program raises on purpose."""


class UserError(MonitorError):
    """The user's input is wrong. The message names the place and the remedy."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One problem in a file: where it is, what is wrong, and how to fix it.

    `line` is 0 for a problem of no single line.
    """

    file: str
    line: int
    column: int
    where: str
    what: str
    remedy: str = ""

    def __str__(self) -> str:
        """Return `sources.toml:LINE:COLUMN: [[source]] "name": what is wrong; how to fix it`."""
        text = f"{self.what}; {self.remedy}" if self.remedy else self.what
        place = f"{self.file}:{self.line}:{self.column}" if self.line else self.file
        return f"{place}: {self.where}: {text}" if self.where else f"{place}: {text}"


class ConfigError(UserError):
    """The configuration is wrong. `problems` are all its problems."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__("\n".join(str(problem) for problem in problems))
        self.problems = problems


class RuleError(UserError):
    """A rule expression that cannot be used. `line` and `column` count from 1 within the expression.

    `around` is the text of the expression around that place, with ▸ at the place. It is empty if the text is not known.
    """

    def __init__(self, rule: str, line: int, column: int, message: str, hint: str = "", *, around: str = "") -> None:
        text = f"{message}, at {around}" if around else message
        text = f"{text}; {hint}" if hint else text
        super().__init__(f'rule "{rule}", line {line}, column {column}: {text}')
        self.rule = rule
        self.line = line
        self.column = column
        self.message = message
        self.hint = hint
        self.around = around

    def __reduce__(self) -> tuple[partial[RuleError], tuple[str, int, int, str, str]]:
        again = partial(type(self), around=self.around)
        return again, (self.rule, self.line, self.column, self.message, self.hint)


class UsageError(UserError):
    """An argument of a use case is wrong. `argument` is its name, `what` says what is wrong and what to do.

    The message names the command-line option of the argument.
    """

    def __init__(self, what: str, *, argument: str = "") -> None:
        super().__init__(f"--{argument}: {what}" if argument else what)
        self.what = what
        self.argument = argument


class LockHeld(MonitorError):
    """Another process has locked the database. `holder` describes that process: its command, number and host."""

    def __init__(self, holder: str) -> None:
        super().__init__(f"the database is in use by {holder}; stop it first, or wait until it is done")
        self.holder = holder


class OrderFailed(MonitorError):
    """The daemon did not carry out a command's order: it took too long, failed, or died."""


class StoreError(MonitorError):
    """The database cannot be used in its present state."""


class DatabaseFailed(StoreError):
    """The database itself failed: a full disk, a lost connection, a lock that stays. The current write is lost."""


class LockLost(StoreError):
    """The lock that this process held on the database is gone: another process may be at work."""


class MigrationNeeded(StoreError):
    """The schema of the database is older or newer than this program expects."""


class NotClaimed(StoreError):
    """This process wants to finish a delivery or order that it has not claimed, or whose claim it has lost."""


class ReaderFailed(MonitorError):
    """A child process that read untrusted bytes exceeded a limit or died. `reason` says what happened."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Stopped(MonitorError):
    """The program is stopping, so a request was not carried out. This is not a failure.

    The request gate and the reader pool raise it after they were aborted. Polls and orders catch it.
    """

    def __init__(self) -> None:
        super().__init__("the program is stopping")
