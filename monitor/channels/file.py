"""The channel that writes each edition as a file into a folder. It needs no account and no secret."""

from __future__ import annotations

import json
import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field

from monitor.channels.base import ChannelKind, PreflightProblem, ProbeResult, RelativeToConfiguration, SendLimits
from monitor.channels.render import as_html, as_text, message_as_html, message_as_text
from monitor.model import Edition, OperatorMessage, Outcome, Payload

_UNSAFE_CHARACTERS: Final = re.compile(r"[^\w-]+")
_MAX_NAME_LENGTH: Final = 80


class Options(BaseModel):
    """The options of `kind = "file"`."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    folder: RelativeToConfiguration = Field(
        description="The folder, relative to the configuration; created if it does not exist."
    )
    format: Literal["html", "text"] = Field("html", description="The format of the files.")


@dataclass(frozen=True, slots=True)
class FileChannel:
    """Writes editions into a folder."""

    name: str
    options: Options
    kind: str = "file"

    @property
    def recipients(self) -> tuple[str, ...]:
        """The folder."""
        return (str(self.options.folder),)

    def render(self, edition: Edition) -> tuple[Payload, ...]:
        """Return one file, with a name that sorts by time."""
        content = as_html(edition) if self.options.format == "html" else as_text(edition)
        return (self._payload(f"{edition.window.slot} {edition.digest}", content),)

    def render_message(self, message: OperatorMessage) -> Payload:
        """Return one file, whose name begins with the time of the message."""
        content = message_as_html(message) if self.options.format == "html" else message_as_text(message)
        local = message.at.astimezone(ZoneInfo(message.timezone))
        return self._payload(f"{local:%Y-%m-%d %H:%M} operator", content)

    def _payload(self, name: str, content: str) -> Payload:
        stem = _UNSAFE_CHARACTERS.sub("-", name).strip("-")[:_MAX_NAME_LENGTH]
        suffix = "html" if self.options.format == "html" else "txt"
        return Payload(json.dumps({"stem": stem, "suffix": suffix, "content": content}))

    def send(self, payload: Payload, recipient: str, message_id: str) -> Outcome:
        """Write the file. A repeated attempt overwrites the same file, so no edition appears twice."""
        part = json.loads(payload.body)
        folder = Path(recipient)
        path = folder / f"{part['stem']}-{message_id[:8]}.{part['suffix']}"
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            _write(path, part["content"])
        except OSError as error:
            problem = folder_problem(folder)
            return Outcome("retry", f"{problem.what}; {problem.remedy}" if problem else f"{path}: {error.strerror}")
        return Outcome("sent", f"written to {path}")


def folder_problem(folder: Path) -> PreflightProblem | None:
    """Return why files cannot be written into `folder`; None if they can."""
    try:
        existing = next(place for place in (folder, *folder.absolute().parents) if place.exists() or place.is_symlink())
        usable = existing.is_dir()
    except OSError as error:
        return PreflightProblem(
            "folder", f"{folder}: {error.strerror}", "name another folder, or change the rights of this one"
        )
    if not usable:
        return PreflightProblem(
            "folder", f"{existing} is not a folder", "name another folder, or move what is in the way"
        )
    if not os.access(existing, os.W_OK | os.X_OK):
        return PreflightProblem(
            "folder", f"{existing}: nothing may be written there", "name another folder, or change its rights"
        )
    return None


def _write(path: Path, content: str) -> None:
    """Write the whole file or nothing: a reader of the folder never sees half a digest.

    Only the user who runs this program may read the file, because the topics that somebody watches are private.
    """
    partial = path.with_suffix(f"{path.suffix}.part")
    partial.unlink(missing_ok=True)  # a file that a killed process left would keep its old permissions
    partial.touch(mode=0o600, exist_ok=False)
    with partial.open("w", encoding="utf-8") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    partial.replace(path)


def _probe(options: Options, _: SendLimits) -> ProbeResult:
    problem = folder_problem(options.folder)
    return ProbeResult(problem is None, problem.what if problem else f"{options.folder}: files can be written there")


KIND: Final = ChannelKind(
    Options,
    lambda name, options, _: FileChannel(name, options),
    lambda options: folder_problem(options.folder),
    formats={"text": as_text, "html": as_html},
    starter={"folder": "digests"},
    synonyms=("files", "folder", "directory", "html", "text", "disk", "文件"),
    probe=_probe,
)
