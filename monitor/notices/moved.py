"""A source moved permanently to another address."""

from __future__ import annotations

from monitor.model import Notice
from monitor.notices.base import NoticeType

MOVED = NoticeType(
    "moved",
    "problem",
    meaning="the server sends every request for the source to another address, for good; after three such answers in"
    " a row the source is requested there",
    remedy="put the new address into its table as `url`",
    closed_when="the source answers at the address in its table",
)


def moved_notice(source: str, address: str) -> Notice:
    """Return the notice that the source is at `address` now."""
    return MOVED.notice(source, f"it moved for good to {address}", _advise_address(address))


def followed_notice(source: str, address: str) -> Notice:
    """Return the notice that the source is at `address` now, and is requested there."""
    return MOVED.notice(source, f"it moved for good to {address}, and is read there now", _advise_address(address))


def secret_move_notice(source: str, reference: str) -> Notice:
    """Return the notice that the source moved, without its new address.

    The old address is in the secret `reference`, so the new address may be secret, too.
    """
    return MOVED.notice(source, "it moved for good", f"ask for its new address, and change {reference}")


def _advise_address(address: str) -> str:
    return f'put url = "{address}" into its table'
