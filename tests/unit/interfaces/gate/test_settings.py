from pathlib import Path

import pytest

from cellwarden.foundation.errors import MalformedInputError
from cellwarden.interfaces.gate.settings import GATE_KEYS, SECTIONS, Settings, read_settings


def read(tmp_path, text):
    path = tmp_path / "gate.toml"
    path.write_text(text)
    return read_settings(path)


def test_settings_say_what_they_say_and_paths_start_where_they_lie(tmp_path):
    settings = read(
        tmp_path,
        '[gate]\nname = "a"\nrecords = "r"\n[policy]\nstale_after_s = 5\n'
        '[strongswan]\nsocket = "/run/x"\nconnections = ["femto"]\npinned = true\n[engine]\nurl = "u"\ntoken_file = "t"\ntimeout_s = 2\n',
    )
    assert settings.records == tmp_path / "r"
    assert settings.policy.stale_after_s == 5
    assert settings.strongswan.socket == Path("/run/x")
    assert settings.strongswan.connections == ("femto",)
    assert settings.engine.timeout_s == 2.0
    assert settings.http is None


@pytest.mark.parametrize(
    "text",
    [
        "[gate",
        "[gate]\ncolour = 1",
        "[gate]\nrecords = 1",
        "[colour]\n",
        "gate = 1",
        "[gate]\n",
        "[gate]\nrecords = 'a'\nsealed = 'b'",
        "[gate]\nrecords = 'a'\n[management]\nurl = 'u'\ntoken_file = 't'",
        "[gate]\nsealed = 'b'",
        "[gate]\nrecords = 'a'\n[http]\nlisten = 'x'",
        "[gate]\nrecords = 'a'\n[strongswan]\nconnections = 'x'",
        "[gate]\nrecords = 'a'\n[strongswan]\npinned = 1",
        "[gate]\nrecords = 'a'\n[policy]\ncolour = 1",
    ],
)
def test_settings_that_are_not_understood_are_refused(tmp_path, text):
    with pytest.raises(MalformedInputError, match=r"gate\.toml"):
        read(tmp_path, text)


def test_every_section_and_key_is_known():
    names = set(Settings.__dataclass_fields__)
    assert names == {*GATE_KEYS, *SECTIONS, "policy"}
