"""The form in which the discovered endpoint of a source is stored."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Row

from monitor.model import Endpoint


def endpoint_values(found: Endpoint | None) -> dict[str, Any]:
    """Return the column values of a discovered endpoint."""
    if found is None:
        return {"found_kind": None, "found_url": None, "found_reason": None, "found_at": None}
    return {"found_kind": found.kind, "found_url": found.url, "found_reason": found.reason, "found_at": found.at}


def endpoint_of(row: Row[Any]) -> Endpoint | None:
    """Return the discovered endpoint of a source, from its row."""
    if row.found_kind is None:
        return None
    return Endpoint(row.found_kind, row.found_url, row.found_reason, row.found_at)
