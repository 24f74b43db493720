from ipaddress import ip_address, ip_network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cellwarden.admission.addresses import AddressBook, Origin, address, is_within, network, networks

V4 = st.ip_addresses(v=4)
V6 = st.ip_addresses(v=6)


@given(st.one_of(V4, V6), st.integers(0, 128), st.one_of(V4, V6))
def test_membership_is_what_the_standard_library_says(base, prefix, asked):
    text = f"{base}/{min(prefix, base.max_prefixlen)}"
    expected = asked in ip_network(text, strict=False)
    if getattr(asked, "ipv4_mapped", None) is None:
        assert is_within(address(str(asked)), networks(text)) is expected


@given(st.one_of(V4, V6), st.integers(0, 128))
def test_a_network_is_written_as_it_would_be_read(base, prefix):
    text = f"{base}/{min(prefix, base.max_prefixlen)}"
    assert str(network(text)) == str(ip_network(text, strict=False))


ALMOST_V4 = st.lists(st.sampled_from(["0", "00", "1", "01", "255", "256", "0x1", " 1", ""]), min_size=1, max_size=5).map(
    ".".join
)


@given(st.one_of(st.text(), ALMOST_V4, V4.map(str)))
def test_text_is_an_address_or_none(text):
    try:
        read = ip_address(text)
    except ValueError:
        assert address(text) is None
    else:
        assert address(text) is not None
        assert read.version == 6 or address(text) == (4, int(read))


def test_several_networks_are_separated_by_spaces():
    assert len(networks("192.0.2.0/24  2001:db8::/32")) == 2
    assert networks("") == networks(None) == ()
    with pytest.raises(ValueError, match="192"):
        networks("192.0.2.0/99")


def test_the_smallest_network_answers():
    book = AddressBook(
        [
            ("192.0.2.0/24", Origin(64500, "KR")),
            ("192.0.2.8/32", Origin(64500, "KR", "L8")),
            ("2001:db8::/32", Origin(64501, "US")),
            ("0.0.0.0/0", Origin(None, "ZZ")),
        ]
    )
    assert book.origin_of(address("192.0.2.8")).access_line == "L8"
    assert book.origin_of(address("192.0.2.9")) == Origin(64500, "KR")
    assert book.origin_of(address("2001:db8::1")).asn == 64501
    assert book.origin_of(address("203.0.113.1")).country == "ZZ"
    assert book.origin_of(address("2001:db9::1")) is None
