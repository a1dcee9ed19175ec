"""Further addresses of articles: those that their pages state, those under which sources list them, and former ones."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from sqlalchemy import insert, select, update

from monitor.model.polling import SHARED_ADDRESS
from monitor.store.schema import article_address
from monitor.store.transactions import WriteTransaction
from monitor.store.values import chunks, index_key

_NAMED: Final = "named"


class AddressWriter(WriteTransaction):
    """Reads and writes the further addresses of articles."""

    def having_addresses(self, asked: Mapping[str, str]) -> dict[int, list[str]]:
        """Return, for each article with any of the given addresses as a further address, which of them it has."""
        found: dict[int, list[str]] = {}
        named = select(article_address.c.address_key, article_address.c.article_id).where(
            article_address.c.kind == _NAMED
        )
        for chunk in chunks(asked):
            for row in self._connection.execute(named.where(article_address.c.address_key.in_(chunk))):
                found.setdefault(row.article_id, []).append(asked[row.address_key])
        return found

    def add_article_address(self, article_id: int, address: str) -> None:
        """Record a further address of an article, in its canonical form, unless too many articles have it."""
        key = index_key(address)
        here = article_address.c.address_key == key
        kinds = select(article_address.c.article_id, article_address.c.kind).where(here)
        kind_of = {row.article_id: row.kind for row in self._connection.execute(kinds)}
        if list(kind_of.values()).count(_NAMED) >= SHARED_ADDRESS or kind_of.get(article_id) == _NAMED:
            return
        if article_id in kind_of:  # it had this address before
            mine = (here, article_address.c.article_id == article_id)
            self._connection.execute(update(article_address).where(*mine).values(kind=_NAMED))
        else:
            row = {"address_key": key, "article_id": article_id, "kind": _NAMED}
            self._connection.execute(insert(article_address).values(row))

    def keep_former_address(self, article_id: int, address: str) -> None:
        """Record an address that an article had."""
        values = {"address_key": index_key(address), "article_id": article_id}
        mine = (article_address.c[name] == value for name, value in values.items())
        if self._connection.execute(select(article_address.c.kind).where(*mine)).first() is None:
            self._connection.execute(insert(article_address).values(**values, kind="former"))
