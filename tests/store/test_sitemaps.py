"""What is known of the documents that a source is made of."""

from __future__ import annotations

from typing import Any

from monitor.model import SitemapState, Source, Validators
from monitor.store import Store
from tests.store.conftest import NOON

READ = SitemapState("2026-11-20", NOON, Validators(b'"e"', b"Sat", "hash"))


def test_sitemaps_are_kept_by_source(store: Store, world: Any) -> None:
    east, west = world.source("east"), world.source("west")
    with store.writing() as tx:
        tx.save_sitemaps(east, {"a": SitemapState("x"), "b": SitemapState("y")})
        tx.save_sitemaps(west, {})
        tx.save_sitemaps(east, {"b": READ, "c": SitemapState("z")})
    assert store.sitemaps(east) == {"a": SitemapState("x"), "b": READ, "c": SitemapState("z")}
    assert store.sitemaps(west) == {}


def test_many_parts_are_kept(store: Store, world: Any) -> None:
    sitemaps = {f"key{number}": SitemapState(str(number)) for number in range(3_000)}
    with store.writing() as tx:
        tx.save_sitemaps(world.source("east"), sitemaps)
    assert store.sitemaps(world.source("east")) == sitemaps


def test_another_place_or_reading_has_other_parts(store: Store, world: Any) -> None:
    east, west = world.source("east"), world.source("west")
    with store.writing() as tx:
        tx.save_sitemaps(east, {"a": READ})
        tx.save_sitemaps(west, {"a": READ})
    there = Source("east", "http://moved.example/map.xml", "feed")
    store.sync([there, Source("west", "http://west.example/feed", "sitemap")], {}, NOON)
    assert (store.sitemaps(east), store.sitemaps(west)) == ({}, {})
