"""Which addresses may be dialled."""

from __future__ import annotations

import ipaddress

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from monitor.fetch.guard import check_addresses, embedded_ipv4, is_loopback_name, parse_ip_literal, refusing_network

PUBLIC = [
    "1.1.1.1", "8.8.8.8", "100.63.255.255", "100.128.0.0", "126.255.255.255", "128.0.0.0", "168.63.129.15",
    "168.63.129.17", "169.253.255.255", "172.15.255.255", "172.32.0.0", "192.0.1.1", "192.167.255.255",
    "198.17.255.255", "198.20.0.0", "223.255.255.255", "2001:200::1", "2606:4700:4700::1111", "2400:3200::1",
    "2a00:1450:4001:80f::200e",
    "2003::1", "3ffe::1", "::ffff:8.8.8.8",
]  # fmt: skip

# The same on every Python: where the `ipaddress` modules of 3.11 to 3.14 disagree (192.0.0.9, 2001:20::1, 64:ff9b:1::,
# 2002::, 3fff::, 5f00::, v4-mapped), this table says what holds.
SPECIAL = {
    "0.0.0.0": "0.0.0.0/8", "0.1.2.3": "0.0.0.0/8", "10.0.0.1": "10.0.0.0/8", "100.64.0.1": "100.64.0.0/10",
    "100.100.100.200": "100.64.0.0/10", "100.127.255.255": "100.64.0.0/10", "127.0.0.1": "127.0.0.0/8",
    "127.255.255.255": "127.0.0.0/8", "168.63.129.16": "168.63.129.16/32", "169.254.169.254": "169.254.0.0/16",
    "172.16.0.1": "172.16.0.0/12", "172.31.255.255": "172.16.0.0/12", "192.0.0.1": "192.0.0.0/24",
    "192.0.0.9": "192.0.0.0/24", "192.0.0.192": "192.0.0.0/24", "192.0.2.1": "192.0.2.0/24",
    "192.31.196.1": "192.31.196.0/24", "192.52.193.1": "192.52.193.0/24", "192.88.99.1": "192.88.99.0/24",
    "192.168.1.1": "192.168.0.0/16", "192.175.48.1": "192.175.48.0/24", "198.18.0.1": "198.18.0.0/15",
    "198.19.255.255": "198.18.0.0/15", "198.51.100.1": "198.51.100.0/24", "203.0.113.1": "203.0.113.0/24",
    "224.0.0.1": "224.0.0.0/4", "239.255.255.255": "224.0.0.0/4", "240.0.0.1": "240.0.0.0/4",
    "255.255.255.255": "240.0.0.0/4",
    "::": "::/128", "::1": "::1/128", "::8.8.8.8": "::/96", "::127.0.0.1": "::/96", "::ffff:10.0.0.1": "10.0.0.0/8",
    "::ffff:169.254.169.254": "169.254.0.0/16", "::ffff:0:8.8.8.8": "::/3", "64:ff9b::8.8.8.8": "64:ff9b::/96",
    "64:ff9b::10.0.0.1": "64:ff9b::/96", "64:ff9b:1::1": "64:ff9b:1::/48", "64:ff9b:1:ffff::a00:1": "64:ff9b:1::/48",
    "64:ff9b:2::1": "::/3", "100::1": "100::/64", "2001::1": "2001::/32",
    "2001:0:4136:e378:8000:63bf:3fff:fdd2": "2001::/32",
    "2001:1::1": "2001::/23", "2001:3::1": "2001::/23", "2001:4:112::1": "2001::/23", "2001:10::1": "2001::/23",
    "2001:20::1": "2001::/23", "2001:30::1": "2001::/23", "2001:db8::1": "2001:db8::/32",
    "2002:808:808::1": "2002::/16",
    "2002:7f00:1::1": "2002::/16", "2620:4f:8000::1": "2620:4f:8000::/48", "3fff::1": "3fff::/20",
    "3fff:fff::1": "3fff::/20",
    "4000::1": "4000::/2", "5f00::1": "5f00::/16", "8000::1": "8000::/2", "c000::1": "c000::/3", "e000::1": "e000::/4",
    "f000::1": "f000::/4", "fc00::1": "fc00::/7", "fd00:ec2::254": "fc00::/7", "fe80::1": "fe80::/10",
    "fe80::1%eth0": "fe80::/10", "fec0::1": "fec0::/10", "ff02::1": "ff00::/8",
}  # fmt: skip


@pytest.mark.parametrize("text", PUBLIC)
def test_a_public_address_may_be_dialled(text: str) -> None:
    assert refusing_network(ipaddress.ip_address(text), ()) is None


@pytest.mark.parametrize(("text", "network"), SPECIAL.items())
def test_a_special_purpose_address_is_refused_and_its_network_named(text: str, network: str) -> None:
    assert str(refusing_network(ipaddress.ip_address(text), ())) == network


@pytest.mark.parametrize(
    "text", [text for text in SPECIAL if ":" not in text] + ["::1", "::", "fe80::1", "fd00:ec2::254", "ff02::1"]
)
def test_a_special_network_may_be_dialled_when_it_is_allowed(text: str) -> None:
    assert refusing_network(ipaddress.ip_address(text), (ipaddress.ip_network(SPECIAL[text]),)) is None


def test_to_allow_one_network_allows_no_other() -> None:
    allowed = (ipaddress.ip_network("10.0.0.0/8"), ipaddress.ip_network("fd00::/8"))
    for text in ("127.0.0.1", "192.168.0.1", "::1", "fe80::1", "169.254.169.254"):
        assert refusing_network(ipaddress.ip_address(text), allowed) is not None


