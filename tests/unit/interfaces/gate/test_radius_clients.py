import pytest

from cellwarden.foundation.errors import MalformedInputError
from cellwarden.interfaces.gate.radius_clients import Client, read_clients

ONE = '[[client]]\nname = "segw-1"\naddress = "192.0.2.9"\nsecret_file = "secret"\n'


def read(tmp_path, text, secret=b"sixteen octets!!\n"):
    (tmp_path / "secret").write_bytes(secret)
    path = tmp_path / "clients.toml"
    path.write_text(text)
    return read_clients(path)


def test_clients_are_found_by_address_and_their_secret_lies_in_a_file(tmp_path):
    made = read(tmp_path, ONE + 'disconnect_port = 1700\nquarantine = "shut"\n')
    assert made == {
        "192.0.2.9": Client(
            name="segw-1", address="192.0.2.9", secret=b"sixteen octets!!", disconnect_port=1700, quarantine="shut"
        )
    }


def test_a_secret_is_never_shown(tmp_path):
    assert "sixteen" not in repr(read(tmp_path, ONE))


@pytest.mark.parametrize(
    "text",
    [
        "[[client",
        "",
        "client = 1",
        "client = ['a']",
        ONE + "colour = 1",
        ONE + "disconnect_port = '1'",
        ONE.replace("192.0.2.9", "segw"),
        ONE.replace('"secret"', '"none"'),
        ONE.replace('name = "segw-1"\n', ""),
        ONE + ONE,
        ONE + ONE.replace("192.0.2.9", "192.0.2.8"),
        ONE + ONE.replace("segw-1", "segw-2"),
    ],
)
def test_a_list_that_is_not_understood_is_refused(tmp_path, text):
    with pytest.raises(MalformedInputError, match=r"clients\.toml"):
        read(tmp_path, text)


def test_a_short_secret_is_refused_and_not_told(tmp_path):
    with pytest.raises(MalformedInputError, match="shorter than 16") as error:
        read(tmp_path, ONE, b"hunter2")
    assert "hunter2" not in str(error.value)
