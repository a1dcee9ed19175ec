"""What the options of several kinds of channels have in common."""

from __future__ import annotations

import ipaddress
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, ValidationInfo


def _beside_the_configuration(path: Path, info: ValidationInfo) -> Path:
    return Path((info.context or {}).get("folder", "")) / path.expanduser()


BesideConfiguration = Annotated[Path, AfterValidator(_beside_the_configuration)]
"""A path; a relative one begins at the folder of the configuration (`folder` in the context of the validation)."""


def on_this_machine(host: str) -> bool:
    """Whether a host, as an address names it, is this machine by its very name: no name server is asked."""
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