@pytest.mark.parametrize(
    ("tunnel", "inner_public", "inner_private"),
    [
        ("64:ff9b::/96", "64:ff9b::8.8.8.8", "64:ff9b::10.0.0.1"),
        ("64:ff9b:1::/48", "64:ff9b:1::808:808", "64:ff9b:1::a00:1"),
        ("2002::/16", "2002:808:808::1", "2002:a00:1::1"),
        ("::/96", "::8.8.8.8", "::10.0.0.1"),
        ("2001::/32", "2001:0:0808:0808:8000:63bf:f7f7:f7f7", "2001:0:0808:0808:8000:63bf:f5ff:fffe"),
    ],
)
def test_to_allow_a_tunnel_is_not_to_allow_what_is_behind_it(
    tunnel: str, inner_public: str, inner_private: str
) -> None:
    allowed = (ipaddress.ip_network(tunnel),)
    assert refusing_network(ipaddress.ip_address(inner_public), allowed) is None
    assert str(refusing_network(ipaddress.ip_address(inner_private), allowed)) == "10.0.0.0/8"
    both = (*allowed, ipaddress.ip_network("10.0.0.0/8"))
    assert refusing_network(ipaddress.ip_address(inner_private), both) is None


def test_the_server_of_a_teredo_address_counts_as_well_as_its_client() -> None:
    address = ipaddress.IPv6Address("2001:0:a00:1:8000:63bf:f7f7:f7f7")
    assert [str(each) for each in embedded_ipv4(address)] == ["10.0.0.1", "8.8.8.8"]
    assert str(refusing_network(address, (ipaddress.ip_network("2001::/32"),))) == "10.0.0.0/8"


def test_loopback_and_nowhere_carry_no_other_address() -> None:
    assert embedded_ipv4(ipaddress.IPv6Address("::1")) == embedded_ipv4(ipaddress.IPv6Address("::")) == ()
    assert (
        embedded_ipv4(ipaddress.IPv6Address("2606:4700::1111")) == embedded_ipv4(ipaddress.IPv4Address("8.8.8.8")) == ()
    )


addresses = st.one_of(st.ip_addresses(), st.ip_addresses(network="2000::/3"), st.ip_addresses(network="2001::/20"))


@given(addresses)
@example(ipaddress.ip_address("192.0.0.9"))
@example(ipaddress.ip_address("2001:4:112::1"))
def test_whatever_this_python_calls_special_is_refused_by_a_network_of_the_table(
    address: ipaddress.IPv4Address | ipaddress.IPv6Address,
) -> None:
    bare = getattr(address, "ipv4_mapped", None) or address
    special = not bare.is_global or bare.is_private or bare.is_reserved or bare.is_multicast or bare.is_link_local
    network = refusing_network(address, ())
    assert network is not None or not special
    assert network is None or network.num_addresses > 1 or str(network) in {"::1/128", "::/128", "168.63.129.16/32"}


@pytest.mark.parametrize(
    ("host", "address"),
    {
        "127.0.0.1": "127.0.0.1", "127.0.0.1.": "127.0.0.1", "127.1": "127.0.0.1", "127.0.1": "127.0.0.1",
        "2130706433": "127.0.0.1", "0x7f.1": "127.0.0.1", "0x7F000001": "127.0.0.1", "0177.0.0.1": "127.0.0.1",
        "017700000001": "127.0.0.1", "0": "0.0.0.0", "0x": "0.0.0.0", "10.0x10.1": "10.16.0.1",
        "169.254.43518": "169.254.169.254", "[::1]": "::1", "::1": "::1", "[::ffff:127.0.0.1]": "127.0.0.1",
        "::FFFF:7f00:1": "127.0.0.1", "0:0:0:0:0:0:0:1": "::1",
    }.items(),
)  # fmt: skip
def test_an_odd_spelling_is_the_address_that_it_spells(host: str, address: str) -> None:
    assert str(parse_ip_literal(host)) == address


@pytest.mark.parametrize(
    "host", ["example.org", "1.example", "example.1a", "x7f.1x", "a.0xg", "localhost", "_dmarc", ""]
)
def test_a_name_is_no_literal(host: str) -> None:
    assert parse_ip_literal(host) is None


@pytest.mark.parametrize(
    "host",
    ["256.1", "1.2.3.4.5", "1.2.3.256", "127.0.0.08", "1.256.1", "4294967296", "a.b.1", "1..1", "0x100000000",
     "1" * 5000, "::g", "[1:2]", "1:2:3"],
)  # fmt: skip
def test_what_ends_in_a_number_and_is_no_address_is_nothing(host: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        parse_ip_literal(host)


@given(st.ip_addresses(v=4))
def test_every_spelling_of_an_address_is_that_address(address: ipaddress.IPv4Address) -> None:
    number = int(address)
    low = number & 0xFFFFFF
    for host in (str(number), hex(number), f"0{number:o}", f"{number >> 24}.{low}", f"0x{number >> 24:x}.0{low:o}."):
        assert parse_ip_literal(host) == address


@pytest.mark.parametrize(
    ("host", "holds"),
    [("localhost", True), ("LOCALHOST.", True), ("a.b.localhost", True), ("localhost.example", False), ("", False)],
)
def test_the_names_of_loopback(host: str, holds: bool) -> None:
    assert is_loopback_name(host) is holds


def test_a_verdict_keeps_the_order_and_sorts_out_the_rest() -> None:
    verdict = check_addresses(["8.8.8.8", "10.0.0.1", "rubbish", "::ffff:1.1.1.1", "8.8.8.8", "::1"], ())
    assert verdict.allowed == ("8.8.8.8", "1.1.1.1")
    assert [(address, str(network)) for address, network in verdict.refused] == [
        ("10.0.0.1", "10.0.0.0/8"),
        ("::1", "::1/128"),
    ]
