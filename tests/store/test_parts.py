"""What is known of the documents that a source is made of."""

from __future__ import annotations

from typing import Any

from monitor.model import KnownPart, Source, Validators
from monitor.store import Store
from tests.store.conftest import NOON

READ = KnownPart("2026-11-20", NOON, Validators(b'"e"', b"Sat", "hash"))


def test_parts_are_kept_by_source(store: Store, world: Any) -> None:
    east, west = world.source("east"), world.source("west")
    with store.writing() as tx:
        tx.save_parts(east, {"a": KnownPart("x"), "b": KnownPart("y")})
        tx.save_parts(west, {})
        tx.save_parts(east, {"b": READ, "c": KnownPart("z")})
    assert store.parts(east) == {"a": KnownPart("x"), "b": READ, "c": KnownPart("z")}
    assert store.parts(west) == {}


def test_many_parts_are_kept(store: Store, world: Any) -> None:
    parts = {f"key{number}": KnownPart(str(number)) for number in range(3_000)}
    with store.writing() as tx:
        tx.save_parts(world.source("east"), parts)
    assert store.parts(world.source("east")) == parts


def test_another_place_or_reading_has_other_parts(store: Store, world: Any) -> None:
    east, west = world.source("east"), world.source("west")
    with store.writing() as tx:
        tx.save_parts(east, {"a": READ})
        tx.save_parts(west, {"a": READ})
    there = Source("east", "http://moved.example/map.xml", "feed")
    store.sync([there, Source("west", "http://west.example/feed", "sitemap")], {}, NOON)
    assert (store.parts(east), store.parts(west)) == ({}, {})
