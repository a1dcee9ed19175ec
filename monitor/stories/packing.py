"""Pack a report into bytes and back. To read a report from its article takes thirty times as long.

A process that starts needs the reports of the last days, of which there may be thousands, to group the next article.
"""

from __future__ import annotations

import json
import struct
import sys
from array import array
from collections.abc import Iterable, Sequence
from typing import Any, Final

from monitor.stories.bridge import BridgeKeys
from monitor.stories.figures import Figure
from monitor.stories.gazetteer import NamedThing, gazetteer_hash, named_things
from monitor.stories.reports import VERSION, Report, Terms

FORMAT: Final = f"1 {VERSION} {gazetteer_hash()} {sys.byteorder}"
"""The form of the bytes, which only the same version of the program on the same kind of machine can read.

It has the hash of the gazetteer, because reports that were read with another one name other things.
"""

_SIZE: Final = struct.Struct("<I")


def pack_report(report: Report) -> bytes:
    """Return a report as bytes, in `FORMAT`."""
    parts = {
        "outlet": report.outlet,
        "headline": report.headline,
        "han": report.han,
        "round_up": report.is_round_up,
        "figures": _pack_figures(report.figures),
        "title_figures": _pack_figures(report.title_figures),
        "quantities": {unit: sorted(numbers) for unit, numbers in report.quantities.items()},
        "named": [_pack_named(each) for each in (report.named, report.title_named, report.lead_named)],
        "keys": dict(report.bridge_keys.keys),
        "sound": report.bridge_keys.sound,
        "pinyin_names": sorted(report.bridge_keys.pinyin_names),
    }
    head = json.dumps(parts, ensure_ascii=True, separators=(",", ":")).encode()
    lists = [_pack_terms(each) for each in (report.terms, report.title, report.names)]
    return b"".join(_SIZE.pack(len(each)) + each for each in (head, *lists))


def unpack_report(packed: bytes) -> Report:
    """Return the report that was packed in `FORMAT`."""
    pieces, at = [], 0
    while at < len(packed):
        (size,) = _SIZE.unpack_from(packed, at)
        pieces.append(packed[at + _SIZE.size : at + _SIZE.size + size])
        at += _SIZE.size + size
    parts = json.loads(pieces[0])
    terms, title, names = map(_unpack_terms, pieces[1:])
    named, title_named, lead_named = map(_unpack_named, parts["named"])
    return Report(
        outlet=parts["outlet"],
        headline=parts["headline"],
        han=parts["han"],
        terms=terms,
        title=title,
        names=names,
        figures=_unpack_figures(parts["figures"]),
        title_figures=_unpack_figures(parts["title_figures"]),
        quantities={unit: set(numbers) for unit, numbers in parts["quantities"].items()},
        named=named,
        title_named=title_named,
        lead_named=lead_named,
        is_round_up=parts["round_up"],
        bridge_keys=BridgeKeys(
            {sys.intern(key): weight for key, weight in parts["keys"].items()},
            parts["sound"],
            frozenset(parts["pinyin_names"]),
        ),
    )


def _pack_terms(terms: Terms) -> bytes:
    return terms.codes.tobytes() + terms.weights.tobytes()


def _unpack_terms(packed: bytes) -> Terms:
    half = len(packed) // 2
    return Terms(array("I", packed[:half]), array("f", packed[half:]))


def _pack_figures(figures: Iterable[Figure]) -> list[tuple[str, float, int]]:
    return sorted((one.kind, one.value, one.digits) for one in figures)


def _unpack_figures(rows: Iterable[Sequence[Any]]) -> frozenset[Figure]:
    return frozenset(Figure(kind, value, digits) for kind, value, digits in rows)


def _pack_named(named: Iterable[NamedThing]) -> list[tuple[str, str]]:
    return sorted((one.kind, one.name) for one in named)


def _unpack_named(rows: Iterable[Sequence[Any]]) -> frozenset[NamedThing]:
    things = named_things()
    return frozenset(things.get((kind, name)) or NamedThing(kind, name) for kind, name in rows)
