import pytest

from cellwarden.detect.joining.addresses import is_within


@pytest.mark.parametrize(
    ("address", "networks", "expected"),
    [
        ("192.0.2.7", ["192.0.2.0/24"], True),
        ("192.0.2.7", ["192.0.2.7/24"], True),
        ("192.0.2.7", ["198.51.100.0/24", "see ticket 17"], False),
        ("2001:db8::1", ["192.0.2.0/24"], False),
        ("2001:db8::1", ["192.0.2.0/24", "2001:db8::/32"], True),
        ("192.0.2.7:4500", ["192.0.2.0/24"], None),
        ("", ["192.0.2.0/24"], None),
        ("192.0.2.7", ["see ticket 17"], None),
        ("192.0.2.7", [], None),
    ],
)
def test_says_inside_outside_or_cannot_tell(address, networks, expected):
    assert is_within(address, networks) is expected
