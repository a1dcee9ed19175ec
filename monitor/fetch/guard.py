"""Decide which addresses may be dialled. Pure.

An address is refused if it is in a special-purpose network: a private, local or reserved network, or a tunnel into one.
The program has its own table of these networks, because the `ipaddress` modules of Python 3.11 and 3.14 disagree. An
address that the running Python treats as special is refused, too.

Sources: the IANA special-purpose registries for IPv4 and IPv6 (RFC 6890 and later), RFC 8215 (64:ff9b:1::/48), and
168.63.129.16, at which Azure serves its virtual machines.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from monitor.fetch.settings import Network

Address = ipaddress.IPv4Address | ipaddress.IPv6Address

_SPECIAL_IPV4_NETWORKS: Final = tuple(
    ipaddress.IPv4Network(text)
    for text in (
        "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "168.63.129.16/32", "169.254.0.0/16",
        "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24", "192.31.196.0/24", "192.52.193.0/24", "192.88.99.0/24",
        "192.168.0.0/16", "192.175.48.0/24", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4",
        "240.0.0.0/4",
    )
)  # fmt: skip
_SPECIAL_IPV6_NETWORKS: Final = tuple(
    ipaddress.IPv6Network(text)
    for text in (
        "::1/128", "::/128", "::/96", "64:ff9b::/96", "64:ff9b:1::/48", "100::/64", "100:0:0:1::/64", "2001::/32",
        "2001::/23", "2001:db8::/32", "2002::/16", "2620:4f:8000::/48", "3fff::/20", "5f00::/16", "fc00::/7",
        "fe80::/10", "fec0::/10", "ff00::/8",
        # The unicast addresses in use are all in 2000::/3. These networks are the rest of the address space.
        "::/3", "4000::/2", "8000::/2", "c000::/3", "e000::/4", "f000::/4",
    )
)  # fmt: skip
# The last 32 bits are an IPv4 address in NAT64 (RFC 6052), NAT64 of a local network (RFC 8215, its usual layout), and
# v4-compatible addresses (RFC 4291).
_CARRIES_IPV4_IN_LAST_BITS: Final = tuple(
    ipaddress.IPv6Network(text) for text in ("64:ff9b::/96", "64:ff9b:1::/48", "::/96")
)


@dataclass(frozen=True, slots=True)
class CheckedAddresses:
    """The addresses of a name, after the check. `refused` has each refused address with its special-purpose network."""

    allowed: tuple[str, ...]
    refused: tuple[tuple[str, Network], ...] = ()


def check_addresses(addresses: Iterable[str], allowed: Sequence[Network]) -> CheckedAddresses:
    """Divide the addresses of a name into allowed and refused ones. `allowed`: networks that are not refused.

    The order is kept. Duplicate and invalid addresses are dropped.
    """
    dialable: dict[str, None] = {}
    refused: dict[str, Network] = {}
    for text in addresses:
        try:
            address = _without_ipv4_mapping(ipaddress.ip_address(text))
        except ValueError:
            continue
        network = refusing_network(address, allowed)
        if network is None:
            dialable[str(address)] = None
        else:
            refused[str(address)] = network
    return CheckedAddresses(tuple(dialable), tuple(refused.items()))


def refusing_network(address: Address, allowed: Sequence[Network]) -> Network | None:
    """Return the special-purpose network because of which `address` must not be dialled; None if it may be dialled.

    An address that contains an IPv4 address (NAT64, 6to4, Teredo, v4-compatible) is checked twice, also for the
    contained address: whoever allows a tunnel does not thereby allow the networks behind it. A v4-mapped address counts
    as the IPv4 address.
    """
    for each in (_without_ipv4_mapping(address), *embedded_ipv4(address)):
        table: Sequence[Network] = (
            _SPECIAL_IPV4_NETWORKS if isinstance(each, ipaddress.IPv4Address) else _SPECIAL_IPV6_NETWORKS
        )
        listed = next((network for network in table if each in network), None)
        network = listed or (ipaddress.ip_network(each) if _is_special_to_python(each) else None)
        if network is not None and not any(each in net for net in allowed if net.version == each.version):
            return network
    return None


def embedded_ipv4(address: Address) -> tuple[ipaddress.IPv4Address, ...]:
    """Return the IPv4 addresses that an IPv6 tunnel address contains, outermost first; none for other addresses."""
    if isinstance(address, ipaddress.IPv4Address):
        return ()
    last = ipaddress.IPv4Address(address.packed[12:])
    if any(address in network for network in _CARRIES_IPV4_IN_LAST_BITS) and int(address) > 1:
        return (last,)
    if address.sixtofour is not None:
        return (address.sixtofour,)
    return address.teredo or ()  # the server and the client of the tunnel


def parse_ip_literal(host: str) -> Address | None:
    """Return `host` as an IP address; None if it is a name. Raises ValueError if it is neither.

    All forms that resolvers accept are accepted: `127.1`, `2130706433`, `0x7f.1` and `0177.0.0.1` are all 127.0.0.1
    (inet_aton(3), and the IPv4 parser of the WHATWG URL standard). One dot at the end is ignored.
    """
    bare = host.strip("[]") if ":" in host else host.removesuffix(".").lower()
    if ":" in bare:
        return _without_ipv4_mapping(ipaddress.IPv6Address(bare))
    parts = bare.split(".")
    if not _IPV4_NUMBER.fullmatch(parts[-1]):
        return None
    if len(parts) > 4 or any(len(part) > 20 or not _IPV4_NUMBER.fullmatch(part) for part in parts):  # noqa: PLR2004 - 4 bytes; 20 digits are enough for any
        raise ValueError("ends in a number but is not an IPv4 address")
    # As in inet_aton, a number with 0x is hexadecimal, and a number with 0 is octal.
    bases = [16 if part.startswith("0x") else 8 if part.startswith("0") else 10 for part in parts]
    *heads, tail = (int(part.removeprefix("0x") or "0", base) for part, base in zip(parts, bases, strict=True))
    if any(head > 255 for head in heads) or tail >= 256 ** (4 - len(heads)):  # noqa: PLR2004 - a byte each
        raise ValueError("is out of the range of IPv4 addresses")
    high = sum(head << (8 * (3 - place)) for place, head in enumerate(heads))
    return ipaddress.IPv4Address(high + tail)


def is_loopback_name(host: str) -> bool:
    """Return whether `host` is a name for this machine itself, such as `localhost` (RFC 6761, 6.3)."""
    return host.lower().removesuffix(".").rpartition(".")[2] == "localhost"


def is_nearby(host: str) -> bool:
    """Return whether `host` is this machine itself, or an address in a private or other special-purpose network."""
    try:
        address = parse_ip_literal(host)
    except ValueError:
        return False
    return is_loopback_name(host) if address is None else refusing_network(address, ()) is not None


_IPV4_NUMBER: Final = re.compile(r"0x[0-9a-f]*|[0-9]+")


def _without_ipv4_mapping(address: Address) -> Address:
    mapped = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
    return mapped or address


def _is_special_to_python(address: Address) -> bool:
    return (
        not address.is_global
        or address.is_private
        or address.is_link_local
        or address.is_reserved
        or address.is_multicast
        or address.is_loopback
        or address.is_unspecified
    )
